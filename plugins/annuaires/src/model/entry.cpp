#include "entry.h"

#include "../text/fold.h"
#include "values.h"
#include "words.h"

#include <algorithm>

namespace annuaires {
namespace {

constexpr std::string_view kNames[] = {"name", "given", "family"};

std::string person_name(const Entry& entry) {
  const auto given = in(entry.value("given"), "fr"), family = in(entry.value("family"), "fr");
  return given + (given.empty() || family.empty() ? "" : " ") + family;
}

void add_facets(Projection& out, const Field& field, const Value& value, Audience audience,
                const Reference& reference) {
  const bool is_known = field.key == "country" || field.key == "level" || field.key == "policies" ||
                        field.key == "competences" || field.key == "languages" || field.key == "territory";
  const std::string name = is_known ? field.key : "f." + field.key;
  for (const auto& key : keys_of(value)) {
    out.facets.push_back({name, key, audience});
    if (field.type != Type::territory) continue;
    for (const auto& within : reference.with_parents(key)) out.facets.push_back({"within", within, audience});
  }
}

void add_text(Projection& out, Audience audience, const std::string& text) {
  std::string& into = audience == Audience::everybody ? out.text_open
                      : audience == Audience::members ? out.text_members
                                                      : out.text_closed;
  if (!text.empty()) into += (into.empty() ? "" : " ") + text;
}

void project_field(Projection& out, const Directory& directory, const Entry& entry, const Field& field,
                   const Reference& reference) {
  const Value& value = entry.value(field.key);
  if (value.is_null() || field.archived) return;
  const Audience audience = audience_of(directory, entry, field);
  if (is_list(field.type) || field.type == Type::choice) add_facets(out, field, value, audience, reference);
  add_text(out, audience, fold(searched(field, value, reference)));
  if (field.type == Type::email && out.email_key.empty()) out.email_key = email_key(value.get_or<std::string>(""));
  if (field.type == Type::phone && out.phone_key.empty()) {
    const auto countries = keys_of(entry.value("country"));
    out.phone_key = phone_key(value.get_or<std::string>(""), countries.empty() ? "FR" : countries.front());
  }
}

std::string subtitle_of(const Directory& directory, const Entry& entry, const Reference& reference,
                        const Reader& reader) {
  for (const std::string_view key : {"function", "role", "level"}) {
    const Field* field = directory.field(key);
    if (field == nullptr || entry.value(key).is_null() || !sees(reader, audience_of(directory, entry, *field)))
      continue;
    return shown(*field, entry.value(key), reference, reader.language);
  }
  return {};
}

Value seen_keys(const Directory& directory, const Entry& entry, const Reader& reader, std::string_view key) {
  const Field* field = directory.field(key);
  Value list = Value::array();
  if (field != nullptr && !field->archived && sees(reader, audience_of(directory, entry, *field)))
    for (const auto& one : keys_of(entry.value(key))) list.add(one);
  return list;
}

Value seen(const Directory& directory, const Entry& entry, const Reader& reader, std::string_view key) {
  const Field* field = directory.field(key);
  const bool shows = field != nullptr && !field->archived && sees(reader, audience_of(directory, entry, *field));
  return shows ? entry.value(key) : Value();
}

}  // namespace

Value name_of(const Entry& entry) {
  const Value& name = entry.value("name");
  if (!name.is_null()) return name;
  return both(person_name(entry), "");
}

bool has_consent(const Entry& entry) {
  return entry.consent["given"].get_or(false);
}

Audience audience_of(const Directory& directory, const Entry& entry) {
  Audience audience = std::max(directory.is_public ? Audience::everybody : Audience::members, entry.visibility);
  if (entry.is_person() && !has_consent(entry)) audience = std::max(audience, Audience::members);
  return audience;
}

Audience audience_of(const Directory& directory, const Entry& entry, const Field& field) {
  Audience audience = field.visibility;
  if (const auto own = read_audience(entry.field_visibility[field.key].get_or<std::string>("")))
    if (*own > audience || !entry.is_person() || has_consent(entry)) audience = *own;
  return std::max(audience, audience_of(directory, entry));
}

bool sees(const Reader& reader, Audience audience) {
  return audience <= reader.audience;
}

Projection project(const Directory& directory, const Entry& entry, const Reference& reference) {
  Projection out;
  out.name = name_of(entry);
  out.audience = audience_of(directory, entry);
  out.level = entry.value("level").get_or<std::string>("");
  out.organisation = entry.value("organisation").get<Id>();
  const auto family = in(entry.value("family"), "fr");
  out.sort_key = fold(family.empty() ? in(out.name, "fr") : family + " " + in(entry.value("given"), "fr"));
  out.name_key = name_key(family.empty() ? in(out.name, "fr") : person_name(entry));
  std::string names = in(out.name, "fr") + " " + out.name["de"].get_or<std::string>("") + " " + person_name(entry);
  auto parts = words(fold(names));
  std::ranges::sort(parts);
  const auto [first, last] = std::ranges::unique(parts);
  parts.erase(first, last);
  for (const auto& part : parts) out.text_name += (out.text_name.empty() ? "" : " ") + part;
  for (const Field& field : directory.fields) project_field(out, directory, entry, field, reference);
  return out;
}

Value row_view(const Directory& directory, const Entry& entry, const Reference& reference, const Reader& reader,
               const Value& organisation) {
  Value values = Value::map(), territory = Value::array();
  for (const Field& field : directory.fields)
    if (field.in_list && !field.archived && !entry.value(field.key).is_null() &&
        sees(reader, audience_of(directory, entry, field)))
      values.set(field.key, entry.value(field.key));
  const Value codes = seen_keys(directory, entry, reader, "territory");
  for (const Value& code : codes.items()) {
    Field field;
    field.type = Type::territory;
    territory.add({{"code", code}, {"name", reference.label(field, code.as<std::string>())}});
  }
  const bool shows_organisation = !seen(directory, entry, reader, "organisation").is_null();
  return {{"id", entry.id},
          {"uid", entry.uid},
          {"directory", directory.slug},
          {"kind", entry.kind},
          {"name", name_of(entry)},
          {"subtitle", subtitle_of(directory, entry, reference, reader)},
          {"country", seen_keys(directory, entry, reader, "country")},
          {"level", seen(directory, entry, reader, "level")},
          {"policies", seen_keys(directory, entry, reader, "policies")},
          {"competences", seen_keys(directory, entry, reader, "competences")},
          {"languages", seen_keys(directory, entry, reader, "languages")},
          {"territory", territory},
          {"organisation", shows_organisation ? organisation : Value()},
          {"function", seen(directory, entry, reader, "function")},
          {"values", values},
          {"state", entry.state},
          {"updated_at", iso(entry.updated_at)},
          {"checked_at", entry.checked_at ? Value(iso(*entry.checked_at)) : Value()},
          {"extract", nullptr}};
}

Value visible_values(const Directory& directory, const Entry& entry, const Reader& reader, int& hidden) {
  Value values = Value::map();
  for (const auto key : kNames)
    if (!entry.value(key).is_null()) values.set(key, entry.value(key));
  for (const Field& field : directory.fields) {
    const Value& value = entry.value(field.key);
    if (value.is_null() || field.archived) continue;
    if (sees(reader, audience_of(directory, entry, field))) values.set(field.key, value);
    else ++hidden;
  }
  return values;
}

Card card_of(const Directory& directory, const Entry& entry, const Reference& reference, const Reader& reader,
             const std::string& organisation) {
  Card card;
  card.uid = entry.uid;
  card.revised = iso(entry.updated_at);
  card.is_organisation = !entry.is_person();
  card.name = in(name_of(entry), reader.language);
  card.given = in(entry.value("given"), reader.language);
  card.family = in(entry.value("family"), reader.language);
  const auto has_key = [&](std::string_view key) { return !seen(directory, entry, reader, key).is_null(); };
  if (has_key("organisation")) card.organisation = organisation;
  for (const Field& field : directory.fields) {
    const Value value = seen(directory, entry, reader, field.key);
    if (value.is_null()) continue;
    const auto text = shown(field, value, reference, reader.language);
    if (field.type == Type::email) card.emails.push_back(text);
    else if (field.type == Type::phone) (field.key == "mobile" ? card.mobiles : card.phones).push_back(text);
    else if (field.type == Type::address && card.address.empty()) card.address = address_of(value);
    else if (field.type == Type::url && card.website.empty()) card.website = text;
    else if (field.key == "function") card.function = text;
    else if (field.key == "about") card.note = text;
    else if (field.key == "languages") card.languages = keys_of(value);
    else if (field.key == "policies" || field.key == "competences")
      for (const auto& key : keys_of(value))
        card.categories.push_back(in(reference.label(field, key), reader.language));
  }
  return card;
}

Value differences(const Value& before, const Value& after) {
  Value list = Value::array();
  for (const auto& [key, value] : before.entries())
    if (after[key] != value) list.add({{"field", key}, {"before", value}, {"after", after[key]}});
  for (const auto& [key, value] : after.entries())
    if (before[key].is_null() && !value.is_null()) list.add({{"field", key}, {"before", nullptr}, {"after", value}});
  return list;
}

}  // namespace annuaires
