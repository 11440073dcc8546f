// Actor: on whose behalf a call runs. Every service decides from it and from nothing else.
#pragma once

#include "server/base/id.h"
#include "server/domain/journal/journal.h"

#include <optional>
#include <string>

namespace cluse::domain {

struct Actor {
  Id session_id;
  Id person_id;
  bool is_admin = false;
  std::string locale;           ///< "fr-FR", "fr-CH" or "de-CH"
  std::optional<Id> hat = {};   ///< the mandate she acts under
  std::string request_id = {};  ///< of the request: ties its events together
};

[[nodiscard]] inline journal::Author author_of(const Actor& actor) {
  return {actor.person_id, actor.hat, actor.request_id};
}

}  // namespace cluse::domain
