#include "server/domain/rules/evaluate.h"

#include "server/domain/rules/judge.h"

#include <algorithm>

namespace cluse::domain::rules {

Finding missing(std::string fact) {
  Finding finding;
  finding.add(Outcome::unknown, {"fact_missing", {{"fact", Label{"fact." + std::move(fact)}}}});
  return finding;
}

Verdict evaluate(const Pack& pack, const Facts& facts, const calendar::HolidayBook& book) {
  const Context context{pack, facts, book.find(pack.holidays)};
  Verdict verdict{.stamp = pack.stamp};
  for (const Rule& rule : pack.rules) {
    auto finding = std::visit([&](const auto& body) { return judge(body, context); }, rule.body);
    if (!finding) continue;
    verdict.outcome = std::max(verdict.outcome, finding->outcome);
    verdict.rules.push_back({&rule, finding->outcome, std::move(finding->reasons)});
  }
  return verdict;
}

Result<calendar::LastMoment> last_moment(const Pack& pack, std::string_view what, Sending::Occasion occasion,
                                         Date session_on, const calendar::HolidayBook& book) {
  CLUSE_TRY(zone, calendar::Zone::find(pack.zone));
  for (const Rule& rule : pack.rules) {
    const auto* notice = std::get_if<Notice>(&rule.body);
    const auto* second = std::get_if<SecondConvocation>(&rule.body);
    const bool second_fits = second != nullptr && occasion == Sending::Occasion::after_failed_quorum;
    const bool fits = notice != nullptr && notice->what == what && notice->occasion == occasion;
    if (!fits && !(second_fits && what == "convocation")) continue;
    return calendar::last_lawful_moment(fits ? notice->delay : second->delay, session_on, zone,
                                        book.find(pack.holidays));
  }
  return fail(Errc::not_found, "rule_pack_no_such_notice", pack.stamp.id + " says nothing of " + std::string(what));
}

}  // namespace cluse::domain::rules
