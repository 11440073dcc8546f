// SPDX-License-Identifier: Apache-2.0
//
// The C++20 wrapper over cluse/plugin.h: exceptions and RAII inside, statuses outside. Header-only, no dependencies.
//
//     class Hello final : public cluse::Plugin {
//      public:
//       explicit Hello(cluse::Host host) : Plugin(host) { route("GET /hello", &Hello::greet); }
//      private:
//       cluse::Response greet(const cluse::Call&, const cluse::Request&) {
//         return cluse::Response::json({{"hello", "monde"}});
//       }
//     };
//     CLUSE_PLUGIN(Hello)
//
// Each name given to route, ask, notice and job must stand in plugin.toml too. A handler that throws Refused answers a
// refusal; Mismatch and Malformed answer that the input is wrong; anything else is a failure, told in the host's log.
// Thread: handlers run on the lane, one at a time; so does everything of the host but `log`.
#pragma once

#include <cluse/host.hpp>
#include <cluse/plugin.h>
#include <cluse/services.hpp>
#include <cluse/value.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cluse {

class Request {
 public:
  explicit Request(const cluse_request& request)
      : request_(&request), params_(map_of(request.params)), query_(map_of(request.query)),
        headers_(map_of(request.headers)) {}

  [[nodiscard]] std::string_view method() const { return view(request_->method); }
  [[nodiscard]] std::string_view path() const { return view(request_->path); }
  /// As the manifest says it: "POST /polls/{poll}/vote".
  [[nodiscard]] std::string_view route() const { return view(request_->route); }
  /// What stands for `{name}` of the route.
  [[nodiscard]] std::string param(std::string_view name) const { return params_[name].get_or<std::string>(""); }
  [[nodiscard]] std::string query(std::string_view name) const { return query_[name].get_or<std::string>(""); }
  /// All of the query, names to texts.
  [[nodiscard]] const Value& queries() const { return query_; }
  /// Names in small letters.
  [[nodiscard]] std::string header(std::string_view name) const { return headers_[name].get_or<std::string>(""); }
  [[nodiscard]] std::string_view raw() const { return view(request_->body); }
  /// The body as JSON. Throws Malformed.
  [[nodiscard]] Value body() const {
    auto value = Value::from_json(raw());
    if (!value) throw Malformed("the body is not JSON");
    return std::move(*value);
  }

 private:
  static Value map_of(cluse_bytes bytes) { return Value::from_cbor(view(bytes)).value_or(Value::map()); }

  const cluse_request* request_;
  Value params_, query_, headers_;
};

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  [[nodiscard]] static Response json(const Value& value, int status = 200) {
    return {status, {{"content-type", "application/json"}}, value.to_json()};
  }
  [[nodiscard]] static Response text(std::string words, int status = 200) {
    return {status, {{"content-type", "text/plain; charset=utf-8"}}, std::move(words)};
  }
  [[nodiscard]] static Response empty(int status = 204) { return {status, {}, {}}; }
};

/// One transaction on the plugin's own database.
class Tx {
 public:
  Tx(const cluse_host* host, const cluse_host_storage* table, cluse_handle handle)
      : host_(host), table_(table), handle_(handle) {}

  /// Rows, each an array of its columns. Parameters stand for ?1, ?2, …
  template <class... Args>
  Value::Array all(std::string_view sql, const Args&... args) {
    return all_of(sql, Value::Array{Value(args)...});
  }
  /// The same for a statement that was put together, with as many parameters as it came to have.
  Value::Array all_of(std::string_view sql, Value::Array params) {
    const std::string encoded = Value(std::move(params)).to_cbor();
    std::string rows;
    const cluse_sink sink{&rows, [](void* ctx, cluse_bytes chunk) noexcept -> cluse_status {
                            try {
                              static_cast<std::string*>(ctx)->append(view(chunk));
                              return CLUSE_OK;
                            } catch (...) {
                              return CLUSE_LIMIT;
                            }
                          }};
    const cluse_status status = table_->run(host_, handle_, to_c(sql), bytes_of(encoded), &sink);
    if (status != CLUSE_OK) throw HostError(status, std::string(sql));
    auto read = Value::sequence_from_cbor(rows, {16U << 20, 4, 1'000'000});
    if (!read) throw HostError(CLUSE_INTERNAL, "rows that cannot be read");
    return std::move(*read);
  }
  template <class... Args>
  void run(std::string_view sql, const Args&... args) {
    static_cast<void>(all(sql, args...));
  }
  /// The first column of the first row, if there is one that is not null.
  template <class T, class... Args>
  std::optional<T> one_if(std::string_view sql, const Args&... args) {
    const auto rows = all(sql, args...);
    if (rows.empty() || rows.front().items().empty() || rows.front().items().front().is_null()) return std::nullopt;
    return rows.front().items().front().template as<T>();
  }
  template <class T, class... Args>
  T one(std::string_view sql, const Args&... args) {
    auto found = one_if<T>(sql, args...);
    if (!found) throw NotFound(std::string(sql));
    return std::move(*found);
  }

 private:
  const cluse_host* host_;
  const cluse_host_storage* table_;
  cluse_handle handle_;
};

class Storage {
 public:
  explicit Storage(Host host) : host_(host), table_(host.need<cluse_host_storage>(CLUSE_EXT_STORAGE)) {}

  /// Runs `body(Tx&)` in a transaction that commits when it returns; an exception rolls it back and goes on.
  template <class F>
  auto write(const Call& call, F&& body) {
    return in_transaction(call, 1, std::forward<F>(body));
  }
  template <class F>
  auto read(const Call& call, F&& body) {
    return in_transaction(call, 0, std::forward<F>(body));
  }

 private:
  /// Rolls back unless it was committed.
  struct Open {
    const cluse_host* host;
    const cluse_host_storage* table;
    cluse_handle handle = 0;
    ~Open() {
      if (handle != 0) table->rollback(host, handle);
    }
    void commit() {
      const cluse_status status = table->commit(host, std::exchange(handle, 0));
      if (status != CLUSE_OK) throw HostError(status, "commit");
    }
  };

  template <class F>
  auto in_transaction(const Call& call, std::uint32_t write, F&& body) {
    Open open{host_.c(), table_};
    const cluse_status status = table_->begin(host_.c(), call.c(), write, &open.handle);
    if (status != CLUSE_OK) throw HostError(status, "begin");
    Tx tx(host_.c(), table_, open.handle);
    if constexpr (std::is_void_v<std::invoke_result_t<F, Tx&>>) {
      body(tx);
      open.commit();
    } else {
      auto answer = body(tx);
      open.commit();
      return answer;
    }
  }

  Host host_;
  const cluse_host_storage* table_;
};

namespace plugin_detail {
struct Access;
}

/// What an author derives from. Register handlers in the constructor; `on_start` may use the host already.
class Plugin {
 public:
  explicit Plugin(Host host) : host_(host) {}
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;
  virtual ~Plugin() = default;

 protected:
  virtual void on_start() {}
  virtual void on_stop() {}

  /// "POST /polls/{poll}/vote", as in the manifest.
  template <class P>
  void route(std::string name, Response (P::*handler)(const Call&, const Request&)) {
    routes_[std::move(name)] = [this, handler](const Call& call, const Request& request) {
      return (static_cast<P*>(this)->*handler)(call, request);
    };
  }
  /// The handler may change the value, or throw Refused.
  template <class P>
  void ask(std::string hook, void (P::*handler)(const Call&, Value&)) {
    asks_[std::move(hook)] = [this, handler](const Call& call, Value& body) {
      (static_cast<P*>(this)->*handler)(call, body);
    };
  }
  template <class P>
  void notice(std::string topic, void (P::*handler)(const Call&, const Value&)) {
    notices_[std::move(topic)] = [this, handler](const Call& call, const Value& body) {
      (static_cast<P*>(this)->*handler)(call, body);
    };
  }
  template <class P>
  void job(std::string kind, void (P::*handler)(const Call&, const Value&)) {
    jobs_[std::move(kind)] = [this, handler](const Call& call, const Value& body) {
      (static_cast<P*>(this)->*handler)(call, body);
    };
  }

  /// Somebody wants to hear a channel, "poll/7": the handler of the longest name that fits ("poll/*" or "poll/7") may
  /// throw Refused. A channel without a handler lets in whom its grant does.
  template <class P>
  void join(std::string channel, void (P::*handler)(const Call&, std::string_view channel)) {
    joins_[std::move(channel)] = [this, handler](const Call& call, std::string_view of) {
      (static_cast<P*>(this)->*handler)(call, of);
    };
  }
  /// A member of a channel says something.
  template <class P>
  void message(std::string channel, void (P::*handler)(const Call&, std::string_view channel, const Value&)) {
    messages_[std::move(channel)] = [this, handler](const Call& call, std::string_view of, const Value& body) {
      (static_cast<P*>(this)->*handler)(call, of, body);
    };
  }
  /// What the next version is handed while this one runs; null: nothing.
  virtual Value on_save() { return {}; }
  /// What the version before has handed on. Throw Malformed to begin without it.
  virtual void on_load(const Value& /*state*/) {}

  [[nodiscard]] const Host& host() const { return host_; }
  [[nodiscard]] Storage storage() const { return Storage(host_); }
  [[nodiscard]] Service service(const char* id) const { return {host_, id}; }
  [[nodiscard]] Search search() const { return Search(host_); }
  [[nodiscard]] Notify notify() const { return Notify(host_); }
  [[nodiscard]] Documents documents() const { return Documents(host_); }
  [[nodiscard]] Core core() const { return Core(host_); }
  [[nodiscard]] Net net() const { return Net(host_); }
  /// A sentence of the plugin's catalogues.
  [[nodiscard]] std::string text(std::string_view locale, std::string_view key,
                                 const Value& args = Value::map()) const {
    const Value said = service(CLUSE_EXT_I18N).ask("text", {{"locale", locale}, {"key", key}, {"args", args}});
    return said["text"].as<std::string>();
  }
  /// To whoever listens to `channel` now.
  void publish(const Call& call, std::string_view channel, const Value& body) const {
    service(CLUSE_EXT_REALTIME).ask(call, "publish", {{"channel", channel}, {"body", body}});
  }
  /// Who listens to `channel` is asked for again by way of `join`: after a change of this plugin's own that shuts
  /// somebody out. Changes of rights are noticed without it.
  void recheck(const Call& call, std::string_view channel) const {
    service(CLUSE_EXT_REALTIME).ask(call, "recheck", {{"channel", channel}});
  }
  /// Tells other plugins, as the notice "<id of this plugin>:<topic>".
  void emit(const Call& call, std::string_view topic, const Value& body) const {
    service(CLUSE_EXT_EVENTS).ask(call, "emit", {{"topic", topic}, {"body", body}});
  }
  /// The same kind and key replace. Inside Storage::write it exists if that commits.
  void schedule(const Call& call, std::string_view kind, std::string_view key, std::chrono::system_clock::time_point at,
                const Value& body = {}) const {
    const auto* jobs = host_.need<cluse_host_jobs>(CLUSE_EXT_JOBS);
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
    const std::string encoded = body.to_cbor();
    const cluse_status status = jobs->schedule(host_.c(), call.c(), to_c(kind), to_c(key), ms, bytes_of(encoded));
    if (status != CLUSE_OK) throw HostError(status, "schedule");
  }

 private:
  friend struct plugin_detail::Access;

  Host host_;
  std::map<std::string, std::function<Response(const Call&, const Request&)>, std::less<>> routes_;
  std::map<std::string, std::function<void(const Call&, Value&)>, std::less<>> asks_;
  std::map<std::string, std::function<void(const Call&, const Value&)>, std::less<>> notices_, jobs_;
  std::map<std::string, std::function<void(const Call&, std::string_view)>, std::less<>> joins_;
  std::map<std::string, std::function<void(const Call&, std::string_view, const Value&)>, std::less<>> messages_;
};

namespace plugin_detail {

/// The boundary: every slot is noexcept, catches everything, and says why through fail().
struct Access {
  cluse_plugin table{};
  Host host;
  std::unique_ptr<Plugin> plugin;

  explicit Access(Host of) : host(of) {}
  static Access& of(cluse_plugin* plugin) { return *static_cast<Access*>(plugin->self); }

  template <class F>
  cluse_status guarded(F&& body) noexcept {
    try {
      return body();
    } catch (const Refused& e) {
      return say(CLUSE_REFUSED, e.what());
    } catch (const NotFound& e) {
      return say(CLUSE_NOT_FOUND, e.what());
    } catch (const Malformed& e) {
      return say(CLUSE_INVALID, e.what());
    } catch (const Mismatch& e) {
      return say(CLUSE_INVALID, e.what());
    } catch (const HostError& e) {
      return say(e.status, e.what());
    } catch (const std::exception& e) {
      return say(CLUSE_INTERNAL, e.what());
    } catch (...) {
      return say(CLUSE_INTERNAL, "something that is no std::exception was thrown");
    }
  }
  cluse_status say(cluse_status status, const char* why) const noexcept {
    host.fail(why);
    return status;
  }

  static cluse_status start(cluse_plugin* self) noexcept {
    return of(self).guarded([&] {
      if (of(self).plugin == nullptr) return of(self).say(CLUSE_INTERNAL, "the constructor has thrown");
      of(self).plugin->on_start();
      return cluse_status{CLUSE_OK};
    });
  }
  static void stop(cluse_plugin* self) noexcept {
    of(self).guarded([&] {
      of(self).plugin->on_stop();
      return cluse_status{CLUSE_OK};
    });
  }
  static void destroy(cluse_plugin* self) noexcept { delete &of(self); }

  static cluse_status handle(cluse_plugin* self, const cluse_call* c, const cluse_request* request,
                             const cluse_sink* head, const cluse_sink* body) noexcept {
    return of(self).guarded([&]() -> cluse_status {
      const auto found = of(self).plugin->routes_.find(view(request->route));
      if (found == of(self).plugin->routes_.end()) return CLUSE_UNSUPPORTED;
      const Response response = found->second(Call(c), Request(*request));
      Value headers = Value::map();
      for (const auto& [name, value] : response.headers) headers.set(name, value);
      const std::string encoded = Value{{"status", response.status}, {"headers", headers}}.to_cbor();
      if (const auto status = head->write(head->ctx, bytes_of(encoded)); status != CLUSE_OK) return status;
      return response.body.empty() ? cluse_status{CLUSE_OK} : body->write(body->ctx, bytes_of(response.body));
    });
  }
  static cluse_status notice(cluse_plugin* self, const cluse_call* c, cluse_str topic, cluse_bytes body) noexcept {
    return tell(self, of(self).plugin->notices_, c, topic, body);
  }
  static cluse_status perform(cluse_plugin* self, const cluse_call* c, cluse_str kind, cluse_bytes body) noexcept {
    return tell(self, of(self).plugin->jobs_, c, kind, body);
  }
  template <class Handlers>
  static cluse_status tell(cluse_plugin* self, const Handlers& handlers, const cluse_call* c, cluse_str name,
                           cluse_bytes body) noexcept {
    return of(self).guarded([&]() -> cluse_status {
      const auto found = handlers.find(view(name));
      if (found == handlers.end()) return CLUSE_UNSUPPORTED;
      const auto value = Value::from_cbor(view(body));
      if (!value) return CLUSE_INVALID;
      found->second(Call(c), *value);
      return CLUSE_OK;
    });
  }
  static cluse_status ask(cluse_plugin* self, const cluse_call* c, cluse_str hook, cluse_bytes body,
                          const cluse_sink* instead) noexcept {
    return of(self).guarded([&]() -> cluse_status {
      const auto found = of(self).plugin->asks_.find(view(hook));
      if (found == of(self).plugin->asks_.end()) return CLUSE_OK;
      auto value = Value::from_cbor(view(body));
      if (!value) return CLUSE_INVALID;
      const Value before = *value;
      found->second(Call(c), *value);
      if (*value == before) return CLUSE_OK;
      const std::string encoded = value->to_cbor();
      return instead->write(instead->ctx, bytes_of(encoded));
    });
  }

  /// The handler of "poll/7", else that of "poll/*".
  template <class Handlers>
  static auto of_channel(const Handlers& handlers, std::string_view channel) {
    if (const auto found = handlers.find(channel); found != handlers.end()) return found;
    for (auto slash = channel.rfind('/'); slash != std::string_view::npos && slash > 0;
         slash = channel.rfind('/', slash - 1))
      if (const auto found = handlers.find(std::string(channel.substr(0, slash + 1)) + "*"); found != handlers.end())
        return found;
    return handlers.end();
  }
  static cluse_status join(cluse_plugin* self, const cluse_call* c, cluse_str channel) noexcept {
    return of(self).guarded([&]() -> cluse_status {
      const auto& handlers = of(self).plugin->joins_;
      if (const auto found = of_channel(handlers, view(channel)); found != handlers.end())
        found->second(Call(c), view(channel));
      return CLUSE_OK;
    });
  }
  static cluse_status message(cluse_plugin* self, const cluse_call* c, cluse_str channel, cluse_bytes body) noexcept {
    return of(self).guarded([&]() -> cluse_status {
      const auto& handlers = of(self).plugin->messages_;
      const auto found = of_channel(handlers, view(channel));
      if (found == handlers.end()) return CLUSE_UNSUPPORTED;
      const auto value = Value::from_cbor(view(body));
      if (!value) return CLUSE_INVALID;
      found->second(Call(c), view(channel), *value);
      return CLUSE_OK;
    });
  }
  static cluse_status save(cluse_plugin* self, const cluse_call*, const cluse_sink* state) noexcept {
    return of(self).guarded([&]() -> cluse_status {
      const Value saved = of(self).plugin->on_save();
      const std::string encoded = saved.is_null() ? "" : saved.to_cbor();
      return encoded.empty() ? cluse_status{CLUSE_OK} : state->write(state->ctx, bytes_of(encoded));
    });
  }
  static cluse_status load(cluse_plugin* self, const cluse_call*, cluse_bytes state) noexcept {
    return of(self).guarded([&]() -> cluse_status {
      const auto value = Value::from_cbor(view(state), {16U << 20, 16, 1'000'000});
      if (!value) return CLUSE_INVALID;
      of(self).plugin->on_load(*value);
      return CLUSE_OK;
    });
  }

  static const void* extension(cluse_plugin*, const char* id) noexcept {
    static constexpr cluse_plugin_realtime kRealtime{sizeof(cluse_plugin_realtime), 0, &Access::join,
                                                     &Access::message};
    static constexpr cluse_plugin_handover kHandover{sizeof(cluse_plugin_handover), 0, &Access::save, &Access::load};
    static constexpr cluse_plugin_http kHttp{sizeof(cluse_plugin_http), 0, &Access::handle};
    static constexpr cluse_plugin_events kEvents{sizeof(cluse_plugin_events), 0, &Access::notice, &Access::ask};
    static constexpr cluse_plugin_jobs kJobs{sizeof(cluse_plugin_jobs), 0, &Access::perform};
    const std::string_view wanted(id);
    if (wanted == CLUSE_EXT_HTTP) return &kHttp;
    if (wanted == CLUSE_EXT_EVENTS) return &kEvents;
    if (wanted == CLUSE_EXT_JOBS) return &kJobs;
    if (wanted == CLUSE_EXT_REALTIME) return &kRealtime;
    if (wanted == CLUSE_EXT_HANDOVER) return &kHandover;
    return nullptr;
  }

  template <class P>
  static cluse_plugin* create(const cluse_host* host) noexcept {
    try {
      auto access = std::make_unique<Access>(Host(host));
      access->table = {sizeof(cluse_plugin), 0,          access.get(),      &Access::start,
                       &Access::stop,        &Access::destroy, &Access::extension};
      access->plugin = std::make_unique<P>(Host(host));
      return &access.release()->table;
    } catch (...) {
      return nullptr;
    }
  }
};

}  // namespace plugin_detail
}  // namespace cluse

/// Exports `Class` as the plugin of this library.
#define CLUSE_PLUGIN(Class)                                                                                   \
  extern "C" {                                                                                                \
  const cluse_entry cluse_plugin_entry = {sizeof(cluse_entry), CLUSE_ABI_MAJOR, CLUSE_ABI_MINOR, 0,           \
                                          &cluse::plugin_detail::Access::create<Class>};                     \
  }
