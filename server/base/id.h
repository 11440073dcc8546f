// Id: a UUID. New ones are version 7 (RFC 9562): they sort by the time of their making.
#pragma once

#include "server/base/time.h"

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace cluse {

struct Id {
  std::array<std::uint8_t, 16> octets{};

  auto operator<=>(const Id&) const = default;
  [[nodiscard]] bool is_nil() const { return *this == Id{}; }

  /// Canonical form, 36 characters, lower case: how the database and the wire hold it.
  [[nodiscard]] std::string to_string() const;
  /// Accepts the canonical form only (either case of the digits).
  [[nodiscard]] static std::optional<Id> parse(std::string_view text);
};

/// A new version-7 id for `now`. Ids made in one process within one millisecond still ascend. Thread: any.
[[nodiscard]] Id new_id(Instant now);

}  // namespace cluse

template <>
struct std::hash<cluse::Id> {
  std::size_t operator()(const cluse::Id& id) const noexcept;
};
