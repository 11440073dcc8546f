// Rows of the tables of notifications. Thread: the one that runs the closure.
#pragma once

#include "server/base/id.h"
#include "server/domain/notifications/kinds.h"
#include "server/storage/database.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::domain::notifications {

/// Lines of one person; the oldest go first.
inline constexpr int kPerPersonMax = 2'000;
/// People that one line names; more are counted only.
inline constexpr std::size_t kActorsShown = 5;

/// A thing with what it takes to find it again.
struct Subject {
  std::string kind;  ///< "document", "workspace", "access_request", "invitation", "mandate", "person", or empty
  std::string id;
  std::string url;  ///< path in the client: "/espaces/…"
};

struct NewNotification {
  Id person;
  Class importance = Class::info;
  std::string kind;  ///< a word of words.cpp; of a plugin: its key
  std::string plugin = {};
  std::string args = "{}";  ///< JSON
  Subject subject;
  std::optional<Id> by = {};
  std::string group = {};                ///< same group and unread: one line; empty: a line of its own
  std::optional<Subject> together = {};  ///< what the line is about once it stands for several things
  bool by_mail = true;                   ///< false: another mail says it already
};

/// Adds a line, or lets the unread one of its group stand for this too. `has_mail`: a mail server is configured.
void add(storage::Transaction& tx, const NewNotification& made, bool has_mail, Instant now);

[[nodiscard]] Subject document_subject(Id workspace, const std::string& document);
[[nodiscard]] Subject workspace_subject(Id workspace);

[[nodiscard]] MailSettings read_settings(storage::Snapshot& snapshot, Id person);
void write_settings(storage::Transaction& tx, Id person, const MailSettings& settings);
/// What waits for its mail goes by what she wants now.
void settle_mail(storage::Transaction& tx, Id person, const MailSettings& settings);

/// Documents around a document, from itself outwards, and then its workspace.
[[nodiscard]] std::vector<std::string> around(storage::Snapshot& snapshot, const std::string& document,
                                              const std::string& workspace);
/// What each person chose who chose anything; of several choices the nearest. `path`: as of `around`.
[[nodiscard]] std::map<Id, Level> levels_on(storage::Snapshot& snapshot, const std::vector<std::string>& path);

/// Everybody behind a holder of rights: a person, a mandate, a group, an organisation. At most kHolderPeopleMax.
[[nodiscard]] std::vector<Id> people_of_holder(storage::Snapshot& snapshot, std::string_view kind,
                                               const std::string& id);
inline constexpr int kHolderPeopleMax = 500;

}  // namespace cluse::domain::notifications
