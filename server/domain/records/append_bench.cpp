// What an event costs the transaction that it belongs to: the same commands of the same services are run with and
// without it, by turns, on a real file with durable commits, since machines are noisy. The linker puts `switched` below
// in the place of journal::append, so that all else is what runs in the product. Prints lines for `./dev bench`;
// asserts nothing.

#include "server/async/shard.h"
#include "server/base/metrics.h"
#include "server/domain/fake_live.h"
#include "server/domain/journal/lookup.h"
#include "server/domain/schema.h"
#include "server/domain/services.h"
#include "server/storage/migrations.h"
#include "server/storage/sqlite/sqlite_database.h"
#include "server/storage/testing.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <future>
#include <string>
#include <vector>

namespace {

using namespace cluse;
using namespace cluse::domain;

constexpr int kRounds = 1'500, kDocumentsEach = 100, kPeople = 200, kEventsBefore = 20'000;

bool tells = true;

}  // namespace

// Names that `-Wl,--wrap` makes (CMakeLists.txt).
std::int64_t real_append(storage::Transaction& tx, const journal::Event& event) asm(
    "__real__ZN5cluse6domain7journal6appendERNS_7storage11TransactionERKNS1_5EventE");
std::int64_t switched(storage::Transaction& tx, const journal::Event& event) asm(
    "__wrap__ZN5cluse6domain7journal6appendERNS_7storage11TransactionERKNS1_5EventE");
std::int64_t switched(storage::Transaction& tx, const journal::Event& event) {
  return tells ? real_append(tx, event) : 0;
}

namespace {

using Ticks = std::chrono::steady_clock;

double micros(Ticks::duration time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

double cpu_of_thread() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

/// Measures each write: from when it is handed over until it is durable, and the time of the writer's thread on it.
class Timed final : public storage::Database {
 public:
  explicit Timed(storage::Database& inner) : inner_(inner) {}
  void submit_write(std::move_only_function<Result<void>(storage::Transaction&)> body,
                    std::move_only_function<void(Result<void>)> done) override {
    const auto start = Ticks::now();
    inner_.submit_write(
        [this, body = std::move(body)](storage::Transaction& tx) mutable {
          began_ = cpu_of_thread();
          return body(tx);
        },
        [this, start, done = std::move(done)](Result<void> outcome) mutable {
          last = {micros(Ticks::now() - start), cpu_of_thread() - began_};
          done(std::move(outcome));
        });
  }
  void submit_read(std::move_only_function<Result<void>(storage::Snapshot&)> body,
                   std::move_only_function<void(Result<void>)> done) override {
    inner_.submit_read(std::move(body), std::move(done));
  }
  void stop() override { inner_.stop(); }

  struct Write {
    double wall = 0, cpu = 0;  ///< microseconds
  };
  Write last;

 private:
  storage::Database& inner_;
  double began_ = 0;
};

struct World {
  Id territory;
  std::vector<Id> people, workspaces;
};

void add_people(storage::Transaction& tx, World& world, Instant now) {
  for (int i = 0; i < kPeople; ++i) {
    world.people.push_back(new_id(now));
    tx.run(
        "INSERT INTO person (id, name, function, name_folded, function_folded, ui_locale, theme, single_keys, "
        "created_at) VALUES (?, 'a', '', 'a', '', 'fr-FR', 'system', 1, ?)",
        {world.people.back(), now});
  }
}

void add_workspaces(storage::Transaction& tx, World& world, Instant now) {
  world.territory = new_id(now);
  tx.run("INSERT INTO territory (id, name, name_folded, short, created_at) VALUES (?, 'a', 'a', 'a', ?)",
         {world.territory, now});
  for (int i = 0; i < kRounds * 2 / kDocumentsEach + 1; ++i) {
    world.workspaces.push_back(new_id(now));
    tx.run(
        "INSERT INTO workspace (id, name, name_folded, description, territory_id, language, created_at, updated_at) "
        "VALUES (?, 'a', 'a', '', ?, 'fr', ?, ?)",
        {world.workspaces.back(), world.territory, now, now});
    for (const Id person : world.people)
      tx.run("INSERT INTO workspace_member (workspace_id, person_id, role, joined_at) VALUES (?, ?, 'editor', ?)",
             {world.workspaces.back(), person, now});
  }
}

// A journal as it is after some months: its trees have their height, and people and things recur in it.
void add_events(storage::Transaction& tx, const World& world, Instant now) {
  for (std::size_t i = 0; i < kEventsBefore; ++i)
    journal::append(tx, {{world.people[i * 37 % kPeople], {}, new_id(now).to_string()},
                         journal::Verb::document_renamed,
                         journal::ObjectKind::document,
                         new_id(now),
                         world.workspaces[i * 13 % world.workspaces.size()],
                         now,
                         {{"title", "Compte rendu"}, {"before", "Sans titre"}}});
  while (journal::enter(tx) > 0) {}
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values.empty() ? 0 : values[values.size() / 2];
}

template <class T>
Task<void> carry(Task<T> task, std::promise<T>* promise) {
  auto value = co_await std::move(task);
  promise->set_value(std::move(value));
}

/// One command, many times, by turns with and without its event.
class Series {
 public:
  explicit Series(const char* name) : name_(name) {}

  void add(const Timed::Write& silent, const Timed::Write& told) {
    silent_.push_back(silent.wall);
    added_.push_back(told.wall - silent.wall);
    silent_cpu_.push_back(silent.cpu);
    added_cpu_.push_back(told.cpu - silent.cpu);
  }
  // The middle of the differences between neighbours: what the disk does from minute to minute falls out of it. The
  // second figure is the harder one: as if the disk took no time at all.
  void print() const {
    std::printf(
        "an event adds %.1f %% to the transaction that %s (%.0f us more to %.0f); bar 10 %%; without the time of the "
        "disk %.1f %% (%.1f us of the processor more to %.1f)\n",
        median(added_) / median(silent_) * 100, name_, median(added_), median(silent_),
        median(added_cpu_) / median(silent_cpu_) * 100, median(added_cpu_), median(silent_cpu_));
  }

 private:
  const char* name_;
  std::vector<double> silent_, added_, silent_cpu_, added_cpu_;
};

class Bench {
 public:
  explicit Bench(storage::Database& database) : timed_(database) {
    shards_.run();
    auto fill = [this](storage::Transaction& tx) -> Result<void> {
      add_people(tx, world_, clock_.now());
      add_workspaces(tx, world_, clock_.now());
      add_events(tx, world_, clock_.now());
      return {};
    };
    if (!database.write_now(fill)) std::exit(1);
  }
  ~Bench() {
    shards_.stop();
    services_.stop();
    workers_.stop();
  }

  void round(int i) {
    Actor actor;
    actor.person_id = world_.people[static_cast<std::size_t>(i * 37 % kPeople)];
    actor.request_id = new_id(clock_.now()).to_string();
    NewDocument fresh;
    fresh.workspace_id = world_.workspaces[static_cast<std::size_t>(i * 2 / kDocumentsEach)];
    fresh.title = "Compte rendu";
    Id last;
    measure(adding_, i, [&] { last = must(run(services_.documents.add(actor, fresh))).id; });
    int name = 0;
    measure(renaming_, i, [&] {
      must(run(services_.documents.change(actor, last, {"Relevé " + std::to_string(++name), {}})));
    });
    enter();
  }

  void print() const {
    adding_.print();
    renaming_.print();
    std::printf("behind the commits an event costs %.1f us of the processor more, to be found by its ids\n",
                entering_ / static_cast<double>(std::max<std::int64_t>(entered_, 1)));
  }

 private:
  template <class T>
  static T must(Result<T> result) {
    if (!result) std::exit(1);
    return std::move(*result);
  }
  template <class T>
  T run(Task<T> task) {
    std::promise<T> promise;
    auto done = promise.get_future();
    shards_.at(0).spawn("bench", carry<T>(std::move(task), &promise));
    return done.get();
  }
  template <class F>
  void measure(Series& series, int round, F command) {
    Timed::Write writes[2];
    for (const int turn : {0, 1}) {
      tells = (turn + round) % 2 == 1;
      command();
      writes[tells] = timed_.last;
    }
    series.add(writes[0], writes[1]);
  }
  // As the server does, in a transaction of its own.
  void enter() {
    const auto more = must(journal::enter_behind(timed_));
    if (more > 0) entering_ += timed_.last.cpu;
    entered_ += more;
  }

  const storage::TemporaryDirectory directory_;
  const SystemClock clock_;
  FakeLive live_;
  Workers workers_{1, 10};
  Shards shards_{1};
  storage::Blobs blobs_{directory_ / "blobs"};
  Timed timed_;
  Services services_{timed_, blobs_, workers_, clock_, live_};
  World world_;
  Series adding_{"adds a document"}, renaming_{"renames a document"};
  double entering_ = 0;
  std::int64_t entered_ = 0;
};

}  // namespace

int main() {
  const storage::TemporaryDirectory directory;
  Metrics metrics;
  auto database = storage::open_sqlite({.file = directory / "cluse.db"}, metrics);
  if (!database || !storage::migrate(**database, migrations())) return 1;
  {
    Bench bench(**database);
    for (int i = 0; i < kRounds; ++i) bench.round(i);
    bench.print();
  }
  (*database)->stop();
  return 0;
}
