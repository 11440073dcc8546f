// SPDX-License-Identifier: Apache-2.0
//
// What the parts of the wrapper share: who calls, what the host offers, and the exceptions that are statuses outside.
// Part of plugin.hpp, which brings it along.
#pragma once

#include <cluse/plugin.h>
#include <cluse/value.hpp>

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cluse {

inline cluse_str to_c(std::string_view text) {
  return {text.data(), text.size()};
}
inline cluse_bytes bytes_of(std::string_view bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}
inline std::string_view view(cluse_str text) {
  return {text.data == nullptr ? "" : text.data, text.size};
}
inline std::string_view view(cluse_bytes bytes) {
  return {bytes.data == nullptr ? "" : reinterpret_cast<const char*>(bytes.data), bytes.size};
}

namespace plugin_detail {
/// Set by cluse::test::Host alone.
inline std::chrono::system_clock::time_point (*clock)() = &std::chrono::system_clock::now;
}  // namespace plugin_detail

/// The time. Ask here and not the system, and tests can move it.
inline std::chrono::system_clock::time_point now() {
  return plugin_detail::clock();
}

/// An answer, not a failure: no. `key` names a sentence of the plugin's.
class Refused : public std::runtime_error {
 public:
  explicit Refused(const std::string& key) : std::runtime_error(key) {}
};
/// There is no such thing.
class NotFound : public std::runtime_error {
 public:
  explicit NotFound(const std::string& what = "not found") : std::runtime_error(what) {}
};
/// What came in cannot be read.
class Malformed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
/// A call of the host's that did not work; passes through to the caller if nobody catches it.
class HostError : public std::runtime_error {
 public:
  HostError(cluse_status why, const std::string& what)
      : std::runtime_error(what + ": status " + std::to_string(why)), status(why) {}
  cluse_status status;
};

/// Who asks, until when.
class Call {
 public:
  explicit Call(const cluse_call* call) : call_(call) {}
  [[nodiscard]] std::string_view user() const { return call_ == nullptr ? std::string_view() : view(call_->user); }
  [[nodiscard]] std::string_view locale() const { return call_ == nullptr ? std::string_view() : view(call_->locale); }
  [[nodiscard]] std::int64_t deadline_ms() const { return call_ == nullptr ? 0 : call_->deadline_ms; }
  [[nodiscard]] const cluse_call* c() const { return call_; }

 private:
  const cluse_call* call_;
};

/// What the host offers. A copyable reference; valid from `create` to `destroy`.
class Host {
 public:
  explicit Host(const cluse_host* host) : host_(host) {}

  void log(int level, std::string_view line) const { host_->log(host_, level, to_c(line)); }
  void info(std::string_view line) const { log(1, line); }
  void fail(std::string_view why) const { host_->fail(host_, to_c(why)); }
  [[nodiscard]] const cluse_host* c() const { return host_; }
  /// The table of an extension; throws HostError(CLUSE_UNSUPPORTED) where it is not known or not granted.
  template <class Table>
  [[nodiscard]] const Table* need(const char* id) const {
    const auto* table = static_cast<const Table*>(host_->extension(host_, id));
    if (table == nullptr) throw HostError(CLUSE_UNSUPPORTED, id);
    return table;
  }

 private:
  const cluse_host* host_;
};

}  // namespace cluse
