// LogRing: the last lines of one plugin's log, for the screen of administrators. In memory alone: the server's log has
// them all.
//
// Thread: any.
#pragma once

#include "server/base/time.h"

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::plugin {

inline constexpr std::size_t kRingLinesMax = 500;
inline constexpr std::size_t kRingBytesMax = 128U << 10;  ///< of all lines together

struct LogLine {
  std::uint64_t number = 0;  ///< 1, 2, 3, … since the server was started
  Instant at;
  int level = 1;  ///< as cluse_host.log
  std::string line;
};

class LogRing {
 public:
  void add(Instant at, int level, std::string_view line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back({++last_, at, level, std::string(line)});
    bytes_ += line.size();
    while (lines_.size() > kRingLinesMax || bytes_ > kRingBytesMax) {
      bytes_ -= lines_.front().line.size();
      lines_.pop_front();
    }
  }
  /// Those that came after number `after`, in order.
  [[nodiscard]] std::vector<LogLine> after(std::uint64_t after) const {
    const std::lock_guard lock(mutex_);
    std::vector<LogLine> found;
    for (const auto& line : lines_)
      if (line.number > after) found.push_back(line);
    return found;
  }
  /// What to ask `after` next.
  [[nodiscard]] std::uint64_t last() const {
    const std::lock_guard lock(mutex_);
    return last_;
  }

 private:
  mutable std::mutex mutex_;
  std::deque<LogLine> lines_;
  std::uint64_t last_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace cluse::plugin
