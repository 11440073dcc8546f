// Instance: everything of one server, built in order and taken down in reverse. The only place that knows everyone.
#pragma once

#include "server/app/config.h"
#include "server/base/result.h"

#include <cstdint>
#include <memory>

namespace cluse::app {

/// Thread: the main thread, which stays free to wait for signals.
class Instance {
 public:
  /// Opens the data directory, migrates, binds. Nothing answers yet if this fails.
  [[nodiscard]] static Result<std::unique_ptr<Instance>> start(const Config& config);
  ~Instance();

  [[nodiscard]] std::uint16_t port() const;
  /// Non-empty until the first administrator exists: what `POST /setup` asks for.
  [[nodiscard]] std::string setup_token() const;
  Result<void> reload_certificate();

  /// Two steps: connections are told and finish, then what is left is written and closed. False if an edit could not be
  /// written in time (it was acknowledged to nobody).
  bool stop();

 private:
  struct Parts;
  explicit Instance(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// Blocks SIGINT, SIGTERM and SIGHUP for every thread made from now on. Thread: main, before any other.
void block_signals();

/// Waits for a signal: SIGHUP reloads the certificate, the others stop the instance. The exit status. Thread: main.
int run_until_signalled(Instance& instance);

}  // namespace cluse::app
