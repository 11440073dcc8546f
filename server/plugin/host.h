// Host: the plugins of one server. What routes and commands ask of plugins goes through here, always with a deadline;
// a plugin that fails, hangs or dies is answered for.
#pragma once

#include "server/async/task.h"
#include "server/async/workers.h"
#include "server/base/metrics.h"
#include "server/base/time.h"
#include "server/domain/identity/actor.h"
#include "server/domain/journal/journal.h"
#include "server/plugin/breaker.h"
#include "server/plugin/changes.h"
#include "server/plugin/host_types.h"
#include "server/plugin/installed.h"
#include "server/plugin/lane.h"
#include "server/plugin/overview.h"
#include "server/plugin/uploads.h"
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

/// Requires: database, clock and metrics outlive it, and what the services use. Thread: `start` and `stop` the owner's;
/// the rest any.
class Host {
 public:
  /// `services`: what answers plugins; cluse.i18n/1 and cluse.events/1 are there in any case.
  Host(storage::Database& database, const Clock& clock, Metrics& metrics, Settings settings, Services services = {});
  ~Host();

  /// Starts what is enabled. A plugin that cannot be started is logged and listed, and nobody else is the worse for it.
  void start();
  void stop();

  /// Who is answered at `path` of a running plugin; nothing: no such plugin, or no such route of it.
  [[nodiscard]] std::optional<RouteAccess> access_of(const std::string& plugin, std::string_view method,
                                                     std::string_view path) const;
  /// Where "/.well-known/<name>" leads, "/x/org.example.annuaire/dav/": the first running plugin, by id, that says so.
  [[nodiscard]] std::optional<std::string> well_known(const std::string& name) const;

  /// What a running plugin is called in "fr" or "de"; empty: none of that id runs.
  [[nodiscard]] std::string name_of(const std::string& plugin, const std::string& language) const;

  /// `actor`: nobody where the route is public and there is no session. The caller has checked access_of. Codes:
  /// "plugin_not_found", "plugin_route_not_found", "plugin_method_not_allowed", "plugin_unavailable",
  /// "plugin_timeout", "plugin_failed", "plugin_refused" (`detail`: the key of its sentence), "plugin_input_wrong",
  /// "plugin_answer_not_found", "plugin_conflict".
  Task<Result<HttpAnswer>> handle(std::optional<domain::Actor> actor, HttpRequest request);

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

  /// True if a plugin of that id runs.
  [[nodiscard]] bool has(const std::string& id) const { return find(id) != nullptr; }
  /// By id.
  [[nodiscard]] std::vector<Extension> extensions() const;
  /// The files of a plugin as their address names them, also those of the version before, for pages that are open.
  /// Null: there is no such version.
  [[nodiscard]] std::shared_ptr<const UiBundle> ui(const std::string& id, std::string_view hash) const;
  /// Whether its modules run in the page itself, now and after the next start; the operator's choice stands above.
  /// A change is told in the journal. Blocking: a worker. Codes "plugin_not_found", those of Shelf.
  [[nodiscard]] Result<void> set_trusted(const std::string& id, bool trusted, const domain::journal::Author& by = {});

  [[nodiscard]] std::vector<Overview> list() const;
  [[nodiscard]] Result<Overview> get(const std::string& id) const;
  /// The last lines of its log. Code "plugin_not_found".
  [[nodiscard]] Result<std::shared_ptr<const LogRing>> lines(const std::string& id) const;

  // Changes: one at a time, blocking (`worker`, or a thread of the caller's), told in the journal once they are done.

  /// Starts or stops it, now and after the next start. Codes "plugin_not_found", those of Shelf::open.
  [[nodiscard]] Result<void> set_enabled(const std::string& id, bool enabled, const domain::journal::Author& by = {});
  /// Takes on what lies on the shelf beside what runs, and switches over without refusing a call. What fails before
  /// the switch leaves everything as it was, on the shelf too. Codes: "plugin_not_found", those of Shelf::open and
  /// PluginStore::migrate, "plugin_not_ready", "plugin_busy", "plugin_handover_failed". `told` is written to the
  /// journal.
  [[nodiscard]] Result<void> reload(const std::string& id, std::optional<Told> told = {});
  /// Installs a checked folder and takes it on.
  [[nodiscard]] Result<void> install(const std::filesystem::path& folder, const Package& package,
                                     const std::string& signer, bool child_only, const domain::journal::Author& by);
  /// Stops it and removes its files, with `data` its database too.
  [[nodiscard]] Result<void> remove(const std::string& id, bool data, const domain::journal::Author& by = {});
  /// What somebody sent in: verified, unpacked, and kept until `accept`. Codes: those of Uploads::add,
  /// "plugin_uploads_off".
  [[nodiscard]] Result<Preview> preview(BytesView archive, Id person);
  /// Installs it and takes it on; answers its id. `kind`: "plugin_direct_not_allowed" unless the configuration names it
  /// among `direct`; what it names runs in a child if that is asked for. Codes: those of Uploads::get and `install`,
  /// "plugin_signer_other".
  [[nodiscard]] Result<std::string> accept(const std::string& key, Id person, std::optional<HostKind> kind,
                                           const domain::journal::Author& by);
  [[nodiscard]] Uploads& uploads() { return uploads_; }

  /// Its database as one file of SQLite. Codes "plugin_not_found", "plugin_no_data", "plugin_data_too_large".
  [[nodiscard]] Result<Bytes> export_data(const std::string& id);

  /// Where changes are made, one after another.
  [[nodiscard]] Workers& worker() { return worker_; }
  [[nodiscard]] const Shelf& shelf() const { return shelf_; }
  [[nodiscard]] bool may_be_direct(const std::string& id) const { return settings_.direct.contains(id); }
  [[nodiscard]] bool is_safe_mode() const { return settings_.safe_mode; }

 private:
  /// Reads files.
  [[nodiscard]] bool is_operators(const std::string& id) const;
  [[nodiscard]] bool is_trusted(const std::string& id) const;
  void keep(const std::string& id, std::shared_ptr<const UiBundle> bundle);
  [[nodiscard]] std::shared_ptr<Lane> find(const std::string& id) const;
  /// A version that could be started: its files and grants are in order.
  struct Candidate {
    State state;
    Package package;
    std::unique_ptr<storage::PluginStore> store;
    std::shared_ptr<const UiBundle> bundle;
    bool is_migrated = false;
  };
  // Require: changing_ is held.
  [[nodiscard]] Result<Candidate> examine(const std::string& id);
  [[nodiscard]] std::shared_ptr<Lane> make_lane(Candidate candidate, bool is_quiet);
  [[nodiscard]] Result<std::shared_ptr<Lane>> open(const std::string& id);
  void close(std::shared_ptr<Lane> lane);
  [[nodiscard]] Result<void> restart(const std::string& id);
  std::shared_ptr<Lane> extract(const std::string& id);
  void send_away(const std::string& id);
  void tell_changed(const std::string& id) const;
  void tell_installed() const;
  void refuse(const std::string& id, const Error& error);
  [[nodiscard]] Result<void> replace(const std::string& id, const std::shared_ptr<Lane>& old);
  [[nodiscard]] Result<void> replace_beside(Candidate next, const std::shared_ptr<Lane>& old, bool hands_over);
  [[nodiscard]] Result<void> replace_after(Candidate next, const std::shared_ptr<Lane>& old, bool hands_over);
  [[nodiscard]] Result<std::shared_ptr<Lane>> migrate_and_start(Candidate next, const std::optional<Bytes>& saved);
  void switch_to(std::shared_ptr<Lane> lane, const State& state, const std::shared_ptr<Lane>& old);

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
  std::vector<std::shared_ptr<Lane>> leaving_;  ///< that are stopping, and may still have calls to answer
  std::map<std::string, std::shared_ptr<LogRing>> lines_;
  std::map<std::string, std::string> refused_;
  std::map<std::string, std::map<std::string, Breaker>> breakers_;               ///< by plugin and hook
  std::map<std::string, std::vector<std::shared_ptr<const UiBundle>>> bundles_;  ///< the newest last
  std::size_t in_flight_ = 0;
  // Guarded by changing_
  std::map<std::string, State> accepted_;  ///< of what runs
  std::map<std::string, std::weak_ptr<const storage::Fd>> locks_;
  std::map<std::string, std::uint64_t> generations_;

  Uploads uploads_;
  Workers worker_;
  std::jthread watch_;
};

}  // namespace cluse::plugin
