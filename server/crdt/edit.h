// Edits the server itself makes: written as updates, as a client would write them, and then applied like any other.
#pragma once

#include "server/crdt/replica.h"

namespace cluse::crdt {

[[nodiscard]] Result<Bytes> xml_append_update(const Replica& replica, std::uint64_t client, std::string_view root,
                                              const std::vector<XmlNode>& nodes);
[[nodiscard]] std::vector<XmlBlock> blocks_of(const Replica& replica, std::string_view root);
[[nodiscard]] Result<Bytes> xml_edit_update(const Replica& replica, std::uint64_t client, std::string_view root,
                                            const std::vector<XmlEdit>& edits);
[[nodiscard]] Result<Bytes> map_set_update(const Replica& replica, std::uint64_t client, std::string_view root,
                                           std::string_view key, const Value& value);
[[nodiscard]] Result<Bytes> text_insert_update(const Replica& replica, std::uint64_t client, std::string_view root,
                                               std::size_t index, std::string_view text);
[[nodiscard]] Result<Bytes> text_erase_update(const Replica& replica, std::string_view root, std::size_t index,
                                              std::size_t length);

}  // namespace cluse::crdt
