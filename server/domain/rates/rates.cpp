#include "server/domain/rates/rates.h"

#include "server/base/assert.h"
#include "server/domain/text.h"
#include "server/storage/sha256.h"

#include <utility>

namespace cluse::domain {
namespace {

constexpr std::size_t kFileNameMax = 200;

money::Rate rate_from(const storage::Row& row) {
  const auto date = parse_civil_date(row.text(0));
  const auto value = money::Decimal::parse(row.text(1));
  CLUSE_ASSERT(date && value, "rates were checked before they were written");
  return {*date, *value};
}

std::vector<money::Rate> rates_from(const std::vector<storage::Row>& rows) {
  std::vector<money::Rate> rates;
  rates.reserve(rows.size());
  for (const auto& row : rows) rates.push_back(rate_from(row));
  return rates;
}

std::string text_of(money::RateSource source) {
  return std::string(money::code_of(source));
}

money::RateTable read_table(storage::Snapshot& snapshot, money::RateSource source) {
  money::RateTable table(source);
  const auto kept = rates_from(snapshot.all(
      "SELECT published_on, chf_per_eur FROM exchange_rate WHERE source = ? ORDER BY published_on", {text_of(source)}));
  const auto appended = table.append(kept);
  CLUSE_ASSERT(appended.has_value(), "the table was whole when it was written");
  return table;
}

// A rate of the table that the file writes otherwise, or that would fall into its past, stands on a line that the
// reader no longer knows: the date names it.
money::RateFileProblem problem_of(const Error& error) {
  return {0, error.code, error.detail};
}

// Pure but for the table that it reads.
RateImport read_file(storage::Snapshot& snapshot, const RateFile& file) {
  const auto kind = money::kind_of(file.bytes);
  auto reading = money::read_rate_file(kind, file.bytes, file.month);
  RateImport import;
  import.source = money::source_of(kind);
  import.problems = std::move(reading.problems);
  if (!import.whole()) return import;
  import.first = reading.rates.front().date;
  import.last = reading.rates.back().date;
  auto table = read_table(snapshot, import.source);
  const auto before = table.rates();
  if (const auto appended = table.append(reading.rates); !appended) {
    import.problems.push_back(problem_of(appended.error()));
    return import;
  }
  for (const auto& rate : reading.rates) {
    if (before.contains(rate.date)) ++import.known;
    else import.added.push_back(rate);
  }
  return import;
}

std::optional<RateTableInfo> table_info(storage::Snapshot& snapshot, money::RateSource source) {
  const auto row = snapshot.one(
      "SELECT COUNT(*), MIN(published_on), MAX(published_on) FROM exchange_rate WHERE source = ?", {text_of(source)});
  if (!row || row->integer(0) == 0) return std::nullopt;
  const auto last = parse_civil_date(row->text(2));
  const auto latest = quote_on(snapshot, source, *last);
  CLUSE_ASSERT(latest.has_value(), "the table has this day");
  return RateTableInfo{source, *parse_civil_date(row->text(1)), *last, row->integer(0), *latest};
}

}  // namespace

// The last rate up to `date` and the first after it: all that the table's answer about that day hangs on.
Result<money::Quote> quote_on(storage::Snapshot& snapshot, money::RateSource source, CivilDate date) {
  const std::string day = to_iso(date);
  auto around = rates_from(
      snapshot.all("SELECT published_on, chf_per_eur FROM exchange_rate WHERE source = ? AND published_on <= ? "
                   "ORDER BY published_on DESC LIMIT 1",
                   {text_of(source), day}));
  const auto after = rates_from(
      snapshot.all("SELECT published_on, chf_per_eur FROM exchange_rate WHERE source = ? AND published_on > ? "
                   "ORDER BY published_on LIMIT 1",
                   {text_of(source), day}));
  around.insert(around.end(), after.begin(), after.end());
  money::RateTable table(source);
  CLUSE_CHECK(table.append(around));
  return table.on(date);
}

Result<RateImport> import_rates(storage::Transaction& tx, const RateFile& file, std::optional<Id> by, Instant now) {
  CLUSE_TRY(name, clean_line(file.name, "filename", kFileNameMax, false));
  RateImport import = read_file(tx, file);
  if (!import.whole()) return std::unexpected(import.problems.front().to_error());
  if (import.added.empty()) return fail(Errc::conflict, "rate_file_nothing_new", "every rate is known");
  const Id id = new_id(now);
  tx.run(
      "INSERT INTO rate_import (id, source, file_name, file_sha256, added, imported_at, imported_by) "
      "VALUES (?, ?, ?, ?, ?, ?, ?)",
      {id, text_of(import.source), name, storage::sha256_hex(file.bytes),
       static_cast<std::int64_t>(import.added.size()), now, by});
  for (const auto& rate : import.added)
    tx.run("INSERT INTO exchange_rate (source, published_on, chf_per_eur, import_id) VALUES (?, ?, ?, ?)",
           {text_of(import.source), to_iso(rate.date), rate.chf_per_eur.to_string(), id});
  return import;
}

Task<Result<RateImport>> Rates::preview(Actor actor, RateFile file) {
  if (!actor.may(rights::Permission::references_manage)) co_return fail(Errc::denied, "denied");
  auto body = [file = std::move(file)](storage::Snapshot& snapshot) -> Result<RateImport> {
    return read_file(snapshot, file);
  };
  auto read = co_await environment_.database.read(std::move(body));
  co_return read;
}

Task<Result<RateImport>> Rates::import(Actor actor, RateFile file) {
  if (!actor.may(rights::Permission::references_manage)) co_return fail(Errc::denied, "denied");
  auto body = [file = std::move(file), by = actor.person_id, now = environment_.clock.now()](
                  storage::Transaction& tx) -> Result<RateImport> { return import_rates(tx, file, by, now); };
  auto written = co_await environment_.database.write(std::move(body));
  co_return written;
}

Task<Result<RateOverview>> Rates::overview() {
  auto body = [](storage::Snapshot& snapshot) -> Result<RateOverview> {
    RateOverview overview;
    for (const auto source : {money::RateSource::ecb, money::RateSource::infoeuro})
      if (const auto info = table_info(snapshot, source)) overview.tables.push_back(*info);
    for (const auto& row :
         snapshot.all("SELECT i.source, i.file_name, i.added, i.imported_at, p.name FROM rate_import i "
                      "LEFT JOIN person p ON p.id = i.imported_by ORDER BY i.imported_at DESC, i.id DESC LIMIT ?",
                      {kPastImportsMax}))
      overview.imports.push_back({*money::parse_rate_source(row.text(0)), row.text(1), row.integer(2), row.instant(3),
                                  row.is_null(4) ? std::string() : row.text(4)});
    return overview;
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<std::vector<money::Rate>>> Rates::list(money::RateSource source, std::optional<CivilDate> until) {
  auto body = [source, until](storage::Snapshot& snapshot) -> Result<std::vector<money::Rate>> {
    return rates_from(
        snapshot.all("SELECT published_on, chf_per_eur FROM exchange_rate WHERE source = ? AND published_on <= ? "
                     "ORDER BY published_on DESC LIMIT ?",
                     {text_of(source), until ? to_iso(*until) : std::string("9999-12-31"), kRatesListedMax}));
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<money::Quote>> Rates::on(money::RateSource source, CivilDate date) {
  auto body = [source, date](storage::Snapshot& snapshot) { return quote_on(snapshot, source, date); };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<money::ConvertedAmount>> Rates::convert(money::Amount amount, money::Currency to, money::RateSource source,
                                                    CivilDate date) {
  auto quote = co_await on(source, date);
  if (!quote) co_return std::unexpected(std::move(quote).error());
  co_return money::convert(amount, to, *quote);
}

}  // namespace cluse::domain
