#include "server/api/json_fields.h"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <utility>

namespace cluse::api {
namespace {

// "application/json; charset=utf-8" → true.
bool is_json(std::string_view type) {
  std::string name(type.substr(0, type.find(';')));
  std::erase_if(name, [](char c) { return c == ' ' || c == '\t'; });
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c; });
  return name == "application/json";
}

const boost::json::object kNothing;

}  // namespace

struct JsonFields::Shared {
  boost::json::value document;
  std::optional<Error> first_error;
};

JsonFields::JsonFields(std::shared_ptr<Shared> shared, const boost::json::object* object, std::string prefix)
    : shared_(std::move(shared)), object_(object), prefix_(std::move(prefix)) {}

Result<JsonFields> JsonFields::parse(const net::Request& request) {
  auto shared = std::make_shared<Shared>();
  if (request.body.empty()) return JsonFields(std::move(shared), &kNothing, "");
  // Asking for the type also keeps out forms of other sites, which cannot send it.
  if (!is_json(request.header("Content-Type"))) return fail(Errc::unsupported, "type_unsupported");
  boost::json::parse_options options;
  options.max_depth = kJsonDepthMax;
  boost::json::error_code error;
  shared->document = boost::json::parse(request.body, error, {}, options);
  if (error) return fail(Errc::invalid, "body_malformed", error.message());
  const auto* object = shared->document.if_object();
  if (object == nullptr) return fail(Errc::invalid, "body_malformed", "not an object");
  return JsonFields(std::move(shared), object, "");
}

const boost::json::value* JsonFields::find(std::string_view name) const {
  const auto* value = object_->if_contains(boost::json::string_view(name.data(), name.size()));
  return value == nullptr || value->is_null() ? nullptr : value;
}

void JsonFields::refuse(std::string_view code, std::string_view name) const {
  if (!shared_->first_error) shared_->first_error = Error{Errc::invalid, code, "", prefix_ + std::string(name)};
}

Result<void> JsonFields::check() const {
  if (shared_->first_error) return std::unexpected(*shared_->first_error);
  return {};
}

std::optional<std::string> JsonFields::text_if(std::string_view name) const {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  const auto* string = value->if_string();
  if (string == nullptr) {
    refuse("field_invalid", name);
    return std::nullopt;
  }
  if (string->size() > kJsonTextBytesMax) {
    refuse("field_too_long", name);
    return std::nullopt;
  }
  return std::string(string->data(), string->size());
}

std::string JsonFields::text(std::string_view name) const {
  if (find(name) == nullptr) refuse("field_missing", name);
  return text_if(name).value_or(std::string());
}

std::optional<bool> JsonFields::flag_if(std::string_view name) const {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (const auto* flag = value->if_bool()) return *flag;
  refuse("field_invalid", name);
  return std::nullopt;
}

std::optional<std::int64_t> JsonFields::integer_if(std::string_view name, std::int64_t low, std::int64_t high) const {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  const auto* number = value->if_int64();
  if (number != nullptr && *number >= low && *number <= high) return *number;
  refuse("field_invalid", name);
  return std::nullopt;
}

std::optional<std::vector<std::string>> JsonFields::texts_if(std::string_view name) const {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  const auto* list = value->if_array();
  if (list == nullptr || list->size() > kJsonItemsMax) {
    refuse(list == nullptr ? "field_invalid" : "field_too_long", name);
    return std::nullopt;
  }
  std::vector<std::string> texts;
  for (const auto& item : *list) {
    const auto* text = item.if_string();
    if (text == nullptr || text->size() > kJsonTextBytesMax) {
      refuse(text == nullptr ? "field_invalid" : "field_too_long", name);
      return std::nullopt;
    }
    texts.emplace_back(text->data(), text->size());
  }
  return texts;
}

std::vector<std::string> JsonFields::names() const {
  std::vector<std::string> names;
  for (const auto& [key, value] : *object_) names.emplace_back(key);
  return names;
}

std::optional<Id> JsonFields::id_if(std::string_view name) const {
  const auto text = text_if(name);
  if (!text) return std::nullopt;
  const auto parsed = Id::parse(*text);
  if (!parsed) refuse("field_invalid", name);
  return parsed;
}

Id JsonFields::id(std::string_view name) const {
  if (find(name) == nullptr) refuse("field_missing", name);
  return id_if(name).value_or(Id());
}

std::optional<JsonFields> JsonFields::object_if(std::string_view name) const {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  const auto* nested = value->if_object();
  if (nested == nullptr) {
    refuse("field_invalid", name);
    return std::nullopt;
  }
  return JsonFields(shared_, nested, prefix_ + std::string(name) + ".");
}

JsonFields JsonFields::object(std::string_view name) const {
  if (find(name) == nullptr) refuse("field_missing", name);
  const auto nested = object_if(name);
  return nested ? *nested : JsonFields(shared_, &kNothing, prefix_ + std::string(name) + ".");
}

}  // namespace cluse::api
