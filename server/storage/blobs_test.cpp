// Blobs keep what they were given, say so when they no longer do, and reach nothing outside their directory.
#include "server/storage/blobs.h"

#include "server/storage/sha256.h"
#include "server/storage/testing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>
#include <csignal>
#include <fstream>
#include <thread>

namespace cluse::storage {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kNameOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

class BlobsTest : public testing::Test {
 protected:
  void overwrite(const std::string& name, const std::string& bytes) {
    std::ofstream(blobs_.path_of(name), std::ios::binary | std::ios::trunc) << bytes;
  }
  std::size_t files_in(const fs::path& directory) {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) count += entry.is_regular_file() ? 1 : 0;
    return count;
  }

  TemporaryDirectory directory_;
  fs::path root_ = directory_ / "blobs";
  Blobs blobs_{root_};
};

TEST(Sha256, IsTheOneOfTheStandard) {
  EXPECT_EQ(sha256_hex("abc"), kNameOfAbc);
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_F(BlobsTest, ABlobComesBackUnderTheNameOfItsHash) {
  const Bytes large(3'000'000, '\xff');
  for (const Bytes& bytes : {Bytes("abc"), Bytes(), Bytes("\0a", 2), large}) {
    const auto name = blobs_.put(bytes);
    ASSERT_TRUE(name) << name.error().detail;
    EXPECT_EQ(*name, sha256_hex(bytes));
    const auto back = blobs_.get(*name);
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, bytes);
  }
  EXPECT_EQ(blobs_.get(sha256_hex("never stored")).error().code, "blob_not_found");
}

TEST_F(BlobsTest, TheSameBytesTwiceAreOneFile) {
  ASSERT_EQ(blobs_.put("abc").value(), kNameOfAbc);
  ASSERT_EQ(blobs_.put("abc").value(), kNameOfAbc);
  EXPECT_EQ(files_in(root_), 1U) << "and nothing half written is left";
}

TEST_F(BlobsTest, TheSameBytesFromManyThreadsAreOneFile) {
  const Bytes bytes(100'000, 'x');
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 5; ++round) EXPECT_TRUE(blobs_.put(bytes));
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(files_in(root_), 1U);
  EXPECT_EQ(blobs_.get(sha256_hex(bytes)).value(), bytes);
}

TEST_F(BlobsTest, ADamagedBlobIsToldAndMendedByPuttingItAgain) {
  ASSERT_TRUE(blobs_.put("abc"));
  const std::string other = blobs_.put("other").value();  // d929…
  for (const char* damaged : {"abd", "ab", "", "abcd"}) {
    overwrite(kNameOfAbc, damaged);
    const auto read = blobs_.get(kNameOfAbc);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().kind, Errc::internal);
    EXPECT_EQ(read.error().code, "blob_damaged");
    const auto audit = blobs_.audit();
    EXPECT_THAT(audit.names, ElementsAre(kNameOfAbc, other));
    EXPECT_THAT(audit.damaged, ElementsAre(kNameOfAbc));
    ASSERT_TRUE(blobs_.put("abc"));
    EXPECT_EQ(blobs_.get(kNameOfAbc).value(), "abc");
  }
  EXPECT_THAT(blobs_.audit().damaged, IsEmpty());
}

TEST_F(BlobsTest, ARemovedBlobIsGone) {
  ASSERT_TRUE(blobs_.put("abc"));
  blobs_.remove(kNameOfAbc);
  blobs_.remove(kNameOfAbc);
  EXPECT_EQ(blobs_.get(kNameOfAbc).error().kind, Errc::not_found);
  EXPECT_THAT(blobs_.audit().names, IsEmpty());
}

TEST_F(BlobsTest, NoNameReachesOutsideTheStore) {
  std::ofstream(directory_ / "secret") << "secret";
  std::string upper = kNameOfAbc;
  upper[0] = 'B';
  const std::string climbing = "../" + std::string(61, 'a');
  for (const std::string& name : {std::string("../secret"), std::string("/etc/passwd"), std::string(), std::string("."),
                                  climbing, upper, std::string(kNameOfAbc) + "0", std::string(kNameOfAbc).substr(1),
                                  std::string("ba/") + kNameOfAbc, std::string(63, 'a') + '\0', std::string(64, '/')}) {
    EXPECT_EQ(blobs_.path_of(name), fs::path()) << name;
    EXPECT_EQ(blobs_.get(name).error().kind, Errc::not_found) << name;
    blobs_.remove(name);
  }
  EXPECT_TRUE(fs::exists(directory_ / "secret"));
}

TEST_F(BlobsTest, ALinkThatSomebodyPutThereIsNotFollowed) {
  ASSERT_TRUE(blobs_.put("abc"));
  fs::remove(blobs_.path_of(kNameOfAbc));
  std::ofstream(directory_ / "elsewhere") << "abc";
  fs::create_symlink(directory_ / "elsewhere", blobs_.path_of(kNameOfAbc));
  EXPECT_FALSE(blobs_.get(kNameOfAbc));
}

TEST_F(BlobsTest, OnlyTheOwnerMayReadThem) {
  ASSERT_TRUE(blobs_.put("abc"));
  EXPECT_EQ(fs::status(blobs_.path_of(kNameOfAbc)).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(fs::status(blobs_.path_of(kNameOfAbc).parent_path()).permissions(), fs::perms::owner_all);
}

TEST_F(BlobsTest, WhatAKilledProcessLeftHalfWrittenIsClearedAwayOnceItIsOld) {
  std::ofstream(root_ / "new" / "old") << "half";
  std::ofstream(root_ / "new" / "fresh") << "half";
  fs::last_write_time(root_ / "new" / "old", fs::file_time_type::clock::now() - std::chrono::hours(2));
  const Blobs again(root_);
  EXPECT_FALSE(fs::exists(root_ / "new" / "old"));
  EXPECT_TRUE(fs::exists(root_ / "new" / "fresh")) << "another process may be writing it";
  EXPECT_THAT(again.audit().names, IsEmpty());
}

TEST_F(BlobsTest, AFullDiskIsToldAndLeavesNothingBehind) {
  const pid_t child = start_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = 1000;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto refused = blobs_.put(Bytes(5000, 'x'));
    if (refused || refused.error().kind != Errc::storage_full || refused.error().code != "storage_full") ::_exit(1);
    if (files_in(root_) != 0) ::_exit(2);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    if (!blobs_.put(Bytes(5000, 'x'))) ::_exit(3);
  });
  const int status = wait_for(child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(Blobs, AStoreThatCannotBeMadeIsToldByTheFirstPut) {
  Blobs blobs("/proc/cannot/be/made");
  EXPECT_EQ(blobs.put("abc").error().kind, Errc::unavailable);
  EXPECT_THAT(blobs.audit().names, IsEmpty());
}

}  // namespace
}  // namespace cluse::storage
