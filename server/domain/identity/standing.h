// Standing: whether a person may act at all, what she is responsible for, and who takes it over. No action depends on a
// single owner: whoever is the last to manage a workspace, or the instance, hands over first.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/sessions.h"

#include <optional>
#include <string>
#include <vector>

namespace cluse::domain {

inline constexpr int kDirectoryPageMax = 100;

struct DirectoryQuery {
  std::string words;
  std::optional<Id> organisation;
  std::optional<bool> suspended;
  std::string after;  ///< the cursor of the page before
  int max = 50;
};

struct DirectoryEntry {
  Person person;
  std::string email;
  bool organisation_confirmed = false;
  std::optional<Instant> suspended_at;
  std::string suspended_reason;
};

struct DirectoryPage {
  std::vector<DirectoryEntry> people;
  std::optional<std::string> after;  ///< none: that was all
};

/// What a person is responsible for.
struct Responsibilities {
  struct Named {
    Id id;
    std::string name;
    bool is_last = false;  ///< nobody else manages it
  };
  std::vector<Named> workspaces, groups;
  std::vector<Mandate> mandates;  ///< that run
  std::int64_t invitations = 0;   ///< open ones that she made
  bool is_last_administrator = false;
};

/// Inside a closure, for whoever may: a page of the directory. Code "field_invalid" (after).
[[nodiscard]] Result<DirectoryPage> directory_page(storage::Snapshot& snapshot, const DirectoryQuery& query);

/// Thread: any. `people_manage` (reading, handing over, confirming) and `people_suspend` on the instance; nobody acts
/// on a person who may more on the instance than she herself: "denied".
class Standing {
 public:
  Standing(Environment environment, const Sessions& sessions) : environment_(environment), sessions_(sessions) {}

  /// By name; pages hold still while people come and go. Code "field_invalid" (after).
  Task<Result<DirectoryPage>> list(Actor actor, DirectoryQuery query);
  /// Code "person_not_found".
  Task<Result<DirectoryEntry>> find(Actor actor, Id person);

  /// Her sessions end at once and none can be opened. Codes: "person_not_found", "suspend_oneself",
  /// "last_administrator", "last_manager" (hand over first), those of fields.
  Task<Result<DirectoryEntry>> suspend(Actor actor, Id person, std::string reason);
  Task<Result<DirectoryEntry>> reactivate(Actor actor, Id person);

  /// Says, or takes back, that she belongs to `organisation`: what is given to the organisation is hers then.
  Task<Result<DirectoryEntry>> set_organisation(Actor actor, Id person, std::optional<Id> organisation);

  Task<Result<Responsibilities>> responsibilities(Actor actor, Id person);
  /// `to` manages the workspaces that `from` managed, answers for her groups and for her open invitations; `from` stays
  /// what she was. With `last_day` the running mandates of `from` end on it. Codes: "person_not_found",
  /// "hand_over_oneself", "person_suspended" (to), those of days.
  Task<Result<Responsibilities>> hand_over(Actor actor, Id from, Id to, std::optional<std::string> last_day);

 private:
  const Environment environment_;
  const Sessions& sessions_;
};

}  // namespace cluse::domain
