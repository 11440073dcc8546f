// Rules of a session: quorum, substitutes, proxies, votes. domain.md rows 45 to 47, section 1.6.
#include "server/domain/rules/judge.h"
#include "server/domain/rules/seating.h"

#include <algorithm>
#include <map>

namespace cluse::domain::rules {
namespace {

constexpr int kPeopleMax = 1'000'000;

/// Present in person for a quorum: titulars and seated substitutes; a proxy is not present.
std::int64_t present_in(const Pack& pack, const Session& session) {
  const Seating seating = seat(pack, session);
  return std::ranges::count_if(seating.rights,
                               [](const VotingRight& right) { return right.how != VotingRight::How::proxy; });
}

bool convened_again(const Context& context) {
  const auto* second = rule_of<SecondConvocation>(context.pack);
  return second != nullptr && std::ranges::any_of(context.facts.sendings, [&](const Sending& sending) {
           return sending.occasion == Sending::Occasion::after_failed_quorum && sending.what == "convocation" &&
                  sending.session_on == context.facts.session->held_on &&
                  calendar::judge(second->delay, sending.sent_on, sending.session_on, context.holidays).lawful;
         });
}

const char* sentence_of(SubstitutionFate fate) {
  switch (fate) {
    case SubstitutionFate::seated: return "substitution_seated";
    case SubstitutionFate::other_organisation: return "substitution_other_organisation";
    case SubstitutionFate::titular_present: return "substitution_titular_present";
    case SubstitutionFate::substitute_absent: return "substitution_substitute_absent";
    case SubstitutionFate::twice: return "substitution_twice";
    case SubstitutionFate::unknown_person: break;
  }
  return "substitution_unknown_person";
}

const char* sentence_of(ProxyFate fate) {
  switch (fate) {
    case ProxyFate::counts: return "proxy_counts";
    case ProxyFate::counts_by_illness: return "proxy_counts_by_illness";
    case ProxyFate::giver_present: return "proxy_giver_present";
    case ProxyFate::seat_taken: return "proxy_seat_taken";
    case ProxyFate::bearer_absent: return "proxy_bearer_absent";
    case ProxyFate::bearer_without_vote: return "proxy_bearer_without_vote";
    case ProxyFate::not_written: return "proxy_not_written";
    case ProxyFate::revoked: return "proxy_revoked";
    case ProxyFate::lapsed: return "proxy_lapsed";
    case ProxyFate::bearer_full: return "proxy_bearer_full";
    case ProxyFate::twice: return "proxy_twice";
    case ProxyFate::unknown_person: break;
  }
  return "proxy_unknown_person";
}

/// A proxy that is not needed harms nobody; one that may not be used is refused.
Outcome outcome_of(ProxyFate fate) {
  switch (fate) {
    case ProxyFate::counts:
    case ProxyFate::counts_by_illness:
    case ProxyFate::giver_present:
    case ProxyFate::seat_taken:
    case ProxyFate::revoked: return Outcome::met;
    case ProxyFate::bearer_absent: return Outcome::warned;
    default: return Outcome::broken;
  }
}

void remind_of_duty(const Session& session, Finding& finding) {
  for (const Member& member : session.members) {
    if (member.substitute || member.present) continue;
    const bool gave =
        std::ranges::any_of(session.proxies, [&](const Proxy& proxy) { return proxy.giver == member.id; });
    if (!member.declared_absent) finding.add(Outcome::warned, {"proxy_duty_declare", {{"member", member.id}}});
    if (!gave) finding.add(Outcome::warned, {"proxy_duty_give", {{"member", member.id}}});
  }
}

void judge_tie(const Majority& rule, const Ballot& ballot, Finding& finding) {
  if (ballot.secret || !rule.chair_breaks_ties) {
    finding.add(Outcome::broken,
                {ballot.secret ? "vote_tie_secret" : "vote_tie", {{"each", std::int64_t{ballot.against}}}});
  } else if (!ballot.chair) {
    finding.add(Outcome::unknown, {"vote_tie_chair_unknown", {}});
  } else if (*ballot.chair == Ballot::Choice::abstention) {
    finding.add(Outcome::broken, {"vote_tie_chair_abstained", {}});
  } else {
    const bool adopted = *ballot.chair == Ballot::Choice::in_favour;
    finding.add(adopted ? Outcome::met : Outcome::broken, {adopted ? "vote_tie_adopted" : "vote_tie_rejected", {}});
  }
}

bool plausible(const Ballot& ballot) {
  for (const int votes : {ballot.in_favour, ballot.against, ballot.abstentions}) {
    if (votes < 0 || votes > kPeopleMax) return false;
  }
  const int cast = ballot.in_favour + ballot.against + ballot.abstentions;
  return !ballot.voting_rights || cast <= *ballot.voting_rights;
}

}  // namespace

std::int64_t needed_for_quorum(const Quorum& quorum, std::int64_t base) {
  const std::int64_t product = base * quorum.numerator;
  if (quorum.at_least) return (product + quorum.denominator - 1) / quorum.denominator;
  return product / quorum.denominator + 1;
}

MaybeFinding judge(const Quorum& rule, const Context& context) {
  if (!context.facts.session) return std::nullopt;
  const Session& session = *context.facts.session;
  Finding finding;
  if (convened_again(context)) {
    finding.add(Outcome::met, {"quorum_not_needed", {{"session", session.held_on}}});
    return finding;
  }
  const bool legal = rule.base == QuorumBase::legal_seats;
  const auto& base = legal ? session.legal_seats : session.in_office;
  if (!base) return missing(legal ? "legal_seats" : "in_office");
  if (!session.present && session.members.empty()) return missing("present");
  const std::int64_t present = session.present ? *session.present : present_in(context.pack, session);
  if (*base < 1 || *base > kPeopleMax || present < 0 || present > *base) {
    finding.add(Outcome::unknown, {"facts_impossible", {}});
    return finding;
  }
  const std::int64_t needed = needed_for_quorum(rule, *base);
  const bool met = present >= needed;
  finding.add(met ? Outcome::met : Outcome::broken, {met ? "quorum_met" : "quorum_broken",
                                                     {{"present", present},
                                                      {"needed", needed},
                                                      {"base", std::int64_t{*base}},
                                                      {"kind", Label{legal ? "fact.legal_seats" : "fact.in_office"}}}});
  return finding;
}

MaybeFinding judge(const SubstitutionRule&, const Context& context) {
  if (!context.facts.session || context.facts.session->members.empty()) return std::nullopt;
  const Session& session = *context.facts.session;
  const Seating seating = seat(context.pack, session);
  Finding finding;
  for (std::size_t i = 0; i < session.substitutions.size(); ++i) {
    if (seating.substitutions[i] == SubstitutionFate::seated) continue;  // told with all the seated below
    finding.add(Outcome::broken,
                {sentence_of(seating.substitutions[i]),
                 {{"substitute", session.substitutions[i].substitute}, {"titular", session.substitutions[i].titular}}});
  }
  for (const VotingRight& right : seating.rights) {
    if (right.how != VotingRight::How::substitute) continue;
    finding.add(Outcome::met,
                {sentence_of(SubstitutionFate::seated), {{"substitute", right.voter}, {"titular", right.seat}}});
  }
  if (finding.reasons.empty()) finding.add(Outcome::met, {"substitution_none", {}});
  return finding;
}

MaybeFinding judge(const AttendanceRule&, const Context& context) {
  if (!context.facts.session || context.facts.session->members.empty()) return std::nullopt;
  const Session& session = *context.facts.session;
  const Seating seating = seat(context.pack, session);
  std::map<std::string, std::int64_t> rights;
  std::map<std::string, std::int64_t> cast;
  for (const VotingRight& right : seating.rights) ++rights[right.voter];
  for (const std::string& voter : session.votes_cast) ++cast[voter];
  Finding finding;
  for (const std::string& member : seating.without_vote) {
    if (!cast.contains(member)) finding.add(Outcome::met, {"attendance_without_vote", {{"member", member}}});
  }
  for (const auto& [voter, votes] : cast) {
    if (votes <= rights[voter]) continue;
    finding.add(Outcome::broken,
                {"attendance_vote_without_right", {{"member", voter}, {"votes", votes}, {"rights", rights[voter]}}});
  }
  if (finding.reasons.empty()) {
    finding.add(Outcome::met, {"attendance_met", {{"count", static_cast<std::int64_t>(seating.rights.size())}}});
  }
  return finding;
}

MaybeFinding judge(const ProxyRule& rule, const Context& context) {
  if (!context.facts.session || context.facts.session->members.empty()) return std::nullopt;
  const Session& session = *context.facts.session;
  const Seating seating = seat(context.pack, session);
  Finding finding;
  for (std::size_t i = 0; i < session.proxies.size(); ++i) {
    const Proxy& proxy = session.proxies[i];
    finding.add(outcome_of(seating.proxies[i]),
                {sentence_of(seating.proxies[i]),
                 {{"giver", proxy.giver},
                  {"bearer", proxy.bearer},
                  {"sessions", std::int64_t{proxy.consecutive_sessions}},
                  {"max", std::int64_t{rule.per_bearer_max.value_or(0)}},
                  {"sessions_max", std::int64_t{rule.consecutive_sessions_max.value_or(0)}}}});
  }
  if (!session.proxies.empty() && !rule.per_bearer_max) finding.add(Outcome::met, {"proxy_no_cap", {}});
  if (rule.duty) remind_of_duty(session, finding);
  if (finding.reasons.empty()) finding.add(Outcome::met, {"proxy_none", {}});
  return finding;
}

MaybeFinding judge(const Majority& rule, const Context& context) {
  if (!context.facts.ballot) return std::nullopt;
  const Ballot& ballot = *context.facts.ballot;
  Finding finding;
  if (!plausible(ballot)) {
    finding.add(Outcome::unknown, {"facts_impossible", {}});
    return finding;
  }
  const std::int64_t expressed = std::int64_t{ballot.in_favour} + ballot.against;
  if (expressed == 0) {
    finding.add(Outcome::broken, {"vote_none_expressed", {}});
    return finding;
  }
  const std::int64_t needed = expressed * rule.numerator / rule.denominator + 1;
  const bool adopted = ballot.in_favour >= needed;
  if (!adopted && ballot.in_favour == ballot.against && 2 * rule.numerator == rule.denominator) {
    judge_tie(rule, ballot, finding);
    return finding;
  }
  finding.add(adopted ? Outcome::met : Outcome::broken, {adopted ? "vote_adopted" : "vote_rejected",
                                                         {{"in_favour", std::int64_t{ballot.in_favour}},
                                                          {"against", std::int64_t{ballot.against}},
                                                          {"abstentions", std::int64_t{ballot.abstentions}},
                                                          {"expressed", expressed},
                                                          {"needed", needed}}});
  return finding;
}

}  // namespace cluse::domain::rules
