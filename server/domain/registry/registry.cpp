#include "server/domain/registry/registry.h"

#include "server/base/assert.h"
#include "server/domain/registry/check.h"

#include <algorithm>
#include <utility>

namespace cluse::domain::registry {
namespace {

constexpr NumberKind kKinds[] = {NumberKind::siren,         NumberKind::siret,       NumberKind::rna, NumberKind::uid,
                                 NumberKind::insee_commune, NumberKind::ofs_commune, NumberKind::iban};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool inside(const Repair& repair, const DigitGroup& group) {
  const std::size_t last = repair.position + (repair.slip == Repair::Slip::swapped ? 1 : 0);
  return repair.position >= group.from && last < group.from + group.length;
}

const Repair* only(const std::vector<Repair>& repairs, bool swaps_alone) {
  const Repair* found = nullptr;
  for (const auto& repair : repairs) {
    if (swaps_alone && repair.slip != Repair::Slip::swapped) continue;
    if (found != nullptr) return nullptr;
    found = &repair;
  }
  return found;
}

}  // namespace

std::string_view code_of(NumberKind kind) {
  switch (kind) {
    case NumberKind::siren: return "siren";
    case NumberKind::siret: return "siret";
    case NumberKind::rna: return "rna";
    case NumberKind::uid: return "uid";
    case NumberKind::insee_commune: return "insee_commune";
    case NumberKind::ofs_commune: return "ofs_commune";
    case NumberKind::iban: break;
  }
  return "iban";
}

std::optional<NumberKind> parse_kind(std::string_view code) {
  for (const auto kind : kKinds)
    if (code == code_of(kind)) return kind;
  return std::nullopt;
}

const Repair* NumberProblem::only_repair() const {
  return only(repairs, false);
}

const Repair* NumberProblem::only_swap() const {
  return only(repairs, true);
}

Error NumberProblem::to_error(std::string_view field) const {
  std::string words = detail;
  if (suspect)
    words = "group=" + std::string(suspect->name) + " from=" + std::to_string(suspect->from) +
            " length=" + std::to_string(suspect->length);
  if (const auto* repair = only_repair())
    words += " position=" + std::to_string(repair->position) + " corrected=" + repair->corrected;
  return {Errc::invalid, code, words, std::string(field)};
}

std::unexpected<NumberProblem> refuse(std::string_view code, std::string detail) {
  return std::unexpected(NumberProblem{code, std::move(detail), std::nullopt, {}});
}

std::string compact(std::string_view text) {
  // No-break, thin and narrow spaces; the hyphens and dashes of word processors; the zero-width space of web pages.
  static constexpr std::string_view kDropped[] = {" ",      "\t",     "\n",     "\r",     ".",      "-",      "\u00A0",
                                                  "\u2009", "\u202F", "\u200B", "\u2010", "\u2011", "\u2012", "\u2013"};
  std::string out;
  while (!text.empty()) {
    const auto* dropped =
        std::find_if(std::begin(kDropped), std::end(kDropped), [&](auto one) { return text.starts_with(one); });
    if (dropped != std::end(kDropped)) {
      text.remove_prefix(dropped->size());
      continue;
    }
    const char c = text.front();
    out += c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
    text.remove_prefix(1);
  }
  return out;
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_digit);
}

std::string grouped(std::string_view text, std::size_t size) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += size) {
    if (i > 0) out += ' ';
    out += text.substr(i, size);
  }
  return out;
}

std::unexpected<NumberProblem> wrong_check(const std::string& number, std::size_t from,
                                           const std::function<bool(const std::string&)>& is_valid,
                                           std::span<const DigitGroup> groups) {
  NumberProblem problem{"registry_number_check", {}, std::nullopt, {}};
  const auto keep_if_valid = [&](Repair::Slip slip, std::size_t position, std::string corrected) {
    if (is_valid(corrected)) problem.repairs.push_back({slip, position, std::move(corrected)});
  };
  static constexpr std::string_view kDigits = "0123456789", kAll = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (std::size_t i = from; i < number.size(); ++i) {
    // A digit typed for a letter is as rare as its place is common: a digit is looked for where a digit is.
    for (const char instead : is_digit(number[i]) ? kDigits : kAll) {
      std::string changed = number;
      changed[i] = instead;
      if (instead != number[i]) keep_if_valid(Repair::Slip::changed, i, std::move(changed));
    }
    if (i + 1 == number.size() || number[i] == number[i + 1]) continue;
    std::string swapped = number;
    std::swap(swapped[i], swapped[i + 1]);
    keep_if_valid(Repair::Slip::swapped, i, std::move(swapped));
  }
  problem.suspect = groups.back();
  for (const auto& group : groups) {
    const bool holds_all =
        !problem.repairs.empty() && std::all_of(problem.repairs.begin(), problem.repairs.end(),
                                                [&](const Repair& repair) { return inside(repair, group); });
    if (!holds_all) continue;
    problem.suspect = group;
    break;
  }
  return std::unexpected(std::move(problem));
}

Checked parse(NumberKind kind, std::string_view text) {
  if (text.size() > kNumberTextBytesMax) return refuse("registry_number_too_long");
  const std::string number = compact(text);
  if (number.empty()) return refuse("registry_number_missing");
  switch (kind) {
    case NumberKind::siren: return parse_siren(number);
    case NumberKind::siret: return parse_siret(number);
    case NumberKind::rna: return parse_rna(number);
    case NumberKind::uid: return parse_uid(number);
    case NumberKind::insee_commune: return parse_insee_commune(number);
    case NumberKind::ofs_commune: return parse_ofs_commune(number);
    case NumberKind::iban: break;
  }
  return parse_iban(number);
}

std::string siren_of(const Number& siret) {
  CLUSE_ASSERT(siret.kind == NumberKind::siret, "only a SIRET begins with a SIREN");
  return siret.normalised.substr(0, 9);
}

}  // namespace cluse::domain::registry
