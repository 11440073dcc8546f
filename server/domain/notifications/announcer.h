// Announcer: what a plugin says to people, in their centres, and by mail to addresses that have no account here.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/notifications/kinds.h"
#include "server/domain/notifications/post.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cluse::domain::notifications {

struct Announcement {
  struct Words {
    std::string subject, body;
  };
  struct Outside {
    std::string address, language;  ///< "fr" or "de"
  };
  std::string plugin, key;
  Words french, german;
  std::string url;  ///< a path of the client; may be empty
  Class importance = Class::info;
  std::vector<Id> people;
  std::vector<Outside> addresses;
};

inline constexpr std::size_t kAnnouncedToMax = 200;         ///< people and addresses of one announcement
inline constexpr std::int64_t kAnnouncedPerDayMax = 2'000;  ///< of one plugin
inline constexpr std::int64_t kAnnouncedPerPersonMax = 50;  ///< of one plugin to one person, a day
inline constexpr std::size_t kAnnouncedUrlBytesMax = 500;

/// A mail to an address that finally failed, for the plugin that sent it.
struct FailedAnnouncement {
  std::string mail_key, plugin, message, address, url, why;
};
/// What became of a mail, by its key: nothing while it waits; "" once it has left; else why it was given up.
using FateOf = std::function<std::optional<std::string>(const std::string& mail_key)>;
/// A mail of which nothing is heard for so long is forgotten (the spool and others' servers give up after days).
inline constexpr std::chrono::days kAnnouncedMailKept{30};

/// Thread: any that may block.
class Announcer {
 public:
  /// `environment` over the watched database.
  Announcer(Environment environment, PostSettings settings)
      : environment_(environment), settings_(std::move(settings)) {}

  /// All or nothing of what goes to people; mails go to the spool after it. Codes: "person_not_found",
  /// "mail_address_wrong", "field_invalid" (url), "too_many_notifications", "mail_off" (an address, and no mail
  /// server).
  [[nodiscard]] Result<void> announce(const Announcement& said);

  /// A mail that had left came back, for good. False: none of a plugin's, or it is forgotten.
  [[nodiscard]] Result<bool> returned(const std::string& mail_key, const std::string& why);
  /// Mails that failed and that their plugins were not told of yet; those that have left are asked about no more.
  [[nodiscard]] Result<std::vector<FailedAnnouncement>> failed(const FateOf& fate_of);
  /// The plugin knows.
  [[nodiscard]] Result<void> forget(const std::string& mail_key);

 private:
  [[nodiscard]] Result<void> check(const Announcement& said) const;
  [[nodiscard]] Result<void> write(const Announcement& said);
  [[nodiscard]] Result<void> mail(const Announcement& said) const;

  const Environment environment_;
  const PostSettings settings_;
};

}  // namespace cluse::domain::notifications
