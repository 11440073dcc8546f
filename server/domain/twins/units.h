// Units: the blocks of a document that are translated one by one, and the hash that says whether one has changed since.
// client-web/src/twins/units.ts is the same in TypeScript; testdata/vectors.json holds both to it. Decision 0030.
#pragma once

#include "server/crdt/crdt.h"

#include <string>
#include <vector>

namespace cluse::domain::twins {

/// A block of the top level, or an item of a list of the top level. A horizontal rule is none.
struct Unit {
  std::string id;    ///< attribute `block`; empty if nobody has given it one yet
  std::string text;  ///< what is to be translated: lines in NFC, runs of blanks as one space; empty lines left out
  std::string hash;  ///< 16 hexadecimal digits: of the text, of what is struck out in it and of where its links lead
  bool operator==(const Unit&) const = default;
};

/// In the order of the text. Pure; thread: any.
[[nodiscard]] std::vector<Unit> units_of(const std::vector<crdt::XmlNode>& nodes);

}  // namespace cluse::domain::twins
