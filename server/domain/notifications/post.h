// Post: the mails that notifications become: at once where something waits, else once a day.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/notifications/notifications.h"
#include "server/mail/message.h"

#include <chrono>
#include <cstddef>
#include <string>

namespace cluse::domain::notifications {

struct PostSettings {
  mail::Outbox* outbox = nullptr;  ///< null: nothing is mailed. Outlives the post.
  std::string public_url;
  std::string instance_name = "Cluse";
};

/// What was read on a screen within so long is not mailed as well.
inline constexpr std::chrono::milliseconds kMailGrace = std::chrono::minutes(1);
/// Mails at once to one person within a day; what comes after them waits for the digest.
inline constexpr int kMailsPerDayMax = 20;
/// Lines that one mail holds; the rest is counted in it.
inline constexpr std::size_t kMailLinesMax = 40;
/// People that one round serves.
inline constexpr int kMailPeoplePerRound = 50;

/// One mail to one person, made of what she may see at that moment.
struct MailDraft {
  std::string to, to_name, language;
  std::vector<Shown> lines;  ///< at most kMailLinesMax
  std::int64_t more = 0;     ///< not shown
  std::vector<Id> ids;       ///< that are settled with it
  std::string thread;
  bool is_digest = false;
  bool is_outside = false;  ///< to an address without an account: nothing of it can be set here
  std::string unsubscribe;  ///< token
  Class importance = Class::info;
};
[[nodiscard]] mail::Message to_message(const MailDraft& draft, const PostSettings& settings);

/// A mail is in the spool before its lines are marked: a kill in between makes it once more, under the same key, and
/// the spool drops it. Thread: one, which may block.
class Post {
 public:
  Post(Environment environment, const Notifications& centre, PostSettings settings)
      : environment_(environment), centre_(centre), settings_(std::move(settings)) {}

  /// Mails what is due. Answers how many mails were put into the spool.
  [[nodiscard]] Result<std::size_t> round();

 private:
  [[nodiscard]] Result<std::vector<Id>> due_soon(Instant now) const;
  [[nodiscard]] Result<std::vector<Id>> due_digests(Instant now) const;
  [[nodiscard]] Result<bool> send(Id person, bool is_digest, Instant now) const;
  [[nodiscard]] Result<void> settle(Id person, const MailDraft& draft, Instant now) const;

  const Environment environment_;
  const Notifications& centre_;
  const PostSettings settings_;
};

}  // namespace cluse::domain::notifications
