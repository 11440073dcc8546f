// What a form must ask so that a pack can judge: one question a fact that its rules look at. Pure. Thread: any.
//
// Notices are asked by the calculator of delays, and seats, substitutions and proxies by the session that has the list
// of members: neither is a question here.
#pragma once

#include "server/domain/rules/catalogue.h"

#include <string>
#include <utility>
#include <vector>

namespace cluse::domain::rules {

enum class AnswerKind { amount, date, count, yes_no, choice, choices };
/// "amount", "date", "count", "yes_no", "choice", "choices": as sent.
[[nodiscard]] std::string_view code_of(AnswerKind kind);

struct Question {
  std::string path;  ///< where the answer stands in the facts: "application.total_cost"
  AnswerKind kind = AnswerKind::count;
  std::string label;
  std::vector<std::pair<std::string, std::string>> options{};  ///< value and words, of a choice
};

/// Each once, in the order of the rules.
[[nodiscard]] std::vector<Question> questions(const Pack& pack, const Catalogue& catalogue, Locale locale);

}  // namespace cluse::domain::rules
