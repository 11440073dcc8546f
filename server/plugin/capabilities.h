// Capabilities: the host's calls, served. Every one is checked against what was granted and counted against its limits,
// whichever host the plugin runs in.
#pragma once

#include "server/base/time.h"
#include "server/plugin/guest/channel.h"
#include "server/plugin/guest/work.h"
#include "server/plugin/log_ring.h"
#include "server/plugin/manifest.h"
#include "server/plugin/services/service.h"
#include "server/storage/sqlite/plugin_store.h"

#include <atomic>
#include <mutex>

namespace cluse::plugin {

inline constexpr std::int64_t kLogLinesPerSecondMax = 50;
inline constexpr std::int64_t kLogLinesBurstMax = 200;

/// Thread: the lane; `log` and `dropped_lines` any.
class Capabilities final : public HostCalls {
 public:
  /// Requires: everything outlives it.
  Capabilities(const Manifest& manifest, storage::PluginStore& store, const Catalogues& texts, const Services& services)
      : manifest_(manifest), store_(store), texts_(texts), services_(services) {}

  /// What is logged is kept there too. Requires: both outlive it; before the first call.
  void keep_lines(LogRing* ring, const Clock& clock) {
    ring_ = ring;
    clock_ = &clock;
  }

  /// Around each call: what is asked past the deadline answers CLUSE_TIMEOUT; what is left open is rolled back. Who
  /// `work` is for is whom services act for.
  void begin_call(const Work& work, Deadline deadline);
  void end_call();

  std::int32_t begin(bool write, std::uint64_t& transaction) override;
  std::int32_t run(std::uint64_t transaction, std::string_view sql, BytesView parameters, Bytes& rows) override;
  std::int32_t commit(std::uint64_t transaction) override;
  void rollback(std::uint64_t transaction) override;
  std::int32_t schedule(std::string_view kind, std::string_view key, std::int64_t at_ms, BytesView body) override;
  std::int32_t serve(std::string_view service, std::string_view operation, const CallerView& caller, BytesView body,
                     Bytes& answer) override;
  void log(int level, std::string_view line) override;

  [[nodiscard]] std::uint64_t dropped_lines() const { return dropped_lines_; }

 private:
  [[nodiscard]] bool is_late() const { return std::chrono::steady_clock::now() > deadline_; }
  /// Writes what the store refused to the log, under the plugin's name, and gives its status.
  std::int32_t told(const Error& error);
  std::int32_t denied(std::string_view what);
  /// The service's answer, with its reason in the log where it is none.
  std::int32_t asked(Service& service, const Caller& caller, std::string_view operation, const Value& body,
                     Value& answer);

  // Fixed at construction
  const Manifest& manifest_;
  storage::PluginStore& store_;
  const Catalogues& texts_;
  const Services& services_;
  LogRing* ring_ = nullptr;
  const Clock* clock_ = nullptr;
  // Lane only
  Deadline deadline_ = Deadline::max();
  WorkKind kind_ = WorkKind::start;
  std::uint64_t call_ = 0;
  std::string user_, locale_;
  std::uint64_t last_handle_ = 0;
  std::uint64_t open_ = 0;  ///< the transaction that is open, or 0
  // Guarded by logging_
  std::mutex logging_;
  std::int64_t lines_left_ = kLogLinesBurstMax;
  std::chrono::steady_clock::time_point refilled_ = std::chrono::steady_clock::now();
  std::atomic<std::uint64_t> dropped_lines_ = 0;
};

}  // namespace cluse::plugin
