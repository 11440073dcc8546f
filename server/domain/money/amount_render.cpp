#include "server/base/assert.h"
#include "server/domain/money/amount_text.h"

#include <unicode/datefmt.h>
#include <unicode/locid.h>
#include <unicode/numberformatter.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <array>
#include <memory>
#include <utility>

namespace cluse::domain::money {
namespace {

using icu::number::LocalizedNumberFormatter;

const char* name_of(Locale locale) {
  switch (locale) {
    case Locale::fr_ch: return "fr_CH";
    case Locale::de_ch: return "de_CH";
    case Locale::fr_fr: break;
  }
  return "fr_FR";
}

// ICU fails only where its data are missing, which no caller can mend.
void require(UErrorCode status) {
  CLUSE_ASSERT(U_SUCCESS(status), "ICU has the data of the three locales");
}

std::string to_utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

LocalizedNumberFormatter make_money_formatter(Locale locale, Currency currency) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::CurrencyUnit unit(currency == Currency::eur ? u"EUR" : u"CHF", status);
  require(status);
  return icu::number::NumberFormatter::withLocale(icu::Locale(name_of(locale)))
      .unit(unit)
      .precision(icu::number::Precision::fixedFraction(2));
}

// Made once and shared: formatting with one that is constant is safe on any thread.
const LocalizedNumberFormatter& money_formatter(Locale locale, Currency currency) {
  static const std::array<LocalizedNumberFormatter, 6> formatters = {
      make_money_formatter(Locale::fr_fr, Currency::eur), make_money_formatter(Locale::fr_fr, Currency::chf),
      make_money_formatter(Locale::fr_ch, Currency::eur), make_money_formatter(Locale::fr_ch, Currency::chf),
      make_money_formatter(Locale::de_ch, Currency::eur), make_money_formatter(Locale::de_ch, Currency::chf)};
  return formatters[static_cast<std::size_t>(locale) * 2 + static_cast<std::size_t>(currency)];
}

// The decimal number that ICU is given, so that no binary fraction comes between.
std::string decimal_of(std::int64_t minor) {
  std::string text = std::to_string(minor);
  const std::size_t sign = minor < 0 ? 1 : 0;
  if (text.size() < sign + 3) text.insert(sign, sign + 3 - text.size(), '0');
  return text.insert(text.size() - 2, ".");
}

std::string flag_of(TaxBasis basis, Locale locale) {
  if (basis == TaxBasis::none) return {};
  if (locale == Locale::de_ch) return basis == TaxBasis::ht ? "\u00A0exkl.\u00A0MWST" : "\u00A0inkl.\u00A0MWST";
  return basis == TaxBasis::ht ? "\u00A0HT" : "\u00A0TTC";
}

std::string render_date(CivilDate date, Locale locale) {
  const std::unique_ptr<icu::DateFormat> format(
      icu::DateFormat::createDateInstance(icu::DateFormat::kLong, icu::Locale(name_of(locale))));
  CLUSE_ASSERT(format != nullptr, "ICU has the data of the three locales");
  format->setTimeZone(*icu::TimeZone::getGMT());
  icu::UnicodeString out;
  format->format(static_cast<UDate>(date.time_since_epoch().count()) * 86'400'000.0, out);
  return to_utf8(out);
}

std::string render_rate(const Decimal& rate, Locale locale) {
  const std::string text = rate.to_string();
  const auto point = text.find('.');
  const auto decimals = point == std::string::npos ? 0 : static_cast<std::int32_t>(text.size() - point - 1);
  UErrorCode status = U_ZERO_ERROR;
  const auto out = icu::number::NumberFormatter::withLocale(icu::Locale(name_of(locale)))
                       .precision(icu::number::Precision::fixedFraction(decimals))
                       .formatDecimal(text, status)
                       .toString(status);
  require(status);
  return to_utf8(out);
}

std::string source_of(const Quote& quote, Locale locale) {
  switch (quote.source) {
    case RateSource::ecb: return locale == Locale::de_ch ? "EZB" : "BCE";
    case RateSource::infoeuro: return "InfoEuro";
    case RateSource::fixed: break;
  }
  return quote.decision;
}

}  // namespace

std::optional<Locale> parse_locale(std::string_view tag) {
  if (tag == "fr-CH") return Locale::fr_ch;
  if (tag == "fr" || tag.starts_with("fr-")) return Locale::fr_fr;
  if (tag == "de" || tag.starts_with("de-")) return Locale::de_ch;
  return std::nullopt;
}

std::string render(const Amount& amount, Locale locale) {
  UErrorCode status = U_ZERO_ERROR;
  const auto out =
      money_formatter(locale, amount.currency).formatDecimal(decimal_of(amount.minor), status).toString(status);
  require(status);
  return to_utf8(out) + flag_of(amount.tax, locale);
}

std::string render(const RateStamp& stamp, Locale locale) {
  return "1\u00A0EUR = " + render_rate(stamp.quote.chf_per_eur, locale) + "\u00A0CHF · " +
         source_of(stamp.quote, locale) + " · " + render_date(stamp.quote.date, locale);
}

}  // namespace cluse::domain::money
