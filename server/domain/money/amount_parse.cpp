#include "server/domain/money/amount_text.h"

#include "server/base/bytes.h"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace cluse::domain::money {
namespace {

// Why a text is no amount; the caller adds the field.
struct Complaint {
  std::string_view code;
  std::string detail;
};
template <class T>
using Reading = std::expected<T, Complaint>;

std::unexpected<Complaint> complain(std::string_view code, std::string detail = {}) {
  return std::unexpected(Complaint{code, std::move(detail)});
}

// The characters that people and programmes use for one thing, as one ASCII character; 0 for what no amount has.
char plain(UChar32 c) {
  if (c < 0x80) return c == '\t' ? ' ' : c < 0x20 || c == 0x7F ? '\0' : static_cast<char>(c);
  if (u_isUWhiteSpace(c) != 0) return ' ';
  switch (c) {
    case 0x2018:
    case 0x2019:
    case 0x02BC: return '\'';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2212: return '-';
    default: return '\0';
  }
}

// Upper case, without doubled spaces and without spaces at the ends.
Reading<std::string> plain_text(std::string_view text) {
  const auto source =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  std::string out;
  for (std::int32_t i = 0; i < source.length(); i = source.moveIndex32(i, 1)) {
    const UChar32 c = source.char32At(i);
    if (c == 0x20AC) {
      out += "EUR";
      continue;
    }
    const char read = plain(c);
    if (read == '\0') return complain("amount_unreadable", "a character that no amount has");
    if (read == ' ' && (out.empty() || out.back() == ' ')) continue;
    out += read >= 'a' && read <= 'z' ? static_cast<char>(read - ('a' - 'A')) : read;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

void trim(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
}

bool cut_start(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  trim(text);
  return true;
}

bool cut_end(std::string_view& text, std::string_view word) {
  if (!text.ends_with(word)) return false;
  text.remove_suffix(word.size());
  trim(text);
  return true;
}

std::optional<TaxBasis> cut_tax(std::string_view& text) {
  constexpr std::pair<std::string_view, TaxBasis> kWords[] = {
      {"TTC", TaxBasis::ttc},         {"T.T.C.", TaxBasis::ttc},     {"HT", TaxBasis::ht},
      {"H.T.", TaxBasis::ht},         {"INKL. MWST", TaxBasis::ttc}, {"EXKL. MWST", TaxBasis::ht},
      {"INKL. MWST.", TaxBasis::ttc}, {"EXKL. MWST.", TaxBasis::ht},
  };
  for (const auto& [word, basis] : kWords)
    if (cut_end(text, word)) return basis;
  return std::nullopt;
}

std::optional<Currency> cut_currency(std::string_view& text) {
  constexpr std::pair<std::string_view, Currency> kWords[] = {
      {"EUROS", Currency::eur}, {"EURO", Currency::eur}, {"EUR", Currency::eur},
      {"CHF", Currency::chf},   {"SFR.", Currency::chf}, {"SFR", Currency::chf},
      {"FRS", Currency::chf},   {"FR.", Currency::chf},  {"FR", Currency::chf},
  };
  for (const auto& [word, currency] : kWords)
    if (cut_start(text, word) || cut_end(text, word)) return currency;
  return std::nullopt;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Digits in groups of three behind each `separator`; without one, any number of digits.
Reading<std::string> ungrouped(std::string_view text) {
  std::string digits;
  char separator = '\0';
  std::size_t in_group = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_digit(text[i])) {
      digits += text[i];
      ++in_group;
      continue;
    }
    const bool first = separator == '\0';
    if (!first && text[i] != separator) return complain("amount_bad_grouping", "two kinds of separators");
    if (first ? in_group > 3 || in_group == 0 : in_group != 3) return complain("amount_bad_grouping");
    separator = text[i];
    in_group = 0;
  }
  if (separator != '\0' && in_group != 3) return complain("amount_bad_grouping");
  if (digits.size() > kAmountDigitsMax) return complain("amount_too_long");
  return digits;
}

struct Parts {
  std::string_view whole, cents;
};

// Finds the decimal mark: a point or comma that stands once, after which nothing but one or two digits follows.
Reading<Parts> at_decimal_mark(std::string_view body) {
  const auto last = body.find_last_of(" '.,");
  const bool mark = last != std::string_view::npos && (body[last] == '.' || body[last] == ',');
  if (!mark || body.find(body[last]) != last) return Parts{body, {}};
  const auto whole = body.substr(0, last), rest = body.substr(last + 1);
  if (rest.size() <= 2) return Parts{whole, rest};
  // "1.234": thousands where people group with points, a thousandth where they do not. "0.125" and "1234.567" can only
  // be decimals.
  const bool plain_whole = whole.find_first_of(" '.,") == std::string_view::npos;
  if (rest.size() == 3 && plain_whole && whole.size() <= 3 && whole != "0")
    return complain("amount_ambiguous",
                    std::string(whole) + std::string(rest) + ".00 or " + std::string(whole) + "." + std::string(rest));
  return complain("amount_too_precise", std::string(rest));
}

// "12'345.60" in cents.
Reading<std::int64_t> read_number(std::string_view body) {
  for (const std::string_view none : {".--", ",--", ".-", ",-"})
    if (body.size() > none.size() && cut_end(body, none)) break;
  if (body.empty() || !is_digit(body.front()) || !is_digit(body.back())) return complain("amount_unreadable");
  if (body.find_first_not_of("0123456789 '.,") != std::string_view::npos) return complain("amount_unreadable");
  const auto parts = at_decimal_mark(body);
  if (!parts) return std::unexpected(parts.error());
  auto digits = ungrouped(parts->whole);
  if (!digits) return std::unexpected(digits.error());
  *digits += parts->cents;
  digits->append(2 - parts->cents.size(), '0');
  std::int64_t minor = 0;
  for (const char c : *digits) minor = minor * 10 + (c - '0');
  return minor;
}

Reading<Amount> read_amount(std::string_view raw, const AmountField& field) {
  if (raw.size() > kAmountTextBytesMax) return complain("amount_too_long");
  if (!is_utf8(raw)) return complain("amount_unreadable", "not UTF-8");
  const auto text = plain_text(raw);
  if (!text) return std::unexpected(text.error());
  std::string_view rest = *text;
  if (rest.empty()) return complain("amount_missing");
  const auto tax = cut_tax(rest);
  bool negative = cut_start(rest, "-");
  const auto typed = cut_currency(rest);
  if (!negative) negative = cut_start(rest, "-");
  const auto minor = read_number(rest);
  if (!minor) return std::unexpected(minor.error());
  if (!typed && !field.currency) return complain("amount_without_currency");
  if (typed && field.currency && *typed != *field.currency && !field.other_currency_allowed)
    return complain("amount_other_currency", std::string(code_of(*typed)));
  if (negative && *minor != 0 && !field.negative_allowed) return complain("amount_negative");
  return Amount{negative ? -*minor : *minor, typed ? *typed : *field.currency, tax.value_or(field.tax)};
}

}  // namespace

Result<Amount> parse_amount(std::string_view text, const AmountField& field, std::string_view field_name) {
  auto amount = read_amount(text, field);
  if (!amount)
    return fail(Errc::invalid, amount.error().code, std::move(amount.error().detail), std::string(field_name));
  return *amount;
}

}  // namespace cluse::domain::money
