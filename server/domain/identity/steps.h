// Steps: what waits for the next answer of somebody who is signing in (where a provider sends her back to, which
// challenge a passkey must sign). Sealed into a cookie of her browser and kept nowhere else; good once.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/vault.h"

#include <boost/json/object.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace cluse::domain {

inline constexpr std::chrono::milliseconds kStepValidFor = std::chrono::minutes(10);

/// Thread: any.
class Steps {
 public:
  Steps(Environment environment, const Vault& vault) : environment_(environment), vault_(vault) {}

  /// The value of a cookie that holds `what` for kStepValidFor. `kind`: only `open` with the same one reads it.
  [[nodiscard]] std::string seal(std::string_view kind, boost::json::object what) const;
  /// Code "sign_in_step_over": not ours, of another kind, or too old.
  [[nodiscard]] Result<boost::json::object> open(std::string_view kind, const std::string& sealed) const;
  /// Inside a write: the second time the same step, or token of `id`, is used up: "sign_in_step_over".
  [[nodiscard]] Result<void> use_up(storage::Transaction& tx, const boost::json::object& step) const;
  [[nodiscard]] Result<void> use_up(storage::Transaction& tx, const std::string& id) const;

 private:
  const Environment environment_;
  const Vault& vault_;
};

/// Member `name` as text; empty if there is none.
[[nodiscard]] std::string step_text(const boost::json::object& step, std::string_view name);

}  // namespace cluse::domain
