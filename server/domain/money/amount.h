// Amount: money as whole cents of one currency, with the tax it includes or not. Never a floating-point number.
// Values and pure functions. Thread: any.
#pragma once

#include "server/base/result.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace cluse::domain::money {

enum class Currency { eur, chf };

/// Whether an amount includes value-added tax (domain.md row 61: the flag is mandatory for projects). `none`: the
/// question does not arise (a contribution, a grant).
enum class TaxBasis { none, ht, ttc };

/// "EUR", "CHF": as stored and sent.
[[nodiscard]] std::string_view code_of(Currency currency);
[[nodiscard]] std::optional<Currency> parse_currency(std::string_view code);
/// "none", "ht", "ttc": as stored and sent.
[[nodiscard]] std::string_view code_of(TaxBasis basis);
[[nodiscard]] std::optional<TaxBasis> parse_tax_basis(std::string_view code);

struct Amount {
  std::int64_t minor = 0;  ///< cents, rappen
  Currency currency = Currency::eur;
  TaxBasis tax = TaxBasis::none;

  bool operator==(const Amount&) const = default;
};

/// An exact factor: a share, a rate of tax, a rate of exchange. Always in lowest terms, the denominator above zero.
class Ratio {
 public:
  /// Code "ratio_invalid": the denominator is zero, or either does not fit once the sign has moved up.
  [[nodiscard]] static Result<Ratio> make(std::int64_t numerator, std::int64_t denominator);
  [[nodiscard]] std::int64_t numerator() const { return numerator_; }
  [[nodiscard]] std::int64_t denominator() const { return denominator_; }

 private:
  Ratio(std::int64_t numerator, std::int64_t denominator) : numerator_(numerator), denominator_(denominator) {}
  std::int64_t numerator_, denominator_;
};

/// Each refuses rather than guesses. Codes of all that follow: "money_currencies_differ", "money_tax_bases_differ",
/// "money_overflow" (beyond 64 bits of cents).
[[nodiscard]] Result<Amount> add(const Amount& a, const Amount& b);
[[nodiscard]] Result<Amount> subtract(const Amount& a, const Amount& b);
[[nodiscard]] Result<Amount> negate(const Amount& amount);
/// Order of two amounts that can be compared at all.
[[nodiscard]] Result<std::strong_ordering> compare(const Amount& a, const Amount& b);
/// Sum. Code "money_nothing_to_sum": of nothing one cannot say the currency.
[[nodiscard]] Result<Amount> sum(std::span<const Amount> amounts);

/// `amount × factor`, computed exactly and rounded once, half away from zero, to the cent (domain.md, conventions).
[[nodiscard]] Result<Amount> multiply(const Amount& amount, const Ratio& factor);

/// An amount HT with `rate` of tax on top (20 % is 1/5) becomes TTC, and back. Code "money_tax_basis_wrong" if the
/// amount is not what the function begins with; "ratio_invalid" for a negative rate.
[[nodiscard]] Result<Amount> with_tax(const Amount& ht, const Ratio& rate);
[[nodiscard]] Result<Amount> without_tax(const Amount& ttc, const Ratio& rate);

/// More parties than this are not a split.
inline constexpr std::size_t kSplitPartsMax = 10'000;

/// Shares `amount` in proportion to `weights` so that the parts always add up to it: each party gets the cents that are
/// certain, what is left goes cent by cent to the largest remainders, ties to the party named first (domain.md row 41
/// and conventions). A party of weight zero gets nothing. A negative amount is split like its opposite.
/// Codes: "split_weights_invalid" (none, a negative one, all zero), "split_too_many".
[[nodiscard]] Result<std::vector<Amount>> split(const Amount& amount, std::span<const std::int64_t> weights);

}  // namespace cluse::domain::money
