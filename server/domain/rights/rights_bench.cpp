// What a check of rights costs with 100,000 grants, from the cache and afresh, and what a page of 10,000 people costs.
// Prints one line each for `./dev bench`; asserts nothing.

#include "server/base/metrics.h"
#include "server/domain/fake_live.h"
#include "server/domain/schema.h"
#include "server/domain/services.h"
#include "server/storage/migrations.h"
#include "server/storage/sqlite/sqlite_database.h"
#include "server/storage/testing.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

namespace {

using namespace cluse;
using namespace cluse::domain;
using Microseconds = std::chrono::duration<double, std::micro>;

constexpr int kPeople = 10'000, kOrganisations = 500, kWorkspaces = 200, kGrants = 100'000, kChecks = 2'000;

struct World {
  std::vector<Id> people, organisations, groups, workspaces, documents;
  Id territory;
};

void add_people(storage::Transaction& tx, World& world, Instant now) {
  for (int i = 0; i < kOrganisations; ++i) {
    world.organisations.push_back(new_id(now));
    const std::string name = "organisation " + std::to_string(i);
    tx.run(
        "INSERT INTO organisation (id, name, name_folded, short_name, country, kind, created_at) "
        "VALUES (?, ?, ?, ?, 'F', '', ?)",
        {world.organisations.back(), name, name, name, now});
  }
  for (int i = 0; i < kPeople; ++i) {
    const Id id = new_id(now), organisation = world.organisations[static_cast<std::size_t>(i % kOrganisations)];
    world.people.push_back(id);
    const std::string name = "personne " + std::to_string(i * 7919 % kPeople);
    tx.run(
        "INSERT INTO person (id, name, function, name_folded, function_folded, organisation_id, ui_locale, theme, "
        "single_keys, created_at, organisation_confirmed, is_admin) "
        "VALUES (?, ?, 'chargée de mission', ?, 'chargee de mission', ?, 'fr-FR', 'system', 1, ?, 1, ?)",
        {id, name, name, organisation, now, i == 0});
    tx.run(
        "INSERT INTO account (person_id, email, email_folded, password_hash, password_changed_at) "
        "VALUES (?, ?, ?, '', ?)",
        {id, "p" + std::to_string(i) + "@example.org", "p" + std::to_string(i) + "@example.org", now});
    tx.run(
        "INSERT INTO mandate (id, person_id, organisation_id, function, function_folded, quality, seat, first_day, "
        "last_day, created_at) VALUES (?, ?, ?, 'f', 'f', 'elected', 'titular', '2020-01-01', '9999-12-31', ?)",
        {new_id(now), id, world.organisations[static_cast<std::size_t>((i + 1) % kOrganisations)], now});
  }
}

void add_places(storage::Transaction& tx, World& world, Instant now) {
  world.territory = new_id(now);
  tx.run("INSERT INTO territory (id, name, name_folded, short, created_at) VALUES (?, 'a', 'a', 'a', ?)",
         {world.territory, now});
  for (int i = 0; i < kWorkspaces; ++i) {
    world.workspaces.push_back(new_id(now));
    tx.run(
        "INSERT INTO workspace (id, name, name_folded, description, territory_id, language, created_at, updated_at) "
        "VALUES (?, 'a', 'a', '', ?, 'fr', ?, ?)",
        {world.workspaces.back(), world.territory, now, now});
    for (int depth = 0; depth < 3; ++depth) {
      const Id id = new_id(now);
      const auto parent = depth == 0 ? std::nullopt : std::optional(world.documents.back());
      tx.run(
          "INSERT INTO document (id, workspace_id, parent_id, kind, title, title_folded, language, position, "
          "created_at, updated_at) VALUES (?, ?, ?, 'document', 'a', 'a', 'fr', 1.0, ?, ?)",
          {id, world.workspaces.back(), parent, now, now});
      world.documents.push_back(id);
    }
  }
}

void add_grants(storage::Transaction& tx, World& world, Instant now) {
  for (std::size_t i = 0; i < 300; ++i) {
    world.groups.push_back(new_id(now));
    tx.run("INSERT INTO access_group (id, name, name_folded, created_at) VALUES (?, 'g', ?, ?)",
           {world.groups.back(), std::to_string(i), now});
    for (std::size_t j = 0; j < 20; ++j)
      tx.run("INSERT INTO access_group_member (group_id, member_kind, member_id, added_at) VALUES (?, 'person', ?, ?)",
             {world.groups.back(), world.people[(i * 37 + j * 101) % kPeople], now});
  }
  for (std::size_t i = 0; i < kGrants; ++i) {
    const bool whom = i % 3 != 0;
    const Id holder = whom         ? world.people[i % kPeople]
                      : i % 2 == 0 ? world.organisations[i % kOrganisations]
                                   : world.groups[i % 300];
    const char* const kind = whom ? "person" : i % 2 == 0 ? "organisation" : "group";
    const Id scope = i % 5 == 0 ? world.documents[i % world.documents.size()] : world.workspaces[i * 13 % kWorkspaces];
    tx.run(
        "INSERT INTO access_grant (id, role, holder_kind, holder_id, scope_kind, scope_id, first_day, last_day, "
        "granted_at) VALUES (?, 'reader', ?, ?, ?, ?, '2020-01-01', '9999-12-31', ?)",
        {new_id(now), kind, holder, i % 5 == 0 ? "document" : "workspace", scope, now});
  }
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

template <class F>
double timed(F what) {
  const auto start = std::chrono::steady_clock::now();
  what();
  return Microseconds(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main() {
  const storage::TemporaryDirectory directory;
  Metrics metrics;
  auto database = storage::open_sqlite({.file = directory / "cluse.db"}, metrics);
  if (!database || !storage::migrate(**database, domain::migrations())) return 1;
  const SystemClock clock;
  FakeLive live;
  Workers workers{1, 10};
  storage::Blobs blobs(directory / "blobs");
  Services services(**database, blobs, workers, clock, live);
  World world;
  auto fill = [&](storage::Transaction& tx) -> Result<void> {
    add_people(tx, world, clock.now());
    add_places(tx, world, clock.now());
    add_grants(tx, world, clock.now());
    return {};
  };
  if (!(*database)->write_now(fill)) return 1;
  double fresh = 0, cached = 0, page = 0;
  auto measure = [&](storage::Snapshot& snapshot) -> Result<void> {
    std::vector<double> each;
    const auto ask = [&](std::size_t i) {
      static_cast<void>(
          rights::permissions(snapshot, world.people[i * 17 % kPeople],
                              {rights::ScopeKind::document, world.documents[i % world.documents.size()]}));
    };
    for (std::size_t i = 0; i < kChecks; ++i) each.push_back(timed([&] { ask(i); }));
    fresh = median(each);
    cached = timed([&] {
               for (std::size_t i = 0; i < kChecks; ++i) ask(i);
             }) /
             kChecks;
    return {};
  };
  if (!services.watched.read_now(measure)) return 1;
  auto find = [&](storage::Snapshot& snapshot) -> Result<void> {
    std::vector<double> each;
    for (int i = 0; i < 20; ++i)
      each.push_back(timed([&] {
        static_cast<void>(directory_page(snapshot, {"mission personne " + std::to_string(900 + i), {}, {}, {}, 50}));
      }));
    page = median(each) / 1000;
    return {};
  };
  if (!services.watched.read_now(find)) return 1;
  services.stop();
  workers.stop();
  (*database)->stop();
  std::printf("a check of rights among %d grants: %.2f us from the cache (bar 1), %.1f us afresh (bar 50)\n", kGrants,
              cached, fresh);
  std::printf("a filtered page of %d people: %.1f ms (bar 20)\n", kPeople, page);
  return 0;
}
