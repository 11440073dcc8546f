// What the tests of storage share: a directory that goes away, and a child process to kill.
#pragma once

#include "server/base/assert.h"
#include "server/storage/sqlite/sqlite_database.h"

#include <sys/wait.h>
#include <unistd.h>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace cluse::storage {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "cluse-storage-XXXXXX").string();
    CLUSE_ASSERT(::mkdtemp(pattern.data()) != nullptr, "a test can make a directory");
    path_ = pattern;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// Runs `work` in a child process and gives its wait status. Requires: no other thread runs.
inline pid_t start_child(const std::function<void()>& work) {
  const pid_t child = ::fork();
  CLUSE_ASSERT(child >= 0, "a test can fork");
  if (child != 0) return child;
  work();
  ::_exit(0);
}

inline int wait_for(pid_t child) {
  int status = 0;
  CLUSE_ASSERT(::waitpid(child, &status, 0) == child, "a child can be waited for");
  return status;
}

}  // namespace cluse::storage
