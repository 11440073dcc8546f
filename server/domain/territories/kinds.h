// The words of territories: kinds, codes, bases of population, and dated facts. Thread: any.
#pragma once

#include "server/base/civil_date.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cluse::domain::territories {

enum class Kind { commune, epci, department, region, canton, district, cooperation };

/// Whose code it is. `insee`, `ofs`: communes. `siren`: EPCI, and the second code of French communes. `department`,
/// `region`: INSEE. `canton`: "BE". `district`: "BE/Jura bernois" (ours: the data name districts, they do not number
/// them). `cooperation`: "PMNFC" (ours).
enum class Scheme { insee, siren, department, region, ofs, canton, district, cooperation };

/// `municipale`, `totale`: INSEE (contributions follow the first: domain.md rows 40, 41). `residante`: OFS.
enum class Basis { municipale, totale, residante };

/// The names of the enumerators: as stored and sent.
[[nodiscard]] std::string_view code_of(Kind kind);
[[nodiscard]] std::string_view code_of(Scheme scheme);
[[nodiscard]] std::string_view code_of(Basis basis);
[[nodiscard]] std::optional<Kind> parse_kind(std::string_view code);
[[nodiscard]] std::optional<Scheme> parse_scheme(std::string_view code);
[[nodiscard]] std::optional<Basis> parse_basis(std::string_view code);

/// A code with its scheme: how data files and other systems name a unit.
struct Key {
  Scheme scheme = Scheme::insee;
  std::string code;

  auto operator<=>(const Key&) const = default;
};

/// From `from` up to, and not with, `until`. Empty: as far back as we know; still.
struct Period {
  std::optional<CivilDate> from, until;

  bool operator==(const Period&) const = default;
};

/// As the columns `valid_from` and `valid_until` hold them.
[[nodiscard]] std::string from_text(const Period& period);
[[nodiscard]] std::string until_text(const Period& period);
[[nodiscard]] Period parse_period(std::string_view from, std::string_view until);

}  // namespace cluse::domain::territories
