// Aim: a contact detail is seen by whom its owner chose and by nobody else; what is past its clock goes, what is not
// stays, and the chain of the journal stays intact; the register names every table that speaks of persons.
// Method: real services on a real store; ages drawn at random around every clock.

#include "server/domain/privacy/contact_details.h"

#include "server/domain/identity/tokens.h"
#include "server/domain/privacy/processing.h"
#include "server/domain/testing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace cluse::domain {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

class ContactDetailsTest : public testing::Test {
 protected:
  Result<std::vector<ContactDetail>> set(const Actor& actor, ContactKind kind, std::string value, Audience audience) {
    return domain.run(domain.services->contact_details.set(actor, {kind, std::move(value), audience, {}}));
  }
  std::string seen(const Actor& by, const Actor& of) {
    std::string all;
    const auto details = domain.run(domain.services->contact_details.of(by, of.person_id)).value();
    for (const auto& each : details) all += each.value + ";";
    return all;
  }

  TestDomain domain;
  Actor owner = domain.person("Une technicienne", "technicienne@example.org");
};

TEST_F(ContactDetailsTest, EachFieldIsSeenByThoseItWasMeantFor) {
  const Actor colleague = domain.person("Un collègue", "collegue@example.org", "CH");
  const Actor stranger = domain.person("Une autre", "autre@example.org", "CH");
  const Id workspace = domain.workspace();
  domain.join(workspace, owner, Role::editor);
  domain.join(workspace, colleague, Role::reader);
  ASSERT_TRUE(set(owner, ContactKind::phone, "+33 3 84 00 00 00", Audience::everyone));
  ASSERT_TRUE(set(owner, ContactKind::mobile, "+33 6 00 00 00 00", Audience::spaces));
  ASSERT_TRUE(set(owner, ContactKind::address, "1 place de la République\n90000 Belfort", Audience::nobody));
  EXPECT_EQ(seen(owner, owner), "+33 3 84 00 00 00;+33 6 00 00 00 00;1 place de la République\n90000 Belfort;");
  EXPECT_EQ(seen(colleague, owner), "+33 3 84 00 00 00;+33 6 00 00 00 00;");
  EXPECT_EQ(seen(stranger, owner), "+33 3 84 00 00 00;");
  ASSERT_TRUE(domain.run(domain.services->people.set_administrator(domain.administrator(), stranger.person_id, true)));
  EXPECT_EQ(seen(stranger, owner), "+33 3 84 00 00 00;") << "an administrator is no exception";
}

TEST_F(ContactDetailsTest, ConsentIsDatedAndWithdrawn) {
  const auto phone = [&](Audience audience, const char* value = "032 000 00 00") {
    return set(owner, ContactKind::phone, value, audience).value().at(0).consented_at;
  };
  const Instant first = domain.clock.now();
  EXPECT_EQ(phone(Audience::everyone), first);
  domain.clock.advance(hours(1));
  EXPECT_EQ(phone(Audience::spaces), first) << "fewer people: the consent still stands";
  EXPECT_EQ(phone(Audience::everyone), domain.clock.now());
  domain.clock.advance(hours(1));
  EXPECT_EQ(phone(Audience::everyone, "032 111 11 11"), domain.clock.now());
  EXPECT_EQ(phone(Audience::nobody, "032 111 11 11"), std::nullopt);
  EXPECT_EQ(set(owner, ContactKind::phone, "", Audience::everyone).value().size(), 0U);
}

TEST_F(ContactDetailsTest, RefusesWhatIsNone) {
  for (const char* value : {"1234", "0800 CLUSE", "<script>", "00000000000000000000000000"})
    EXPECT_EQ(set(owner, ContactKind::phone, value, Audience::nobody).error().code, "field_invalid") << value;
  EXPECT_EQ(set(owner, ContactKind::email, "nulle part", Audience::nobody).error().code, "field_invalid");
  EXPECT_EQ(set(owner, ContactKind::address, std::string(kContactTextMax + 1, 'a'), Audience::nobody).error().code,
            "field_too_long");
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM contact_detail"), 0);
}

TEST_F(ContactDetailsTest, LeaveWithTheirOwnerAndStandInHerExport) {
  ASSERT_TRUE(set(owner, ContactKind::phone, "+41 32 000 00 00", Audience::everyone));
  const auto own = domain.run(domain.services->personal_data.export_mine(owner)).value();
  EXPECT_NE(own.find("+41 32 000 00 00"), std::string::npos);
  ASSERT_TRUE(domain.run(domain.services->personal_data.erase(domain.administrator(), owner.person_id)));
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM contact_detail"), 0);
  EXPECT_EQ(domain.run(domain.services->contact_details.of(domain.administrator(), owner.person_id)).error().code,
            "person_not_found");
}

class RetentionTest : public testing::Test {
 protected:
  void run(std::string_view sql, storage::Parameters parameters) {
    ASSERT_TRUE(domain.database->write_now([&](storage::Transaction& tx) -> Result<void> {
      tx.run(sql, parameters);
      return {};
    }));
  }
  journal::Verdict verdict() {
    return domain.run(domain.services->records.verify(domain.administrator(), std::nullopt)).value();
  }

  TestDomain domain;
};

TEST_F(RetentionTest, TakesWhatIsPastItsClockAndNothingElse) {
  const Actor admin = domain.administrator();
  const Id workspace = domain.workspace();
  NewDocument fresh;
  fresh.workspace_id = workspace;
  fresh.title = "Note";
  std::vector<Id> documents;
  for (int i = 0; i < 20; ++i) documents.push_back(domain.run(domain.services->documents.add(admin, fresh)).value().id);
  domain.clock.advance(hours(24 * 1000));
  const Instant now = domain.clock.now();
  const std::uint32_t seed = std::random_device()();
  std::mt19937 random(seed);
  const auto age = [&](int days) { return now - hours(24) * std::uniform_int_distribution(0, days * 2)(random); };
  std::array<int, 3> kept{};
  for (int i = 0; i < 20; ++i) {
    const Instant place = age(90), invitation = age(90), opened = age(365);
    run("INSERT INTO known_place (person_id, address_hash, last_at) VALUES (?, ?, ?)",
        {admin.person_id, std::to_string(i), place});
    run("INSERT INTO invitation (id, token_hash, email, email_folded, invited_by, created_at, expires_at) "
        "VALUES (?, ?, 'x@example.org', 'x@example.org', ?, ?, ?)",
        {new_id(now), new_token(), admin.person_id, invitation - hours(24), invitation});
    run("DELETE FROM recently_opened WHERE document_id = ?", {documents[i]});
    run("INSERT INTO recently_opened (person_id, document_id, at) VALUES (?, ?, ?)",
        {admin.person_id, documents[i], opened});
    kept[0] += place > now - hours(24 * 90);
    kept[1] += invitation > now - hours(24 * 90);
    kept[2] += opened > now - hours(24 * 365);
  }
  ASSERT_TRUE(domain.services->retention.sweep_now());
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM known_place"), kept[0]) << "seed " << seed;
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM invitation"), kept[1]) << "seed " << seed;
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM recently_opened"), kept[2]) << "seed " << seed;
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM session"), 0) << "all are over after a thousand days";
  EXPECT_FALSE(verdict().finding);
}

TEST_F(RetentionTest, TakesMoreThanOneTransactionMayHold) {
  const Actor admin = domain.administrator();
  ASSERT_TRUE(domain.database->write_now([&](storage::Transaction& tx) -> Result<void> {
    for (int i = 0; i <= kSweepRowsMax; ++i)
      tx.run("INSERT INTO known_place (person_id, address_hash, last_at) VALUES (?, ?, ?)",
             {admin.person_id, std::to_string(i), domain.clock.now()});
    return {};
  }));
  domain.clock.advance(hours(24 * 91));
  EXPECT_EQ(domain.services->retention.sweep_now()->at(static_cast<std::size_t>(ClockId::places)), kSweepRowsMax + 1);
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM known_place"), 0);
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM journal WHERE verb = 'retention.applied'"), 2) << "one a transaction";
}

TEST_F(RetentionTest, EmptiesDetailsUnderAnEventAndRepeatsNothing) {
  const Actor admin = domain.administrator();
  ASSERT_TRUE(domain.run(domain.services->invitations.invite(admin, {{}, {}, "jamais.venue@example.org"})));
  domain.clock.advance(hours(24 * 400));
  const auto swept = domain.services->retention.sweep_now();
  ASSERT_TRUE(swept);
  EXPECT_EQ(swept->at(static_cast<std::size_t>(ClockId::invitations)), 1);
  EXPECT_GE(swept->at(static_cast<std::size_t>(ClockId::devices)), 1);
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM journal WHERE body LIKE '%jamais.venue%'"), 0);
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM journal WHERE verb = 'retention.applied'"), 1);
  const auto after = verdict();
  EXPECT_FALSE(after.finding);
  EXPECT_GE(after.erased, 2);
  EXPECT_EQ(domain.services->retention.sweep_now().value(), Swept{});
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM journal WHERE verb = 'retention.applied'"), 1);
}

TEST_F(RetentionTest, ShowsAccountsThatNobodyUses) {
  const Actor idle = domain.person("Une ancienne", "ancienne@example.org");
  domain.clock.advance(hours(24 * 731));
  const Actor fresh = domain.person("Une nouvelle", "nouvelle@example.org");
  Actor admin = domain.administrator();
  const auto view = domain.run(domain.services->retention.view(admin)).value();
  std::set<Id> dormant;
  for (const auto& each : view.dormant) dormant.insert(each.person);
  EXPECT_TRUE(dormant.contains(idle.person_id));
  EXPECT_FALSE(dormant.contains(fresh.person_id));
  EXPECT_EQ(domain.run(domain.services->retention.view(fresh)).error().code, "denied");
}

TEST(Register, NamesEveryTableThatSpeaksOfPersons) {
  TestDomain domain;
  std::set<std::string> named;
  for (const auto& activity : processing_activities()) named.insert(activity.tables.begin(), activity.tables.end());
  const auto tables = domain.database->read_now(
      [](storage::Snapshot& snapshot) -> Result<std::vector<storage::Table>> { return snapshot.tables(); });
  ASSERT_TRUE(tables);
  std::set<std::string> known;
  for (const auto& table : *tables) {
    known.insert(table.name);
    const bool speaks = std::ranges::any_of(table.columns, [](const std::string& column) {
      return column.ends_with("_by") || column == "person_id" || column == "actor_id" || column == "email" ||
             column == "address";
    });
    EXPECT_TRUE(!speaks || named.contains(table.name)) << table.name << ": name it in processing.cpp";
  }
  for (const auto& name : named) EXPECT_TRUE(known.contains(name)) << name << " is no table";
}

}  // namespace
}  // namespace cluse::domain
