#include "server/mail/mailer.h"

#include "server/base/log.h"
#include "server/mail/token.h"

#include <algorithm>
#include <utility>

namespace cluse::mail {
namespace {

constexpr std::size_t kDoublingsMax = 20;

}  // namespace

Mailer::Mailer(std::filesystem::path folder, MailerOptions options, const Clock& clock, Metrics& metrics)
    : options_(std::move(options)),
      clock_(clock),
      waiting_count_(metrics.gauge("cluse_mail_waiting", "Messages in the spool.")),
      sent_count_(metrics.counter("cluse_mail_sent_total", "Messages that the mail server took.")),
      refused_count_(metrics.counter("cluse_mail_refused_total", "Messages set aside: refused for good, or too old.")),
      delayed_count_(metrics.counter("cluse_mail_delayed_total", "Tries that failed and will be repeated.")),
      smtp_(options_.server),
      folder_(folder),
      spool_(std::move(folder), options_.spool) {}

Mailer::~Mailer() {
  stop();
}

Result<void> Mailer::start() {
  if (!is_on()) return {};
  CLUSE_CHECK(spool_.open(clock_.now()));
  CLUSE_TRY(secret, open_secret(folder_));
  secret_ = std::move(secret);
  for (std::string& name : spool_.waiting()) waiting_[std::move(name)].order = ++order_;
  waiting_count_.set(static_cast<std::int64_t>(waiting_.size()));
  thread_ = std::thread([this] { run(); });
  return {};
}

void Mailer::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  smtp_.stop();
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Result<void> Mailer::put(const Message& message) {
  if (!is_on()) return fail(Errc::unavailable, "mail_off");
  const Instant now = clock_.now();
  CLUSE_TRY(mail, compose(message, options_.sender, now, token_of(secret_, Spool::name_of(message.key))));
  {
    const std::scoped_lock lock(mutex_);
    CLUSE_TRY(added, spool_.put(message.key, {message.to, now, message.expires_at, std::move(mail)}));
    if (!added) return {};
    waiting_[Spool::name_of(message.key)].order = ++order_;
    waiting_count_.set(static_cast<std::int64_t>(waiting_.size()));
  }
  changed_.notify_all();
  return {};
}

void Mailer::run() {
  std::unique_lock lock(mutex_);
  while (const auto name = next(lock)) handle(*name, lock);
}

std::optional<std::string> Mailer::next(std::unique_lock<std::mutex>& lock) {
  while (!stopping_) {
    const auto now = Steady::now();
    const std::pair<const std::string, Waiting>* due = nullptr;
    auto wake = Steady::time_point::max();
    for (const auto& one : waiting_) {
      const auto at = std::max(one.second.next, server_next_);
      if (at > now) wake = std::min(wake, at);
      else if (due == nullptr || one.second.order < due->second.order) due = &one;
    }
    if (due != nullptr) return due->first;
    lock.unlock();
    smtp_.rest();
    lock.lock();
    // Between the two, somebody may have added or stopped: both set what the predicate reads.
    const std::uint64_t seen = order_;
    const auto news = [&] { return stopping_ || order_ != seen; };
    if (stopping_ || std::any_of(waiting_.begin(), waiting_.end(),
                                 [&](const auto& one) { return std::max(one.second.next, server_next_) <= now; }))
      continue;
    if (wake == Steady::time_point::max()) changed_.wait(lock, news);
    else changed_.wait_until(lock, wake, news);
  }
  return std::nullopt;
}

void Mailer::handle(const std::string& name, std::unique_lock<std::mutex>& lock) {
  const auto queued = spool_.read(name);
  if (!queued) {
    // Somebody took the file away by hand, or damaged it: it is left where it is and no longer tried.
    log_error("mail_unreadable", {{"file", name}});
    waiting_.erase(name);
  } else if (queued->expires_at && *queued->expires_at <= clock_.now()) {
    set_aside(name, *queued, "expired before it could be sent");
  } else {
    lock.unlock();
    const Attempt attempt = smtp_.send(options_.sender.address, queued->to, queued->mail);
    lock.lock();
    settle(name, *queued, attempt);
  }
  waiting_count_.set(static_cast<std::int64_t>(waiting_.size()));
}

void Mailer::settle(const std::string& name, const Queued& queued, const Attempt& attempt) {
  if (attempt.trouble == Trouble::stopped) return;
  if (!attempt.concerns_all()) server_tries_ = 0;
  if (attempt.is_sent()) {
    sent_count_.add();
    waiting_.erase(name);
    // Without the mark it would go out again after a restart; there is nothing better to do than to say so.
    if (const auto marked = spool_.sent(name, queued.key); !marked)
      log_error("mail_not_marked", {{"file", name}, {"why", marked.error().detail}});
    return;
  }
  if (attempt.is_final()) return set_aside(name, queued, std::string(to_text(attempt.trouble)) + ": " + attempt.words);
  if (clock_.now() >= queued.queued_at + options_.give_up_after)
    return set_aside(name, queued, "given up: " + std::string(to_text(attempt.trouble)) + ": " + attempt.words);
  put_off(name, attempt);
}

void Mailer::put_off(const std::string& name, const Attempt& attempt) {
  delayed_count_.add();
  Waiting& waiting = waiting_[name];
  std::chrono::milliseconds wait{};
  if (attempt.concerns_all()) {
    wait = backoff(server_tries_++);
    server_next_ = Steady::now() + wait;
  } else {
    wait = backoff(waiting.tries++);
    waiting.next = Steady::now() + wait;
  }
  log_warning("mail_delayed", {{"file", name},
                               {"trouble", std::string(to_text(attempt.trouble))},
                               {"words", attempt.words},
                               {"advice", advice(attempt, options_.server)},
                               {"again_in_ms", std::to_string(wait.count())}});
}

void Mailer::set_aside(const std::string& name, const Queued& queued, const std::string& reason) {
  refused_count_.add();
  waiting_.erase(name);
  log_warning("mail_refused", {{"file", name}, {"reason", reason}});
  if (const auto kept = spool_.refused(name, queued, reason); !kept)
    log_error("mail_not_set_aside", {{"file", name}, {"why", kept.error().detail}});
}

std::chrono::milliseconds Mailer::backoff(std::size_t tries) const {
  return std::min(options_.retry_max, options_.retry_first * (1U << std::min(tries, kDoublingsMax)));
}

}  // namespace cluse::mail
