// Live: what domain services tell the people who are connected right now, and ask about them.
// server/realtime implements it; services call it after their commit is durable, never before.
#pragma once

#include "server/base/id.h"

#include <string>
#include <vector>

namespace cluse::domain {

/// One event of the journal, without what it says of people. `by` is empty where nobody acted.
struct Happening {
  Id workspace;
  std::string verb, object_kind, object, by;
};

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

  /// The centres of these people have changed: the count and the lines that they see.
  virtual void notified(const std::vector<Id>& people) = 0;
  /// Something happened in a workspace, in the words of the journal. Told a moment after it, to those who watch it.
  virtual void happened(const Happening& happening) = 0;

  /// Who has the document open now, each person once.
  [[nodiscard]] virtual std::vector<Id> people_in(Id document) const = 0;
};

}  // namespace cluse::domain
