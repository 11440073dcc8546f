#include "server/crdt/content.h"

#include "server/crdt/json.h"

#include <algorithm>

namespace cluse::crdt {

namespace {

bool is_visible(const Item& item) {
  return !item.deleted && !item.is_gc();
}

/// The present value of a key as a Value; nothing for what attributes cannot hold.
std::optional<Value> slot_value(const MapSlot& slot) {
  const Item* item = slot.last;
  if (item == nullptr || !is_visible(*item)) return std::nullopt;
  const BytesView last = item->data();
  switch (item->kind()) {
    case Kind::any: {
      Reader in(last, element_offset(Kind::any, last, item->length - 1));
      return parse_any(in);
    }
    case Kind::json: {
      Reader in(last, element_offset(Kind::json, last, item->length - 1));
      const BytesView text = in.var_bytes();
      return text == "undefined" ? Value{} : parse_json(text);
    }
    case Kind::embed: return parse_json(last);
    case Kind::string: return Value{std::string(last)};
    default: return std::nullopt;
  }
}

void add_text(std::vector<XmlNode>& nodes, const Branch& text) {
  Formats formats;
  XmlNode run;
  const auto flush = [&] {
    if (!run.text.empty()) nodes.push_back({"", formats, std::move(run.text), {}});
    run.text.clear();
  };
  for (const Item* item = text.start; item != nullptr; item = item->right) {
    if (!is_visible(*item)) continue;
    if (item->kind() == Kind::string) {
      run.text += item->data();
    } else if (item->kind() == Kind::format) {
      Formats after = formats;
      apply_format(after, item->data());
      if (after != formats) flush();
      formats = std::move(after);
    }
  }
  flush();
}

void add_nodes(std::vector<XmlNode>& nodes, const Branch& parent, std::size_t depth_left);

XmlNode element_of(const Branch& branch, std::size_t depth_left) {
  XmlNode node;
  node.name = branch.name;
  for (const auto& slot : branch.slots()) {
    if (auto value = slot_value(*slot)) node.attributes.emplace(slot->key, std::move(*value));
  }
  if (depth_left > 0) add_nodes(node.children, branch, depth_left - 1);
  return node;
}

void add_nodes(std::vector<XmlNode>& nodes, const Branch& parent, std::size_t depth_left) {
  for (const Item* item = parent.start; item != nullptr; item = item->right) {
    if (!is_visible(*item) || item->kind() != Kind::type) continue;
    const Branch& branch = *item->content.branch;
    if (branch.type == TypeRef::xml_text || branch.type == TypeRef::text) {
      add_text(nodes, branch);
    } else if (branch.type == TypeRef::xml_element) {
      nodes.push_back(element_of(branch, depth_left));
    }
  }
}

}  // namespace

bool is_element(const Item& item) {
  return is_visible(item) && item.kind() == Kind::type && item.content.branch->type == TypeRef::xml_element;
}

std::pair<std::string, BytesView> read_format(BytesView content) {
  Reader in(content);
  std::string key(in.var_string());
  return {std::move(key), in.var_bytes()};
}

void apply_format(Formats& formats, BytesView content) {
  auto [key, json] = read_format(content);
  Value value = parse_json(json);
  if (std::holds_alternative<std::nullptr_t>(value.data)) {
    formats.erase(key);
  } else {
    formats.insert_or_assign(std::move(key), std::move(value));
  }
}

std::string text_of(const Branch& branch) {
  std::string text;
  for (const Item* item = branch.start; item != nullptr; item = item->right) {
    if (is_visible(*item) && item->kind() == Kind::string) text += item->data();
  }
  return text;
}

std::vector<XmlNode> xml_of(const Branch& branch, std::size_t nesting_max) {
  std::vector<XmlNode> nodes;
  add_nodes(nodes, branch, nesting_max);
  return nodes;
}

XmlNode xml_of(const Item& element, std::size_t nesting_max) {
  return element_of(*element.content.branch, nesting_max);
}

}  // namespace cluse::crdt
