// Amounts as people write and read them: fr-FR, fr-CH and de-CH. ICU decides how they look; what was typed is
// understood the same way whatever the language of the screen, and what could be meant in two ways is refused. Thread:
// any.
#pragma once

#include "server/base/result.h"
#include "server/domain/money/amount.h"
#include "server/domain/money/rates.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cluse::domain::money {

enum class Locale { fr_fr, fr_ch, de_ch };

/// "fr-FR", "fr-CH", "de-CH"; any other tag of French gives fr-FR, of German de-CH.
[[nodiscard]] std::optional<Locale> parse_locale(std::string_view tag);

/// "12 345,60 €", "CHF 12’345.60", "12 345,60 € HT": always with the currency, with the spaces that ICU gives (narrow
/// and not breaking), with the flag of tax if the amount has one.
[[nodiscard]] std::string render(const Amount& amount, Locale locale);

/// "1 EUR = 1,1383 CHF · BCE · 18 avril 2019": what stands beside every converted amount. A fixed rate shows its
/// decision in place of the bank.
[[nodiscard]] std::string render(const RateStamp& stamp, Locale locale);

/// More octets than this are no amount, nor are more digits before the cents.
inline constexpr std::size_t kAmountTextBytesMax = 100;
inline constexpr std::size_t kAmountDigitsMax = 15;

/// What a field takes, and what it takes silence for.
struct AmountField {
  std::optional<Currency> currency;  ///< of the field; empty: must be typed
  TaxBasis tax = TaxBasis::none;     ///< if nothing is typed
  bool other_currency_allowed = false;
  bool negative_allowed = false;
};

/// Reads `12 345,60`, `12'345.60`, `CHF 12’345.60`, `12.345,60 € TTC`, `500.–`. Groups are of three digits, between
/// spaces, apostrophes, or the one of point and comma that does not mark the cents; of these there are one or two
/// digits or none. Codes (`detail` has the words, `field` is `field_name`):
/// "amount_missing"             nothing but spaces
/// "amount_too_long"            past one of the two limits above
/// "amount_unreadable"          a character or an order that no amount has
/// "amount_ambiguous"           "1.234" or "1,234": thousands, or three decimals; `detail` gives both readings
/// "amount_bad_grouping"        groups that are not of three digits, or two kinds of separators
/// "amount_too_precise"         more than two digits after the decimal mark
/// "amount_without_currency"    none typed, and the field has none
/// "amount_other_currency"      typed, and not the one of the field
/// "amount_negative"            where the field takes none
[[nodiscard]] Result<Amount> parse_amount(std::string_view text, const AmountField& field,
                                          std::string_view field_name = "amount");

}  // namespace cluse::domain::money
