// A directory and its fields: what an entry of it may hold, and who may see it.
#pragma once

#include "failure.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace annuaires {

using Id = std::int64_t;

/// Who may see something; a greater one is seen by fewer.
enum class Audience : std::uint8_t { everybody, members, few };
[[nodiscard]] std::string_view to_text(Audience audience);  ///< "public", "members", "private"
[[nodiscard]] std::optional<Audience> read_audience(std::string_view text);

enum class Type : std::uint8_t {
  text,
  long_text,
  choice,
  choices,
  date,
  number,
  address,
  phone,
  email,
  url,
  language,
  territory,
  organisation
};
[[nodiscard]] std::string_view to_text(Type type);
[[nodiscard]] std::optional<Type> read_type(std::string_view text);
/// Holds a list of keys: choices, language, territory.
[[nodiscard]] bool is_list(Type type);

struct Option {
  std::string key;
  Value label;
};

struct Field {
  std::string key;
  Type type = Type::text;
  Value label = Value::map(), help = Value::map();
  bool required = false, bilingual = false, in_list = false, archived = false;
  Audience visibility = Audience::members;
  std::vector<Option> options;
};

struct Directory {
  Id id = 0;
  std::string slug, about = "organisation";
  Value name = Value::map(), description = Value::map();
  Audience visibility = Audience::members;
  bool is_public = false;
  int review_months = 0, position = 0;
  std::int64_t version = 1;
  std::vector<Field> fields;
  [[nodiscard]] const Field* field(std::string_view key) const;
};

[[nodiscard]] Value to_value(const Field& field);
[[nodiscard]] Value to_value(const Directory& directory);
[[nodiscard]] Value fields_to_value(const std::vector<Field>& fields);
/// As `to_value` made it, or as somebody sent it: throws Failure with every problem, the field as
/// "fields.<key>.<what>".
[[nodiscard]] std::vector<Field> read_fields(const Value& list);
/// The same, adding its problems to those there are.
[[nodiscard]] std::vector<Field> read_fields(const Value& list, std::vector<Problem>& problems);

/// Small letters, digits and hyphens, beginning with a letter, 60 at most.
[[nodiscard]] bool is_slug(std::string_view text);
/// Names an address of the plugin's own: a screen's or a route's, so no directory may have it.
[[nodiscard]] bool is_reserved_slug(std::string_view text);
/// The fields that a new directory begins with; empty for "empty", nothing for a template that there is not.
[[nodiscard]] std::optional<std::vector<Field>> template_fields(std::string_view name);
/// Whether a directory of that template is about persons.
[[nodiscard]] bool is_about_persons(std::string_view name);

inline constexpr std::size_t kFieldsMax = 60, kOptionsMax = 300, kLabelMax = 200;

}  // namespace annuaires
