#include "days.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace annuaires {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;
using Milliseconds = std::chrono::sys_time<std::chrono::milliseconds>;

Milliseconds time_of(Moment at) {
  return Milliseconds(std::chrono::milliseconds(at));
}

std::string text_of(const year_month_day& day) {
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02u", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return out.data();
}

std::optional<int> number(std::string_view digits) {
  int value = 0;
  const auto [at, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || at != digits.data() + digits.size() || digits.empty()) return std::nullopt;
  return value;
}

}  // namespace

Moment moment_of(std::chrono::system_clock::time_point at) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

std::string day_of(Moment at) {
  return text_of(year_month_day(std::chrono::floor<std::chrono::days>(time_of(at))));
}

std::string iso(Moment at) {
  const auto day = std::chrono::floor<std::chrono::days>(time_of(at));
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time_of(at) - day));
  std::array<char, 16> out{};
  std::snprintf(out.data(), out.size(), "T%02d:%02d:%02dZ", static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  return day_of(at) + out.data();
}

std::optional<std::string> read_day(std::string_view text) {
  if (text.size() < 8 || text.size() > 10) return std::nullopt;
  const auto mark = text.find_first_of("-./");
  const auto second = mark == std::string_view::npos ? mark : text.find(text[mark], mark + 1);
  if (second == std::string_view::npos) return std::nullopt;
  auto first = number(text.substr(0, mark));
  const auto month = number(text.substr(mark + 1, second - mark - 1));
  auto last = number(text.substr(second + 1));
  if (!first || !month || !last) return std::nullopt;
  if (mark != 4) std::swap(first, last);
  if (*first < 1000 || *first > 9999 || *month < 1 || *last < 1) return std::nullopt;
  const year_month_day day{std::chrono::year(*first), std::chrono::month(static_cast<unsigned>(*month)),
                           std::chrono::day(static_cast<unsigned>(*last))};
  if (!day.ok()) return std::nullopt;
  return text_of(day);
}

Moment add_months(Moment at, int months) {
  const auto day = std::chrono::floor<std::chrono::days>(time_of(at));
  year_month_day then = year_month_day(day) + std::chrono::months(months);
  if (!then.ok()) then = then.year() / then.month() / std::chrono::last;
  return at + std::chrono::duration_cast<std::chrono::milliseconds>(sys_days(then) - day).count();
}

}  // namespace annuaires
