// Live: what domain services tell the people who are connected right now, and ask about them.
// server/realtime implements it; services call it after their commit is durable, never before.
#pragma once

#include "server/base/id.h"

#include <vector>

namespace cluse::domain {

/// Thread: any, concurrently; no call blocks or throws.
class Live {
 public:
  virtual ~Live() = default;

  /// The session is over (sign-out, revocation, new password): its connections close with 4401.
  virtual void session_ended(Id session) = 0;
  /// The role of `person` in `workspace` is another one now, or there is none any more.
  virtual void person_access_changed(Id workspace, Id person) = 0;
  /// Title or language changed, or the document came back from the trash.
  virtual void document_about_changed(Id document) = 0;
  /// The document went into the trash (called once for each document of the subtree).
  virtual void document_trashed(Id document) = 0;

  /// Who has the document open now, each person once.
  [[nodiscard]] virtual std::vector<Id> people_in(Id document) const = 0;
};

}  // namespace cluse::domain
