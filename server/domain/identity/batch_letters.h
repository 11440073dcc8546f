// The letters of a batch: one to each row that got a link, whichever way the rows were found.
#pragma once

#include "server/domain/identity/invitation_batch.h"

#include <vector>

namespace cluse::domain {

/// Sends what the rows of a batch are told, once they are in the database, and notes on each row and on its invitation
/// that it went out. What is not noted is offered again: better two mails than none. Requires: a mail server.
/// Thread: any. `rows` outlives the task.
Task<void> send_batch(Environment environment, Letters& letters, Actor actor, std::vector<BatchRow>* rows,
                      BatchTarget target, InvitationPolicy policy);

}  // namespace cluse::domain
