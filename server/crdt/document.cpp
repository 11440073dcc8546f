#include "server/crdt/content.h"
#include "server/crdt/edit.h"
#include "server/crdt/replica.h"

namespace cluse::crdt {

class Document::Store : public Replica {
 public:
  using Replica::Replica;

  /// Applies an update of our own and passes it on.
  Result<Bytes> make(Result<Bytes> update) {
    if (update) CLUSE_CHECK(apply(*update));
    return update;
  }
};

Document::Document(Limits limits) : store_(std::make_unique<Store>(limits)) {}
Document::~Document() = default;

void Document::set_limits(const Limits& limits) {
  store_->set_limits(limits);
}

Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

Result<void> Document::apply(BytesView update) {
  return store_->apply(update);
}

Result<Bytes> Document::encode_state(BytesView state_vector) const {
  return store_->encode_state(state_vector);
}

Bytes Document::state_vector() const {
  return store_->state_vector();
}

bool Document::has_pending() const {
  return !store_->pending().empty();
}

std::string Document::text(std::string_view root) const {
  const Branch* branch = store_->find_root(root);
  return branch == nullptr ? std::string() : text_of(*branch);
}

std::vector<XmlNode> Document::xml(std::string_view root) const {
  const Branch* branch = store_->find_root(root);
  return branch == nullptr ? std::vector<XmlNode>() : xml_of(*branch, store_->limits().nesting_max);
}

std::string Document::to_json(std::string_view root) const {
  const Branch* branch = store_->find_root(root);
  return branch == nullptr ? "null" : json_of(*branch, store_->limits().nesting_max);
}

Result<Bytes> Document::append_xml(std::uint32_t client, std::string_view root, const std::vector<XmlNode>& nodes) {
  return store_->make(xml_append_update(*store_, client, root, nodes));
}

std::vector<XmlBlock> Document::xml_blocks(std::string_view root) const {
  return blocks_of(*store_, root);
}

Result<Bytes> Document::edit_xml(std::uint32_t client, std::string_view root, const std::vector<XmlEdit>& edits) const {
  return xml_edit_update(*store_, client, root, edits);
}

Result<Bytes> Document::set_map(std::uint32_t client, std::string_view root, std::string_view key, const Value& value) {
  return store_->make(map_set_update(*store_, client, root, key, value));
}

Result<Bytes> Document::insert_text(std::uint32_t client, std::string_view root, std::size_t index,
                                    std::string_view text) {
  return store_->make(text_insert_update(*store_, client, root, index, text));
}

Result<Bytes> Document::erase_text(std::uint32_t, std::string_view root, std::size_t index, std::size_t length) {
  return store_->make(text_erase_update(*store_, root, index, length));
}

Document::Stats Document::stats() const {
  return store_->stats();
}

}  // namespace cluse::crdt
