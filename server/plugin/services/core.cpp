#include "server/plugin/services/core.h"

#include "server/domain/identity/people.h"
#include "server/domain/money/amount_text.h"
#include "server/domain/organisations/days.h"
#include "server/domain/organisations/mandate_rows.h"
#include "server/domain/organisations/organisation_rows.h"
#include "server/domain/rates/rates.h"
#include "server/domain/rights/watched_database.h"
#include "server/domain/rules/evaluate.h"
#include "server/domain/text.h"
#include "server/domain/twins/twin_rows.h"
#include "server/plugin/services/actors.h"

#include <cluse/plugin.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace cluse::plugin {
namespace {

namespace money = domain::money;
namespace rules = domain::rules;
namespace territories = domain::territories;

std::unexpected<Error> wrong(const char* field) {
  return fail(Errc::invalid, "field_invalid", field);
}

Result<Id> id_of(const Value& value, const char* field) {
  const auto id = Id::parse(value.as<std::string>());
  if (!id) return fail(Errc::not_found, "not_found", field);
  return *id;
}

int limit_of(const Value& body) {
  return static_cast<int>(std::clamp<std::int64_t>(body["limit"].get_or<std::int64_t>(20), 1, kFoundMax));
}

Result<money::Amount> amount_of(const Value& body, const char* currency_field) {
  const auto currency = money::parse_currency(body[currency_field].as<std::string>());
  const auto tax = money::parse_tax_basis(body["tax"].get_or<std::string>("none"));
  if (!currency || !tax) return wrong(currency ? "tax" : currency_field);
  return money::Amount{body["minor"].as<std::int64_t>(), *currency, *tax};
}

Value to_value(const domain::Organisation& one) {
  return {{"id", one.id.to_string()},
          {"name", one.name},
          {"short_name", one.short_name},
          {"country", one.country},
          {"kind", one.kind}};
}

Value to_value(const domain::Person& one) {
  Value out = {{"id", one.id.to_string()}, {"name", one.name}, {"function", one.function}};
  out.set("organisation", one.organisation ? to_value(*one.organisation) : Value());
  return out;
}

Value to_value(const domain::Mandate& one) {
  return {{"id", one.id.to_string()},
          {"organisation", to_value(one.organisation)},
          {"function", one.function},
          {"quality", std::string(domain::to_text(one.quality))},
          {"seat", std::string(domain::to_text(one.seat))},
          {"first_day", one.first_day},
          {"last_day", one.last_day ? Value(*one.last_day) : Value()},
          {"is_current", one.is_current}};
}

Value to_value(const territories::Unit& one) {
  return {{"id", one.id.to_string()},
          {"kind", std::string(territories::code_of(one.kind))},
          {"name", one.name},
          {"country", one.country ? Value(*one.country) : Value()},
          {"language", one.language},
          {"scheme", one.code ? Value(std::string(territories::code_of(one.code->scheme))) : Value()},
          {"code", one.code ? Value(one.code->code) : Value()}};
}

Result<domain::Actor> asking(storage::Snapshot& snapshot, const Caller& caller) {
  if (caller.kind != Caller::Kind::person) return no_actor(caller);
  return actor_of(snapshot, caller);
}

// In the order in which she would rather read; else the language of her screens.
Value languages_of(std::string_view kept, std::string_view ui_locale) {
  Value out = Value::array();
  for (const auto& language : domain::content_languages_from(kept)) out.add(language);
  if (out.items().empty()) out.add(std::string(ui_locale.substr(0, 2)));
  return out;
}

// Only what its owner shows to everyone, or herself.
std::optional<std::string> shown_email(storage::Snapshot& snapshot, Id person, const Caller& caller) {
  const bool is_own = caller.kind == Caller::Kind::person && caller.user == person.to_string();
  const auto row = snapshot.one(
      "SELECT value FROM contact_detail WHERE person_id = ? AND kind = 'email' AND (audience = 'everyone' OR ? = 1)",
      {person, std::int64_t{is_own ? 1 : 0}});
  return row ? std::optional(row->text(0)) : std::nullopt;
}

}  // namespace

struct CoreService::Operation {
  std::string_view name;
  Handler handler;
  bool for_nobody;  ///< what it says is public
};

const CoreService::Operation* CoreService::find(std::string_view name) {
  static constexpr Operation kAll[] = {
      {"amount.format", &CoreService::format, true},
      {"amount.convert", &CoreService::convert, true},
      {"amount.split", &CoreService::split, true},
      {"rule.judge", &CoreService::judge, true},
      {"delay.last_moment", &CoreService::last_moment, true},
      {"twins.of", &CoreService::twins, false},
      {"rights.may", &CoreService::may, false},
      {"person.get", &CoreService::person, false},
      {"person.find", &CoreService::people, false},
      {"organisation.get", &CoreService::organisation, false},
      {"organisations.find", &CoreService::organisations, false},
      {"territory.get", &CoreService::territory, true},
      {"territories.find", &CoreService::territories, true},
      {"mandates.of", &CoreService::mandates, false},
      {"instance", &CoreService::instance, true},
  };
  const auto* found = std::ranges::find(kAll, name, &Operation::name);
  return found == std::end(kAll) ? nullptr : found;
}

std::int32_t CoreService::serve(const Caller& caller, std::string_view operation, const Value& body, Value& answer) {
  const Operation* found = find(operation);
  if (found == nullptr) return CLUSE_UNSUPPORTED;
  if (caller.kind == Caller::Kind::nobody && !found->for_nobody)
    return refuse(answer, CLUSE_REFUSED, "not for somebody without a session");
  auto said = (this->*found->handler)(caller, body);
  if (!said) return refuse(answer, said.error());
  answer = std::move(*said);
  return CLUSE_OK;
}

Result<CivilDate> CoreService::day_of(const Value& value) const {
  const auto text = value.get_or<std::string>(domain::organisations::today(clock_.now()));
  const auto day = parse_civil_date(text);
  if (!day) return wrong("on");
  return *day;
}

Result<Value> CoreService::format(const Caller& caller, const Value& body) const {
  CLUSE_TRY(amount, amount_of(body, "currency"));
  const auto locale = money::parse_locale(body["locale"].get_or<std::string>(caller.locale));
  if (!locale) return wrong("locale");
  return Value{{"text", money::render(amount, *locale)}};
}

Result<Value> CoreService::convert(const Caller& caller, const Value& body) const {
  CLUSE_TRY(amount, amount_of(body, "from"));
  const auto to = money::parse_currency(body["to"].as<std::string>());
  const auto source = money::parse_rate_source(body["source"].get_or<std::string>("ecb"));
  if (!to || !source || *source == money::RateSource::fixed) return wrong(to ? "source" : "to");
  CLUSE_TRY(on, day_of(body["on"]));
  auto read = [source, on](storage::Snapshot& snapshot) { return domain::quote_on(snapshot, *source, on); };
  CLUSE_TRY(quote, database_.read_now(std::move(read)));
  CLUSE_TRY(converted, money::convert(amount, *to, quote));
  const auto locale = money::parse_locale(caller.locale).value_or(money::Locale::fr_fr);
  return Value{{"minor", converted.converted.minor},
               {"currency", std::string(money::code_of(*to))},
               {"rate", quote.chf_per_eur.to_string()},
               {"published_on", to_iso(quote.date)},
               {"source", std::string(money::code_of(*source))},
               {"stamp", money::render(converted.stamp, locale)}};
}

Result<Value> CoreService::split(const Caller&, const Value& body) const {
  CLUSE_TRY(amount, amount_of(body, "currency"));
  std::vector<std::int64_t> weights;
  for (const Value& weight : body["weights"].items()) weights.push_back(weight.as<std::int64_t>());
  CLUSE_TRY(parts, money::split(amount, weights));
  Value minors = Value::array();
  for (const auto& part : parts) minors.add(part.minor);
  return Value{{"parts", minors}};
}

Result<Value> CoreService::judge(const Caller& caller, const Value& body) const {
  if (!settings_.judge) return fail(Errc::unsupported, "rule_pack_unknown");
  return settings_.judge(body, body["locale"].get_or<std::string>(caller.locale));
}

Result<Value> CoreService::last_moment(const Caller&, const Value& body) const {
  static constexpr std::pair<std::string_view, rules::Sending::Occasion> kOccasions[] = {
      {"ordinary", rules::Sending::Occasion::ordinary},
      {"urgent", rules::Sending::Occasion::urgent},
      {"after_failed_quorum", rules::Sending::Occasion::after_failed_quorum}};
  const auto name = body["occasion"].get_or<std::string>("ordinary");
  const auto* occasion = std::ranges::find(kOccasions, name, [](const auto& each) { return each.first; });
  if (occasion == std::end(kOccasions)) return wrong("occasion");
  const auto session = parse_civil_date(body["session_on"].as<std::string>());
  if (!session) return wrong("session_on");
  const auto& book = *settings_.rules;
  CLUSE_TRY(pack, book.library.in_force(body["pack"].as<std::string>(), rules::Date(*session)));
  CLUSE_TRY(moment, rules::last_moment(*pack, body["what"].as<std::string>(), occasion->second, rules::Date(*session),
                                       book.library.holidays()));
  return Value{{"day", domain::calendar::to_string(moment.day)},
               {"moment", to_rfc3339(moment.end)},
               {"zone", pack->zone},
               {"pack", pack->stamp.id},
               {"version", pack->stamp.version}};
}

Result<Value> CoreService::twins(const Caller& caller, const Value& body) const {
  if (body["kind"].as<std::string>() != "document") return wrong("kind");
  CLUSE_TRY(id, id_of(body["id"], "id"));
  auto read = [&, id = id](storage::Snapshot& snapshot) -> Result<Value> {
    CLUSE_TRY(actor, asking(snapshot, caller));
    CLUSE_TRY(document, domain::require_document(snapshot, actor, id, domain::Role::reader));
    Value twins = Value::array();
    const auto rows = domain::read_twins(snapshot, document.workspace_id, 0);
    for (const auto& set : rows.sets) {
      if (std::ranges::find(set.documents, id, &domain::TwinDocument::id) == set.documents.end()) continue;
      for (const auto& each : set.documents)
        twins.add({{"id", each.id.to_string()},
                   {"title", each.title},
                   {"language", each.language},
                   {"is_source", each.id == set.source_id}});
    }
    return Value{{"twins", twins}};
  };
  return database_.read_now(std::move(read));
}

Result<Value> CoreService::may(const Caller& caller, const Value& body) const {
  const auto word = body["permission"].as<std::string>();
  const auto& words = domain::rights::kPermissionWords;
  const auto* const place = std::ranges::find(words, word);
  if (place == words.end()) return wrong("permission");
  const auto permission = static_cast<domain::rights::Permission>(place - words.begin());
  if (caller.kind != Caller::Kind::person) return Value{{"may", false}};
  domain::rights::Object object = domain::rights::kInstance;
  if (!body["workspace"].is_null()) {
    CLUSE_TRY(workspace, id_of(body["workspace"], "workspace"));
    object = {domain::rights::ScopeKind::workspace, workspace};
  }
  auto read = [&](storage::Snapshot& snapshot) -> Result<Value> {
    CLUSE_TRY(actor, actor_of(snapshot, caller));
    const auto allowed = domain::rights::permissions(snapshot, actor.person_id, object);
    // Of what she may not know of she may nothing.
    if (!allowed && allowed.error().kind != Errc::not_found) return std::unexpected(allowed.error());
    return Value{{"may", allowed && allowed->has(permission)}};
  };
  return database_.read_now(std::move(read));
}

Result<Value> CoreService::person(const Caller& caller, const Value& body) const {
  CLUSE_TRY(id, id_of(body["id"], "id"));
  auto read = [&, id = id](storage::Snapshot& snapshot) -> Result<Value> {
    const auto row = snapshot.one(
        "SELECT p.name, p.function, p.content_languages, p.ui_locale, o.id, o.name, o.short_name, o.country, o.kind "
        "FROM person p LEFT JOIN organisation o ON o.id = p.organisation_id "
        "WHERE p.id = ? AND p.erased_at IS NULL",
        {id});
    if (!row) return fail(Errc::not_found, "person_not_found");
    domain::Person person{id, row->text(0), row->text(1), {}, false, {}};
    if (!row->is_null(4)) person.organisation = {row->id(4), row->text(5), row->text(6), row->text(7), row->text(8)};
    Value out = to_value(person);
    out.set("languages", languages_of(row->text_or(2, ""), row->text(3)));
    if (const auto email = shown_email(snapshot, id, caller)) out.set("email", *email);
    return out;
  };
  return database_.read_now(std::move(read));
}

Result<Value> CoreService::people(const Caller&, const Value& body) const {
  auto read = [words = body["words"].as<std::string>(),
               limit = limit_of(body)](storage::Snapshot& snapshot) -> Result<Value> {
    Value found = Value::array();
    for (const auto& each : domain::find_people(snapshot, words, limit)) found.add(to_value(each));
    return Value{{"people", found}};
  };
  return database_.read_now(std::move(read));
}

Result<Value> CoreService::organisation(const Caller&, const Value& body) const {
  CLUSE_TRY(id, id_of(body["id"], "id"));
  const auto today = domain::organisations::today(clock_.now());
  auto read = [id = id, today](storage::Snapshot& snapshot) {
    return domain::organisation_detail(snapshot, id, today);
  };
  CLUSE_TRY(detail, database_.read_now(std::move(read)));
  Value out = to_value(detail.organisation);
  Value numbers = Value::array(), children = Value::array(), members = Value::array(), bodies = Value::array();
  for (const auto& number : detail.numbers)
    numbers.add({{"kind", std::string(domain::registry::code_of(number.kind))}, {"number", number.number}});
  for (const auto& child : detail.children) children.add(to_value(child));
  for (const auto& each : detail.members)
    if (each.is_current) members.add(to_value(each.organisation));
  for (const auto& each : detail.bodies)
    if (each.is_current) bodies.add(to_value(each.organisation));
  out.set("territory", detail.territory ? to_value(*detail.territory) : Value());
  out.set("parent", detail.parent ? to_value(*detail.parent) : Value());
  out.set("numbers", numbers).set("children", children).set("members", members).set("bodies", bodies);
  return out;
}

Result<Value> CoreService::organisations(const Caller&, const Value& body) const {
  const auto country = body["country"].get_or<std::string>(""), kind = body["kind"].get_or<std::string>("");
  std::vector<storage::Value> values;
  std::string where = " WHERE 1 = 1";
  for (const auto& pattern : domain::like_words(body["words"].as<std::string>())) {
    where += " AND name_folded LIKE ? ESCAPE '\\'";
    values.emplace_back(pattern);
  }
  for (const auto& [column, value] : {std::pair("country", country), std::pair("kind", kind)}) {
    if (value.empty()) continue;
    where += std::string(" AND ") + column + " = ?";
    values.emplace_back(value);
  }
  values.emplace_back(std::int64_t{limit_of(body)});
  auto read = [where, values](storage::Snapshot& snapshot) -> Result<Value> {
    Value found = Value::array();
    const auto rows = snapshot.all(
        "SELECT id, name, short_name, country, kind FROM organisation" + where + " ORDER BY name_folded, id LIMIT ?",
        storage::Parameters(values));
    for (const auto& row : rows)
      found.add(to_value(domain::Organisation{row.id(0), row.text(1), row.text(2), row.text(3), row.text(4)}));
    return Value{{"organisations", found}};
  };
  return database_.read_now(std::move(read));
}

Result<Value> CoreService::territory(const Caller&, const Value& body) const {
  CLUSE_TRY(id, id_of(body["id"], "id"));
  CLUSE_TRY(on, day_of(body["on"]));
  auto read = [id = id, on = on](storage::Snapshot& snapshot) -> Result<Value> {
    const auto unit = territories::find(snapshot, id, on);
    if (!unit) return fail(Errc::not_found, "territory_unit_not_found");
    Value out = to_value(*unit), above = Value::array(), populations = Value::array();
    for (const auto& each : territories::ancestors(snapshot, id, on)) above.add(to_value(each.unit));
    for (const auto& each : territories::populations(snapshot, id))
      populations.add({{"basis", std::string(territories::code_of(each.basis))},
                       {"vintage", each.vintage},
                       {"inhabitants", each.inhabitants},
                       {"source", each.source}});
    out.set("ancestors", above).set("populations", populations);
    return out;
  };
  return database_.read_now(std::move(read));
}

Result<Value> CoreService::territories(const Caller&, const Value& body) const {
  constexpr int kLookedAt = 500;  // of all kinds, before one is chosen
  std::optional<territories::Kind> kind;
  if (const auto text = body["kind"].get_or<std::string>(""); !text.empty()) {
    kind = territories::parse_kind(text);
    if (!kind) return wrong("kind");
  }
  CLUSE_TRY(on, day_of(body["on"]));
  auto read = [kind, on = on, words = body["words"].as<std::string>(),
               limit = limit_of(body)](storage::Snapshot& snapshot) -> Result<Value> {
    Value found = Value::array();
    for (const auto& unit : territories::search(snapshot, words, on, kLookedAt))
      if ((!kind || unit.kind == *kind) && found.items().size() < static_cast<std::size_t>(limit))
        found.add(to_value(unit));
    return Value{{"territories", found}};
  };
  return database_.read_now(std::move(read));
}

Result<Value> CoreService::mandates(const Caller&, const Value& body) const {
  CLUSE_TRY(person, id_of(body["person"], "person"));
  const auto today = domain::organisations::today(clock_.now());
  auto read = [person = person, today](storage::Snapshot& snapshot) -> Result<Value> {
    Value all = Value::array();
    for (const auto& each : domain::mandates_of(snapshot, person, today)) all.add(to_value(each));
    return Value{{"mandates", all}};
  };
  return database_.read_now(std::move(read));
}

Result<Value> CoreService::instance(const Caller&, const Value&) const {
  return Value{
      {"name", settings_.name}, {"public_url", settings_.public_url}, {"languages", Value::array({"fr", "de"})}};
}

}  // namespace cluse::plugin
