// toJSON, as Yjs has it for each type. Octets and sub-documents, for which JSON has no form, become null.
#include "server/crdt/content.h"
#include "server/crdt/json.h"

#include <algorithm>
#include <cctype>

namespace cluse::crdt {

namespace {

bool is_visible(const Item& item) {
  return !item.deleted && !item.is_gc();
}

bool is_xml(TypeRef type) {
  return type == TypeRef::xml_element || type == TypeRef::xml_text || type == TypeRef::xml_hook ||
         type == TypeRef::xml_fragment;
}

/// What a root looks like, since its type is not written down.
TypeRef guess(const Branch& branch) {
  bool list = false;
  bool xml = true;
  for (const Item* item = branch.start; item != nullptr; item = item->right) {
    if (!is_visible(*item)) continue;
    if (item->kind() == Kind::string || item->kind() == Kind::format || item->kind() == Kind::embed) {
      return TypeRef::text;
    }
    list = true;
    xml = xml && item->kind() == Kind::type && is_xml(item->content.branch->type);
  }
  if (list) return xml ? TypeRef::xml_fragment : TypeRef::array;
  return branch.has_keys() ? TypeRef::map : TypeRef::array;
}

class JsonWriter {
 public:
  explicit JsonWriter(std::size_t nesting_max) : depth_left_(nesting_max) {}

  std::string out;

  void write(const Branch& branch, TypeRef type) {
    if (depth_left_ == 0) {
      out += "null";
      return;
    }
    --depth_left_;
    switch (type) {
      case TypeRef::array: write_array(branch); break;
      case TypeRef::xml_hook:
      case TypeRef::map: write_map(branch); break;
      case TypeRef::text: write_json_string(out, text_of(branch)); break;
      default: write_json_string(out, markup(branch, type));
    }
    ++depth_left_;
  }

 private:
  void write_array(const Branch& branch) {
    out.push_back('[');
    bool first = true;
    for (const Item* item = branch.start; item != nullptr; item = item->right) {
      if (is_visible(*item) && item->kind() != Kind::format) write_elements(*item, 0, first);
    }
    out.push_back(']');
  }

  void write_map(const Branch& branch) {
    out.push_back('{');
    bool first = true;
    for (const auto& slot : branch.slots()) {
      if (slot->last == nullptr || !is_visible(*slot->last)) continue;
      if (!std::exchange(first, false)) out.push_back(',');
      write_json_string(out, slot->key);
      out.push_back(':');
      bool none = true;
      write_elements(*slot->last, slot->last->length - 1, none);
    }
    out.push_back('}');
  }

  /// The elements of an item from the `from`th on, with commas between.
  void write_elements(const Item& item, std::uint64_t from, bool& first) {
    if (item.kind() == Kind::string) {
      if (!std::exchange(first, false)) out.push_back(',');
      write_json_string(out, item.data());
      return;
    }
    const bool many = item.kind() == Kind::any || item.kind() == Kind::json;
    Reader in(item.data(), many ? element_offset(item.kind(), item.data(), from) : 0);
    for (std::uint64_t i = from; i < item.length; ++i) {
      if (!std::exchange(first, false)) out.push_back(',');
      switch (item.kind()) {
        case Kind::any: write_json(out, parse_any(in)); break;
        case Kind::json: write_stored(in.var_bytes()); break;
        case Kind::embed: write_stored(item.data()); break;
        case Kind::type: write(*item.content.branch, item.content.branch->type); break;
        default: out += "null";
      }
    }
  }

  void write_stored(BytesView json) {
    if (json == "undefined") {
      out += "null";
    } else {
      write_json(out, parse_json(json));
    }
  }

  std::string markup(const Branch& branch, TypeRef type) {
    if (type == TypeRef::xml_text) return text_markup(branch);
    std::string text;
    std::string name = branch.name;
    if (type == TypeRef::xml_element) {
      std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
      text = "<" + name + attributes(branch) + ">";
    }
    for (const Item* item = branch.start; item != nullptr; item = item->right) {
      if (is_visible(*item) && item->kind() == Kind::type) text += child_markup(*item->content.branch);
    }
    if (type == TypeRef::xml_element) text += "</" + name + ">";
    return text;
  }

  std::string child_markup(const Branch& child) {
    if (child.type == TypeRef::text) return text_of(child);
    if (!is_xml(child.type) || child.type == TypeRef::xml_hook || depth_left_ == 0) return "[object Object]";
    --depth_left_;
    std::string text = markup(child, child.type);
    ++depth_left_;
    return text;
  }

  std::string attributes(const Branch& branch) {
    std::vector<std::pair<std::string, std::string>> sorted;
    for (const auto& slot : branch.slots()) {
      const Item* item = slot->last;
      if (item == nullptr || !is_visible(*item) || item->kind() != Kind::any) continue;
      Reader in(item->data(), element_offset(Kind::any, item->data(), item->length - 1));
      sorted.emplace_back(slot->key, plain(parse_any(in)));
    }
    std::sort(sorted.begin(), sorted.end());
    std::string text;
    for (const auto& [key, value] : sorted) text += " " + key + "=\"" + value + "\"";
    return text;
  }

  /// As JavaScript turns a value into a string.
  static std::string plain(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value.data)) return *text;
    if (const auto* number = std::get_if<double>(&value.data)) return number_text(*number);
    if (std::holds_alternative<ValueMap>(value.data)) return "[object Object]";
    std::string json;
    write_json(json, value);
    return json;
  }

  std::string text_markup(const Branch& branch) {
    std::string text;
    Formats formats;
    std::string run;
    const auto flush = [&] {
      if (run.empty()) return;
      std::string closing;
      for (const auto& [name, value] : formats) {
        text += "<" + name;
        if (const auto* map = std::get_if<ValueMap>(&value.data)) {
          for (const auto& [key, entry] : *map) text += " " + key + "=\"" + plain(entry) + "\"";
        }
        text += ">";
        closing.insert(0, "</" + name + ">");
      }
      text += std::exchange(run, {}) + closing;
    };
    for (const Item* item = branch.start; item != nullptr; item = item->right) {
      if (!is_visible(*item)) continue;
      if (item->kind() == Kind::string) {
        run += item->data();
      } else if (item->kind() == Kind::format) {
        flush();
        apply_format(formats, item->data());
      } else if (item->kind() == Kind::embed) {
        flush();
        run = plain(parse_json(item->data()));
        flush();
      } else if (item->kind() == Kind::type) {
        flush();
        run = child_markup(*item->content.branch);
        flush();
      }
    }
    flush();
    return text;
  }

  std::size_t depth_left_;
};

}  // namespace

std::string json_of(const Branch& branch, std::size_t nesting_max) {
  JsonWriter writer(nesting_max + 1);
  writer.write(branch, branch.type == TypeRef::root ? guess(branch) : branch.type);
  return std::move(writer.out);
}

}  // namespace cluse::crdt
