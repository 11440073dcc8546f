// What the routes of rules, rates and territories share: the reader's locale, days and amounts of a query or a body.
#pragma once

#include "server/api/json_fields.h"
#include "server/api/route.h"
#include "server/base/civil_date.h"
#include "server/domain/money/amount_text.h"
#include "server/domain/rules/catalogue.h"

#include <boost/json/object.hpp>

#include <optional>
#include <string>

namespace cluse::api {

/// By Accept-Language.
[[nodiscard]] domain::rules::Locale rule_locale(const net::Request& request);
[[nodiscard]] domain::money::Locale money_locale(const net::Request& request);

/// The day that it is at the seats of the cooperation (Europe/Zurich; Paris has the same).
[[nodiscard]] CivilDate today(const Backend& backend);

/// The query parameter as a day. Code "date_malformed" with its field.
[[nodiscard]] Result<std::optional<CivilDate>> query_date(const Call& call, const std::string& name);
/// The same of a body; a wrong one is refused there.
[[nodiscard]] std::optional<domain::rules::Date> date_if(const JsonFields& fields, std::string_view name);

/// `{"minor": 3499999, "currency": "EUR"}`, or `{"text": "34 999,99", "currency": "EUR"}` as people type it.
[[nodiscard]] std::optional<domain::money::Amount> amount_if(const JsonFields& fields, std::string_view name);

/// `{minor, currency, text}`: the text as the reader writes it.
[[nodiscard]] boost::json::object to_json(const domain::money::Amount& amount, domain::money::Locale locale);

}  // namespace cluse::api
