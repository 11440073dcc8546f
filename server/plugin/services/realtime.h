// cluse.realtime/1: what a plugin says on its live channels. docs/plugins/services.md, "realtime".
#pragma once

#include "server/plugin/services/service.h"

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace cluse::plugin {

inline constexpr std::size_t kPublishedBytesMax = 16U << 10;  ///< of one message, as JSON
inline constexpr double kPublishedPerSecondMax = 200;         ///< of one plugin, after the burst
inline constexpr double kPublishedBurstMax = 1'000;
inline constexpr double kRecheckCost = 20;  ///< as so many messages: everybody who listens is asked for

/// Thread: as Service.
class RealtimeService final : public Service {
 public:
  /// Plugin, channel, body as JSON. Called on any lane; must not block.
  using Publish = std::function<void(const std::string&, const std::string&, const std::string&)>;
  /// Plugin, channel: who listens is asked for again. Called as above.
  using Recheck = std::function<void(const std::string&, const std::string&)>;
  RealtimeService(Publish publish, Recheck recheck) : publish_(std::move(publish)), recheck_(std::move(recheck)) {}
  std::int32_t serve(const Caller& caller, std::string_view operation, const Value& body, Value& answer) override;

 private:
  struct Bucket {
    double left = kPublishedBurstMax;
    std::chrono::steady_clock::time_point filled = std::chrono::steady_clock::now();
  };
  [[nodiscard]] bool take(const std::string& plugin, double tokens);

  const Publish publish_;
  const Recheck recheck_;
  std::mutex mutex_;
  // Guarded by mutex_
  std::map<std::string, Bucket> buckets_;
};

}  // namespace cluse::plugin
