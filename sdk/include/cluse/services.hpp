// SPDX-License-Identifier: Apache-2.0
//
// The services of the host in C++: one question, one answer. Part of plugin.hpp, which brings it along.
//
//     search().put(call, {{"key", "p1"}, {"kind", "poll"}, {"title", "Quel jour ?"}, {"url", "/polls/1"},
//                         {"readers", cluse::Value::array({"signed-in"})}});
//     const auto who = core().ask(call, "person.get", {{"id", id}});
//
// With a call a service acts for its user, with that user's rights; without one, for the plugin itself. Operations and
// their maps: docs/plugins/services.md. Throws Refused, NotFound, and HostError for what did not work; the reason
// stands in the plugin's log. Thread: the lane.
#pragma once

#include <cluse/host.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace cluse {

class Service {
 public:
  Service(Host host, const char* id) : host_(host), id_(id), table_(host.need<cluse_host_service>(id)) {}

  Value ask(const Call& call, std::string_view operation, const Value& body = Value::map()) const {
    const std::string encoded = body.to_cbor();
    std::string answer;
    const cluse_sink sink{&answer, [](void* ctx, cluse_bytes chunk) noexcept -> cluse_status {
                            try {
                              static_cast<std::string*>(ctx)->append(view(chunk));
                              return CLUSE_OK;
                            } catch (...) {
                              return CLUSE_LIMIT;
                            }
                          }};
    const cluse_status status = table_->ask(host_.c(), call.c(), to_c(operation), bytes_of(encoded), &sink);
    const std::string what = std::string(id_) + " " + std::string(operation);
    if (status == CLUSE_REFUSED) throw Refused(what);
    if (status == CLUSE_NOT_FOUND) throw NotFound(what);
    if (status != CLUSE_OK) throw HostError(status, what);
    auto read = Value::from_cbor(answer, {CLUSE_ANSWER_MAX, CLUSE_DEPTH_MAX, 1'000'000});
    if (!read) throw HostError(CLUSE_INTERNAL, what + ": an answer that cannot be read");
    return std::move(*read);
  }
  /// For the plugin itself.
  Value ask(std::string_view operation, const Value& body = Value::map()) const {
    return ask(Call(nullptr), operation, body);
  }

 private:
  Host host_;
  const char* id_;
  const cluse_host_service* table_;
};

class Search : public Service {
 public:
  explicit Search(Host host) : Service(host, CLUSE_EXT_SEARCH) {}
  /// {key, kind, title, text, url, language?, readers}; the same key replaces.
  void put(const Value& object) const { ask("put", object); }
  void remove(std::string_view key) const { ask("remove", {{"key", key}}); }
  /// The plugin's own objects that the caller may read: [{key, kind, title, extract}].
  Value::Array find(const Call& call, std::string_view words, int limit = 20) const {
    return ask(call, "find", {{"words", words}, {"limit", limit}})["hits"].items();
  }
};

class Notify : public Service {
 public:
  explicit Notify(Host host) : Service(host, CLUSE_EXT_NOTIFY) {}
  /// {to, key, args, url, class}
  void send(const Value& message) const { ask("send", message); }
};

class Documents : public Service {
 public:
  explicit Documents(Host host) : Service(host, CLUSE_EXT_DOCUMENTS) {}
  Value read(const Call& call, std::string_view id) const { return ask(call, "read", {{"id", id}}); }
  void edit(const Call& call, std::string_view id, const Value& operations) const {
    ask(call, "edit", {{"id", id}, {"operations", operations}});
  }
};

class Core : public Service {
 public:
  explicit Core(Host host) : Service(host, CLUSE_EXT_CORE) {}
  Value person(const Call& call, std::string_view id) const { return ask(call, "person.get", {{"id", id}}); }
  bool may(const Call& call, std::string_view permission, std::string_view workspace = {}) const {
    Value body = {{"permission", permission}};
    if (!workspace.empty()) body.set("workspace", workspace);
    return ask(call, "rights.may", body)["may"].get_or<bool>(false);
  }
};

/// An answer over the network.
struct Fetched {
  int status = 0;
  Value headers;  ///< names in small letters
  std::string body;
};

class Net : public Service {
 public:
  explicit Net(Host host) : Service(host, CLUSE_EXT_NET) {}
  Fetched fetch(std::string_view method, std::string_view url, const Value& headers = Value::map(),
                std::string_view body = {}) const {
    const Value said =
        ask("fetch", {{"method", method}, {"url", url}, {"headers", headers}, {"body", Octets{std::string(body)}}});
    return {said["status"].get_or<int>(0), said["headers"], said["body"].get_or<Octets>({}).data};
  }
};

}  // namespace cluse
