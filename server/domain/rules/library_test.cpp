// Aim: a pack that could mislead is refused in words, and what judged a decision can be found again to the byte.
// Method: one small pack, and one mistake at a time.

#include "server/domain/rules/testing.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cluse::domain::rules {
namespace {

constexpr std::string_view kHead =
    "id = 'p'\nversion = '1'\nname_fr = 'P'\nname_de = 'P'\nvalid_from = 2020-01-01\nvalid_until = 2020-12-31\n"
    "zone = 'Europe/Paris'\njurist = { fr = 'à confirmer', de = 'zu bestätigen' }\n";
constexpr std::string_view kSource = "source = { reference = 'L1', words = 'w', language = 'fr' }\n";

std::string rule(std::string_view lines, std::string_view source = kSource) {
  return "[[rule]]\nid = 'r'\ntitle_fr = 'R'\ntitle_de = 'R'\n" + std::string(lines) + std::string(source);
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  out.replace(out.find(from), from.size(), to);
  return out;
}

Result<Library> library(const std::vector<std::string>& texts) {
  std::vector<data_file::File> files;
  for (const std::string& text : texts) files.push_back({"p" + std::to_string(files.size() + 1) + ".toml", text});
  return Library::read(files, shipped().holidays());
}

const std::string kGood = std::string(kHead) + rule("kind = 'partners'\ncountries = ['FR', 'CH']\n");

TEST(Library, RefusesARuleWithoutASource) {
  for (const std::string& source : {std::string(), std::string("source = { words = 'w', language = 'fr' }\n"),
                                    std::string("source = { reference = 'L1', words = ' ', language = 'fr' }\n")}) {
    const auto read = library({std::string(kHead) + rule("kind = 'partners'\ncountries = ['FR']\n", source)});
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, "rule_pack_unsourced");
    EXPECT_TRUE(read.error().detail.starts_with("p1.toml, line ")) << read.error().detail;
    EXPECT_TRUE(read.error().field.starts_with("rule[1].source"));
  }
}

TEST(Library, RefusesUnknownKeysKindsAndImpossibleValues) {
  const std::pair<const char*, const char*> cases[] = {
      {"kind = 'partners'\ncountries = ['FR']\ncolour = 'red'\n",
       "p1.toml, line 15: rule[1].colour: there is no such key here"},
      {"kind = 'lottery'\n", "p1.toml, line 13: rule[1].kind: there is no kind \"lottery\" of rule"},
      {"kind = 'partners'\ncountries = ['DE']\n", "knows only \"FR\" and \"CH\""},
      {"kind = 'ceiling'\namount = 'grant'\nlimits = ['35000 EUR']\nbound = 'at_most'\n", "must be an amount"},
      {"kind = 'ceiling'\namount = 'grant'\nlimits = ['0.00 EUR']\nbound = 'at_most'\n", "must be an amount"},
      {"kind = 'ceiling'\namount = 'grant'\nlimits = ['1.00 USD']\nbound = 'at_most'\n", "must be an amount"},
      {"kind = 'ceiling'\namount = 'grant'\nlimits = ['-1.00 EUR']\nbound = 'at_most'\n", "must be an amount"},
      {"kind = 'ceiling'\namount = 'grant'\nlimits = ['99999999999999.00 EUR']\nbound = 'at_most'\n",
       "must be an amount"},
      {"kind = 'ceiling'\namount = 'grant'\nlimits = ['1.00 EUR', '2.00 EUR']\nbound = 'at_most'\n",
       "two limits in one currency"},
      {"kind = 'ceiling'\namount = 'grant'\nlimits = ['1.00 EUR']\n", "bound: is missing"},
      {"kind = 'share_max'\npart = 'grant'\nwhole = 'total_cost'\nbasis_points = 10001\n",
       "must be between 1 and 10000"},
      {"kind = 'share_max'\npart = 'grant'\nwhole = 'grant'\nbasis_points = 1\n", "are the same amount"},
      {"kind = 'place'\nterritories = ['a']\nat_least = 2\n", "must be between 1 and 1"},
      {"kind = 'closing'\ndays = [2024-05-15, 2024-04-15]\n", "must ascend"},
      {"kind = 'notice'\nwhat = 'flowers'\ndelay = { days = 1, count = 'clear' }\n", "must be \"convocation\""},
      {"kind = 'notice'\nwhat = 'dates'\ndelay = { count = 'clear' }\n", "a delay has months or days"},
      {"kind = 'notice'\nwhat = 'dates'\ndelay = { days = 1001, count = 'clear' }\n", "must be between 0 and 1000"},
      {"kind = 'notice'\nwhat = 'dates'\ndelay = { days = -1, count = 'clear' }\n", "must be between 0 and 1000"},
      {"kind = 'notice'\nwhat = 'dates'\ndelay = { months = 61, count = 'clear' }\n", "must be between 0 and 60"},
      {"kind = 'quorum'\nbase = 'in_office'\nnumerator = 3\ndenominator = 2\nbound = 'at_least'\n",
       "is more than the whole"},
      {"kind = 'quorum'\nbase = 'in_office'\nnumerator = 1\ndenominator = 1\nbound = 'more_than'\n",
       "asks for more than all"},
      {"kind = 'quorum'\nbase = 'in_office'\nnumerator = 1\ndenominator = 0\nbound = 'more_than'\n",
       "must be between 1 and 1000"},
      {"kind = 'majority'\nnumerator = 2\ndenominator = 3\nchair_breaks_ties = true\n", "there are ties only"},
      {"kind = 'proxies'\nillness_lifts = true\n", "has no limit to lift"},
      {"kind = 'frequency'\nmin_a_year = 3\nmax_a_year = 2\n", "is more than max_a_year"},
      {"kind = 'composition'\noffices = {}\n", "is empty"},
      {"kind = 'partners'\ncountries = ['FR']\nconvention_fr = 'x'\n", "must both be there"},
  };
  for (const auto& [lines, expected] : cases) {
    const auto read = library({std::string(kHead) + rule(lines)});
    ASSERT_FALSE(read) << lines;
    EXPECT_EQ(read.error().code, "rule_pack_malformed");
    EXPECT_NE(read.error().detail.find(expected), std::string::npos) << read.error().detail;
  }
}

TEST(Library, RefusesAHeadThatIsWrong) {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"zone = 'Europe/Paris'", "zone = 'Europe/Delle'", "there is no such time zone"},
      {"valid_until = 2020-12-31", "valid_until = 2019-12-31", "is before valid_from"},
      {"valid_from = 2020-01-01\n", "", "valid_from: is missing"},
      {"valid_from = 2020-01-01", "valid_from = 2020-02-30", "line 5"},
      {"version = '1'\n", "", "version: is missing"},
      {"zone = 'Europe/Paris'", "zone = 'Europe/Paris'\nholidays = 'IT'", "there is no table of holidays"},
      {"jurist = { fr = 'à confirmer', de = 'zu bestätigen' }\n", "", "jurist: is missing"},
  };
  for (const auto& [from, to, expected] : cases) {
    const auto read = library({replaced(kGood, from, to)});
    ASSERT_FALSE(read) << to;
    EXPECT_NE(read.error().detail.find(expected), std::string::npos) << read.error().detail;
  }
  EXPECT_NE(library({std::string(kHead)}).error().detail.find("at least one [[rule]]"), std::string::npos);
  EXPECT_NE(library({kGood + rule("kind = 'partners'\ncountries = ['FR']\n")}).error().detail.find("stands twice"),
            std::string::npos);
}

TEST(Library, RefusesVersionsThatOverlap) {
  const auto second = [](const char* from, const char* until, const char* version = "version = '2'") {
    std::string text = replaced(kGood, "version = '1'", version);
    text = replaced(text, "valid_until = 2020-12-31", until);
    return replaced(text, "valid_from = 2020-01-01", from);
  };
  EXPECT_TRUE(library({kGood, second("valid_from = 2021-01-01", "")}));
  EXPECT_TRUE(library({kGood, second("valid_from = 2019-01-01", "valid_until = 2019-12-31")}));
  for (const std::string& other : {second("valid_from = 2020-12-31", ""), second("valid_from = 2019-01-01", ""),
                                   second("valid_from = 2020-06-01", "valid_until = 2020-06-30"),
                                   second("valid_from = 2021-01-01", "", "version = '1'")}) {
    const auto read = library({kGood, other});
    ASSERT_FALSE(read) << other;
    EXPECT_EQ(read.error().code, "rule_pack_overlap");
  }
}

TEST(Library, FindsThePackInForceAndGuessesNone) {
  EXPECT_EQ(pack_on("fppt", "2016-12-31").stamp.version, "2016");
  EXPECT_EQ(pack_on("fppt", "2017-01-01").stamp.version, "2017");
  EXPECT_EQ(pack_on("fppt", "2026-11-22").stamp.version, "2025");
  EXPECT_EQ(shipped().in_force("fppt", day("2022-06-01")).error().code, "rule_pack_none_in_force");
  EXPECT_EQ(shipped().in_force("fppt", day("2015-12-31")).error().code, "rule_pack_none_in_force");
  EXPECT_EQ(shipped().in_force("lottery", day("2020-01-01")).error().code, "rule_pack_unknown");
}

TEST(Library, FindsAPackAgainByItsStampAndNoticesThatItWasAltered) {
  const Library before = library({kGood}).value();
  const Stamp stamp = before.packs().front().stamp;
  EXPECT_EQ(stamp.hash.size(), 64U);
  const Library same = library({"# a comment\n" + replaced(kGood, "version = '1'", "version   =   \"1\"")}).value();
  EXPECT_EQ(same.find(stamp).value()->stamp, stamp) << "spaces and comments change nothing";
  const Library altered = library({replaced(kGood, "'FR', 'CH'", "'FR'")}).value();
  EXPECT_EQ(altered.find(stamp).error().code, "rule_pack_altered");
  const Library ended = library({replaced(kGood, "valid_until = 2020-12-31", "valid_until = 2020-06-30")}).value();
  EXPECT_TRUE(ended.find(stamp)) << "a version that is replaced gets a last day and stays what it was";
  const Library gone = library({replaced(kGood, "version = '1'", "version = '9'")}).value();
  EXPECT_EQ(gone.find(stamp).error().code, "rule_pack_unknown");
}

TEST(Library, StampsTheHolidaysThatAPackCountsBy) {
  const std::string table =
      "id = 'X'\nname_fr = 'X'\nname_de = 'X'\ncountry = 'FR'\nzone = 'Europe/Paris'\n"
      "source = { reference = 'L', words = 'w', language = 'fr' }\n"
      "[[holiday]]\nid = 'a'\nname_fr = 'A'\nname_de = 'A'\nrule = 'easter'\noffset_days = 1\n";
  const auto hash = [](const std::string& holidays, const char* count) {
    const std::string head = replaced(kHead, "zone = ", "holidays = 'X'\nzone = ");
    const std::string text =
        head + rule(std::string("kind = 'notice'\nwhat = 'dates'\ndelay = { days = 5, count = '") + count + "' }\n");
    auto book = calendar::HolidayBook::read({{"x.toml", holidays}}).value();
    return Library::read({{"p.toml", text}}, std::move(book)).value().packs().front().stamp.hash;
  };
  const std::string other = replaced(table, "offset_days = 1", "offset_days = 50");
  EXPECT_NE(hash(table, "working"), hash(other, "working"));
  EXPECT_EQ(hash(table, "clear"), hash(other, "clear")) << "clear days count holidays like any other day";
}

TEST(Library, ShipsPacksThatNameTheirSourcesAndAskForAJurist) {
  EXPECT_GE(shipped().packs().size(), 9U);
  for (const Pack& pack : shipped().packs()) {
    EXPECT_FALSE(pack.jurist_confirmed) << pack.stamp.id << ": nobody has confirmed it yet";
    EXPECT_FALSE(pack.jurist_fr.empty() || pack.jurist_de.empty());
    for (const Rule& rule : pack.rules) {
      EXPECT_FALSE(rule.source.reference.empty() || rule.source.words.empty()) << pack.stamp.id << ' ' << rule.id;
      EXPECT_EQ(rule.title_de.find("ß"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace cluse::domain::rules
