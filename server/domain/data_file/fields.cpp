#include "server/domain/data_file/fields.h"

#include <algorithm>

namespace cluse::domain::data_file {
namespace {

const Table kNothing;

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

void Complaints::add(int line, const std::string& key, std::string_view words, std::string_view code) {
  if (first_) return;
  std::string detail = file_ + ", line " + std::to_string(line) + ": ";
  if (!key.empty()) detail += key + ": ";
  detail += words;
  first_ = Error{Errc::invalid, code.empty() ? code_ : code, std::move(detail), key};
}

Result<void> Complaints::result() const {
  if (first_) return std::unexpected(*first_);
  return {};
}

Fields::Fields(const Table& table, std::string path, int line, Complaints& complaints)
    : table_(&table), path_(std::move(path)), line_(line), complaints_(&complaints) {}

const Node* Fields::find(std::string_view key) {
  asked_.emplace(key);
  const auto found = table_->find(key);
  return found == table_->end() ? nullptr : &found->second;
}

bool Fields::is_text(std::string_view key) const {
  const auto found = table_->find(key);
  return found != table_->end() && std::holds_alternative<std::string>(found->second.data);
}

bool Fields::blank(std::string_view key) const {
  const auto found = table_->find(key);
  if (found == table_->end()) return true;
  const auto* text = std::get_if<std::string>(&found->second.data);
  return text != nullptr && is_blank(*text);
}

template <class T>
const T* Fields::get(std::string_view key, std::string_view expected) {
  const Node* node = find(key);
  if (node == nullptr) return nullptr;
  const T* value = std::get_if<T>(&node->data);
  if (value == nullptr) complain(key, std::string("must be ") + std::string(expected));
  return value;
}

void Fields::complain(std::string_view key, std::string_view words, std::string_view code) {
  const auto found = table_->find(key);
  const int line = found == table_->end() ? line_ : found->second.line;
  const std::string full = path_.empty() ? std::string(key) : path_ + (key.empty() ? "" : ".") + std::string(key);
  complaints_->add(line, full, words, code);
}

std::string Fields::text(std::string_view key) {
  const auto* value = get<std::string>(key, "text");
  if (value == nullptr || is_blank(*value)) {
    complain(key, "is missing or empty");
    return {};
  }
  if (value->size() > kTextBytesMax) complain(key, "is longer than 4000 bytes");
  return *value;
}

std::string Fields::text_or(std::string_view key, std::string_view otherwise) {
  return has(key) ? text(key) : std::string(otherwise);
}

std::optional<std::int64_t> Fields::whole_if(std::string_view key, std::int64_t low, std::int64_t high) {
  const auto* value = get<std::int64_t>(key, "a whole number");
  if (value == nullptr) return std::nullopt;
  if (*value < low || *value > high) {
    complain(key, "must be between " + std::to_string(low) + " and " + std::to_string(high));
    return std::nullopt;
  }
  return *value;
}

std::int64_t Fields::whole(std::string_view key, std::int64_t low, std::int64_t high) {
  const auto value = whole_if(key, low, high);
  if (!value) complain(key, "is missing; a whole number is expected");
  return value.value_or(low);
}

bool Fields::flag_or(std::string_view key, bool otherwise) {
  const auto* value = get<bool>(key, "true or false");
  return value == nullptr ? otherwise : *value;
}

std::optional<Date> Fields::date_if(std::string_view key) {
  const auto* value = get<Date>(key, "a date such as 2026-01-31, without quotes");
  return value == nullptr ? std::nullopt : std::optional(*value);
}

Date Fields::date(std::string_view key) {
  const auto value = date_if(key);
  if (!value) complain(key, "is missing; a date is expected");
  return value.value_or(Date{std::chrono::year(1900), std::chrono::January, std::chrono::day(1)});
}

std::vector<std::string> Fields::texts(std::string_view key) {
  std::vector<std::string> out;
  const auto* list = get<List>(key, "a list of texts");
  if (list == nullptr || list->empty()) complain(key, "is missing or empty; a list of texts is expected");
  if (list == nullptr) return out;
  if (list->size() > kItemsMax) complain(key, "has more than 500 items");
  for (const Node& item : *list) {
    const auto* value = std::get_if<std::string>(&item.data);
    if (value == nullptr || is_blank(*value) || value->size() > kTextBytesMax) {
      complain(key, "must hold texts only, none of them empty");
    } else if (std::ranges::find(out, *value) != out.end()) {
      complain(key, "names \"" + *value + "\" twice");
    } else {
      out.push_back(*value);
    }
  }
  return out;
}

std::vector<Date> Fields::dates(std::string_view key) {
  std::vector<Date> out;
  const auto* list = get<List>(key, "a list of dates");
  if (list == nullptr || list->empty()) complain(key, "is missing or empty; a list of dates is expected");
  if (list == nullptr) return out;
  if (list->size() > kItemsMax) complain(key, "has more than 500 items");
  for (const Node& item : *list) {
    const auto* value = std::get_if<Date>(&item.data);
    if (value == nullptr) {
      complain(key, "must hold dates only, without quotes");
    } else {
      out.push_back(*value);
    }
  }
  return out;
}

Fields Fields::table(std::string_view key) {
  const auto* value = get<Table>(key, "a table");
  if (value == nullptr) complain(key, "is missing; a table is expected");
  const Node* node = find(key);
  const std::string path = path_.empty() ? std::string(key) : path_ + '.' + std::string(key);
  return {value == nullptr ? kNothing : *value, path, node == nullptr ? line_ : node->line, *complaints_};
}

std::vector<Fields> Fields::tables(std::string_view key) {
  std::vector<Fields> out;
  const auto* list = get<List>(key, "a list of tables");
  if (list == nullptr) return out;
  if (list->size() > kItemsMax) complain(key, "has more than 500 items");
  for (const Node& item : *list) {
    const auto* value = std::get_if<Table>(&item.data);
    if (value == nullptr) {
      complain(key, "must hold tables only");
      continue;
    }
    const std::string name = std::string(key) + '[' + std::to_string(out.size() + 1) + ']';
    out.emplace_back(*value, path_.empty() ? name : path_ + '.' + name, item.line, *complaints_);
  }
  return out;
}

std::vector<std::pair<std::string, std::int64_t>> Fields::numbers(std::string_view key, std::int64_t low,
                                                                  std::int64_t high) {
  std::vector<std::pair<std::string, std::int64_t>> out;
  Fields inner = table(key);
  for (const auto& [name, node] : *inner.table_) out.emplace_back(name, inner.whole(name, low, high));
  if (out.empty()) complain(key, "is empty");
  return out;
}

void Fields::finish() {
  for (const auto& [key, node] : *table_) {
    if (!asked_.contains(key)) complain(key, "there is no such key here");
  }
}

}  // namespace cluse::domain::data_file
