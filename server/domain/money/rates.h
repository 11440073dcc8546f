// Rates of exchange between euro and franc: dated, sourced, append-only; and amounts converted with one, which carry
// its stamp for ever. Values; a RateTable is guarded by whoever shares it.
#pragma once

#include "server/base/civil_date.h"
#include "server/base/result.h"
#include "server/domain/money/amount.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::domain::money {

/// A positive decimal number, exactly as its source wrote it: "1.1383". Equal if the values are, whatever the zeros.
class Decimal {
 public:
  static constexpr std::size_t kDigitsMax = 12, kDecimalsMax = 9;

  /// A point, no sign, no grouping; at least one digit before it. Empty for anything else, for zero and past the
  /// limits.
  [[nodiscard]] static std::optional<Decimal> parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] Ratio ratio() const;
  [[nodiscard]] Ratio inverse() const;
  bool operator==(const Decimal& other) const;

 private:
  Decimal(std::int64_t digits, int decimals) : digits_(digits), decimals_(decimals) {}
  std::int64_t digits_;
  int decimals_;
};

/// Where a rate comes from. `ecb`: reference rate of the European Central Bank, each TARGET business day. `infoeuro`:
/// accounting rate of the European Commission, each month. `fixed`: a call or a budget has decided it for itself.
enum class RateSource { ecb, infoeuro, fixed };
/// "ecb", "infoeuro", "fixed": as stored and sent.
[[nodiscard]] std::string_view code_of(RateSource source);
[[nodiscard]] std::optional<RateSource> parse_rate_source(std::string_view code);

/// Francs for one euro outside these is a slip of the pen (since 1999 it has been between 0.9 and 1.7).
[[nodiscard]] bool is_plausible(const Decimal& chf_per_eur);

struct Rate {
  CivilDate date;       ///< of publication; of an InfoEuro rate the first day of its month
  Decimal chf_per_eur;  ///< francs for one euro, the way round in which both sources publish
};

/// A rate that can be used: with all that must be told about it.
struct Quote {
  RateSource source;
  CivilDate date;
  Decimal chf_per_eur;
  std::string decision;  ///< of a fixed rate: the words and the reference of who decided; else empty

  bool operator==(const Quote&) const = default;
};

inline constexpr std::size_t kDecisionBytesMax = 500;

/// A rate that a call or a budget fixes for itself, from `date` on. Codes: "rate_without_decision" (no words),
/// "rate_decision_too_long", "rate_implausible".
[[nodiscard]] Result<Quote> fixed_rate(const Decimal& chf_per_eur, CivilDate date, std::string decision);

/// True if the bank publishes on `date`: Monday to Friday but for 1 January, Good Friday, Easter Monday, 1 May, 25 and
/// 26 December (calendar of TARGET, in force since 2002). Requires: `date` in 2002 or later.
[[nodiscard]] bool is_target_business_day(CivilDate date);

/// The first publication that is missing between two that follow each other in a table of `source`, if any.
/// ECB: a TARGET business day without a rate; before 2002, when the calendar changed from year to year, more than five
/// calendar days (the longest closing, at Easter or Christmas, leaves five). InfoEuro: a month without a rate.
[[nodiscard]] std::optional<CivilDate> missing_between(RateSource source, CivilDate earlier, CivilDate later);

/// The rates of one source. What it has answered once it answers for ever: nothing is changed, removed or squeezed in.
class RateTable {
 public:
  /// Requires: ecb or infoeuro.
  explicit RateTable(RateSource source);

  /// Adds all of `rates` (by ascending date) or none. Known ones may be repeated; new ones extend the table at either
  /// end, without a gap. Answers how many were new. Codes, with the date in `detail`: "rate_rewritten" (known, with
  /// another value), "rate_fills_past" (inside the known span), "rate_gap", "rate_out_of_order", "rate_date_invalid"
  /// (InfoEuro: not the first of a month), "rate_implausible".
  Result<std::size_t> append(const std::vector<Rate>& rates);

  /// The last rate published on or before `date`; its own date is in the answer. Codes: "rate_none_before" (the table
  /// begins later), "rate_not_yet" (the table ends so long before that a publication must be missing: an answer
  /// now would be another one tomorrow).
  [[nodiscard]] Result<Quote> on(CivilDate date) const;

  [[nodiscard]] RateSource source() const { return source_; }
  [[nodiscard]] const std::map<CivilDate, Decimal>& rates() const { return rates_; }

 private:
  [[nodiscard]] Result<void> check_fits(const Rate& rate) const;

  RateSource source_;
  std::map<CivilDate, Decimal> rates_;
};

enum class Direction { eur_to_chf, chf_to_eur };
/// "eur_to_chf", "chf_to_eur": as stored and sent.
[[nodiscard]] std::string_view code_of(Direction direction);

struct RateStamp {
  Quote quote;
  Direction direction;

  bool operator==(const RateStamp&) const = default;
};

/// Both amounts are kept: a later rate changes neither. (Resubmitting a file must never touch a frozen rate.)
struct ConvertedAmount {
  Amount original;
  Amount converted;
  RateStamp stamp;

  bool operator==(const ConvertedAmount&) const = default;
};

/// To the other currency, rounded once. Code "conversion_needless": it is in `to` already; else those of `multiply`.
[[nodiscard]] Result<ConvertedAmount> convert(const Amount& amount, Currency to, const Quote& quote);

/// For what was read back from a store or an export: "conversion_altered" unless the stamp still yields the amount.
[[nodiscard]] Result<void> verify(const ConvertedAmount& amount);

}  // namespace cluse::domain::money
