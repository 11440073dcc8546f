#include "server/api/rule_shapes.h"

#include "server/domain/rules/parameters.h"
#include "server/domain/rules/questions.h"

namespace cluse::api {
namespace {

namespace rules = domain::rules;

bool german(rules::Locale locale) {
  return locale == rules::Locale::de_ch;
}

boost::json::object rule_json(const rules::Rule& rule, const rules::Catalogue& catalogue, rules::Locale locale) {
  boost::json::array listed;
  for (const auto& [key, label, value] : rules::parameters(rule, catalogue, locale))
    listed.push_back(boost::json::object{{"key", key}, {"label", label}, {"value", value}});
  boost::json::object json{{"id", rule.id},
                           {"kind", rule.kind},
                           {"title", german(locale) ? rule.title_de : rule.title_fr},
                           {"convention", german(locale) ? rule.convention_de : rule.convention_fr},
                           {"source", to_json(rule.source)},
                           {"parameters", std::move(listed)},
                           {"notice", nullptr}};
  if (const auto* notice = std::get_if<rules::Notice>(&rule.body)) {
    const bool urgent = notice->occasion == rules::Sending::Occasion::urgent;
    json["notice"] = boost::json::object{{"what", notice->what}, {"occasion", urgent ? "urgent" : "ordinary"}};
  }
  if (std::holds_alternative<rules::SecondConvocation>(rule.body))
    json["notice"] = boost::json::object{{"what", "convocation"}, {"occasion", "after_failed_quorum"}};
  return json;
}

boost::json::object question_json(const rules::Question& question) {
  boost::json::array options;
  for (const auto& [value, words] : question.options)
    options.push_back(boost::json::object{{"value", value}, {"words", words}});
  return {{"path", question.path},
          {"kind", std::string(rules::code_of(question.kind))},
          {"label", question.label},
          {"options", std::move(options)}};
}

}  // namespace

std::string_view code_of(rules::Outcome outcome) {
  switch (outcome) {
    case rules::Outcome::met: return "met";
    case rules::Outcome::warned: return "warned";
    case rules::Outcome::unknown: return "unknown";
    case rules::Outcome::broken: break;
  }
  return "broken";
}

boost::json::object to_json(const domain::calendar::Source& source) {
  return {{"reference", source.reference},
          {"words", source.words},
          {"language", source.language},
          {"verbatim", source.verbatim}};
}

boost::json::object summary_json(const rules::Pack& pack, rules::Locale locale) {
  boost::json::object json{
      {"id", pack.stamp.id},
      {"version", pack.stamp.version},
      {"hash", pack.stamp.hash},
      {"name", german(locale) ? pack.name_de : pack.name_fr},
      {"valid_from", domain::calendar::to_string(pack.valid_from)},
      {"valid_until", nullptr},
      {"rules", static_cast<std::int64_t>(pack.rules.size())},
      {"jurist", boost::json::object{{"confirmed", pack.jurist_confirmed},
                                     {"words", german(locale) ? pack.jurist_de : pack.jurist_fr}}}};
  if (pack.valid_until) json["valid_until"] = domain::calendar::to_string(*pack.valid_until);
  return json;
}

boost::json::object to_json(const rules::Pack& pack, const rules::Rulebook& book, rules::Locale locale) {
  boost::json::object json = summary_json(pack, locale);
  boost::json::array listed, asked;
  for (const auto& rule : pack.rules) listed.push_back(rule_json(rule, book.catalogue, locale));
  for (const auto& question : rules::questions(pack, book.catalogue, locale)) asked.push_back(question_json(question));
  json["rules"] = std::move(listed);
  json["questions"] = std::move(asked);
  json["note"] = pack.note;
  json["zone"] = pack.zone;
  json["holidays"] = nullptr;
  if (const auto* table = book.library.holidays().find(pack.holidays))
    json["holidays"] =
        boost::json::object{{"id", table->id}, {"name", german(locale) ? table->name_de : table->name_fr}};
  return json;
}

boost::json::object to_json(const rules::Pack& pack, const rules::Verdict& verdict, const rules::Rulebook& book,
                            rules::Locale locale) {
  const rules::VerdictWords words = book.catalogue.words(pack, verdict, locale);
  boost::json::array listed;
  for (const auto& rule : words.rules) {
    boost::json::array sentences;
    for (const auto& sentence : rule.sentences) sentences.push_back(boost::json::string(sentence));
    listed.push_back(boost::json::object{{"rule", rule.rule},
                                         {"outcome", std::string(code_of(rule.outcome))},
                                         {"title", rule.title},
                                         {"sentences", std::move(sentences)},
                                         {"convention", rule.convention},
                                         {"source", to_json(rule.source)}});
  }
  const bool judged = !verdict.rules.empty();
  return {
      {"stamp",
       boost::json::object{{"id", verdict.stamp.id}, {"version", verdict.stamp.version}, {"hash", verdict.stamp.hash}}},
      {"outcome", std::string(code_of(judged ? verdict.outcome : rules::Outcome::unknown))},
      {"summary", words.summary},
      {"pack", words.pack},
      {"jurist", words.jurist},
      {"rules", std::move(listed)}};
}

}  // namespace cluse::api
