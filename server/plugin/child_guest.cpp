#include "server/base/log.h"
#include "server/plugin/guest.h"

#include <cluse/plugin.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <fstream>

namespace cluse::plugin {
namespace {

using std::chrono::steady_clock;

constexpr int kChildSocket = 3;
constexpr std::chrono::milliseconds kExitTimeMax{1'000};

std::unexpected<Error> failed(std::string words) {
  return fail(Errc::unavailable, "plugin_child_failed", std::move(words));
}

/// The process, by its pidfd: a number of a process may be used again, this may not.
class Child {
 public:
  Child(pid_t pid, int pidfd) : pid_(pid), pidfd_(pidfd) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    end(kExitTimeMax);
    ::close(pidfd_);
  }
  [[nodiscard]] bool is_alive() const { return !is_over(std::chrono::milliseconds(0)); }
  [[nodiscard]] pid_t pid() const { return pid_; }
  void kill() const { ::syscall(SYS_pidfd_send_signal, pidfd_, SIGKILL, nullptr, 0); }
  /// Waits so long, then kills, then reaps. What it died of, in words.
  std::string end(std::chrono::milliseconds patience) {
    if (is_reaped_) return words_;
    if (!is_over(patience)) kill();
    siginfo_t info{};
    while (::waitid(P_PIDFD, static_cast<id_t>(pidfd_), &info, WEXITED) < 0 && errno == EINTR) {}
    is_reaped_ = true;
    words_ = info.si_code == CLD_EXITED ? "exit " + std::to_string(info.si_status)
                                        : "signal " + std::to_string(info.si_status);
    return words_;
  }

 private:
  [[nodiscard]] bool is_over(std::chrono::milliseconds patience) const {
    if (is_reaped_) return true;
    pollfd one{pidfd_, POLLIN, 0};
    return ::poll(&one, 1, static_cast<int>(patience.count())) > 0;
  }

  const pid_t pid_;
  const int pidfd_;
  bool is_reaped_ = false;
  std::string words_;
};

/// posix_spawn with our end of a pair: nothing else is open in the child, no signal blocked, no variable set.
Result<pid_t> spawn(const GuestSetup& setup, int socket) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  for (const int fd : {0, 1, 2}) posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
  posix_spawn_file_actions_adddup2(&actions, socket, kChildSocket);
  posix_spawn_file_actions_addclosefrom_np(&actions, kChildSocket + 1);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
  std::array<std::string, 6> words = {
      setup.runner.string(),  std::to_string(::getpid()),         setup.folder.string(),
      setup.library.string(), std::to_string(setup.memory_bytes), setup.allow_unsandboxed ? "any" : "whole"};
  std::array<char*, 7> arguments{};
  for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
  char* environment[] = {nullptr};
  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, setup.runner.c_str(), &actions, &attributes, arguments.data(), environment);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) return failed(setup.runner.string() + " cannot be started: error " + std::to_string(error));
  return pid;
}

class ChildGuest final : public Guest {
 public:
  ChildGuest(int socket, pid_t pid, int pidfd, HostCalls& calls)
      : channel_(socket), child_(pid, pidfd), calls_(calls) {}

  /// Tells the runner what it may use and waits until the library is loaded.
  Result<void> greet(const Offer& offer) {
    Value extensions = Value::array();
    for (const auto& id : offer.extensions) extensions.add(id);
    const Deadline deadline = steady_clock::now() + kStartTimeMax;
    if (!channel_.send({{"k", "load"}, {"extensions", extensions}}, deadline)) return failed("it did not begin");
    for (;;) {
      const auto received = channel_.receive(deadline);
      if (received.state == Channel::State::timeout) return failed("it was not ready in time");
      if (received.state == Channel::State::broken) return failed("it ended while it was loaded: " + die());
      const auto kind = received.value["k"].get_or<std::string>("");
      if (kind == "log") log(received.value);
      else if (kind == "ready") return {};
      else
        return fail(Errc::invalid, "plugin_library_wrong", tidy_words(received.value["why"].get_or<std::string>("")));
    }
  }

  Outcome run(const Work& work, Deadline deadline) override {
    if (!is_alive_ || !channel_.send(to_value(work), deadline)) return gone();
    for (;;) {
      const auto received = channel_.receive(deadline + kOvertime);
      if (received.state == Channel::State::timeout) {
        log_warning("plugin_killed", {{"why", "a call ran past its deadline"}, {"call", work.name}});
        child_.kill();
        return gone();
      }
      if (received.state == Channel::State::broken) return gone();
      const auto kind = received.value["k"].get_or<std::string>("");
      if (kind == "done") {
        auto outcome = outcome_from(received.value);
        if (!outcome) return gone();
        if (work.kind == WorkKind::stop) die();
        return std::move(*outcome);
      }
      if (!serve(kind, received.value, steady_clock::now() > deadline, deadline + kOvertime)) return gone();
    }
  }

  [[nodiscard]] bool is_alive() const override { return is_alive_; }
  [[nodiscard]] int fd() const override { return channel_.fd(); }

  void attend() override {
    if (!is_alive_) return;
    const auto received = channel_.receive(steady_clock::now() + kOvertime);
    // Between calls it may log, and nothing else.
    if (received.state == Channel::State::message && received.value["k"].get_or<std::string>("") == "log")
      log(received.value);
    else die();
  }

  [[nodiscard]] std::uint64_t memory_bytes() const override {
    std::ifstream stream("/proc/" + std::to_string(child_.pid()) + "/statm");
    std::uint64_t whole = 0, resident = 0;
    stream >> whole >> resident;
    return is_alive_ && stream ? resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) : 0;
  }

 private:
  Outcome gone() {
    const std::string how = die();
    return {CLUSE_GONE, "the plugin ended: " + how, {}, {}};
  }
  std::string die() {
    is_alive_ = false;
    return child_.end(std::chrono::milliseconds(100));
  }
  void log(const Value& value) {
    calls_.log(value["level"].get_or<int>(1), tidy_words(value["line"].get_or<std::string>("")));
  }

  /// One request of the child's to its host. False: it speaks another language, or does not listen.
  bool serve(const std::string& kind, const Value& asked, bool is_late, Deadline deadline) {
    const auto handle = static_cast<std::uint64_t>(asked["tx"].get_or<std::int64_t>(0));
    Value answer = {{"k", "answer"}};
    std::int32_t status = CLUSE_OK;
    if (kind == "log") {
      log(asked);
      return true;
    }
    if (kind == "rollback") {
      calls_.rollback(handle);
    } else if (is_late) {
      status = CLUSE_TIMEOUT;
    } else if (kind == "begin") {
      std::uint64_t made = 0;
      status = calls_.begin(asked["write"].get_or<bool>(false), made);
      answer.set("tx", static_cast<std::int64_t>(made));
    } else if (kind == "run") {
      Bytes rows;
      status = calls_.run(handle, asked["sql"].get_or<std::string>(""), asked["params"].get_or<Octets>({}).data, rows);
      answer.set("rows", Octets{std::move(rows)});
    } else if (kind == "commit") {
      status = calls_.commit(handle);
    } else if (kind == "schedule") {
      status = calls_.schedule(asked["job"].get_or<std::string>(""), asked["key"].get_or<std::string>(""),
                               asked["at"].get_or<std::int64_t>(0), asked["body"].get_or<Octets>({}).data);
    } else if (kind == "serve") {
      status = ask_service(asked, answer);
    } else {
      return false;
    }
    answer.set("status", status);
    return channel_.send(answer, deadline);
  }

  std::int32_t ask_service(const Value& asked, Value& answer) {
    const auto text = [&](const char* key) { return asked[key].get_or<std::string>(""); };
    const std::string service = text("service"), operation = text("operation"), user = text("user");
    const CallerView caller{asked["itself"].get_or<bool>(true),
                            static_cast<std::uint64_t>(asked["call"].get_or<std::int64_t>(0)), user};
    Bytes said;
    const auto status = calls_.serve(service, operation, caller, asked["body"].get_or<Octets>({}).data, said);
    answer.set("answer", Octets{std::move(said)});
    return status;
  }

  Channel channel_;
  Child child_;
  HostCalls& calls_;
  bool is_alive_ = true;
};

}  // namespace

Result<std::unique_ptr<Guest>> open_child(const GuestSetup& setup, HostCalls& calls) {
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) return failed("no socket pair");
  const auto pid = spawn(setup, pair[1]);
  ::close(pair[1]);
  if (!pid) {
    ::close(pair[0]);
    return std::unexpected(pid.error());
  }
  // Nobody else reaps it, so the number is still its own.
  const int pidfd = static_cast<int>(::syscall(SYS_pidfd_open, *pid, 0));
  if (pidfd < 0) {
    ::kill(*pid, SIGKILL);
    ::waitpid(*pid, nullptr, 0);
    ::close(pair[0]);
    return failed("this kernel has no pidfd_open");
  }
  auto guest = std::make_unique<ChildGuest>(pair[0], *pid, pidfd, calls);
  CLUSE_CHECK(guest->greet(setup.offer));
  return guest;
}

}  // namespace cluse::plugin
