// Feed: what a plugin is told of, in order and at least once. There are two: the journal, and what other plugins emit.
// A feed knows how far the plugin was told, and when what failed is tried again.
//
// Thread: the lane; `wake` any.
#pragma once

#include "server/plugin/guest/work.h"
#include "server/storage/database.h"
#include "server/storage/sqlite/plugin_store.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cluse::plugin {

/// A notice or a job that fails is tried again after 1 s, 2 s, 4 s, … at most this long; after so many times it is set
/// aside: a notice is passed over, a job parked.
inline constexpr std::chrono::milliseconds kRetryMax = std::chrono::hours(1);
inline constexpr int kTriesMax = 12;
/// How long after the `tries`th failure, counted from 0.
[[nodiscard]] std::chrono::milliseconds backoff(int tries);

class Feed {
 public:
  struct Notice {
    std::int64_t sequence = 0;
    Work work;
  };
  virtual ~Feed() = default;

  /// The plugin has started: from here on it is told, also of what happens before it is first looked at.
  virtual void begin() = 0;
  /// Something may have happened.
  void wake() { has_news_ = true; }
  [[nodiscard]] bool has_news() const { return has_news_; }
  /// False: nothing happened, or what failed waits for its next try.
  [[nodiscard]] bool is_due() const;
  /// The next notice. Nothing, and has_news: look again, there may be more behind what it does not want.
  [[nodiscard]] std::optional<Notice> take();
  /// How telling it ended. False: it failed for the last time, and is passed over.
  [[nodiscard]] bool settle(const Notice& notice, bool is_told);

 private:
  /// Sets `may_be_more` where there is none but others lie behind those it looked at.
  virtual std::optional<Notice> next(bool& may_be_more) = 0;
  virtual void move_past(const Notice& notice) = 0;

  int tries_ = 0;
  std::chrono::steady_clock::time_point retry_at_{};
  std::atomic<bool> has_news_ = true;
};

/// The verbs of the journal among `wanted`. The place is kept in the plugin's own file. Requires: both outlive it.
[[nodiscard]] std::unique_ptr<Feed> journal_feed(storage::Database& database, storage::PluginStore& store,
                                                 std::vector<std::string> wanted);
/// The events of plugins among `wanted` ("<plugin>:<topic>"), by `plugin`'s place in the core's log (event_log.h).
[[nodiscard]] std::unique_ptr<Feed> event_feed(storage::Database& database, std::string plugin,
                                               const std::vector<std::string>& wanted);

}  // namespace cluse::plugin
