#include "near.h"

#include "values.h"

#include <algorithm>
#include <utility>

namespace annuaires {
namespace {

constexpr std::pair<std::string_view, std::string_view> kAnswering[] = {
    {"department", "canton"}, {"region", "canton"}, {"intercommunal", "commune"}, {"state", "state"}};
constexpr int kPolicy = 45, kMorePolicy = 5, kLevel = 25, kCompetence = 10, kLanguage = 10, kNear = 10, kMost = 100;

std::vector<std::string> shared(const Entry& a, const Entry& b, std::string_view key) {
  const auto mine = keys_of(a.value(key)), theirs = keys_of(b.value(key));
  std::vector<std::string> both;
  for (const auto& one : mine)
    if (std::ranges::find(theirs, one) != theirs.end()) both.push_back(one);
  return both;
}

bool are_near(const Entry& a, const Entry& b, const Reference& reference) {
  for (const auto& mine : keys_of(a.value("territory")))
    for (const auto& theirs : keys_of(b.value("territory"))) {
      const auto one = reference.with_parents(mine), other = reference.with_parents(theirs);
      // « territoire:… » is an area of cooperation: it may lie on both sides.
      if (std::ranges::any_of(one,
                              [&](const std::string& code) { return std::ranges::find(other, code) != other.end(); }))
        return true;
    }
  return false;
}

}  // namespace

bool are_level(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return false;
  return a == b || std::ranges::any_of(kAnswering, [&](const auto& pair) {
           return (pair.first == a && pair.second == b) || (pair.first == b && pair.second == a);
         });
}

Likeness compare(const Entry& a, const Entry& b, const Reference& reference) {
  Likeness out;
  const auto policies = shared(a, b, "policies");
  if (policies.empty() || a.kind != b.kind || !shared(a, b, "country").empty()) return out;
  out.policy = policies.front();
  out.score = kPolicy;
  for (std::size_t i = 0; i < policies.size(); ++i) {
    out.reasons.push_back({"same_policy", policies[i]});
    if (i > 0) out.score += kMorePolicy;
  }
  const auto level = a.value("level").get_or<std::string>("");
  if (are_level(level, b.value("level").get_or<std::string>(""))) {
    out.score += kLevel;
    out.reasons.push_back({"same_level", level});
  }
  const auto add = [&](std::string_view key, std::string code, int points) {
    const auto both = shared(a, b, key);
    if (both.empty()) return;
    out.score += points;
    out.reasons.push_back({std::move(code), both.front()});
  };
  add("competences", "shared_competence", kCompetence);
  add("languages", "shared_language", kLanguage);
  if (are_near(a, b, reference)) {
    out.score += kNear;
    out.reasons.push_back({"near", keys_of(a.value("territory")).front()});
  }
  out.score = std::min(out.score, kMost);
  return out;
}

}  // namespace annuaires
