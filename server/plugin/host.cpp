#include "server/plugin/host.h"

#include "server/async/resume.h"
#include "server/base/log.h"
#include "server/plugin/services/events.h"
#include "server/plugin/services/i18n.h"

#include <cluse/plugin.h>

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <future>

namespace cluse::plugin {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kWatchStep{5};
constexpr std::size_t kChangesWaitingMax = 32;

Bytes cbor_map(const std::map<std::string, std::string>& entries) {
  Value map = Value::map();
  for (const auto& [name, value] : entries) map.set(name, value);
  return map.to_cbor();
}

// What a plugin may say in the head of a response. Everything else (cookies, policies, redirects) is the host's.
bool may_answer(std::string_view header) {
  static constexpr std::array<std::string_view, 8> kNames = {
      "content-type", "content-language", "content-disposition", "cache-control", "etag", "last-modified", "dav",
      "allow"};
  return std::ranges::find(kNames, header) != kNames.end();
}

bool is_header_value(std::string_view value) {
  return value.size() <= 1'000 && std::ranges::all_of(value, [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
}

Result<HttpAnswer> answer_of(Outcome outcome) {
  HttpAnswer answer;
  answer.body = std::move(outcome.body);
  if (outcome.head.empty()) return answer;
  const auto head = Value::from_cbor(outcome.head);
  const int status = head ? (*head)["status"].get_or<int>(200) : 0;
  if (status < 200 || status > 599 || (status >= 300 && status < 400 && status != 304))
    return fail(Errc::internal, "plugin_failed", "a head that is none, or a status that is not a plugin's to give");
  answer.status = status;
  for (const auto& [name, value] : (*head)["headers"].entries()) {
    const auto text = value.get<std::string>();
    if (text && may_answer(name) && is_header_value(*text)) answer.headers.emplace_back(name, *text);
  }
  return answer;
}

std::unexpected<Error> error_of(const Outcome& outcome) {
  switch (outcome.status) {
    case CLUSE_NOT_FOUND: return fail(Errc::not_found, "plugin_answer_not_found", outcome.why);
    case CLUSE_CONFLICT: return fail(Errc::conflict, "plugin_conflict", outcome.why);
    case CLUSE_REFUSED: return fail(Errc::denied, "plugin_refused", outcome.why);
    case CLUSE_INVALID: return fail(Errc::invalid, "plugin_input_wrong", outcome.why);
    case CLUSE_TIMEOUT: return fail(Errc::unavailable, "plugin_timeout", outcome.why);
    case CLUSE_GONE:
    case CLUSE_LIMIT: return fail(Errc::unavailable, "plugin_unavailable", outcome.why);
    default: return fail(Errc::internal, "plugin_failed", outcome.why);
  }
}

Work work_for(WorkKind kind, const domain::Actor& actor, std::string name) {
  Work work;
  work.kind = kind;
  work.user = actor.person_id.to_string();
  work.locale = actor.locale;
  work.name = std::move(name);
  return work;
}

// What needs nothing of the server but the host itself.
Services with_own(Services services, std::shared_ptr<Service> events) {
  services.try_emplace(CLUSE_EXT_I18N, std::make_shared<I18nService>());
  services.try_emplace(CLUSE_EXT_EVENTS, std::move(events));
  return services;
}

}  // namespace

Host::Host(storage::Database& database, const Clock& clock, Metrics& metrics, Settings settings, Services services)
    : database_(database),
      clock_(clock),
      metrics_(metrics),
      settings_(std::move(settings)),
      services_(with_own(std::move(services), std::make_shared<EventsService>(database, clock, [this] { wake(); }))),
      shelf_(settings_.folder),
      uploads_(settings_.folder / kUploadsFolder, clock),
      worker_(1, kChangesWaitingMax),
      watch_([this](const std::stop_token& stop) { watch(stop); }) {}

Host::~Host() {
  stop();
}

void Host::start() {
  if (settings_.safe_mode) {
    log_warning("plugins_safe_mode", {{"plugins", "none is started"}});
    return;
  }
  const std::lock_guard changing(changing_);
  tell_installed();
  for (const std::string& id : shelf_.ids()) {
    const auto state = shelf_.state(id);
    if (state && !state->enabled) {
      // It may have been switched off while no server ran.
      for (const auto& [name, service] : services_) service->closed(id);
      continue;
    }
    shelf_.sweep(id);
    static_cast<void>(restart(id));
  }
}

void Host::stop() {
  worker_.stop();
  std::map<std::string, std::shared_ptr<Lane>> lanes;
  {
    const std::lock_guard changing(changing_);
    const std::lock_guard lock(mutex_);
    lanes.swap(lanes_);
  }
  for (auto& [id, lane] : lanes) close(std::move(lane));
  watch_.request_stop();
  due_.notify_all();
  if (watch_.joinable()) watch_.join();
}

std::shared_ptr<Lane> Host::make_lane(Candidate candidate, bool is_quiet) {
  Manifest& manifest = candidate.package.manifest;
  LaneSetup setup;
  setup.host = may_be_direct(manifest.id) && !candidate.state.child_only ? HostKind::direct : HostKind::child;
  setup.guest.folder = std::filesystem::absolute(shelf_.files(manifest.id, candidate.state));
  setup.guest.library = setup.guest.folder / manifest.library;
  setup.guest.memory_bytes = manifest.limits.memory_bytes;
  setup.guest.runner = settings_.runner;
  setup.guest.allow_unsandboxed = settings_.allow_unsandboxed;
  for (const auto& extension : known_extensions())
    if (manifest.uses(extension)) setup.guest.offer.extensions.push_back(extension);
  setup.generation = ++generations_[manifest.id];
  setup.is_quiet = is_quiet;
  setup.faults = settings_.faults;
  setup.on_off = [this, manifest](const std::string& why) {
    tell_journal(database_, clock_, {domain::journal::Verb::plugin_switched_off}, manifest.id, manifest.version, why);
    if (settings_.on_off) settings_.on_off(manifest, why);
  };
  {
    const std::lock_guard lock(mutex_);
    auto& lines = lines_[manifest.id];
    if (!lines) lines = std::make_shared<LogRing>();
    setup.lines = lines;
  }
  keep(manifest.id, candidate.bundle);
  setup.ui = std::move(candidate.bundle);
  setup.manifest = std::move(manifest);
  setup.texts = std::move(candidate.package.texts);
  setup.services = services_;
  return std::make_shared<Lane>(std::move(setup), std::move(candidate.store), database_, clock_, metrics_);
}

void Host::close(std::shared_ptr<Lane> lane) {
  {
    const std::lock_guard lock(mutex_);
    leaving_.push_back(lane);
  }
  const bool has_ended = lane->stop();
  {
    const std::lock_guard lock(mutex_);
    std::erase(leaving_, lane);
  }
  if (has_ended) return;
  log_error("plugin_never_stopped", {{"plugin", lane->manifest().id}});
  // Its thread still runs code of the plugin's: what it holds stays until the process ends.
  static_cast<void>(new std::shared_ptr<Lane>(std::move(lane)));
}

std::shared_ptr<Lane> Host::find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = lanes_.find(id);
  return found == lanes_.end() ? nullptr : found->second;
}

void Host::watch(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::vector<std::shared_ptr<Lane>> lanes;
    {
      std::unique_lock lock(mutex_);
      if (!due_.wait(lock, stop, [this] { return in_flight_ > 0; })) break;
      for (const auto& [id, lane] : lanes_) lanes.push_back(lane);
      lanes.insert(lanes.end(), leaving_.begin(), leaving_.end());
    }
    for (const auto& lane : lanes) lane->sweep(steady_clock::now());
    std::unique_lock lock(mutex_);
    due_.wait_for(lock, stop, kWatchStep, [] { return false; });
  }
}

// Not a coroutine itself where it matters: async_initiate makes the awaitable (see Workers::run).
Task<Outcome> Host::call(std::shared_ptr<Lane> lane, Work work, milliseconds time) {
  {
    const std::lock_guard lock(mutex_);
    ++in_flight_;
  }
  due_.notify_all();
  auto initiate = [](auto handler, std::shared_ptr<Lane> to, Work what, Deadline deadline) {
    auto resume = std::make_shared<Resumption<decltype(handler)>>(std::move(handler));
    to->submit(std::move(what), deadline, [resume](Outcome outcome) { (*resume)(std::move(outcome)); });
  };
  const Deadline deadline = steady_clock::now() + time;
  Outcome outcome = co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Outcome)>(
      std::move(initiate), boost::asio::use_awaitable, std::move(lane), std::move(work), deadline);
  const std::lock_guard lock(mutex_);
  --in_flight_;
  co_return outcome;
}

std::optional<RouteAccess> Host::access_of(const std::string& plugin, std::string_view method,
                                           std::string_view path) const {
  const auto lane = find(plugin);
  if (!lane) return std::nullopt;
  const RouteMatch found = match(lane->manifest().grants, method, path);
  return found.route == nullptr ? std::nullopt : std::optional(found.route->access);
}

std::string Host::name_of(const std::string& plugin, const std::string& language) const {
  const auto lane = find(plugin);
  if (!lane) return {};
  const auto found = lane->manifest().name.find(language);
  return found == lane->manifest().name.end() ? plugin : found->second;
}

std::optional<std::string> Host::well_known(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, lane] : lanes_) {
    const auto& known = lane->manifest().grants.well_known;
    if (const auto found = known.find(name); found != known.end()) return "/x/" + id + found->second;
  }
  return std::nullopt;
}

Task<Result<HttpAnswer>> Host::handle(std::optional<domain::Actor> actor, HttpRequest request) {
  const auto lane = find(request.plugin);
  if (!lane) co_return fail(Errc::not_found, "plugin_not_found");
  const RouteMatch found = match(lane->manifest().grants, request.method, request.path);
  if (found.route == nullptr) co_return fail(Errc::not_found, "plugin_route_not_found");
  if (!actor && found.route->access != RouteAccess::everyone) co_return fail(Errc::unauthenticated, "not_signed_in");
  Work work;
  if (actor) work = work_for(WorkKind::handle, *actor, {});
  else work.locale = request.locale;
  work.kind = WorkKind::handle;
  work.name = found.route->name;
  work.method = std::move(request.method);
  work.path = std::move(request.path);
  work.params = cbor_map(found.parameters);
  work.query = cbor_map(request.query);
  work.headers = cbor_map(request.headers);
  work.body = std::move(request.body);
  Outcome outcome = co_await call(lane, std::move(work), settings_.request_time_max);
  if (outcome.status != CLUSE_OK) co_return error_of(outcome);
  co_return answer_of(std::move(outcome));
}

bool Host::is_asked(std::string_view hook) const {
  const std::lock_guard lock(mutex_);
  return std::ranges::any_of(lanes_, [&](const auto& each) { return each.second->manifest().ask(hook) != nullptr; });
}

Task<Result<Value>> Host::ask(std::string hook, domain::Actor actor, Value body) {
  std::vector<std::shared_ptr<Lane>> asked;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, lane] : lanes_)
      if (lane->manifest().ask(hook) != nullptr) asked.push_back(lane);
  }
  for (const auto& lane : asked) {
    const AskGrant grant = *lane->manifest().ask(hook);
    const std::string& id = lane->manifest().id;
    Outcome outcome{CLUSE_TIMEOUT, "it was late too often, and is not asked", {}, {}};
    if (may_ask(id, hook)) {
      Work work = work_for(WorkKind::ask, actor, hook);
      work.body = body.to_cbor();
      outcome = co_await call(lane, std::move(work), grant.budget);
      if (outcome.status == CLUSE_TIMEOUT) on_late_ask(id, hook);
    }
    if (outcome.status == CLUSE_REFUSED) co_return error_of(outcome);
    if (outcome.status < 0 && !grant.allow_on_failure) co_return error_of(outcome);
    if (outcome.status != CLUSE_OK || outcome.body.empty()) continue;
    auto instead = Value::from_cbor(outcome.body);
    if (instead && instead->is_map()) body = std::move(*instead);
    else log_warning("plugin_answer_ignored", {{"plugin", lane->manifest().id}, {"hook", hook}});
  }
  co_return body;
}

Task<Result<void>> Host::on_channel(WorkKind kind, domain::Actor actor, std::string plugin, std::string channel,
                                    Bytes body) {
  const auto lane = find(plugin);
  if (!lane) co_return fail(Errc::not_found, "plugin_not_found");
  if (!is_channel(lane->manifest().grants, channel)) co_return fail(Errc::not_found, "plugin_channel_not_found");
  Work work = work_for(kind, actor, std::move(channel));
  work.body = std::move(body);
  Outcome outcome = co_await call(lane, std::move(work), settings_.request_time_max);
  if (outcome.status != CLUSE_OK) co_return error_of(outcome);
  co_return Result<void>();
}

Task<Result<void>> Host::join(domain::Actor actor, std::string plugin, std::string channel) {
  auto done = co_await on_channel(WorkKind::join, std::move(actor), std::move(plugin), std::move(channel), {});
  co_return done;
}

Task<Result<void>> Host::say(domain::Actor actor, std::string plugin, std::string channel, std::string json) {
  const auto value = Value::from_json(json);
  if (!value) co_return fail(Errc::invalid, "plugin_input_wrong", "not JSON that a plugin can read");
  auto done =
      co_await on_channel(WorkKind::message, std::move(actor), std::move(plugin), std::move(channel), value->to_cbor());
  co_return done;
}

bool Host::tell_failed(const FailedMail& mail) {
  constexpr const char* kNotice = "notify.failed";
  const auto lane = find(mail.plugin);
  if (!lane) return false;
  if (std::ranges::find(lane->manifest().grants.notices, kNotice) == lane->manifest().grants.notices.end()) return true;
  Work work;
  work.kind = WorkKind::notice;
  work.name = kNotice;
  work.body = Value{{"key", mail.key}, {"to", mail.to}, {"why", mail.why}, {"url", mail.url}}.to_cbor();
  auto answered = std::make_shared<std::promise<Outcome>>();
  auto outcome = answered->get_future();
  {
    const std::lock_guard lock(mutex_);
    ++in_flight_;
  }
  due_.notify_all();
  lane->submit(std::move(work), steady_clock::now() + kNoticeTimeMax,
               [answered](Outcome said) { answered->set_value(std::move(said)); });
  const bool told = outcome.get().status == CLUSE_OK;
  const std::lock_guard lock(mutex_);
  --in_flight_;
  return told;
}

bool Host::may_ask(const std::string& id, const std::string& hook) const {
  const std::lock_guard lock(mutex_);
  const auto found = breakers_.find(id);
  if (found == breakers_.end()) return true;
  const auto breaker = found->second.find(hook);
  return breaker == found->second.end() || !breaker->second.is_open(steady_clock::now());
}

void Host::on_late_ask(const std::string& id, const std::string& hook) {
  const std::lock_guard lock(mutex_);
  if (breakers_[id][hook].timed_out(steady_clock::now()))
    log_warning("plugin_not_asked", {{"plugin", id}, {"hook", hook}, {"why", "late three times in a minute"}});
}

void Host::wake() {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, lane] : lanes_)
    if (!lane->manifest().grants.notices.empty()) lane->wake();
}

// What was shown before stays for the pages that show it; no more than that.
void Host::keep(const std::string& id, std::shared_ptr<const UiBundle> bundle) {
  constexpr std::size_t kKept = 2;
  const std::lock_guard lock(mutex_);
  auto& kept = bundles_[id];
  std::erase_if(kept, [&](const auto& each) { return each->hash() == bundle->hash(); });
  if (kept.size() == kKept) kept.erase(kept.begin());
  kept.push_back(std::move(bundle));
}

// Who runs it inside the server trusts it with more than a page.
bool Host::is_operators(const std::string& id) const {
  if (settings_.direct.contains(id) || settings_.trusted_ui.contains(id)) return true;
  const std::string signer = shelf_.signer(id);
  return !signer.empty() && settings_.trusted_ui.contains(signer);
}

bool Host::is_trusted(const std::string& id) const {
  if (is_operators(id)) return true;
  const auto state = shelf_.state(id);
  return state && state->trusted_ui;
}

std::vector<Extension> Host::extensions() const {
  std::vector<std::shared_ptr<Lane>> lanes;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, lane] : lanes_) lanes.push_back(lane);
  }
  std::vector<Extension> all;
  for (const auto& lane : lanes) {
    const Manifest& manifest = lane->manifest();
    const LaneState state = lane->health().state;
    if (manifest.ui.empty() || state == LaneState::off || state == LaneState::stopped) continue;
    all.push_back({manifest.id, manifest.version, manifest.name, is_trusted(manifest.id), manifest.ui, lane->ui()});
  }
  return all;
}

std::shared_ptr<const UiBundle> Host::ui(const std::string& id, std::string_view hash) const {
  const std::lock_guard lock(mutex_);
  const auto kept = bundles_.find(id);
  if (kept == bundles_.end() || !lanes_.contains(id)) return nullptr;
  const auto found = std::ranges::find(kept->second, hash, [](const auto& each) { return each->hash(); });
  return found == kept->second.end() ? nullptr : *found;
}

Result<void> Host::set_trusted(const std::string& id, bool trusted, const domain::journal::Author& by) {
  using domain::journal::Verb;
  const std::lock_guard changing(changing_);
  const auto ids = shelf_.ids();
  if (std::ranges::find(ids, id) == ids.end()) return fail(Errc::not_found, "plugin_not_found");
  CLUSE_TRY(state, shelf_.state(id));
  if (state.trusted_ui == trusted) return {};
  state.trusted_ui = trusted;
  CLUSE_CHECK(shelf_.set_state(id, state));
  if (const auto running = accepted_.find(id); running != accepted_.end()) running->second.trusted_ui = trusted;
  tell_journal(database_, clock_, {trusted ? Verb::plugin_trusted : Verb::plugin_untrusted, by}, id, state.version);
  return {};
}

std::vector<Overview> Host::list() const {
  std::vector<Overview> all;
  for (const std::string& id : shelf_.ids())
    if (auto one = get(id)) all.push_back(std::move(*one));
  return all;
}

Result<Overview> Host::get(const std::string& id) const {
  CLUSE_TRY(state, shelf_.state(id));
  Overview one;
  one.id = id;
  one.enabled = state.enabled;
  one.version = state.version;
  one.grants = state.grants;
  one.signer = shelf_.signer(id);
  one.is_operators = is_operators(id);
  one.is_trusted = is_trusted(id);
  one.host = may_be_direct(id) && !state.child_only ? HostKind::direct : HostKind::child;
  one.health.state = LaneState::stopped;
  if (const auto manifest = read_manifest(shelf_.files(id, state))) {
    one.name = manifest->name;
    one.limits = manifest->limits;
    one.ui = manifest->ui;
  }
  for (const char* end : {"", "-wal"}) {
    std::error_code none;
    if (const auto size = std::filesystem::file_size(shelf_.database(id).string() + end, none); !none)
      one.database_bytes += size;
  }
  if (const auto lane = find(id)) {
    one.health = lane->health();
    one.generation = lane->generation();
  }
  const std::lock_guard lock(mutex_);
  if (const auto found = refused_.find(id); found != refused_.end()) one.refused = found->second;
  if (const auto found = breakers_.find(id); found != breakers_.end())
    for (const auto& [hook, breaker] : found->second)
      if (breaker.is_open(steady_clock::now())) one.not_asked.push_back(hook);
  return one;
}

Result<std::shared_ptr<const LogRing>> Host::lines(const std::string& id) const {
  CLUSE_CHECK(shelf_.state(id));
  const std::lock_guard lock(mutex_);
  const auto found = lines_.find(id);
  return found == lines_.end() ? std::make_shared<const LogRing>() : found->second;
}

}  // namespace cluse::plugin
