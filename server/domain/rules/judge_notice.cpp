// Rules about sending in time: convocations, dates, reports. domain.md rows 48 and 49, section 1.6.
#include "server/domain/rules/judge.h"

namespace cluse::domain::rules {
namespace {

void explain(const calendar::Counting& counting, Finding& finding) {
  if (counting.clamped) {
    finding.add(Outcome::met, {"notice_clamped", {{"sent", counting.sent}, {"day", counting.after_months}}});
  }
  if (counting.extended_from) {
    finding.add(Outcome::met, {"notice_extended", {{"from", *counting.extended_from}, {"to", counting.earliest}}});
  }
  for (const auto& [day, holiday] : counting.skipped) {
    finding.add(Outcome::met,
                {"notice_skipped", {{"day", day}, {"name", Bilingual{holiday->name_fr, holiday->name_de}}}});
  }
  for (const auto& [day, holiday] : counting.disputed) {
    finding.add(Outcome::warned,
                {"notice_disputed", {{"day", day}, {"name", Bilingual{holiday->name_fr, holiday->name_de}}}});
  }
}

void judge_sending(const calendar::Delay& delay, const Sending& sending, const Context& context, Finding& finding) {
  const auto timing = calendar::judge(delay, sending.sent_on, sending.session_on, context.holidays);
  finding.add(timing.lawful ? Outcome::met : Outcome::broken, {timing.lawful ? "notice_met" : "notice_broken",
                                                               {{"what", Label{"what." + sending.what}},
                                                                {"sent", sending.sent_on},
                                                                {"session", sending.session_on},
                                                                {"earliest", timing.counting.earliest},
                                                                {"last", timing.last_lawful}}});
  explain(timing.counting, finding);
}

MaybeFinding judge_all(const calendar::Delay& delay, std::string_view what, Sending::Occasion occasion,
                       const Context& context) {
  Finding finding;
  for (const Sending& sending : context.facts.sendings) {
    if (sending.what != what || sending.occasion != occasion) continue;
    judge_sending(delay, sending, context, finding);
    if (occasion == Sending::Occasion::urgent) finding.add(Outcome::warned, {"notice_urgent", {}});
  }
  return finding.reasons.empty() ? MaybeFinding{} : MaybeFinding{std::move(finding)};
}

}  // namespace

MaybeFinding judge(const Notice& rule, const Context& context) {
  return judge_all(rule.delay, rule.what, rule.occasion, context);
}

MaybeFinding judge(const SecondConvocation& rule, const Context& context) {
  return judge_all(rule.delay, "convocation", Sending::Occasion::after_failed_quorum, context);
}

}  // namespace cluse::domain::rules
