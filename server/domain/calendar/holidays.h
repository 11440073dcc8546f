// Public holidays, as data: what a table of config/rules/holidays says of a day. No holiday is known to the code.
//
// Immutable once read. Thread: any. Error of the loader: `holidays_malformed`, with file, line and key.
#pragma once

#include "server/domain/calendar/date.h"

#include <filesystem>
#include <map>
#include <optional>
#include <variant>
#include <vector>

namespace cluse::domain::calendar {

/// Where a statement comes from. Every holiday has one.
struct Source {
  std::string reference;  ///< the text and its article
  std::string words;      ///< what it says, in its authentic language
  std::string language;   ///< of the words, BCP 47
  bool verbatim = true;   ///< false: a summary, the text itself was not at hand
};

/// Every year on the same day; `only_if` restricts it to the years in which another day falls on a given weekday
/// (Neuchâtel: 2 January only if 1 January is a Sunday).
struct FixedDay {
  std::chrono::month_day day;
  struct Condition {
    std::chrono::month_day day;
    std::chrono::weekday weekday;
  };
  std::optional<Condition> only_if;
};

/// So many days after Easter Sunday (Good Friday: -2).
struct EasterDay {
  int offset_days = 0;
};

/// The nth such weekday of a month (1 to 5), plus so many days. The Federal Fast Monday is the day after the third
/// Sunday of September, which is not always the third Monday.
struct WeekdayOfMonth {
  std::chrono::month month;
  std::chrono::weekday weekday;
  unsigned nth = 1;
  int offset_days = 0;
};

using HolidayRule = std::variant<FixedDay, EasterDay, WeekdayOfMonth>;

struct Holiday {
  std::string id;  ///< stable within its table: "lundi-de-paques"
  std::string name_fr;
  std::string name_de;
  HolidayRule rule;
  std::optional<int> first_year;
  std::optional<int> last_year;
  bool counts = true;     ///< false: sources dispute it, or it holds in a few places only; it is shown and not counted
  bool disputed = false;  ///< sources say different things; `note` says which
  std::string note;       ///< in French, or empty
  Source source;
};

/// The holidays of one place: a country, or a part of one.
struct HolidayTable {
  std::string id;  ///< "FR", "FR-AM", "CH-BE", …
  std::string name_fr;
  std::string name_de;
  std::string country;        ///< "FR" or "CH"
  std::string zone;           ///< "Europe/Paris"
  std::string based_on;       ///< another table whose days hold here too, or empty
  std::vector<Holiday> days;  ///< its own, then those of `based_on`

  std::string data;  ///< canonical bytes of all that it was read from: what a hash over it is made of

  /// The holiday of that day, one that counts before one that does not; null if it is an ordinary day.
  [[nodiscard]] const Holiday* on(Date date) const;
  /// Neither Saturday nor Sunday nor a holiday that counts.
  [[nodiscard]] bool is_working_day(Date date) const;
  /// All of a year, in the order of their days.
  [[nodiscard]] std::vector<std::pair<Date, const Holiday*>> in_year(int year) const;
};

/// The day of a holiday in a year; nothing if it does not exist that year.
[[nodiscard]] std::optional<Date> day_of(const Holiday& holiday, int year);

/// All tables there are.
class HolidayBook {
 public:
  /// Reads every `*.toml` of a folder. Blocking.
  [[nodiscard]] static Result<HolidayBook> load(const std::filesystem::path& folder);
  [[nodiscard]] static Result<HolidayBook> read(const std::vector<data_file::File>& files);

  /// Null if there is none of that id.
  [[nodiscard]] const HolidayTable* find(std::string_view id) const;
  [[nodiscard]] const std::map<std::string, HolidayTable, std::less<>>& tables() const { return tables_; }

 private:
  std::map<std::string, HolidayTable, std::less<>> tables_;
};

}  // namespace cluse::domain::calendar
