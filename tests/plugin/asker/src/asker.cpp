// Passes questions on, as they come: /ask as who calls, /itself as the plugin, /somebody as somebody else.
#include <cluse/plugin.hpp>

#include <cstdlib>
#include <set>
#include <string>

class Asker final : public cluse::Plugin {
 public:
  explicit Asker(cluse::Host host) : Plugin(host) {
    route("POST /ask/{service}/{operation}", &Asker::as_caller);
    route("POST /anybody/{service}/{operation}", &Asker::as_caller);
    route("POST /itself/{service}/{operation}", &Asker::as_itself);
    route("POST /somebody/{service}/{operation}", &Asker::as_somebody);
    route("POST /emit/{end}", &Asker::emit_within);
    route("GET /heard", &Asker::say_heard);
    notice("org.example.listener:thing.heard", &Asker::be_heard);
    route("GET /lies", &Asker::lie);
    route("GET /depth", &Asker::nest);
    route("GET /flood", &Asker::flood);
    route("GET /public/{directory}", &Asker::show);
    for (const char* method : {"OPTIONS", "PROPFIND", "REPORT", "GET"})
      route(std::string(method) + " /dav/{path*}", &Asker::dav);
    join("poll/*", &Asker::may_join);
    message("poll/*", &Asker::hear);
    job("later", &Asker::perform);
  }

 private:
  static std::string id_of(const cluse::Request& request) { return "cluse." + request.param("service") + "/1"; }

  static cluse::Response answer(const cluse::Value& said) {
    // A body of the network's is octets, which JSON has none of.
    cluse::Value shown = said;
    if (const auto body = said["body"].get<cluse::Octets>()) shown.set("body", body->data);
    return cluse::Response::json(shown);
  }
  cluse::Response as_caller(const cluse::Call& call, const cluse::Request& request) {
    const std::string id = id_of(request);
    return answer(service(id.c_str()).ask(call, request.param("operation"), request.body()));
  }
  cluse::Response as_itself(const cluse::Call&, const cluse::Request& request) {
    const std::string id = id_of(request);
    return answer(service(id.c_str()).ask(request.param("operation"), request.body()));
  }
  // Names a user that the host never named.
  cluse::Response as_somebody(const cluse::Call& call, const cluse::Request& request) {
    cluse_call other = *call.c();
    const std::string user = request.query("user");
    other.user = cluse::to_c(user);
    const std::string id = id_of(request);
    return answer(service(id.c_str()).ask(cluse::Call(&other), request.param("operation"), request.body()));
  }

  // Tells others within a transaction that ends as the route says.
  cluse::Response emit_within(const cluse::Call& call, const cluse::Request& request) {
    const std::string end = request.param("end");
    const cluse::Value body = request.body();
    const auto tell = [&](cluse::Tx&) {
      emit(call, "thing.changed", body);
      if (end == "rollback") throw cluse::Refused("asker.rolled_back");
      if (end == "die") std::abort();
    };
    if (end == "read") storage().read(call, tell);
    else storage().write(call, tell);
    if (end == "die-after") std::abort();
    return cluse::Response::json({{"emitted", true}});
  }
  void be_heard(const cluse::Call&, const cluse::Value& event) { heard_ += event["body"].to_json() + "\n"; }
  cluse::Response say_heard(const cluse::Call&, const cluse::Request&) { return cluse::Response::text(heard_); }

  // Sizes without bytes, bytes that are no CBOR, a name that is no text, a call that is none.
  cluse::Response lie(const cluse::Call& call, const cluse::Request&) {
    const auto* table = host().need<cluse_host_service>(CLUSE_EXT_I18N);
    const auto ask = [&](const cluse_call* as, cluse_str operation, cluse_bytes body) {
      return table->ask(host().c(), as, operation, body, nullptr);
    };
    const auto text = cluse::to_c("text");
    const auto map = cluse::bytes_of("\xa0");
    cluse_call small = *call.c();
    small.size = 4;
    cluse_call large = *call.c();
    large.user = {nullptr, 1UL << 40};
    const bool held = ask(call.c(), text, {nullptr, 1UL << 40}) == CLUSE_LIMIT &&
                      ask(call.c(), {nullptr, 1UL << 40}, map) == CLUSE_LIMIT &&
                      ask(call.c(), text, cluse::bytes_of("\xff\xff")) == CLUSE_INVALID &&
                      ask(call.c(), text, cluse::bytes_of("\x80")) == CLUSE_INVALID &&
                      ask(call.c(), text, cluse::bytes_of("")) == CLUSE_INVALID &&
                      ask(call.c(), cluse::to_c("\xff"), map) == CLUSE_INVALID &&
                      ask(&small, text, map) == CLUSE_INVALID && ask(&large, text, map) == CLUSE_INVALID;
    return cluse::Response::text(held ? "held" : "a lie was believed");
  }
  cluse::Response nest(const cluse::Call& call, const cluse::Request&) {
    const auto* table = host().need<cluse_host_service>(CLUSE_EXT_I18N);
    std::string deep = "\xa1\x61x";
    for (int i = 0; i < 100'000; ++i) deep += '\x81';
    deep += '\x01';
    const auto status = table->ask(host().c(), call.c(), cluse::to_c("text"), cluse::bytes_of(deep), nullptr);
    return cluse::Response::text(std::to_string(status));
  }
  // What it was not granted, over and over: each is refused, and the log is not filled with it.
  cluse::Response flood(const cluse::Call& call, const cluse::Request&) {
    const auto* table = host().need<cluse_host_service>(CLUSE_EXT_EVENTS);
    int refused = 0;
    for (int i = 0; i < 5'000; ++i)
      refused +=
          table->ask(host().c(), call.c(), cluse::to_c("emit"), cluse::bytes_of("\xa0"), nullptr) == CLUSE_DENIED;
    return cluse::Response::text(std::to_string(refused));
  }
  cluse::Response show(const cluse::Call& call, const cluse::Request& request) {
    return cluse::Response::text(request.param("directory") + " for " + (call.user().empty() ? "anybody" : "a person"));
  }
  cluse::Response dav(const cluse::Call& call, const cluse::Request& request) {
    return {request.method() == "PROPFIND" ? 207 : 200,
            {{"dav", "1, 3, addressbook"}, {"allow", "OPTIONS, GET, PROPFIND, REPORT"}, {"content-type", "text/plain"}},
            std::string(request.method()) + " " + request.param("path") + " depth " + request.header("depth") + " " +
                (call.user().empty() ? "nobody" : "person")};
  }
  void may_join(const cluse::Call& call, std::string_view channel) {
    constexpr std::string_view kSpace = "poll/space-";
    if (call.user().empty() || channel == "poll/closed" || closed_.contains(std::string(channel)))
      throw cluse::Refused("poll.closed");
    if (channel.starts_with(kSpace) && !core().may(call, "content.read", channel.substr(kSpace.size())))
      throw cluse::Refused("poll.not_yours");
  }
  void hear(const cluse::Call& call, std::string_view channel, const cluse::Value& body) {
    publish(call, channel, {{"said", body}});
    if (body.get_or<std::string>("") != "close") return;
    closed_.insert(std::string(channel));
    recheck(call, channel);
  }
  void perform(const cluse::Call&, const cluse::Value&) {}

  std::string heard_;
  std::set<std::string> closed_;
};

CLUSE_PLUGIN(Asker)
