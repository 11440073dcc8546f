#include "server/storage/copy_tables.h"

#include <algorithm>
#include <string>

namespace cluse::storage {
namespace {

constexpr std::string_view kOwn = "schema_migrations";  // both have their own
constexpr int kPage = 500;

std::string joined(const std::vector<std::string>& names, std::string_view each = {}) {
  std::string list;
  for (const std::string& name : names) {
    if (!list.empty()) list += ", ";
    list += each.empty() ? name : std::string(each);
  }
  return list;
}

/// The rows of a table in the order of its key, a page at a time.
class Pages {
 public:
  Pages(Snapshot& from, const Table& table) : from_(from), table_(table) {
    for (const std::string& name : table.key)
      key_.push_back(static_cast<std::size_t>(std::ranges::find(table.columns, name) - table.columns.begin()));
  }

  /// Empty after the last.
  std::vector<Row> next() {
    const std::string start = "SELECT " + joined(table_.columns) + " FROM " + table_.name;
    const std::string end = " ORDER BY " + joined(table_.key) + " LIMIT " + std::to_string(kPage);
    auto rows = last_.empty()
                    ? from_.all(start + end)
                    : from_.all(start + " WHERE (" + joined(table_.key) + ") > (" + joined(table_.key, "?") + ")" + end,
                                Parameters(std::span<const Value>(last_)));
    if (rows.empty()) return rows;
    last_.clear();
    for (const std::size_t column : key_) last_.push_back(rows.back().columns()[column]);
    return rows;
  }

 private:
  Snapshot& from_;
  const Table& table_;
  std::vector<std::size_t> key_;
  std::vector<Value> last_;
};

/// The tables to copy, as `source` has them. The columns of `target` may stand in another order.
Result<std::vector<Table>> common_tables(Snapshot& source, Snapshot& target) {
  std::vector<Table> ours = source.tables();
  const std::vector<Table> theirs = target.tables();
  for (const Table& table : ours) {
    const auto same = std::ranges::find(theirs, table.name, &Table::name);
    const bool is_same = same != theirs.end() && same->key == table.key && !table.key.empty() &&
                         std::ranges::is_permutation(same->columns, table.columns);
    if (!is_same || theirs.size() != ours.size()) return fail(Errc::conflict, "schema_differs", table.name);
  }
  std::erase_if(ours, [](const Table& table) { return table.name == kOwn; });
  return ours;
}

Result<std::size_t> copy_table(Snapshot& source, Transaction& target, const Table& table) {
  if (target.one("SELECT 1 FROM " + table.name + " LIMIT 1"))
    return fail(Errc::conflict, "target_not_empty", table.name);
  const std::string insert =
      "INSERT INTO " + table.name + " (" + joined(table.columns) + ") VALUES (" + joined(table.columns, "?") + ")";
  std::size_t count = 0;
  Pages pages(source, table);
  for (auto rows = pages.next(); !rows.empty(); rows = pages.next()) {
    for (const Row& row : rows) target.run(insert, Parameters(std::span<const Value>(row.columns())));
    count += rows.size();
  }
  return count;
}

/// A whole number may come back as a real one where the column says so.
bool is_same(const Value& a, const Value& b) {
  if (a == b) return true;
  const auto number = [](const Value& value) -> std::optional<double> {
    if (const auto* whole = std::get_if<std::int64_t>(&value.data())) return static_cast<double>(*whole);
    if (const auto* real = std::get_if<double>(&value.data())) return *real;
    return std::nullopt;
  };
  return number(a).has_value() && number(a) == number(b);
}

Result<void> compare_table(Snapshot& source, Snapshot& target, const Table& table) {
  Pages ours(source, table);
  Pages theirs(target, table);
  for (;;) {
    const auto left = ours.next();
    const auto right = theirs.next();
    const bool same = std::ranges::equal(
        left, right, [](const Row& a, const Row& b) { return std::ranges::equal(a.columns(), b.columns(), is_same); });
    if (!same) return fail(Errc::internal, "copy_differs", table.name);
    if (left.empty()) return {};
  }
}

}  // namespace

Result<CopyReport> copy_tables(Snapshot& source, Transaction& target) {
  CLUSE_TRY(tables, common_tables(source, target));
  target.defer_references();
  CopyReport report;
  for (const Table& table : tables) {
    CLUSE_TRY(rows, copy_table(source, target, table));
    ++report.tables;
    report.rows += rows;
  }
  for (const Table& table : tables) CLUSE_CHECK(compare_table(source, target, table));
  return report;
}

Result<CopyReport> copy_tables(Database& source, Database& target) {
  return source.read_now([&](Snapshot& from) -> Result<CopyReport> {
    return target.write_now([&](Transaction& to) -> Result<CopyReport> { return copy_tables(from, to); });
  });
}

}  // namespace cluse::storage
