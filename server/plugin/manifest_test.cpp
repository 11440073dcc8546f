// Aim: a manifest says everything or is refused, naming the line and what was expected; so is a library that is not
// what it should be. Nothing of a plugin runs here.
#include "server/plugin/manifest.h"
#include "server/plugin/guest/library.h"
#include "server/plugin/installed.h"
#include "server/plugin/ui.h"
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
  EXPECT_EQ(words_of(*manifest).front(), "ask document.create 50 ms, refuse on failure");

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

constexpr const char* kServices = R"([plugin]
id = "org.example.annuaire"
version = "1.0.0"
abi = "0.2"
library = "liba.so"
name = "i18n:plugin.name"
needs = ["cluse.http/1", "cluse.events/1", "cluse.realtime/1", "cluse.search/1", "cluse.core/1", "cluse.notify/1"]
wants = ["cluse.documents/1", "cluse.net/1", "cluse.handover/1"]
[grants]
routes = ["GET /list"]
public_routes = ["GET /public/{directory}"]
password_routes = ["PROPFIND /dav/{path*}", "REPORT /dav/{path*}"]
well_known = { carddav = "/dav/" }
notices = ["notify.failed", "org.example.polls:poll.closed"]
channels = ["poll/*"]
notify = ["annuaire.still_correct"]
search = true
documents = "read"
core = ["amounts", "people"]
network = ["api.example.org", "other.example.org:8443"]
emits = ["entry.changed"]
[[ui]]
slot = "page"
name = "i18n:page.title"
module = "web/page.js"
)";

TEST(Manifest, GrantsServicesAndPartsOfTheInterface) {
  const auto manifest = parse_manifest(kServices, "plugin.toml");
  ASSERT_TRUE(manifest) << manifest.error().detail;
  const std::vector<std::string> expected = {"channel poll/*",
                                             "core amounts",
                                             "core people",
                                             "documents read",
                                             "emit entry.changed",
                                             "network api.example.org",
                                             "network other.example.org:8443",
                                             "notice notify.failed",
                                             "notice org.example.polls:poll.closed",
                                             "notify annuaire.still_correct",
                                             "password route PROPFIND /dav/{path*}",
                                             "password route REPORT /dav/{path*}",
                                             "public route GET /public/{directory}",
                                             "route GET /list",
                                             "search",
                                             "ui page",
                                             "well-known carddav at /dav/"};
  EXPECT_EQ(words_of(*manifest), expected);
  EXPECT_EQ(manifest->name_key, "plugin.name");
  EXPECT_EQ(manifest->ui.front().module, "web/page.js");
  const auto rest = match(manifest->grants, "PROPFIND", "/dav/a/b.vcf");
  ASSERT_NE(rest.route, nullptr);
  EXPECT_EQ(rest.parameters.at("path"), "a/b.vcf");
  EXPECT_EQ(rest.route->access, RouteAccess::password);
  EXPECT_EQ(match(manifest->grants, "PROPFIND", "/dav/").parameters.at("path"), "");
  EXPECT_EQ(match(manifest->grants, "PROPFIND", "/dav").route, nullptr);
  EXPECT_EQ(match(manifest->grants, "GET", "/public/elus").route->access, RouteAccess::everyone);
  EXPECT_TRUE(is_channel(manifest->grants, "poll/7"));
  for (const char* channel : {"poll/", "poll", "polls/7", "poll/É", ""})
    EXPECT_FALSE(is_channel(manifest->grants, channel)) << channel;
}

TEST(Manifest, RefusesServicesThatAreNotAsExpected) {
  const struct {
    const char *from, *to, *words;
  } cases[] = {
      {"i18n:plugin.name", "Annuaire", "line 6: plugin.name: must name a sentence"},
      {"GET /public/{directory}", "GET /list", "grants.public_routes: holds \"GET /list\", which stands in another"},
      {"PROPFIND /dav/{path*}", "PROPFIND /{path*}/dav", "grants.password_routes"},
      {"carddav = \"/dav/\"", "carddav = \"/other/\"", "no PROPFIND of password_routes"},
      {"carddav = \"/dav/\"", "other = \"/dav/\"", "grants.well_known.other"},
      {"org.example.polls:poll.closed", "polls:poll.closed", "grants.notices"},
      {"\"poll/*\"", "\"*\"", "grants.channels"},
      {"annuaire.still_correct", "Annuaire", "grants.notify"},
      {"search = true", "search = \"yes\"", "grants.search"},
      {"documents = \"read\"", "documents = \"all\"", "must be one of \"none\" \"read\" \"edit\""},
      {"\"amounts\"", "\"secrets\"", "grants.core"},
      {"\"api.example.org\"", "\"127.0.0.1\"", "grants.network"},
      {"\"api.example.org\"", "\"localhost\"", "grants.network"},
      {"\"api.example.org\"", "\"*.example.org\"", "grants.network"},
      {"\"entry.changed\"", "\"entry changed\"", "grants.emits"},
      {"\"cluse.search/1\", ", "", "has search: name cluse.search/1 in needs or wants"},
      {", \"cluse.notify/1\"", "", "has notify: name cluse.notify/1"},
      {"slot = \"page\"", "slot = \"sky\"", "ui[1].slot"},
      {"web/page.js", "../page.js", "ui[1].module"},
      {"module = \"web/page.js\"", "module = \"web/page.js\"\nstyle = \"page.css\"", "ui[1].style"},
      {"abi = \"0.2\"", "abi = \"0.0\"", "is 0.0, and this release of Cluse offers 0.1 to 0.2"},
  };
  for (const auto& each : cases) {
    const auto manifest = parse_manifest(replaced(kServices, each.from, each.to), "plugin.toml");
    ASSERT_FALSE(manifest) << each.to;
    EXPECT_NE(manifest.error().detail.find(each.words), std::string::npos) << manifest.error().detail;
  }
}

TEST(Manifest, WhatItNamesMustLieInTheFolder) {
  const storage::TemporaryDirectory directory;
  const fs::path folder = directory / "asker";
  const auto check = [&](const char* file, const std::string& from, const std::string& to) {
    fs::remove_all(folder);
    fs::copy(kPlugins / "asker", folder, fs::copy_options::recursive);
    std::stringstream text;
    text << std::ifstream(folder / file).rdbuf();
    std::ofstream(folder / file) << replaced(text.str(), from, to);
    const auto package = check_folder(folder);
    return package ? std::string("good") : package.error().detail;
  };
  EXPECT_EQ(check("plugin.toml", "1.0.0", "1.0.1"), "good");
  EXPECT_NE(check("plugin.toml", "web/page.css", "web/none.css").find("web/none.css, which is not there"),
            std::string::npos);
  EXPECT_NE(check("plugin.toml", "i18n:page.title", "i18n:page.none").find("page.none"), std::string::npos);
  EXPECT_NE(check("plugin.toml", "i18n:plugin.name", "i18n:plugin.none").find("plugin.none"), std::string::npos);
  EXPECT_NE(check("plugin.toml", "asker.hello", "asker.bye").find("asker.bye.subject"), std::string::npos);
  const struct {
    const char *from, *to, *words;
  } cases[] = {
      {"\"page.title\"", "\"page.titel\"", "page.titel"},
      {"{name}", "{nom}", "other arguments"},
      {"{name}", "{name, number}", "only {name}, plural and select"},
      {"{name}", "{0}", "arguments have names"},
      {"{name}", "d'{name}", "a quote before {"},
      {"{name}", "{name", "is no message"},
      {"\"Demandes\"", "7", "no text of 1 to 4000 bytes"},
      {"\"Demandes\"", "\"\"", "no text of 1 to 4000 bytes"},
      {"\"page.title\"", "\"plugin.name\"", "no JSON map"},
  };
  for (const auto& each : cases) {
    const auto said = check("i18n/fr.json", each.from, each.to);
    EXPECT_NE(said.find(each.words), std::string::npos) << each.to << ": " << said;
  }
}

// Tests may not be slow: files as large as the limits have no content.
class UiBundleTest : public ::testing::Test {
 protected:
  UiBundleTest() {
    manifest_.ui.push_back({"page", "i18n:page.title", "web/page.js", "web/page.css", ""});
    write("web/page.js", "export {}");
    write("web/page.css", "p {}");
  }
  void write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }
  void write_hole(const std::string& name, std::size_t bytes) {
    write(name, "");
    fs::resize_file(folder_ / name, bytes);
  }
  Result<std::shared_ptr<const UiBundle>> load() { return UiBundle::load(folder_, manifest_, {}); }
  std::string hash() { return load().value()->hash(); }
  std::string trouble() {
    const auto loaded = load();
    if (loaded) return "";
    EXPECT_EQ(loaded.error().code, "plugin_ui_wrong");
    return loaded.error().detail;
  }
  const storage::TemporaryDirectory directory_;
  const fs::path folder_ = directory_ / "plugin";
  Manifest manifest_;
};

TEST_F(UiBundleTest, HoldsTheFilesBelowWebAndNothingElse) {
  write("web/dist/deep/part.mjs", "1");
  write("web/page.html", "<script>");
  write("secret.js", "x");
  fs::create_symlink("/etc/passwd", folder_ / "web/link.js");
  fs::create_directory_symlink("/etc", folder_ / "web/etc");
  const auto bundle = load();
  ASSERT_TRUE(bundle) << bundle.error().detail;
  const UiBundle& ui = **bundle;
  ASSERT_NE(ui.find("web/page.js"), nullptr);
  EXPECT_EQ(ui.find("web/page.js")->octets, "export {}");
  EXPECT_EQ(ui.find("web/page.js")->type, "text/javascript; charset=utf-8");
  EXPECT_EQ(ui.find("web/page.css")->type, "text/css; charset=utf-8");
  EXPECT_NE(ui.find("web/dist/deep/part.mjs"), nullptr);
  EXPECT_EQ(ui.find("web/page.html")->type, "application/octet-stream")
      << "a document of a plugin's would be one of ours";
  for (const char* path : {"", "web", "web/", "/web/page.js", "web//page.js", "web/./page.js", "web/../web/page.js",
                           "web/../secret.js", "../secret.js", "secret.js", "plugin.toml", "web/link.js",
                           "web/etc/passwd", "web/Page.js", "web/page.js/", "web/page.js\\", "web%2fpage.js"})
    EXPECT_EQ(ui.find(path), nullptr) << path;
}

TEST_F(UiBundleTest, ItsHashNamesEveryOctetAndEveryName) {
  const std::string before = hash();
  EXPECT_EQ(before.size(), 64U);
  EXPECT_EQ(hash(), before);
  write("secret.js", "beside web/");
  EXPECT_EQ(hash(), before);
  write("web/page.js", "export { }");
  const std::string changed = hash();
  EXPECT_NE(changed, before);
  write("web/page.js", "export {}");
  EXPECT_EQ(hash(), before) << "the same content, the same address";
  fs::copy_file(folder_ / "web/page.js", folder_ / "web/other.js");
  const std::string more = hash();
  EXPECT_NE(more, before);
  fs::rename(folder_ / "web/other.js", folder_ / "web/another.js");
  EXPECT_NE(hash(), more);
}

TEST_F(UiBundleTest, WhatTheManifestNamesMustBeAFileOfItsOwn) {
  fs::remove(folder_ / "web/page.css");
  EXPECT_EQ(trouble(), "web/page.css is no file below web/");
  fs::create_symlink("/etc/hostname", folder_ / "web/page.css");
  EXPECT_EQ(trouble(), "web/page.css is no file below web/");
  fs::remove(folder_ / "web/page.css");
  fs::create_directory(folder_ / "web/page.css");
  EXPECT_EQ(trouble(), "web/page.css is no file below web/");
  fs::rename(folder_ / "web", directory_ / "elsewhere");
  EXPECT_EQ(trouble(), "web/page.js is no file below web/");
  fs::create_directory_symlink(directory_ / "elsewhere", folder_ / "web");
  EXPECT_EQ(trouble(), "web/ is a link");
  manifest_.ui.clear();
  EXPECT_EQ(load().value()->find("web/page.js"), nullptr) << "a plugin that shows nothing has nothing to be asked for";
}

TEST_F(UiBundleTest, HasLimits) {
  write_hole("web/large.png", kUiFileBytesMax);
  EXPECT_EQ(trouble(), "");
  write_hole("web/large.png", kUiFileBytesMax + 1);
  EXPECT_EQ(trouble(), "web/large.png is too large");
  fs::remove(folder_ / "web/large.png");
  for (std::size_t i = 0; i < kUiBytesMax / kUiFileBytesMax; ++i)
    write_hole("web/" + std::to_string(i) + ".png", kUiFileBytesMax);
  EXPECT_EQ(trouble(), "web/ holds more than 16 MiB or 500 files");
  for (std::size_t i = 0; i < kUiFilesMax; ++i) write("web/" + std::to_string(i) + ".png", "");
  EXPECT_EQ(trouble(), "web/ holds more than 16 MiB or 500 files");
  for (const char* one : {"web/0.png", "web/1.png"}) fs::remove(folder_ / one);
  EXPECT_EQ(trouble(), "");
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
