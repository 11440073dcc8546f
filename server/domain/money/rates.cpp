#include "server/domain/money/rates.h"

#include "server/base/assert.h"
#include "server/domain/money/wide.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace cluse::domain::money {
namespace {

using std::chrono::days;
using std::chrono::months;
using std::chrono::year_month_day;

constexpr int kClosingDaysMax = 5;
constexpr CivilDate kCalendarSince = civil_date(2002, 1, 1);

std::int64_t power_of_ten(int n) {
  std::int64_t power = 1;
  for (; n > 0; --n) power *= 10;
  return power;
}

// The anonymous Gregorian computation (Meeus, Astronomical Algorithms, chapter 8).
CivilDate easter(int year) {
  const int a = year % 19, b = year / 100, c = year % 100;
  const int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
  const int h = (19 * a + b - d - g + 15) % 30;
  const int i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451;
  const int n = h + l - 7 * m + 114;
  return civil_date(year, static_cast<unsigned>(n / 31), static_cast<unsigned>(n % 31 + 1));
}

CivilDate next_month(CivilDate date) {
  const year_month_day parts(date);
  return CivilDate((parts.year() / parts.month() / 1) + months(1));
}

std::optional<CivilDate> missing_business_day(CivilDate earlier, CivilDate later) {
  if (later - earlier > days(kClosingDaysMax) && earlier < kCalendarSince) return earlier + days(1);
  for (auto day = std::max(earlier + days(1), kCalendarSince); day < later; day += days(1))
    if (is_target_business_day(day)) return day;
  return std::nullopt;
}

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) {
  std::int64_t digits = 0;
  std::size_t count = 0, before_point = text.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '.' && before_point == text.size() && i > 0 && i + 1 < text.size()) {
      before_point = i;
    } else if (text[i] >= '0' && text[i] <= '9' && ++count <= kDigitsMax) {
      digits = digits * 10 + (text[i] - '0');
    } else {
      return std::nullopt;
    }
  }
  const std::size_t decimals = before_point == text.size() ? 0 : text.size() - before_point - 1;
  if (digits == 0 || decimals > kDecimalsMax) return std::nullopt;
  return Decimal(digits, static_cast<int>(decimals));
}

std::string Decimal::to_string() const {
  std::string text = std::to_string(digits_);
  const auto decimals = static_cast<std::size_t>(decimals_);
  if (text.size() <= decimals) text.insert(0, decimals + 1 - text.size(), '0');
  if (decimals > 0) text.insert(text.size() - decimals, ".");
  return text;
}

Ratio Decimal::ratio() const {
  return *Ratio::make(digits_, power_of_ten(decimals_));
}

Ratio Decimal::inverse() const {
  return *Ratio::make(power_of_ten(decimals_), digits_);
}

bool Decimal::operator==(const Decimal& other) const {
  return Wide{digits_} * power_of_ten(other.decimals_) == Wide{other.digits_} * power_of_ten(decimals_);
}

std::string_view code_of(RateSource source) {
  switch (source) {
    case RateSource::ecb: return "ecb";
    case RateSource::infoeuro: return "infoeuro";
    case RateSource::fixed: break;
  }
  return "fixed";
}

std::optional<RateSource> parse_rate_source(std::string_view code) {
  for (const auto source : {RateSource::ecb, RateSource::infoeuro, RateSource::fixed})
    if (code == code_of(source)) return source;
  return std::nullopt;
}

std::string_view code_of(Direction direction) {
  return direction == Direction::eur_to_chf ? "eur_to_chf" : "chf_to_eur";
}

bool is_plausible(const Decimal& chf_per_eur) {
  const Ratio rate = chf_per_eur.ratio();
  return Wide{rate.numerator()} * 10 >= rate.denominator() && rate.numerator() <= Wide{rate.denominator()} * 10;
}

Result<Quote> fixed_rate(const Decimal& chf_per_eur, CivilDate date, std::string decision) {
  if (decision.find_first_not_of(" \t\r\n") == std::string::npos) return fail(Errc::invalid, "rate_without_decision");
  if (decision.size() > kDecisionBytesMax) return fail(Errc::invalid, "rate_decision_too_long");
  if (!is_plausible(chf_per_eur)) return fail(Errc::invalid, "rate_implausible", chf_per_eur.to_string());
  return Quote{RateSource::fixed, date, chf_per_eur, std::move(decision)};
}

bool is_target_business_day(CivilDate date) {
  CLUSE_ASSERT(date >= kCalendarSince, "the calendar of TARGET has been the same since 2002");
  const std::chrono::weekday day(date);
  if (day == std::chrono::Saturday || day == std::chrono::Sunday) return false;
  const year_month_day parts(date);
  const unsigned month = static_cast<unsigned>(parts.month()), in_month = static_cast<unsigned>(parts.day());
  if (in_month == 1 && (month == 1 || month == 5)) return false;
  if (month == 12 && (in_month == 25 || in_month == 26)) return false;
  const CivilDate sunday = easter(static_cast<int>(parts.year()));
  return date != sunday - days(2) && date != sunday + days(1);
}

std::optional<CivilDate> missing_between(RateSource source, CivilDate earlier, CivilDate later) {
  if (source == RateSource::ecb) return missing_business_day(earlier, later);
  const CivilDate due = next_month(earlier);
  return source == RateSource::infoeuro && due < later ? std::optional(due) : std::nullopt;
}

RateTable::RateTable(RateSource source) : source_(source) {
  CLUSE_ASSERT(source != RateSource::fixed, "a fixed rate stands alone");
}

Result<void> RateTable::check_fits(const Rate& rate) const {
  if (!is_plausible(rate.chf_per_eur))
    return fail(Errc::invalid, "rate_implausible", to_iso(rate.date) + ": " + rate.chf_per_eur.to_string());
  if (source_ == RateSource::infoeuro && year_month_day(rate.date).day() != std::chrono::day(1))
    return fail(Errc::invalid, "rate_date_invalid", to_iso(rate.date));
  const auto known = rates_.find(rate.date);
  if (known != rates_.end() && known->second != rate.chf_per_eur)
    return fail(Errc::conflict, "rate_rewritten",
                to_iso(rate.date) + ": " + known->second.to_string() + ", not " + rate.chf_per_eur.to_string());
  const bool inside = !rates_.empty() && rate.date > rates_.begin()->first && rate.date < rates_.rbegin()->first;
  if (known == rates_.end() && inside) return fail(Errc::conflict, "rate_fills_past", to_iso(rate.date));
  return {};
}

Result<std::size_t> RateTable::append(const std::vector<Rate>& rates) {
  auto extended = rates_;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    if (i > 0 && rates[i].date <= rates[i - 1].date)
      return fail(Errc::invalid, "rate_out_of_order", to_iso(rates[i].date));
    CLUSE_CHECK(check_fits(rates[i]));
    extended.emplace(rates[i].date, rates[i].chf_per_eur);
  }
  for (auto rate = extended.begin(); rate != extended.end() && std::next(rate) != extended.end(); ++rate)
    if (const auto missing = missing_between(source_, rate->first, std::next(rate)->first))
      return fail(Errc::invalid, "rate_gap", to_iso(*missing));
  const auto added = extended.size() - rates_.size();
  rates_ = std::move(extended);
  return added;
}

Result<Quote> RateTable::on(CivilDate date) const {
  const auto after = rates_.upper_bound(date);
  if (after == rates_.begin()) return fail(Errc::not_found, "rate_none_before", to_iso(date));
  const auto& [published, rate] = *std::prev(after);
  // Up to and with `date`: on a business day before the hour of publication the last rate is the day before's.
  if (after == rates_.end()) {
    const auto missing = source_ == RateSource::ecb ? missing_between(source_, published, date)
                                                    : missing_between(source_, published, date + days(1));
    if (missing) return fail(Errc::not_found, "rate_not_yet", to_iso(*missing));
  }
  return Quote{source_, published, rate, {}};
}

Result<ConvertedAmount> convert(const Amount& amount, Currency to, const Quote& quote) {
  if (amount.currency == to) return fail(Errc::invalid, "conversion_needless", std::string(code_of(to)));
  const bool to_francs = to == Currency::chf;
  const Ratio factor = to_francs ? quote.chf_per_eur.ratio() : quote.chf_per_eur.inverse();
  CLUSE_TRY(converted, multiply(amount, factor));
  converted.currency = to;
  return ConvertedAmount{amount, converted, {quote, to_francs ? Direction::eur_to_chf : Direction::chf_to_eur}};
}

Result<void> verify(const ConvertedAmount& amount) {
  const auto again = convert(amount.original, amount.converted.currency, amount.stamp.quote);
  if (!again || *again != amount) return fail(Errc::invalid, "conversion_altered");
  return {};
}

}  // namespace cluse::domain::money
