// What the tests of the domain and of the layers above share: services over a real store, a clock that stands
// still, and a person or two.
#pragma once

#include "server/async/shard.h"
#include "server/async/workers.h"
#include "server/base/metrics.h"
#include "server/domain/fake_live.h"
#include "server/domain/services.h"
#include "server/storage/blobs.h"
#include "server/storage/test_store.h"
#include "server/storage/testing.h"

#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace cluse::domain {

/// Hashes in microseconds; everything else as in production.
[[nodiscard]] Settings cheap_settings();

inline constexpr const char* kTestSetupToken = "setup-token-of-the-tests";
inline constexpr const char* kTestPassword = "correct horse battery";

/// Thread: the test's.
class TestDomain {
 public:
  explicit TestDomain(const Settings& settings = cheap_settings());
  ~TestDomain();

  /// Runs `task` on the shard to its end.
  template <class T>
  T run(Task<T> task) {
    std::promise<T> promise;
    auto done = promise.get_future();
    shards.at(0).spawn("test", carry<T>(std::move(task), &promise));
    return done.get();
  }

  /// The administrator of a set-up instance.
  Actor administrator();
  /// A new account, signed in, in an organisation of `country`.
  Actor person(const std::string& name, const std::string& email, const std::string& country = "F");
  /// A workspace that `administrator()` has made.
  Id workspace(const std::string& name = "Mobilité");
  void join(Id workspace, const Actor& actor, Role role);
  /// Carries what changed over to the search index.
  void index();
  /// Rows that `sql` counts.
  std::int64_t count(const std::string& sql);

  storage::TemporaryDirectory directory;
  FakeClock clock;
  FakeLive live;
  Metrics metrics;
  Workers workers{2, 100};
  Shards shards{1};
  storage::TestStore database;
  storage::Blobs blobs;
  std::unique_ptr<Services> services;

 private:
  template <class T>
  static Task<void> carry(Task<T> task, std::promise<T>* promise) {
    std::exception_ptr thrown;
    try {
      auto value = co_await std::move(task);
      promise->set_value(std::move(value));
    } catch (...) {
      thrown = std::current_exception();
    }
    if (thrown) promise->set_exception(thrown);
  }

  std::optional<Actor> administrator_;
};

}  // namespace cluse::domain
