// WatchedDatabase: a store that knows when something was committed that rights depend on, and what closures ask of
// rights. It looks at the statements themselves, so that no service can forget to tell.
#pragma once

#include "server/base/time.h"
#include "server/domain/rights/cache.h"
#include "server/domain/rights/judge.h"
#include "server/storage/database.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string_view>

namespace cluse::domain::rights {

/// True if a statement may change what judge() reads. Too much is slow, too little is a hole: what cannot be read is
/// taken for one that does.
[[nodiscard]] bool concerns_rights(std::string_view sql);

/// Every closure of the domain runs through here; what it is given knows the clock and the cache (`permissions`).
/// Thread: any. Invariant: the version moves after the commit of a change and before anybody is told of that commit.
class WatchedDatabase final : public storage::Database {
 public:
  WatchedDatabase(storage::Database& inner, const Clock& clock) : inner_(inner), clock_(clock) {}

  void submit_write(std::move_only_function<Result<void>(storage::Transaction&)> body,
                    std::move_only_function<void(Result<void>)> done) override;
  void submit_read(std::move_only_function<Result<void>(storage::Snapshot&)> body,
                   std::move_only_function<void(Result<void>)> done) override;
  [[nodiscard]] bool failed() const override { return inner_.failed(); }
  void stop() override { inner_.stop(); }

  /// How often something was committed that rights depend on.
  [[nodiscard]] std::uint64_t version() const { return version_.load(std::memory_order_acquire); }
  [[nodiscard]] const Clock& clock() const { return clock_; }
  [[nodiscard]] Cache& cache() { return cache_; }

 private:
  storage::Database& inner_;
  const Clock& clock_;
  std::atomic<std::uint64_t> version_ = 1;
  Cache cache_;  // synchronises itself
};

/// What `person` may do to `object`: from the cache where the closure only reads, and afresh where it writes, so that
/// no right can be lost between the check and the change. Codes: those of path_of. Requires: a closure of a
/// WatchedDatabase.
[[nodiscard]] Result<Permissions> permissions(storage::Snapshot& snapshot, Id person, Object object);
/// The same, with the reasons; never from the cache.
[[nodiscard]] Result<Judgement> explain(storage::Snapshot& snapshot, Id person, Object object);
[[nodiscard]] Reach reach(storage::Snapshot& snapshot, Id person);
/// The day by which closures of this snapshot judge.
[[nodiscard]] std::string day_of(const storage::Snapshot& snapshot);

}  // namespace cluse::domain::rights
