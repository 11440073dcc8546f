#include "server/app/search_keeper.h"

#include "server/base/log.h"
#include "server/domain/journal/lookup.h"

#include <algorithm>
#include <string>

namespace cluse::app {
namespace {

constexpr std::chrono::milliseconds kEvery{1000};
// After a failure (a full disk) it waits longer each time: the same would fail again.
constexpr std::chrono::milliseconds kEveryAtMost{60'000};
constexpr std::size_t kManyThings = 100;

}  // namespace

SearchKeeper::SearchKeeper(const domain::Environment& environment, storage::SearchIndex& index)
    : environment_(environment),
      indexer_(environment, index),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void SearchKeeper::run(const std::stop_token& stop) {
  auto pause = kEvery;
  while (!stop.stop_requested()) {
    if (const auto entered = domain::journal::enter_behind(environment_.database); !entered)
      log_warning("journal_not_entered", {{"why", entered.error().detail}});
    const auto carried = indexer_.step();
    if (!carried) log_warning("search_not_indexed", {{"why", carried.error().detail}});
    if (carried && *carried >= kManyThings) log_info("search_indexed", {{"things", std::to_string(*carried)}});
    pause = carried ? kEvery : std::min(pause * 2, kEveryAtMost);
    std::unique_lock lock(mutex_);
    rest_.wait_for(lock, stop, pause, [] { return false; });
  }
}

}  // namespace cluse::app
