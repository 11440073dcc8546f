// SIREN, SIRET and RNA.
#include "server/domain/registry/check.h"

namespace cluse::domain::registry {
namespace {

constexpr std::size_t kSirenDigits = 9, kSiretDigits = 14;
constexpr std::string_view kLaPoste = "356000000";

// Luhn: every second digit from the right counts twice (its digits added), and the sum is a multiple of ten.
bool is_luhn(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (std::size_t i = digits.size(); i > 0; --i, twice = !twice) {
    const int digit = digits[i - 1] - '0';
    sum += !twice ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit;
  }
  return sum % 10 == 0;
}

// La Poste has more establishments than Luhn leaves numbers for: there, INSEE asks only that the sum of the fourteen
// digits be a multiple of five.
bool is_la_poste(std::string_view siret) {
  int sum = 0;
  for (const char c : siret) sum += c - '0';
  return siret.starts_with(kLaPoste) && sum % 5 == 0;
}

bool is_siret(std::string_view number) {
  return is_luhn(number.substr(0, kSirenDigits)) && (is_luhn(number) || is_la_poste(number));
}

Checked wrong_form(std::size_t digits) {
  return refuse("registry_number_form", std::to_string(digits) + " digits");
}

}  // namespace

Checked parse_siren(const std::string& text) {
  if (text.size() != kSirenDigits || !all_digits(text)) return wrong_form(kSirenDigits);
  if (!is_luhn(text)) {
    constexpr DigitGroup kGroups[] = {{"siren", 0, kSirenDigits}};
    return wrong_check(text, 0, is_luhn, kGroups);
  }
  return Number{NumberKind::siren, text, grouped(text, 3)};
}

Checked parse_siret(const std::string& text) {
  if (text.size() != kSiretDigits || !all_digits(text)) return wrong_form(kSiretDigits);
  if (!is_siret(text)) {
    // The SIREN has a check of its own: if that holds, the mistake is in the five digits after it.
    constexpr DigitGroup kSiren[] = {{"siren", 0, kSirenDigits}}, kNic[] = {{"nic", kSirenDigits, 5}};
    const bool siren_holds = is_luhn(std::string_view(text).substr(0, kSirenDigits));
    return wrong_check(text, siren_holds ? kSirenDigits : 0, is_siret,
                       siren_holds ? std::span(kNic) : std::span(kSiren));
  }
  return Number{NumberKind::siret, text, grouped(text.substr(0, kSirenDigits), 3) + " " + text.substr(kSirenDigits)};
}

// domain.md, conventions: W and nine digits, no check digit.
Checked parse_rna(const std::string& text) {
  if (text.size() != 10 || text.front() != 'W' || !all_digits(std::string_view(text).substr(1)))
    return refuse("registry_number_form", "W and nine digits");
  return Number{NumberKind::rna, text, text};
}

}  // namespace cluse::domain::registry
