#include "server/domain/identity/batch_letters.h"

#include "server/base/log.h"
#include "server/domain/identity/tokens.h"

#include <string>
#include <utility>

namespace cluse::domain {
namespace {

// What all letters of a batch say alike.
Result<Invitation> common_of(storage::Snapshot& snapshot, const Actor& actor, const BatchTarget& target) {
  Invitation made;
  made.workspace_id = target.workspace_id;
  made.role = target.role;
  made.invited_by = PeopleReader(snapshot).find(actor.person_id);
  if (!target.workspace_id) return made;
  const auto row = snapshot.one("SELECT name FROM workspace WHERE id = ?", {*target.workspace_id});
  if (row) made.workspace_name = row->text(0);
  return made;
}

}  // namespace

Task<void> send_batch(Environment environment, Letters& letters, Actor actor, std::vector<BatchRow>* rows,
                      BatchTarget target, InvitationPolicy policy) {
  auto read = [actor, target](storage::Snapshot& snapshot) { return common_of(snapshot, actor, target); };
  const auto common = co_await environment.database.read(std::move(read));
  if (!common) co_return;
  std::vector<std::string> sent;
  for (BatchRow& row : *rows) {
    if (row.token.empty()) continue;
    Invitation invitation = *common;
    // The letter's own: a link that is made anew is a letter of its own too.
    invitation.id = new_id(environment.clock.now());
    invitation.email = row.person.email;
    invitation.expires_at = environment.clock.now() + policy.valid_for;
    Task<Result<void>> sending = row.is_link ? letters.send_welcome(invitation, row.token, row.person.language)
                                             : letters.send_invitation(invitation, row.token, row.person.language);
    const auto put = co_await std::move(sending);
    row.was_sent = put.has_value();
    if (put) sent.push_back(hash_token(row.token));
    else log_warning("invitation_not_sent", {{"code", std::string(put.error().code)}, {"why", put.error().detail}});
  }
  auto mark = [sent, now = environment.clock.now()](storage::Transaction& tx) -> Result<void> {
    for (const auto& hash : sent) tx.run("UPDATE invitation SET sent_at = ? WHERE token_hash = ?", {now, hash});
    return {};
  };
  const auto marked = co_await environment.database.write(std::move(mark));
  static_cast<void>(marked);
}

}  // namespace cluse::domain
