// What can be said of each block of a translation, from the two texts and what people have confirmed. Pure.
// client-web/src/twins/state.ts is the same in TypeScript; testdata/vectors.json holds both to it. Decision 0030.
#pragma once

#include "server/domain/twins/units.h"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::domain::twins {

/// Where the translation keeps what people have confirmed: a root map, by the id of the block.
inline constexpr std::string_view kMarksRoot = "twins";

/// What a person confirmed: that the block says `own` for what the source said as `source` (hashes).
struct Mark {
  std::string source, own;
  bool review = false;  ///< somebody else shall read it
};

using Marks = std::map<std::string, Mark>;

/// From the JSON of the root map; what is not a mark is passed over.
[[nodiscard]] Marks read_marks(std::string_view json);

enum class State {
  current,  ///< à jour
  stale,    ///< the source has changed since
  review,   ///< à relire: never confirmed, made by a machine, or changed since it was confirmed
  missing,  ///< à traduire
  orphan,   ///< its source is gone
  extra,    ///< the translation's own: it never had a source
};

[[nodiscard]] std::string_view to_text(State state);

struct Judged {
  std::string id;
  State state = State::current;
  bool operator==(const Judged&) const = default;
};

/// One for each block of the source that has words, in its order; then what stands in the translation alone.
[[nodiscard]] std::vector<Judged> judge(const std::vector<Unit>& source, const std::vector<Unit>& translation,
                                        const Marks& marks);

struct Counts {
  std::size_t current = 0, stale = 0, review = 0, missing = 0, orphan = 0;
  bool operator==(const Counts&) const = default;
};

[[nodiscard]] Counts count(const std::vector<Judged>& judged);

}  // namespace cluse::domain::twins
