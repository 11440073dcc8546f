// What the tests of the two hosts share: a domain with a real store, and plugins that were built beside the tests.
#pragma once

#include "server/domain/testing.h"
#include "server/plugin/host.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>

namespace cluse::plugin {

class PluginTest : public ::testing::Test {
 protected:
  explicit PluginTest(HostKind kind) : kind_(kind) {}
  ~PluginTest() override {
    if (host_) host_->stop();
  }

  /// Installs a plugin that was built beside the tests (tests/plugin, sdk/templates).
  void install(const std::string& name);
  /// Starts the host with what was installed.
  void start();

  Result<HttpAnswer> send(const std::string& plugin, const std::string& method, const std::string& path,
                          const std::string& body = {}) {
    return send_as(domain_.administrator(), plugin, method, path, body);
  }
  Result<HttpAnswer> send_as(const domain::Actor& actor, const std::string& plugin, const std::string& method,
                             const std::string& path, const std::string& body = {}) {
    HttpRequest request{"org.example." + plugin, method, path, {}, {}, body};
    return domain_.run(host_->handle(actor, std::move(request)));
  }
  /// The body, or the code of the refusal.
  std::string said(const Result<HttpAnswer>& answer) {
    return answer ? answer->body : std::string(answer.error().code);
  }
  std::string get(const std::string& plugin, const std::string& path) { return said(send(plugin, "GET", path)); }

  Health health(const std::string& plugin) {
    for (const auto& each : host_->list())
      if (each.id == "org.example." + plugin) return each.health;
    return {};
  }
  /// Waits for the condition itself; false if it does not come about.
  static bool becomes(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (std::chrono::steady_clock::now() < end) {
      if (condition()) return true;
      std::this_thread::yield();
    }
    return false;
  }

  const HostKind kind_;
  domain::TestDomain domain_;
  std::set<std::string> ids_;
  std::atomic<int> off_ = 0;  ///< how often a plugin was switched off by its deaths
  Services services_;         ///< what the host is given
  /// Has calls of plugins to the host fail: faults_->fail_call(n).
  const std::shared_ptr<Faults> faults_ = std::make_shared<Faults>();
  std::unique_ptr<Host> host_;
};

}  // namespace cluse::plugin
