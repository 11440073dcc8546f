// Aim: the rules of the Pôle métropolitain and of the matinées, row by row of domain.md. Method: tables over the packs.

#include "server/domain/rules/testing.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cluse::domain::rules {
namespace {

const Pack& pole() {
  return pack_on("pole-nord-franche-comte", "2026-06-05");
}

TEST(Matinees, AreOneOrTwoAYearWithAWarningAtNoneAndAtThree) {
  // domain.md row 11.
  const std::pair<int, const char*> cases[] = {{0, "warned: frequency_below"},
                                               {1, "met: frequency_met"},
                                               {2, "met: frequency_met"},
                                               {3, "warned: frequency_above"}};
  for (const auto& [sessions, expected] : cases) {
    const Facts facts{.year = YearOfSessions{2017, sessions}};
    EXPECT_EQ(said(judged(pack_on("matinees-ctj", "2017-06-01"), facts), "frequency"), expected);
  }
}

TEST(Pole, BureauHasAPresidentAndFourVicePresidents) {
  // domain.md row 42.
  EXPECT_EQ(said(judged(pole(), Facts{.offices = {{"president", 1}, {"vice_presidents", 4}}}), "bureau"),
            "met: composition_met");
  EXPECT_EQ(said(judged(pole(), Facts{.offices = {{"president", 1}, {"vice_presidents", 5}}}), "bureau"),
            "broken: composition_differs");
}

TEST(Pole, PresidentDecidesExplicitlyWhetherAnAbsencePostponesTheBureau) {
  // domain.md row 43.
  const std::pair<BureauMeeting, const char*> cases[] = {
      {{.absent = 0}, "met: postponement_nobody_absent"},
      {{.absent = 1}, "unknown: postponement_undecided"},
      {{.absent = 1, .postponed = true, .decided_by = "president"}, "met: postponement_postponed"},
      {{.absent = 2, .postponed = false, .decided_by = "president"}, "met: postponement_kept"},
      {{.absent = 1, .postponed = true, .decided_by = "vice_presidents"}, "broken: postponement_wrong_office"},
      {{.absent = 1, .absent_without_warning = 1, .postponed = false, .decided_by = "president"},
       "warned: postponement_unwarned postponement_kept"},
  };
  for (const auto& [bureau, expected] : cases) {
    EXPECT_EQ(said(judged(pole(), Facts{.bureau = bureau}), "bureau-postponement"), expected);
  }
}

Facts split(std::vector<std::optional<int>> titulars, std::vector<std::optional<int>> substitutes) {
  Facts facts;
  for (std::size_t i = 0; i < titulars.size(); ++i) {
    facts.seats.push_back({"EPCI " + std::to_string(i + 1), titulars[i], substitutes[i]});
  }
  return facts;
}

TEST(Pole, CommitteeHas32And32SeatsSharedByConfiguration) {
  // domain.md row 44 and section 1.6 (CGCT L5731-3): 32 + 32; the split is not in the source; at least one each, none
  // more than half.
  EXPECT_EQ(said(judged(pole(), split({15, 11, 2, 2, 2}, {15, 11, 2, 2, 2})), "seats"), "met: seats_met");
  EXPECT_EQ(said(judged(pole(), split({16, 11, 2, 2, 1}, {15, 11, 2, 2, 2})), "seats"), "met: seats_met")
      << "exactly half";
  EXPECT_EQ(said(judged(pole(), split({17, 10, 2, 2, 1}, {15, 11, 2, 2, 2})), "seats"), "broken: seats_above");
  EXPECT_EQ(said(judged(pole(), split({16, 12, 2, 2, 0}, {15, 11, 2, 2, 2})), "seats"), "broken: seats_below");
  EXPECT_EQ(said(judged(pole(), split({15, 11, 2, 2, 1}, {15, 11, 2, 2, 3})), "seats"), "broken: seats_sum seats_sum");
  EXPECT_EQ(said(judged(pole(), split({15, 11, 2, 2, {}}, {15, 11, 2, 2, 2})), "seats"),
            "unknown: seats_unknown seats_proposal");
}

TEST(Pole, PopulationsAreDatedAndSourced) {
  // domain.md rows 39 to 41 and the trap of the four populations: a table with its source, never one constant.
  const auto rule = std::ranges::find(pole().rules, "seats", &Rule::id);
  const auto& seats = std::get<SeatRule>(rule->body);
  EXPECT_EQ(seats.population_source, "INSEE, RP 2017, populations municipales");
  std::int64_t people = 0;
  for (const Party& party : seats.parties) people += party.population;
  EXPECT_EQ(seats.parties.size(), 5U);
  EXPECT_EQ(people, 303'360);
}

Member member(const char* id, const char* organisation, bool substitute, bool present) {
  return {
      .id = id, .organisation = organisation, .substitute = substitute, .present = present, .declared_absent = true};
}

Session session_of(std::vector<Member> members) {
  Session session{.held_on = day("2026-06-05")};
  session.members = std::move(members);
  return session;
}

std::string rights_of(const Session& session) {
  std::string out;
  for (const auto& [seat, voter, how] : voting_rights(pole(), session)) {
    const char* sign = how == VotingRight::How::in_person ? "=" : how == VotingRight::How::substitute ? "<" : "~";
    out += (out.empty() ? "" : " ") + seat + sign + voter;
  }
  return out;
}

TEST(Pole, SubstituteSitsOnlyForHisOwnOrganisation) {
  // domain.md row 45.
  Session session = session_of({member("t1", "belfort", false, false), member("t2", "pma", false, true),
                                member("s1", "belfort", true, true), member("s2", "pma", true, true)});
  EXPECT_EQ(rights_of(session), "t1<s1 t2=t2");
  session.substitutions = {{"t1", "s2"}};
  const Verdict crossed = judged(pole(), Facts{.session = session});
  EXPECT_EQ(said(crossed, "substitution"), "broken: substitution_other_organisation substitution_seated");
  EXPECT_EQ(rights_of(session), "t1<s1 t2=t2") << "the claim gives no vote";
  const std::pair<Substitution, const char*> cases[] = {
      {{"t2", "s2"}, "substitution_titular_present"},
      {{"t1", "nobody"}, "substitution_unknown_person"},
      {{"s1", "t1"}, "substitution_unknown_person"},
  };
  for (const auto& [claim, expected] : cases) {
    session.substitutions = {claim};
    EXPECT_EQ(said(judged(pole(), Facts{.session = session}), "substitution"),
              std::string("broken: ") + expected + " substitution_seated");
  }
}

TEST(Pole, SubstitutionIsNotByNameAndOneSeatForEach) {
  // domain.md row 45: not nominative; two empty seats and one substitute leave one empty.
  EXPECT_EQ(rights_of(session_of({member("t1", "pma", false, false), member("t2", "pma", false, false),
                                  member("s1", "pma", true, true)})),
            "t1<s1");
}

TEST(Pole, SubstituteMayAttendAndNotVote) {
  // domain.md row 46: attendance is not a voting right.
  Session session = session_of({member("t1", "pma", false, true), member("s1", "pma", true, true)});
  EXPECT_EQ(said(judged(pole(), Facts{.session = session}), "attendance"), "met: attendance_without_vote");
  session.votes_cast = {"t1"};
  EXPECT_EQ(outcome(judged(pole(), Facts{.session = session}), "attendance"), "met");
  session.votes_cast = {"t1", "s1"};
  EXPECT_EQ(outcome(judged(pole(), Facts{.session = session}), "attendance"), "broken");
  session.votes_cast = {"t1", "t1"};
  EXPECT_EQ(outcome(judged(pole(), Facts{.session = session}), "attendance"), "broken") << "one seat, one vote";
}

TEST(Pole, ProxiesServeOnlySeatsThatAreLeftEmptyAndHaveNoCap) {
  // domain.md row 47 and conventions: a present substitute takes the seat; only a seat that is left empty is voted by
  // proxy; no cap is stated in the source.
  Session session = session_of({member("t1", "pma", false, false), member("t2", "pma", false, false),
                                member("t3", "pma", false, false), member("t4", "pma", false, true),
                                member("s1", "pma", true, true)});
  session.proxies = {{.giver = "t1", .bearer = "t4"}, {.giver = "t2", .bearer = "t4"}};
  EXPECT_EQ(rights_of(session), "t1~t4 t2~t4 t3<s1 t4=t4") << "the substitute takes the seat without a proxy first";
  const Verdict verdict = judged(pole(), Facts{.session = session});
  EXPECT_EQ(said(verdict, "proxies"), "warned: proxy_counts proxy_counts proxy_no_cap proxy_duty_give");
  session.proxies.push_back({.giver = "t3", .bearer = "t4"});
  EXPECT_EQ(rights_of(session), "t1<s1 t2~t4 t3~t4 t4=t4");
  EXPECT_EQ(said(judged(pole(), Facts{.session = session}), "proxies"),
            "met: proxy_seat_taken proxy_counts proxy_counts proxy_no_cap");
}

TEST(Pole, AbsentTitularMustDeclareAndGiveAProxy) {
  // domain.md row 47.
  Session session = session_of({member("t1", "pma", false, false), member("t2", "pma", false, true)});
  session.members[0].declared_absent = false;
  EXPECT_EQ(said(judged(pole(), Facts{.session = session}), "proxies"), "warned: proxy_duty_declare proxy_duty_give");
  session.members[0].declared_absent = true;
  session.proxies = {{.giver = "t1", .bearer = "t2"}};
  EXPECT_EQ(said(judged(pole(), Facts{.session = session}), "proxies"), "met: proxy_counts proxy_no_cap");
}

TEST(Pole, DatesAreAnnouncedOneMonthAndAHalfAheadAndReportsAWeekAndAHalf) {
  // domain.md rows 48 and 49, traps and conventions: a calendar month plus 15 days; 11 days; counted forward.
  const auto notice = [](const char* what, const char* sent, const char* session) {
    return said(judged(pole(), Facts{.sendings = {{what, day(sent), day(session)}}}), what);
  };
  EXPECT_EQ(notice("dates", "2026-01-10", "2026-02-25"), "met: notice_met");
  EXPECT_EQ(notice("dates", "2026-01-11", "2026-02-25"), "broken: notice_broken");
  EXPECT_EQ(notice("dates", "2026-01-31", "2026-03-15"), "met: notice_met notice_clamped");
  EXPECT_EQ(notice("dates", "2026-02-01", "2026-03-15"), "broken: notice_broken");
  EXPECT_EQ(notice("reports", "2026-06-01", "2026-06-12"), "met: notice_met");
  EXPECT_EQ(notice("reports", "2026-06-02", "2026-06-12"), "broken: notice_broken");
  for (const char* id : {"dates", "reports"}) {
    const auto rule = std::ranges::find(pole().rules, id, &Rule::id);
    EXPECT_FALSE(rule->convention_fr.empty() || rule->convention_de.empty()) << "the convention is printed";
  }
}

TEST(Pole, ActsInItsFiveThematicsAndNeverForOneMember) {
  // domain.md row 55.
  const std::vector<std::string> all = {"pays-de-montbeliard-agglomeration", "grand-belfort", "pays-d-hericourt",
                                        "sud-territoire", "vosges-du-sud"};
  const auto missing_one = std::vector<std::string>(all.begin(), all.end() - 1);
  const std::pair<Project, const char*> cases[] = {
      {{{{"sante"}}, false, all}, "met: scope_met"},
      {{{{"sante", "transports-mobilite"}}, false, all}, "met: scope_met"},
      {{{{"tourisme"}}, false, all}, "broken: scope_outside"},
      {{{{"sante"}}, true, all}, "broken: scope_one_member"},
      {{{{"sante"}}, false, missing_one}, "broken: scope_deliberation_missing"},
      {{{{"sante"}}, {}, {}}, "unknown: fact_missing fact_missing"},
      {{{}, false, all}, "unknown: fact_missing"},
  };
  for (const auto& [project, expected] : cases)
    EXPECT_EQ(said(judged(pole(), Facts{.project = project}), "scope"), expected);
  const auto rule = std::ranges::find(pole().rules, "scope", &Rule::id);
  EXPECT_EQ(std::get<Scope>(rule->body).thematics.size(), 5U);
}

TEST(Pole, JudgesOnlyWhatTheFactsTouch) {
  const Verdict nothing = judged(pole(), Facts{});
  EXPECT_TRUE(nothing.rules.empty());
  EXPECT_EQ(nothing.stamp, pole().stamp);
}

}  // namespace
}  // namespace cluse::domain::rules
