// Territorial units, dated, and contributions by population.

#include "server/api/reference_words.h"
#include "server/api/route.h"
#include "server/api/shapes.h"

#include <utility>

namespace cluse::api {
namespace {

namespace money = domain::money;
namespace territories = domain::territories;

constexpr std::size_t kQueryBytesMax = 200;

std::string text_of(std::string_view text) {
  return std::string(text);
}

boost::json::object unit_json(const territories::Unit& unit) {
  boost::json::object json{{"id", unit.id.to_string()},
                           {"kind", text_of(territories::code_of(unit.kind))},
                           {"country", text_or_null(unit.country)},
                           {"language", unit.language},
                           {"name", unit.name},
                           {"code", nullptr}};
  if (unit.code)
    json["code"] =
        boost::json::object{{"scheme", text_of(territories::code_of(unit.code->scheme))}, {"code", unit.code->code}};
  return json;
}

boost::json::value date_or_null(const std::optional<CivilDate>& date) {
  return date ? boost::json::value(to_iso(*date)) : boost::json::value(nullptr);
}

boost::json::object event_json(const territories::Event& event) {
  constexpr std::string_view kWhat[] = {"code", "name", "parent"};
  return {{"what", text_of(kWhat[static_cast<std::size_t>(event.what)])},
          {"value", event.value},
          {"parent_id", id_or_null(event.parent)},
          {"from", date_or_null(event.period.from)},
          {"until", date_or_null(event.period.until)},
          {"source", event.source}};
}

boost::json::object population_json(const territories::Population& population) {
  boost::json::object json{{"basis", text_of(territories::code_of(population.basis))},
                           {"vintage", population.vintage},
                           {"perimeter", population.perimeter},
                           {"inhabitants", population.inhabitants},
                           {"communes", nullptr},
                           {"source", population.source}};
  if (population.communes) json["communes"] = *population.communes;
  return json;
}

boost::json::array texts(const std::vector<std::string>& list) {
  boost::json::array array;
  for (const auto& text : list) array.push_back(boost::json::string(text));
  return array;
}

boost::json::object total_json(const domain::UnitTotal& total) {
  return {{"of", text_of(territories::code_of(total.of))},
          {"basis", text_of(territories::code_of(total.sum.basis))},
          {"vintage", total.sum.vintage},
          {"inhabitants", total.sum.inhabitants},
          {"communes", total.sum.communes},
          {"units", total.sum.units},
          {"missing", texts(total.sum.missing)},
          {"sources", texts(total.sum.sources)}};
}

Task<Reply> search_units(Backend backend, Call call) {
  CLUSE_CO_TRY(on, query_date(call, "on"));
  const CivilDate day = on.value_or(today(backend));
  boost::json::array units;
  if (const std::string code = call.query("code"); !code.empty()) {
    const auto scheme = territories::parse_scheme(call.query("scheme"));
    if (!scheme) co_return fail(Errc::invalid, "field_invalid", "insee, ofs, siren, …", "scheme");
    if (code.size() > kQueryBytesMax) co_return fail(Errc::invalid, "field_too_long", "a code", "code");
    territories::Key key{*scheme, code};
    auto unit = co_await backend.services->atlas.resolve(std::move(key), day);
    if (!unit) co_return std::unexpected(std::move(unit).error());
    units.push_back(unit_json(*unit));
  } else {
    const std::string named = call.query("kind");
    const auto kind = territories::parse_kind(named);
    if (!named.empty() && !kind) co_return fail(Errc::invalid, "field_invalid", "commune, epci, …", "kind");
    std::string text = call.query("q");
    if (text.size() > kQueryBytesMax) co_return fail(Errc::invalid, "field_too_long", "a name", "q");
    auto found = co_await backend.services->atlas.search(std::move(text), kind, day);
    if (!found) co_return std::unexpected(std::move(found).error());
    for (const auto& unit : *found) units.push_back(unit_json(unit));
  }
  const boost::json::object body{{"units", std::move(units)}, {"on", to_iso(day)}};
  co_return answer(200, body);
}

Task<Reply> find_unit(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "territory_unit_not_found"));
  CLUSE_CO_TRY(on, query_date(call, "on"));
  const CivilDate day = on.value_or(today(backend));
  auto detail = co_await backend.services->atlas.detail(id, day);
  if (!detail) co_return std::unexpected(std::move(detail).error());
  boost::json::array ancestors, children, history, populations, totals;
  for (const auto& each : detail->ancestors) {
    boost::json::object json = unit_json(each.unit);
    json["distance"] = each.distance;
    ancestors.push_back(std::move(json));
  }
  for (const auto& each : detail->children) children.push_back(unit_json(each));
  for (const auto& each : detail->history) history.push_back(event_json(each));
  for (const auto& each : detail->populations) populations.push_back(population_json(each));
  for (const auto& each : detail->totals) totals.push_back(total_json(each));
  boost::json::object body = unit_json(detail->unit);
  body["on"] = to_iso(day);
  body["ancestors"] = std::move(ancestors);
  body["children"] = std::move(children);
  body["history"] = std::move(history);
  body["populations"] = std::move(populations);
  body["totals"] = std::move(totals);
  co_return answer(200, body);
}

Result<domain::ContributionQuestion> contribution_of(const Call& call, CivilDate on) {
  domain::ContributionQuestion question;
  question.on = on;
  const auto unit = Id::parse(call.query("unit"));
  if (!unit) return fail(Errc::invalid, "field_invalid", "not an id", "unit");
  question.unit = *unit;
  const std::string vintage = call.query("vintage");
  if (vintage.size() != 4 || vintage.find_first_not_of("0123456789") != std::string::npos)
    return fail(Errc::invalid, "field_invalid", "a year", "vintage");
  question.vintage = std::stoi(vintage);
  if (const std::string basis = call.query("basis"); !basis.empty()) {
    const auto parsed = territories::parse_basis(basis);
    if (!parsed) return fail(Errc::invalid, "field_invalid", "municipale or totale", "basis");
    question.basis = *parsed;
  }
  money::AmountField field;
  const std::string currency = call.query("currency");
  field.currency = currency.empty() ? money::Currency::eur : money::parse_currency(currency);
  if (!field.currency) return fail(Errc::invalid, "field_invalid", "EUR or CHF", "currency");
  CLUSE_TRY(amount, money::parse_amount(call.query("amount"), field));
  question.amount = amount;
  return question;
}

Task<Reply> contributions(Backend backend, Call call) {
  CLUSE_CO_TRY(on, query_date(call, "on"));
  CLUSE_CO_TRY(question, contribution_of(call, on.value_or(today(backend))));
  auto split = co_await backend.services->atlas.contributions(question);
  if (!split) co_return std::unexpected(std::move(split).error());
  const auto locale = money_locale(call.request);
  boost::json::array shares;
  for (const auto& share : split->shares)
    shares.push_back(boost::json::object{{"unit", unit_json(share.member)},
                                         {"population", population_json(share.population)},
                                         {"amount", to_json(share.amount, locale)}});
  const boost::json::object body{{"unit", unit_json(split->unit)},
                                 {"amount", to_json(question.amount, locale)},
                                 {"basis", text_of(territories::code_of(question.basis))},
                                 {"vintage", question.vintage},
                                 {"inhabitants", split->inhabitants},
                                 {"method", "largest_remainder"},
                                 {"shares", std::move(shares)}};
  co_return answer(200, body);
}

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/territories/units", Access::signed_in, 0, search_units},
    {"GET", "/api/v1/territories/units/{id}", Access::signed_in, 0, find_unit},
    {"GET", "/api/v1/contributions", Access::signed_in, 0, contributions},
};

}  // namespace

std::span<const Route> atlas_routes() {
  return kRoutes;
}

}  // namespace cluse::api
