#include "server/domain/territories/reconcile.h"

#include "server/domain/territories/schema.h"

#include <algorithm>
#include <iterator>

namespace cluse::domain::territories {
namespace {

const Fact* find_present(const std::vector<Fact>& known, const std::string& value) {
  const auto found = std::find_if(known.begin(), known.end(),
                                  [&](const Fact& fact) { return fact.value == value && fact.until == kStill; });
  return found == known.end() ? nullptr : &*found;
}

// A fact that began on the day it ends on (a file of the same day, corrected) never was.
Step ended(const Fact& fact, const std::string& on) {
  const auto what = fact.from < on ? Step::What::end : Step::What::remove;
  return {what, fact.value, fact.from, on, {}, {}};
}

}  // namespace

std::vector<Step> reconcile(const std::vector<Fact>& known, const std::vector<Wanted>& wanted, const std::string& as_of,
                            Absent absent) {
  std::vector<Step> ends, others;
  const bool shows_present =
      std::any_of(wanted.begin(), wanted.end(), [](const Wanted& one) { return !one.period.until; });
  const auto is_wanted = [&](const std::string& value, const std::string& until) {
    return std::any_of(wanted.begin(), wanted.end(), [&](const Wanted& one) {
      return one.value == value && (one.period.until ? until_text(one.period) == until : until == kStill);
    });
  };
  for (const auto& one : wanted) {
    const Fact* present = find_present(known, one.value);
    if (one.period.until) {
      const std::string until = until_text(one.period);
      const bool is_known = std::any_of(
          known.begin(), known.end(), [&](const Fact& fact) { return fact.value == one.value && fact.until == until; });
      if (is_known) continue;
      if (present != nullptr && !is_wanted(one.value, std::string(kStill))) ends.push_back(ended(*present, until));
      else others.push_back({Step::What::insert, one.value, from_text(one.period), until, {}, one.source});
    } else if (present == nullptr) {
      const std::string from = one.period.from || known.empty() ? from_text(one.period) : as_of;
      others.push_back({Step::What::insert, one.value, from, std::string(kStill), {}, one.source});
    } else if (one.period.from && present->from == kAlways) {
      others.push_back({Step::What::date, one.value, present->from, {}, from_text(one.period), {}});
    }
  }
  for (const auto& fact : known) {
    if (fact.until != kStill || !shows_present || absent == Absent::stays) continue;
    const bool is_ended =
        std::any_of(ends.begin(), ends.end(), [&](const Step& step) { return step.value == fact.value; });
    if (!is_ended && !is_wanted(fact.value, std::string(kStill))) ends.push_back(ended(fact, as_of));
  }
  std::move(others.begin(), others.end(), std::back_inserter(ends));
  return ends;
}

}  // namespace cluse::domain::territories
