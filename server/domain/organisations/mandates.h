// Mandates: which functions people hold, and the hat under which a session acts.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/actor.h"
#include "server/domain/identity/people.h"
#include "server/domain/organisations/mandate_rows.h"

#include <vector>

namespace cluse::domain {

/// Thread: any. Everyone who is signed in reads; administrators change, others get "denied".
class Mandates {
 public:
  explicit Mandates(Environment environment) : environment_(environment) {}

  /// Those that have ended stay visible. Code "person_not_found".
  Task<Result<std::vector<Mandate>>> list(Actor actor, Id person);
  /// Codes: those of insert_mandate.
  Task<Result<Mandate>> add(Actor actor, Id person, NewMandate mandate);
  /// Codes: those of update_mandate. A mandate ends with its `last_day`.
  Task<Result<Mandate>> change(Actor actor, Id mandate, NewMandate changed);

  /// From now on the session of the actor acts under `mandate`; her next sessions start with it. Codes:
  /// "mandate_not_found" (or another person's), "mandate_not_current" (it has ended or has not begun).
  Task<Result<Profile>> wear(Actor actor, Id mandate);

 private:
  const Environment environment_;
};

}  // namespace cluse::domain
