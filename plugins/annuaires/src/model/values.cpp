#include "values.h"

#include "../text/days.h"
#include "../text/fold.h"
#include "words.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace annuaires {
namespace {

constexpr std::string_view kLanguages[] = {"fr", "de"};

/// One value of one field, while it is looked at.
struct Check {
  const Field& field;
  const Reference& reference;
  std::vector<Problem>& problems;

  Value wrong(std::string code) const {
    problems.push_back({field.key, std::move(code)});
    return nullptr;
  }
  Value text(const Value& value, std::size_t max) const {
    const auto given = value.get<std::string>();
    if (!given) return wrong("field_wrong");
    const auto kept = trimmed(*given);
    if (kept.size() > max) return wrong("value_too_long");
    return kept.empty() ? Value() : Value(kept);
  }
  Value words(const Value& value, std::size_t max) const {
    if (!field.bilingual) return text(value, max);
    if (!value.is_map()) {
      const Value one = text(value, max);
      return one.is_null() ? one : Value{{"fr", one}};
    }
    Value out = Value::map();
    for (const auto language : kLanguages)
      if (!value[language].is_null())
        if (Value one = text(value[language], max); !one.is_null()) out.set(language, std::move(one));
    return out.entries().empty() ? Value() : out;
  }
  Value list(const Value& value) const {
    const auto keys = keys_of(value);
    if (!value.is_array() && !value.get<std::string>()) return wrong("field_wrong");
    if (keys.size() > kListMax) return wrong("value_too_long");
    Value out = Value::array();
    for (const auto& key : keys) {
      if (!reference.has_choice(field, key))
        return wrong(field.type == Type::territory ? "territory_unknown" : "choice_unknown");
      if (std::ranges::find(out.items(), Value(key)) == out.items().end()) out.add(key);
    }
    return out.items().empty() ? Value() : out;
  }
  Value choice(const Value& value) const {
    const Value key = text(value, kTextMax);
    if (key.is_null()) return key;
    return reference.has_choice(field, key.as<std::string>()) ? key : wrong("choice_unknown");
  }
  Value day(const Value& value) const {
    const Value given = text(value, kTextMax);
    if (given.is_null()) return given;
    const auto read = read_day(given.as<std::string>());
    return read ? Value(*read) : wrong("date_wrong");
  }
  Value number(const Value& value) const {
    if (value.get<std::int64_t>()) return value;
    if (const auto real = value.get<double>(); real && std::isfinite(*real)) return value;
    return wrong("field_wrong");
  }
  Value address(const Value& value) const {
    if (!value.is_map()) return wrong("field_wrong");
    Value out = Value::map();
    for (const std::string_view part : {"street", "postcode", "city", "country"})
      if (!value[part].is_null())
        if (Value one = text(value[part], kTextMax); !one.is_null()) out.set(part, std::move(one));
    return out.entries().empty() ? Value() : out;
  }
  Value email(const Value& value) const {
    const Value given = text(value, 254);
    if (given.is_null()) return given;
    return email_key(given.as<std::string>()).empty() ? wrong("email_wrong") : given;
  }
  Value phone(const Value& value) const {
    const Value given = text(value, 40);
    if (given.is_null()) return given;
    const auto number = given.as<std::string>();
    const bool is_phone = number.find_first_not_of("+0123456789 ./()-\u00a0\u202f") == std::string::npos &&
                          !phone_key(number, "FR").empty();
    return is_phone ? given : wrong("phone_wrong");
  }
  Value one_url(const Value& value) const {
    const Value given = text(value, 2000);
    if (given.is_null()) return given;
    auto address = given.as<std::string>();
    if (address.starts_with("www.")) address.insert(0, "https://");
    const bool is_web = (address.starts_with("https://") || address.starts_with("http://")) &&
                        address.find_first_of(" \t\r\n\"<>") == std::string::npos &&
                        address.find('.') != std::string::npos;
    return is_web ? Value(address) : wrong("url_wrong");
  }
  Value url(const Value& value) const {
    if (!field.bilingual || !value.is_map()) {
      Value one = one_url(value);
      return one.is_null() || !field.bilingual ? one : Value{{"fr", one}};
    }
    Value out = Value::map();
    for (const auto language : kLanguages)
      if (!value[language].is_null())
        if (Value one = one_url(value[language]); !one.is_null()) out.set(language, std::move(one));
    return out.entries().empty() ? Value() : out;
  }
  Value organisation(const Value& value) const {
    return value.get<std::int64_t>() && value.as<std::int64_t>() > 0 ? value : wrong("organisation_unknown");
  }
};

std::string of_words(const Value& value, std::string_view language) {
  return in(value, language);
}

std::string of_number(const Value& value) {
  if (const auto whole = value.get<std::int64_t>()) return std::to_string(*whole);
  return value.to_json();
}

std::string of_address(const Value& value) {
  const Address address = address_of(value);
  std::string out = address.street;
  std::string place = address.postcode + (address.postcode.empty() || address.city.empty() ? "" : " ") + address.city;
  for (const auto& part : {place, address.country})
    if (!part.empty()) out += (out.empty() ? "" : ", ") + part;
  return out;
}

// A choice by its key or by what it is called in either language.
std::string key_of(const Field& field, std::string_view text, const Reference& reference) {
  const std::string given(trimmed(text)), folded = fold(given);
  if (reference.has_choice(field, given)) return given;
  const auto matches = [&](const Value& label) {
    return fold(in(label, "fr")) == folded || fold(in(label, "de")) == folded;
  };
  for (const Option& option : field.options)
    if (matches(option.label)) return option.key;
  for (const Word& known : words_of(field.type == Type::language ? "languages" : std::string_view(field.key)))
    if (matches(label(known)) || fold(known.key) == folded) return std::string(known.key);
  if (const auto list = reference.lists.find(field.key); list != reference.lists.end())
    for (const Option& option : list->second)
      if (matches(option.label)) return option.key;
  if (field.type == Type::territory)
    if (const auto found = reference.territory_names.find(folded); found != reference.territory_names.end())
      return found->second;
  return given;
}

Value number_of(std::string_view text) {
  std::string plain;
  for (const char c : text)
    if (c == ',') plain += '.';
    else if ((c >= '0' && c <= '9') || c == '.' || c == '-') plain += c;
    else if (c != ' ' && c != '\'' && static_cast<unsigned char>(c) < 0x80) return text;
  const auto value = Value::from_json(plain);
  return value ? *value : Value(text);
}

}  // namespace

Value checked(const Field& field, const Value& value, const Reference& reference, std::vector<Problem>& problems) {
  if (value.is_null()) return value;
  const Check check{field, reference, problems};
  switch (field.type) {
    case Type::text: return check.words(value, kTextMax);
    case Type::long_text: return check.words(value, kLongMax);
    case Type::choice: return check.choice(value);
    case Type::choices:
    case Type::language:
    case Type::territory: return check.list(value);
    case Type::date: return check.day(value);
    case Type::number: return check.number(value);
    case Type::address: return check.address(value);
    case Type::phone: return check.phone(value);
    case Type::email: return check.email(value);
    case Type::url: return check.url(value);
    case Type::organisation: return check.organisation(value);
  }
  return nullptr;
}

Value checked_name(std::string_view key, const Value& value, std::vector<Problem>& problems) {
  if (value.is_null()) return value;
  Field field;
  field.key = key;
  field.bilingual = key == "name";
  static const Reference kNone;
  return Check{field, kNone, problems}.words(value, kNameMax);
}

std::string shown(const Field& field, const Value& value, const Reference& reference, std::string_view language) {
  if (value.is_null()) return {};
  if (is_list(field.type) || field.type == Type::choice) {
    std::string out;
    for (const auto& key : keys_of(value)) out += (out.empty() ? "" : ", ") + in(reference.label(field, key), language);
    return out;
  }
  if (field.type == Type::address) return of_address(value);
  if (field.type == Type::number || field.type == Type::organisation) return of_number(value);
  return of_words(value, language);
}

std::string searched(const Field& field, const Value& value, const Reference& reference) {
  std::string out;
  const auto add = [&out](const std::string& text) { out += text + " "; };
  if (field.type == Type::territory) {
    for (const auto& key : keys_of(value))
      for (const auto& code : reference.with_parents(key))
        if (const auto found = reference.territories.find(code); found != reference.territories.end()) {
          add(in(found->second.name, "fr"));
          if (const auto de = found->second.name["de"].get<std::string>()) add(*de);
          add(found->second.aliases);
        }
    return out;
  }
  if (field.type == Type::organisation || field.type == Type::number) return out;
  add(shown(field, value, reference, "fr"));
  if (std::string de = shown(field, value, reference, "de") + " "; de != out) out += de;
  return out;
}

Value from_text(const Field& field, std::string_view text, const Reference& reference) {
  text = trimmed(text);
  if (text.empty()) return nullptr;
  if (field.type == Type::number) return number_of(text);
  if (field.type == Type::choice) return key_of(field, text, reference);
  if (!is_list(field.type)) return text;
  if (const auto whole = key_of(field, text, reference); reference.has_choice(field, whole))
    return Value::array({whole});
  Value list = Value::array();
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(",;|/"), text.size());
    if (const auto part = trimmed(text.substr(0, end)); !part.empty()) list.add(key_of(field, part, reference));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return list;
}

Address address_of(const Value& value) {
  const auto part = [&](std::string_view key) { return value[key].get_or<std::string>(""); };
  return {part("street"), part("postcode"), part("city"), part("country")};
}

std::vector<std::string> keys_of(const Value& value) {
  std::vector<std::string> keys;
  if (const auto one = value.get<std::string>()) keys.push_back(*one);
  for (const Value& item : value.items())
    if (const auto key = item.get<std::string>()) keys.push_back(*key);
  return keys;
}

}  // namespace annuaires
