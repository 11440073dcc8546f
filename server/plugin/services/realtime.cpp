#include "server/plugin/services/realtime.h"

#include <cluse/plugin.h>

#include <algorithm>

namespace cluse::plugin {

bool RealtimeService::take(const std::string& plugin, double tokens) {
  const std::lock_guard lock(mutex_);
  Bucket& bucket = buckets_[plugin];
  const auto now = std::chrono::steady_clock::now();
  const double passed = std::chrono::duration<double>(now - bucket.filled).count();
  bucket.filled = now;
  bucket.left = std::min(kPublishedBurstMax, bucket.left + passed * kPublishedPerSecondMax);
  if (bucket.left < tokens) return false;
  bucket.left -= tokens;
  return true;
}

std::int32_t RealtimeService::serve(const Caller& caller, std::string_view operation, const Value& body,
                                    Value& answer) {
  const auto channel = body["channel"].as<std::string>();
  if (operation == "recheck") {
    if (!take(caller.plugin.id, kRecheckCost)) return refuse(answer, CLUSE_LIMIT, "too many messages in a second");
    recheck_(caller.plugin.id, channel);
    return CLUSE_OK;
  }
  if (operation != "publish") return CLUSE_UNSUPPORTED;
  const std::string json = body["body"].to_json();
  if (json.size() > kPublishedBytesMax) return refuse(answer, CLUSE_LIMIT, "a message has at most 16 KiB");
  if (!take(caller.plugin.id, 1)) return refuse(answer, CLUSE_LIMIT, "too many messages in a second");
  publish_(caller.plugin.id, channel, json);
  answer = Value::map();
  return CLUSE_OK;
}

}  // namespace cluse::plugin
