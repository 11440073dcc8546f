// The service cluse.events/1: what a plugin tells others. It is kept in the plugin's own file first, part of its
// transactions, and carried over to the core's log between its calls; there whoever takes it finds it (feed.h).
#pragma once

#include "server/async/rate_limiter.h"
#include "server/base/time.h"
#include "server/plugin/services/service.h"
#include "server/storage/database.h"

#include <functional>
#include <mutex>

namespace cluse::plugin {

inline constexpr std::size_t kEventBytesMax = 16U << 10;  ///< of one body, as CBOR
inline constexpr Rate kEmittedRate{500, 20};              ///< of one plugin: burst, and a second
inline constexpr int kCarriedEventsAtOnce = 100;          ///< in one transaction of the core's

/// emit {topic, body} → {}
class EventsService final : public Service {
 public:
  /// `wake`: something is there to be told; called on any lane, must not block. The rest outlives it.
  EventsService(storage::Database& database, const Clock& clock, std::function<void()> wake);

  std::int32_t serve(const Caller& caller, std::string_view operation, const Value& body, Value& answer) override;
  bool tend(const Manifest& plugin, storage::PluginStore& store) override;
  void ended(const Manifest& plugin, storage::PluginStore& store) override;
  void installed(const std::set<std::string>& plugins) override;

 private:
  Result<bool> carry(const std::string& plugin, storage::PluginStore& store);
  void sweep();

  // Fixed at construction
  storage::Database& database_;
  const Clock& clock_;
  const std::function<void()> wake_;
  RateLimiter rate_;  // synchronises itself
  std::mutex mutex_;
  // Guarded by mutex_
  Instant sweep_at_;
};

}  // namespace cluse::plugin
