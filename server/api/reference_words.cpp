#include "server/api/reference_words.h"

#include "server/api/session_answer.h"
#include "server/domain/calendar/zone.h"

namespace cluse::api {
namespace {

namespace money = domain::money;
namespace rules = domain::rules;

constexpr std::int64_t kMinorMax = 1'000'000'000'000'000;

}  // namespace

rules::Locale rule_locale(const net::Request& request) {
  const std::string locale = locale_or_default(std::nullopt, request);
  if (locale == "de-CH") return rules::Locale::de_ch;
  return locale == "fr-CH" ? rules::Locale::fr_ch : rules::Locale::fr_fr;
}

money::Locale money_locale(const net::Request& request) {
  switch (rule_locale(request)) {
    case rules::Locale::de_ch: return money::Locale::de_ch;
    case rules::Locale::fr_ch: return money::Locale::fr_ch;
    case rules::Locale::fr_fr: break;
  }
  return money::Locale::fr_fr;
}

CivilDate today(const Backend& backend) {
  const Instant now = backend.services->environment.clock.now();
  const auto zone = domain::calendar::Zone::find("Europe/Zurich");
  if (zone) return CivilDate(zone->date_of(now));
  return std::chrono::floor<std::chrono::days>(
      std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(now.ms)));
}

Result<std::optional<CivilDate>> query_date(const Call& call, const std::string& name) {
  const std::string text = call.query(name);
  if (text.empty()) return std::optional<CivilDate>();
  const auto date = domain::calendar::parse_date(text);
  if (!date) return fail(Errc::invalid, "date_malformed", "not a day", name);
  return std::optional(CivilDate(*date));
}

std::optional<rules::Date> date_if(const JsonFields& fields, std::string_view name) {
  const auto text = fields.text_if(name);
  if (!text || text->empty()) return std::nullopt;
  const auto date = domain::calendar::parse_date(*text);
  if (date) return *date;
  fields.refuse("date_malformed", name);
  return std::nullopt;
}

std::optional<money::Amount> amount_if(const JsonFields& fields, std::string_view name) {
  const auto object = fields.object_if(name);
  if (!object) return std::nullopt;
  const auto currency = money::parse_currency(object->text("currency"));
  if (!currency) {
    object->refuse("field_invalid", "currency");
    return std::nullopt;
  }
  if (const auto minor = object->integer_if("minor", -kMinorMax, kMinorMax)) return money::Amount{*minor, *currency};
  money::AmountField field;
  field.currency = *currency;
  const auto amount = money::parse_amount(object->text("text"), field, name);
  if (amount) return *amount;
  fields.refuse(amount.error().code, name);
  return std::nullopt;
}

boost::json::object to_json(const money::Amount& amount, money::Locale locale) {
  return {{"minor", amount.minor},
          {"currency", std::string(money::code_of(amount.currency))},
          {"text", money::render(amount, locale)}};
}

}  // namespace cluse::api
