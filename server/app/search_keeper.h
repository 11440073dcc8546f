// SearchKeeper: a thread that keeps the search index up to date, a second behind what people write, and enters events
// into the lookup of the journal.
#pragma once

#include "server/domain/search/indexer.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace cluse::app {

/// Requires: `environment` and `index` outlive it. The destructor waits for a round that is under way. Thread: make and
/// destroy from the main thread.
class SearchKeeper {
 public:
  SearchKeeper(const domain::Environment& environment, storage::SearchIndex& index);

 private:
  void run(const std::stop_token& stop);

  const domain::Environment environment_;
  domain::search::Indexer indexer_;
  std::mutex mutex_;
  std::condition_variable_any rest_;
  std::jthread thread_;  ///< last: it stands on the others
};

}  // namespace cluse::app
