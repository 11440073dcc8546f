#include "token.h"

#include <sodium/crypto_auth_hmacsha256.h>
#include <sodium/utils.h>

#include <array>
#include <charconv>
#include <vector>

namespace annuaires {
namespace {

using Mac = std::array<unsigned char, crypto_auth_hmacsha256_BYTES>;

Mac mac_of(std::string_view text, std::string_view secret) {
  Mac mac{};
  crypto_auth_hmacsha256_state state{};
  const auto octets = [](std::string_view all) { return reinterpret_cast<const unsigned char*>(all.data()); };
  crypto_auth_hmacsha256_init(&state, octets(secret), secret.size());
  crypto_auth_hmacsha256_update(&state, octets(text), text.size());
  crypto_auth_hmacsha256_final(&state, mac.data());
  return mac;
}

std::string text_of(const Mac& mac) {
  constexpr std::string_view kSigns = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  for (std::size_t bit = 0; bit < mac.size() * 8; bit += 6) {
    const std::size_t byte = bit / 8, shift = bit % 8;
    unsigned value = mac[byte] << 8U | (byte + 1 < mac.size() ? mac[byte + 1] : 0U);
    value = value >> (10 - shift) & 0x3fU;
    out += kSigns[value];
  }
  return out;
}

std::optional<std::int64_t> number(std::string_view hex) {
  std::int64_t value = 0;
  const auto [at, error] = std::from_chars(hex.data(), hex.data() + hex.size(), value, 16);
  if (hex.empty() || error != std::errc() || at != hex.data() + hex.size() || value < 0) return std::nullopt;
  return value;
}

std::string hex(std::int64_t value) {
  std::array<char, 20> out{};
  return {out.data(), std::to_chars(out.data(), out.data() + out.size(), value, 16).ptr};
}

}  // namespace

std::string sign(const Ticket& ticket, std::string_view secret) {
  const std::string said = hex(ticket.entry) + "-" + hex(ticket.expires) + "-" + hex(ticket.sent);
  return said + "-" + text_of(mac_of(said, secret));
}

std::optional<Ticket> open_ticket(std::string_view token, std::string_view secret) {
  if (token.size() > 120) return std::nullopt;
  std::array<std::string_view, 3> parts;
  std::string_view rest = token;
  for (auto& part : parts) {
    const auto end = rest.find('-');
    if (end == std::string_view::npos) return std::nullopt;
    part = rest.substr(0, end);
    rest.remove_prefix(end + 1);
  }
  const std::string expected = text_of(mac_of(token.substr(0, token.size() - rest.size() - 1), secret));
  // In a time that does not depend on where they differ.
  if (rest.size() != expected.size() || sodium_memcmp(rest.data(), expected.data(), expected.size()) != 0)
    return std::nullopt;
  const auto entry = number(parts[0]), expires = number(parts[1]), sent = number(parts[2]);
  if (!entry || !expires || !sent) return std::nullopt;
  return Ticket{*entry, *expires, *sent};
}

}  // namespace annuaires
