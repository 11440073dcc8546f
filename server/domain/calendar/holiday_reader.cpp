// From files to a HolidayBook. The shape of a file is described in the README of this folder.
#include "server/domain/calendar/holidays.h"
#include "server/domain/calendar/zone.h"
#include "server/domain/data_file/fields.h"

#include <algorithm>

namespace cluse::domain::calendar {
namespace {

using data_file::Complaints;
using data_file::Fields;

constexpr std::string_view kCode = "holidays_malformed";
constexpr int kYearMin = 1600;
constexpr int kYearMax = 2500;

std::chrono::weekday read_weekday(Fields& fields, std::string_view key) {
  using std::chrono::weekday;
  return fields.choice<weekday>(key, {{"monday", weekday(1)},
                                      {"tuesday", weekday(2)},
                                      {"wednesday", weekday(3)},
                                      {"thursday", weekday(4)},
                                      {"friday", weekday(5)},
                                      {"saturday", weekday(6)},
                                      {"sunday", weekday(7)}});
}

std::chrono::month_day read_month_day(Fields& fields) {
  const auto month = static_cast<unsigned>(fields.whole("month", 1, 12));
  const auto day = static_cast<unsigned>(fields.whole("day", 1, 31));
  const std::chrono::month_day read{std::chrono::month(month), std::chrono::day(day)};
  if (!read.ok()) fields.complain("day", "no year has such a day");
  return read;
}

HolidayRule read_fixed(Fields& fields) {
  FixedDay rule{read_month_day(fields), std::nullopt};
  if (fields.has("only_if")) {
    Fields condition = fields.table("only_if");
    rule.only_if = FixedDay::Condition{read_month_day(condition), read_weekday(condition, "weekday")};
    condition.finish();
  }
  return rule;
}

HolidayRule read_nth(Fields& fields) {
  WeekdayOfMonth rule{std::chrono::month(static_cast<unsigned>(fields.whole("month", 1, 12))),
                      read_weekday(fields, "weekday"), 1, 0};
  rule.nth = static_cast<unsigned>(fields.whole("nth", 1, 5));
  rule.offset_days = static_cast<int>(fields.whole_if("offset_days", -30, 30).value_or(0));
  return rule;
}

HolidayRule read_rule(Fields& fields) {
  enum class Kind { fixed, easter, nth_weekday };
  switch (fields.choice<Kind>("rule",
                              {{"fixed", Kind::fixed}, {"easter", Kind::easter}, {"nth_weekday", Kind::nth_weekday}})) {
    case Kind::easter: return EasterDay{static_cast<int>(fields.whole("offset_days", -100, 100))};
    case Kind::nth_weekday: return read_nth(fields);
    case Kind::fixed: break;
  }
  return read_fixed(fields);
}

std::optional<int> read_year(Fields& fields, std::string_view key) {
  const auto read = fields.whole_if(key, kYearMin, kYearMax);
  return read ? std::optional(static_cast<int>(*read)) : std::nullopt;
}

/// The source of one day: the table's, unless it names its own.
Source read_source(Fields fields, const Source* otherwise) {
  Source source;
  source.reference =
      otherwise == nullptr ? fields.text("reference") : fields.text_or("reference", otherwise->reference);
  source.words = otherwise == nullptr ? fields.text("words") : fields.text_or("words", otherwise->words);
  source.language = otherwise == nullptr ? fields.text("language") : fields.text_or("language", otherwise->language);
  source.verbatim = fields.flag_or("verbatim", otherwise == nullptr || otherwise->verbatim);
  fields.finish();
  return source;
}

Holiday read_holiday(Fields& fields, const Source& source) {
  Holiday holiday;
  holiday.id = fields.text("id");
  holiday.name_fr = fields.text("name_fr");
  holiday.name_de = fields.text("name_de");
  holiday.rule = read_rule(fields);
  holiday.first_year = read_year(fields, "first_year");
  holiday.last_year = read_year(fields, "last_year");
  holiday.disputed = fields.flag_or("disputed", false);
  holiday.counts = fields.flag_or("counts", true);
  holiday.note = fields.text_or("note", "");
  holiday.source = fields.has("source") ? read_source(fields.table("source"), &source) : source;
  if ((holiday.disputed || !holiday.counts) && holiday.note.empty()) {
    fields.complain("note", "is missing; a day that is disputed or not counted says why");
  }
  if (holiday.first_year && holiday.last_year && *holiday.first_year > *holiday.last_year) {
    fields.complain("last_year", "is before first_year");
  }
  fields.finish();
  return holiday;
}

Result<HolidayTable> read_table(const data_file::File& file) {
  CLUSE_TRY(tree, data_file::parse(file.text, file.name, kCode));
  Complaints complaints(file.name, kCode);
  Fields fields(tree, "", 1, complaints);
  HolidayTable table;
  table.id = fields.text("id");
  table.name_fr = fields.text("name_fr");
  table.name_de = fields.text("name_de");
  table.country = fields.choice<std::string>("country", {{"FR", "FR"}, {"CH", "CH"}});
  table.zone = fields.text("zone");
  if (!table.zone.empty() && !Zone::find(table.zone)) fields.complain("zone", "there is no such time zone");
  table.based_on = fields.text_or("based_on", "");
  fields.text_or("note", "");
  const Source source = read_source(fields.table("source"), nullptr);
  for (Fields& entry : fields.tables("holiday")) {
    Holiday holiday = read_holiday(entry, source);
    const bool twice = std::ranges::any_of(table.days, [&](const Holiday& other) { return other.id == holiday.id; });
    if (twice) entry.complain("id", "\"" + holiday.id + "\" stands twice");
    table.days.push_back(std::move(holiday));
  }
  if (table.days.empty()) fields.complain("holiday", "is missing; at least one [[holiday]] is expected");
  fields.finish();
  CLUSE_CHECK(complaints.result());
  table.data = data_file::canonical(tree);
  return table;
}

}  // namespace

Result<HolidayBook> HolidayBook::load(const std::filesystem::path& folder) {
  CLUSE_TRY(files, data_file::read_folder(folder));
  return read(files);
}

Result<HolidayBook> HolidayBook::read(const std::vector<data_file::File>& files) {
  HolidayBook book;
  for (const data_file::File& file : files) {
    CLUSE_TRY(table, read_table(file));
    const std::string id = table.id;
    if (!book.tables_.emplace(id, std::move(table)).second) {
      return fail(Errc::invalid, kCode, file.name + ": the table \"" + id + "\" stands in another file too", "id");
    }
  }
  // One step: a table stands on one that stands on its own, so that nothing can go round in circles.
  for (auto& [id, table] : book.tables_) {
    if (table.based_on.empty()) continue;
    const HolidayTable* base = book.find(table.based_on);
    if (base == nullptr || !base->based_on.empty()) {
      return fail(Errc::invalid, kCode, id + ": based_on must name a table that is not based on another", "based_on");
    }
    table.data += base->data;
    table.days.insert(table.days.end(), base->days.begin(), base->days.end());
  }
  return book;
}

}  // namespace cluse::domain::calendar
