// Numbers by which registers know organisations, territories and accounts in France and in Switzerland, verified
// offline. What is wrong is said as exactly as the check allows, for a machine to turn into a sentence. Pure. Thread:
// any.
#pragma once

#include "server/base/result.h"

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::domain::registry {

/// `siren`, `siret`: INSEE, Luhn. `rna`: French associations, form only (domain.md, conventions: it has no check
/// digit). `uid`: IDE/UID of Switzerland, modulo 11. `insee_commune`, `ofs_commune`: codes of communes, form only.
/// `iban`: accounts in France, Switzerland and Liechtenstein.
enum class NumberKind { siren, siret, rna, uid, insee_commune, ofs_commune, iban };

/// "siren", "siret", "rna", "uid", "insee_commune", "ofs_commune", "iban": as stored and sent.
[[nodiscard]] std::string_view code_of(NumberKind kind);
[[nodiscard]] std::optional<NumberKind> parse_kind(std::string_view code);

/// Part of a number, counted in characters of its normalised form. Names: "siren", "nic" (of a SIRET); "check" (the two
/// digits after the country), "bank", "branch", "account", "key", "rib" (all four), "iid" (of an IBAN); "number".
struct DigitGroup {
  std::string_view name;
  std::size_t from = 0;
  std::size_t length = 0;

  bool operator==(const DigitGroup&) const = default;
};

/// One slip of the pen that would explain a wrong check: another character at `position`, or the characters at
/// `position` and after it the wrong way round.
struct Repair {
  enum class Slip { changed, swapped };
  Slip slip = Slip::changed;
  std::size_t position = 0;
  std::string corrected;  ///< the whole number, normalised

  bool operator==(const Repair&) const = default;
};

/// Codes: "registry_number_missing"; "registry_number_too_long" (the input); "registry_number_form" (characters,
/// length, or a part that is never given: `detail` says which); "registry_number_check"; "iban_country_unsupported".
struct NumberProblem {
  std::string_view code;
  std::string detail;
  std::optional<DigitGroup> suspect;  ///< of a wrong check: the smallest group that holds the mistake, if there is one
  /// Of a wrong check: every single slip that would explain it, in the order of positions. One check digit can tell
  /// that a digit is wrong but not which, so that SIREN and UID have one at nearly every place; SIRET and IBAN, checked
  /// twice or by two digits, have a few and often one alone.
  std::vector<Repair> repairs;

  /// The only possible slip; nullptr if there are none or several.
  [[nodiscard]] const Repair* only_repair() const;
  /// The only swap of neighbours, the commonest slip but one; nullptr if there are none or several.
  [[nodiscard]] const Repair* only_swap() const;
  /// With `detail` as "group=nic from=9 length=5", followed by " position=12 corrected=…" if there is one repair.
  [[nodiscard]] Error to_error(std::string_view field) const;
};

/// What follows a UID that is registered for tax: in French, German, Italian.
enum class VatSuffix { none, tva, mwst, iva };

struct Number {
  NumberKind kind;
  std::string normalised;              ///< to store and compare: "CHE107787577", "FR7630006000011234567890189"
  std::string display;                 ///< as people write it: "CHE-107.787.577 TVA", "FR76 3000 6000 …"
  VatSuffix suffix = VatSuffix::none;  ///< of a UID; not part of its identity
  bool is_qr = false;                  ///< of an IBAN: a Swiss QR-IBAN, which takes payments with a QR reference only

  bool operator==(const Number&) const = default;
};

using Checked = std::expected<Number, NumberProblem>;

/// More octets than this are no number.
inline constexpr std::size_t kNumberTextBytesMax = 64;

/// Reads `text` as people write and programmes copy it: either case; spaces of any width, points and hyphens between.
[[nodiscard]] Checked parse(NumberKind kind, std::string_view text);

/// The SIREN at the head of a SIRET. Requires: `siret` is one.
[[nodiscard]] std::string siren_of(const Number& siret);

}  // namespace cluse::domain::registry
