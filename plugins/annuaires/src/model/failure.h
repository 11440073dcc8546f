// What a route answers instead: a status, a code, and for values which of them.
#pragma once

#include <cluse/value.hpp>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace annuaires {

using cluse::Value;

struct Problem {
  std::string field, code;
  bool operator==(const Problem&) const = default;
};

class Failure : public std::runtime_error {
 public:
  Failure(int status, const std::string& code, std::string field = {})
      : std::runtime_error(code), status(status), field(std::move(field)) {}
  /// 422: one or more values are wrong.
  explicit Failure(std::vector<Problem> wrong)
      : std::runtime_error(wrong.empty() ? "field_wrong" : wrong.front().code),
        status(422),
        field(wrong.empty() ? std::string() : wrong.front().field),
        problems(std::move(wrong)) {}
  int status;
  std::string field;
  std::vector<Problem> problems;
  Value current;  ///< of version_conflict: the entry as it is now
};

}  // namespace annuaires
