// Guest: a plugin that runs, in this process or in a child of its own. The two answer alike; they differ in what a
// crash takes with it.
#pragma once

#include "server/base/result.h"
#include "server/plugin/guest/channel.h"
#include "server/plugin/guest/work.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace cluse::plugin {

inline constexpr std::chrono::milliseconds kStartTimeMax{5'000};
inline constexpr std::chrono::milliseconds kStopTimeMax{5'000};
/// What a call may run past its deadline before its child is killed. Its caller has long been answered.
inline constexpr std::chrono::milliseconds kOvertime{1'000};

/// Thread: the lane, from its making to its end.
class Guest {
 public:
  virtual ~Guest() = default;
  /// CLUSE_GONE: it died of it, or was killed.
  virtual Outcome run(const Work& work, Deadline deadline) = 0;
  [[nodiscard]] virtual bool is_alive() const = 0;
  /// What to poll for while nothing runs: -1 for none; `attend` when it is readable.
  [[nodiscard]] virtual int fd() const = 0;
  virtual void attend() = 0;
  /// Resident bytes of the child; 0 where there is none.
  [[nodiscard]] virtual std::uint64_t memory_bytes() const = 0;
};

struct GuestSetup {
  std::filesystem::path folder, library;  ///< absolute
  Offer offer;
  std::size_t memory_bytes = 128U << 20;
  std::filesystem::path runner;    ///< of the child host
  bool allow_unsandboxed = false;  ///< go on where the kernel lacks a layer of the sandbox
};

/// Loads the library into this process. Code "plugin_library_wrong".
[[nodiscard]] Result<std::unique_ptr<Guest>> open_direct(const GuestSetup& setup, HostCalls& calls);

/// Starts a runner, which takes its sandbox on and then loads the library. Codes "plugin_library_wrong",
/// "plugin_child_failed" (`detail` says which step). The calling thread must outlive the child.
[[nodiscard]] Result<std::unique_ptr<Guest>> open_child(const GuestSetup& setup, HostCalls& calls);

}  // namespace cluse::plugin
