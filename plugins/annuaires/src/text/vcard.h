// vCard 3.0 (RFC 2426) and 4.0 (RFC 6350): one person or organisation as one card.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace annuaires {

struct Address {
  std::string street, postcode, city, country;
  [[nodiscard]] bool empty() const { return street.empty() && postcode.empty() && city.empty() && country.empty(); }
  bool operator==(const Address&) const = default;
};

struct Card {
  std::string uid, revised;  ///< revised: a moment, "2026-11-22T18:00:00Z"
  bool is_organisation = false;
  std::string name, family, given;
  std::string organisation, function, note, website;
  std::vector<std::string> emails, phones, mobiles, languages, categories;
  Address address;
  bool operator==(const Card&) const = default;
};

enum class VcardVersion { v3, v4 };

/// With CRLF, lines of 75 octets folded between letters, and every value escaped: none can begin a line of its own.
[[nodiscard]] std::string write_card(const Card& card, VcardVersion version);

/// Each card in turn, until `on_card` answers false. What is not understood is left out; cards cut short too. Lines of
/// more than 64 KiB (pictures) are passed over.
void read_cards(std::string_view text, const std::function<bool(Card&&)>& on_card);

}  // namespace annuaires
