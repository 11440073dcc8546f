// Files that are brought in: how they are read, which column is which field, what a row means.
#pragma once

#include "../app.h"
#include "../text/csv.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace annuaires {

inline constexpr std::int64_t kImportBytesMax = 32 << 20;
inline constexpr std::size_t kPartBytes = 512U << 10, kImportRowsMax = 100'000, kImportColumnsMax = 200,
                             kCellMax = 20'000;

struct Column {
  std::string name, field;  ///< field: "" for none, "email", "address.city", "about.de"
  std::vector<std::string> samples;
};

struct Import {
  Id id = 0, directory = 0;
  std::string name, state, by, step, error;
  std::int64_t size = 0, done = 0, of = 0, kept = 0;
  Moment at = 0;
  std::optional<Id> batch;
  std::string format, encoding, separator, sheet, on_match = "ask";
  std::vector<std::string> sheets, match;
  bool header = true;
  std::vector<Column> columns;
};

[[nodiscard]] Import load_import(Tx& tx, Id id);  ///< throws Failure(404)
void save_import(Tx& tx, const Import& import);
[[nodiscard]] std::string octets_of(Tx& tx, const Import& import);
[[nodiscard]] Value to_value(Context& context, Tx& tx, const Import& import);

/// "xlsx", "vcard" or "csv", by what the file begins with.
[[nodiscard]] std::string detect_format(std::string_view octets);
/// Each row, the head too if it has one (cards have one always). Throws Failure("import_unreadable").
void read_source(const Import& import, std::string_view octets, const std::function<bool(Cells&&)>& on_row);
/// What a column is called to what field it is likely to be; empty for none.
[[nodiscard]] std::string likely_field(const Directory& directory, std::string_view name);
[[nodiscard]] bool is_column_field(const Directory& directory, std::string_view field);

/// A row as values; `organisations` finds one by the key of its name. Cells past the columns are left out.
struct Meant {
  Value values = Value::map();
  std::vector<Problem> problems;
};
[[nodiscard]] Meant meaning_of(const Import& import, const Directory& directory, const Reference& reference,
                               const Cells& cells, const std::map<std::string, Id>& organisations);
/// Values of an entry with those of a row: "fill" takes what is empty, "replace" all that the row has.
[[nodiscard]] Value combined(const Value& old, const Value& row, std::string_view how);

}  // namespace annuaires
