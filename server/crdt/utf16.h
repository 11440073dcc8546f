// UTF-8 text measured in UTF-16 units: the one place that knows how Yjs counts.
#pragma once

#include "server/base/bytes.h"

#include <cstdint>
#include <optional>

namespace cluse::crdt {

/// U+FFFD, which Yjs puts in the place of either half of a surrogate pair that is cut apart.
inline constexpr BytesView kReplacement = "\xEF\xBF\xBD";

/// Length of `text` in UTF-16 units; nothing if it is not well-formed UTF-8.
[[nodiscard]] std::optional<std::uint64_t> utf16_length(BytesView text);

struct Utf16Cut {
  std::size_t bytes = 0;     ///< where the unit begins; inside a pair: where the pair begins
  bool inside_pair = false;  ///< the cut falls between the halves of a four-byte character
};

/// Where unit `units` of `text` begins. Requires: `text` is well-formed and at least that long.
[[nodiscard]] Utf16Cut utf16_cut(BytesView text, std::uint64_t units);

}  // namespace cluse::crdt
