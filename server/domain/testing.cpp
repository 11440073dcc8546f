#include "server/domain/testing.h"

#include "server/domain/schema.h"
#include "server/domain/search/indexer.h"
#include "server/domain/workspaces/members.h"
#include "server/storage/migrations.h"

namespace cluse::domain {
namespace {

// A test that cannot be set up says why and ends.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(std::string(result.error().code) + ": " + result.error().detail);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

template <class T>
T must(Guarded<T> result) {
  if (!result) throw std::runtime_error(std::string(result.error().error.code));
  return std::move(*result);
}

}  // namespace

Settings cheap_settings() {
  Settings settings;
  settings.password_cost = {1, 8192, 2, 128};
  settings.setup_token = kTestSetupToken;
  return settings;
}

TestDomain::TestDomain(const Settings& settings) : database(directory.path()), blobs(directory / "blobs") {
  database.reopen(metrics);
  must(storage::migrate(*database, migrations()));
  Settings searching = settings;
  searching.search = must(storage::open_search_index(directory / "search.db"));
  services = std::make_unique<Services>(*database, blobs, workers, clock, live, searching);
  must(services->start());
  shards.run();
}

void TestDomain::index() {
  must(search::Indexer(services->environment, *services->search_index).step());
}

TestDomain::~TestDomain() {
  shards.stop();
  services->stop();
  workers.stop();
  database->stop();
}

Actor TestDomain::administrator() {
  if (administrator_) return *administrator_;
  FirstAdministrator first{kTestSetupToken, "Anne Perret", "anne@example.org",
                           kTestPassword,   "fr-FR",       {"Région test", "", "F", "région"}};
  administrator_ = must(run(services->accounts.set_up(first, {"192.0.2.1", "Firefox, Linux"}))).actor;
  return *administrator_;
}

Actor TestDomain::person(const std::string& name, const std::string& email, const std::string& country) {
  const Actor admin = administrator();
  const auto invitation = must(run(services->invitations.invite(admin, NewInvitation{})));
  Newcomer newcomer{name, "Chargée de mission", email, kTestPassword, "fr-FR", std::nullopt, std::nullopt};
  newcomer.organisation = NewOrganisation{country == "F" ? "Département test" : "Canton test", "", country, ""};
  auto accepted =
      must(run(services->invitations.accept_as_newcomer(newcomer, invitation.token, {"192.0.2.2", "Firefox, Linux"})));
  return accepted.signed_in->actor;
}

Id TestDomain::workspace(const std::string& name) {
  const Actor admin = administrator();
  const auto territory = must(run(services->workspaces.add_territory(admin, "Aire urbaine", "AU")));
  return must(run(services->workspaces.add(admin, {name, "", territory.id, "fr"}))).id;
}

void TestDomain::join(Id workspace, const Actor& actor, Role role) {
  must(run(services->workspaces.set_member(administrator(), workspace, actor.person_id, role)));
}

std::int64_t TestDomain::count(const std::string& sql) {
  auto body = [sql](storage::Snapshot& snapshot) -> Result<std::int64_t> { return snapshot.one(sql)->integer(0); };
  return must(database->read_now(std::move(body)));
}

}  // namespace cluse::domain
