// Aim: names are found however they are written; what comes from a file is read as it was meant, and what goes into one
// can neither compute nor add lines.
#include "../src/files/sheets.h"
#include "../src/files/zip.h"
#include "../src/model/near.h"
#include "../src/text/csv.h"
#include "../src/text/days.h"
#include "../src/text/encoding.h"
#include "../src/text/fold.h"
#include "../src/text/token.h"
#include "../src/text/vcard.h"

#include <gtest/gtest.h>

namespace annuaires {
namespace {

TEST(Fold, IsTheSameForAllWaysToWriteIt) {
  EXPECT_EQ(fold("Montbéliard"), "montbeliard");
  EXPECT_EQ(fold("St Claude"), fold("Saint-Claude"));
  EXPECT_EQ(fold("L’Isle-sur-le-Doubs"), fold("L'ISLE SUR LE DOUBS"));
  EXPECT_EQ(fold("  Bözingenstraße, Œuvre  "), "bozingenstrasse oeuvre");
  EXPECT_EQ(fold("e\u0301cole"), "ecole") << "with a mark of its own";
  EXPECT_EQ(fold(""), "");
}

TEST(Keys, AreTheSameForTheSame) {
  EXPECT_EQ(name_key("CC du Pays de Maîche"), name_key("Pays de Maiche, CC"));
  EXPECT_NE(name_key("Delle"), name_key("Delémont"));
  EXPECT_EQ(name_key("SARL"), "sarl") << "a legal form alone is a name after all";
  EXPECT_EQ(email_key(" Contact@Example.ORG "), "contact@example.org");
  for (const char* wrong :
       {"", "contact", "@example.org", "a@b", "a b@example.org", "a@b@example.org", "a@example.org."})
    EXPECT_EQ(email_key(wrong), "") << wrong;
  EXPECT_EQ(phone_key("03 39 30 00 65", "FR"), "+33339300065");
  EXPECT_EQ(phone_key("+33 (0)3 39 30 00 65", "CH"), "+33339300065");
  EXPECT_EQ(phone_key("0041 32 420 51 11", "FR"), phone_key("032 420 51 11", "CH"));
  EXPECT_EQ(phone_key("12", "FR"), "");
}

TEST(Distance, CountsSlips) {
  EXPECT_EQ(distance("delemont", "delemont", 2), 0U);
  EXPECT_EQ(distance("delmeont", "delemont", 2), 1U) << "two letters swapped";
  EXPECT_EQ(distance("delemon", "delemont", 2), 1U);
  EXPECT_EQ(distance("porentruy", "porrentruy", 2), 1U);
  EXPECT_EQ(distance("delle", "delemont", 2), 3U) << "never more than max + 1";
}

TEST(Encoding, IsFoundAndRead) {
  EXPECT_EQ(detect_encoding("Ma\xeeche"), "windows-1252");
  EXPECT_EQ(to_utf8("Ma\xee"
                    "che \x80 \x9c",
                    "windows-1252"),
            "Maîche € œ");
  EXPECT_EQ(detect_encoding("\xef\xbb\xbfMaîche"), "utf-8");
  EXPECT_EQ(to_utf8("\xef\xbb\xbfMaîche", "utf-8"), "Maîche");
  EXPECT_EQ(to_utf8(std::string_view("\xff\xfe\xe9\0\x3d\xd8\x00\xde", 8), "utf-16le"), "é😀");
  EXPECT_EQ(to_utf8("a\xff"
                    "b",
                    "utf-8"),
            "a\ufffdb");
}

std::vector<Cells> rows_of(std::string_view text, char separator) {
  std::vector<Cells> rows;
  read_csv(text, separator, [&](Cells&& row) {
    rows.push_back(std::move(row));
    return true;
  });
  return rows;
}

TEST(Csv, ReadsWhatSpreadsheetsWrite) {
  EXPECT_EQ(detect_separator("Nom;Ville\r\nA, B;C\r\n"), ';');
  EXPECT_EQ(detect_separator("Nom,Ville\nA,C\nB,D\n"), ',');
  EXPECT_EQ(detect_separator("Nom\tVille\n"), '\t');
  const auto rows = rows_of("a;\"b;\"\"c\"\"\nd\";\r\n\r\n;;x\n\"never closed;", ';');
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0], (Cells{"a", "b;\"c\"\nd", ""}));
  EXPECT_EQ(rows[1], (Cells{"", "", "x"}));
  EXPECT_EQ(rows[2], (Cells{"never closed;"}));
}

TEST(Csv, LetsNoCellCompute) {
  for (const std::string cell : {"=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "=HYPERLINK(\"http://x\")"}) {
    EXPECT_TRUE(looks_like_formula(cell)) << cell;
    std::string line;
    append_csv_row(line, {cell}, ';');
    EXPECT_TRUE(line.starts_with("'") || line.starts_with("\"'")) << line;
    EXPECT_EQ(without_guard(rows_of(line, ';').at(0).at(0)), cell);
  }
  for (const char* cell : {"+33 3 39 30 00 65", "-3,5", "Maîche", "2026-11-22", ""})
    EXPECT_FALSE(looks_like_formula(cell)) << cell;
}

Card sample() {
  Card card;
  card.uid = "0123456789abcdef0123456789abcdef";
  card.revised = "2026-11-22T18:00:00Z";
  card.name = "Responsable des transports; Jura, \\ \"x\"";
  card.family = "Nom";
  card.given = "Prénom";
  card.organisation = "République et Canton du Jura";
  card.function = "Responsable";
  card.note = "Une ligne\nEND:VCARD\r\nBEGIN:VCARD\nX-EVIL:1";
  card.website = "https://example.org/a,b;c";
  card.emails = {"a@example.org"};
  card.phones = {"+41 32 420 51 11"};
  card.mobiles = {"+41 79 000 00 00"};
  card.categories = {"Mobilités", "a,b"};
  card.address = {"Rue du 24-Septembre 2", "2800", "Delémont", "Suisse"};
  return card;
}

TEST(Vcard, ComesBackAsItWasWrittenAndAddsNoLines) {
  for (const auto version : {VcardVersion::v3, VcardVersion::v4}) {
    Card card = sample();
    if (version == VcardVersion::v4) card.languages = {"fr", "de"};
    const auto text = write_card(card, version);
    std::vector<Card> read;
    read_cards(text, [&](Card&& one) {
      read.push_back(std::move(one));
      return true;
    });
    ASSERT_EQ(read.size(), 1U) << text;
    read[0].revised = card.revised;
    card.note = "Une ligne\nEND:VCARD\nBEGIN:VCARD\nX-EVIL:1";
    EXPECT_EQ(read[0], card) << text;
    for (std::size_t at = 0; at < text.size(); at = text.find("\r\n", at) + 2) {
      EXPECT_LE(text.find("\r\n", at) - at, 75U);
      EXPECT_NE(text.substr(at, 6), "X-EVIL");
    }
  }
}

TEST(Vcard, NoFieldBeginsALine) {
  for (const std::string end : {"\n", "\r\n", "\r"})
    for (const auto version : {VcardVersion::v3, VcardVersion::v4}) {
      const std::string evil = "a" + end + "END:VCARD" + end + "BEGIN:VCARD" + end + "X-EVIL:1";
      Card card = sample();
      for (auto* text :
           {&card.uid, &card.name, &card.family, &card.given, &card.organisation, &card.function, &card.note,
            &card.website, &card.address.street, &card.address.postcode, &card.address.city, &card.address.country})
        *text = evil;
      card.emails = card.phones = card.mobiles = card.categories = {evil};
      card.languages = {evil};
      const auto text = write_card(card, version);
      for (const std::string word : {"X-EVIL", "BEGIN:VCARD", "END:VCARD"})
        for (const char* before : {"\n", "\r"})
          EXPECT_EQ(text.find(before + word), word == "END:VCARD" && *before == '\n' ? text.size() - 12 : text.npos)
              << text;
    }
}

TEST(Vcard, ReadsOthers) {
  std::vector<Card> read;
  read_cards(
      "BEGIN:VCARD\nVERSION:3.0\nN:;;;;\nFN:\nORG:Vitteaut;Atelier\nitem1.EMAIL;type=INTERNET:x@example.org\n"
      "TEL;VALUE=uri;TYPE=\"voice,cell\":tel:+33600000000\nNOTE:a\\nb\\, c\n  d\nEND:VCARD\nBEGIN:VCARD\nFN:cut short",
      [&](Card&& one) {
        read.push_back(std::move(one));
        return true;
      });
  ASSERT_EQ(read.size(), 1U);
  EXPECT_TRUE(read[0].is_organisation);
  EXPECT_EQ(read[0].name, "Vitteaut");
  EXPECT_EQ(read[0].emails.at(0), "x@example.org");
  EXPECT_EQ(read[0].mobiles.at(0), "+33600000000");
  EXPECT_EQ(read[0].note, "a\nb, c d");
}

TEST(Sheets, ComeBackAsTheyWereWritten) {
  const std::vector<Cells> rows = {{"Nom", "Code"}, {"Maîche <&> \"x\"", "01001"}, {"=1+1", "deux\nlignes"}};
  const auto file = write_xlsx("Annuaire [1]", rows);
  EXPECT_EQ(sheet_names(file), (std::vector<std::string>{"Annuaire  1 "}));
  std::vector<Cells> read;
  read_xlsx(file, "", [&](Cells&& row) {
    read.push_back(std::move(row));
    return true;
  });
  EXPECT_EQ(read, rows);
  const auto ods = write_ods("Annuaire", rows);
  EXPECT_EQ(ods.substr(30, 8), "mimetype");
  EXPECT_NE(ZipReader(ods).read("content.xml", 1 << 20).find("<text:p>deux</text:p><text:p>lignes</text:p>"),
            std::string::npos);
}

TEST(Sheets, RefuseWhatTheyAreNot) {
  const auto ignore = [](Cells&&) { return true; };
  EXPECT_THROW(read_xlsx("not a file", "", ignore), ZipError);
  const auto file = write_xlsx("x", {{"a"}});
  for (std::size_t size = 0; size < file.size(); size += 37)
    EXPECT_THROW(read_xlsx(file.substr(0, size), "", ignore), ZipError) << size;
  ZipWriter bomb;
  bomb.add("content", std::string(3 << 20, 'a'));
  const auto octets = bomb.finish();
  EXPECT_THROW(static_cast<void>(ZipReader(octets).read("content", 1 << 20)), ZipError);
  ZipWriter evil;
  evil.add("xl/workbook.xml", "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><workbook>&a;</workbook>");
  const auto with_type = evil.finish();
  EXPECT_THROW(static_cast<void>(sheet_names(with_type)), ZipError);
}

TEST(Ticket, IsNobodyElsesToMake) {
  const Ticket ticket{42, 1'800'000'000'000, 1'790'000'000'000};
  const auto token = sign(ticket, "secret");
  EXPECT_EQ(open_ticket(token, "secret"), ticket);
  EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
            std::string::npos);
  EXPECT_FALSE(open_ticket(token, "another"));
  EXPECT_FALSE(open_ticket("2b" + token.substr(2), "secret")) << "another entry";
  for (std::size_t size = 0; size < token.size(); ++size) EXPECT_FALSE(open_ticket(token.substr(0, size), "secret"));
}

TEST(Days, AreReadAndCounted) {
  EXPECT_EQ(read_day("22.11.2026"), "2026-11-22");
  EXPECT_EQ(read_day("2026-02-28"), "2026-02-28");
  for (const char* wrong : {"", "2026-02-30", "31.04.2026", "22-11-26", "2026-13-01", "aa.bb.cccc"})
    EXPECT_FALSE(read_day(wrong)) << wrong;
  EXPECT_EQ(day_of(add_months(1'772'236'800'000, 12)), "2027-02-28");
  EXPECT_EQ(day_of(add_months(1'769'817'600'000, 1)), "2026-02-28") << "31 January";
}

TEST(Likeness, NeedsAPolicyAndAnotherCountry) {
  Entry a, b;
  const auto list = [](const char* one) { return Value::array({one}); };
  a.data = {
      {"country", list("FR")}, {"policies", list("mobilites")}, {"level", "department"}, {"languages", list("fr")}};
  b.data = {{"country", list("CH")}, {"policies", list("mobilites")}, {"level", "canton"}, {"languages", list("fr")}};
  const Reference none;
  const auto found = compare(a, b, none);
  EXPECT_EQ(found.score, 80);
  ASSERT_EQ(found.reasons.size(), 3U);
  EXPECT_EQ(found.reasons[1].code, "same_level");
  b.data.set("country", list("FR"));
  EXPECT_EQ(compare(a, b, none).score, 0);
  b.data.set("country", list("CH")).set("policies", list("sante"));
  EXPECT_EQ(compare(a, b, none).score, 0);
}

}  // namespace
}  // namespace annuaires
