// Inside rules: one function a kind of rule. Each answers nothing if the facts do not touch it. Pure.
#pragma once

#include "server/domain/rules/evaluate.h"

namespace cluse::domain::rules {

struct Finding {
  Outcome outcome = Outcome::met;
  std::vector<Reason> reasons{};

  /// Adds a reason; the outcome is the worst of all.
  void add(Outcome of, Reason reason) {
    outcome = std::max(outcome, of);
    reasons.push_back(std::move(reason));
  }
};

using MaybeFinding = std::optional<Finding>;

struct Context {
  const Pack& pack;
  const Facts& facts;
  const calendar::HolidayTable* holidays;  ///< the pack's, or null
};

MaybeFinding judge(const Ceiling& rule, const Context& context);
MaybeFinding judge(const ShareMax& rule, const Context& context);
MaybeFinding judge(const Envelope& rule, const Context& context);
MaybeFinding judge(const Place& rule, const Context& context);
MaybeFinding judge(const Partners& rule, const Context& context);
MaybeFinding judge(const Closing& rule, const Context& context);
MaybeFinding judge(const Notice& rule, const Context& context);
MaybeFinding judge(const Quorum& rule, const Context& context);
MaybeFinding judge(const SecondConvocation& rule, const Context& context);
MaybeFinding judge(const SubstitutionRule& rule, const Context& context);
MaybeFinding judge(const AttendanceRule& rule, const Context& context);
MaybeFinding judge(const ProxyRule& rule, const Context& context);
MaybeFinding judge(const Majority& rule, const Context& context);
MaybeFinding judge(const SeatRule& rule, const Context& context);
MaybeFinding judge(const Scope& rule, const Context& context);
MaybeFinding judge(const Frequency& rule, const Context& context);
MaybeFinding judge(const Composition& rule, const Context& context);
MaybeFinding judge(const Postponement& rule, const Context& context);

/// "Not known": the fact is named by its label.
[[nodiscard]] Finding missing(std::string fact);

/// The first rule of a kind in a pack, or null.
template <class Body>
const Body* rule_of(const Pack& pack) {
  for (const Rule& rule : pack.rules) {
    if (const auto* body = std::get_if<Body>(&rule.body)) return body;
  }
  return nullptr;
}

}  // namespace cluse::domain::rules
