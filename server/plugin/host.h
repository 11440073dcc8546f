// Host: the plugins of one server. What routes and commands ask of plugins goes through here, always with a deadline;
// a plugin that fails, hangs or dies is answered for.
#pragma once

#include "server/async/task.h"
#include "server/base/metrics.h"
#include "server/base/time.h"
#include "server/domain/identity/actor.h"
#include "server/plugin/breaker.h"
#include "server/plugin/installed.h"
#include "server/plugin/lane.h"
#include "server/storage/database.h"

#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace cluse::plugin {

inline constexpr std::chrono::milliseconds kRequestTimeMax{10'000};

struct Settings {
  std::filesystem::path folder;    ///< <data>/plugins
  std::filesystem::path runner;    ///< cluse-plugin-runner
  std::set<std::string> direct;    ///< ids that run in the server
  bool allow_unsandboxed = false;  ///< children where the kernel lacks a layer of the sandbox
  bool safe_mode = false;          ///< none is started
  std::chrono::milliseconds request_time_max = kRequestTimeMax;
};

struct HttpRequest {
  std::string plugin, method, path;                   ///< path below /x/<plugin>
  std::map<std::string, std::string> query, headers;  ///< names of headers in small letters
  Bytes body;
};

struct HttpAnswer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  Bytes body;
};

/// For the screen of administrators.
struct Overview {
  std::string id, version;
  std::map<std::string, std::string> name;
  std::vector<std::string> grants;
  HostKind host = HostKind::child;
  bool enabled = false;
  std::string refused;                 ///< why it was not started, in English; empty: it was, or is disabled
  std::vector<std::string> not_asked;  ///< hooks it did not answer in time, for a minute
  Health health;
};

/// Requires: database, clock and metrics outlive it, and what the services use. Thread: `start` and `stop` the owner's;
/// the rest any.
class Host {
 public:
  /// `services`: what answers plugins; cluse.i18n/1 is there in any case.
  Host(storage::Database& database, const Clock& clock, Metrics& metrics, Settings settings, Services services = {});
  ~Host();

  /// Starts what is enabled. A plugin that cannot be started is logged and listed, and nobody else is the worse for it.
  void start();
  void stop();

  /// Codes: "plugin_not_found", "plugin_route_not_found", "plugin_method_not_allowed", "plugin_unavailable",
  /// "plugin_timeout", "plugin_failed", "plugin_refused" (`detail`: the key of its sentence), "plugin_input_wrong",
  /// "plugin_answer_not_found", "plugin_conflict".
  Task<Result<HttpAnswer>> handle(domain::Actor actor, HttpRequest request);

  /// True if somebody wants to be asked before `hook`.
  [[nodiscard]] bool is_asked(std::string_view hook) const;
  /// Asks one after another, by id, each what the one before has made of `body`. Who is late three times in a minute is
  /// not asked for the next: then what it said of its failure holds. Codes "plugin_refused", "plugin_timeout", ….
  Task<Result<Value>> ask(std::string hook, domain::Actor actor, Value body);

  /// Whether `actor` may listen to a channel of the plugin's: it must stand in its manifest, and the plugin must let
  /// her in. Codes: those of `handle`, "plugin_channel_not_found".
  Task<Result<void>> join(domain::Actor actor, std::string plugin, std::string channel);
  /// What she says on it; `json`: any one value. Codes: the same.
  Task<Result<void>> say(domain::Actor actor, std::string plugin, std::string channel, std::string json);

  /// A mail of a plugin's that finally failed, for its notice "notify.failed". True: it knows, or does not want to;
  /// false: try again later. Blocking, at most kNoticeTimeMax; not on a shard.
  struct FailedMail {
    std::string plugin, key, to, why, url;
  };
  [[nodiscard]] bool tell_failed(const FailedMail& mail);

  /// Something was committed: lanes look at the journal.
  void wake();

  [[nodiscard]] std::vector<Overview> list() const;
  /// Starts or stops it, now and after the next start. Blocking: a worker. Codes "plugin_not_found", those of Shelf.
  [[nodiscard]] Result<void> set_enabled(const std::string& id, bool enabled);
  [[nodiscard]] bool is_safe_mode() const { return settings_.safe_mode; }

 private:
  [[nodiscard]] std::shared_ptr<Lane> find(const std::string& id) const;
  /// Requires: changing_ is held.
  [[nodiscard]] Result<std::shared_ptr<Lane>> open(const std::string& id);
  void close(std::shared_ptr<Lane> lane);
  void watch(const std::stop_token& stop);
  Task<Outcome> call(std::shared_ptr<Lane> lane, Work work, std::chrono::milliseconds time);
  Task<Result<void>> on_channel(WorkKind kind, domain::Actor actor, std::string plugin, std::string channel,
                                Bytes body);
  [[nodiscard]] bool may_ask(const std::string& id, const std::string& hook) const;
  void on_late_ask(const std::string& id, const std::string& hook);

  // Fixed at construction
  storage::Database& database_;
  const Clock& clock_;
  Metrics& metrics_;
  const Settings settings_;
  const Services services_;
  const Shelf shelf_;
  std::mutex changing_;  ///< starting and stopping, one at a time
  // Guarded by mutex_
  mutable std::mutex mutex_;
  std::condition_variable_any due_;
  std::map<std::string, std::shared_ptr<Lane>> lanes_;
  std::map<std::string, std::string> refused_;
  std::map<std::string, std::map<std::string, Breaker>> breakers_;  ///< by plugin and hook
  std::size_t in_flight_ = 0;

  std::jthread watch_;
};

}  // namespace cluse::plugin
