// Aim: quorum, proxies, substitutes and votes as the sources have them. Method: vectors over the packs that ship, and
// random sessions with rapidcheck (it prints its seed): one vote a seat, whatever is claimed.

#include "server/domain/rules/testing.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

namespace cluse::domain::rules {
namespace {

constexpr auto kSecond = Sending::Occasion::after_failed_quorum;

const Pack& epci() {
  return pack_on("fr-epci", "2026-06-01");
}

Facts quorum_facts(int legal, int in_office, int present) {
  return Facts{.session = Session{
                   .held_on = day("2026-06-05"), .legal_seats = legal, .in_office = in_office, .present = present}};
}

TEST(Quorum, OfEchallensIs31ByTheVaudBaseAnd28ByTheFrench) {
  // domain.md section 1.6 (vd.ch 24_MOT_30, LC art. 26): 60 seats, 55 filled.
  const Pack& vaud = pack_on("vd-conseil-communal", "2024-09-01");
  EXPECT_EQ(said(judged(vaud, quorum_facts(60, 55, 31)), "quorum"), "met: quorum_met");
  EXPECT_EQ(said(judged(vaud, quorum_facts(60, 55, 30)), "quorum"), "broken: quorum_broken");
  EXPECT_EQ(said(judged(epci(), quorum_facts(60, 55, 28)), "quorum"), "met: quorum_met");
  EXPECT_EQ(said(judged(epci(), quorum_facts(60, 55, 27)), "quorum"), "broken: quorum_broken");
  EXPECT_EQ(needed_for_quorum({.base = QuorumBase::legal_seats}, 60), 31);
  EXPECT_EQ(needed_for_quorum({.base = QuorumBase::in_office}, 55), 28);
}

TEST(Quorum, IsAnyFractionThatARuleNames) {
  const std::tuple<Quorum, int, int> cases[] = {
      {{.numerator = 1, .denominator = 2}, 1, 1},
      {{.numerator = 1, .denominator = 2}, 2, 2},
      {{.numerator = 1, .denominator = 3}, 30, 11},
      {{.numerator = 1, .denominator = 3, .at_least = true}, 30, 10},
      {{.numerator = 1, .denominator = 3, .at_least = true}, 31, 11},
      {{.numerator = 2, .denominator = 3, .at_least = true}, 32, 22},
  };
  for (const auto& [rule, base, needed] : cases) EXPECT_EQ(needed_for_quorum(rule, base), needed);
}

TEST(Quorum, OfImpossibleOrMissingFiguresIsNotKnown) {
  EXPECT_EQ(said(judged(epci(), quorum_facts(60, 55, 56)), "quorum"), "unknown: facts_impossible");
  EXPECT_EQ(said(judged(epci(), quorum_facts(60, 0, 0)), "quorum"), "unknown: facts_impossible");
  EXPECT_EQ(said(judged(epci(), quorum_facts(60, 55, -1)), "quorum"), "unknown: facts_impossible");
  EXPECT_EQ(said(judged(epci(), Facts{.session = Session{.held_on = day("2026-06-05")}}), "quorum"),
            "unknown: fact_missing");
}

TEST(Quorum, IsNotNeededAfterASecondConvocationWithThreeClearDays) {
  // domain.md section 1.6 (CGCT L2121-17, courrierdesmaires.fr 62823): convened on Monday, Friday at the earliest.
  Facts facts = quorum_facts(60, 55, 3);
  facts.sendings = {{"convocation", day("2026-06-01"), day("2026-06-05"), kSecond}};
  EXPECT_EQ(said(judged(epci(), facts), "quorum"), "met: quorum_not_needed");
  EXPECT_EQ(said(judged(epci(), facts), "second-convocation"), "met: notice_met");
  EXPECT_EQ(said(judged(epci(), facts), "convocation"), "-") << "the five days are those of a first convocation";
  facts.sendings[0].sent_on = day("2026-06-02");
  EXPECT_EQ(outcome(judged(epci(), facts), "second-convocation"), "broken");
  EXPECT_EQ(said(judged(epci(), facts), "quorum"), "broken: quorum_broken");
  facts.sendings[0] = {"convocation", day("2026-05-01"), day("2026-06-04"), kSecond};
  EXPECT_EQ(said(judged(epci(), facts), "quorum"), "broken: quorum_broken") << "that was for another session";
}

TEST(Convocation, NeedsFiveClearDaysOrOneWhenUrgent) {
  // domain.md section 1.6: CGCT L2121-12, five clear days; urgent: not less than one, and the assembly must say so.
  const auto convened = [](const char* sent, const char* session, Sending::Occasion occasion) {
    return judged(epci(), Facts{.sendings = {{"convocation", day(sent), day(session), occasion}}});
  };
  using enum Sending::Occasion;
  EXPECT_EQ(said(convened("2026-06-01", "2026-06-07", ordinary), "convocation"), "met: notice_met");
  EXPECT_EQ(said(convened("2026-06-01", "2026-06-06", ordinary), "convocation"), "broken: notice_broken");
  EXPECT_EQ(said(convened("2026-06-01", "2026-06-03", urgent), "convocation-urgent"),
            "warned: notice_met notice_urgent");
  EXPECT_EQ(outcome(convened("2026-06-01", "2026-06-02", urgent), "convocation-urgent"), "broken");
  const auto moment = last_moment(epci(), "convocation", ordinary, day("2026-06-07"), shipped().holidays());
  EXPECT_EQ(to_rfc3339(moment.value().end), "2026-06-01T21:59:59.999Z");
  EXPECT_EQ(last_moment(epci(), "convocation", kSecond, day("2026-06-05"), shipped().holidays())->day,
            day("2026-06-01"));
  EXPECT_EQ(last_moment(epci(), "dates", ordinary, day("2026-06-05"), shipped().holidays()).error().code,
            "rule_pack_no_such_notice");
}

TEST(Vote, NeedsMoreThanHalfOfTheVotesExpressed) {
  // domain.md section 1.6 (CGCT L2121-20): absolute majority of votes exprimés, tie: chair's vote unless secret.
  using enum Ballot::Choice;
  const std::pair<Ballot, const char*> cases[] = {
      {{.in_favour = 10, .against = 9, .abstentions = 30}, "met: vote_adopted"},
      {{.in_favour = 9, .against = 10}, "broken: vote_rejected"},
      {{.in_favour = 1, .against = 0, .abstentions = 54}, "met: vote_adopted"},
      {{.abstentions = 20}, "broken: vote_none_expressed"},
      {{.in_favour = 10, .against = 10, .chair = in_favour}, "met: vote_tie_adopted"},
      {{.in_favour = 10, .against = 10, .chair = against}, "broken: vote_tie_rejected"},
      {{.in_favour = 10, .against = 10, .chair = abstention}, "broken: vote_tie_chair_abstained"},
      {{.in_favour = 10, .against = 10}, "unknown: vote_tie_chair_unknown"},
      {{.in_favour = 10, .against = 10, .secret = true, .chair = in_favour}, "broken: vote_tie_secret"},
      {{.in_favour = 10, .against = 9, .voting_rights = 18}, "unknown: facts_impossible"},
      {{.in_favour = -1, .against = 9}, "unknown: facts_impossible"},
  };
  for (const auto& [ballot, expected] : cases)
    EXPECT_EQ(said(judged(epci(), Facts{.ballot = ballot}), "majority"), expected);
}

Member titular(const char* id, const char* organisation, bool present) {
  return {.id = id, .organisation = organisation, .present = present};
}

TEST(Proxies, AreOneForEachBearerWrittenAndForThreeSessions) {
  // domain.md section 1.6 (CGCT L2121-20) and conventions: written, one per bearer, at most three consecutive sessions
  // save illness; it lapses after the third consecutive session it was used for.
  const auto proxy = [](Proxy one, std::optional<Proxy> other = {}) {
    Session session{.held_on = day("2026-06-05")};
    session.members = {titular("a", "x", true), titular("b", "x", false), titular("c", "x", false),
                       titular("d", "x", true)};
    session.proxies = {std::move(one)};
    if (other) session.proxies.push_back(*other);
    return said(judged(epci(), Facts{.session = session}), "proxies");
  };
  EXPECT_EQ(proxy({.giver = "b", .bearer = "a"}), "met: proxy_counts");
  EXPECT_EQ(proxy({.giver = "b", .bearer = "a"}, Proxy{.giver = "c", .bearer = "a"}),
            "broken: proxy_counts proxy_bearer_full");
  EXPECT_EQ(proxy({.giver = "b", .bearer = "a"}, Proxy{.giver = "c", .bearer = "d"}), "met: proxy_counts proxy_counts");
  EXPECT_EQ(proxy({.giver = "b", .bearer = "a"}, Proxy{.giver = "b", .bearer = "d"}),
            "broken: proxy_counts proxy_twice");
  EXPECT_EQ(proxy({.giver = "b", .bearer = "a", .written = false}), "broken: proxy_not_written");
  EXPECT_EQ(proxy({.giver = "b", .bearer = "a", .revoked = true}), "met: proxy_revoked");
  EXPECT_EQ(proxy({.giver = "b", .bearer = "a", .consecutive_sessions = 3}), "met: proxy_counts");
  EXPECT_EQ(proxy({.giver = "b", .bearer = "a", .consecutive_sessions = 4}), "broken: proxy_lapsed");
  EXPECT_EQ(proxy({.giver = "b", .bearer = "a", .illness = true, .consecutive_sessions = 4}),
            "met: proxy_counts_by_illness");
  EXPECT_EQ(proxy({.giver = "d", .bearer = "a"}), "met: proxy_giver_present");
  EXPECT_EQ(proxy({.giver = "b", .bearer = "c"}), "warned: proxy_bearer_absent");
  EXPECT_EQ(proxy({.giver = "b", .bearer = "nobody"}), "broken: proxy_unknown_person");
}

RC_GTEST_PROP(SeatingProperty, OneVoteASeatAndNobodyVotesForAnotherOrganisationAsSubstitute, ()) {
  Session session{.held_on = day("2026-06-05")};
  const int people = *rc::gen::inRange(1, 14);
  std::vector<std::string> ids;
  for (int i = 0; i < people; ++i) {
    ids.push_back("m" + std::to_string(i));
    session.members.push_back({.id = ids.back(),
                               .organisation = *rc::gen::element<std::string>("x", "y", "z"),
                               .substitute = *rc::gen::arbitrary<bool>(),
                               .present = *rc::gen::arbitrary<bool>()});
  }
  for (int i = *rc::gen::inRange(0, 8); i > 0; --i) {
    session.substitutions.push_back({*rc::gen::elementOf(ids), *rc::gen::elementOf(ids)});
    session.proxies.push_back({.giver = *rc::gen::elementOf(ids),
                               .bearer = *rc::gen::elementOf(ids),
                               .written = *rc::gen::arbitrary<bool>(),
                               .revoked = *rc::gen::arbitrary<bool>(),
                               .illness = *rc::gen::arbitrary<bool>(),
                               .consecutive_sessions = *rc::gen::inRange(1, 6)});
  }
  const auto member = [&](const std::string& id) { return *std::ranges::find(session.members, id, &Member::id); };
  for (const Pack* pack : {&epci(), &pack_on("pole-nord-franche-comte", "2026-06-05")}) {
    std::set<std::string> seats;
    std::set<std::string> sitting;
    for (const VotingRight& right : voting_rights(*pack, session)) {
      RC_ASSERT(seats.insert(right.seat).second);
      RC_ASSERT(!member(right.seat).substitute);
      RC_ASSERT(member(right.voter).present);
      if (right.how != VotingRight::How::proxy) RC_ASSERT(sitting.insert(right.voter).second);
      if (right.how == VotingRight::How::in_person) RC_ASSERT(right.seat == right.voter);
      if (right.how == VotingRight::How::substitute) {
        RC_ASSERT(member(right.voter).substitute);
        RC_ASSERT(member(right.voter).organisation == member(right.seat).organisation);
      }
    }
    for (const VotingRight& right : voting_rights(*pack, session)) RC_ASSERT(sitting.contains(right.voter));
    for (const Member& one : session.members) {
      if (one.present && !one.substitute) RC_ASSERT(seats.contains(one.id));
    }
  }
}

}  // namespace
}  // namespace cluse::domain::rules
