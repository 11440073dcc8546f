// Records: the journal as administrators read it: pages with names, the state of the chain, an export to verify
// offline.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/people.h"
#include "server/domain/journal/chain.h"

#include <optional>
#include <string>
#include <vector>

namespace cluse::domain {

inline constexpr int kJournalPageMax = 100;
inline constexpr std::int64_t kJournalExportMax =
    100'000;  ///< events of one download; `cluse audit export` has no limit

/// Everything absent: the latest events of all.
struct JournalQuery {
  std::optional<Id> person, object, workspace;  ///< `person`: who acted, or to whom it was done
  std::optional<journal::Verb> verb;
  std::optional<Instant> from, to;     ///< from ≤ at < to
  std::optional<std::int64_t> before;  ///< a sequence number: for the next page
  int limit = 50;
};

struct JournalEntry {
  std::int64_t sequence = 0;
  Instant at;
  std::string verb, object_kind;
  std::optional<Person> actor;  ///< absent: the system
  std::optional<Id> hat, object, workspace;
  std::string request;
  std::string object_name;     ///< as it is called now, or as the event knew it; may be empty
  std::string workspace_name;  ///< as it is called now
  std::string details;         ///< a JSON object of texts, or empty
  bool details_erased = false;
};

struct JournalPage {
  std::vector<JournalEntry> entries;   ///< latest first
  std::optional<std::int64_t> before;  ///< what to ask for next; absent: that was all
};

/// For administrators: everyone else gets "denied". Thread: any.
class Records {
 public:
  explicit Records(Environment environment) : environment_(environment) {}

  /// Code "field_invalid" for a limit outside 1 to kJournalPageMax.
  Task<Result<JournalPage>> page(Actor actor, JournalQuery query);
  /// Verifies the whole chain, in short reads.
  Task<Result<journal::Verdict>> verify(Actor actor, std::optional<journal::KnownHead> known);
  /// One JSON line per event, from the first. Recorded in the journal. Code: "journal_too_long".
  Task<Result<std::string>> export_lines(Actor actor);

 private:
  const Environment environment_;
};

}  // namespace cluse::domain
