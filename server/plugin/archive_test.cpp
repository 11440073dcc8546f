// Aim: what is installed from an archive is what its author packed, octet by octet, or nothing at all; who signed it is
// known. Archives that lie are written here with the same library that reads them.
#include "server/plugin/archive.h"
#include "server/plugin/installed.h"
#include "server/plugin/signature.h"
#include "server/storage/file.h"
#include "server/storage/sha256.h"
#include "server/storage/testing.h"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <sstream>

namespace cluse::plugin {
namespace {

namespace fs = std::filesystem;

std::string bytes_of_file(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

struct Entry {
  std::string path, body;
  mode_t type = AE_IFREG;
  std::string link = {};
};

std::string line_of(const Entry& entry) {
  return storage::sha256_hex(entry.body) + " " + std::to_string(entry.body.size()) + " " + entry.path + "\n";
}

Entry list_of(const std::vector<Entry>& files) {
  std::string text = "cluse-plugin 1\n";
  for (const auto& file : files) text += line_of(file);
  return {"cluse-plugin.list", text};
}

class ArchiveTest : public ::testing::Test {
 protected:
  void SetUp() override { fs::copy(fs::path(CLUSE_PLUGINS) / "polls", folder_, fs::copy_options::recursive); }

  fs::path write(const std::vector<Entry>& entries) {
    const fs::path file = directory_ / "made.cluseplugin";
    archive* out = archive_write_new();
    archive_write_set_format_pax_restricted(out);
    archive_write_add_filter_gzip(out);
    archive_write_open_filename(out, file.c_str());
    for (const auto& each : entries) {
      archive_entry* entry = archive_entry_new();
      archive_entry_set_pathname(entry, each.path.c_str());
      archive_entry_set_filetype(entry, each.type);
      archive_entry_set_perm(entry, 0644);
      if (each.type == AE_IFLNK) archive_entry_set_symlink(entry, each.link.c_str());
      else if (!each.link.empty()) archive_entry_set_hardlink(entry, each.link.c_str());
      archive_entry_set_size(entry, static_cast<la_int64_t>(each.body.size()));
      archive_write_header(out, entry);
      archive_write_data(out, each.body.data(), each.body.size());
      archive_entry_free(entry);
    }
    archive_write_free(out);
    return file;
  }
  /// The files of the plugin, and the list first.
  std::vector<Entry> good() {
    std::vector<Entry> files;
    for (const char* path : {"libpolls.so", "migrations/001_polls.sql", "plugin.toml"})
      files.push_back({path, bytes_of_file(folder_ / path)});
    files.insert(files.begin(), list_of(files));
    return files;
  }
  fs::path save(const Packed& packed) {
    const fs::path file = directory_ / packed.name;
    EXPECT_TRUE(storage::write_synced(file, packed.archive));
    return file;
  }
  /// The code, after nothing was written.
  std::string refused(const fs::path& file) {
    const fs::path target = directory_ / "unpacked";
    const auto done = unpack(file, target);
    EXPECT_FALSE(fs::exists(target));
    std::error_code ignored;
    fs::remove_all(target, ignored);
    if (done) return "taken";
    words_ = done.error().detail;
    return std::string(done.error().code);
  }

  storage::TemporaryDirectory directory_;
  const fs::path folder_ = directory_ / "polls";
  std::string words_;
};

TEST_F(ArchiveTest, GoesThereAndBackAndIsTheSameEachTime) {
  std::ofstream(folder_ / "notes.txt") << "not of the plugin";
  const auto packed = pack(folder_, std::nullopt);
  ASSERT_TRUE(packed) << packed.error().detail;
  EXPECT_EQ(packed->name, "org.example.polls-1.0.0.cluseplugin");
  EXPECT_EQ(packed->left_out, std::vector<std::string>{"notes.txt"});
  fs::last_write_time(folder_ / "plugin.toml", fs::file_time_type::min());
  fs::permissions(folder_ / "plugin.toml", fs::perms::owner_read);
  EXPECT_EQ(pack(folder_, std::nullopt)->archive, packed->archive);

  const auto contents = unpack(save(*packed), directory_ / "unpacked");
  ASSERT_TRUE(contents) << contents.error().detail;
  EXPECT_EQ(contents->files.size(), 11U);
  EXPECT_EQ(contents->signer, "");
  for (const auto& file : contents->files)
    EXPECT_EQ(bytes_of_file(directory_ / "unpacked" / file.path), bytes_of_file(folder_ / file.path));
  EXPECT_TRUE(check_folder(directory_ / "unpacked"));
}

TEST_F(ArchiveTest, WhatAnotherProgramWroteIsReadByTheSameRules) {
  const auto contents = verify(write(good()));
  EXPECT_TRUE(contents) << contents.error().detail;
}

TEST_F(ArchiveTest, OneOctetThatChangedRefusesIt) {
  const auto files = good();
  for (std::size_t at = 1; at < files.size(); ++at) {
    auto bent = files;
    bent[at].body[bent[at].body.size() / 2] ^= 1;
    EXPECT_EQ(refused(write(bent)), "plugin_archive_wrong");
    EXPECT_EQ(words_, files[at].path + " is not what its list says");
    bent = files;
    bent[at].body += "more";
    EXPECT_EQ(refused(write(bent)), "plugin_archive_wrong");
    bent = files;
    bent.erase(bent.begin() + static_cast<std::ptrdiff_t>(at));
    EXPECT_EQ(refused(write(bent)), "plugin_archive_wrong");
  }
  auto more = files;
  more.push_back({"web/evil.js", "alert(1)"});
  EXPECT_EQ(refused(write(more)), "plugin_archive_wrong");
  EXPECT_NE(words_.find("web/evil.js"), std::string::npos);
  auto twice = files;
  twice.push_back(twice.back());
  EXPECT_EQ(refused(write(twice)), "plugin_archive_wrong");
  auto without = files;
  without.erase(without.begin());
  EXPECT_EQ(refused(write(without)), "plugin_archive_wrong");
}

TEST_F(ArchiveTest, ThatIsCutIsRefusedAndHarmsNothing) {
  const std::string whole = pack(folder_, std::nullopt)->archive;
  const fs::path file = directory_ / "cut";
  for (std::size_t size = 0; size + 64 < whole.size(); size += 1 + whole.size() / 40) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << whole.substr(0, size);
    EXPECT_EQ(refused(file), "plugin_archive_wrong") << size;
  }
  EXPECT_EQ(refused(directory_ / "nothing"), "plugin_archive_wrong");
}

TEST_F(ArchiveTest, NamesNeverLeaveTheFolder) {
  for (const char* path : {"../evil", "/etc/evil", "web/../../evil", "web/.hidden", "web//x", "web/", "", ".", "a\\b",
                           "web/a b", "web/\x1b[2J", "web/é", "1/2/3/4/5/6/7"})
    EXPECT_FALSE(is_archive_path(path)) << path;
  EXPECT_FALSE(is_archive_path(std::string(kArchivePathMax + 1, 'a')));
  EXPECT_TRUE(is_archive_path("web/assets/panel-1.2_x.js"));
  for (const char* path : {"../evil", "/tmp/cluse-evil", "web/../../evil", "web/.x"}) {
    std::vector<Entry> files = {{path, "evil"}};
    files.insert(files.begin(), list_of(files));
    EXPECT_EQ(refused(write(files)), "plugin_archive_wrong");
    EXPECT_FALSE(fs::exists(directory_ / "evil"));
    // Listed under a good name, stored under another.
    files[0] = list_of({{"web/good", "evil"}});
    EXPECT_EQ(refused(write(files)), "plugin_archive_wrong");
  }
}

TEST_F(ArchiveTest, LinksFoldersAndDevicesAreRefused) {
  const Entry file{"web/x", "", AE_IFREG};
  for (const Entry& entry : {Entry{"web/x", "", AE_IFLNK, "/etc/passwd"}, Entry{"web/x", "", AE_IFREG, "plugin.toml"},
                             Entry{"web/x", "", AE_IFDIR}, Entry{"web/x", "", AE_IFIFO}, Entry{"web/x", "", AE_IFCHR}})
    EXPECT_EQ(refused(write({list_of({file}), entry})), "plugin_archive_wrong");
  fs::create_symlink("/etc/passwd", folder_ / "migrations/002_link.sql");
  EXPECT_FALSE(pack(folder_, std::nullopt));
}

TEST_F(ArchiveTest, ABombIsRefusedBeforeItGoesOff) {
  const std::string zeros(64U << 20, '\0');
  const std::string hash = storage::sha256_hex(zeros);
  // More than the list says; a list that says too much; a list that is the bomb.
  EXPECT_EQ(refused(write({list_of({{"web/x", ""}}), {"web/x", zeros}})), "plugin_archive_wrong");
  EXPECT_NE(words_.find("larger than its list says"), std::string::npos);
  std::string list = "cluse-plugin 1\n";
  for (const char* path : {"web/a", "web/b", "web/c", "web/d", "web/e"})
    list += hash + " " + std::to_string(zeros.size()) + " " + path + "\n";
  EXPECT_EQ(refused(write({{"cluse-plugin.list", list}, {"web/a", zeros}})), "plugin_archive_wrong");
  EXPECT_NE(words_.find("300 MiB"), std::string::npos);
  EXPECT_EQ(refused(write({{"cluse-plugin.list", zeros}})), "plugin_archive_wrong");
  list = "cluse-plugin 1\n" + hash + " 18446744073709551615 web/a\n" + hash + " 2 web/b\n";
  EXPECT_EQ(refused(write({{"cluse-plugin.list", list}})), "plugin_archive_wrong");
  std::vector<Entry> many;
  for (std::size_t i = 0; i <= kArchiveFilesMax; ++i) many.push_back({"web/" + std::to_string(10'000 + i), ""});
  many.insert(many.begin(), list_of(many));
  EXPECT_EQ(refused(write(many)), "plugin_archive_wrong");
  EXPECT_NE(words_.find("2000 files"), std::string::npos);
}

TEST_F(ArchiveTest, AListHasOneWayToBeWritten) {
  const std::string good_line = line_of({"web/x", "x"});
  for (const std::string& lines :
       {std::string("nonsense\n"), good_line + good_line, line_of({"web/y", ""}) + good_line,
        good_line.substr(0, good_line.size() - 1), std::string(64, 'x') + " 01 web/x\n", good_line + "\n"})
    EXPECT_EQ(refused(write({{"cluse-plugin.list", "cluse-plugin 1\n" + lines}, {"web/x", "x"}})),
              "plugin_archive_wrong")
        << lines;
  EXPECT_EQ(refused(write({{"cluse-plugin.list", "cluse-plugin 2\n" + good_line}, {"web/x", "x"}})),
            "plugin_archive_wrong");
}

TEST_F(ArchiveTest, ASignatureHoldsForThisListAndThisKey) {
  const auto signer = make_key(directory_ / "key");
  ASSERT_TRUE(signer) << signer.error().detail;
  EXPECT_EQ(fs::status(directory_ / "key").permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(make_key(directory_ / "key").error().code, "plugin_key_wrong");
  const auto packed = pack(folder_, directory_ / "key");
  ASSERT_TRUE(packed) << packed.error().detail;
  EXPECT_EQ(packed->archive, pack(folder_, directory_ / "key")->archive);
  const auto contents = verify(save(*packed));
  ASSERT_TRUE(contents) << contents.error().detail;
  EXPECT_EQ(contents->signer, *signer);

  auto files = good();
  const auto made = sign(files[0].body, directory_ / "key");
  ASSERT_TRUE(made);
  const auto with = [&](const std::string& key, const std::string& value) {
    auto all = good();
    all.insert(all.begin() + 1, {"cluse-plugin.sig", "ed25519 " + key + " " + value + "\n"});
    return all;
  };
  EXPECT_EQ(verify(write(with(*signer, made->value)))->signer, *signer);
  std::string bent = made->value;
  bent[5] = bent[5] == '0' ? '1' : '0';
  const auto other = make_key(directory_ / "other");
  for (const auto& each : {with(*signer, bent), with(*other, made->value), with(*signer, ""), with("", made->value),
                           with(*signer, made->value + " ")})
    EXPECT_EQ(refused(write(each)), "plugin_signature_wrong");
  // Another list below the same signature.
  auto changed = with(*signer, made->value);
  changed.back().body += "# more\n";
  changed[0] = list_of({changed[2], changed[3], changed[4]});
  EXPECT_EQ(refused(write(changed)), "plugin_signature_wrong");
  std::ofstream(directory_ / "no-key") << "-----BEGIN PRIVATE KEY-----\nnonsense\n";
  EXPECT_EQ(pack(folder_, directory_ / "no-key").error().code, "plugin_key_wrong");
  EXPECT_EQ(pack(folder_, directory_ / "absent").error().code, "plugin_key_wrong");
}

TEST_F(ArchiveTest, TheShelfRemembersWhoSigned) {
  const Shelf shelf(directory_ / "plugins");
  const std::string id = "org.example.polls", first(64, 'a'), second(64, 'b');
  const auto package = check_folder(folder_);
  ASSERT_TRUE(package);
  EXPECT_TRUE(shelf.check_signer(id, ""));
  ASSERT_TRUE(shelf.install(folder_, *package));
  EXPECT_TRUE(shelf.check_signer(id, first)) << "whoever was not signed may begin to be";
  ASSERT_TRUE(shelf.install(folder_, *package, first));
  EXPECT_TRUE(shelf.check_signer(id, first));
  EXPECT_EQ(shelf.check_signer(id, second).error().code, "plugin_signer_other");
  EXPECT_EQ(shelf.check_signer(id, "").error().code, "plugin_signer_other");
  ASSERT_TRUE(shelf.remove(id, false));
  EXPECT_EQ(shelf.check_signer(id, second).error().code, "plugin_signer_other") << "its data are still there";
  ASSERT_TRUE(shelf.install(folder_, *package, second));
  ASSERT_TRUE(shelf.remove(id, true));
  EXPECT_TRUE(shelf.check_signer(id, first));
}

}  // namespace
}  // namespace cluse::plugin
