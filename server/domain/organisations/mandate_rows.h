// Mandates inside a closure. Thread: the one that runs it.
#pragma once

#include "server/base/time.h"
#include "server/domain/identity/mandate.h"
#include "server/domain/organisations/days.h"
#include "server/storage/database.h"

#include <optional>
#include <string>
#include <vector>

namespace cluse::domain {

inline constexpr std::size_t kMandatesPerPersonMax = 100;  ///< those that have ended count

struct NewMandate {
  Id organisation_id;
  std::string function;
  Quality quality = Quality::technician;
  Seat seat = Seat::titular;
  std::optional<std::string> first_day, last_day;  ///< ISO; none: today; until further notice
};

/// Of a person, those that run first, then the latest first.
[[nodiscard]] std::vector<Mandate> mandates_of(storage::Snapshot& snapshot, Id person, const std::string& today);
/// Of an organisation, in the same order.
[[nodiscard]] std::vector<Mandate> mandates_in(storage::Snapshot& snapshot, Id organisation, const std::string& today);
[[nodiscard]] std::optional<Mandate> find_mandate(storage::Snapshot& snapshot, Id id, const std::string& today);

/// The mandate that `session` wears and that runs on `today`.
[[nodiscard]] std::optional<Id> hat_of_session(storage::Snapshot& snapshot, Id session, const std::string& today);
/// Which mandate a new session of the person starts with: the last one worn if it still runs, or else the running one
/// that began first.
[[nodiscard]] std::optional<Id> first_hat(storage::Snapshot& snapshot, Id person, const std::vector<Mandate>& mandates);

/// Inside a write. Codes: those of fields and days, "person_not_found", "field_invalid" (organisation_id),
/// "mandate_overlaps" (the same function of the same person in the same organisation), "too_many_mandates".
[[nodiscard]] Result<Id> insert_mandate(storage::Transaction& tx, Id person, const NewMandate& mandate, Instant now);
/// Person and organisation stay as they are. Codes: the same, "mandate_not_found".
[[nodiscard]] Result<void> update_mandate(storage::Transaction& tx, Id id, const NewMandate& mandate, Instant now);

/// domain.md row 45: a substitute stands in for a titular of the same organisation and function, and of no other;
/// both mandates must run.
[[nodiscard]] bool may_stand_in(const Mandate& substitute, const Mandate& titular);

}  // namespace cluse::domain
