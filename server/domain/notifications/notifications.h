// Notifications: a person's centre, what she wants to hear of and what of it comes by mail.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/actor.h"
#include "server/domain/identity/vault.h"
#include "server/domain/notifications/kinds.h"
#include "server/domain/notifications/shown.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cluse::domain {

struct NotificationPage {
  std::vector<Shown> items;  ///< the latest first
  std::int64_t unread = 0;   ///< of all
  std::string next;          ///< what to ask for as `after` to read on; empty: that was all
};

struct NotificationQuery {
  bool unread_only = false;
  std::string after;  ///< `next` of the page before
  std::size_t limit = 30;
};

/// What a mark changed: `undo` names it, for Notifications::undo; 0: nothing was changed.
struct Marked {
  std::int64_t undo = 0, unread = 0;
};

/// The level on a thing: her own, or what holds there without one, and where that comes from.
struct LevelView {
  std::optional<notifications::Level> own;
  notifications::Level inherited = notifications::kLevelByDefault;
  std::string from_kind, from_id, from_name;  ///< of the inherited one; empty: nobody chose
};

/// A thing that somebody set a level on.
struct Followed {
  std::string kind, name, url;
  Id id;
  notifications::Level level = notifications::kLevelByDefault;
};

/// Thread: any.
class Notifications {
 public:
  static constexpr std::size_t kPageMax = 100, kMarkedMax = 1'000, kFollowedShown = 200;

  Notifications(Environment environment, const Vault& vault) : environment_(environment), vault_(vault) {}

  /// Code "field_invalid" (`after`).
  Task<Result<NotificationPage>> list(Actor actor, NotificationQuery query);
  /// What the live channel tells of somebody who need not have asked: the count and the latest unread lines.
  Task<Result<NotificationPage>> brief(Id person, std::size_t limit);

  /// Marks these as read or unread. What is not hers is left alone.
  Task<Result<Marked>> mark(Actor actor, std::vector<Id> ids, bool read);
  Task<Result<Marked>> mark_all(Actor actor);
  /// Makes unread what one mark made read.
  Task<Result<Marked>> undo(Actor actor, std::int64_t undo);
  /// Takes a line away, or brings it back. Code "notification_not_found".
  Task<Result<Marked>> dismiss(Actor actor, Id id, bool gone);

  Task<Result<notifications::MailSettings>> settings(Actor actor);
  Task<Result<notifications::MailSettings>> change_settings(Actor actor, notifications::MailSettings settings);

  /// Codes "workspace_not_found", "document_not_found".
  Task<Result<LevelView>> level(Actor actor, std::string kind, Id id);
  /// None: what is around it holds again.
  Task<Result<LevelView>> set_level(Actor actor, std::string kind, Id id, std::optional<notifications::Level> level);
  Task<Result<std::vector<Followed>>> followed(Actor actor);

  /// What a mail's link holds: whose, and mails of which class it ends.
  [[nodiscard]] std::string unsubscribe_token(Id person, notifications::Class importance) const;
  /// Ends them. Nobody need be signed in: the token is the proof. Code "unsubscribe_link_wrong".
  Task<Result<notifications::Class>> unsubscribe(std::string token);

 private:
  const Environment environment_;
  const Vault& vault_;
};

}  // namespace cluse::domain
