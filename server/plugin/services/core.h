// The service cluse.core/1: what the product knows and computes, for plugins: amounts, rules, delays, twins, rights,
// people, organisations, territories, mandates. Operations and shapes: docs/plugins/services.md.
//
// With a call it answers what its user may see; for the plugin itself what anybody who is signed in sees; to nobody
// (a public request) amounts, delays, rules and territories, which are public.
#pragma once

#include "server/base/civil_date.h"
#include "server/base/time.h"
#include "server/domain/rules/rulebook.h"
#include "server/plugin/services/service.h"
#include "server/storage/database.h"

#include <functional>
#include <memory>
#include <string>

namespace cluse::plugin {

inline constexpr int kFoundMax = 50;  ///< of one question

struct CoreSettings {
  std::string name;                                      ///< of the instance
  std::string public_url;                                ///< empty: not known
  std::shared_ptr<const domain::rules::Rulebook> rules;  ///< never null
  /// What the rules say of facts: {pack, facts, on?, version?}, for a reader of `locale`.
  std::function<Result<Value>(const Value& question, const std::string& locale)> judge;
};

class CoreService final : public Service {
 public:
  /// Both outlive it.
  CoreService(storage::Database& database, const Clock& clock, CoreSettings settings)
      : database_(database), clock_(clock), settings_(std::move(settings)) {}

  std::int32_t serve(const Caller& caller, std::string_view operation, const Value& body, Value& answer) override;

 private:
  using Handler = Result<Value> (CoreService::*)(const Caller& caller, const Value& body) const;
  struct Operation;
  [[nodiscard]] static const Operation* find(std::string_view name);

  Result<Value> format(const Caller& caller, const Value& body) const;
  Result<Value> convert(const Caller& caller, const Value& body) const;
  Result<Value> split(const Caller& caller, const Value& body) const;
  Result<Value> judge(const Caller& caller, const Value& body) const;
  Result<Value> last_moment(const Caller& caller, const Value& body) const;
  Result<Value> twins(const Caller& caller, const Value& body) const;
  Result<Value> may(const Caller& caller, const Value& body) const;
  Result<Value> person(const Caller& caller, const Value& body) const;
  Result<Value> people(const Caller& caller, const Value& body) const;
  Result<Value> organisation(const Caller& caller, const Value& body) const;
  Result<Value> organisations(const Caller& caller, const Value& body) const;
  Result<Value> territory(const Caller& caller, const Value& body) const;
  Result<Value> territories(const Caller& caller, const Value& body) const;
  Result<Value> mandates(const Caller& caller, const Value& body) const;
  Result<Value> instance(const Caller& caller, const Value& body) const;
  [[nodiscard]] Result<CivilDate> day_of(const Value& value) const;

  storage::Database& database_;
  const Clock& clock_;
  const CoreSettings settings_;
};

}  // namespace cluse::plugin
