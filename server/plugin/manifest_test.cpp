// Aim: a manifest says everything or is refused, naming the line and what was expected; so is a library that is not
// what it should be. Nothing of a plugin runs here.
#include "server/plugin/manifest.h"
#include "server/plugin/guest/library.h"
#include "server/plugin/installed.h"
#include "server/storage/testing.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace cluse::plugin {
namespace {

namespace fs = std::filesystem;

const fs::path kPlugins = CLUSE_PLUGINS;

constexpr const char* kGood = R"([plugin]
id = "org.example.polls"
version = "1.4.0"
abi = "0.1"
library = "libpolls.so"
name = { fr = "Sondages", de = "Umfragen" }
needs = ["cluse.http/1", "cluse.events/1", "cluse.jobs/1"]
wants = ["cluse.search/1"]
limits = { database_mb = 16 }
[grants]
routes = ["POST /polls/{poll}/vote", "GET /polls/{poll}"]
notices = ["document.purged"]
asks = [{ hook = "document.create", budget_ms = 50, on_failure = "refuse" }]
jobs = ["close"]
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Manifest, SaysWhatItGrants) {
  const auto manifest = parse_manifest(kGood, "plugin.toml");
  ASSERT_TRUE(manifest) << manifest.error().detail;
  EXPECT_EQ(manifest->id, "org.example.polls");
  EXPECT_EQ(manifest->limits.database_bytes, 16U << 20);
  EXPECT_TRUE(manifest->uses("cluse.search/1"));
  ASSERT_NE(manifest->ask("document.create"), nullptr);
  EXPECT_FALSE(manifest->ask("document.create")->allow_on_failure);
  EXPECT_EQ(words_of(manifest->grants).front(), "ask document.create 50 ms, refuse on failure");

  const auto vote = match(manifest->grants, "POST", "/polls/7/vote");
  ASSERT_NE(vote.route, nullptr);
  EXPECT_EQ(vote.parameters.at("poll"), "7");
  for (const char* path : {"/polls//vote", "/polls/7/vote/", "polls/7/vote", "/polls", ""})
    EXPECT_EQ(match(manifest->grants, "POST", path).route, nullptr) << path;
  EXPECT_TRUE(match(manifest->grants, "DELETE", "/polls/7").path_known);
}

TEST(Manifest, IsRefusedWithTheLineAndWhatWasExpected) {
  const struct {
    const char *from, *to, *words;
  } cases[] = {
      {"id = \"org.example.polls\"", "id = \"../../etc\"", "line 2: plugin.id"},
      {"id = \"org.example.polls\"", "id = \"polls\"", "line 2: plugin.id"},
      {"abi = \"0.1\"", "abi = \"0.9\"", "line 4: plugin.abi: is 0.9, and this release of Cluse offers 0.1"},
      {"abi = \"0.1\"", "abi = \"1.0\"", "is 1.0, and this release of Cluse offers 0.1"},
      {"abi = \"0.1\"", "abi = \"new\"", "two numbers"},
      {"libpolls.so", "../libpolls.so", "line 5: plugin.library"},
      {", de = \"Umfragen\"", "", "plugin.name.de"},
      {"\"cluse.http/1\", ", "\"cluse.magic/1\", ", "line 7: plugin.needs: names \"cluse.magic/1\""},
      {"\"cluse.http/1\", ", "", "name cluse.http/1 in needs or wants"},
      {"database_mb = 16", "database_mb = 0", "plugin.limits.database_mb"},
      {"POST /polls/{poll}/vote", "POST polls", "line 11: grants.routes"},
      {"POST /polls/{poll}/vote", "TRACE /polls", "line 11: grants.routes"},
      {"document.purged", "session.started", "line 12: grants.notices: names \"session.started\""},
      {"document.purged", "document.exploded", "grants.notices"},
      {"hook = \"document.create\"", "hook = \"vote.cast\"", "grants.asks[1].hook"},
      {"budget_ms = 50", "budget_ms = 90000", "budget_ms"},
      {"\"refuse\"", "\"maybe\"", "must be one of \"allow\" \"refuse\""},
      {"jobs = [\"close\"]", "jobs = [\"close\"]\nnetwork = [\"*\"]", "line 15: grants.network"},
      {"version = \"1.4.0\"\n", "", "plugin.version"},
      {"[grants]", "[grants", "line 10"},
  };
  for (const auto& each : cases) {
    const auto manifest = parse_manifest(replaced(kGood, each.from, each.to), "plugin.toml");
    ASSERT_FALSE(manifest) << each.to;
    EXPECT_EQ(manifest.error().code, "plugin_manifest_wrong");
    EXPECT_NE(manifest.error().detail.find(each.words), std::string::npos) << manifest.error().detail;
  }
}

std::string bytes_of_file(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

TEST(Library, IsLookedAtAsAFileFirst) {
  const std::string good = bytes_of_file(kPlugins / "hello" / "libhello.so");
  const auto facts = inspect_library(good);
  ASSERT_TRUE(facts) << facts.error().detail;
  EXPECT_EQ(facts->exports, std::vector<std::string>{"cluse_plugin_entry"});
  EXPECT_EQ(facts->abi_minor, CLUSE_ABI_MINOR);
  const auto chatty = inspect_library(bytes_of_file(kPlugins / "chatty" / "libchatty.so"));
  ASSERT_FALSE(chatty);
  EXPECT_NE(chatty.error().detail.find("sqlite3_open"), std::string::npos);
  EXPECT_FALSE(inspect_library(""));
  EXPECT_FALSE(inspect_library("#!/bin/sh\n"));
}

TEST(Library, ThatIsCutOrBentIsNeverReadPastItsEnd) {
  const std::string good = bytes_of_file(kPlugins / "plain_c" / "libplain_c.so");
  for (std::size_t size = 0; size < good.size(); size += 97) static_cast<void>(inspect_library(good.substr(0, size)));
  std::string bent = good;
  for (std::size_t at = 0; at < std::min<std::size_t>(bent.size(), 4096); ++at) {
    bent[at] = static_cast<char>(~bent[at]);
    static_cast<void>(inspect_library(bent));
    bent[at] = good[at];
  }
}

class ShelfTest : public ::testing::Test {
 protected:
  storage::TemporaryDirectory directory_;
  Shelf shelf_{directory_ / "plugins"};
};

TEST_F(ShelfTest, KeepsWhatWasAcceptedAndRefusesWhatChanged) {
  const auto package = check_folder(kPlugins / "polls");
  ASSERT_TRUE(package) << package.error().detail;
  ASSERT_EQ(package->migrations.size(), 1U);
  ASSERT_TRUE(shelf_.install(kPlugins / "polls", *package));
  EXPECT_EQ(shelf_.ids(), std::vector<std::string>{"org.example.polls"});
  ASSERT_TRUE(shelf_.open("org.example.polls"));

  const fs::path manifest = shelf_.files("org.example.polls") / "plugin.toml";
  const std::string text = bytes_of_file(manifest);
  std::ofstream(manifest) << replaced(text, "notices = [\"document.purged\"]",
                                      "notices = [\"document.purged\", \"person.added\"]");
  const auto wider = shelf_.open("org.example.polls");
  ASSERT_FALSE(wider);
  EXPECT_EQ(wider.error().code, "plugin_wants_more");
  EXPECT_NE(wider.error().detail.find("notice person.added"), std::string::npos);
  std::ofstream(manifest) << text;

  std::ofstream(shelf_.files("org.example.polls") / "libpolls.so", std::ios::app) << "x";
  EXPECT_EQ(shelf_.open("org.example.polls").error().code, "plugin_changed");
  EXPECT_EQ(shelf_.open("org.example.other").error().code, "plugin_not_found");
  ASSERT_TRUE(shelf_.set_enabled("org.example.polls", false));
  EXPECT_FALSE(shelf_.state("org.example.polls")->enabled);
  ASSERT_TRUE(shelf_.remove("org.example.polls", true));
  EXPECT_TRUE(shelf_.ids().empty());
}

}  // namespace
}  // namespace cluse::plugin
