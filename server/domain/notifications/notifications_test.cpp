// Aim: whoever should hear of something does, once, in her language and within her rights of the moment; by mail too.
// Method: services over a real store and a clock that stands still; the producer and the post are stepped by hand.

#include "server/domain/notifications/notifications.h"

#include "server/domain/noted_outbox.h"
#include "server/domain/notifications/announcer.h"
#include "server/domain/notifications/post.h"
#include "server/domain/notifications/producer.h"
#include "server/domain/notifications/rows.h"
#include "server/domain/organisations/days.h"
#include "server/domain/organisations/mandate_rows.h"
#include "server/domain/testing.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cluse::domain {
namespace {

using namespace notifications;  // NOLINT(google-build-using-namespace): this file is about nothing else
using std::chrono::hours;
using std::chrono::minutes;

class NotificationsTest : public testing::Test {
 protected:
  NotificationsTest() {
    space = domain.workspace("Mobilité");
    anne = domain.administrator();
    paul = domain.person("Paul Voisin", "paul@example.org");
    hanna = domain.person("Hanna Weber", "hanna@example.org", "CH");
    domain.join(space, paul, Role::editor);
    produce();
    forget();
  }

  std::set<Id> produce() {
    std::set<Id> people;
    for (;;) {
      const auto produced = producer.step();
      EXPECT_TRUE(produced) << (produced ? "" : produced.error().detail);
      if (!produced) return people;
      people.insert(produced->people.begin(), produced->people.end());
      if (!produced->more) return people;
    }
  }
  void forget() {
    auto body = [](storage::Transaction& tx) -> Result<void> {
      tx.run("DELETE FROM notification");
      return {};
    };
    ASSERT_TRUE(domain.database->write_now(std::move(body)));
  }
  std::size_t mail() {
    const auto sent = post.round();
    EXPECT_TRUE(sent) << (sent ? "" : sent.error().detail);
    return sent.value_or(0);
  }
  NotificationPage page(const Actor& actor, NotificationQuery query = {}) {
    auto found = domain.run(domain.services->notifications.list(actor, std::move(query)));
    EXPECT_TRUE(found) << (found ? "" : std::string(found.error().code));
    return found.value_or(NotificationPage{});
  }
  Id write(const Actor& by, const std::string& title) {
    return domain.run(domain.services->documents.add(by, {space, title, DocumentKind::document, {}, "fr", {}}))->id;
  }
  void edit(const Actor& by, Id document) {
    auto body = [=, this](storage::Transaction& tx) -> Result<void> {
      mark_edited(tx, document, by.person_id, std::nullopt, domain.clock.now());
      return {};
    };
    ASSERT_TRUE(domain.database->write_now(std::move(body)));
    domain.clock.advance(minutes(11));  // an event of editing stands for ten minutes
  }
  void follow(const Actor& who, Level level, const std::string& kind = "workspace", std::optional<Id> id = {}) {
    const auto set = domain.run(domain.services->notifications.set_level(who, kind, id.value_or(space), level));
    ASSERT_TRUE(set) << set.error().code;
  }
  void choose(const Actor& who, MailChoice action, MailChoice info, int hour = 7) {
    ASSERT_TRUE(domain.run(domain.services->notifications.change_settings(who, {action, info, hour, ""})));
  }

  TestDomain domain;
  NotedOutbox outbox;
  Producer producer{domain.services->environment, true};
  Post post{domain.services->environment, domain.services->notifications, {&outbox, "https://cluse.example", "Cluse"}};
  Id space;
  Actor anne, paul, hanna;
};

TEST_F(NotificationsTest, TenEditsOfADocumentAreOneLineForWhoeverFollowsTheSpace) {
  const Id document = write(anne, "Charte du covoiturage");
  follow(paul, Level::everything);
  for (int i = 0; i < 10; ++i) edit(anne, document);
  EXPECT_EQ(produce(), std::set{paul.person_id}) << "the author knows; who has no level hears of her own alone";
  const auto shown = page(paul).items;
  ASSERT_EQ(shown.size(), 2U);
  EXPECT_EQ(shown[0].kind, "document.edited");
  EXPECT_EQ(shown[0].times, 10);
  EXPECT_EQ(shown[0].title, "Charte du covoiturage");
  EXPECT_EQ(shown[0].title_language, "fr");
  EXPECT_EQ(shown[0].text, "Anne Perret a modifié ce document");
  EXPECT_EQ(shown[0].url, "/espaces/" + space.to_string() + "/documents/" + document.to_string());
  EXPECT_EQ(shown[1].kind, "document.created");
}

TEST_F(NotificationsTest, AnImportOfManyDocumentsIsOneLineAboutTheSpace) {
  follow(paul, Level::everything);
  for (int i = 0; i < 12; ++i) write(anne, "Fiche " + std::to_string(i));
  produce();
  const auto shown = page(paul).items;
  ASSERT_EQ(shown.size(), 1U);
  EXPECT_EQ(shown[0].title, "Mobilité");
  EXPECT_EQ(shown[0].text, "Anne Perret a créé 12 documents");
}

TEST_F(NotificationsTest, WithoutAChoiceOneHearsOfOnesOwnDocumentsAndOfNothingElse) {
  const Id own = write(paul, "Note de Paul");
  const Id other = write(anne, "Note d’Anne");
  edit(anne, own);
  edit(anne, other);
  produce();
  const auto shown = page(paul).items;
  ASSERT_EQ(shown.size(), 1U);
  EXPECT_EQ(shown[0].title, "Note de Paul");
}

TEST_F(NotificationsTest, TheNearestLevelHolds) {
  const auto folder =
      domain.run(domain.services->documents.add(anne, {space, "Travaux", DocumentKind::folder, {}, "fr", {}}));
  const auto inside =
      domain.run(domain.services->documents.add(anne, {space, "Dedans", DocumentKind::document, folder->id, "fr", {}}));
  const Id own = write(paul, "À moi");
  follow(paul, Level::everything);
  follow(paul, Level::nothing, "document", folder->id);
  follow(paul, Level::nothing, "document", own);
  produce();
  forget();
  edit(anne, inside->id);
  edit(anne, own);
  produce();
  EXPECT_TRUE(page(paul).items.empty());
  const auto view = domain.run(domain.services->notifications.level(paul, "document", inside->id));
  ASSERT_TRUE(view);
  EXPECT_FALSE(view->own);
  EXPECT_EQ(view->inherited, Level::nothing);
  EXPECT_EQ(view->from_name, "Travaux");
  EXPECT_EQ(domain.run(domain.services->notifications.followed(paul))->size(), 3U);
  ASSERT_TRUE(domain.run(domain.services->notifications.set_level(paul, "document", folder->id, std::nullopt)));
  EXPECT_EQ(domain.run(domain.services->notifications.level(paul, "document", inside->id))->from_name, "Mobilité");
}

TEST_F(NotificationsTest, WhatOneMayNoLongerSeeIsNeitherShownNorCountedNorMailed) {
  follow(paul, Level::everything);
  const Id document = write(anne, "Secret");
  produce();
  ASSERT_EQ(page(paul).unread, 1);
  ASSERT_TRUE(domain.run(domain.services->workspaces.remove_member(anne, space, paul.person_id)));
  EXPECT_TRUE(page(paul).items.empty());
  EXPECT_EQ(page(paul).unread, 0);
  choose(paul, MailChoice::at_once, MailChoice::at_once);
  domain.clock.advance(minutes(2));
  EXPECT_EQ(mail(), 0U);
  domain.join(space, paul, Role::reader);
  EXPECT_EQ(page(paul).items.size(), 1U) << "and comes back with the right";
  ASSERT_TRUE(domain.run(domain.services->documents.remove(anne, document)));
  EXPECT_TRUE(page(paul).items.empty()) << "in the trash";
  EXPECT_EQ(domain.run(domain.services->notifications.level(hanna, "workspace", space)).error().code,
            "workspace_not_found");
}

TEST_F(NotificationsTest, ARoleIsToldOfToWhoeverHoldsIt) {
  domain.join(space, hanna, Role::reader);
  produce();
  auto in_german = hanna;
  in_german.locale = "de-CH";
  ASSERT_EQ(page(in_german).items.size(), 1U);
  EXPECT_EQ(page(in_german).items[0].title, "Mobilité");
  EXPECT_EQ(page(in_german).items[0].text, "Anne Perret hat Ihnen Zugang gegeben (Rolle: Lesen)");
  EXPECT_TRUE(page(anne).items.empty());
}

TEST_F(NotificationsTest, AnAccessRequestWaitsForTheSecretariatUntilItIsSettled) {
  auto body = [this](storage::Transaction& tx) -> Result<void> {
    const Id id = new_id(domain.clock.now());
    tx.run(
        "INSERT INTO access_request (id, provider, issuer, subject, name, email, organisation, ui_locale, created_at) "
        "VALUES (?, '', '', 'zoe@example.org', 'Zoé Marchand', 'zoe@example.org', '', 'fr-FR', ?)",
        {id, domain.clock.now()});
    journal::append(
        tx, {{}, journal::Verb::access_requested, journal::ObjectKind::access_request, id, {}, domain.clock.now(), {}});
    return {};
  };
  ASSERT_TRUE(domain.database->write_now(std::move(body)));
  EXPECT_EQ(produce(), std::set{anne.person_id});
  const auto shown = page(anne).items;
  ASSERT_EQ(shown.size(), 1U);
  EXPECT_EQ(shown[0].importance, Class::action);
  EXPECT_EQ(shown[0].title, "Zoé Marchand");
  auto settle = [](storage::Transaction& tx) -> Result<void> {
    tx.run("DELETE FROM access_request");
    return {};
  };
  ASSERT_TRUE(domain.database->write_now(std::move(settle)));
  EXPECT_EQ(page(anne).unread, 0);
}

TEST_F(NotificationsTest, AnEndingMandateIsSaidOnceAndAgainOnlyForAnotherDay) {
  const auto organisation = domain.run(domain.services->people.organisations(""))->at(0).id;
  NewMandate mandate;
  mandate.organisation_id = organisation;
  mandate.function = "Vice-présidente";
  const std::string last = organisations::today(domain.clock.now() + hours(24 * 20));
  mandate.first_day = "2020-01-01";
  mandate.last_day = last;
  auto body = [&, this](storage::Transaction& tx) -> Result<void> {
    const auto made = insert_mandate(tx, paul.person_id, mandate, domain.clock.now());
    return made ? Result<void>() : std::unexpected(made.error());
  };
  ASSERT_TRUE(domain.database->write_now(std::move(body)));
  ASSERT_TRUE(producer.remind());
  const auto again = producer.remind();
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->people.empty());
  const auto shown = page(paul).items;
  ASSERT_EQ(shown.size(), 1U);
  EXPECT_EQ(shown[0].text.substr(0, 26), "Votre mandat prend fin le ");
  domain.clock.advance(hours(24 * 21));
  EXPECT_TRUE(page(paul).items.empty()) << "it has ended";
}

TEST_F(NotificationsTest, MarksAreUndoneExactlyAsTheyWereMade) {
  follow(paul, Level::everything);
  for (int i = 0; i < 3; ++i) edit(anne, write(anne, "Texte " + std::to_string(i)));
  produce();
  const auto all = page(paul).items;
  ASSERT_EQ(all.size(), 4U);
  ASSERT_EQ(domain.run(domain.services->notifications.mark(paul, {all[0].id}, true))->unread, 3);
  const auto every = domain.run(domain.services->notifications.mark_all(paul));
  ASSERT_EQ(every->unread, 0);
  EXPECT_EQ(domain.run(domain.services->notifications.undo(paul, every->undo))->unread, 3) << "the first stays read";
  EXPECT_EQ(domain.run(domain.services->notifications.mark(hanna, {all[1].id}, true))->undo, 0) << "not hers";
  EXPECT_EQ(domain.run(domain.services->notifications.dismiss(hanna, all[1].id, true)).error().code,
            "notification_not_found");
  ASSERT_TRUE(domain.run(domain.services->notifications.dismiss(paul, all[1].id, true)));
  EXPECT_EQ(page(paul).items.size(), 3U);
  ASSERT_TRUE(domain.run(domain.services->notifications.dismiss(paul, all[1].id, false)));
  const auto unread = page(paul, {true, "", 2});
  ASSERT_EQ(unread.items.size(), 2U);
  ASSERT_FALSE(unread.next.empty());
  const auto rest = page(paul, {true, unread.next, 2});
  EXPECT_EQ(rest.items.size(), 1U);
  EXPECT_TRUE(rest.next.empty());
  EXPECT_GE(domain.live.count("notified", paul.person_id), 4);
}

TEST_F(NotificationsTest, WhatWaitsIsMailedAtOnceUnlessItWasReadMeanwhile) {
  choose(paul, MailChoice::at_once, MailChoice::at_once);
  const Id document = write(paul, "Note <de> Paul");
  edit(anne, document);
  produce();
  EXPECT_EQ(mail(), 0U) << "she may be looking at it";
  domain.clock.advance(kMailGrace);
  ASSERT_EQ(mail(), 1U);
  const auto message = outbox.take();
  EXPECT_EQ(message.to, "paul@example.org");
  EXPECT_EQ(message.subject, "Note <de> Paul\u00a0: Anne Perret a modifié ce document");
  EXPECT_EQ(message.thread, "document " + document.to_string());
  EXPECT_NE(message.html.find("Note &lt;de&gt; Paul"), std::string::npos);
  EXPECT_NE(message.text.find("https://cluse.example/espaces/" + space.to_string()), std::string::npos);
  EXPECT_EQ(mail(), 0U) << "once";
  ASSERT_TRUE(domain.run(domain.services->notifications.mark_all(paul)));
  edit(anne, document);
  produce();
  ASSERT_TRUE(domain.run(domain.services->notifications.mark_all(paul)));
  domain.clock.advance(kMailGrace);
  EXPECT_EQ(mail(), 0U) << "read on the screen";
}

TEST_F(NotificationsTest, TheLinkOfAMailEndsMailsOfItsKindWithoutASession) {
  choose(paul, MailChoice::at_once, MailChoice::at_once);
  edit(anne, write(paul, "Note"));
  produce();
  domain.clock.advance(kMailGrace);
  ASSERT_EQ(mail(), 1U);
  const std::string url = outbox.take().unsubscribe_url;
  const std::string token = url.substr(url.rfind('/') + 1);
  EXPECT_EQ(domain.run(domain.services->notifications.unsubscribe(token + "x")).error().code, "unsubscribe_link_wrong");
  EXPECT_EQ(*domain.run(domain.services->notifications.unsubscribe(token)), Class::info);
  const auto settings = domain.run(domain.services->notifications.settings(paul));
  EXPECT_EQ(settings->info, MailChoice::never);
  EXPECT_EQ(settings->action, MailChoice::at_once);
  edit(anne, write(paul, "Autre note"));
  produce();
  domain.clock.advance(kMailGrace);
  EXPECT_EQ(mail(), 0U);
}

TEST_F(NotificationsTest, ADigestComesOnceADayAtItsHourWithWhatWasThere) {
  // To midnight, by whatever way the clock of the tests stands.
  const std::string today = organisations::today(domain.clock.now());
  while (organisations::today(domain.clock.now()) == today) domain.clock.advance(minutes(10));
  choose(paul, MailChoice::at_once, MailChoice::daily, 8);
  const Id first = write(paul, "Première"), second = write(paul, "Deuxième");
  edit(anne, first);
  edit(anne, second);
  produce();
  EXPECT_EQ(mail(), 0U) << "before its hour";
  domain.clock.advance(hours(8));
  ASSERT_EQ(mail(), 1U);
  const auto digest = outbox.take();
  EXPECT_EQ(digest.subject, "Votre journée sur Cluse\u00a0: 2 nouveautés");
  EXPECT_NE(digest.text.find("Première"), std::string::npos);
  EXPECT_NE(digest.text.find("Deuxième"), std::string::npos);
  ASSERT_TRUE(domain.run(domain.services->notifications.mark_all(paul)));
  edit(anne, first);
  produce();
  EXPECT_EQ(mail(), 0U) << "what comes after its hour waits for tomorrow";
  domain.clock.advance(hours(24));
  EXPECT_EQ(mail(), 1U);
  domain.clock.advance(hours(24));
  EXPECT_EQ(mail(), 0U) << "an empty digest is never sent";
}

TEST_F(NotificationsTest, PastTheLimitOfADayMailsWaitForTheDigest) {
  choose(paul, MailChoice::at_once, MailChoice::at_once);
  for (int i = 0; i <= kMailsPerDayMax; ++i) {
    edit(anne, write(paul, "Note " + std::to_string(i)));
    produce();
    domain.clock.advance(kMailGrace);
    EXPECT_EQ(mail(), i < kMailsPerDayMax ? 1U : 0U) << i;
  }
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM notification WHERE mail = 'daily'"), 1);
}

TEST_F(NotificationsTest, NobodyIsToldOfWhatWasThereBeforeTheFirstLook) {
  auto body = [](storage::Transaction& tx) -> Result<void> {
    tx.run("DELETE FROM setting WHERE key = 'notifications.cursor'");
    return {};
  };
  ASSERT_TRUE(domain.database->write_now(std::move(body)));
  edit(anne, write(paul, "Ancienne"));
  EXPECT_TRUE(produce().empty());
  edit(anne, write(paul, "Nouvelle"));
  EXPECT_EQ(produce(), std::set{paul.person_id});
}

TEST_F(NotificationsTest, AnErasedAuthorIsNamedAsSuchAndAnErasedReaderHasNothing) {
  const Id document = write(anne, "Reste");
  follow(anne, Level::everything);
  edit(paul, document);
  produce();
  follow(paul, Level::everything);
  ASSERT_TRUE(domain.run(domain.services->personal_data.erase(anne, paul.person_id)));
  EXPECT_EQ(page(anne).items.at(0).text, "Personne effacée a modifié ce document");
  EXPECT_EQ(domain.count("SELECT (SELECT COUNT(*) FROM notification_level) + (SELECT COUNT(*) FROM "
                         "notification_setting)"),
            1)
      << "what is left is of the administrator";
}

class AnnouncerTest : public NotificationsTest {
 protected:
  AnnouncerTest() {
    said.plugin = "org.example.polls";
    said.key = "polls.closed";
    said.french = {"Sondage clos", "Trois réponses."};
    said.german = {"Umfrage beendet", "Drei Antworten."};
    said.url = "/e/org.example.polls/7";
  }
  Announcer announcer{domain.services->environment, {&outbox, "https://cluse.example", "Cluse"}};
  Announcement said;
};

TEST_F(AnnouncerTest, EachReaderReadsAPluginInHerLanguage) {
  said.people = {paul.person_id, hanna.person_id};
  ASSERT_TRUE(announcer.announce(said));
  ASSERT_TRUE(announcer.announce(said));
  auto in_german = hanna;
  in_german.locale = "de-CH";
  ASSERT_EQ(page(paul).items.size(), 1U) << "word for word the same is one line";
  EXPECT_EQ(page(paul).items[0].title, "Sondage clos");
  EXPECT_EQ(page(paul).items[0].url, said.url);
  EXPECT_EQ(page(in_german).items.at(0).text, "Drei Antworten.");
  EXPECT_EQ(domain.live.count("notified", paul.person_id), 2);
}

TEST_F(AnnouncerTest, NothingGoesOutIfAnythingIsWrong) {
  said.people = {paul.person_id, new_id(domain.clock.now())};
  EXPECT_EQ(announcer.announce(said).error().code, "person_not_found");
  EXPECT_TRUE(page(paul).items.empty());
  said.people = {paul.person_id};
  for (const char* url : {"https://elsewhere.example", "//elsewhere.example", "/a b", "javascript:x"}) {
    said.url = url;
    EXPECT_EQ(announcer.announce(said).error().code, "field_invalid") << url;
  }
  said.url = "";
  said.addresses = {{"nobody", "fr"}};
  EXPECT_EQ(announcer.announce(said).error().code, "mail_address_wrong");
  said.people.assign(kAnnouncedToMax + 1, paul.person_id);
  EXPECT_EQ(announcer.announce(said).error().code, "too_many_notifications");
  EXPECT_EQ(outbox.count(), 0U);
}

TEST_F(AnnouncerTest, OnePluginCannotFloodOnePerson) {
  said.people = {paul.person_id};
  for (std::int64_t i = 0; i < kAnnouncedPerPersonMax; ++i) {
    said.french.body = std::to_string(i);
    ASSERT_TRUE(announcer.announce(said));
  }
  said.french.body = "one more";
  EXPECT_EQ(announcer.announce(said).error().code, "too_many_notifications");
  domain.clock.advance(hours(25));
  EXPECT_TRUE(announcer.announce(said)) << "the next day";
}

TEST_F(AnnouncerTest, AMailToAnAddressThatFailsComesBackUntilThePluginKnows) {
  said.addresses = {{"bureau@example.org", "de"}, {"autre@example.org", "fr"}};
  ASSERT_TRUE(announcer.announce(said));
  const auto first = outbox.take(), second = outbox.take();
  EXPECT_EQ(first.subject, "Umfrage beendet");
  EXPECT_EQ(second.language, "fr");
  EXPECT_TRUE(first.unsubscribe_url.empty()) << "there is nothing to set without an account";
  EXPECT_NE(first.text.find("https://cluse.example/e/org.example.polls/7"), std::string::npos);
  const FateOf waits = [](const std::string&) { return std::nullopt; };
  EXPECT_TRUE(announcer.failed(waits)->empty());
  const FateOf settled = [&](const std::string& key) {
    return key == first.key ? std::optional<std::string>("no such user") : std::optional<std::string>("");
  };
  for (int again = 0; again < 2; ++again) {
    const auto failed = announcer.failed(settled);
    ASSERT_EQ(failed->size(), 1U);
    EXPECT_EQ(failed->at(0).address, "bureau@example.org");
    EXPECT_EQ(failed->at(0).message, "polls.closed");
    EXPECT_EQ(failed->at(0).why, "no such user");
  }
  ASSERT_TRUE(announcer.forget(first.key));
  // What has left is not asked about any more, and may still come back.
  const FateOf never = [](const std::string& key) -> std::optional<std::string> { return "asked about " + key; };
  EXPECT_TRUE(announcer.failed(never)->empty());
  EXPECT_FALSE(*announcer.returned("another", "bounced"));
  EXPECT_TRUE(*announcer.returned(second.key, "bounced: 5.1.1"));
  for (int again = 0; again < 2; ++again) {
    const auto failed = announcer.failed(waits);
    ASSERT_EQ(failed->size(), 1U);
    EXPECT_EQ(failed->at(0).address, "autre@example.org");
    EXPECT_EQ(failed->at(0).why, "bounced: 5.1.1");
  }
  ASSERT_TRUE(announcer.forget(second.key));
  EXPECT_FALSE(*announcer.returned(second.key, "bounced")) << "its plugin has heard";
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM announced_mail"), 0);
}

TEST_F(AnnouncerTest, AMailThatNeverComesBackIsForgotten) {
  said.addresses = {{"bureau@example.org", "de"}};
  ASSERT_TRUE(announcer.announce(said));
  const FateOf gone = [](const std::string&) { return std::optional<std::string>(""); };
  EXPECT_TRUE(announcer.failed(gone)->empty());
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM announced_mail"), 1);
  domain.clock.advance(kAnnouncedMailKept + std::chrono::hours(1));
  EXPECT_TRUE(announcer.failed(gone)->empty());
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM announced_mail"), 0);
}

TEST_F(NotificationsTest, TheCentreOfOnePersonIsBounded) {
  auto body = [this](storage::Transaction& tx) -> Result<void> {
    NewNotification made;
    made.person = paul.person_id;
    made.kind = "document.edited";
    for (int i = 0; i < kPerPersonMax + 5; ++i) add(tx, made, false, domain.clock.now() + std::chrono::milliseconds(i));
    return {};
  };
  ASSERT_TRUE(domain.database->write_now(std::move(body)));
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM notification"), kPerPersonMax);
}

}  // namespace
}  // namespace cluse::domain
