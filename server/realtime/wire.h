// The y-protocols framing: one message a frame, lib0 encoding. See docs/api.md, "/collab".
#pragma once

#include "server/base/bytes.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace cluse::realtime {

enum MessageType : std::uint64_t {
  kSync = 0,
  kAwareness = 1,
  kAuth = 2,
  kQueryAwareness = 3,
  kDurable = 64,
  kAbout = 65
};
enum SyncType : std::uint64_t { kStep1 = 0, kStep2 = 1, kUpdate = 2 };

/// What the close codes of docs/api.md mean.
enum CloseCode : std::uint16_t {
  kCloseInternal = 1011,
  kCloseTryAgain = 1013,
  kCloseMalformed = 4400,
  kCloseSessionEnded = 4401,
  kCloseDenied = 4403,
  kCloseNotFound = 4404,
  kCloseTrashed = 4410,
  kCloseAccessChanged = 4500,
};

/// An update that holds nothing: no structs, an empty delete set.
inline constexpr BytesView kEmptyUpdate{"\0\0", 2};

/// Reads lib0 values from untrusted bytes; nothing once anything was wrong.
class Reader {
 public:
  explicit Reader(BytesView bytes) : rest_(bytes) {}
  /// At most 53 bits, as JavaScript can hold.
  std::optional<std::uint64_t> unsigned_int();
  std::optional<BytesView> bytes();
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  BytesView rest_;
};

void write_unsigned(Bytes& out, std::uint64_t value);
void write_bytes(Bytes& out, BytesView bytes);

[[nodiscard]] Bytes sync_frame(SyncType type, BytesView payload);
[[nodiscard]] Bytes awareness_frame(BytesView body);
[[nodiscard]] Bytes auth_denied_frame(std::string_view reason);
[[nodiscard]] Bytes durable_frame(std::uint64_t messages);
[[nodiscard]] Bytes about_frame(std::string_view json);

}  // namespace cluse::realtime
