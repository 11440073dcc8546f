// Mailer: takes messages into the spool and sends them from a thread of its own, however long the mail server is away.
#pragma once

#include "server/base/metrics.h"
#include "server/base/time.h"
#include "server/mail/compose.h"
#include "server/mail/message.h"
#include "server/mail/smtp.h"
#include "server/mail/spool.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace cluse::mail {

struct MailerOptions {
  SmtpServer server;
  Sender sender;
  SpoolLimits spool;
  std::chrono::milliseconds retry_first = std::chrono::seconds(5);  ///< doubled after each failure …
  std::chrono::milliseconds retry_max = std::chrono::minutes(15);   ///< … up to this
  std::chrono::milliseconds give_up_after = std::chrono::hours(5 * 24);
};

/// Delivers at least once, and once unless it is killed between the server's "250" and the mark on disk.
/// Thread: make, `start` and `stop` from the main thread; `put` from any that may block.
class Mailer final : public Outbox {
 public:
  Mailer(std::filesystem::path folder, MailerOptions options, const Clock& clock, Metrics& metrics);
  ~Mailer() override;

  /// Opens the spool and starts sending; without a server it does nothing. Codes "storage_full", "storage_error".
  Result<void> start();
  /// What is not sent yet stays on disk.
  void stop();

  [[nodiscard]] bool is_on() const override { return !options_.server.host.empty(); }
  [[nodiscard]] Result<void> put(const Message& message) override;

 private:
  using Steady = std::chrono::steady_clock;
  struct Waiting {
    std::uint64_t order = 0;
    std::size_t tries = 0;
    Steady::time_point next;
  };

  void run();
  /// The oldest message that is due; nothing once stopped. Waits under the lock.
  std::optional<std::string> next(std::unique_lock<std::mutex>& lock);
  void handle(const std::string& name, std::unique_lock<std::mutex>& lock);
  void settle(const std::string& name, const Queued& queued, const Attempt& attempt);
  void put_off(const std::string& name, const Attempt& attempt);
  void set_aside(const std::string& name, const Queued& queued, const std::string& reason);
  [[nodiscard]] std::chrono::milliseconds backoff(std::size_t tries) const;

  // Fixed at construction
  const MailerOptions options_;
  const Clock& clock_;
  Gauge& waiting_count_;
  Counter &sent_count_, &refused_count_, &delayed_count_;
  // Synchronises itself
  Smtp smtp_;
  const std::filesystem::path folder_;
  // Set by `start`
  std::string secret_;
  // Guarded by mutex_
  std::mutex mutex_;
  std::condition_variable changed_;
  Spool spool_;
  std::map<std::string, Waiting> waiting_;
  std::uint64_t order_ = 0;
  std::size_t server_tries_ = 0;         ///< in a row that failed for a reason that concerns all messages
  Steady::time_point server_next_ = {};  ///< before it the server is left alone
  bool stopping_ = false;
  // Main thread
  std::thread thread_;
};

}  // namespace cluse::mail
