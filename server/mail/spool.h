// Spool: messages that wait on disk. One file each, named by the hash of its key; whole or not there at all.
//
//   queue/<name>    to be sent: an envelope of a few lines, an empty line, the mail
//   sent/<name>     its key: sent, so that the same key is not sent again for a while
//   bounced/<name>  as refused/, written by `cluse mail bounce`: it came back after it was sent, and nobody was told
//   yet refused/<name>  refused for good: the envelope, the reason and the mail's headers, without its text (it may
//   hold a
//                   link that lets somebody in)
#pragma once

#include "server/base/result.h"
#include "server/base/time.h"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cluse::mail {

struct SpoolLimits {
  std::size_t messages_max = 10'000;                                 ///< that wait; past it "mail_queue_full"
  std::size_t message_bytes_max = 1U << 20;                          ///< of one mail; past it "mail_too_large"
  std::size_t refused_max = 1'000;                                   ///< kept aside; past it the oldest goes
  std::chrono::milliseconds sent_for = std::chrono::hours(30 * 24);  ///< a key is remembered after sending
};

/// One file of the queue.
struct Queued {
  std::string to;
  Instant queued_at;
  std::optional<Instant> expires_at;
  std::string mail;
  std::string key{};  ///< set by `put`
};

/// A mail that came back after it was sent.
struct Bounced {
  std::string name, key, reason;
};

/// Owns its folder. Files are for their owner only. Thread: one at a time (Mailer sees to it).
class Spool {
 public:
  Spool(std::filesystem::path folder, SpoolLimits limits) : folder_(std::move(folder)), limits_(limits) {}

  /// Makes the folders, clears what a crash left half-written, and forgets keys sent long ago. Codes "storage_full",
  /// "storage_error".
  Result<void> open(Instant now);
  /// Durable once it returns. True: queued; false: this key is waiting, was sent or was refused already. Codes
  /// "mail_too_large", "mail_queue_full", "storage_full", "storage_error".
  Result<bool> put(const std::string& key, const Queued& queued);
  /// Names of what waits, oldest first.
  [[nodiscard]] std::vector<std::string> waiting() const;
  /// Code "mail_unreadable": no such file, or none that was written here.
  [[nodiscard]] Result<Queued> read(const std::string& name) const;
  Result<void> sent(const std::string& name, const std::string& key = {});
  Result<void> refused(const std::string& name, const Queued& queued, const std::string& reason);
  void forget_sent_before(Instant limit) const;

  [[nodiscard]] static std::string name_of(const std::string& key);

  // For other processes and threads besides the one that sends.

  /// The message of this name came back: durable once it returns. False: none was sent under it, or it is known.
  [[nodiscard]] static Result<bool> bounced(const std::filesystem::path& folder, const std::string& name,
                                            const std::string& reason);
  /// What came back and was not settled, at most `max`.
  [[nodiscard]] static std::vector<Bounced> all_bounced(const std::filesystem::path& folder, std::size_t max);
  /// Whom it concerns has heard: it now lies with what was refused.
  static Result<void> settle_bounced(const std::filesystem::path& folder, const std::string& name);

 private:
  [[nodiscard]] std::filesystem::path in(const char* part, const std::string& name) const {
    return folder_ / part / name;
  }
  [[nodiscard]] bool is_in(const char* part, const std::string& name) const;
  Result<void> write(const char* part, const std::string& name, const std::string& bytes) const;
  Result<void> remove_queued(const std::string& name);
  void trim_refused() const;

  // Fixed at construction
  const std::filesystem::path folder_;
  const SpoolLimits limits_;
  // Counted at `open` and kept
  std::size_t count_ = 0;
};

}  // namespace cluse::mail
