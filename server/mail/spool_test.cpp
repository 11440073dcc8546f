// Aim: what the spool took is there after a restart, once, and nothing else is. Method: a folder on a real disk;
// crashes are played by leaving behind what they leave behind. kill -9 itself is in tests/protocol/mail.test.mjs.

#include "server/mail/spool.h"
#include "server/storage/testing.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace cluse::mail {
namespace {

constexpr Instant kNow{1'790'000'000'000};

Queued letter(std::string mail = "Subject: a\r\n\r\nsecret link\r\n") {
  return {"membre@example.ch", kNow, kNow + std::chrono::minutes(30), std::move(mail)};
}

class SpoolTest : public testing::Test {
 protected:
  Spool open(SpoolLimits limits = {}) {
    Spool spool(directory / "mail", limits);
    const auto opened = spool.open(kNow);
    EXPECT_TRUE(opened.has_value());
    return spool;
  }
  std::string content(const char* part, const std::string& key) {
    std::ifstream stream(directory / "mail" / part / Spool::name_of(key));
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  storage::TemporaryDirectory directory;
};

TEST_F(SpoolTest, KeepsWhatItTookAcrossARestart) {
  {
    Spool spool = open();
    EXPECT_TRUE(*spool.put("one", letter()));
  }
  const Spool spool = open();
  ASSERT_EQ(spool.waiting().size(), 1U);
  const auto read = spool.read(spool.waiting().front());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->to, "membre@example.ch");
  EXPECT_EQ(read->queued_at, kNow);
  EXPECT_EQ(read->expires_at, kNow + std::chrono::minutes(30));
  EXPECT_EQ(read->mail, letter().mail);
}

TEST_F(SpoolTest, TakesAKeyOnceWhetherItWaitsOrWasSentOrRefused) {
  Spool spool = open();
  for (const char* key : {"waits", "sent", "refused"}) EXPECT_TRUE(*spool.put(key, letter()));
  EXPECT_TRUE(spool.sent(Spool::name_of("sent")));
  EXPECT_TRUE(spool.refused(Spool::name_of("refused"), letter(), "550 no such user"));
  for (const char* key : {"waits", "sent", "refused"}) EXPECT_FALSE(*spool.put(key, letter())) << key;
  EXPECT_EQ(spool.waiting(), std::vector{Spool::name_of("waits")});
}

TEST_F(SpoolTest, KeepsTheReasonOfARefusalAndNotTheTextWithItsLink) {
  Spool spool = open();
  EXPECT_TRUE(*spool.put("one", letter()));
  EXPECT_TRUE(spool.refused(Spool::name_of("one"), letter(), "550 no such\nuser"));
  const std::string kept = content("refused", "one");
  EXPECT_NE(kept.find("reason 550 no such user\n"), std::string::npos);
  EXPECT_NE(kept.find("Subject: a"), std::string::npos);
  EXPECT_EQ(kept.find("secret"), std::string::npos);
}

TEST_F(SpoolTest, ClearsWhatACrashLeftHalfWayAndDoesNotSendAgainWhatIsMarked) {
  {
    Spool spool = open();
    EXPECT_TRUE(*spool.put("one", letter()));
    EXPECT_TRUE(*spool.put("two", letter()));
  }
  std::ofstream(directory / "mail/new/torn") << "cluse ma";
  std::ofstream(directory / "mail/sent" / Spool::name_of("one"));
  const Spool spool = open();
  EXPECT_FALSE(std::filesystem::exists(directory / "mail/new/torn"));
  EXPECT_EQ(spool.waiting(), std::vector{Spool::name_of("two")});
}

TEST_F(SpoolTest, HasLimitsWithNames) {
  SpoolLimits limits;
  limits.messages_max = 2;
  limits.message_bytes_max = 100;
  Spool spool = open(limits);
  EXPECT_EQ(spool.put("large", letter(std::string(101, 'x'))).error().code, "mail_too_large");
  EXPECT_TRUE(*spool.put("one", letter()));
  EXPECT_TRUE(*spool.put("two", letter()));
  EXPECT_EQ(spool.put("three", letter()).error().code, "mail_queue_full");
  EXPECT_TRUE(spool.sent(Spool::name_of("one")));
  EXPECT_TRUE(*spool.put("three", letter()));
}

TEST_F(SpoolTest, ReadsNothingThatItDidNotWrite) {
  Spool spool = open();
  for (const char* bytes :
       {"", "cluse mail 1\n", "cluse mail 1\nto a@b.ch\nqueued x\n\n", "hello\n\n", "cluse mail 1\n\nx"}) {
    std::ofstream(directory / "mail/queue/odd") << bytes;
    const auto read = spool.read("odd");
    ASSERT_FALSE(read) << bytes;
    EXPECT_EQ(read.error().code, "mail_unreadable");
  }
}

TEST_F(SpoolTest, IsForItsOwnerOnly) {
  Spool spool = open();
  EXPECT_TRUE(*spool.put("one", letter()));
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(directory / "mail").permissions(), perms::owner_all);
  const auto file = std::filesystem::status(directory / "mail/queue" / Spool::name_of("one")).permissions();
  EXPECT_EQ(file & (perms::group_all | perms::others_all), perms::none);
}

}  // namespace
}  // namespace cluse::mail
