#include "server/realtime/wire.h"

namespace cluse::realtime {

std::optional<std::uint64_t> Reader::unsigned_int() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 56; shift += 7) {
    if (rest_.empty()) return std::nullopt;
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) {
      if (value >= std::uint64_t{1} << 53) return std::nullopt;
      return value;
    }
  }
  return std::nullopt;
}

std::optional<BytesView> Reader::bytes() {
  const auto length = unsigned_int();
  if (!length || *length > rest_.size()) return std::nullopt;
  const BytesView taken = rest_.substr(0, *length);
  rest_.remove_prefix(*length);
  return taken;
}

void write_unsigned(Bytes& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(0x80 | (value & 0x7f));
    value >>= 7;
  }
  out += static_cast<char>(value);
}

void write_bytes(Bytes& out, BytesView bytes) {
  write_unsigned(out, bytes.size());
  out += bytes;
}

Bytes sync_frame(SyncType type, BytesView payload) {
  Bytes out;
  out.reserve(payload.size() + 8);
  write_unsigned(out, kSync);
  write_unsigned(out, type);
  write_bytes(out, payload);
  return out;
}

namespace {

Bytes frame(MessageType type, BytesView body) {
  Bytes out;
  out.reserve(body.size() + 8);
  write_unsigned(out, type);
  write_bytes(out, body);
  return out;
}

}  // namespace

Bytes awareness_frame(BytesView body) {
  return frame(kAwareness, body);
}

Bytes about_frame(std::string_view json) {
  return frame(kAbout, json);
}

Bytes auth_denied_frame(std::string_view reason) {
  Bytes out;
  write_unsigned(out, kAuth);
  write_unsigned(out, 0);
  write_bytes(out, reason);
  return out;
}

Bytes durable_frame(std::uint64_t messages) {
  Bytes out;
  write_unsigned(out, kDurable);
  write_unsigned(out, messages);
  return out;
}

}  // namespace cluse::realtime
