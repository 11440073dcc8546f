// IBAN of France, Switzerland and Liechtenstein (ISO 13616), with the key of the French RIB inside and the QR-IBAN.
#include "server/domain/registry/check.h"

namespace cluse::domain::registry {
namespace {

constexpr std::size_t kFrenchLength = 27, kSwissLength = 21;
constexpr DigitGroup kFrench[] = {{"check", 2, 2},     {"bank", 4, 5}, {"branch", 9, 5},
                                  {"account", 14, 11}, {"key", 25, 2}, {"rib", 4, 23}};
constexpr DigitGroup kSwiss[] = {{"check", 2, 2}, {"iid", 4, 5}, {"account", 9, 12}, {"number", 2, 19}};

bool is_letter(char c) {
  return c >= 'A' && c <= 'Z';
}

// ISO 7064: the country and its digits moved to the end, letters as 10 to 35, the remainder by 97 is 1.
bool is_mod_97(std::string_view iban) {
  // 00, 01 and 99 would have the remainders of 97, 98 and 02, which are the ones that are given.
  const auto check = iban.substr(2, 2);
  if (check < "02" || check > "98") return false;
  unsigned rest = 0;
  for (std::size_t i = 0; i < iban.size(); ++i) {
    const char c = iban[(i + 4) % iban.size()];
    rest = is_letter(c) ? (rest * 100 + static_cast<unsigned>(c - 'A') + 10) % 97
                        : (rest * 10 + static_cast<unsigned>(c - '0')) % 97;
  }
  return rest == 1;
}

// Of the RIB: A to I, J to R and S to Z stand for 1 to 9, 1 to 9 and 2 to 9.
unsigned rib_digit(char c) {
  if (!is_letter(c)) return static_cast<unsigned>(c - '0');
  return c < 'S' ? static_cast<unsigned>(c - 'A') % 9 + 1 : static_cast<unsigned>(c - 'S') + 2;
}

unsigned rib_rest(std::string_view part) {
  unsigned rest = 0;
  for (const char c : part) rest = (rest * 10 + rib_digit(c)) % 97;
  return rest;
}

bool is_rib(std::string_view iban) {
  const unsigned sum =
      89 * rib_rest(iban.substr(4, 5)) + 15 * rib_rest(iban.substr(9, 5)) + 3 * rib_rest(iban.substr(14, 11));
  const unsigned key = static_cast<unsigned>(iban[25] - '0') * 10 + static_cast<unsigned>(iban[26] - '0');
  return key == 97 - sum % 97;
}

bool is_alphanumeric(std::string_view text) {
  for (const char c : text)
    if (!is_letter(c) && (c < '0' || c > '9')) return false;
  return true;
}

bool has_french_form(std::string_view iban) {
  return iban.size() == kFrenchLength && all_digits(iban.substr(2, 12)) && is_alphanumeric(iban.substr(14, 11)) &&
         all_digits(iban.substr(25));
}

bool has_swiss_form(std::string_view iban) {
  return iban.size() == kSwissLength && all_digits(iban.substr(2, 7)) && is_alphanumeric(iban.substr(9));
}

bool is_french(const std::string& iban) {
  return has_french_form(iban) && is_mod_97(iban) && is_rib(iban);
}

bool is_swiss(const std::string& iban) {
  return has_swiss_form(iban) && is_mod_97(iban);
}

Checked parse_french(const std::string& iban) {
  if (!has_french_form(iban)) return refuse("registry_number_form", "27 characters for FR");
  if (!is_french(iban)) {
    // Whatever is wrong inside the RIB breaks its key too: if the key holds, the two digits before it are wrong.
    if (is_rib(iban)) return wrong_check(iban, 2, is_french, std::span(kFrench).first(1));
    return wrong_check(iban, 4, is_french, std::span(kFrench).subspan(1));
  }
  return Number{NumberKind::iban, iban, grouped(iban, 4)};
}

Checked parse_swiss(const std::string& iban) {
  if (!has_swiss_form(iban)) return refuse("registry_number_form", "21 characters for " + iban.substr(0, 2));
  if (!is_mod_97(iban)) return wrong_check(iban, 2, is_swiss, kSwiss);
  // SIX: identifications of institutes from 30000 to 31999 belong to QR-IBANs.
  const std::string iid = iban.substr(4, 5);
  return Number{NumberKind::iban, iban, grouped(iban, 4), VatSuffix::none, iid >= "30000" && iid <= "31999"};
}

}  // namespace

Checked parse_iban(const std::string& text) {
  const std::string iban = text.starts_with("IBAN") ? text.substr(4) : text;
  if (iban.size() < 4 || !is_letter(iban[0]) || !is_letter(iban[1]))
    return refuse("registry_number_form", "two letters of a country, then digits");
  if (iban.starts_with("FR")) return parse_french(iban);
  if (iban.starts_with("CH") || iban.starts_with("LI")) return parse_swiss(iban);
  return refuse("iban_country_unsupported", is_letter(iban[0]) ? iban.substr(0, 2) : "");
}

}  // namespace cluse::domain::registry
