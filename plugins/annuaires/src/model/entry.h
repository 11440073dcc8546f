// One entry: a person or an organisation in a directory, what is kept of it, and what each reader sees.
#pragma once

#include "reference.h"

#include "../text/days.h"
#include "../text/vcard.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace annuaires {

struct Entry {
  Id id = 0;
  std::string uid;
  Id directory = 0;
  std::string kind = "organisation", state = "published";
  Value data = Value::map();  ///< {key: value}, name, given and family among them
  Audience visibility = Audience::members;
  Value field_visibility = Value::map();
  std::string account;
  Value consent;  ///< {given, scope, how, on, by}, or null
  std::int64_t version = 1, sequence = 0;
  Moment created_at = 0, updated_at = 0;
  std::optional<Moment> checked_at, due_at, reminded_at;
  std::string mail = "ok";
  std::optional<Id> merged_into;

  [[nodiscard]] bool is_person() const { return kind == "person"; }
  [[nodiscard]] const Value& value(std::string_view key) const { return data[key]; }
};

/// {fr, de} to show.
[[nodiscard]] Value name_of(const Entry& entry);
/// A person's entry is public only with consent; nothing is seen by more than its directory's readers.
[[nodiscard]] Audience audience_of(const Directory& directory, const Entry& entry);
/// Of one value. The entry's own choice may open a field further than the directory does: of a person with consent
/// alone.
[[nodiscard]] Audience audience_of(const Directory& directory, const Entry& entry, const Field& field);
[[nodiscard]] bool has_consent(const Entry& entry);

/// What is derived from an entry and kept beside it, for lists and search.
struct Projection {
  struct Facet {
    std::string field, value;
    Audience audience;
  };
  Value name;
  std::string sort_key, level, name_key, email_key, phone_key;
  std::optional<Id> organisation;
  Audience audience = Audience::few;
  std::vector<Facet> facets;
  std::string text_name, text_open, text_members, text_closed;  ///< folded
};
[[nodiscard]] Projection project(const Directory& directory, const Entry& entry, const Reference& reference);

/// Who reads: as far as `audience`, in `language`.
struct Reader {
  Audience audience = Audience::everybody;
  std::string language = "fr";
};
[[nodiscard]] bool sees(const Reader& reader, Audience audience);

/// Row of docs/api.md; `organisation` is the Ref to show, or null.
[[nodiscard]] Value row_view(const Directory& directory, const Entry& entry, const Reference& reference,
                             const Reader& reader, const Value& organisation);
/// The values that the reader may see; `hidden` counts those he may not.
[[nodiscard]] Value visible_values(const Directory& directory, const Entry& entry, const Reader& reader, int& hidden);
/// As a card, of what the reader sees.
[[nodiscard]] Card card_of(const Directory& directory, const Entry& entry, const Reference& reference,
                           const Reader& reader, const std::string& organisation);

/// What differs between two sets of values: {field, before, after} each.
[[nodiscard]] Value differences(const Value& before, const Value& after);

}  // namespace annuaires
