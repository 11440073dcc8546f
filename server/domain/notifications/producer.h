// Producer: reads the journal and writes who is to be told of what. One log feeds both what is shown and what is
// mailed, so neither can miss what the other has.
#pragma once

#include "server/domain/environment.h"

#include <set>
#include <vector>

namespace cluse::domain::notifications {

struct Produced {
  std::set<Id> people;              ///< whose centre has changed
  std::vector<Happening> happened;  ///< in workspaces
  bool more = false;                ///< there is more in the journal: call again
};

/// The place in the journal is kept beside what was written, in one transaction: nothing is told twice, on several
/// nodes either. Thread: one, which may block.
class Producer {
 public:
  /// `environment` over the watched database. `has_mail`: a mail server is configured.
  Producer(Environment environment, bool has_mail) : environment_(environment), has_mail_(has_mail) {}

  /// The next events. On a database that has never been read it starts at the end: nobody is told of the past.
  [[nodiscard]] Result<Produced> step();
  /// Mandates that end within kMandateNotice; each is told of once.
  [[nodiscard]] Result<Produced> remind();

 private:
  const Environment environment_;
  const bool has_mail_;
};

inline constexpr int kEventsPerStep = 200;
inline constexpr int kMandateNoticeDays = 30;

}  // namespace cluse::domain::notifications
