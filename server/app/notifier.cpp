#include "server/app/notifier.h"

#include "server/base/log.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace cluse::app {
namespace {

constexpr std::chrono::milliseconds kEvery{500};
// After a failure (a full disk) it waits longer each time: the same would fail again.
constexpr std::chrono::milliseconds kEveryAtMost{60'000};
constexpr std::chrono::seconds kMailEvery{5};
constexpr std::chrono::seconds kSettleEvery{10};
constexpr std::chrono::hours kRemindEvery{1};

bool has_mail(const domain::notifications::PostSettings& settings) {
  return settings.outbox != nullptr && settings.outbox->is_on();
}

}  // namespace

Notifier::Notifier(const domain::Environment& environment, const domain::Notifications& centre,
                   const domain::notifications::PostSettings& settings, std::function<Result<void>()> settle_failed)
    : environment_(environment),
      producer_(environment, has_mail(settings)),
      post_(environment, centre, settings),
      settle_failed_(std::move(settle_failed)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Notifier::tell(const domain::notifications::Produced& produced) const {
  if (!produced.people.empty())
    environment_.live.notified(std::vector<Id>(produced.people.begin(), produced.people.end()));
  for (const auto& each : produced.happened) environment_.live.happened(each);
}

Result<void> Notifier::produce() {
  for (bool more = true; more;) {
    CLUSE_TRY(produced, producer_.step());
    tell(produced);
    more = produced.more;
  }
  return {};
}

Result<void> Notifier::remind_and_mail() {
  const auto now = Steady::now();
  if (now >= remind_at_) {
    remind_at_ = now + kRemindEvery;
    CLUSE_TRY(produced, producer_.remind());
    tell(produced);
  }
  if (now >= settle_at_) {
    settle_at_ = now + kSettleEvery;
    CLUSE_CHECK(settle_failed_());
  }
  if (now < mail_at_) return {};
  mail_at_ = now + kMailEvery;
  CLUSE_TRY(sent, post_.round());
  if (sent > 0) log_info("notifications_mailed", {{"mails", std::to_string(sent)}});
  return {};
}

void Notifier::run(const std::stop_token& stop) {
  auto pause = kEvery;
  while (!stop.stop_requested()) {
    auto done = produce();
    if (done) done = remind_and_mail();
    if (!done)
      log_warning("notifications_not_made", {{"code", std::string(done.error().code)}, {"why", done.error().detail}});
    pause = done ? kEvery : std::min(pause * 2, kEveryAtMost);
    std::unique_lock lock(mutex_);
    rest_.wait_for(lock, stop, pause, [] { return false; });
  }
}

}  // namespace cluse::app
