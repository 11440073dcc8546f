// Rates: the tables of exchange rates that an instance keeps, imported from the files of their sources by
// administrators.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/actor.h"
#include "server/domain/money/rate_files.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cluse::domain {

struct RateFile {
  std::string name;                  ///< as it was called at the sender's
  std::string bytes;                 ///< as published: ECB CSV or XML, InfoEuro CSV
  std::optional<CivilDate> month{};  ///< of an InfoEuro file that does not name its month: its first day
};

/// What a file would add, or has added.
struct RateImport {
  money::RateSource source = money::RateSource::ecb;
  std::optional<CivilDate> first{}, last{};  ///< of the file
  std::size_t known = 0;                     ///< lines that the table has already
  std::vector<money::Rate> added{};          ///< by ascending date
  std::vector<money::RateFileProblem>
      problems{};  ///< by line, at most money::kRateFileProblemsMax; none after an import
  bool whole() const { return problems.empty(); }
};

/// One table, in short.
struct RateTableInfo {
  money::RateSource source = money::RateSource::ecb;
  CivilDate first, last;
  std::int64_t count = 0;
  money::Quote latest;
};

/// One import that has been done.
struct PastImport {
  money::RateSource source = money::RateSource::ecb;
  std::string file_name;
  std::int64_t added = 0;
  Instant at;
  std::string by;  ///< a person's name; empty: the command line
};

struct RateOverview {
  std::vector<RateTableInfo> tables;
  std::vector<PastImport> imports;  ///< the latest first, at most kPastImportsMax
};

inline constexpr int kPastImportsMax = 20;
inline constexpr int kRatesListedMax = 400;

/// Reads, checks and writes `file` inside the caller's transaction. Codes: those of money::RateFileProblem (`field` is
/// "line:12") and of RateTable::append, "rate_file_nothing_new".
Result<RateImport> import_rates(storage::Transaction& tx, const RateFile& file, std::optional<Id> by, Instant now);

/// What Rates::on answers, for whoever reads already. Thread: the one that runs the closure.
[[nodiscard]] Result<money::Quote> quote_on(storage::Snapshot& snapshot, money::RateSource source, CivilDate date);

/// Thread: any. Reading is for everybody who is signed in; the caller sees to it.
class Rates {
 public:
  explicit Rates(Environment environment) : environment_(environment) {}

  /// What `import` would do; every refused line is named and nothing is written. Administrators.
  Task<Result<RateImport>> preview(Actor actor, RateFile file);
  /// All of the file or nothing. Administrators. Codes: those of `import_rates`.
  Task<Result<RateImport>> import(Actor actor, RateFile file);

  Task<Result<RateOverview>> overview();
  /// Published before or on `until`, the latest first, at most kRatesListedMax.
  Task<Result<std::vector<money::Rate>>> list(money::RateSource source, std::optional<CivilDate> until);
  /// The last rate published on or before `date`. Codes: "rate_none_before", "rate_not_yet".
  Task<Result<money::Quote>> on(money::RateSource source, CivilDate date);
  /// With the rate of that day and its stamp. Codes: those of `on` and of money::convert.
  Task<Result<money::ConvertedAmount>> convert(money::Amount amount, money::Currency to, money::RateSource source,
                                               CivilDate date);

 private:
  const Environment environment_;
};

}  // namespace cluse::domain
