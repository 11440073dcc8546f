// Rules of a body: its seats, offices, scope and rhythm. domain.md rows 11, 42 to 44 and 55, section 1.6.
#include "server/domain/rules/judge.h"

#include <algorithm>

namespace cluse::domain::rules {
namespace {

std::string label_of(SeatMethod method) {
  switch (method) {
    case SeatMethod::sainte_lague: return "method.sainte_lague";
    case SeatMethod::dhondt: return "method.dhondt";
    case SeatMethod::largest_remainder: break;
  }
  return "method.largest_remainder";
}

int max_of(const SeatRule& rule) {
  return rule.titulars * rule.max_numerator / rule.max_denominator;
}

void propose(const SeatRule& rule, Finding& finding) {
  const auto split = distribute(rule.method, rule.titulars, rule.parties, {rule.min_each, max_of(rule)});
  if (!split) return;
  std::string words;
  for (std::size_t i = 0; i < rule.parties.size(); ++i) {
    words += (i == 0 ? "" : ", ") + rule.parties[i].name + " " + std::to_string((*split)[i]);
  }
  finding.add(Outcome::met,
              {"seats_proposal",
               {{"method", Label{label_of(rule.method)}}, {"split", words}, {"source", rule.population_source}}});
}

void judge_sum(std::int64_t sum, int expected, const char* kind, Finding& finding) {
  if (sum == expected) return;
  finding.add(Outcome::broken,
              {"seats_sum", {{"kind", Label{kind}}, {"sum", sum}, {"expected", std::int64_t{expected}}}});
}

}  // namespace

MaybeFinding judge(const SeatRule& rule, const Context& context) {
  if (context.facts.seats.empty()) return std::nullopt;
  Finding finding;
  std::int64_t titulars = 0;
  std::int64_t substitutes = 0;
  for (const Seats& seats : context.facts.seats) {
    if (!seats.titulars || (rule.substitutes > 0 && !seats.substitutes)) {
      finding.add(Outcome::unknown, {"seats_unknown", {{"party", seats.party}}});
      continue;
    }
    titulars += *seats.titulars;
    substitutes += seats.substitutes.value_or(0);
    if (*seats.titulars < rule.min_each) {
      finding.add(
          Outcome::broken,
          {"seats_below",
           {{"party", seats.party}, {"seats", std::int64_t{*seats.titulars}}, {"min", std::int64_t{rule.min_each}}}});
    }
    if (*seats.titulars > max_of(rule)) {
      finding.add(
          Outcome::broken,
          {"seats_above",
           {{"party", seats.party}, {"seats", std::int64_t{*seats.titulars}}, {"max", std::int64_t{max_of(rule)}}}});
    }
  }
  if (finding.outcome == Outcome::unknown) {
    propose(rule, finding);
    return finding;
  }
  judge_sum(titulars, rule.titulars, "fact.titulars", finding);
  judge_sum(substitutes, rule.substitutes, "fact.substitutes", finding);
  if (finding.reasons.empty()) finding.add(Outcome::met, {"seats_met", {{"sum", titulars}}});
  return finding;
}

MaybeFinding judge(const Scope& rule, const Context& context) {
  if (!context.facts.project) return std::nullopt;
  const Project& project = *context.facts.project;
  if (!project.thematics || project.thematics->empty()) return missing("thematics");
  Finding finding;
  for (const std::string& thematic : *project.thematics) {
    if (std::ranges::find(rule.thematics, thematic) != rule.thematics.end()) continue;
    finding.add(Outcome::broken, {"scope_outside", {{"thematic", thematic}}});
  }
  if (rule.common_interest && !project.for_one_member_only) {
    finding.add(Outcome::unknown, {"fact_missing", {{"fact", Label{"fact.for_one_member_only"}}}});
  } else if (rule.common_interest && *project.for_one_member_only) {
    finding.add(Outcome::broken, {"scope_one_member", {}});
  }
  if (!rule.members.empty() && !project.concordant_deliberations) {
    finding.add(Outcome::unknown, {"fact_missing", {{"fact", Label{"fact.concordant_deliberations"}}}});
  } else {
    for (const std::string& member : rule.members) {
      const auto& given = *project.concordant_deliberations;
      if (std::ranges::find(given, member) != given.end()) continue;
      finding.add(Outcome::broken, {"scope_deliberation_missing", {{"member", member}}});
    }
  }
  if (finding.reasons.empty()) finding.add(Outcome::met, {"scope_met", {}});
  return finding;
}

MaybeFinding judge(const Frequency& rule, const Context& context) {
  if (!context.facts.year) return std::nullopt;
  const YearOfSessions& year = *context.facts.year;
  const bool below = year.sessions < rule.min;
  const bool above = year.sessions > rule.max;
  Finding finding;
  // The year as text: a number would be grouped, "2 017".
  finding.add(below || above ? Outcome::warned : Outcome::met, {below   ? "frequency_below"
                                                                : above ? "frequency_above"
                                                                        : "frequency_met",
                                                                {{"sessions", std::int64_t{year.sessions}},
                                                                 {"year", std::to_string(year.year)},
                                                                 {"min", std::int64_t{rule.min}},
                                                                 {"max", std::int64_t{rule.max}}}});
  return finding;
}

MaybeFinding judge(const Composition& rule, const Context& context) {
  Finding finding;
  bool touched = false;
  for (const auto& [office, expected] : rule.offices) {
    const auto found = context.facts.offices.find(office);
    if (found == context.facts.offices.end()) continue;
    touched = true;
    if (found->second == expected) continue;
    finding.add(
        Outcome::broken,
        {"composition_differs",
         {{"office", Label{"office." + office}}, {"count", std::int64_t{found->second}}, {"expected", expected}}});
  }
  if (!touched) return std::nullopt;
  if (finding.reasons.empty()) finding.add(Outcome::met, {"composition_met", {}});
  return finding;
}

MaybeFinding judge(const Postponement& rule, const Context& context) {
  if (!context.facts.bureau) return std::nullopt;
  const BureauMeeting& bureau = *context.facts.bureau;
  Finding finding;
  if (bureau.absent_without_warning > 0) {
    finding.add(Outcome::warned, {"postponement_unwarned", {{"count", std::int64_t{bureau.absent_without_warning}}}});
  }
  const Label office{"office." + rule.decided_by};
  if (bureau.absent == 0) {
    finding.add(Outcome::met, {"postponement_nobody_absent", {}});
  } else if (!bureau.postponed) {
    finding.add(Outcome::unknown,
                {"postponement_undecided", {{"absent", std::int64_t{bureau.absent}}, {"office", office}}});
  } else if (bureau.decided_by != rule.decided_by) {
    finding.add(Outcome::broken, {"postponement_wrong_office", {{"office", office}}});
  } else {
    finding.add(Outcome::met,
                {*bureau.postponed ? "postponement_postponed" : "postponement_kept", {{"office", office}}});
  }
  return finding;
}

}  // namespace cluse::domain::rules
