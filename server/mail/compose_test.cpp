// Aim: whatever people write, a mail has the headers that we gave it and no other (reliability B32).
// Method: exact words of RFC 2047, RFC 2045 and RFC 5322; an independent parser reads whole mails in
// tests/protocol/mail.test.mjs.

#include "server/mail/compose.h"

#include <gtest/gtest.h>

#include <sstream>

namespace cluse::mail {
namespace {

const Sender kSender{"cluse@example.org", "Conférence transfrontalière"};
constexpr Instant kNow{1'795'339'800'000};  // 2026-11-22T09:30:00Z

Message letter() {
  Message message;
  message.key = "invitation 1";
  message.to = "membre@example.ch";
  message.language = "fr";
  message.subject = "Invitation";
  message.text = "Bonjour\n";
  message.html = "<p>Bonjour</p>\n";
  return message;
}

std::string head_of(const std::string& mail) {
  return mail.substr(0, mail.find("\r\n\r\n") + 2);
}

TEST(HeaderWords, ArePlainWherePossibleAndEncodedInWholeCharactersElsewhere) {
  EXPECT_EQ(header_words("Reunion du comite"), "Reunion du comite");
  EXPECT_EQ(header_words("Réunion"), "=?UTF-8?B?UsOpdW5pb24=?=");
  const std::string longest = header_words(std::string(60, 'x') + "éééééééééééééééééééééééééééééé");
  std::istringstream lines(longest);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    EXPECT_LE(line.size(), 76U);
    EXPECT_NE(line.find("=?UTF-8?B?"), std::string::npos);
  }
}

TEST(HeaderWords, CannotStartAnotherHeader) {
  for (const char* evil :
       {"Bonjour\r\nBcc: everyone@example.org", "a\nX: b", "a\rX: b", "a\0b", "=?UTF-8?Q?x=0D=0AX:?="}) {
    const std::string words = header_words(evil);
    std::istringstream lines(words);
    for (std::string line; std::getline(lines, line);) EXPECT_EQ(line.find("Bcc"), std::string::npos) << words;
    EXPECT_EQ(words.find("\nX"), std::string::npos) << words;
    EXPECT_EQ(words.find("=?UTF-8?Q?"), std::string::npos) << "what looks encoded is encoded again";
  }
}

TEST(QuotedPrintable, KeepsLinesShortAndEndsThemProperly) {
  EXPECT_EQ(quoted_printable("é = e \n.\n"), "=C3=A9 =3D e=20\r\n=2E\r\n");
  const std::string coded = quoted_printable(std::string(200, 'a') + std::string(50, '='));
  for (std::size_t at = 0; at < coded.size();) {
    const std::size_t end = std::min(coded.find("\r\n", at), coded.size());
    EXPECT_LE(end - at, 76U);
    at = end + 2;
  }
}

TEST(Base64, IsThatOfTheStandard) {
  EXPECT_EQ(to_base64(""), "");
  EXPECT_EQ(to_base64("f"), "Zg==");
  EXPECT_EQ(to_base64("fo"), "Zm8=");
  EXPECT_EQ(to_base64("foo"), "Zm9v");
  EXPECT_EQ(to_base64("foob"), "Zm9vYg==");
}

TEST(MailDate, IsThatOfTheStandard) {
  EXPECT_EQ(mail_date(kNow), "Sun, 22 Nov 2026 09:30:00 +0000");
}

TEST(Compose, SaysWhoItIsAndThatNobodyShouldAnswerByRobot) {
  const auto mail = compose(letter(), kSender, kNow);
  ASSERT_TRUE(mail);
  const std::string head = head_of(*mail);
  EXPECT_NE(head.find("\r\nAuto-Submitted: auto-generated\r\n"), std::string::npos);
  EXPECT_NE(head.find("\r\nTo: membre@example.ch\r\n"), std::string::npos);
  EXPECT_NE(head.find("\r\nContent-Language: fr\r\n"), std::string::npos);
  EXPECT_EQ(head.find("List-Unsubscribe"), std::string::npos) << "nobody unsubscribes from her own password";
  EXPECT_EQ(head.find("In-Reply-To"), std::string::npos);
  EXPECT_EQ(*compose(letter(), kSender, kNow), *mail) << "the same message has the same Message-ID";
}

TEST(Compose, ThreadsWhatBelongsTogetherAndSaysHowToUnsubscribeWhereItApplies) {
  Message message = letter();
  message.thread = "document 7";
  message.unsubscribe_url = "https://cluse.example/u/1\r\nBcc: x@example.org";
  const auto one = compose(message, kSender, kNow);
  message.key = "invitation 2";
  const auto other = compose(message, kSender, kNow);
  ASSERT_TRUE(one && other);
  const auto line = [](const std::string& mail, const std::string& name) {
    const std::size_t at = mail.find("\r\n" + name + ": ");
    return at == std::string::npos ? "" : mail.substr(at + 2, mail.find("\r\n", at + 2) - at - 2);
  };
  EXPECT_EQ(line(*one, "References"), line(*other, "References"));
  EXPECT_NE(line(*one, "References"), "");
  EXPECT_NE(line(*one, "Message-ID"), line(*other, "Message-ID"));
  EXPECT_NE(line(*one, "List-Unsubscribe"), "");
  EXPECT_EQ(line(*one, "Bcc"), "");
}

TEST(Compose, RefusesAddressesThatCouldSayMore) {
  for (const char* address : {"", "a", "@b.ch", "a@", "a@b@c", "a b@c.ch", "a@c.ch\r\nRCPT TO:<x@y.ch>", "a@c.ch>",
                              "é@c.ch", "a@c.ch,x@y.ch", "\"a\"@c.ch"}) {
    Message message = letter();
    message.to = address;
    const auto mail = compose(message, kSender, kNow);
    ASSERT_FALSE(mail) << address;
    EXPECT_EQ(mail.error().code, "mail_address_wrong");
  }
}

}  // namespace
}  // namespace cluse::mail
