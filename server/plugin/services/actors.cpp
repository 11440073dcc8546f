#include "server/plugin/services/actors.h"

#include "server/domain/rights/watched_database.h"

namespace cluse::plugin {

Result<domain::Actor> actor_of(storage::Snapshot& snapshot, const Caller& caller) {
  const auto row = snapshot.one(
      "SELECT id, ui_locale FROM person WHERE id = ? AND suspended_at IS NULL AND erased_at IS NULL", {caller.user});
  if (!row) return fail(Errc::denied, "not_signed_in");
  CLUSE_TRY(allowed, domain::rights::permissions(snapshot, row->id(0), domain::rights::kInstance));
  domain::Actor actor;
  actor.person_id = row->id(0);
  actor.locale = row->text(1);
  actor.instance = allowed;
  actor.is_admin = allowed.has(domain::rights::Permission::administrators_manage);
  return actor;
}

domain::Actor no_actor(const Caller& caller) {
  domain::Actor actor;
  actor.locale = caller.locale;
  return actor;
}

}  // namespace cluse::plugin
