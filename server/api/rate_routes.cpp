// Rates of exchange: tables, imports with a preview, conversions with their stamp.

#include "server/api/problem.h"
#include "server/api/reference_words.h"
#include "server/api/route.h"
#include "server/api/shapes.h"

#include <algorithm>
#include <utility>

namespace cluse::api {
namespace {

namespace money = domain::money;

boost::json::object rate_json(const money::Rate& rate) {
  return {{"date", to_iso(rate.date)}, {"chf_per_eur", rate.chf_per_eur.to_string()}};
}

boost::json::value date_or_null(const std::optional<CivilDate>& date) {
  return date ? boost::json::value(to_iso(*date)) : boost::json::value(nullptr);
}

std::string text_of(std::string_view text) {
  return std::string(text);
}

Task<Reply> list_rates(Backend backend, Call call) {
  CLUSE_CO_TRY(until, query_date(call, "until"));
  auto overview = co_await backend.services->rates.overview();
  if (!overview) co_return std::unexpected(std::move(overview).error());
  boost::json::array tables, imports, rates;
  for (const auto& table : overview->tables)
    tables.push_back(boost::json::object{{"source", text_of(money::code_of(table.source))},
                                         {"first", to_iso(table.first)},
                                         {"last", to_iso(table.last)},
                                         {"count", table.count},
                                         {"latest", rate_json({table.latest.date, table.latest.chf_per_eur})}});
  for (const auto& past : overview->imports)
    imports.push_back(boost::json::object{{"source", text_of(money::code_of(past.source))},
                                          {"file_name", past.file_name},
                                          {"added", past.added},
                                          {"at", to_rfc3339(past.at)},
                                          {"by", past.by}});
  boost::json::object body{{"tables", std::move(tables)}, {"imports", std::move(imports)}};
  if (const std::string asked = call.query("source"); !asked.empty()) {
    const auto source = money::parse_rate_source(asked);
    if (!source) co_return fail(Errc::invalid, "field_invalid", "ecb or infoeuro", "source");
    auto listed = co_await backend.services->rates.list(*source, until);
    if (!listed) co_return std::unexpected(std::move(listed).error());
    for (const auto& rate : *listed) rates.push_back(rate_json(rate));
    body["rates"] = std::move(rates);
  }
  co_return answer(200, body);
}

// What would be, or was, added; long files are told by their ends.
boost::json::object import_json(const domain::RateImport& import, Language language) {
  constexpr std::size_t kShown = 10;
  boost::json::array newest, refused;
  for (std::size_t i = 0; i < import.added.size() && i < kShown; ++i)
    newest.push_back(rate_json(import.added[import.added.size() - 1 - i]));
  for (const auto& problem : import.problems) {
    const Sentence* sentence = find_sentence(problem.code);
    const std::string_view words =
        sentence == nullptr ? problem.code : (language == Language::de ? sentence->de : sentence->fr);
    refused.push_back(boost::json::object{{"line", static_cast<std::int64_t>(problem.line)},
                                          {"code", text_of(problem.code)},
                                          {"words", text_of(words)},
                                          {"detail", problem.detail}});
  }
  return {{"source", text_of(money::code_of(import.source))},
          {"first", date_or_null(import.first)},
          {"last", date_or_null(import.last)},
          {"known", static_cast<std::int64_t>(import.known)},
          {"added", static_cast<std::int64_t>(import.added.size())},
          {"newest", std::move(newest)},
          {"refused", std::move(refused)}};
}

Task<Reply> import_rates(Backend backend, Call call) {
  CLUSE_CO_TRY(month, query_date(call, "month"));
  const Language language = choose_language(call.request.header("Accept-Language"));
  const bool preview = call.query("preview") == "true";
  domain::RateFile file{call.query("filename"), std::move(call.request.body), month};
  const domain::Actor actor = *call.actor;
  if (preview) {
    auto seen = co_await backend.services->rates.preview(actor, std::move(file));
    if (!seen) co_return std::unexpected(std::move(seen).error());
    co_return answer(200, import_json(*seen, language));
  }
  auto written = co_await backend.services->rates.import(actor, std::move(file));
  if (!written) co_return std::unexpected(std::move(written).error());
  co_return answer(201, import_json(*written, language));
}

// What a query asks to convert.
struct Asked {
  money::Amount amount;
  money::Currency to = money::Currency::chf;
  money::RateSource source = money::RateSource::ecb;
};

Result<Asked> asked_of(const Call& call) {
  const auto currency = money::parse_currency(call.query("currency"));
  const auto to = money::parse_currency(call.query("to"));
  if (!currency || !to) return fail(Errc::invalid, "field_invalid", "EUR or CHF", currency ? "to" : "currency");
  const std::string named = call.query("source");
  const auto source = named.empty() ? money::RateSource::ecb : money::parse_rate_source(named);
  if (!source) return fail(Errc::invalid, "field_invalid", "ecb, infoeuro or fixed", "source");
  money::AmountField field;
  field.currency = *currency;
  CLUSE_TRY(amount, money::parse_amount(call.query("amount"), field));
  return Asked{amount, *to, *source};
}

// By the rate that a call or a budget fixes for itself: it stands in no table, and cites who decided it.
Result<money::ConvertedAmount> convert_fixed(const Call& call, const Asked& asked, CivilDate on) {
  std::string text = call.query("rate");
  std::ranges::replace(text, ',', '.');
  const auto rate = money::Decimal::parse(text);
  if (!rate) return fail(Errc::invalid, "field_invalid", "francs for one euro", "rate");
  CLUSE_TRY(quote, money::fixed_rate(*rate, on, call.query("decision")));
  return money::convert(asked.amount, asked.to, quote);
}

Task<Reply> convert(Backend backend, Call call) {
  CLUSE_CO_TRY(asked, asked_of(call));
  CLUSE_CO_TRY(given, query_date(call, "on"));
  const CivilDate on = given.value_or(today(backend));
  const bool is_fixed = asked.source == money::RateSource::fixed;
  Result<money::ConvertedAmount> converted = fail(Errc::internal, "internal");
  if (is_fixed) converted = convert_fixed(call, asked, on);
  else converted = co_await backend.services->rates.convert(asked.amount, asked.to, asked.source, on);
  if (!converted) co_return std::unexpected(std::move(converted).error());
  const auto locale = money_locale(call.request);
  const auto& quote = converted->stamp.quote;
  const boost::json::object body{
      {"original", to_json(converted->original, locale)},
      {"converted", to_json(converted->converted, locale)},
      {"stamp", boost::json::object{{"source", text_of(money::code_of(quote.source))},
                                    {"date", to_iso(quote.date)},
                                    {"chf_per_eur", quote.chf_per_eur.to_string()},
                                    {"decision", quote.decision},
                                    {"direction", text_of(money::code_of(converted->stamp.direction))},
                                    {"words", money::render(converted->stamp, locale)}}}};
  co_return answer(200, body);
}

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/rates", Access::signed_in, 0, list_rates},
    {"POST", "/api/v1/rates", Access::signed_in, money::kRateFileBytesMax, import_rates},
    {"GET", "/api/v1/rates/convert", Access::signed_in, 0, convert},
};

}  // namespace

std::span<const Route> rate_routes() {
  return kRoutes;
}

}  // namespace cluse::api
