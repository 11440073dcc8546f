// What people see of a document: its text, its XML, its JSON.
#pragma once

#include "server/crdt/crdt.h"
#include "server/crdt/item.h"

#include <string>
#include <vector>

namespace cluse::crdt {

/// Formats in force at a place of a text.
using Formats = std::map<std::string, Value>;

/// The key and the value of Kind::format content.
[[nodiscard]] std::pair<std::string, BytesView> read_format(BytesView content);
/// Applies a format mark: null ends a format.
void apply_format(Formats& formats, BytesView content);

/// The characters of a text, without formats and embedded things.
[[nodiscard]] std::string text_of(const Branch& branch);
/// The nodes below `branch`; those more than `nesting_max` deep are left out.
[[nodiscard]] std::vector<XmlNode> xml_of(const Branch& branch, std::size_t nesting_max);
/// Whether `item` is an element that is there.
[[nodiscard]] bool is_element(const Item& item);
/// Requires: is_element.
[[nodiscard]] XmlNode xml_of(const Item& element, std::size_t nesting_max);
/// As Yjs's toJSON gives it. A root does not know its type: it is what its content looks like.
[[nodiscard]] std::string json_of(const Branch& branch, std::size_t nesting_max);

}  // namespace cluse::crdt
