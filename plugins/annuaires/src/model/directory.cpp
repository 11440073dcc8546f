#include "directory.h"

#include "words.h"

#include <algorithm>
#include <array>

namespace annuaires {
namespace {

constexpr std::array<std::string_view, 3> kAudiences = {"public", "members", "private"};
constexpr std::array<std::string_view, 13> kTypes = {"text",     "long",      "choice",      "choices", "date",
                                                     "number",   "address",   "phone",       "email",   "url",
                                                     "language", "territory", "organisation"};
constexpr std::array<std::string_view, 4> kReserved = {"name", "given", "family", "id"};

bool is_key(std::string_view text) {
  return !text.empty() && text.size() <= 40 && text.front() >= 'a' && text.front() <= 'z' &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

Value words_to_value(const Value& words) {
  return both(words["fr"].get_or<std::string>(""), words["de"].get_or<std::string>(""));
}

bool is_label(const Value& words, bool needed) {
  const auto fr = words["fr"].get_or<std::string>(""), de = words["de"].get_or<std::string>("");
  return fr.size() <= kLabelMax && de.size() <= kLabelMax && !(needed && fr.empty() && de.empty());
}

void read_options(const Value& list, Field& field, std::vector<Problem>& problems) {
  if (list.items().size() > kOptionsMax) problems.push_back({"fields." + field.key + ".options", "value_too_long"});
  for (const Value& one : list.items()) {
    Option option{one["key"].get_or<std::string>(""), words_to_value(one["label"])};
    const bool is_new = std::ranges::find(field.options, option.key, &Option::key) == field.options.end();
    if (option.key.empty() || option.key.size() > 60 || !is_new || !is_label(option.label, true))
      problems.push_back({"fields." + field.key + ".options", "field_wrong"});
    else field.options.push_back(std::move(option));
  }
}

Field read_field(const Value& one, std::vector<Problem>& problems) {
  Field field;
  field.key = one["key"].get_or<std::string>("");
  const std::string place = "fields." + field.key + ".";
  if (!is_key(field.key) || std::ranges::find(kReserved, field.key) != kReserved.end())
    problems.push_back({place + "key", "field_wrong"});
  const auto type = read_type(one["type"].get_or<std::string>(""));
  const auto visibility = read_audience(one["visibility"].get_or<std::string>("members"));
  if (!type) problems.push_back({place + "type", "field_wrong"});
  if (!visibility) problems.push_back({place + "visibility", "field_wrong"});
  field.type = type.value_or(Type::text);
  field.visibility = visibility.value_or(Audience::few);
  field.label = words_to_value(one["label"]);
  field.help = words_to_value(one["help"]);
  if (!is_label(field.label, true)) problems.push_back({place + "label", "field_missing"});
  if (!is_label(field.help, false)) problems.push_back({place + "help", "value_too_long"});
  field.required = one["required"].get_or(false);
  field.in_list = one["in_list"].get_or(false);
  field.archived = one["archived"].get_or(false);
  field.bilingual = one["bilingual"].get_or(false) &&
                    (field.type == Type::text || field.type == Type::long_text || field.type == Type::url);
  read_options(one["options"], field, problems);
  return field;
}

// The screens' names as web/src/pure/places.ts writes them (its test reads this list), then those of the routes.
constexpr std::array<std::string_view, 29> kReservedSlugs = {
    "mes-fiches",    "nouveau",  "verifier", "liste",       "carte",       "organigramme", "fiches",     "nouvelle",
    "modifier",      "corriger", "demandes", "homologues",  "import",      "imports",      "doublons",   "reglages",
    "verifications", "export",   "exports",  "directories", "entries",     "check",        "vocabulary", "public",
    "dav",           "map",      "search",   "chart",       "counterparts"};

struct Made {
  std::string_view key;
  Type type;
  std::string_view fr, de;
  Audience visibility;
  bool in_list, bilingual;
};

// What every directory can begin with; a template names which.
constexpr std::array<Made, 20> kMade = {{
    {"function", Type::text, "Fonction", "Funktion", Audience::everybody, true, true},
    {"organisation", Type::organisation, "Organisme", "Organisation", Audience::everybody, true, false},
    {"country", Type::choices, "Pays", "Land", Audience::everybody, true, false},
    {"level", Type::choice, "Échelon", "Ebene", Audience::everybody, true, false},
    {"policies", Type::choices, "Politiques", "Politikbereiche", Audience::everybody, true, false},
    {"competences", Type::choices, "Compétences", "Zuständigkeiten", Audience::everybody, false, false},
    {"territory", Type::territory, "Territoire", "Gebiet", Audience::everybody, true, false},
    {"languages", Type::language, "Langues", "Sprachen", Audience::everybody, true, false},
    {"about", Type::long_text, "Présentation", "Vorstellung", Audience::everybody, false, true},
    {"role", Type::text, "Rôle dans la coopération", "Rolle in der Zusammenarbeit", Audience::everybody, true, true},
    {"email", Type::email, "Courriel", "E-Mail", Audience::members, true, false},
    {"phone", Type::phone, "Téléphone", "Telefon", Audience::members, true, false},
    {"mobile", Type::phone, "Portable", "Mobiltelefon", Audience::few, false, false},
    {"address", Type::address, "Adresse", "Adresse", Audience::everybody, false, false},
    {"website", Type::url, "Site", "Website", Audience::everybody, false, true},
    {"registration", Type::text, "Identifiant (SIREN, IDE)", "Kennung (SIREN, UID)", Audience::everybody, false, false},
    {"term_until", Type::date, "Mandat jusqu’au", "Mandat bis", Audience::members, false, false},
    {"rate", Type::number, "Tarif horaire", "Stundenansatz", Audience::members, false, false},
    {"population", Type::number, "Population", "Bevölkerung", Audience::everybody, true, false},
    {"note", Type::long_text, "Note du secrétariat", "Notiz des Sekretariats", Audience::few, false, false},
}};

struct Template {
  std::string_view name;
  bool persons;
  std::array<std::string_view, 15> keys;
};

constexpr std::array<Template, 7> kTemplates = {{
    {"officials",
     true,
     {"function", "organisation", "country", "level", "policies", "territory", "languages", "email", "phone", "mobile",
      "term_until", "note"}},
    {"technicians",
     true,
     {"function", "organisation", "country", "level", "policies", "competences", "territory", "languages", "email",
      "phone", "mobile", "note"}},
    {"associations",
     false,
     {"about", "country", "level", "policies", "territory", "languages", "email", "phone", "address", "website",
      "registration", "note"}},
    {"companies",
     false,
     {"about", "country", "competences", "territory", "languages", "email", "phone", "address", "website",
      "registration", "note"}},
    {"interpreters",
     true,
     {"languages", "competences", "country", "territory", "rate", "email", "phone", "mobile", "website", "note"}},
    {"partners",
     false,
     {"role", "about", "country", "level", "policies", "competences", "territory", "population", "languages", "email",
      "phone", "address", "website", "registration", "note"}},
    {"empty", false, {}},
}};

Field made_field(const Made& made) {
  Field field;
  field.key = made.key;
  field.type = made.type;
  field.label = both(made.fr, made.de);
  field.visibility = made.visibility;
  field.in_list = made.in_list;
  field.bilingual = made.bilingual;
  return field;
}

}  // namespace

std::string_view to_text(Audience audience) {
  return kAudiences[static_cast<std::size_t>(audience)];
}

std::optional<Audience> read_audience(std::string_view text) {
  const auto found = std::ranges::find(kAudiences, text);
  if (found == kAudiences.end()) return std::nullopt;
  return static_cast<Audience>(found - kAudiences.begin());
}

std::string_view to_text(Type type) {
  return kTypes[static_cast<std::size_t>(type)];
}

std::optional<Type> read_type(std::string_view text) {
  const auto found = std::ranges::find(kTypes, text);
  if (found == kTypes.end()) return std::nullopt;
  return static_cast<Type>(found - kTypes.begin());
}

bool is_list(Type type) {
  return type == Type::choices || type == Type::language || type == Type::territory;
}

const Field* Directory::field(std::string_view key) const {
  const auto found = std::ranges::find(fields, key, &Field::key);
  return found == fields.end() ? nullptr : &*found;
}

Value to_value(const Field& field) {
  Value options = Value::array();
  for (const Option& option : field.options) options.add({{"key", option.key}, {"label", option.label}});
  return {{"key", field.key},
          {"type", to_text(field.type)},
          {"label", field.label},
          {"help", field.help},
          {"required", field.required},
          {"bilingual", field.bilingual},
          {"visibility", to_text(field.visibility)},
          {"in_list", field.in_list},
          {"archived", field.archived},
          {"options", options}};
}

Value fields_to_value(const std::vector<Field>& fields) {
  Value list = Value::array();
  for (const Field& field : fields) list.add(to_value(field));
  return list;
}

Value to_value(const Directory& directory) {
  return {{"id", directory.id},
          {"slug", directory.slug},
          {"name", directory.name},
          {"description", directory.description},
          {"about", directory.about},
          {"visibility", to_text(directory.visibility)},
          {"public", directory.is_public},
          {"review_months", directory.review_months},
          {"position", directory.position},
          {"version", directory.version},
          {"fields", fields_to_value(directory.fields)}};
}

std::vector<Field> read_fields(const Value& list) {
  std::vector<Problem> problems;
  auto fields = read_fields(list, problems);
  if (!problems.empty()) throw Failure(std::move(problems));
  return fields;
}

std::vector<Field> read_fields(const Value& list, std::vector<Problem>& problems) {
  std::vector<Field> fields;
  if (!list.is_array() || list.items().size() > kFieldsMax) {
    problems.push_back({"fields", "field_wrong"});
    return fields;
  }
  for (const Value& one : list.items()) {
    Field field = read_field(one, problems);
    const bool is_new = std::ranges::find(fields, field.key, &Field::key) == fields.end();
    if (!is_new) problems.push_back({"fields." + field.key + ".key", "field_wrong"});
    fields.push_back(std::move(field));
  }
  return fields;
}

bool is_slug(std::string_view text) {
  return !text.empty() && text.size() <= 60 && text.front() >= 'a' && text.front() <= 'z' && text.back() != '-' &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

bool is_reserved_slug(std::string_view text) {
  return std::ranges::find(kReservedSlugs, text) != kReservedSlugs.end();
}

std::optional<std::vector<Field>> template_fields(std::string_view name) {
  const auto found = std::ranges::find(kTemplates, name, &Template::name);
  if (found == kTemplates.end()) return std::nullopt;
  std::vector<Field> fields;
  for (const auto key : found->keys)
    if (const auto made = std::ranges::find(kMade, key, &Made::key); !key.empty() && made != kMade.end())
      fields.push_back(made_field(*made));
  return fields;
}

bool is_about_persons(std::string_view name) {
  const auto found = std::ranges::find(kTemplates, name, &Template::name);
  return found != kTemplates.end() && found->persons;
}

}  // namespace annuaires
