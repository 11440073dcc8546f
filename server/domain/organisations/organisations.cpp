#include "server/domain/organisations/organisations.h"

#include "server/base/civil_date.h"

#include <utility>

namespace cluse::domain {
namespace {

constexpr int kTerritoriesFoundMax = 50;

// The name is only held until update_organisation has cleaned it.
Id insert_bare(storage::Transaction& tx, Instant now) {
  const Id id = new_id(now);
  tx.run(
      "INSERT INTO organisation (id, name, name_folded, short_name, country, kind, created_at) "
      "VALUES (?, ?, ?, '', 'F', '', ?)",
      {id, id, id, now});
  return id;
}

}  // namespace

Task<Result<OrganisationDetail>> Organisations::find(Actor, Id organisation) {
  auto body = [organisation, day = organisations::today(environment_.clock.now())](
                  storage::Snapshot& snapshot) -> Result<OrganisationDetail> {
    return organisation_detail(snapshot, organisation, day);
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<OrganisationDetail>> Organisations::add(Actor actor, OrganisationContent content) {
  if (!actor.may(rights::Permission::organisations_manage)) co_return fail(Errc::denied, "denied");
  auto body = [content = std::move(content),
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<OrganisationDetail> {
    const Id id = insert_bare(tx, now);
    CLUSE_CHECK(update_organisation(tx, id, content));
    return organisation_detail(tx, id, organisations::today(now));
  };
  auto added = co_await environment_.database.write(std::move(body));
  co_return added;
}

Task<Result<OrganisationDetail>> Organisations::change(Actor actor, Id organisation, OrganisationContent content) {
  if (!actor.may(rights::Permission::organisations_manage)) co_return fail(Errc::denied, "denied");
  auto body = [organisation, content = std::move(content),
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<OrganisationDetail> {
    CLUSE_CHECK(update_organisation(tx, organisation, content));
    return organisation_detail(tx, organisation, organisations::today(now));
  };
  auto changed = co_await environment_.database.write(std::move(body));
  co_return changed;
}

Task<Result<OrganisationDetail>> Organisations::join(Actor actor, Id organisation, NewMembership membership) {
  if (!actor.may(rights::Permission::organisations_manage)) co_return fail(Errc::denied, "denied");
  auto body = [organisation, membership = std::move(membership),
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<OrganisationDetail> {
    CLUSE_CHECK(insert_membership(tx, organisation, membership, now));
    return organisation_detail(tx, organisation, organisations::today(now));
  };
  auto joined = co_await environment_.database.write(std::move(body));
  co_return joined;
}

Task<Result<OrganisationDetail>> Organisations::change_membership(Actor actor, Id organisation, Id membership,
                                                                  std::optional<std::string> first_day,
                                                                  std::optional<std::string> last_day) {
  if (!actor.may(rights::Permission::organisations_manage)) co_return fail(Errc::denied, "denied");
  auto body = [organisation, membership, first_day = std::move(first_day), last_day = std::move(last_day),
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<OrganisationDetail> {
    CLUSE_CHECK(update_membership(tx, organisation, membership, first_day, last_day));
    return organisation_detail(tx, organisation, organisations::today(now));
  };
  auto changed = co_await environment_.database.write(std::move(body));
  co_return changed;
}

Task<Result<std::vector<territories::Unit>>> Organisations::find_territories(Actor, std::string query) {
  auto body = [query = std::move(query), day = *parse_civil_date(organisations::today(environment_.clock.now()))](
                  storage::Snapshot& snapshot) -> Result<std::vector<territories::Unit>> {
    return territories::search(snapshot, query, day, kTerritoriesFoundMax);
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

}  // namespace cluse::domain
