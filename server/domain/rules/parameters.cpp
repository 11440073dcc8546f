#include "server/domain/rules/parameters.h"

namespace cluse::domain::rules {
namespace {

std::string key_of(AmountOf which) {
  switch (which) {
    case AmountOf::grant: return "fact.grant";
    case AmountOf::transport_and_meals: return "fact.transport_and_meals";
    case AmountOf::total_cost: break;
  }
  return "fact.total_cost";
}

std::string key_of(SeatMethod method) {
  switch (method) {
    case SeatMethod::sainte_lague: return "method.sainte_lague";
    case SeatMethod::dhondt: return "method.dhondt";
    case SeatMethod::largest_remainder: break;
  }
  return "method.largest_remainder";
}

std::string key_of(calendar::DayKind kind) {
  switch (kind) {
    case calendar::DayKind::clear: return "count.clear";
    case calendar::DayKind::working: return "count.working";
    case calendar::DayKind::calendar: break;
  }
  return "count.calendar";
}

/// One overload a kind; each names what the file may say.
class Lister {
 public:
  Lister(const Catalogue& catalogue, Locale locale) : catalogue_(catalogue), locale_(locale) {}

  void operator()(const Ceiling& rule) {
    label("amount", key_of(rule.amount));
    std::vector<std::string> limits;
    for (const Amount& limit : rule.limits) limits.push_back(catalogue_.shown(limit, locale_));
    texts("limits", limits);
    label("bound", rule.strict ? "bound.less_than" : "bound.at_most");
  }
  void operator()(const ShareMax& rule) {
    label("part", key_of(rule.part));
    label("whole", key_of(rule.whole));
    text("basis_points", catalogue_.shown(Share{rule.basis_points}, locale_));
  }
  void operator()(const Envelope& rule) {
    if (rule.endowment) text("endowment", catalogue_.shown(*rule.endowment, locale_));
    else label("endowment", "endowment.of_call");
  }
  void operator()(const Place& rule) {
    labels("territories", "territory.", rule.territories);
    number("at_least", rule.at_least);
  }
  void operator()(const Partners& rule) { labels("countries", "country.", rule.countries); }
  void operator()(const Closing& rule) {
    std::vector<std::string> days;
    for (const Date day : rule.days) days.push_back(catalogue_.shown(day, locale_));
    texts("days", days);
  }
  void operator()(const Notice& rule) {
    label("what", "what." + rule.what);
    if (rule.occasion == Sending::Occasion::urgent) label("occasion", "occasion.urgent");
    delay(rule.delay);
  }
  void operator()(const Quorum& rule) {
    label("base", rule.base == QuorumBase::legal_seats ? "fact.legal_seats" : "fact.in_office");
    fraction("fraction", rule.numerator, rule.denominator);
    label("bound", rule.at_least ? "bound.at_least" : "bound.more_than");
  }
  void operator()(const SecondConvocation& rule) { delay(rule.delay); }
  void operator()(const SubstitutionRule&) { label("within", "within.organisation"); }
  void operator()(const AttendanceRule&) { label("open_to", "open_to.all_members"); }
  void operator()(const ProxyRule& rule) {
    if (rule.per_bearer_max) number("per_bearer_max", *rule.per_bearer_max);
    if (rule.consecutive_sessions_max) number("consecutive_sessions_max", *rule.consecutive_sessions_max);
    if (rule.consecutive_sessions_max) flag("illness_lifts", rule.illness_lifts);
    flag("written", rule.written);
    flag("duty", rule.duty);
  }
  void operator()(const Majority& rule) {
    fraction("fraction", rule.numerator, rule.denominator);
    flag("chair_breaks_ties", rule.chair_breaks_ties);
  }
  void operator()(const SeatRule& rule) {
    number("titulars", rule.titulars);
    number("substitutes", rule.substitutes);
    number("min_each", rule.min_each);
    fraction("max_share", rule.max_numerator, rule.max_denominator);
    label("method", key_of(rule.method));
    std::vector<std::string> parties;
    for (const Party& party : rule.parties) parties.push_back(party.name);
    texts("parties", parties);
    if (!rule.population_source.empty()) text("population_source", rule.population_source);
  }
  void operator()(const Scope& rule) {
    texts("thematics", rule.thematics);
    flag("common_interest", rule.common_interest);
    texts("concordant_members", rule.members);
  }
  void operator()(const Frequency& rule) {
    number("min_a_year", rule.min);
    number("max_a_year", rule.max);
  }
  void operator()(const Composition& rule) {
    for (const auto& [office, count] : rule.offices)
      out_.push_back({"office." + office, word("office." + office), catalogue_.shown(count, locale_)});
  }
  void operator()(const Postponement& rule) { label("decided_by", "office." + rule.decided_by); }

  std::vector<Parameter> take() { return std::move(out_); }

 private:
  [[nodiscard]] std::string word(const std::string& key) const { return catalogue_.label(key, locale_); }

  void text(const std::string& key, std::string value) {
    out_.push_back({key, word("parameter." + key), std::move(value)});
  }
  void label(const std::string& key, const std::string& value) { text(key, word(value)); }
  void number(const std::string& key, std::int64_t value) { text(key, catalogue_.shown(value, locale_)); }
  void flag(const std::string& key, bool value) { label(key, value ? "yes" : "no"); }
  void fraction(const std::string& key, int numerator, int denominator) {
    text(key, std::to_string(numerator) + "/" + std::to_string(denominator));
  }
  void texts(const std::string& key, const std::vector<std::string>& values) {
    if (values.empty()) return;
    std::string joined;
    for (const std::string& value : values) joined += (joined.empty() ? "" : ", ") + value;
    text(key, joined);
  }
  void labels(const std::string& key, const std::string& prefix, const std::vector<std::string>& values) {
    std::vector<std::string> words;
    for (const std::string& value : values)
      words.push_back(catalogue_.has_label(prefix + value) ? word(prefix + value) : value);
    texts(key, words);
  }
  void delay(const calendar::Delay& delay) {
    if (delay.months > 0) number("months", delay.months);
    if (delay.days > 0) number("days_of_delay", delay.days);
    label("count", key_of(delay.kind));
    if (delay.extension == calendar::Extension::next_working_day) label("extension", "extension.next_working_day");
  }

  const Catalogue& catalogue_;
  const Locale locale_;
  std::vector<Parameter> out_;
};

}  // namespace

std::vector<Parameter> parameters(const Rule& rule, const Catalogue& catalogue, Locale locale) {
  Lister lister(catalogue, locale);
  std::visit(lister, rule.body);
  return lister.take();
}

}  // namespace cluse::domain::rules
