// Rules of a fund: ceilings, shares, the envelope, place, partners, closing days. domain.md rows 4, 5, 7 and
// section 1.6.
#include "server/domain/rules/judge.h"

#include <algorithm>
#include <limits>

namespace cluse::domain::rules {
namespace {

__extension__ typedef __int128 Wide;

const std::optional<Amount>& amount_of(const Application& application, AmountOf which) {
  switch (which) {
    case AmountOf::grant: return application.grant;
    case AmountOf::transport_and_meals: return application.transport_and_meals;
    case AmountOf::total_cost: break;
  }
  return application.total_cost;
}

std::string name_of(AmountOf which) {
  switch (which) {
    case AmountOf::grant: return "grant";
    case AmountOf::transport_and_meals: return "transport_and_meals";
    case AmountOf::total_cost: break;
  }
  return "total_cost";
}

/// `amount` in `currency`, saying so if it had to be converted; nothing if the call has no rate.
std::optional<Amount> in_currency(Amount amount, Currency currency, const Context& context, Finding& finding) {
  if (amount.currency == currency) return amount;
  const auto& rate = context.facts.settings.rate;
  const auto converted = rate ? convert(amount, currency, *rate) : std::nullopt;
  if (!converted) {
    finding.add(Outcome::unknown, {"rate_missing", {{"amount", amount}}});
    return std::nullopt;
  }
  finding.add(Outcome::met, {"amount_converted", {{"amount", amount}, {"converted", *converted}}});
  return converted;
}

bool negative(const std::optional<Amount>& amount) {
  return amount && amount->minor < 0;
}

Finding impossible() {
  Finding finding;
  finding.add(Outcome::unknown, {"facts_impossible", {}});
  return finding;
}

}  // namespace

std::optional<Amount> convert(Amount amount, Currency to, const Rate& rate) {
  constexpr std::int64_t kValueMax = 1'000'000'000'000;
  if (amount.currency == to) return amount;
  if (rate.value < 1 || rate.value > kValueMax || rate.decimals < 0 || rate.decimals > 12) return std::nullopt;
  Wide scale = 1;
  for (int i = 0; i < rate.decimals; ++i) scale *= 10;
  const bool forward = amount.currency == rate.from;
  const Wide up = forward ? Wide{rate.value} : scale;
  const Wide down = forward ? scale : Wide{rate.value};
  const Wide exact = Wide{amount.minor} * up;
  const Wide size = exact < 0 ? -exact : exact;
  const Wide rounded = (2 * size + down) / (2 * down);  // half away from zero
  if (rounded > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return Amount{static_cast<std::int64_t>(exact < 0 ? -rounded : rounded), to};
}

MaybeFinding judge(const Ceiling& rule, const Context& context) {
  if (!context.facts.application) return std::nullopt;
  const auto& fact = amount_of(*context.facts.application, rule.amount);
  if (!fact) return missing(name_of(rule.amount));
  if (negative(fact)) return impossible();
  Finding finding;
  const auto own = std::ranges::find(rule.limits, fact->currency, &Amount::currency);
  const Amount limit = own == rule.limits.end() ? rule.limits.front() : *own;
  const auto amount = in_currency(*fact, limit.currency, context, finding);
  if (!amount) return finding;
  const bool met = rule.strict ? amount->minor < limit.minor : amount->minor <= limit.minor;
  const std::string id = std::string(met ? "ceiling_met" : "ceiling_broken") + (rule.strict ? "_strict" : "");
  finding.add(met ? Outcome::met : Outcome::broken,
              {id, {{"what", Label{"fact." + name_of(rule.amount)}}, {"amount", *amount}, {"limit", limit}}});
  return finding;
}

MaybeFinding judge(const ShareMax& rule, const Context& context) {
  if (!context.facts.application) return std::nullopt;
  const auto& part = amount_of(*context.facts.application, rule.part);
  const auto& whole = amount_of(*context.facts.application, rule.whole);
  if (!part) return missing(name_of(rule.part));
  if (!whole) return missing(name_of(rule.whole));
  if (negative(part) || negative(whole)) return impossible();
  Finding finding;
  const auto amount = in_currency(*part, whole->currency, context, finding);
  if (!amount) return finding;
  const bool met = Wide{amount->minor} * 10'000 <= Wide{whole->minor} * rule.basis_points;
  finding.add(met ? Outcome::met : Outcome::broken, {met ? "share_met" : "share_broken",
                                                     {{"part", Label{"fact." + name_of(rule.part)}},
                                                      {"whole", Label{"fact." + name_of(rule.whole)}},
                                                      {"amount", *amount},
                                                      {"total", *whole},
                                                      {"share", Share{rule.basis_points}}}});
  return finding;
}

MaybeFinding judge(const Envelope& rule, const Context& context) {
  if (!context.facts.application) return std::nullopt;
  const auto& setting = context.facts.settings.endowment;
  const auto endowment = setting ? setting : rule.endowment;
  if (!endowment) return missing("endowment");
  const auto& application = *context.facts.application;
  if (!application.grant) return missing("grant");
  if (!application.awarded_before) return missing("awarded_before");
  if (negative(application.grant) || negative(application.awarded_before) || negative(endowment)) return impossible();
  Finding finding;
  const auto asked = in_currency(*application.grant, endowment->currency, context, finding);
  const auto given = in_currency(*application.awarded_before, endowment->currency, context, finding);
  if (!asked || !given) return finding;
  const Amount left{endowment->minor - given->minor, endowment->currency};
  const bool met = asked->minor <= left.minor;
  finding.add(met ? Outcome::met : Outcome::broken, {met ? "envelope_met" : "envelope_broken",
                                                     {{"endowment", *endowment}, {"left", left}, {"asked", *asked}}});
  return finding;
}

MaybeFinding judge(const Place& rule, const Context& context) {
  if (!context.facts.application) return std::nullopt;
  const auto& territories = context.facts.application->territories;
  if (!territories) return missing("territories");
  const auto found = std::ranges::count_if(
      rule.territories, [&](const auto& one) { return std::ranges::find(*territories, one) != territories->end(); });
  const bool met = found >= rule.at_least;
  Finding finding;
  finding.add(met ? Outcome::met : Outcome::broken, {met ? "place_met" : "place_broken",
                                                     {{"count", std::int64_t{found}},
                                                      {"needed", std::int64_t{rule.at_least}},
                                                      {"all", static_cast<std::int64_t>(rule.territories.size())}}});
  return finding;
}

MaybeFinding judge(const Partners& rule, const Context& context) {
  if (!context.facts.application) return std::nullopt;
  const auto& countries = context.facts.application->partner_countries;
  if (!countries) return missing("partner_countries");
  Finding finding;
  for (const std::string& country : rule.countries) {
    if (std::ranges::find(*countries, country) != countries->end()) continue;
    finding.add(Outcome::broken, {"partners_broken", {{"country", Label{"country." + country}}}});
  }
  if (finding.reasons.empty()) finding.add(Outcome::met, {"partners_met", {}});
  return finding;
}

MaybeFinding judge(const Closing& rule, const Context& context) {
  if (!context.facts.application) return std::nullopt;
  const auto& application = *context.facts.application;
  if (!application.submitted_on) return missing("submitted_on");
  const Date submitted = *application.submitted_on;
  Finding finding;
  auto closes = application.call_closes_on;
  if (closes && std::ranges::find(rule.days, *closes) == rule.days.end()) {
    finding.add(Outcome::unknown, {"closing_not_in_pack", {{"closes", *closes}}});
    return finding;
  }
  if (!closes) {
    const auto next = std::ranges::lower_bound(rule.days, submitted);
    closes = next == rule.days.end() ? rule.days.back() : *next;
  }
  const bool met = submitted <= *closes;
  finding.add(met ? Outcome::met : Outcome::broken,
              {met ? "closing_met" : "closing_broken", {{"submitted", submitted}, {"closes", *closes}}});
  return finding;
}

}  // namespace cluse::domain::rules
