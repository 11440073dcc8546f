#include "server/domain/money/amount.h"

#include "server/domain/money/wide.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

namespace cluse::domain::money {
namespace {

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

Result<void> same_kind(const Amount& a, const Amount& b) {
  if (a.currency != b.currency)
    return fail(Errc::invalid, "money_currencies_differ",
                std::string(code_of(a.currency)) + " and " + std::string(code_of(b.currency)));
  if (a.tax != b.tax)
    return fail(Errc::invalid, "money_tax_bases_differ",
                std::string(code_of(a.tax)) + " and " + std::string(code_of(b.tax)));
  return {};
}

Result<Amount> narrowed(Wide minor, const Amount& like) {
  if (minor < kMin || minor > kMax) return fail(Errc::invalid, "money_overflow");
  return Amount{static_cast<std::int64_t>(minor), like.currency, like.tax};
}

Result<Wide> total_of(std::span<const std::int64_t> weights) {
  if (weights.size() > kSplitPartsMax)
    return fail(Errc::too_large, "split_too_many", std::to_string(weights.size()) + " parts");
  Wide total = 0;
  for (const auto weight : weights) {
    if (weight < 0) return fail(Errc::invalid, "split_weights_invalid", "a negative weight");
    total += weight;
  }
  if (total == 0) return fail(Errc::invalid, "split_weights_invalid", "no weight above zero");
  return total;
}

}  // namespace

std::string_view code_of(Currency currency) {
  return currency == Currency::eur ? "EUR" : "CHF";
}

std::optional<Currency> parse_currency(std::string_view code) {
  if (code == "EUR") return Currency::eur;
  if (code == "CHF") return Currency::chf;
  return std::nullopt;
}

std::string_view code_of(TaxBasis basis) {
  switch (basis) {
    case TaxBasis::ht: return "ht";
    case TaxBasis::ttc: return "ttc";
    case TaxBasis::none: break;
  }
  return "none";
}

std::optional<TaxBasis> parse_tax_basis(std::string_view code) {
  for (const auto basis : {TaxBasis::none, TaxBasis::ht, TaxBasis::ttc})
    if (code == code_of(basis)) return basis;
  return std::nullopt;
}

Result<Ratio> Ratio::make(std::int64_t numerator, std::int64_t denominator) {
  if (denominator == 0) return fail(Errc::invalid, "ratio_invalid", "a denominator of zero");
  // The magnitude of the smallest integer is no integer.
  if (numerator == kMin || denominator == kMin) return fail(Errc::invalid, "ratio_invalid", "too large");
  if (denominator < 0) {
    numerator = -numerator;
    denominator = -denominator;
  }
  const auto common = std::gcd(numerator, denominator);
  return Ratio(numerator / common, denominator / common);
}

Result<Amount> add(const Amount& a, const Amount& b) {
  CLUSE_CHECK(same_kind(a, b));
  return narrowed(Wide{a.minor} + b.minor, a);
}

Result<Amount> subtract(const Amount& a, const Amount& b) {
  CLUSE_CHECK(same_kind(a, b));
  return narrowed(Wide{a.minor} - b.minor, a);
}

Result<Amount> negate(const Amount& amount) {
  return narrowed(-Wide{amount.minor}, amount);
}

Result<std::strong_ordering> compare(const Amount& a, const Amount& b) {
  CLUSE_CHECK(same_kind(a, b));
  return a.minor <=> b.minor;
}

Result<Amount> sum(std::span<const Amount> amounts) {
  if (amounts.empty()) return fail(Errc::invalid, "money_nothing_to_sum");
  // Summed wide, so that the order of the terms cannot decide whether the sum fits.
  Wide total = 0;
  for (const auto& amount : amounts) {
    CLUSE_CHECK(same_kind(amounts.front(), amount));
    total += amount.minor;
  }
  return narrowed(total, amounts.front());
}

Result<Amount> multiply(const Amount& amount, const Ratio& factor) {
  return narrowed(divide_rounded(Wide{amount.minor} * factor.numerator(), factor.denominator()), amount);
}

Result<Amount> with_tax(const Amount& ht, const Ratio& rate) {
  if (ht.tax != TaxBasis::ht) return fail(Errc::invalid, "money_tax_basis_wrong", "not HT");
  if (rate.numerator() < 0) return fail(Errc::invalid, "ratio_invalid", "a negative rate of tax");
  CLUSE_TRY(tax, multiply(ht, rate));
  CLUSE_TRY(total, add(ht, tax));
  return Amount{total.minor, total.currency, TaxBasis::ttc};
}

Result<Amount> without_tax(const Amount& ttc, const Ratio& rate) {
  if (ttc.tax != TaxBasis::ttc) return fail(Errc::invalid, "money_tax_basis_wrong", "not TTC");
  if (rate.numerator() < 0) return fail(Errc::invalid, "ratio_invalid", "a negative rate of tax");
  if (rate.numerator() > kMax - rate.denominator()) return fail(Errc::invalid, "ratio_invalid", "too large");
  CLUSE_TRY(factor, Ratio::make(rate.denominator(), rate.denominator() + rate.numerator()));
  CLUSE_TRY(net, multiply(ttc, factor));
  return Amount{net.minor, net.currency, TaxBasis::ht};
}

Result<std::vector<Amount>> split(const Amount& amount, std::span<const std::int64_t> weights) {
  CLUSE_TRY(total, total_of(weights));
  const bool negative = amount.minor < 0;
  const Wide magnitude = negative ? -Wide{amount.minor} : Wide{amount.minor};
  struct Share {
    std::size_t party;
    Wide rest;
  };
  std::vector<Share> shares;
  std::vector<Wide> cents;
  Wide left = magnitude;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    // At most 2^63 × 2^63: fits. The rests add up to fewer totals than there are parties with a rest, so that a
    // party without one (of weight zero above all) never gets a cent of what is left.
    const Wide product = magnitude * weights[i];
    cents.push_back(product / total);
    shares.push_back({i, product % total});
    left -= cents.back();
  }
  std::stable_sort(shares.begin(), shares.end(), [](const Share& a, const Share& b) { return a.rest > b.rest; });
  for (std::size_t i = 0; left > 0; ++i, --left) ++cents[shares[i].party];
  std::vector<Amount> parts;
  parts.reserve(cents.size());
  for (const auto part : cents) {
    CLUSE_TRY(fitting, narrowed(negative ? -part : part, amount));
    parts.push_back(fitting);
  }
  return parts;
}

}  // namespace cluse::domain::money
