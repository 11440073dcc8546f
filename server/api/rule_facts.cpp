#include "server/api/rule_facts.h"

#include "server/api/reference_words.h"
#include "server/domain/money/rates.h"

#include <utility>

namespace cluse::api {
namespace {

namespace rules = domain::rules;

constexpr std::int64_t kCountMax = 1'000'000;

int count_or(const JsonFields& fields, std::string_view name, int otherwise) {
  return static_cast<int>(fields.integer_if(name, 0, kCountMax).value_or(otherwise));
}

std::optional<int> count_if(const JsonFields& fields, std::string_view name) {
  const auto count = fields.integer_if(name, 0, kCountMax);
  return count ? std::optional(static_cast<int>(*count)) : std::nullopt;
}

rules::Application application_in(const JsonFields& fields) {
  rules::Application out;
  out.total_cost = amount_if(fields, "total_cost");
  out.grant = amount_if(fields, "grant");
  out.transport_and_meals = amount_if(fields, "transport_and_meals");
  out.awarded_before = amount_if(fields, "awarded_before");
  out.territories = fields.texts_if("territories");
  out.partner_countries = fields.texts_if("partner_countries");
  out.submitted_on = date_if(fields, "submitted_on");
  out.call_closes_on = date_if(fields, "call_closes_on");
  return out;
}

rules::Session session_in(const JsonFields& fields) {
  rules::Session out;
  out.held_on = date_if(fields, "held_on").value_or(rules::Date{});
  out.legal_seats = count_if(fields, "legal_seats");
  out.in_office = count_if(fields, "in_office");
  out.present = count_if(fields, "present");
  return out;
}

rules::Ballot ballot_in(const JsonFields& fields) {
  using Choice = rules::Ballot::Choice;
  rules::Ballot out;
  out.in_favour = count_or(fields, "in_favour", 0);
  out.against = count_or(fields, "against", 0);
  out.abstentions = count_or(fields, "abstentions", 0);
  out.secret = fields.flag_if("secret").value_or(false);
  out.voting_rights = count_if(fields, "voting_rights");
  const std::string chair = fields.text_if("chair").value_or("");
  if (chair == "in_favour") out.chair = Choice::in_favour;
  else if (chair == "against") out.chair = Choice::against;
  else if (chair == "abstention") out.chair = Choice::abstention;
  else if (!chair.empty()) fields.refuse("field_invalid", "chair");
  return out;
}

rules::Project project_in(const JsonFields& fields) {
  return {fields.texts_if("thematics"), fields.flag_if("for_one_member_only"),
          fields.texts_if("concordant_deliberations")};
}

rules::BureauMeeting bureau_in(const JsonFields& fields) {
  rules::BureauMeeting out;
  out.absent = count_or(fields, "absent", 0);
  out.absent_without_warning = count_or(fields, "absent_without_warning", 0);
  out.postponed = fields.flag_if("postponed");
  out.decided_by = fields.text_if("decided_by").value_or("");
  return out;
}

// "1.0835" francs for one euro: 10835 and four decimals.
std::optional<rules::Rate> rate_in(const JsonFields& fields) {
  const auto text = fields.text_if("chf_per_eur");
  if (!text) return std::nullopt;
  const auto decimal = domain::money::Decimal::parse(*text);
  if (!decimal || !domain::money::is_plausible(*decimal)) {
    fields.refuse("rate_implausible", "chf_per_eur");
    return std::nullopt;
  }
  std::string digits = decimal->to_string();
  const auto point = digits.find('.');
  const int decimals = point == std::string::npos ? 0 : static_cast<int>(digits.size() - point - 1);
  if (point != std::string::npos) digits.erase(point, 1);
  return rules::Rate{domain::money::Currency::eur, std::stoll(digits), decimals};
}

}  // namespace

rules::Facts facts_in(const JsonFields& fields) {
  rules::Facts facts;
  if (const auto group = fields.object_if("application")) facts.application = application_in(*group);
  if (const auto group = fields.object_if("session")) facts.session = session_in(*group);
  if (const auto group = fields.object_if("ballot")) facts.ballot = ballot_in(*group);
  if (const auto group = fields.object_if("project")) facts.project = project_in(*group);
  if (const auto group = fields.object_if("bureau")) facts.bureau = bureau_in(*group);
  if (const auto group = fields.object_if("year"))
    facts.year = rules::YearOfSessions{count_or(*group, "year", 0), count_or(*group, "sessions", 0)};
  if (const auto group = fields.object_if("offices"))
    for (const std::string& office : group->names()) facts.offices[office] = count_or(*group, office, 0);
  if (const auto group = fields.object_if("settings")) {
    facts.settings.endowment = amount_if(*group, "endowment");
    facts.settings.rate = rate_in(*group);
  }
  return facts;
}

}  // namespace cluse::api
