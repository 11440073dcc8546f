// Rule packs: what is in force, what it says of facts, and whether something is sent in time.

#include "server/api/reference_words.h"
#include "server/api/route.h"
#include "server/api/rule_answers.h"
#include "server/api/rule_facts.h"
#include "server/api/rule_shapes.h"
#include "server/api/shapes.h"
#include "server/domain/rules/evaluate.h"

#include <utility>

namespace cluse::api {
namespace {

namespace calendar = domain::calendar;
namespace rules = domain::rules;

// The pack of a version, else the one in force on a day, else today's.
Result<const rules::Pack*> chosen_pack(const Backend& backend, const std::string& id, const std::string& version,
                                       std::optional<CivilDate> on) {
  if (!version.empty()) return backend.services->rules->version(id, version);
  return backend.services->rules->library.in_force(id, rules::Date(on.value_or(today(backend))));
}

Task<Reply> list_rules(Backend backend, Call call) {
  const auto locale = rule_locale(call.request);
  const rules::Date now(today(backend));
  boost::json::array packs;
  for (const rules::Pack& pack : backend.services->rules->library.packs()) {
    boost::json::object json = to_json(pack, *backend.services->rules, locale);
    json["in_force"] = pack.in_force_on(now);
    packs.push_back(std::move(json));
  }
  const boost::json::object body{{"packs", std::move(packs)}, {"today", calendar::to_string(now)}};
  co_return answer(200, body);
}

Task<Reply> find_rules(Backend backend, Call call) {
  CLUSE_CO_TRY(on, query_date(call, "on"));
  CLUSE_CO_TRY(pack, chosen_pack(backend, call.parameters.at(0), call.query("version"), on));
  boost::json::object body = to_json(*pack, *backend.services->rules, rule_locale(call.request));
  body["in_force"] = pack->in_force_on(rules::Date(today(backend)));
  co_return answer(200, body);
}

Result<boost::json::object> judged(const Backend& backend, const std::string& id, const net::Request& request) {
  CLUSE_TRY(fields, JsonFields::parse(request));
  const auto on = date_if(fields, "on");
  const std::string version = fields.text_if("version").value_or("");
  const rules::Facts facts = facts_in(fields.object("facts"));
  CLUSE_CHECK(fields.check());
  CLUSE_TRY(pack, chosen_pack(backend, id, version, on ? std::optional(CivilDate(*on)) : std::nullopt));
  const rules::Rulebook& book = *backend.services->rules;
  const rules::Verdict verdict = rules::evaluate(*pack, facts, book.library.holidays());
  return to_json(*pack, verdict, book, rule_locale(request));
}

Task<Reply> evaluate_rules(Backend backend, Call call) {
  CLUSE_CO_TRY(body, judged(backend, call.parameters.at(0), call.request));
  co_return answer(200, body);
}

// What a request about a delay asks.
struct DelayQuestion {
  std::string pack, version, what;
  rules::Sending::Occasion occasion = rules::Sending::Occasion::ordinary;
  std::optional<rules::Date> sent_on, session_on;
};

DelayQuestion delay_question_in(const JsonFields& fields) {
  DelayQuestion question{fields.text("pack"),        fields.text_if("version").value_or(""),
                         fields.text("what"),        rules::Sending::Occasion::ordinary,
                         date_if(fields, "sent_on"), date_if(fields, "session_on")};
  const std::string occasion = fields.text_if("occasion").value_or("ordinary");
  if (occasion == "urgent") question.occasion = rules::Sending::Occasion::urgent;
  else if (occasion == "after_failed_quorum") question.occasion = rules::Sending::Occasion::after_failed_quorum;
  else if (occasion != "ordinary") fields.refuse("field_invalid", "occasion");
  if (!question.sent_on && !question.session_on) fields.refuse("field_missing", "session_on");
  return question;
}

struct DelayRule {
  const rules::Rule* rule = nullptr;
  calendar::Delay delay;
};

Result<DelayRule> delay_rule(const rules::Pack& pack, const DelayQuestion& question) {
  for (const rules::Rule& rule : pack.rules) {
    if (const auto* notice = std::get_if<rules::Notice>(&rule.body);
        notice != nullptr && notice->what == question.what && notice->occasion == question.occasion)
      return DelayRule{&rule, notice->delay};
    if (const auto* second = std::get_if<rules::SecondConvocation>(&rule.body);
        second != nullptr && question.what == "convocation" &&
        question.occasion == rules::Sending::Occasion::after_failed_quorum)
      return DelayRule{&rule, second->delay};
  }
  return fail(Errc::not_found, "rule_pack_no_such_notice", pack.stamp.id);
}

// Every holiday between the two days, and whether the delay passes over it.
boost::json::array holidays_between(const calendar::HolidayTable* table, calendar::Date from, calendar::Date to,
                                    calendar::DayKind kind, rules::Locale locale) {
  boost::json::array listed;
  if (table == nullptr || calendar::days_between(from, to) > 366 * 5) return listed;
  for (auto day = from; day <= to; day = calendar::add_days(day, 1)) {
    const auto* holiday = table->on(day);
    if (holiday == nullptr) continue;
    listed.push_back(boost::json::object{{"date", calendar::to_string(day)},
                                         {"name", locale == rules::Locale::de_ch ? holiday->name_de : holiday->name_fr},
                                         {"skipped", kind == calendar::DayKind::working && holiday->counts},
                                         {"disputed", holiday->disputed}});
  }
  return listed;
}

boost::json::value date_or_null(const std::optional<calendar::Date>& date) {
  return date ? boost::json::value(calendar::to_string(*date)) : boost::json::value(nullptr);
}

Task<Reply> evaluate_delay(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  const DelayQuestion question = delay_question_in(fields);
  CLUSE_CO_CHECK(fields.check());
  const rules::Date pivot = question.session_on ? *question.session_on : *question.sent_on;
  CLUSE_CO_TRY(pack, chosen_pack(backend, question.pack, question.version, CivilDate(pivot)));
  CLUSE_CO_TRY(found, delay_rule(*pack, question));
  const rules::Rulebook& book = *backend.services->rules;
  const auto locale = rule_locale(call.request);
  const auto* table = book.library.holidays().find(pack->holidays);
  std::optional<calendar::Date> earliest, last;
  boost::json::object body{{"last_lawful_moment", nullptr}, {"lawful", nullptr}, {"verdict", nullptr}};
  if (question.sent_on) earliest = calendar::earliest_session(found.delay, *question.sent_on, table);
  if (question.session_on) {
    CLUSE_CO_TRY(moment, rules::last_moment(*pack, question.what, question.occasion, *question.session_on,
                                            book.library.holidays()));
    last = moment.day;
    body["last_lawful_moment"] = to_rfc3339(moment.end);
  }
  if (question.sent_on && question.session_on) {
    rules::Facts facts;
    facts.sendings.push_back({question.what, *question.sent_on, *question.session_on, question.occasion});
    body["lawful"] = *earliest <= *question.session_on;
    body["verdict"] = to_json(*pack, rules::evaluate(*pack, facts, book.library.holidays()), book, locale);
  }
  const calendar::Date from = question.sent_on ? *question.sent_on : *last;
  const calendar::Date to = question.session_on ? *question.session_on : *earliest;
  body["sent_on"] = date_or_null(question.sent_on);
  body["session_on"] = date_or_null(question.session_on);
  body["earliest_session"] = date_or_null(earliest);
  body["last_lawful_day"] = date_or_null(last);
  body["zone"] = pack->zone;
  body["rule"] =
      to_json(*pack, book, locale)["rules"].as_array()[static_cast<std::size_t>(found.rule - pack->rules.data())];
  body["pack"] = summary_json(*pack, locale);
  body["holidays"] = holidays_between(table, from, to, found.delay.kind, locale);
  co_return answer(200, body);
}

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/rules", Access::signed_in, 0, list_rules},
    {"GET", "/api/v1/rules/{id}", Access::signed_in, 0, find_rules},
    {"POST", "/api/v1/rules/{id}/evaluate", Access::signed_in, kJsonBytesMax, evaluate_rules},
    {"POST", "/api/v1/delays/evaluate", Access::signed_in, kJsonBytesMax, evaluate_delay},
};

}  // namespace

Result<boost::json::object> judge_rules(const Backend& backend, const std::string& pack, std::string body,
                                        const std::string& locale) {
  net::Request request;
  request.headers = {{"Content-Type", "application/json"}, {"Accept-Language", locale}};
  request.body = std::move(body);
  return judged(backend, pack, request);
}

std::span<const Route> rule_routes() {
  return kRoutes;
}

}  // namespace cluse::api
