// Rule packs, verdicts and delays as JSON, in the reader's words; quotes of sources stay in their own language.
#pragma once

#include "server/domain/rules/rulebook.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace cluse::api {

[[nodiscard]] boost::json::object to_json(const domain::calendar::Source& source);
/// Without its rules: for lists.
[[nodiscard]] boost::json::object summary_json(const domain::rules::Pack& pack, domain::rules::Locale locale);
[[nodiscard]] boost::json::object to_json(const domain::rules::Pack& pack, const domain::rules::Rulebook& book,
                                          domain::rules::Locale locale);
[[nodiscard]] boost::json::object to_json(const domain::rules::Pack& pack, const domain::rules::Verdict& verdict,
                                          const domain::rules::Rulebook& book, domain::rules::Locale locale);
/// "met", "warned", "unknown", "broken".
[[nodiscard]] std::string_view code_of(domain::rules::Outcome outcome);

}  // namespace cluse::api
