#include "server/domain/organisations/mandates.h"

#include <utility>

namespace cluse::domain {
namespace {

Result<Mandate> must_find(storage::Snapshot& snapshot, Id id, const std::string& today) {
  auto found = find_mandate(snapshot, id, today);
  if (!found) return fail(Errc::not_found, "mandate_not_found");
  return std::move(*found);
}

void note(storage::Transaction& tx, const Actor& actor, journal::Verb verb, Id id, const NewMandate& mandate,
          Instant now) {
  journal::Details details{{"function", mandate.function}};
  if (mandate.last_day && !mandate.last_day->empty()) details.emplace_back("until", *mandate.last_day);
  journal::append(tx, {author_of(actor), verb, journal::ObjectKind::mandate, id, {}, now, std::move(details)});
}

}  // namespace

Task<Result<std::vector<Mandate>>> Mandates::list(Actor, Id person) {
  auto body = [person, day = organisations::today(environment_.clock.now())](
                  storage::Snapshot& snapshot) -> Result<std::vector<Mandate>> {
    if (!snapshot.one("SELECT 1 FROM person WHERE id = ?", {person})) return fail(Errc::not_found, "person_not_found");
    return mandates_of(snapshot, person, day);
  };
  auto listed = co_await environment_.database.read(std::move(body));
  co_return listed;
}

Task<Result<Mandate>> Mandates::add(Actor actor, Id person, NewMandate mandate) {
  if (!actor.may(rights::Permission::people_manage)) co_return fail(Errc::denied, "denied");
  auto body = [actor, person, mandate = std::move(mandate),
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<Mandate> {
    CLUSE_TRY(id, insert_mandate(tx, person, mandate, now));
    note(tx, actor, journal::Verb::mandate_added, id, mandate, now);
    return must_find(tx, id, organisations::today(now));
  };
  auto added = co_await environment_.database.write(std::move(body));
  co_return added;
}

Task<Result<Mandate>> Mandates::change(Actor actor, Id mandate, NewMandate changed) {
  if (!actor.may(rights::Permission::people_manage)) co_return fail(Errc::denied, "denied");
  auto body = [actor, mandate, changed = std::move(changed),
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<Mandate> {
    CLUSE_CHECK(update_mandate(tx, mandate, changed, now));
    note(tx, actor, journal::Verb::mandate_changed, mandate, changed, now);
    return must_find(tx, mandate, organisations::today(now));
  };
  auto done = co_await environment_.database.write(std::move(body));
  co_return done;
}

Task<Result<Profile>> Mandates::wear(Actor actor, Id mandate) {
  auto body = [actor, mandate,
               day = organisations::today(environment_.clock.now())](storage::Transaction& tx) -> Result<Profile> {
    const auto found = find_mandate(tx, mandate, day);
    if (!found || found->person_id != actor.person_id) return fail(Errc::not_found, "mandate_not_found");
    if (!found->is_current) return fail(Errc::conflict, "mandate_not_current", "", "mandate_id");
    tx.run("UPDATE session SET mandate_id = ? WHERE id = ?", {mandate, actor.session_id});
    tx.run("UPDATE person SET last_mandate_id = ? WHERE id = ?", {mandate, actor.person_id});
    return profile_of(tx, actor.person_id, mandate, day);
  };
  auto worn = co_await environment_.database.write(std::move(body));
  co_return worn;
}

}  // namespace cluse::domain
