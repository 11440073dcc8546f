// IDE/UID: CHE, eight digits and a check digit modulo 11 (ordinance on the UID; eCH-0097).
#include "server/domain/registry/check.h"

#include <array>
#include <utility>

namespace cluse::domain::registry {
namespace {

constexpr std::string_view kCountry = "CHE";
constexpr std::array<int, 8> kWeights = {5, 4, 3, 2, 7, 6, 5, 4};
constexpr std::pair<std::string_view, VatSuffix> kSuffixes[] = {
    {"TVA", VatSuffix::tva}, {"MWST", VatSuffix::mwst}, {"IVA", VatSuffix::iva}};

bool is_uid(std::string_view number) {
  if (!number.starts_with(kCountry) || !all_digits(number.substr(kCountry.size()))) return false;
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) sum += (number[kCountry.size() + i] - '0') * kWeights[i];
  // A check of 10 has no digit: such numbers are never given.
  return (11 - sum % 11) % 11 == number.back() - '0';
}

VatSuffix cut_suffix(std::string& text) {
  for (const auto& [word, suffix] : kSuffixes) {
    if (!text.ends_with(word)) continue;
    text.resize(text.size() - word.size());
    return suffix;
  }
  return VatSuffix::none;
}

}  // namespace

Checked parse_uid(const std::string& text) {
  std::string number = text;
  const auto suffix = cut_suffix(number);
  if (number.size() != 12 || !number.starts_with(kCountry) ||
      !all_digits(std::string_view(number).substr(kCountry.size())))
    return refuse("registry_number_form", "CHE and nine digits");
  if (!is_uid(number)) {
    constexpr DigitGroup kGroups[] = {{"number", kCountry.size(), 9}};
    return wrong_check(number, kCountry.size(), is_uid, kGroups);
  }
  std::string display = "CHE-" + number.substr(3, 3) + "." + number.substr(6, 3) + "." + number.substr(9, 3);
  for (const auto& [word, one] : kSuffixes)
    if (one == suffix) display += " " + std::string(word);
  return Number{NumberKind::uid, number, display, suffix};
}

}  // namespace cluse::domain::registry
