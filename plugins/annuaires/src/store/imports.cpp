#include "imports.h"

#include "../files/sheets.h"
#include "../files/zip.h"
#include "../model/values.h"
#include "../model/words.h"
#include "../services.h"
#include "../text/encoding.h"
#include "../text/fold.h"

#include <algorithm>
#include <array>
#include <utility>

namespace annuaires {
namespace {

using Words = std::pair<std::string_view, std::string_view>;

// Folded names of columns, as they stand in lists that people keep.
constexpr std::array<Words, 62> kNames = {{
    {"nom complet", "name"},
    {"nom fr", "name"},
    {"name fr", "name"},
    {"raison sociale", "name"},
    {"denomination", "name"},
    {"firma", "name"},
    {"bezeichnung", "name"},
    {"nom de", "name.de"},
    {"name de", "name.de"},
    {"prenom", "given"},
    {"vorname", "given"},
    {"first name", "given"},
    {"given name", "given"},
    {"nom de famille", "family"},
    {"nachname", "family"},
    {"last name", "family"},
    {"family name", "family"},
    {"courriel", "email"},
    {"email", "email"},
    {"e mail", "email"},
    {"mail", "email"},
    {"adresse mail", "email"},
    {"adresse email", "email"},
    {"telephone", "phone"},
    {"telefon", "phone"},
    {"phone", "phone"},
    {"tel", "phone"},
    {"fixe", "phone"},
    {"portable", "mobile"},
    {"mobile", "mobile"},
    {"natel", "mobile"},
    {"handy", "mobile"},
    {"mobiltelefon", "mobile"},
    {"rue", "address.street"},
    {"adresse", "address.street"},
    {"strasse", "address.street"},
    {"street", "address.street"},
    {"voie", "address.street"},
    {"code postal", "address.postcode"},
    {"cp", "address.postcode"},
    {"npa", "address.postcode"},
    {"plz", "address.postcode"},
    {"postcode", "address.postcode"},
    {"ville", "address.city"},
    {"localite", "address.city"},
    {"ort", "address.city"},
    {"city", "address.city"},
    {"site", "website"},
    {"site web", "website"},
    {"site internet", "website"},
    {"web", "website"},
    {"url", "website"},
    {"webseite", "website"},
    {"fonction", "function"},
    {"funktion", "function"},
    {"titre", "function"},
    {"poste", "function"},
    {"organisme", "organisation"},
    {"structure", "organisation"},
    {"employeur", "organisation"},
    {"organisation", "organisation"},
    {"note", "note"},
}};

constexpr std::array<std::string_view, 15> kCardHead = {
    "Nom complet", "Prénom", "Nom de famille",    "Organisme", "Fonction", "Courriel", "Téléphone", "Portable", "Rue",
    "Code postal", "Ville",  "Pays de l’adresse", "Site",      "about",    "languages"};

std::string first(const std::vector<std::string>& all) {
  return all.empty() ? std::string() : all.front();
}

void read_card_rows(std::string_view text, const std::function<bool(Cells&&)>& on_row) {
  if (!on_row(Cells(kCardHead.begin(), kCardHead.end()))) return;
  read_cards(text, [&](Card&& card) {
    std::string languages;
    for (const auto& one : card.languages) languages += (languages.empty() ? "" : ",") + one;
    return on_row({card.name, card.given, card.family, card.organisation, card.function, first(card.emails),
                   first(card.phones), first(card.mobiles), card.address.street, card.address.postcode,
                   card.address.city, card.address.country, card.website, card.note, languages});
  });
}

Value columns_to_value(const std::vector<Column>& columns) {
  Value list = Value::array();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    Value samples = Value::array();
    for (const auto& one : columns[i].samples) samples.add(one);
    list.add({{"index", i},
              {"name", columns[i].name},
              {"samples", samples},
              {"field", columns[i].field.empty() ? Value() : Value(columns[i].field)}});
  }
  return list;
}

Value texts_to_value(const std::vector<std::string>& texts) {
  Value list = Value::array();
  for (const auto& one : texts) list.add(one);
  return list;
}

Value settings_of(const Import& import) {
  return {{"format", import.format},
          {"encoding", import.encoding},
          {"separator", import.separator},
          {"sheet", import.sheet},
          {"on_match", import.on_match},
          {"sheets", texts_to_value(import.sheets)},
          {"match", texts_to_value(import.match)},
          {"header", import.header},
          {"columns", columns_to_value(import.columns)}};
}

void take_settings(Import& import, const Value& settings) {
  const auto text = [&](std::string_view key) { return settings[key].get_or<std::string>(""); };
  import.format = text("format");
  import.encoding = text("encoding");
  import.separator = text("separator");
  import.sheet = text("sheet");
  import.on_match = settings["on_match"].get_or<std::string>("ask");
  import.sheets = keys_of(settings["sheets"]);
  import.match = keys_of(settings["match"]);
  import.header = settings["header"].get_or(true);
  for (const Value& one : settings["columns"].items())
    import.columns.push_back(
        {one["name"].get_or<std::string>(""), one["field"].get_or<std::string>(""), keys_of(one["samples"])});
}

// "address.city" is a part of a field; "about.de" its German words.
std::pair<std::string, std::string> split_field(std::string_view field) {
  const auto dot = std::min(field.find('.'), field.size());
  return {std::string(field.substr(0, dot)), std::string(field.substr(std::min(dot + 1, field.size())))};
}

bool is_name(std::string_view key) {
  return key == "name" || key == "given" || key == "family";
}

// What a cell says, put where its column belongs; the checks follow.
void put(Meant& meant, const Directory& directory, const Reference& reference, const std::string& column,
         const std::string& text, const std::map<std::string, Id>& organisations) {
  const auto [key, part] = split_field(column);
  const Field* field = directory.field(key);
  if (is_name(key) || (!part.empty() && field != nullptr)) {
    Value words = meant.values[key].is_map() ? meant.values[key] : Value::map();
    if (key == "given" || key == "family") meant.values.set(key, text);
    else meant.values.set(key, words.set(part.empty() ? "fr" : part, text));
  } else if (field != nullptr && field->type == Type::organisation) {
    const auto found = organisations.find(name_key(text));
    if (found == organisations.end()) meant.problems.push_back({key, "organisation_unknown"});
    else meant.values.set(key, found->second);
  } else if (field != nullptr) {
    meant.values.set(key, from_text(*field, text, reference));
  }
}

}  // namespace

Import load_import(Tx& tx, Id id) {
  const auto rows = tx.all(
      "SELECT id, directory, name, size, state, at, by, batch, settings, step, done, of, kept, error FROM import WHERE "
      "id = ?1",
      id);
  if (rows.empty()) throw Failure(404, "not_found", "import");
  const auto& c = rows.front().items();
  Import out;
  out.id = id;
  out.directory = c[1].as<Id>();
  out.name = c[2].as<std::string>();
  out.size = c[3].as<std::int64_t>();
  out.state = c[4].as<std::string>();
  out.at = c[5].as<Moment>();
  out.by = c[6].as<std::string>();
  out.batch = c[7].get<Id>();
  take_settings(out, Value::from_json(c[8].as<std::string>()).value_or(Value::map()));
  out.step = c[9].as<std::string>();
  out.done = c[10].as<std::int64_t>();
  out.of = c[11].as<std::int64_t>();
  out.kept = c[12].as<std::int64_t>();
  out.error = c[13].as<std::string>();
  return out;
}

void save_import(Tx& tx, const Import& import) {
  tx.run(
      "UPDATE import SET state = ?2, batch = ?3, settings = ?4, step = ?5, done = ?6, of = ?7, kept = ?8, error = ?9 "
      "WHERE id = ?1",
      import.id, import.state, import.batch ? Value(*import.batch) : Value(), settings_of(import).to_json(),
      import.step, import.done, import.of, import.kept, import.error);
}

std::string octets_of(Tx& tx, const Import& import) {
  std::string out;
  for (std::int64_t n = 0; out.size() < static_cast<std::size_t>(import.size); ++n) {
    const auto part =
        tx.one_if<cluse::Octets>("SELECT octets FROM import_part WHERE import = ?1 AND n = ?2", import.id, n);
    if (!part || part->data.empty()) throw Failure(409, "import_incomplete");
    out += part->data;
  }
  return out;
}

Value to_value(Context& context, Tx& tx, const Import& import) {
  Value counts = Value::map();
  std::int64_t rows = 0;
  for (const std::string_view state :
       {"new", "matched", "ambiguous", "problem", "skipped", "created", "changed", "unchanged"})
    counts.set(state, 0);
  for (const auto& row : tx.all("SELECT state, count(*) FROM import_row WHERE import = ?1 GROUP BY state", import.id)) {
    counts.set(row.items()[0].as<std::string>(), row.items()[1]);
    rows += row.items()[1].as<std::int64_t>();
  }
  counts.set("rows", rows);
  counts.set("problems", counts["problem"]);
  counts.set("kept", import.kept);
  const auto received =
      tx.one<std::int64_t>("SELECT coalesce(sum(length(octets)), 0) FROM import_part WHERE import = ?1", import.id);
  Value out = settings_of(import);
  out.set("id", import.id);
  out.set("directory", context.directory(tx, import.directory).slug);
  out.set("name", import.name);
  out.set("size", import.size);
  out.set("received", received);
  out.set("state", import.state);
  out.set("at", iso(import.at));
  out.set("by", services::person(context.app().host(), context.call(), import.by));
  out.set("batch", import.batch ? Value(*import.batch) : Value());
  out.set("progress", {{"step", import.step}, {"done", import.done}, {"of", import.of}});
  out.set("counts", counts);
  out.set("error", import.error.empty() ? Value() : Value(import.error));
  return out;
}

std::string detect_format(std::string_view octets) {
  if (octets.starts_with("PK\x03\x04")) return "xlsx";
  const auto start = octets.substr(0, 400);
  return start.find("BEGIN:VCARD") != std::string_view::npos || start.find("begin:vcard") != std::string_view::npos
             ? "vcard"
             : "csv";
}

void read_source(const Import& import, std::string_view octets, const std::function<bool(Cells&&)>& on_row) {
  std::size_t rows = 0;
  const auto limited = [&](Cells&& cells) {
    if (++rows > kImportRowsMax + 1) throw Failure(413, "import_too_large");
    if (cells.size() > kImportColumnsMax) cells.resize(kImportColumnsMax);
    for (auto& cell : cells) {
      cell = without_guard(std::string(trimmed(cell)));
      if (cell.size() > kCellMax) cell = cut(cell, kCellMax);
    }
    return on_row(std::move(cells));
  };
  try {
    if (import.format == "xlsx") read_xlsx(octets, import.sheet, limited);
    else if (import.format == "vcard") read_card_rows(to_utf8(octets, import.encoding), limited);
    else read_csv(to_utf8(octets, import.encoding), import.separator.empty() ? ';' : import.separator.front(), limited);
  } catch (const ZipError&) {
    throw Failure(422, "import_unreadable");
  }
}

std::string likely_field(const Directory& directory, std::string_view name) {
  const std::string folded = fold(name);
  if (folded == "nom" || folded == "name") return directory.about == "person" ? "family" : "name";
  for (const Field& field : directory.fields) {
    if (field.archived) continue;
    const std::string fr = fold(in(field.label, "fr")), de = fold(in(field.label, "de"));
    const bool is_address = field.type == Type::address;
    if (!is_address && (folded == fold(field.key) || folded == fr || folded == de)) return field.key;
    if (field.bilingual && (folded == fr + " fr" || folded == fr + " de" || folded == de + " de"))
      return field.key + (folded.ends_with(" fr") ? ".fr" : ".de");
  }
  const auto known = std::ranges::find(kNames, folded, &Words::first);
  return known != kNames.end() && is_column_field(directory, known->second) ? std::string(known->second)
                                                                            : std::string();
}

bool is_column_field(const Directory& directory, std::string_view name) {
  const auto [key, part] = split_field(name);
  if (is_name(key)) return part.empty() || (key == "name" && (part == "de" || part == "fr"));
  const Field* field = directory.field(key);
  if (field == nullptr || field->archived) return false;
  if (field->type == Type::address)
    return part == "street" || part == "postcode" || part == "city" || part == "country";
  return part.empty() || (field->bilingual && (part == "fr" || part == "de"));
}

Meant meaning_of(const Import& import, const Directory& directory, const Reference& reference, const Cells& cells,
                 const std::map<std::string, Id>& organisations) {
  Meant meant;
  for (std::size_t i = 0; i < cells.size() && i < import.columns.size(); ++i)
    if (!import.columns[i].field.empty() && !cells[i].empty())
      put(meant, directory, reference, import.columns[i].field, cells[i], organisations);
  Value values = Value::map();
  for (const auto& [key, value] : meant.values.entries()) {
    const Field* field = directory.field(key);
    Value one =
        field == nullptr ? checked_name(key, value, meant.problems) : checked(*field, value, reference, meant.problems);
    if (!one.is_null()) values.set(key, std::move(one));
  }
  meant.values = std::move(values);
  Entry entry;
  entry.data = meant.values;
  if (in(name_of(entry), "fr").empty())
    meant.problems.push_back({directory.about == "person" ? "family" : "name", "field_missing"});
  return meant;
}

Value combined(const Value& old, const Value& row, std::string_view how) {
  Value out = old;
  for (const auto& [key, value] : row.entries())
    if (how == "replace" || old[key].is_null()) out.set(key, value);
  return out;
}

}  // namespace annuaires
