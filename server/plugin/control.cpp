#include "server/plugin/control.h"

#include "server/base/log.h"
#include "server/plugin/guest/channel.h"
#include "server/storage/file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace cluse::plugin {
namespace {

namespace fs = std::filesystem;
using domain::journal::Verb;
using std::chrono::steady_clock;

constexpr const char* kName = "control.sock";

std::unexpected<Error> failed(const std::string& what) {
  return fail(Errc::unavailable, "plugin_control_failed", what + ": " + std::strerror(errno));
}

// The address by way of an open folder: a path of a data directory may be longer than an address.
struct Place {
  explicit Place(const fs::path& folder) : opened(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    const std::string path = "/proc/self/fd/" + std::to_string(opened.number()) + '/' + kName;
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
  }
  [[nodiscard]] const sockaddr* at() const { return reinterpret_cast<const sockaddr*>(&address); }
  storage::Fd opened;
  sockaddr_un address{};
};

int new_socket() {
  return ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
}

// Ourselves and root, whatever the rights of the folder say.
bool is_one_of_us(int socket) {
  ucred who{};
  socklen_t size = sizeof who;
  return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 && (who.uid == ::geteuid() || who.uid == 0);
}

Result<void> carry_out(Host& host, const Value& question) {
  const auto text = [&](const char* key) { return question[key].get_or<std::string>(""); };
  const std::string what = text("do"), id = text("id");
  if (what == "enable" || what == "disable") return host.set_enabled(id, what == "enable");
  if (what == "remove") return host.remove(id, question["data"].get_or<bool>(false));
  if (what != "reload")
    return fail(Errc::invalid, "plugin_control_failed", "this server does not know \"" + what + '"');
  const auto verb = domain::journal::parse_verb(text("verb"));
  if (!verb) return host.reload(id);
  return host.reload(id, Told{*verb, {}, text("before")});
}

}  // namespace

Result<std::unique_ptr<Control>> Control::start(Host& host, const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  fs::remove(folder / kName, error);  // of a server that was killed: the data directory is ours
  const Place place(folder);
  const int socket = new_socket();
  if (socket < 0 || ::bind(socket, place.at(), sizeof place.address) < 0 || ::listen(socket, 8) < 0) {
    auto refused = failed((folder / kName).string());
    if (socket >= 0) ::close(socket);
    return refused;
  }
  fs::permissions(folder / kName, fs::perms::owner_read | fs::perms::owner_write, error);
  return std::unique_ptr<Control>(new Control(host, folder, socket, ::eventfd(0, EFD_CLOEXEC)));
}

Control::Control(Host& host, fs::path folder, int socket, int wake)
    : host_(host), folder_(std::move(folder)), socket_(socket), wake_(wake), thread_([this] { run(); }) {}

Control::~Control() {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(wake_, &one, sizeof one));
  thread_.join();
  ::close(socket_);
  ::close(wake_);
  std::error_code ignored;
  fs::remove(folder_ / kName, ignored);
}

void Control::run() {
  for (;;) {
    std::array<pollfd, 2> both = {{{socket_, POLLIN, 0}, {wake_, POLLIN, 0}}};
    if (::poll(both.data(), both.size(), -1) < 0 && errno != EINTR) return;
    if (both[1].revents != 0) return;
    if (both[0].revents == 0) continue;
    const int socket = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket >= 0) answer(socket);
  }
}

void Control::answer(int socket) {
  Channel channel(socket);
  if (!is_one_of_us(socket)) return;
  const auto received = channel.receive(steady_clock::now() + kControlSayMax);
  if (received.state != Channel::State::message) return;
  const auto done = carry_out(host_, received.value);
  const Value said =
      done ? Value{{"ok", true}}
           : Value{{"ok", false}, {"code", done.error().code}, {"detail", tidy_words(done.error().detail)}};
  channel.send(said, steady_clock::now() + kControlSayMax);
}

Result<bool> ask_server(const fs::path& folder, const Value& question) {
  const Place place(folder);
  const int socket = new_socket();
  if (socket < 0) return failed("no socket");
  Channel channel(socket);
  if (!place.opened) return false;
  if (::connect(socket, place.at(), sizeof place.address) < 0) {
    if (errno == ENOENT || errno == ECONNREFUSED) return false;
    return failed("the server cannot be asked");
  }
  channel.send(question, steady_clock::now() + kControlSayMax);
  const auto received = channel.receive(steady_clock::now() + kControlWaitMax);
  if (received.state != Channel::State::message)
    return fail(Errc::unavailable, "plugin_control_failed", "the server did not answer");
  if (received.value["ok"].get_or<bool>(false)) return true;
  return fail(Errc::conflict, "plugin_control_refused",
              received.value["code"].get_or<std::string>("") + ": " +
                  tidy_words(received.value["detail"].get_or<std::string>("")));
}

}  // namespace cluse::plugin
