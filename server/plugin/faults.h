// Faults: calls to the host that do not work, for trials: the tests of both hosts, and `cluse plugin check`. A server
// that serves has none.
#pragma once

#include "server/plugin/guest/work.h"

#include <mutex>
#include <optional>

namespace cluse::plugin {

/// What a trial has decided. Thread: any.
class Faults {
 public:
  /// The `n`th call from now on (1 is the next: begin, run, commit, schedule, a question to a service) does not work.
  void fail_call(int n, std::int32_t status = CLUSE_TIMEOUT);
  /// No call works from now on.
  void fail_all(std::int32_t status);
  /// Every call works from now on.
  void clear();
  /// True once it came to a call that failed. So every place can be tried: for (n = 1; call_failed(); ++n) …
  [[nodiscard]] bool call_failed() const;

  /// Counts a call; what it answers if it is one that fails.
  [[nodiscard]] std::optional<std::int32_t> next();

 private:
  mutable std::mutex mutex_;
  // Guarded by mutex_
  int left_ = 0;  ///< until the one that fails; 0: none does
  bool all_ = false;
  bool has_failed_ = false;
  std::int32_t status_ = CLUSE_TIMEOUT;
};

/// The host's calls, but for those that fail. Thread: as HostCalls.
class FaultyCalls : public HostCalls {
 public:
  /// `faults` may be null. Requires: both outlive it.
  FaultyCalls(HostCalls& honest, Faults* faults) : honest_(honest), faults_(faults) {}

  std::int32_t begin(bool write, std::uint64_t& transaction) override;
  std::int32_t run(std::uint64_t transaction, std::string_view sql, BytesView parameters, Bytes& rows) override;
  std::int32_t commit(std::uint64_t transaction) override;
  void rollback(std::uint64_t transaction) override { honest_.rollback(transaction); }
  std::int32_t schedule(std::string_view kind, std::string_view key, std::int64_t at_ms, BytesView body) override;
  std::int32_t serve(std::string_view service, std::string_view operation, const CallerView& caller, BytesView body,
                     Bytes& answer) override;
  void log(int level, std::string_view line) override { honest_.log(level, line); }

 private:
  [[nodiscard]] std::optional<std::int32_t> fault() { return faults_ == nullptr ? std::nullopt : faults_->next(); }

  HostCalls& honest_;
  Faults* const faults_;
};

}  // namespace cluse::plugin
