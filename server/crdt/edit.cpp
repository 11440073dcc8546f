#include "server/crdt/edit.h"

#include "server/crdt/content.h"
#include "server/crdt/json.h"
#include "server/crdt/utf16.h"

#include <algorithm>
#include <map>

namespace cluse::crdt {

namespace {

const Bytes kNothing("\0\0", 2);

/// Writes the structs of one client, one after the other.
class Composer {
 public:
  Composer(std::uint64_t client, std::uint64_t clock) : client_(client), clock_(clock) {}

  /// A struct without a place yet: the caller sets origins or a parent, and passes it to add().
  [[nodiscard]] WireStruct make(Kind kind, BytesView content, std::uint64_t length = 1) const {
    WireStruct item;
    item.client = client_;
    item.clock = clock_;
    item.kind = kind;
    item.content = content;
    item.length = length;
    return item;
  }
  /// The id of what was added.
  WireId add(const WireStruct& item) {
    sections_.add(item);
    clock_ += item.length;
    return {item.client, item.clock};
  }
  /// The id that what is added next will have.
  [[nodiscard]] WireId next() const { return {client_, clock_}; }
  [[nodiscard]] Bytes finish(std::vector<DeleteRange> deletes = {}) {
    Writer out;
    sections_.finish(out);
    normalise(deletes);
    write_delete_set(out, deletes);
    return out.take();
  }

 private:
  std::uint64_t client_;
  std::uint64_t clock_;
  SectionWriter sections_;
};

/// A place in a list: behind `last`, or first in the parent; before `next`, or at the end.
struct End {
  std::optional<WireId> last;
  std::optional<WireId> parent;  ///< without one: the root `root`
  BytesView root;
  std::optional<WireId> next = {};

  void place(WireStruct& item) const {
    item.has_origin = last.has_value();
    item.has_right_origin = next.has_value();
    if (next) item.right_origin = *next;
    if (last) {
      item.origin = *last;
    } else if (next) {
      return;  // it says the parent
    } else if (parent) {
      item.has_parent_id = true;
      item.parent_id = *parent;
    } else {
      item.has_parent_key = true;
      item.parent_key = root;
    }
  }
  WireId add(Composer& out, WireStruct item) {
    place(item);
    const WireId id = out.add(item);
    last = WireId{id.client, id.clock + item.length - 1};
    return id;
  }
};

bool is_text(const XmlNode& node) {
  return node.name.empty();
}

void add_format(Composer& out, End& end, const std::string& key, const Value& value) {
  std::string json;
  write_json(json, value);
  Writer content;
  content.var_bytes(key);
  content.var_bytes(json);
  end.add(out, out.make(Kind::format, content.bytes()));
}

/// One text for a series of runs, as y-prosemirror has it; marks only where formats change.
void add_text(Composer& out, End& end, const std::vector<XmlNode>& nodes, std::size_t from, std::size_t to) {
  WireStruct type = out.make(Kind::type, {});
  type.type = TypeRef::xml_text;
  End inside{std::nullopt, end.add(out, type), {}};
  Formats formats;
  static const Formats kPlain;
  for (std::size_t i = from; i <= to; ++i) {
    const Formats& wanted = i < to ? nodes[i].attributes : kPlain;
    if (i < to && nodes[i].text.empty()) continue;
    for (const auto& [key, value] : formats) {
      if (!wanted.contains(key)) add_format(out, inside, key, Value{});
    }
    for (const auto& [key, value] : wanted) {
      const auto at = formats.find(key);
      if (at == formats.end() || at->second != value) add_format(out, inside, key, value);
    }
    formats = wanted;
    if (i < to) inside.add(out, out.make(Kind::string, nodes[i].text, *utf16_length(nodes[i].text)));
  }
}

void add_attributes(Composer& out, WireId element, const XmlNode& node) {
  for (const auto& [key, value] : node.attributes) {
    Writer content;
    write_any(content, value);
    WireStruct item = out.make(Kind::any, content.bytes());
    item.has_parent_id = true;
    item.parent_id = element;
    item.has_parent_sub = true;
    item.parent_sub = key;
    out.add(item);
  }
}

void add_nodes(Composer& out, End& end, const std::vector<XmlNode>& nodes) {
  for (std::size_t i = 0; i < nodes.size();) {
    if (is_text(nodes[i])) {
      std::size_t to = i;
      while (to < nodes.size() && is_text(nodes[to])) ++to;
      add_text(out, end, nodes, i, to);
      i = to;
      continue;
    }
    WireStruct type = out.make(Kind::type, nodes[i].name);
    type.type = TypeRef::xml_element;
    const WireId element = end.add(out, type);
    End inside{std::nullopt, element, {}};
    add_nodes(out, inside, nodes[i].children);
    add_attributes(out, element, nodes[i]);
    ++i;
  }
}

/// UTF-8 everywhere, and nothing deeper than an update may be.
bool is_valid(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value.data)) return utf16_length(*text).has_value();
  if (const auto* list = std::get_if<ValueList>(&value.data)) {
    return std::all_of(list->begin(), list->end(), is_valid);
  }
  if (const auto* map = std::get_if<ValueMap>(&value.data)) {
    return std::all_of(map->begin(), map->end(),
                       [](const auto& entry) { return utf16_length(entry.first) && is_valid(entry.second); });
  }
  return true;
}

Result<void> check(const std::vector<XmlNode>& nodes, std::size_t depth_left, std::size_t nesting_max) {
  if (nodes.empty()) return {};
  if (depth_left == 0) return fail(Errc::too_large, "update_too_deep");
  for (const XmlNode& node : nodes) {
    if (!utf16_length(node.name) || !utf16_length(node.text)) return fail(Errc::invalid, "text_not_utf8");
    for (const auto& [key, value] : node.attributes) {
      if (nesting_of(value) > nesting_max) return fail(Errc::too_large, "update_too_deep");
      if (!utf16_length(key) || !is_valid(value)) return fail(Errc::invalid, "text_not_utf8");
    }
    CLUSE_CHECK(check(node.children, depth_left - 1, nesting_max));
  }
  return {};
}

bool is_counted(const Item& item) {
  return !item.deleted && !item.is_gc() && item.kind() != Kind::format;
}

std::string block_id(const Replica& replica, const Item& item) {
  return std::to_string(replica.client_id(item)) + '.' + std::to_string(item.clock);
}

/// Several changes to one list, each of which sees what the ones before it have done.
class ListEditor {
 public:
  ListEditor(const Replica& replica, std::uint64_t client, std::string_view root)
      : replica_(replica), root_(root), out_(client, replica.state(client)) {
    const Branch* branch = replica.find_root(root);
    first_ = branch == nullptr ? nullptr : branch->start;
    for (const Item* item = first_; item != nullptr; item = item->right)
      if (is_element(*item)) blocks_.emplace(block_id(replica, *item), item);
  }

  Result<void> apply(const XmlEdit& edit) {
    const auto found = blocks_.find(edit.id);
    const bool at_beginning = edit.kind == XmlEdit::Kind::insert && edit.id.empty();
    if (found == blocks_.end() && !at_beginning) return fail(Errc::conflict, "block_not_found", {}, edit.id);
    const Item* block = at_beginning ? nullptr : found->second;
    if (edit.kind != XmlEdit::Kind::remove) insert(block, edit.nodes);
    if (edit.kind == XmlEdit::Kind::insert) return {};
    deletes_.push_back({replica_.client_id(*block), block->clock, block->end()});
    blocks_.erase(found);
    return {};
  }
  [[nodiscard]] Bytes finish() { return out_.finish(std::move(deletes_)); }

 private:
  void insert(const Item* before, const std::vector<XmlNode>& nodes) {
    if (nodes.empty()) return;
    End end{std::nullopt, std::nullopt, root_, next_of(before)};
    if (before != nullptr) end.last = WireId{replica_.client_id(*before), before->end() - 1};
    newest_after_[before] = out_.next();
    add_nodes(out_, end, nodes);
  }
  [[nodiscard]] std::optional<WireId> next_of(const Item* before) const {
    if (const auto mine = newest_after_.find(before); mine != newest_after_.end()) return mine->second;
    const Item* next = before == nullptr ? first_ : before->right;
    if (next == nullptr) return std::nullopt;
    return WireId{replica_.client_id(*next), next->clock};
  }

  const Replica& replica_;
  const BytesView root_;
  const Item* first_ = nullptr;
  std::map<std::string, const Item*, std::less<>> blocks_;
  std::map<const Item*, WireId> newest_after_;  ///< what was put behind a block, or at the beginning (null)
  Composer out_;
  std::vector<DeleteRange> deletes_;
};

}  // namespace

std::vector<XmlBlock> blocks_of(const Replica& replica, std::string_view root) {
  std::vector<XmlBlock> blocks;
  const Branch* branch = replica.find_root(root);
  for (const Item* item = branch == nullptr ? nullptr : branch->start; item != nullptr; item = item->right)
    if (is_element(*item)) blocks.push_back({block_id(replica, *item), xml_of(*item, replica.limits().nesting_max)});
  return blocks;
}

Result<Bytes> xml_edit_update(const Replica& replica, std::uint64_t client, std::string_view root,
                              const std::vector<XmlEdit>& edits) {
  const std::size_t nesting_max = replica.limits().nesting_max;
  ListEditor editor(replica, client, root);
  for (const XmlEdit& edit : edits) {
    CLUSE_CHECK(check(edit.nodes, nesting_max, nesting_max));
    CLUSE_CHECK(editor.apply(edit));
  }
  return editor.finish();
}

Result<Bytes> xml_append_update(const Replica& replica, std::uint64_t client, std::string_view root,
                                const std::vector<XmlNode>& nodes) {
  const std::size_t nesting_max = replica.limits().nesting_max;
  CLUSE_CHECK(check(nodes, nesting_max, nesting_max));
  if (nodes.empty()) return kNothing;
  End end{std::nullopt, std::nullopt, root};
  if (const Branch* branch = replica.find_root(root)) {
    for (const Item* item = branch->start; item != nullptr; item = item->right) {
      if (item->right == nullptr) end.last = WireId{replica.client_id(*item), item->end() - 1};
    }
  }
  Composer out(client, replica.state(client));
  add_nodes(out, end, nodes);
  return out.finish();
}

Result<Bytes> map_set_update(const Replica& replica, std::uint64_t client, std::string_view root, std::string_view key,
                             const Value& value) {
  if (nesting_of(value) > replica.limits().nesting_max) return fail(Errc::too_large, "update_too_deep");
  if (!utf16_length(key) || !is_valid(value)) return fail(Errc::invalid, "text_not_utf8");
  Composer out(client, replica.state(client));
  Writer content;
  write_any(content, value);
  WireStruct item = out.make(Kind::any, content.bytes());
  const Branch* branch = replica.find_root(root);
  const MapSlot* slot = branch == nullptr ? nullptr : branch->find(key);
  // What is set later stands behind what stood there, and only the last of a key counts.
  if (slot != nullptr && slot->last != nullptr) {
    item.has_origin = true;
    item.origin = {replica.client_id(*slot->last), slot->last->end() - 1};
  } else {
    item.has_parent_key = true;
    item.parent_key = root;
    item.has_parent_sub = true;
    item.parent_sub = key;
  }
  out.add(item);
  return out.finish();
}

Result<Bytes> text_insert_update(const Replica& replica, std::uint64_t client, std::string_view root, std::size_t index,
                                 std::string_view text) {
  const auto length = utf16_length(text);
  if (!length) return fail(Errc::invalid, "text_not_utf8");
  if (text.empty()) return kNothing;
  Composer out(client, replica.state(client));
  WireStruct item = out.make(Kind::string, text, *length);
  const Branch* branch = replica.find_root(root);
  const Item* left = nullptr;
  const Item* right = branch == nullptr ? nullptr : branch->start;
  std::uint64_t inside = 0;  // units of `right` before the place
  for (std::uint64_t before = index; right != nullptr && before > 0; left = right, right = right->right) {
    if (!is_counted(*right)) continue;
    if (before < right->length) {
      inside = before;
      break;
    }
    before -= right->length;
  }
  if (inside > 0) {
    item.has_origin = item.has_right_origin = true;
    item.right_origin = {replica.client_id(*right), right->clock + inside};
    item.origin = {item.right_origin.client, item.right_origin.clock - 1};
    out.add(item);
    return out.finish();
  }
  End end{std::nullopt, std::nullopt, root};
  if (left != nullptr) end.last = WireId{replica.client_id(*left), left->end() - 1};
  if (right != nullptr) end.next = WireId{replica.client_id(*right), right->clock};
  end.place(item);
  out.add(item);
  return out.finish();
}

Result<Bytes> text_erase_update(const Replica& replica, std::string_view root, std::size_t index, std::size_t length) {
  std::vector<DeleteRange> ranges;
  const Branch* branch = replica.find_root(root);
  std::uint64_t before = index;
  std::uint64_t left = length;
  for (const Item* item = branch == nullptr ? nullptr : branch->start; item != nullptr && left > 0;
       item = item->right) {
    if (!is_counted(*item)) continue;
    const std::uint64_t skipped = std::min(before, item->length);
    const std::uint64_t taken = std::min(left, item->length - skipped);
    before -= skipped;
    left -= taken;
    const std::uint64_t clock = item->clock + skipped;
    if (taken > 0) ranges.push_back({replica.client_id(*item), clock, clock + taken});
  }
  normalise(ranges);
  Writer out;
  out.var_uint(0);
  write_delete_set(out, ranges);
  return out.take();
}

}  // namespace cluse::crdt
