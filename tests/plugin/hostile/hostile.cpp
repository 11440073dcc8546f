// What a plugin must not do, one thing a name. Answers 200 where it was prevented and lived; the tests say what must
// have come of the rest.
#include <cluse/plugin.hpp>

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>

namespace {

volatile bool forever = true;
int constructor_open = 0;

// Runs while the library is loaded: already inside the sandbox.
__attribute__((constructor)) void early() {
  constructor_open = ::open("/etc/passwd", O_RDONLY);
}

std::string result(const char* what, long value) {
  return std::string(what) + (value < 0 ? ": refused" : ": worked");
}

std::string try_system(const std::string& what) {
  if (what == "read-file") return result("open", ::open("/etc/passwd", O_RDONLY));
  if (what == "constructor") return result("open", constructor_open);
  if (what == "write-file") return result("open", ::open("/tmp/cluse-hostile", O_CREAT | O_WRONLY, 0600));
  if (what == "fork") return result("fork", ::fork());
  if (what == "exec") return result("exec", ::execl("/bin/true", "true", nullptr));
  if (what == "socket") return result("socket", ::socket(AF_INET, SOCK_STREAM, 0));
  if (what == "kill-parent") return result("kill", ::kill(::getppid(), 0));
  if (what == "executable-memory")
    return ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
               ? "mmap: refused"
               : "mmap: worked";
  if (what == "descriptors") {
    int count = 0;
    while (count < 100'000 && ::dup(0) >= 0) ++count;
    return count < 1'000 ? "descriptors: refused" : "descriptors: worked";
  }
  if (what == "malloc") {
    volatile char* block = static_cast<char*>(std::malloc(4UL << 30));
    if (block == nullptr) return "malloc: refused";
    for (std::size_t i = 0; i < 4UL << 30; i += 4096) block[i] = 1;
    return "malloc: worked";
  }
  return {};
}

[[noreturn]] void deadlock() {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable never;
  for (;;) never.wait(lock, [] { return !forever; });
}

}  // namespace

class Hostile final : public cluse::Plugin {
 public:
  explicit Hostile(cluse::Host host) : Plugin(host) {
    route("GET /do/{what}", &Hostile::act);
    ask("document.rename", &Hostile::be_late);
  }

 private:
  void on_stop() override {
    while (never_stop_ && forever) {}
  }

  // To the host a plugin that says so and one that says nothing are the same.
  void be_late(const cluse::Call&, cluse::Value& document) {
    if (document["title"].get_or<std::string>("") == "late") throw cluse::HostError(CLUSE_TIMEOUT, "late");
  }

  cluse::Response act(const cluse::Call& call, const cluse::Request& request) {
    const std::string what = request.param("what");
    if (what == "crash") ::raise(SIGSEGV);
    if (what == "abort") std::abort();
    if (what == "exit") ::_exit(0);
    if (what == "spin")
      while (forever) {}
    if (what == "deadlock") deadlock();
    if (what == "throw") throw 42;
    if (what == "throw-through") through();
    if (what == "never-stop") never_stop_ = true;
    if (what == "large") return cluse::Response::text(std::string(17UL << 20, 'x'));
    if (what == "status") return cluse::Response::text("moved", 302);
    if (what == "cookie") return {200, {{"set-cookie", "cluse_session=x"}, {"content-type", "text/html\r\nx: y"}}, "x"};
    if (what == "flood")
      for (int i = 0; i < 20'000; ++i) host().info("flood " + std::string(500, 'x'));
    if (what == "off-lane") return from_another_thread(call);
    if (what == "leave-open") leave_open(call);
    if (what == "lie") lie();
    const std::string tried = try_system(what);
    return cluse::Response::text(tried.empty() ? what : tried);
  }

  // Past a frame that promises not to throw: what an author without the wrapper could do.
  static void thrower() { throw 42; }
  static void through() noexcept { thrower(); }

  cluse::Response from_another_thread(const cluse::Call& call) {
    cluse_status status = CLUSE_OK;
    const auto* table = host().need<cluse_host_storage>(CLUSE_EXT_STORAGE);
    std::thread([&] {
      cluse_handle tx = 0;
      status = table->begin(host().c(), call.c(), 1, &tx);
    }).join();
    return cluse::Response::text(status == CLUSE_DENIED ? "off-lane: refused" : "off-lane: worked");
  }

  void leave_open(const cluse::Call& call) {
    const auto* table = host().need<cluse_host_storage>(CLUSE_EXT_STORAGE);
    cluse_handle tx = 0;
    if (table->begin(host().c(), call.c(), 1, &tx) != CLUSE_OK) throw std::runtime_error("one is open already");
  }

  // Sizes without bytes, and bytes that are no CBOR.
  void lie() {
    const auto* table = host().need<cluse_host_storage>(CLUSE_EXT_STORAGE);
    host().c()->fail(host().c(), {nullptr, 1UL << 40});
    host().c()->log(host().c(), 99, {nullptr, 5});
    cluse_handle tx = 0;
    if (table->begin(host().c(), nullptr, 1, &tx) != CLUSE_OK) throw std::runtime_error("begin");
    const cluse_str sql{"SELECT 1", 8};
    const bool refused = table->run(host().c(), tx, sql, {nullptr, 1UL << 40}, nullptr) == CLUSE_LIMIT &&
                         table->run(host().c(), tx, sql, cluse::bytes_of("\xff\xff"), nullptr) == CLUSE_INVALID &&
                         table->run(host().c(), tx + 1, sql, cluse::bytes_of("\x80"), nullptr) == CLUSE_GONE &&
                         table->run(host().c(), 0, sql, cluse::bytes_of("\x80"), nullptr) == CLUSE_GONE;
    table->rollback(host().c(), tx);
    if (!refused) throw std::runtime_error("a lie was believed");
  }

  bool never_stop_ = false;
};

CLUSE_PLUGIN(Hostile)
