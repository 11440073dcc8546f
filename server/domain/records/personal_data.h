// Personal data: everything about a person as one JSON document, and her erasure.
//
// Erasure takes her name, function, address, password, sessions, known places, invitations and what she opened, and
// empties the details of the journal that she typed or that speak of her. What she wrote stays, under kErasedName; the
// chain of the journal stays intact, as it holds ids and commitments alone (docs/journal.md).
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/sessions.h"

#include <string>

namespace cluse::domain {

/// How a person who was erased is called, in both languages at once: it is read in French and in German.
inline constexpr const char* kErasedName = "Personne effacée / Gelöschte Person";

/// Inside a write: erases `person`; the sessions that ended. Codes: "person_not_found", "last_administrator". Nothing
/// happens to a person who was erased before.
[[nodiscard]] Result<std::vector<Id>> erase_person(storage::Transaction& tx, const journal::Author& by, Id person,
                                                   Instant now);

/// Thread: any.
class PersonalData {
 public:
  PersonalData(Environment environment, const Sessions& sessions) : environment_(environment), sessions_(sessions) {}

  /// The shape is documented in docs/journal.md. Recorded in the journal.
  Task<Result<std::string>> export_mine(Actor actor);
  /// Administrators. Codes of erase_person, and "erase_oneself".
  Task<Result<void>> erase(Actor actor, Id person);

 private:
  const Environment environment_;
  const Sessions& sessions_;
};

}  // namespace cluse::domain
