#include "server/plugin/guest/instance.h"

#include <cluse/plugin.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace cluse::plugin {
namespace {

constexpr std::size_t kHeadBytesMax = 64U << 10;
constexpr std::size_t kUserBytesMax = 200;

/// A sink that keeps what fits.
struct Basin {
  Bytes bytes;
  std::size_t max = 0;
  bool is_over = false;

  static cluse_status write(void* ctx, cluse_bytes chunk) noexcept {
    auto& basin = *static_cast<Basin*>(ctx);
    if (chunk.size > basin.max - basin.bytes.size() || (chunk.data == nullptr && chunk.size > 0)) basin.is_over = true;
    if (basin.is_over) return CLUSE_LIMIT;
    basin.bytes.append(view(chunk));
    return CLUSE_OK;
  }
  [[nodiscard]] cluse_sink sink() { return {this, &Basin::write}; }
};

bool fits(cluse_str text, std::size_t max = kRequestBytesMax) {
  return text.size <= max && (text.data != nullptr || text.size == 0);
}
bool fits(cluse_bytes bytes) {
  return bytes.size <= kRequestBytesMax && (bytes.data != nullptr || bytes.size == 0);
}

}  // namespace

/// The slots a plugin sees. Each checks its arguments and the thread before it asks HostCalls.
struct Instance::Tables {
  static Instance& of(const cluse_host* host) { return *static_cast<Instance*>(host->self); }

  static void fail(const cluse_host* host, cluse_str why) noexcept {
    if (of(host).is_lane() && why.data != nullptr)
      of(host).why_ = tidy_words({why.data, std::min<std::uint64_t>(why.size, kWordsBytesMax)});
  }
  static void log(const cluse_host* host, std::int32_t level, cluse_str line) noexcept {
    if (line.data == nullptr) return;
    of(host).calls_.log(level, tidy_words({line.data, std::min<std::uint64_t>(line.size, kWordsBytesMax)}));
  }
  static cluse_status begin(const cluse_host* host, const cluse_call*, std::uint32_t write, cluse_handle* tx) noexcept {
    if (!of(host).is_lane()) return CLUSE_DENIED;
    if (tx == nullptr) return CLUSE_INVALID;
    return of(host).calls_.begin(write != 0, *tx);
  }
  static cluse_status run(const cluse_host* host, cluse_handle tx, cluse_str sql, cluse_bytes params,
                          const cluse_sink* rows) noexcept {
    if (!of(host).is_lane()) return CLUSE_DENIED;
    if (!fits(sql) || !fits(params)) return CLUSE_LIMIT;
    Bytes found;
    const cluse_status status = of(host).calls_.run(tx, view(sql), view(params), found);
    if (status != CLUSE_OK || found.empty() || rows == nullptr || rows->write == nullptr) return status;
    if (!of(host).offer_.has(kUnderCheck)) return rows->write(rows->ctx, bytes_of(found));
    const auto each = Value::sequence_from_cbor(found, {kRowsBytesMax, CLUSE_DEPTH_MAX, 1'000'000});
    for (const Value& row : each.value_or(Value::Array()))
      if (const auto taken = rows->write(rows->ctx, bytes_of(row.to_cbor())); taken != CLUSE_OK) return taken;
    return status;
  }
  static cluse_status commit(const cluse_host* host, cluse_handle tx) noexcept {
    return of(host).is_lane() ? of(host).calls_.commit(tx) : CLUSE_DENIED;
  }
  static void rollback(const cluse_host* host, cluse_handle tx) noexcept {
    if (of(host).is_lane()) of(host).calls_.rollback(tx);
  }
  static cluse_status schedule(const cluse_host* host, const cluse_call*, cluse_str kind, cluse_str key,
                               std::int64_t at_ms, cluse_bytes body) noexcept {
    if (!of(host).is_lane()) return CLUSE_DENIED;
    if (!fits(kind, 200) || !fits(key, 200) || !fits(body)) return CLUSE_LIMIT;
    return of(host).calls_.schedule(view(kind), view(key), at_ms, view(body));
  }
  static cluse_status serve(const cluse_host* host, std::string_view service, const cluse_call* call,
                            cluse_str operation, cluse_bytes body, const cluse_sink* answer) noexcept {
    if (!of(host).is_lane()) return CLUSE_DENIED;
    if (!fits(operation, kOperationBytesMax) || !fits(body)) return CLUSE_LIMIT;
    CallerView caller;
    if (call != nullptr) {
      if (call->size < sizeof(cluse_call) || !fits(call->user, kUserBytesMax)) return CLUSE_INVALID;
      caller = {false, call->id, view(call->user)};
    }
    Bytes said;
    const cluse_status status = of(host).calls_.serve(service, view(operation), caller, view(body), said);
    if (status != CLUSE_OK || said.empty() || answer == nullptr || answer->write == nullptr) return status;
    if (!of(host).offer_.has(kUnderCheck)) return answer->write(answer->ctx, bytes_of(said));
    for (std::size_t at = 0; at < said.size(); at += kPieceBytes)
      if (const auto taken = answer->write(answer->ctx, bytes_of(std::string_view(said).substr(at, kPieceBytes)));
          taken != CLUSE_OK)
        return taken;
    return status;
  }
  // A service's table holds one function and no place for its id: so each id has a function of its own.
  template <std::size_t I>
  static cluse_status ask(const cluse_host* host, const cluse_call* call, cluse_str operation, cluse_bytes body,
                          const cluse_sink* answer) noexcept {
    return serve(host, kServiceIds[I], call, operation, body, answer);
  }
  template <std::size_t... I>
  static const cluse_host_service* service(std::string_view id, std::index_sequence<I...>) {
    static constexpr cluse_host_service kTables[] = {{sizeof(cluse_host_service), 0, &ask<I>}...};
    const auto found = std::ranges::find(kServiceIds, id);
    return found == kServiceIds.end() ? nullptr : &kTables[found - kServiceIds.begin()];
  }
  static const void* extension(const cluse_host* host, const char* id) noexcept {
    static constexpr cluse_host_storage kStorage{sizeof(cluse_host_storage), 0, &begin, &run, &commit, &rollback};
    static constexpr cluse_host_jobs kJobs{sizeof(cluse_host_jobs), 0, &schedule};
    const std::string_view wanted(id == nullptr ? "" : id);
    if (!of(host).offer_.has(wanted)) return nullptr;
    if (wanted == CLUSE_EXT_STORAGE) return &kStorage;
    if (wanted == CLUSE_EXT_JOBS) return &kJobs;
    return service(wanted, std::make_index_sequence<kServiceIds.size()>());
  }
};

Instance::Instance(const cluse_entry& entry, Offer offer, HostCalls& calls)
    : entry_(entry), offer_(std::move(offer)), calls_(calls) {
  host_ = {sizeof(cluse_host), CLUSE_ABI_MINOR, this, &Tables::extension, &Tables::fail, &Tables::log};
}

Outcome Instance::run(const Work& work) {
  Outcome outcome;
  why_.clear();
  if (work.kind == WorkKind::start) lane_ = std::this_thread::get_id();
  is_running_ = true;
  const cluse_call call{sizeof(cluse_call), 0, work.id, work.deadline_ms, to_c(work.user), to_c(work.locale)};
  switch (work.kind) {
    case WorkKind::start: outcome.status = start(); break;
    case WorkKind::stop: stop(); break;
    case WorkKind::handle: outcome.status = handle(work, call, outcome); break;
    case WorkKind::join:
    case WorkKind::message: outcome.status = talk(work, call); break;
    case WorkKind::save:
    case WorkKind::load: outcome.status = hand_over(work, call, outcome); break;
    default: outcome.status = tell(work, call, outcome); break;
  }
  is_running_ = false;
  outcome.why = std::move(why_);
  return outcome;
}

std::int32_t Instance::start() {
  is_running_ = false;  // `create` may not use the host yet
  plugin_ = entry_.create(&host_);
  is_running_ = true;
  if (plugin_ == nullptr) return CLUSE_INTERNAL;
  const bool is_whole = plugin_->size >= sizeof(cluse_plugin) && plugin_->start != nullptr &&
                        plugin_->stop != nullptr && plugin_->destroy != nullptr && plugin_->extension != nullptr;
  if (!is_whole) {
    plugin_ = nullptr;
    why_ = "the table of the plugin is not whole";
    return CLUSE_INVALID;
  }
  // Who answers for everything answers wrongly for what a later host asks.
  if (plugin_->extension(plugin_, "cluse.unknown/9") != nullptr) {
    plugin_ = nullptr;
    why_ = "it has a table for an extension that it cannot know";
    return CLUSE_INVALID;
  }
  const std::int32_t status = plugin_->start(plugin_);
  if (status != CLUSE_OK) {
    is_running_ = false;
    cluse_plugin* failed = std::exchange(plugin_, nullptr);
    failed->destroy(failed);
  }
  return status;
}

void Instance::stop() {
  if (plugin_ == nullptr) return;
  plugin_->stop(plugin_);
  is_running_ = false;
  cluse_plugin* gone = std::exchange(plugin_, nullptr);
  gone->destroy(gone);
}

template <class Table>
const Table* Instance::table(const char* id) const {
  if (plugin_ == nullptr || !offer_.has(id)) return nullptr;
  return static_cast<const Table*>(plugin_->extension(plugin_, id));
}

std::int32_t Instance::handle(const Work& work, const cluse_call& call, Outcome& outcome) {
  const auto* http = table<cluse_plugin_http>(CLUSE_EXT_HTTP);
  if (!CLUSE_HAS(http, handle)) return CLUSE_UNSUPPORTED;
  const cluse_request request{sizeof(cluse_request), 0,
                              to_c(work.method),     to_c(work.name),
                              to_c(work.path),       bytes_of(work.params),
                              bytes_of(work.query),  bytes_of(work.headers),
                              bytes_of(work.body)};
  Basin head{{}, kHeadBytesMax}, body{{}, kResponseBytesMax};
  const cluse_sink head_sink = head.sink(), body_sink = body.sink();
  const std::int32_t status = http->handle(plugin_, &call, &request, &head_sink, &body_sink);
  if (head.is_over || body.is_over) return CLUSE_LIMIT;
  outcome.head = std::move(head.bytes);
  outcome.body = std::move(body.bytes);
  return status;
}

std::int32_t Instance::tell(const Work& work, const cluse_call& call, Outcome& outcome) {
  if (work.kind == WorkKind::perform) {
    const auto* jobs = table<cluse_plugin_jobs>(CLUSE_EXT_JOBS);
    if (!CLUSE_HAS(jobs, perform)) return CLUSE_UNSUPPORTED;
    return jobs->perform(plugin_, &call, to_c(work.name), bytes_of(work.body));
  }
  const auto* events = table<cluse_plugin_events>(CLUSE_EXT_EVENTS);
  if (work.kind == WorkKind::notice) {
    if (!CLUSE_HAS(events, notice)) return CLUSE_UNSUPPORTED;
    return events->notice(plugin_, &call, to_c(work.name), bytes_of(work.body));
  }
  if (!CLUSE_HAS(events, ask)) return CLUSE_UNSUPPORTED;
  Basin instead{{}, kRequestBytesMax};
  const cluse_sink sink = instead.sink();
  const std::int32_t status = events->ask(plugin_, &call, to_c(work.name), bytes_of(work.body), &sink);
  if (instead.is_over) return CLUSE_LIMIT;
  outcome.body = std::move(instead.bytes);
  return status;
}

std::int32_t Instance::talk(const Work& work, const cluse_call& call) {
  const auto* realtime = table<cluse_plugin_realtime>(CLUSE_EXT_REALTIME);
  if (work.kind == WorkKind::join)
    return CLUSE_HAS(realtime, join) ? realtime->join(plugin_, &call, to_c(work.name)) : CLUSE_UNSUPPORTED;
  if (!CLUSE_HAS(realtime, message)) return CLUSE_UNSUPPORTED;
  return realtime->message(plugin_, &call, to_c(work.name), bytes_of(work.body));
}

std::int32_t Instance::hand_over(const Work& work, const cluse_call& call, Outcome& outcome) {
  const auto* handover = table<cluse_plugin_handover>(CLUSE_EXT_HANDOVER);
  if (work.kind == WorkKind::load)
    return CLUSE_HAS(handover, load) ? handover->load(plugin_, &call, bytes_of(work.body)) : CLUSE_UNSUPPORTED;
  if (!CLUSE_HAS(handover, save)) return CLUSE_UNSUPPORTED;
  Basin state{{}, kResponseBytesMax};
  const cluse_sink sink = state.sink();
  const std::int32_t status = handover->save(plugin_, &call, &sink);
  if (state.is_over) return CLUSE_LIMIT;
  outcome.body = std::move(state.bytes);
  return status;
}

}  // namespace cluse::plugin
