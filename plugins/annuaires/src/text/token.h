// Links that work without an account: what they are for, until when, signed (HMAC-SHA-256).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace annuaires {

struct Ticket {
  std::int64_t entry = 0, expires = 0;  ///< expires: milliseconds since 1970
  std::int64_t sent = 0;                ///< the reminder it belongs to: its moment
  bool operator==(const Ticket&) const = default;
};

/// Letters, digits, - and _ alone.
[[nodiscard]] std::string sign(const Ticket& ticket, std::string_view secret);
/// Nothing for one that was not signed with `secret`; whether it is over is the caller's to look at.
[[nodiscard]] std::optional<Ticket> open_ticket(std::string_view token, std::string_view secret);

}  // namespace annuaires
