// Entries as files: tables, cards, and for printing. Each reader gets what he may see.
#include "routes.h"
#include "shared.h"

#include "../files/pdf.h"
#include "../files/sheets.h"
#include "../model/values.h"
#include "../model/words.h"
#include "../services.h"
#include "../text/days.h"
#include "../text/fold.h"

#include <algorithm>
#include <array>
#include <map>

namespace annuaires::routes {
namespace {

constexpr std::size_t kExportMax = 100'000, kPrintMax = 5'000, kBytesMax = 15U << 20, kAtOnce = 2'000;
constexpr std::string_view kMark = "\xef\xbb\xbf";

struct Format {
  std::string_view name, type;
};
constexpr Format kFormats[] = {{"csv", "text/csv; charset=utf-8"},
                               {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
                               {"ods", "application/vnd.oasis.opendocument.spreadsheet"},
                               {"vcf", "text/vcard; charset=utf-8"},
                               {"pdf", "application/pdf"}};

/// What is exported, a piece at a time.
struct Selection {
  std::vector<Id> ids;
  std::optional<Directory> directory;
  std::string title, file;
};

Selection select(Context& context, Tx& tx, const Request& request, std::optional<std::string> slug) {
  Selection out;
  Query query = query_of(context, request);
  query.after.reset();
  if (slug) {
    out.directory = context.directory(tx, *slug);
    query.directory = out.directory->id;
  }
  out.title = out.directory ? in(out.directory->name, context.language())
                            : services::text(context.app().host(), context.language(), "plugin.name");
  out.file = (out.directory ? out.directory->slug : "annuaires") + "-" + day_of(context.now());
  out.ids = find_all(tx, query, kExportMax + 1);
  if (out.ids.size() > kExportMax) throw Failure(413, "export_too_large");
  return out;
}

template <class F>
void each(Context& context, Tx& tx, const Selection& selection, F&& body) {
  for (std::size_t i = 0; i < selection.ids.size(); i += kAtOnce) {
    const auto part = std::span(selection.ids).subspan(i, std::min(kAtOnce, selection.ids.size() - i));
    const auto entries = load_entries(tx, part);
    std::vector<Id> organisations;
    for (const Entry& entry : entries)
      if (const auto id = entry.value("organisation").get<Id>()) organisations.push_back(*id);
    const auto refs = refs_of(tx, organisations, context.reader().audience);
    for (const Entry& entry : entries) {
      const auto ref = refs.find(entry.value("organisation").get_or<Id>(0));
      body(entry, ref == refs.end() ? std::string() : in(ref->second["name"], context.language()));
    }
  }
}

// ---------------------------------------------------------------------------------------------------------- tables

/// One column: of a name, or of a field, or a part of one.
struct Column {
  std::string key, part, title;
  const Field* field = nullptr;
};

std::string words(Context& context, std::string_view key) {
  return services::text(context.app().host(), context.language(), key);
}

void add_field_columns(Context& context, const Field& field, std::vector<Column>& columns) {
  const std::string title = in(field.label, context.language());
  if (field.type == Type::address) {
    for (const std::string part : {"street", "postcode", "city", "country"})
      columns.push_back({field.key, part, words(context, "export." + part), &field});
  } else if (field.bilingual) {
    columns.push_back({field.key, "fr", title + " (fr)", &field});
    columns.push_back({field.key, "de", title + " (de)", &field});
  } else {
    columns.push_back({field.key, "", title, &field});
  }
}

std::vector<Column> columns_of(Context& context, const std::vector<Field>& fields, bool persons) {
  std::vector<Column> columns;
  columns.push_back({"name", "fr", words(context, "export.name") + " (fr)", nullptr});
  columns.push_back({"name", "de", words(context, "export.name") + " (de)", nullptr});
  if (persons) {
    columns.push_back({"given", "", words(context, "export.given"), nullptr});
    columns.push_back({"family", "", words(context, "export.family"), nullptr});
  }
  for (const Field& field : fields)
    if (!field.archived) add_field_columns(context, field, columns);
  columns.push_back({"@updated", "", words(context, "export.updated"), nullptr});
  return columns;
}

std::string cell(Context& context, Tx& tx, const Directory& directory, const Entry& entry, const Column& column,
                 const std::string& organisation) {
  if (column.key == "@updated") return day_of(entry.updated_at);
  if (column.field == nullptr) {
    const Value& value = column.key == "name" ? name_of(entry) : entry.value(column.key);
    return column.part.empty() ? in(value, "fr") : value[column.part].get_or<std::string>("");
  }
  const Field* field = directory.field(column.key);
  if (field == nullptr || entry.value(column.key).is_null() ||
      !sees(context.reader_of(entry), audience_of(directory, entry, *field)))
    return {};
  const Value& value = entry.value(column.key);
  if (field->type == Type::organisation) return organisation;
  if (!column.part.empty())
    return value.is_map()        ? value[column.part].get_or<std::string>("")
           : column.part == "fr" ? value.get_or<std::string>("")
                                 : "";
  return shown(*field, value, context.reference(tx), context.language());
}

// Of all directories: the fields of each, once, by key.
std::vector<Field> fields_of(Context& context, Tx& tx, const Selection& selection) {
  if (selection.directory) return selection.directory->fields;
  std::vector<Field> fields;
  for (const Directory& directory : context.app().directories(tx))
    for (const Field& field : directory.fields)
      if (std::ranges::find(fields, field.key, &Field::key) == fields.end()) fields.push_back(field);
  return fields;
}

bool has_persons(const Selection& selection) {
  return !selection.directory || selection.directory->about == "person";
}

template <class F>
void each_row(Context& context, Tx& tx, const Selection& selection, F&& body) {
  const auto fields = fields_of(context, tx, selection);
  const auto columns = columns_of(context, fields, has_persons(selection));
  Cells head;
  for (const Column& column : columns) head.push_back(column.title);
  body(std::move(head));
  each(context, tx, selection, [&](const Entry& entry, const std::string& organisation) {
    const Directory& directory = context.directory(tx, entry.directory);
    Cells row;
    for (const Column& column : columns) row.push_back(cell(context, tx, directory, entry, column, organisation));
    body(std::move(row));
  });
}

std::string table_csv(Context& context, Tx& tx, const Selection& selection) {
  std::string out(kMark);
  each_row(context, tx, selection, [&](Cells&& row) {
    append_csv_row(out, row, ';');
    if (out.size() > kBytesMax) throw Failure(413, "export_too_large");
  });
  return out;
}

std::vector<Cells> table_rows(Context& context, Tx& tx, const Selection& selection) {
  std::vector<Cells> rows;
  std::size_t bytes = 0;
  each_row(context, tx, selection, [&](Cells&& row) {
    for (const auto& one : row) bytes += one.size() + 60;
    if (bytes > kBytesMax * 4) throw Failure(413, "export_too_large");
    rows.push_back(std::move(row));
  });
  return rows;
}

// ----------------------------------------------------------------------------------------------- cards and printing

std::string cards(Context& context, Tx& tx, const Selection& selection, VcardVersion version) {
  std::string out;
  each(context, tx, selection, [&](const Entry& entry, const std::string& organisation) {
    out += write_card(card_of(context.directory(tx, entry.directory), entry, context.reference(tx),
                              context.reader_of(entry), organisation),
                      version);
    if (out.size() > kBytesMax) throw Failure(413, "export_too_large");
  });
  return out;
}

// As one writes them: numbers in groups of three, days in words, addresses with their country.
std::string grouped(std::string digits, std::string_view between) {
  if (!std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) return digits;
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), between);
  return digits;
}

std::string day_in_words(const std::string& day, std::string_view language) {
  constexpr std::array<std::array<std::string_view, 12>, 2> kMonths = {
      {{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre"},
       {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
        "Dezember"}}};
  if (!read_day(day)) return day;
  const auto month = static_cast<std::size_t>(std::stoi(day.substr(5, 2)) - 1);
  const std::string number = std::to_string(std::stoi(day.substr(8, 2)));
  if (language == "de") return number + ". " + std::string(kMonths[1].at(month)) + " " + day.substr(0, 4);
  return number + (number == "1" ? "er " : " ") + std::string(kMonths[0].at(month)) + " " + day.substr(0, 4);
}

std::string address_line(const Value& value, std::string_view language) {
  Address address = address_of(value);
  for (auto at = address.street.find('\n'); at != std::string::npos; at = address.street.find('\n', at))
    address.street.replace(at, 1, ", ");
  if (const Word* country = word(country_words(), address.country)) address.country = in(label(*country), language);
  const auto gap = address.postcode.empty() || address.city.empty() ? "" : " ";
  std::string line = address.street;
  for (const auto& part : {address.postcode + gap + address.city, address.country})
    if (!part.empty()) line += (line.empty() ? "" : ", ") + part;
  return line;
}

std::string printed_value(Context& context, Tx& tx, const Field& field, const Value& value) {
  const auto language = context.language();
  if (field.type == Type::address) return address_line(value, language);
  const auto text = shown(field, value, context.reference(tx), language);
  if (field.type == Type::number) return grouped(text, language == "fr" ? "\u202f" : "’");
  return field.type == Type::date ? day_in_words(text, language) : text;
}

PrintedEntry printed(Context& context, Tx& tx, const Entry& entry, const std::string& organisation) {
  const Directory& directory = context.directory(tx, entry.directory);
  const std::string colon = context.language() == "fr" ? "\u00a0: " : ": ";
  PrintedEntry out;
  out.name = in(name_of(entry), context.language());
  const auto family = in(entry.value("family"), "fr");
  out.sorted = fold(family.empty() ? out.name : family);
  out.letter = out.sorted.empty() ? "#"
               : out.sorted.front() >= '0' && out.sorted.front() <= '9'
                   ? "0–9"
                   : std::string(1, static_cast<char>(out.sorted.front() & ~0x20));
  for (const Field& field : directory.fields) {
    const Value& value = entry.value(field.key);
    if (field.archived || value.is_null() || !sees(context.reader_of(entry), audience_of(directory, entry, field)))
      continue;
    const auto text = field.type == Type::organisation ? organisation : printed_value(context, tx, field, value);
    if (text.empty()) continue;
    if (field.key == "function" || field.key == "role") out.subtitle = text;
    else out.lines.push_back({in(field.label, context.language()) + colon, cut(text, 400)});
  }
  return out;
}

std::string print(Context& context, Tx& tx, const Selection& selection) {
  if (selection.ids.size() > kPrintMax) throw Failure(413, "export_too_large");
  PrintedDirectory out;
  out.title = selection.title;
  out.author = "Cluse";
  out.subtitle = services::text(
      context.app().host(), context.language(), "export.printed",
      {{"count", selection.ids.size()}, {"day", day_in_words(day_of(context.now()), context.language())}});
  out.page_words = words(context, "export.page_before") + " {n} / {of}";
  each(context, tx, selection, [&](const Entry& entry, const std::string& organisation) {
    out.entries.push_back(printed(context, tx, entry, organisation));
  });
  // The list is ordered by the French names; what is printed, by those that are printed.
  std::ranges::stable_sort(out.entries, {}, &PrintedEntry::sorted);
  return write_pdf(out);
}

Response export_file(Context& context, const Request& request, std::optional<std::string> slug) {
  const std::string name = request.param("format");
  const auto format = std::ranges::find(kFormats, name, &Format::name);
  if (format == std::end(kFormats)) throw Failure(404, "not_found", "format");
  const auto version = request.query("version") == "3.0" ? VcardVersion::v3 : VcardVersion::v4;
  return context.read([&](Tx& tx) {
    const Selection selection = select(context, tx, request, slug);
    std::string body;
    if (name == "csv") body = table_csv(context, tx, selection);
    else if (name == "xlsx") body = write_xlsx(selection.title, table_rows(context, tx, selection));
    else if (name == "ods") body = write_ods(selection.title, table_rows(context, tx, selection));
    else if (name == "vcf") body = cards(context, tx, selection, version);
    else body = print(context, tx, selection);
    if (body.size() > kBytesMax) throw Failure(413, "export_too_large");
    return Response{200,
                    {{"content-type", std::string(format->type)},
                     {"content-disposition", "attachment; filename=\"" + selection.file + "." + name + "\""},
                     {"cache-control", "no-store"}},
                    std::move(body)};
  });
}

}  // namespace

Response export_directory(Context& context, const Request& request) {
  return export_file(context, request, request.param("directory"));
}

Response export_all(Context& context, const Request& request) {
  return export_file(context, request, std::nullopt);
}

Response export_card(Context& context, const Request& request) {
  const auto version = request.query("version") == "3.0" ? VcardVersion::v3 : VcardVersion::v4;
  return context.read([&](Tx& tx) {
    const Entry entry = seen_entry(context, tx, id_param(request, "entry"));
    std::string text;
    each(context, tx, {{entry.id}, std::nullopt, "", ""}, [&](const Entry& one, const std::string& organisation) {
      text = write_card(card_of(context.directory(tx, one.directory), one, context.reference(tx),
                                context.reader_of(one), organisation),
                        version);
    });
    return Response{200,
                    {{"content-type", "text/vcard; charset=utf-8"},
                     {"content-disposition", "attachment; filename=\"" + entry.uid.substr(0, 8) + ".vcf\""}},
                    std::move(text)};
  });
}

}  // namespace annuaires::routes
