// Aim: a mail that comes back is known for the one that was sent, whatever server writes the report; nothing that
// somebody makes up is. Method: reports in the forms of Postfix and of Exim, and what is none.

#include "server/mail/bounce.h"
#include "server/mail/compose.h"
#include "server/mail/fate.h"
#include "server/mail/spool.h"
#include "server/mail/token.h"
#include "server/storage/testing.h"

#include <gtest/gtest.h>

namespace cluse::mail {
namespace {

constexpr Instant kNow{1'790'000'000'000};

// Postfix: the notice, the status of the queue and of the recipient, the whole message.
std::string postfix(const std::string& token, const std::string& action = "failed",
                    const std::string& status = "5.1.1") {
  return "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.org (Mail Delivery System)\r\nTo: cluse@example.org\r\n"
         "Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
         "Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"4F1.1/mx.example.org\"\r\n\r\n"
         "This is a MIME-encapsulated message.\r\n\r\n--4F1.1/mx.example.org\r\nContent-Description: Notification\r\n"
         "Content-Type: text/plain; charset=us-ascii\r\n\r\nThis is the mail system at host mx.example.org.\r\n\r\n"
         "--4F1.1/mx.example.org\r\nContent-Description: Delivery report\r\nContent-Type: message/delivery-status\r\n"
         "\r\nReporting-MTA: dns; mx.example.org\r\nX-Postfix-Queue-ID: 4F1\r\nArrival-Date: Sun, 22 Nov 2026 09:30:00 "
         "+0000 (UTC)\r\n\r\nFinal-Recipient: rfc822; bureau@example.org\r\nOriginal-Recipient: "
         "rfc822;bureau@example.org\r\nAction: " +
         action + "\r\nStatus: " + status +
         "\r\nRemote-MTA: dns; mx.example.org\r\nDiagnostic-Code: smtp; 550 5.1.1 <bureau@example.org>: Recipient\r\n"
         "    address rejected: User unknown\r\n\r\n--4F1.1/mx.example.org\r\nContent-Description: Undelivered "
         "Message\r\nContent-Type: message/rfc822\r\n\r\nReceived: by mx.example.org\r\nFrom: cluse@example.org\r\nTo: "
         "bureau@example.org\r\nSubject: =?UTF-8?B?w6k=?=\r\nMessage-ID: <" +
         token + "@example.org>\r\n\r\nun texte\r\n\r\n--4F1.1/mx.example.org--\r\n";
}

// Exim: bare line ends, a folded Message-ID, the head of the message alone.
std::string exim(const std::string& token) {
  return "X-Failed-Recipients: bureau@example.org\nAuto-Submitted: auto-replied\nFrom: Mail Delivery System "
         "<Mailer-Daemon@mail.example.ch>\nTo: cluse@example.org\nReferences: <" +
         token +
         "@example.org>\nContent-Type: multipart/report; report-type=delivery-status; "
         "boundary=1763800000-eximdsn-12345\nMIME-Version: 1.0\nSubject: Mail delivery failed: returning message to "
         "sender\n\n--1763800000-eximdsn-12345\nContent-type: text/plain; charset=us-ascii\n\nThis message was created "
         "automatically by mail delivery software.\n\n--1763800000-eximdsn-12345\nContent-type: "
         "message/delivery-status\n\nReporting-MTA: dns; mail.example.ch\n\nAction: failed\nFinal-Recipient: "
         "rfc822;bureau@example.org\nStatus: 5.0.0\nRemote-MTA: dns; mx.example.org\nDiagnostic-Code: smtp; 550 No "
         "such user here\n\n--1763800000-eximdsn-12345\nContent-type: text/rfc822-headers\n\nReceived: from "
         "cluse\nFrom: "
         "cluse@example.org\nMessage-ID:\n <" +
         token + "@example.org>\nTo: bureau@example.org\n\n--1763800000-eximdsn-12345--\n";
}

class BounceTest : public testing::Test {
 protected:
  BounceTest() : spool(folder, {}) {
    EXPECT_TRUE(spool.open(kNow));
    secret = *open_secret(folder);
  }
  /// A message that was sent; its token.
  std::string sent(const std::string& key) {
    EXPECT_TRUE(*spool.put(key, {"bureau@example.org", kNow, std::nullopt, "Subject: a\r\n\r\nb\r\n"}));
    const auto queued = spool.read(Spool::name_of(key));
    EXPECT_TRUE(spool.sent(Spool::name_of(key), queued->key));
    return token_of(secret, Spool::name_of(key));
  }
  storage::TemporaryDirectory directory;
  std::filesystem::path folder = directory / "mail";
  Spool spool;
  std::string secret;
};

TEST_F(BounceTest, IsKnownForTheMessageThatWasSent) {
  const std::string postfix_token = sent("one"), exim_token = sent("two");
  EXPECT_EQ(fate_of(folder, "one"), "");
  EXPECT_EQ(*take_bounce(folder, postfix(postfix_token)), Taken::noted);
  EXPECT_EQ(*take_bounce(folder, exim(exim_token)), Taken::noted);
  EXPECT_EQ(*take_bounce(folder, exim(exim_token)), Taken::unknown) << "a second one says nothing new";
  const auto all = Spool::all_bounced(folder, 10);
  ASSERT_EQ(all.size(), 2U);
  const auto& one = all[0].key == "one" ? all[0] : all[1];
  EXPECT_EQ(one.key, "one");
  EXPECT_EQ(one.reason,
            "bounced: 5.1.1 smtp; 550 5.1.1 <bureau@example.org>: Recipient address rejected: User unknown");
  for (const auto& each : all) EXPECT_TRUE(Spool::settle_bounced(folder, each.name));
  EXPECT_TRUE(Spool::all_bounced(folder, 10).empty());
  EXPECT_EQ(fate_of(folder, "one"), one.reason);
  EXPECT_FALSE(*spool.put("one", {"bureau@example.org", kNow, std::nullopt, "a"})) << "it is not sent again";
  EXPECT_EQ(*take_bounce(folder, postfix(postfix_token)), Taken::unknown);
}

TEST_F(BounceTest, WaitsWhereTheOtherServerStillTries) {
  const std::string token = sent("one");
  EXPECT_EQ(*take_bounce(folder, postfix(token, "delayed", "4.4.1")), Taken::late);
  EXPECT_TRUE(Spool::all_bounced(folder, 10).empty());
  EXPECT_EQ(*take_bounce(folder, postfix(token, "failed", "4.4.7")), Taken::noted) << "given up after days";
}

TEST_F(BounceTest, BelievesNobodyElse) {
  std::string token = sent("one");
  const std::string name = Spool::name_of("one");
  for (const std::string& forged :
       {name, name + ".", name + "." + std::string(32, '0'), token_of(std::string(32, 'x'), name),
        token_of(secret, Spool::name_of("never sent")), std::string("../../../etc/passwd"), token + "0",
        token_of(secret, "../refused/" + std::string(53, 'a'))})
    EXPECT_EQ(*take_bounce(folder, postfix(forged)), Taken::unknown) << forged;
  token.back() = token.back() == '0' ? '1' : '0';
  EXPECT_EQ(*take_bounce(folder, exim(token)), Taken::unknown);
  EXPECT_TRUE(Spool::all_bounced(folder, 10).empty());
}

TEST_F(BounceTest, LeavesAloneWhatIsNoReport) {
  const std::string token = sent("one");
  std::string nested = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
  for (int i = 0; i < 20'000; ++i) nested += "--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
  const std::string whole = postfix(token);
  for (const std::string& mail :
       {std::string(), std::string("\0\xff\xfe\r\n\r\n", 7), std::string("Subject: absent\r\n\r\nDe retour lundi.\r\n"),
        whole.substr(0, whole.find("--4F1.1")), whole.substr(0, whole.find("Content-Description: Undelivered")), nested,
        std::string(1U << 20, 'x'), "Content-Type: message/rfc822\r\n\r\n" + whole}) {
    const auto taken = take_bounce(folder, mail);
    ASSERT_FALSE(taken) << mail.substr(0, 200);
    EXPECT_EQ(taken.error().code, "bounce_unreadable");
  }
  EXPECT_EQ(take_bounce(folder, whole + std::string(kBounceBytesMax, 'x')).error().code, "bounce_too_large");
  EXPECT_TRUE(Spool::all_bounced(folder, 10).empty());
}

TEST_F(BounceTest, FindsItsTokenInWhatIsSent) {
  const std::string token = token_of(secret, Spool::name_of("key"));
  const Message message{"key", "a@b.ch", "", "fr", "S", "T\n", "<p>T</p>\n", "", "", std::nullopt};
  const auto mail = compose(message, {"cluse@example.org", ""}, kNow, token);
  ASSERT_TRUE(mail);
  EXPECT_NE(mail->find("Message-ID: <" + token + "@example.org>\r\n"), std::string::npos);
  EXPECT_EQ(name_in(secret, token), Spool::name_of("key"));
}

}  // namespace
}  // namespace cluse::mail
