#include "server/plugin/validator.h"

#include "server/plugin/capabilities.h"
#include "server/plugin/faults.h"
#include "server/plugin/guest.h"
#include "server/plugin/guest/instance.h"
#include "server/plugin/services/i18n.h"
#include "server/storage/file.h"

#include <cluse/plugin.h>

#include <stdlib.h>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>
#include <system_error>

namespace cluse::plugin {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kCallTime{3'000};
/// Of the calls that one route makes: each is tried, up to so many.
constexpr int kFailuresTriedMax = 100;

/// What is tried is no news for the log of the command.
class Moody final : public FaultyCalls {
 public:
  using FaultyCalls::FaultyCalls;
  void log(int, std::string_view) override {}
};

struct TemporaryFolder {
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "cluse-check-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) path = pattern;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path.empty()) fs::remove_all(path, ignored);
  }
  fs::path path;
};

/// One plugin in one process, over a database of its own.
class Trial {
 public:
  Trial(const Package& package, std::unique_ptr<storage::PluginStore> store)
      : package_(package),
        store_(std::move(store)),
        services_{{CLUSE_EXT_I18N, std::make_shared<I18nService>()}},
        honest_(package_.manifest, *store_, package_.texts, services_),
        host_(honest_, &faults_) {}

  Result<void> open(const GuestSetup& setup) {
    CLUSE_TRY(guest, open_child(setup, host_));
    guest_ = std::move(guest);
    return {};
  }
  Faults& faults() { return faults_; }
  [[nodiscard]] const std::vector<RouteGrant>& routes() const { return package_.manifest.grants.routes; }
  [[nodiscard]] bool is_alive() const { return guest_->is_alive(); }

  Outcome call(WorkKind kind) {
    Work work;
    work.kind = kind;
    return call(std::move(work));
  }
  Outcome call(Work work) {
    work.id = ++last_id_;
    const Deadline deadline = steady_clock::now() + kCallTime;
    work.deadline_ms = (SystemClock().now() + kCallTime).ms;
    honest_.begin_call(work, deadline);
    Outcome outcome = guest_->run(work, deadline);
    honest_.end_call();
    return outcome;
  }
  /// Each route once, with 1 for whatever stands in braces. The first trouble, or nothing.
  std::string call_routes(const std::function<std::string(const Outcome&)>& judge) {
    for (const RouteGrant& route : routes()) {
      const Outcome outcome = call(route);
      std::string trouble = is_alive() ? judge(outcome) : "it ended: " + outcome.why;
      if (!trouble.empty()) return route.name + ": " + trouble;
    }
    return "";
  }
  Outcome call(const RouteGrant& route) { return call(work_for(route)); }

 private:
  static Work work_for(const RouteGrant& route) {
    Work work;
    work.kind = WorkKind::handle;
    work.name = route.name;
    work.method = route.method;
    work.user = "00000000-0000-7000-8000-000000000000";
    work.locale = "fr-FR";
    Value params = Value::map();
    for (std::size_t at = 0; at < route.pattern.size(); ++at) {
      const auto end = route.pattern[at] == '{' ? route.pattern.find('}', at) : std::string::npos;
      if (end == std::string::npos) {
        work.path += route.pattern[at];
        continue;
      }
      std::string name = route.pattern.substr(at + 1, end - at - 1);
      if (name.ends_with('*')) name.pop_back();
      params.set(name, "1");
      work.path += '1';
      at = end;
    }
    work.params = params.to_cbor();
    work.query = work.headers = Value::map().to_cbor();
    if (route.method != "GET") work.body = "{}";
    return work;
  }

  const Package& package_;
  std::unique_ptr<storage::PluginStore> store_;
  const Services services_;
  Capabilities honest_;
  Faults faults_;
  Moody host_;
  std::unique_ptr<Guest> guest_;
  std::uint64_t last_id_ = 0;
};

struct Bench {
  fs::path folder;
  const Package& package;
  GuestSetup setup;
};

using Case = std::function<std::string(Trial&)>;

Finding run_case(const Bench& bench, std::string name, const Case& body) {
  const TemporaryFolder temporary;
  const auto words = [](const Error& error) { return std::string(error.code) + ": " + error.detail; };
  auto store =
      storage::PluginStore::open({temporary.path / "plugin.db", bench.package.manifest.limits.database_bytes, {}});
  if (!store) return {std::move(name), words(store.error())};
  if (const auto done = (*store)->migrate(bench.package.migrations); !done)
    return {std::move(name), words(done.error())};
  Trial trial(bench.package, std::move(*store));
  if (const auto opened = trial.open(bench.setup); !opened) return {std::move(name), words(opened.error())};
  std::string trouble = body(trial);
  return {std::move(name), std::move(trouble)};
}

std::string start(Trial& trial) {
  const Outcome outcome = trial.call(WorkKind::start);
  if (outcome.status == CLUSE_OK) return "";
  return "it does not start: " + outcome.why + " (" + std::to_string(outcome.status) + ")";
}

std::string stop(Trial& trial) {
  const Outcome outcome = trial.call(WorkKind::stop);
  if (outcome.status != CLUSE_OK) return "it does not stop: " + outcome.why;
  if (outcome.why != kOneThread) return "it leaves threads behind after stop: " + outcome.why;
  return "";
}

std::string starts_and_stops(Trial& trial) {
  std::string trouble = start(trial);
  return trouble.empty() ? stop(trial) : trouble;
}

std::string is_proper(const Outcome& outcome) {
  if (outcome.status == CLUSE_UNSUPPORTED) return "plugin.toml names it, and no code answers";
  if (outcome.status == CLUSE_INTERNAL) return "it failed: " + outcome.why;
  return "";
}

std::string answers_its_routes(Trial& trial) {
  if (std::string trouble = start(trial); !trouble.empty()) return trouble;
  std::string trouble = trial.call_routes(is_proper);
  return trouble.empty() ? stop(trial) : trouble;
}

// The first call to the host does not work, then the second, and so on until none fails any more: then it answers as if
// nothing had happened.
std::string lives_with_each_failure(Trial& trial) {
  if (std::string trouble = start(trial); !trouble.empty()) return trouble;
  for (const RouteGrant& route : trial.routes()) {
    const auto told = [&](int n, const std::string& what) {
      return route.name + ", where call " + std::to_string(n) + " to the host does not work: " + what;
    };
    for (int n = 1; n <= kFailuresTriedMax; ++n) {
      trial.faults().fail_call(n);
      const Outcome outcome = trial.call(route);
      if (!trial.is_alive()) return told(n, "it ended: " + outcome.why);
      if (trial.faults().call_failed()) continue;
      if (const std::string trouble = is_proper(outcome); !trouble.empty()) return told(n - 1, "afterwards " + trouble);
      break;
    }
    trial.faults().clear();
  }
  return stop(trial);
}

// Nothing of the host works from some call on. Whatever it answers then: it must live, and stop.
Case lives_with(std::int32_t status, bool from_start) {
  return [=](Trial& trial) -> std::string {
    if (from_start) trial.faults().fail_all(status);
    const Outcome started = trial.call(WorkKind::start);
    if (!trial.is_alive()) return "it ended while it started: " + started.why;
    if (started.status != CLUSE_OK) return from_start ? "" : "it does not start: " + started.why;
    trial.faults().fail_all(status);
    std::string trouble = trial.call_routes([](const Outcome&) { return std::string(); });
    return trouble.empty() ? stop(trial) : trouble;
  };
}

// Only a browser runs a module; what nobody would ever call is seen without.
bool exports_mount(const fs::path& module) {
  std::stringstream text;
  text << std::ifstream(module, std::ios::binary).rdbuf();
  return text.str().find("export") != std::string::npos && text.str().find("mount") != std::string::npos;
}

Finding judge_modules(const Bench& bench) {
  Finding finding{"its modules export mount and are at most " + std::to_string(kModuleBytesMax >> 10) + " KiB each",
                  ""};
  for (const UiPart& part : bench.package.manifest.ui) {
    std::error_code error;
    const auto size = fs::file_size(bench.folder / part.module, error);
    if (error) finding.trouble = part.module + " is not there";
    else if (size > kModuleBytesMax) finding.trouble = part.module + " has " + std::to_string(size) + " bytes";
    else if (!exports_mount(bench.folder / part.module))
      finding.trouble = part.module + " has no `export function mount(element, host)`";
  }
  return finding;
}

}  // namespace

std::vector<Finding> validate(const fs::path& folder, const Package& package, const fs::path& runner,
                              bool allow_unsandboxed) {
  Bench bench{fs::absolute(folder), package, {}};
  bench.setup.folder = bench.folder;
  bench.setup.library = bench.folder / package.manifest.library;
  bench.setup.memory_bytes = package.manifest.limits.memory_bytes;
  bench.setup.runner = runner;
  bench.setup.allow_unsandboxed = allow_unsandboxed;
  for (const auto& extension : known_extensions())
    if (package.manifest.uses(extension)) bench.setup.offer.extensions.push_back(extension);
  bench.setup.offer.extensions.emplace_back(kUnderCheck);
  return {run_case(bench, "it starts and stops, and leaves no thread behind", starts_and_stops),
          run_case(bench, "it answers its routes, also where answers come in small pieces", answers_its_routes),
          run_case(bench, "it lives with a host that never has time", lives_with(CLUSE_TIMEOUT, true)),
          run_case(bench, "it lives with a host that is gone in the middle", lives_with(CLUSE_GONE, false)),
          run_case(bench, "it lives with any one call to the host that fails", lives_with_each_failure),
          judge_modules(bench)};
}

}  // namespace cluse::plugin
