// Updates that Yjs made, for the tests of this folder.
#pragma once

#include <string_view>
#include <vector>

namespace cluse::crdt {

struct Sample {
  int seed = 0;
  std::vector<std::string_view> updates;  ///< hexadecimal, in the order in which they arrive
  std::string_view state;                 ///< hexadecimal: what Yjs encodes then
};

[[nodiscard]] const std::vector<Sample>& samples();

}  // namespace cluse::crdt
