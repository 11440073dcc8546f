// Aim: what people type is understood or refused, never guessed; what they read is ICU's, and can be typed back.
#include "server/domain/money/amount_text.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace cluse::domain::money {
namespace {

constexpr AmountField kEuros{.currency = Currency::eur};
constexpr AmountField kAnything{
    .currency = std::nullopt, .tax = TaxBasis::none, .other_currency_allowed = true, .negative_allowed = true};

TEST(AmountText, ReadsWhatPeopleType) {
  const struct {
    const char* text;
    std::int64_t minor;
  } cases[] = {
      {"12 345,60", 1'234'560},
      {"12\u202F345,60", 1'234'560},
      {"12\u00A0345,60\u00A0€", 1'234'560},
      {"12'345.60", 1'234'560},
      {"12’345.60", 1'234'560},
      {"12345,6", 1'234'560},
      {"12345.60 EUR", 1'234'560},
      {"€ 12.345,60", 1'234'560},
      {"12,345.60", 1'234'560},
      {"1.234.567", 123'456'700},
      {"0,05", 5},
      {"500", 50'000},
      {"500.–", 50'000},
      {"500.--", 50'000},
      {"500,-", 50'000},
      {"  7 euros ", 700},
      {"1 234 567,00", 123'456'700},
      {"007", 700},
      {"999999999999999,99", 99'999'999'999'999'999},
  };
  for (const auto& [text, minor] : cases) {
    const auto amount = parse_amount(text, kEuros);
    ASSERT_TRUE(amount.has_value()) << text << ": " << amount.error().code;
    EXPECT_EQ(*amount, (Amount{minor, Currency::eur, TaxBasis::none})) << text;
  }
}

TEST(AmountText, ReadsCurrencyTaxAndSign) {
  const struct {
    const char* text;
    Amount amount;
  } cases[] = {
      {"CHF 12’345.60", {1'234'560, Currency::chf, TaxBasis::none}},
      {"chf12'345.60", {1'234'560, Currency::chf, TaxBasis::none}},
      {"Fr. 500.—", {50'000, Currency::chf, TaxBasis::none}},
      {"-12,50 €", {-1'250, Currency::eur, TaxBasis::none}},
      {"−12,50 €", {-1'250, Currency::eur, TaxBasis::none}},
      {"CHF-12.50", {-1'250, Currency::chf, TaxBasis::none}},
      {"175 555 329 € HT", {17'555'532'900, Currency::eur, TaxBasis::ht}},
      {"120 EUR TTC", {12'000, Currency::eur, TaxBasis::ttc}},
      {"CHF 108.10 inkl. MWST", {10'810, Currency::chf, TaxBasis::ttc}},
  };
  for (const auto& [text, expected] : cases) {
    const auto amount = parse_amount(text, kAnything);
    ASSERT_TRUE(amount.has_value()) << text << ": " << amount.error().code;
    EXPECT_EQ(*amount, expected) << text;
  }
}

TEST(AmountText, RefusesWithACode) {
  const struct {
    const char* text;
    const char* code;
  } cases[] = {
      {"", "amount_missing"},
      {" \u00A0 ", "amount_missing"},
      {"1.234", "amount_ambiguous"},
      {"1,234", "amount_ambiguous"},
      {"12.345 €", "amount_ambiguous"},
      {"0,125", "amount_too_precise"},
      {"1234.567", "amount_too_precise"},
      {"1'234.567", "amount_too_precise"},
      {"1,2345", "amount_too_precise"},
      {"12 34,50", "amount_bad_grouping"},
      {"1 2345", "amount_bad_grouping"},
      {"1'234 567", "amount_bad_grouping"},
      {"1.234,567.89", "amount_bad_grouping"},
      {"1234 567", "amount_bad_grouping"},
      {"1.23.45", "amount_bad_grouping"},
      {",50", "amount_unreadable"},
      {"12,", "amount_unreadable"},
      {"douze", "amount_unreadable"},
      {"1e5", "amount_unreadable"},
      {"--5", "amount_unreadable"},
      {"5 % ", "amount_unreadable"},
      {"12\u200B5", "amount_unreadable"},
      {"٣", "amount_unreadable"},
      {"$5", "amount_unreadable"},
      {"\xFF", "amount_unreadable"},
      {"1 000 000 000 000 000", "amount_too_long"},
      {"CHF 5", "amount_other_currency"},
      {"-5", "amount_negative"},
  };
  for (const auto& [text, code] : cases) {
    const auto amount = parse_amount(text, kEuros, "total");
    ASSERT_FALSE(amount.has_value()) << text;
    EXPECT_EQ(amount.error().code, code) << text;
    EXPECT_EQ(amount.error().field, "total");
  }
  EXPECT_EQ(parse_amount("5", kAnything).error().code, "amount_without_currency");
  EXPECT_EQ(parse_amount(std::string(kAmountTextBytesMax + 1, '1'), kEuros).error().code, "amount_too_long");
}

TEST(AmountText, SaysBothReadingsOfAnAmbiguousOne) {
  EXPECT_EQ(parse_amount("1.234", kEuros).error().detail, "1234.00 or 1.234");
  EXPECT_EQ(parse_amount("12,345", kEuros).error().detail, "12345.00 or 12.345");
}

// domain.md, conventions: amounts as ICU gives them.
TEST(AmountText, IsRenderedByIcu) {
  const Amount euros{1'234'560, Currency::eur, TaxBasis::none}, francs{-1'234'560, Currency::chf, TaxBasis::none};
  EXPECT_EQ(render(euros, Locale::fr_fr), "12\u202F345,60\u00A0€");
  EXPECT_EQ(render(euros, Locale::fr_ch), "12\u202F345.60\u00A0€");
  EXPECT_EQ(render(euros, Locale::de_ch), "EUR\u00A012’345.60");
  EXPECT_EQ(render(francs, Locale::fr_fr), "-12\u202F345,60\u00A0CHF");
  EXPECT_EQ(render(francs, Locale::fr_ch), "-12\u202F345.60\u00A0CHF");
  EXPECT_EQ(render(francs, Locale::de_ch), "CHF-12’345.60");
  EXPECT_EQ(render({5, Currency::eur, TaxBasis::none}, Locale::fr_fr), "0,05\u00A0€");
}

// domain.md row 61: 175 555 329 € HT.
TEST(AmountText, ShowsTheFlagOfTax) {
  const Amount contract{17'555'532'900, Currency::eur, TaxBasis::ht};
  EXPECT_EQ(render(contract, Locale::fr_fr), "175\u202F555\u202F329,00\u00A0€\u00A0HT");
  EXPECT_EQ(render({100, Currency::chf, TaxBasis::ttc}, Locale::de_ch), "CHF\u00A01.00\u00A0inkl.\u00A0MWST");
}

TEST(AmountText, ShowsARateWithSourceAndDate) {
  const RateStamp stamp{{RateSource::ecb, civil_date(2019, 4, 18), *Decimal::parse("1.1383"), ""},
                        Direction::eur_to_chf};
  EXPECT_EQ(render(stamp, Locale::fr_fr), "1\u00A0EUR = 1,1383\u00A0CHF · BCE · 18 avril 2019");
  EXPECT_EQ(render(stamp, Locale::de_ch), "1\u00A0EUR = 1.1383\u00A0CHF · EZB · 18. April 2019");
}

TEST(AmountText, KnowsTheThreeLocales) {
  EXPECT_EQ(parse_locale("fr-CH"), Locale::fr_ch);
  EXPECT_EQ(parse_locale("fr"), Locale::fr_fr);
  EXPECT_EQ(parse_locale("de-DE"), Locale::de_ch);
  EXPECT_EQ(parse_locale("frr"), std::nullopt);
}

RC_GTEST_PROP(AmountTextLaws, WhatIsShownCanBeTypedBack, ()) {
  constexpr std::int64_t kLargest = 99'999'999'999'999'999;
  const Amount amount{*rc::gen::oneOf(rc::gen::inRange<std::int64_t>(-kLargest, kLargest),
                                      rc::gen::inRange<std::int64_t>(-200'000, 200'000)),
                      *rc::gen::element(Currency::eur, Currency::chf),
                      *rc::gen::element(TaxBasis::none, TaxBasis::ht, TaxBasis::ttc)};
  const auto locale = *rc::gen::element(Locale::fr_fr, Locale::fr_ch, Locale::de_ch);
  const auto back = parse_amount(render(amount, locale), kAnything);
  RC_ASSERT(back.has_value());
  RC_ASSERT(*back == amount);
}

RC_GTEST_PROP(AmountTextLaws, AnyTextIsReadOrRefused, (std::string text)) {
  const auto amount = parse_amount(text, kAnything);
  RC_ASSERT(amount.has_value() || !amount.error().code.empty());
}

}  // namespace
}  // namespace cluse::domain::money
