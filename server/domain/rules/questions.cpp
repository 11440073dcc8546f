#include "server/domain/rules/questions.h"

#include <algorithm>

namespace cluse::domain::rules {
namespace {

std::string name_of(AmountOf which) {
  switch (which) {
    case AmountOf::grant: return "grant";
    case AmountOf::transport_and_meals: return "transport_and_meals";
    case AmountOf::total_cost: break;
  }
  return "total_cost";
}

class Asker {
 public:
  Asker(const Catalogue& catalogue, Locale locale) : catalogue_(catalogue), locale_(locale) {}

  void operator()(const Ceiling& rule) { amount(rule.amount); }
  void operator()(const ShareMax& rule) {
    amount(rule.part);
    amount(rule.whole);
  }
  void operator()(const Envelope& rule) {
    amount(AmountOf::grant);
    ask("application.awarded_before", AnswerKind::amount, "fact.awarded_before");
    if (!rule.endowment) ask("settings.endowment", AnswerKind::amount, "fact.endowment_of_call");
  }
  void operator()(const Place& rule) {
    ask("application.territories", AnswerKind::choices, "fact.territories", words("territory.", rule.territories));
  }
  void operator()(const Partners& rule) {
    ask("application.partner_countries", AnswerKind::choices, "fact.partner_countries",
        words("country.", rule.countries));
  }
  void operator()(const Closing&) { ask("application.submitted_on", AnswerKind::date, "fact.submitted_on"); }
  void operator()(const Quorum& rule) {
    if (rule.base == QuorumBase::legal_seats) ask("session.legal_seats", AnswerKind::count, "fact.legal_seats");
    else ask("session.in_office", AnswerKind::count, "fact.in_office");
    ask("session.present", AnswerKind::count, "fact.present");
  }
  void operator()(const Majority& rule) {
    ask("ballot.in_favour", AnswerKind::count, "fact.in_favour");
    ask("ballot.against", AnswerKind::count, "fact.against");
    ask("ballot.abstentions", AnswerKind::count, "fact.abstentions");
    ask("ballot.secret", AnswerKind::yes_no, "fact.secret");
    if (rule.chair_breaks_ties)
      ask("ballot.chair", AnswerKind::choice, "fact.chair", words("choice.", {"in_favour", "against", "abstention"}));
  }
  void operator()(const Scope& rule) {
    ask("project.thematics", AnswerKind::choices, "fact.thematics", words("", rule.thematics));
    if (rule.common_interest) ask("project.for_one_member_only", AnswerKind::yes_no, "fact.one_member_only");
    if (!rule.members.empty())
      ask("project.concordant_deliberations", AnswerKind::choices, "fact.concordant_deliberations",
          words("", rule.members));
  }
  void operator()(const Frequency&) {
    ask("year.year", AnswerKind::count, "fact.year");
    ask("year.sessions", AnswerKind::count, "fact.sessions");
  }
  void operator()(const Composition& rule) {
    for (const auto& [office, count] : rule.offices) ask("offices." + office, AnswerKind::count, "office." + office);
  }
  void operator()(const Postponement& rule) {
    ask("bureau.absent", AnswerKind::count, "fact.absent");
    ask("bureau.absent_without_warning", AnswerKind::count, "fact.absent_without_warning");
    ask("bureau.postponed", AnswerKind::yes_no, "fact.postponed");
    ask("bureau.decided_by", AnswerKind::choice, "fact.decided_by", words("office.", {rule.decided_by, "other"}));
  }
  void operator()(const Notice&) {}
  void operator()(const SecondConvocation&) {}
  void operator()(const SubstitutionRule&) {}
  void operator()(const AttendanceRule&) {}
  void operator()(const ProxyRule&) {}
  void operator()(const SeatRule&) {}

  std::vector<Question> take() { return std::move(out_); }

 private:
  void amount(AmountOf which) { ask("application." + name_of(which), AnswerKind::amount, "fact." + name_of(which)); }

  void ask(const std::string& path, AnswerKind kind, const std::string& label,
           std::vector<std::pair<std::string, std::string>> options = {}) {
    if (std::ranges::find(out_, path, &Question::path) != out_.end()) return;
    out_.push_back({path, kind, catalogue_.label(label, locale_), std::move(options)});
  }

  [[nodiscard]] std::vector<std::pair<std::string, std::string>> words(const std::string& prefix,
                                                                       const std::vector<std::string>& values) const {
    std::vector<std::pair<std::string, std::string>> out;
    for (const std::string& value : values)
      out.emplace_back(value, catalogue_.has_label(prefix + value) ? catalogue_.label(prefix + value, locale_) : value);
    return out;
  }

  const Catalogue& catalogue_;
  const Locale locale_;
  std::vector<Question> out_;
};

}  // namespace

std::string_view code_of(AnswerKind kind) {
  switch (kind) {
    case AnswerKind::amount: return "amount";
    case AnswerKind::date: return "date";
    case AnswerKind::yes_no: return "yes_no";
    case AnswerKind::choice: return "choice";
    case AnswerKind::choices: return "choices";
    case AnswerKind::count: break;
  }
  return "count";
}

std::vector<Question> questions(const Pack& pack, const Catalogue& catalogue, Locale locale) {
  Asker asker(catalogue, locale);
  for (const Rule& rule : pack.rules) std::visit(asker, rule.body);
  return asker.take();
}

}  // namespace cluse::domain::rules
