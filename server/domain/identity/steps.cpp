#include "server/domain/identity/steps.h"

#include "server/domain/identity/tokens.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace cluse::domain {
namespace {

// A step is used up within kStepValidFor, a token of a provider within its own few minutes.
constexpr std::chrono::milliseconds kRememberedFor = std::chrono::minutes(30);

std::string purpose_of(std::string_view kind) {
  return "step " + std::string(kind);
}

}  // namespace

std::string Steps::seal(std::string_view kind, boost::json::object what) const {
  what["id"] = new_token();
  what["until"] = (environment_.clock.now() + kStepValidFor).ms;
  return vault_.seal(purpose_of(kind), boost::json::serialize(what));
}

Result<boost::json::object> Steps::open(std::string_view kind, const std::string& sealed) const {
  const auto text = vault_.unseal(purpose_of(kind), sealed);
  if (!text) return fail(Errc::gone, "sign_in_step_over", "no step of this browser");
  auto step = boost::json::parse(*text).as_object();
  if (step.at("until").to_number<std::int64_t>() <= environment_.clock.now().ms)
    return fail(Errc::gone, "sign_in_step_over", "too old");
  return step;
}

Result<void> Steps::use_up(storage::Transaction& tx, const boost::json::object& step) const {
  return use_up(tx, step_text(step, "id"));
}

Result<void> Steps::use_up(storage::Transaction& tx, const std::string& id) const {
  const Instant now = environment_.clock.now();
  tx.run("DELETE FROM used_step WHERE expires_at <= ?", {now});
  if (tx.run("INSERT INTO used_step (id, expires_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
             {id, now + kRememberedFor}) == 0)
    return fail(Errc::gone, "sign_in_step_over", "used before");
  return {};
}

std::string step_text(const boost::json::object& step, std::string_view name) {
  const auto* found = step.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

}  // namespace cluse::domain
