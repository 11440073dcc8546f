#include "server/domain/territories/kinds.h"

#include "server/domain/territories/schema.h"

#include <array>
#include <cstddef>

namespace cluse::domain::territories {
namespace {

constexpr std::array<std::string_view, 7> kKinds = {"commune", "epci",     "department", "region",
                                                    "canton",  "district", "cooperation"};
constexpr std::array<std::string_view, 8> kSchemes = {"insee", "siren",  "department", "region",
                                                      "ofs",   "canton", "district",   "cooperation"};
constexpr std::array<std::string_view, 3> kBases = {"municipale", "totale", "residante"};

template <class E, std::size_t N>
std::optional<E> parse(const std::array<std::string_view, N>& names, std::string_view code) {
  for (std::size_t i = 0; i < N; ++i)
    if (names[i] == code) return static_cast<E>(i);
  return std::nullopt;
}

}  // namespace

std::string_view code_of(Kind kind) {
  return kKinds[static_cast<std::size_t>(kind)];
}
std::string_view code_of(Scheme scheme) {
  return kSchemes[static_cast<std::size_t>(scheme)];
}
std::string_view code_of(Basis basis) {
  return kBases[static_cast<std::size_t>(basis)];
}
std::optional<Kind> parse_kind(std::string_view code) {
  return parse<Kind>(kKinds, code);
}
std::optional<Scheme> parse_scheme(std::string_view code) {
  return parse<Scheme>(kSchemes, code);
}
std::optional<Basis> parse_basis(std::string_view code) {
  return parse<Basis>(kBases, code);
}

std::string from_text(const Period& period) {
  return period.from ? to_iso(*period.from) : std::string(kAlways);
}

std::string until_text(const Period& period) {
  return period.until ? to_iso(*period.until) : std::string(kStill);
}

Period parse_period(std::string_view from, std::string_view until) {
  return {from == kAlways ? std::nullopt : parse_civil_date(from),
          until == kStill ? std::nullopt : parse_civil_date(until)};
}

}  // namespace cluse::domain::territories
