// What a call of a plugin costs in either host, measured where routes ask: from Host::handle to its answer. Against an
// answer of the core's that takes the same way without a plugin (a worker and back). ./dev bench runs it.
#include "server/domain/testing.h"
#include "server/plugin/host.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <latch>
#include <sstream>
#include <string>
#include <vector>

namespace cluse::plugin {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr int kRounds = 2'000;
constexpr int kCallers = 16;
constexpr int kIdle = 100;
constexpr const char* kHello = "org.example.hello";

double micros(steady_clock::duration time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

double median(std::vector<double> list) {
  std::ranges::nth_element(list, list.begin() + static_cast<std::ptrdiff_t>(list.size() / 2));
  return list[list.size() / 2];
}

double resident_megabytes() {
  std::ifstream stream("/proc/self/statm");
  double whole = 0, resident = 0;
  stream >> whole >> resident;
  return resident * 4096 / (1 << 20);
}

/// A copy of the sample under another id, as nobody has two plugins of one id.
fs::path copy_of(const fs::path& plugin, const fs::path& to, const std::string& id) {
  fs::copy(plugin, to, fs::copy_options::recursive);
  std::ifstream stream(to / "plugin.toml");
  std::stringstream text;
  text << stream.rdbuf();
  std::string manifest = text.str();
  manifest.replace(manifest.find(kHello), std::string(kHello).size(), id);
  std::ofstream(to / "plugin.toml") << manifest;
  return to;
}

class Bench {
 public:
  void install(const fs::path& folder) {
    const auto package = check_folder(folder);
    if (!package || !Shelf(domain_.directory / "plugins").install(folder, *package))
      throw std::runtime_error("a plugin that cannot be installed: " + folder.string());
    ids_.insert(package->manifest.id);
  }
  void start(HostKind kind) {
    host_.reset();
    Settings settings;
    settings.folder = domain_.directory / "plugins";
    settings.runner = CLUSE_RUNNER;
    if (kind == HostKind::direct) settings.direct = ids_;
    host_ = std::make_unique<Host>(*domain_.database, domain_.clock, domain_.metrics, std::move(settings));
    host_->start();
    for (const auto& id : ids_)
      while (host_->get(id)->health.state != LaneState::running) std::this_thread::yield();
  }

  static Task<std::vector<double>> call(Host* host, domain::Actor actor, int rounds) {
    std::vector<double> times;
    for (int i = 0; i < rounds; ++i) {
      HttpRequest request{kHello, "GET", "/hello", {}, {}, {}};
      const auto start = steady_clock::now();
      const auto answer = co_await host->handle(actor, std::move(request));
      if (!answer) throw std::runtime_error(answer.error().detail);
      times.push_back(micros(steady_clock::now() - start));
    }
    co_return times;
  }
  static Task<std::vector<double>> ask_worker(Workers* workers, int rounds) {
    std::vector<double> times;
    for (int i = 0; i < rounds; ++i) {
      const auto start = steady_clock::now();
      auto work = [] { return std::string(R"({"greeting":"Bonjour"})"); };
      const auto answer = co_await workers->run(std::move(work));
      times.push_back(micros(steady_clock::now() - start));
    }
    co_return times;
  }

  double core() { return median(domain_.run(ask_worker(&domain_.workers, kRounds))); }
  double plugin() { return median(domain_.run(call(host_.get(), domain_.administrator(), kRounds))); }
  /// Calls a second with as many callers as keep the lane busy.
  double sustained() {
    const auto actor = domain_.administrator();
    std::latch over(kCallers);
    const auto start = steady_clock::now();
    for (int i = 0; i < kCallers; ++i) domain_.shards.at(0).spawn("bench", burden(host_.get(), actor, &over));
    over.wait();
    return kCallers * kRounds / std::chrono::duration<double>(steady_clock::now() - start).count();
  }
  fs::path folder() { return domain_.directory / "copies"; }

 private:
  static Task<void> burden(Host* host, domain::Actor actor, std::latch* over) {
    static_cast<void>(co_await call(host, std::move(actor), kRounds));
    over->count_down();
  }

  domain::TestDomain domain_;
  std::set<std::string> ids_;
  std::unique_ptr<Host> host_;
};

void run() {
  const fs::path hello = fs::path(CLUSE_PLUGINS) / "hello";
  Bench bench;
  bench.install(hello);
  bench.start(HostKind::direct);
  const double core = bench.core(), direct = bench.plugin(), direct_rate = bench.sustained();
  bench.start(HostKind::child);
  const double child = bench.plugin(), child_rate = bench.sustained();
  std::printf(
      "a call, median: worker of the core %.0f µs, direct plugin %.0f µs, child %.0f µs more than direct; bar 150 µs\n",
      core, direct, child - direct);
  std::printf("sustained by %d callers: direct %.0f calls/s, child %.0f calls/s; bar 10000\n", kCallers, direct_rate,
              child_rate);
  Bench idle;
  fs::create_directories(idle.folder());
  idle.install(hello);
  idle.start(HostKind::direct);
  const double before = resident_megabytes();
  for (int i = 0; i < kIdle; ++i) {
    const std::string id = "org.example.copy" + std::to_string(i);
    idle.install(copy_of(hello, idle.folder() / id, id));
  }
  idle.start(HostKind::direct);
  std::printf("%d idle direct plugins: %.2f MB each; bar 1 MB\n", kIdle, (resident_megabytes() - before) / kIdle);
}

}  // namespace
}  // namespace cluse::plugin

int main() {
  try {
    cluse::plugin::run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
