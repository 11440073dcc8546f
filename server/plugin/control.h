// Control: how the command line talks to the server that uses the same data directory: a socket in <data>/plugins, for
// the server's own user and root. One question, one answer: maps of CBOR, as between the server and a child.
//
//     {do: "reload", id, verb: "plugin.updated", before}    {do: "enable" | "disable", id}    {do: "remove", id, data}
//     {ok: true}                                            {ok: false, code, detail}
#pragma once

#include "server/base/result.h"
#include "server/plugin/host.h"

#include <cluse/value.hpp>

#include <filesystem>
#include <optional>
#include <thread>

namespace cluse::plugin {

/// Who asks is waited for so long, and waits so long.
inline constexpr std::chrono::milliseconds kControlSayMax{5'000};
inline constexpr std::chrono::milliseconds kControlWaitMax{60'000};

/// Requires: the host outlives it. Thread: make and end it from the owner's; it answers on its own.
class Control {
 public:
  /// Listens in `folder`. Code "plugin_control_failed": the command line then decides for the next start alone.
  [[nodiscard]] static Result<std::unique_ptr<Control>> start(Host& host, const std::filesystem::path& folder);
  ~Control();

 private:
  Control(Host& host, std::filesystem::path folder, int socket, int wake);
  void run();
  void answer(int socket);

  Host& host_;
  const std::filesystem::path folder_;
  const int socket_, wake_;
  std::thread thread_;
};

/// Asks the server that uses `folder`; nothing if there is none. Errors: what the server answered, or
/// "plugin_control_failed" (`detail` says why). Blocking.
[[nodiscard]] Result<bool> ask_server(const std::filesystem::path& folder, const Value& question);

}  // namespace cluse::plugin
