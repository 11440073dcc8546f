// cluse-plugin-runner: one plugin in a process of its own. Started by the server with a socket as descriptor 3 and
// nothing else; takes its sandbox on, loads the library, then serves calls until the socket ends.
//
//     cluse-plugin-runner <pid of the server> <folder> <library> <memory bytes> <whole|any>
#include "server/plugin/guest/channel.h"
#include "server/plugin/guest/instance.h"
#include "server/plugin/guest/library.h"
#include "server/plugin_runner/sandbox.h"

#include <fcntl.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <algorithm>
#include <charconv>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <string>
#include <thread>

namespace cluse::plugin {
namespace {

constexpr int kSocket = 3;

/// The host's calls, by way of the socket. The server waits for nothing but us meanwhile.
class Remote final : public HostCalls {
 public:
  explicit Remote(Channel& channel) : channel_(channel) {}

  std::int32_t begin(bool write, std::uint64_t& transaction) override {
    const Value answer = ask({{"k", "begin"}, {"write", write}});
    transaction = static_cast<std::uint64_t>(answer["tx"].get_or<std::int64_t>(0));
    return status(answer);
  }
  std::int32_t run(std::uint64_t transaction, std::string_view sql, BytesView parameters, Bytes& rows) override {
    const Value answer = ask({{"k", "run"},
                              {"tx", static_cast<std::int64_t>(transaction)},
                              {"sql", sql},
                              {"params", Octets{std::string(parameters)}}});
    rows = answer["rows"].get_or<Octets>({}).data;
    return status(answer);
  }
  std::int32_t commit(std::uint64_t transaction) override {
    return status(ask({{"k", "commit"}, {"tx", static_cast<std::int64_t>(transaction)}}));
  }
  void rollback(std::uint64_t transaction) override {
    static_cast<void>(ask({{"k", "rollback"}, {"tx", static_cast<std::int64_t>(transaction)}}));
  }
  std::int32_t schedule(std::string_view kind, std::string_view key, std::int64_t at_ms, BytesView body) override {
    return status(
        ask({{"k", "schedule"}, {"job", kind}, {"key", key}, {"at", at_ms}, {"body", Octets{std::string(body)}}}));
  }
  std::int32_t serve(std::string_view service, std::string_view operation, const CallerView& caller, BytesView body,
                     Bytes& answer) override {
    // A name from a plugin may be no text, which no message of ours can hold.
    if (!value_detail::is_utf8(operation) || !value_detail::is_utf8(caller.user)) return CLUSE_INVALID;
    const Value said = ask({{"k", "serve"},
                            {"service", service},
                            {"operation", operation},
                            {"itself", caller.is_plugin},
                            {"call", static_cast<std::int64_t>(caller.call)},
                            {"user", caller.user},
                            {"body", Octets{std::string(body)}}});
    answer = said["answer"].get_or<Octets>({}).data;
    return status(said);
  }
  void log(int level, std::string_view line) override {
    channel_.send({{"k", "log"}, {"level", level}, {"line", line}}, Deadline::max());
  }

 private:
  // Without a server there is nothing to go on for.
  Value ask(const Value& question) {
    if (!channel_.send(question, Deadline::max())) std::_Exit(0);
    auto received = channel_.receive(Deadline::max());
    if (received.state != Channel::State::message) std::_Exit(0);
    return std::move(received.value);
  }
  static std::int32_t status(const Value& answer) { return answer["status"].get_or<std::int32_t>(CLUSE_INTERNAL); }

  Channel& channel_;
};

// What glibc would load or make at its first use, past the sandbox.
void warm_up() {
  std::setlocale(LC_ALL, "C.UTF-8");
  std::thread([] {}).join();
  try {
    throw std::exception();
  } catch (const std::exception&) {}
}

int refuse(Channel& channel, const std::string& why) {
  channel.send({{"k", "refused"}, {"why", why}}, Deadline::max());
  return 1;
}

// On trial: the number of threads, read from what was opened before the sandbox.
std::string threads_left(int status_file) {
  std::string text(4'096, '\0');
  const auto size = ::read(status_file, text.data(), text.size());
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  constexpr std::string_view kLine = "\nThreads:\t";
  const auto at = text.find(kLine);
  return at == std::string::npos ? "unknown"
                                 : text.substr(at + kLine.size(), text.find('\n', at + 1) - at - kLine.size());
}

int serve(Channel& channel, const cluse_entry& entry, Offer offer, int status_file) {
  Remote remote(channel);
  Instance instance(entry, std::move(offer), remote);
  if (!channel.send({{"k", "ready"}}, Deadline::max())) return 0;
  for (;;) {
    const auto received = channel.receive(Deadline::max());
    if (received.state != Channel::State::message) return 0;
    const auto work = work_from(received.value);
    if (!work) return 1;
    Outcome outcome = instance.run(*work);
    if (status_file >= 0 && work->kind == WorkKind::stop) outcome.why = threads_left(status_file);
    if (!channel.send(to_value(outcome), Deadline::max())) return 0;
    if (work->kind == WorkKind::stop) return 0;
  }
}

int run(char** words) {
  // The server may have died before this line: then nobody waits for us.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (std::to_string(::getppid()) != words[1]) return 0;
  ::mallopt(M_ARENA_MAX, 1);  // each arena takes 64 MiB of the address space
  Channel channel(kSocket);
  std::size_t memory = 0;
  const std::string bytes = words[4];
  std::from_chars(bytes.data(), bytes.data() + bytes.size(), memory);
  const auto received = channel.receive(Deadline::max());
  if (received.state != Channel::State::message) return 0;
  Offer offer;
  for (const Value& id : received.value["extensions"].items()) offer.extensions.push_back(id.as<std::string>());
  const int status_file = offer.has(kUnderCheck) ? ::open("/proc/self/status", O_RDONLY | O_CLOEXEC) : -1;
  warm_up();
  const bool may_lack = std::string_view(words[5]) == "any";
  const std::string missing = enter_sandbox(words[2], memory);
  if (!missing.empty() && !may_lack)
    return refuse(channel, "this system lacks a layer of the sandbox: " + missing + " (plugins.allow_unsandboxed)");
  const auto entry = load_library(words[3]);
  if (!entry) return refuse(channel, entry.error().detail);
  const std::string open = close_sandbox();
  if (!open.empty() && !may_lack) return refuse(channel, "the sandbox cannot be closed: " + open);
  return serve(channel, **entry, std::move(offer), status_file);
}

}  // namespace
}  // namespace cluse::plugin

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const int status = cluse::plugin::run(argv);
  // No destructors of the plugin's: its server is gone, or waits for the end.
  std::_Exit(status);
}
