// Actor: on whose behalf a call runs. Every service decides from it and from nothing else.
#pragma once

#include "server/base/id.h"
#include "server/base/time.h"
#include "server/domain/journal/journal.h"
#include "server/domain/rights/role.h"

#include <optional>
#include <string>

namespace cluse::domain {

struct Actor {
  Id session_id;
  Id person_id;
  bool is_admin = false;              ///< may administer everything: `may(administrators_manage)`
  std::string locale;                 ///< "fr-FR", "fr-CH" or "de-CH"
  std::optional<Id> mandate_id = {};  ///< the hat: the running mandate under which she acts
  std::string request_id = {};        ///< of the request: ties its events together
  Instant proven_at = {};             ///< when she last showed that it is her
  bool must_add_factor = false;       ///< the instance asks for a second factor, and she has none: nothing else is open
  rights::Permissions instance = {};  ///< what she may do on the whole instance, as of the beginning of the call

  bool token_is_due = false;  ///< her rights on the instance are not those that her token was made for

  [[nodiscard]] bool may(rights::Permission permission) const { return instance.has(permission); }
};

[[nodiscard]] inline journal::Author author_of(const Actor& actor) {
  return {actor.person_id, actor.mandate_id, actor.request_id};
}

}  // namespace cluse::domain
