#include "server/plugin_runner/sandbox.h"

#include <seccomp.h>

#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstdint>

namespace cluse::plugin {
namespace {

// The loader, libstdc++ and the runner itself take about this much of the address space.
constexpr std::size_t kOwnBytes = 96U << 20;
constexpr rlim_t kStackBytes = 1U << 20;
constexpr rlim_t kFilesMax = 64;

// Of kernels later than Debian 12's header. Each is asked for only where the kernel knows it.
struct Ruleset {
  std::uint64_t files, network, scoped;
};
constexpr std::uint64_t kAllOfAbi1 = (1ULL << 13) - 1;
constexpr std::uint64_t kRefer = 1ULL << 13;     // 2
constexpr std::uint64_t kTruncate = 1ULL << 14;  // 3
constexpr std::uint64_t kTcp = 3;                // 4: bind and connect
constexpr std::uint64_t kIoctl = 1ULL << 15;     // 5
constexpr std::uint64_t kScoped = 3;             // 6: abstract sockets and signals

bool limit(int what, rlim_t value) {
  const rlimit both{value, value};
  return ::setrlimit(static_cast<__rlimit_resource>(what), &both) == 0;
}

bool set_limits(std::size_t memory_bytes) {
  return limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NOFILE, kFilesMax) &&
         limit(RLIMIT_STACK, kStackBytes) && limit(RLIMIT_MEMLOCK, 0) && limit(RLIMIT_MSGQUEUE, 0) &&
         limit(RLIMIT_AS, memory_bytes + kOwnBytes);
}

bool allow_reading(int ruleset, const char* path) {
  const int fd = ::open(path, O_PATH | O_CLOEXEC);
  if (fd < 0) return errno == ENOENT;
  landlock_path_beneath_attr beneath{};
  beneath.allowed_access = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
  beneath.parent_fd = fd;
  const bool done = ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0;
  ::close(fd);
  return done;
}

bool enter_landlock(const std::filesystem::path& folder) {
  const long abi = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (abi < 1) return false;
  Ruleset wanted{kAllOfAbi1, 0, 0};
  if (abi >= 2) wanted.files |= kRefer;
  if (abi >= 3) wanted.files |= kTruncate;
  if (abi >= 4) wanted.network = kTcp;
  if (abi >= 5) wanted.files |= kIoctl;
  if (abi >= 6) wanted.scoped = kScoped;
  const std::size_t size = abi >= 6 ? sizeof(Ruleset) : abi >= 4 ? 16 : 8;
  const int ruleset = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &wanted, size, 0));
  if (ruleset < 0) return false;
  bool done = allow_reading(ruleset, folder.c_str());
  // Not /etc/ld.so.cache: the loader knows its folders without it.
  for (const char* path : {"/usr/lib", "/lib", "/lib64"}) done = done && allow_reading(ruleset, path);
  done = done && ::syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
  ::close(ruleset);
  return done;
}

using Filter = void*;

bool allow(Filter filter, const char* name) {
  const int number = seccomp_syscall_resolve_name(name);
  return number == __NR_SCMP_ERROR || seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0) == 0;
}

// What threads, memory, time and one open socket need. Everything else answers EPERM.
bool allow_daily_needs(Filter filter) {
  static constexpr std::array kNames = {"read",
                                        "write",
                                        "readv",
                                        "writev",
                                        "close",
                                        "fstat",
                                        "lseek",
                                        "munmap",
                                        "mremap",
                                        "brk",
                                        "madvise",
                                        "rt_sigaction",
                                        "rt_sigprocmask",
                                        "rt_sigreturn",
                                        "sigaltstack",
                                        "futex",
                                        "sched_yield",
                                        "sched_getaffinity",
                                        "set_robust_list",
                                        "rseq",
                                        "gettid",
                                        "getpid",
                                        "getppid",
                                        "exit",
                                        "exit_group",
                                        "poll",
                                        "ppoll",
                                        "sendto",
                                        "recvfrom",
                                        "sendmsg",
                                        "recvmsg",
                                        "clock_gettime",
                                        "clock_getres",
                                        "clock_nanosleep",
                                        "nanosleep",
                                        "gettimeofday",
                                        "getrandom",
                                        "uname",
                                        "getuid",
                                        "geteuid",
                                        "getgid",
                                        "getegid",
                                        "dup",
                                        "pipe2",
                                        "eventfd2",
                                        "epoll_create1",
                                        "epoll_ctl",
                                        "epoll_wait",
                                        "epoll_pwait",
                                        "timerfd_create",
                                        "timerfd_settime",
                                        "restart_syscall",
                                        "getrusage",
                                        "memfd_create",
                                        "ftruncate",
                                        "fcntl",
                                        "set_tid_address",
                                        "membarrier",
                                        "arch_prctl"};
  for (const char* name : kNames)
    if (!allow(filter, name)) return false;
  // A thread of its own, not a process; glibc tries clone3 first and takes ENOSYS for an answer.
  const scmp_arg_cmp thread = SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD);
  const scmp_arg_cmp itself = SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(::getpid()));
  return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, &thread) == 0 &&
         seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 &&
         // abort() sends itself a signal.
         seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &itself) == 0;
}

// Memory that is not executable; with `with_code` any, which the loader needs.
bool allow_memory(Filter filter, bool with_code) {
  const scmp_arg_cmp plain = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
  for (const int number : {SCMP_SYS(mmap), SCMP_SYS(mprotect)}) {
    const int error = with_code ? seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0)
                                : seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, 1, &plain);
    if (error != 0) return false;
  }
  return true;
}

// Reading files, within Landlock; and a second filter.
bool allow_loading(Filter filter) {
  for (const char* name : {"openat", "open", "newfstatat", "stat", "lstat", "pread64", "readlink", "access",
                           "faccessat2", "getcwd", "prctl", "seccomp", "statx"})
    if (!allow(filter, name)) return false;
  return true;
}

bool filter_calls(bool is_loading) {
  Filter filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
  if (filter == nullptr) return false;
  bool done = allow_daily_needs(filter) && allow_memory(filter, is_loading);
  if (is_loading) done = done && allow_loading(filter);
  // Threads that a constructor of the plugin's has started are under it too.
  done = done && seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0;
  done = done && seccomp_load(filter) == 0;
  seccomp_release(filter);
  return done;
}

}  // namespace

std::string enter_sandbox(const std::filesystem::path& folder, std::size_t memory_bytes) {
  if (!set_limits(memory_bytes)) return "rlimits";
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return "no_new_privs";
  if (!enter_landlock(folder)) return "Landlock";
  if (!filter_calls(true)) return "seccomp";
  return {};
}

std::string close_sandbox() {
  return filter_calls(false) ? "" : "seccomp";
}

}  // namespace cluse::plugin
