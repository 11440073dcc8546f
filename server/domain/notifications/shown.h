// Shown: a notification as its reader sees it, in her language and with her rights of this moment.
#pragma once

#include "server/domain/identity/actor.h"
#include "server/domain/notifications/kinds.h"
#include "server/domain/workspaces/access.h"
#include "server/storage/database.h"

#include <optional>
#include <string>
#include <vector>

namespace cluse::domain {

struct Shown {
  Id id;
  notifications::Class importance = notifications::Class::info;
  std::string kind, plugin;
  std::string title;           ///< what it is about: the title of a document, the name of a workspace
  std::string title_language;  ///< of a document; else empty
  std::string text;            ///< one sentence
  std::string url;             ///< a path of the client; may be empty
  std::int64_t times = 1;      ///< events that the line stands for
  Instant at;                  ///< of the latest
  std::optional<Instant> read_at;
};

namespace notifications {

/// "fr" or "de".
[[nodiscard]] std::string language_of(std::string_view locale);

/// A condition on `notification n`: not dismissed, and about something that `actor` may see now.
class Visible {
 public:
  Visible(storage::Snapshot& snapshot, const Actor& actor, Instant now);
  [[nodiscard]] const std::string& sql() const { return sql_; }
  [[nodiscard]] const std::vector<storage::Value>& values() const { return values_; }

 private:
  std::string sql_;
  std::vector<storage::Value> values_;
};

/// The columns that `shown_from` reads, of `notification n`.
inline constexpr std::string_view kShownColumns =
    "n.id, n.class, n.kind, n.plugin_id, n.args, n.object_kind, n.object_id, n.url, n.actors, n.times, n.updated_at, "
    "n.read_at";
[[nodiscard]] Shown shown_from(storage::Snapshot& snapshot, const storage::Row& row, const std::string& language);

/// Lines in their order: those of `condition` (on n, with `values`) that `actor` may see, the latest first.
[[nodiscard]] std::vector<Shown> read_shown(storage::Snapshot& snapshot, const Actor& actor, Instant now,
                                            const std::string& condition, const std::vector<storage::Value>& values,
                                            int limit);
/// Unread lines that `actor` may see, at most kUnreadCounted.
[[nodiscard]] std::int64_t count_unread(storage::Snapshot& snapshot, const Actor& actor, Instant now);
inline constexpr std::int64_t kUnreadCounted = 1'000;

}  // namespace notifications
}  // namespace cluse::domain
