#include "server/app/instance.h"

#include "server/api/api.h"
#include "server/api/collab_gateway.h"
#include "server/api/live_gateway.h"
#include "server/app/bench_handler.h"
#include "server/app/commands.h"
#include "server/app/data_directory.h"
#include "server/app/housekeeper.h"
#include "server/app/notifier.h"
#include "server/app/plugin_services.h"
#include "server/app/search_keeper.h"
#include "server/app/shipped.h"
#include "server/async/workers.h"
#include "server/base/log.h"
#include "server/domain/schema.h"
#include "server/domain/services.h"
#include "server/mail/fate.h"
#include "server/mail/mailer.h"
#include "server/mail/spool.h"
#include "server/plugin/control.h"
#include "server/plugin/host.h"
#include "server/plugin/services/documents.h"
#include "server/plugin/services/notify.h"
#include "server/plugin/services/realtime.h"
#include "server/storage/blobs.h"
#include "server/storage/sqlite/sqlite_database.h"

#include <boost/json/serialize.hpp>

#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <thread>

namespace cluse::app {
namespace {

constexpr std::size_t kBouncedAtOnce = 100;

std::size_t shard_count(const Config& config) {
  if (config.shards > 0) return static_cast<std::size_t>(config.shards);
  return std::max(1U, std::thread::hardware_concurrency());
}

domain::Settings domain_settings(const Config& config, mail::Outbox& outbox) {
  domain::Settings settings;
  settings.sessions.idle = std::chrono::hours(config.session_idle_hours);
  settings.sessions.absolute = std::chrono::hours(config.session_absolute_hours);
  settings.letters.outbox = &outbox;
  settings.letters.public_url = config.public_url;
  settings.letters.instance_name = config.instance_name;
  settings.recovery.sign_in_links = config.sign_in_links;
  settings.access_requests.is_open = config.access_requests_open;
  settings.access_requests.shows_organisations = config.access_requests_organisations;
  settings.retention = config.retention;
  settings.sessions.second_factor = config.second_factor;
  settings.federation.providers = config.providers;
  settings.federation.public_url = config.public_url;
  if (!config.translation.url.empty())
    settings.translation.translator = std::make_shared<domain::translation::LibreTranslate>(config.translation);
  settings.translation.languages = config.translation_languages;
  return settings;
}

domain::notifications::PostSettings post_settings(const Config& config, mail::Outbox& outbox) {
  return {&outbox, config.public_url, config.instance_name};
}

/// The store can no longer be trusted to keep what it is given: end, and let the supervisor start afresh.
void on_storage_failed(const Error& error) {
  log_error("storage_failed", {{"code", std::string(error.code)}, {"detail", error.detail}});
  ::kill(::getpid(), SIGTERM);
}

api::Settings api_settings(const Config& config) {
  api::Settings settings;
  settings.instance_name = config.instance_name;
  settings.version = kVersion;
  settings.demo = config.demo;
  settings.public_url = config.public_url;
  settings.metrics_token = config.metrics_token;
  settings.controller = config.controller;
  settings.privacy_contact = config.privacy_contact;
  return settings;
}

// Named in the configuration, or what came with the executable.
std::filesystem::path shipped(const std::filesystem::path& named, const std::string& what, const char* sign) {
  if (!named.empty()) return named;
  const auto found = find_shipped({("config/" + what).c_str(), ("share/cluse/" + what).c_str()}, sign);
  return found.empty() ? std::filesystem::path("config") / what : found;
}

// A doubtful pack stops the start: file, line and key are in the error's words.
Result<std::shared_ptr<const domain::rules::Rulebook>> load_rules(const Config& config, const Clock& clock) {
  const std::filesystem::path folder = shipped(config.rules_directory, "rules", "messages.toml");
  auto book = domain::rules::Rulebook::load(folder);
  if (!book) {
    book.error().detail = "rules.directory " + folder.string() + ": " + book.error().detail;
    return std::unexpected(std::move(book).error());
  }
  CLUSE_TRY(zone, domain::calendar::Zone::find("Europe/Zurich"));
  std::string in_force;
  for (const std::string& name : (*book)->in_force(zone.date_of(clock.now())))
    in_force += (in_force.empty() ? "" : ", ") + name;
  log_info("rules", {{"directory", folder.string()},
                     {"packs", std::to_string((*book)->library.packs().size())},
                     {"in_force", in_force}});
  return book;
}

Result<std::shared_ptr<const domain::terms::Glossary>> load_terms(const Config& config) {
  const std::filesystem::path folder = shipped(config.terms_directory, "terms", "terms.toml");
  auto glossary = domain::terms::Glossary::load(folder);
  if (!glossary) {
    glossary.error().detail = "terms.directory " + folder.string() + ": " + glossary.error().detail;
    return std::unexpected(std::move(glossary).error());
  }
  log_info("terms", {{"directory", folder.string()}, {"terms", std::to_string((*glossary)->terms().size())}});
  return glossary;
}

plugin::Settings plugin_settings_of(const Config& config) {
  plugin::Settings settings;
  settings.folder = DataDirectory{config.data_directory}.plugins();
  settings.runner = plugin_runner();
  settings.direct = {config.plugins_direct.begin(), config.plugins_direct.end()};
  settings.trusted_ui = {config.plugins_trusted_ui.begin(), config.plugins_trusted_ui.end()};
  settings.allow_unsandboxed = config.plugins_unsandboxed;
  settings.safe_mode = config.safe_mode;
  settings.uploads = config.plugins_uploads;
  return settings;
}

/// Channels of /live that are plugins'.
class HostChannels final : public api::PluginChannels {
 public:
  explicit HostChannels(plugin::Host& host) : host_(host) {}
  Task<Result<void>> join(domain::Actor actor, std::string plugin, std::string channel) override {
    return host_.join(std::move(actor), std::move(plugin), std::move(channel));
  }
  Task<Result<void>> message(domain::Actor actor, std::string plugin, std::string channel,
                             boost::json::value body) override {
    return host_.say(std::move(actor), std::move(plugin), std::move(channel), boost::json::serialize(body));
  }

 private:
  plugin::Host& host_;
};

std::string public_url(const Config& config, std::uint16_t port) {
  if (!config.public_url.empty()) return config.public_url;
  return (config.server.certificate.empty() ? "http://" : "https://") + config.server.address + ':' +
         std::to_string(port);
}

}  // namespace

/// In the order of building; members are taken down in reverse.
struct Instance::Parts {
  explicit Parts(const Config& wanted) : config(wanted), blobs(DataDirectory{wanted.data_directory}.blobs()) {}

  const Config config;
  SystemClock clock;
  Metrics metrics;
  storage::Blobs blobs;
  std::unique_ptr<storage::Database> database;
  std::unique_ptr<mail::Mailer> mailer;
  Workers workers{2, 1'000};
  std::unique_ptr<Shards> shards;
  std::unique_ptr<realtime::RoomHooks> hooks;
  std::unique_ptr<realtime::Rooms> rooms;
  std::unique_ptr<realtime::LiveHub> hub;
  std::unique_ptr<realtime::LiveFan> live;
  std::unique_ptr<domain::Services> services;
  std::unique_ptr<Housekeeper> housekeeper;
  std::unique_ptr<SearchKeeper> search_keeper;
  std::unique_ptr<Notifier> notifier;
  std::unique_ptr<plugin::Host> plugins;
  std::unique_ptr<plugin::Control> control;
  std::unique_ptr<api::CollabGateway> gateway;
  std::unique_ptr<api::LiveGateway> live_gateway;
  std::unique_ptr<HostChannels> channels;
  std::unique_ptr<net::Handler> handler;
  api::Api* api = nullptr;  ///< the handler, unless in bench mode
  std::unique_ptr<net::Server> server;
  Counter* bounced = nullptr;
  bool stopped = false;

  Result<void> open_storage();
  Result<void> build_handler();
  void start_plugins();
  void add_live_services(plugin::Services& offered);
  Result<void> settle_failed_mails();
};

Result<void> Instance::Parts::open_storage() {
  CLUSE_TRY(opened, open_store(store_of(config), metrics, on_storage_failed));
  database = std::move(opened);
  return {};
}

Result<void> Instance::Parts::build_handler() {
  if (config.bench) {
    hooks = std::make_unique<BenchHooks>();
  } else {
    hooks = std::make_unique<api::DocumentHooks>(clock);
  }
  rooms = std::make_unique<realtime::Rooms>(*shards, *database, clock, *hooks, config.realtime, metrics);
  if (config.bench) {
    handler = std::make_unique<BenchHandler>(*rooms, metrics);
    return {};
  }
  mailer = std::make_unique<mail::Mailer>(DataDirectory{config.data_directory}.mail(), config.mail, clock, metrics);
  CLUSE_CHECK(mailer->start());
  bounced =
      &metrics.counter("cluse_mail_bounced_total", "Messages that came back after the mail server had taken them.");
  CLUSE_TRY(book, load_rules(config, clock));
  domain::Settings settings = domain_settings(config, *mailer);
  settings.rules = book;
  CLUSE_TRY(glossary, load_terms(config));
  settings.terms = glossary;
  CLUSE_TRY(vault, domain::Vault::open(DataDirectory{config.data_directory}.key()));
  settings.vault = vault;
  CLUSE_TRY(index, storage::open_search_index(DataDirectory{config.data_directory}.search()));
  settings.search = std::move(index);
  hub = std::make_unique<realtime::LiveHub>(*shards, metrics);
  live = std::make_unique<realtime::LiveFan>(*rooms, *hub);
  services = std::make_unique<domain::Services>(*database, blobs, workers, clock, *live, settings);
  CLUSE_CHECK(services->start());
  gateway = std::make_unique<api::CollabGateway>(*rooms, *services);
  auto collab = [this](net::Request request, std::optional<domain::Actor> actor, std::string token) {
    return gateway->open(std::move(request), std::move(actor), std::move(token));
  };
  auto made = std::make_unique<api::Api>(*services, metrics, api_settings(config), std::move(collab));
  live_gateway = std::make_unique<api::LiveGateway>(*hub, *services, metrics);
  live->use(*live_gateway);
  made->use_live([this](net::Request request, std::optional<domain::Actor> actor) {
    return live_gateway->open(std::move(request), std::move(actor));
  });
  plugin::Settings plugin_settings = plugin_settings_of(config);
  plugin_settings.on_off = [this](const plugin::Manifest& manifest, const std::string& why) {
    services->letters.send_plugin_off({manifest.id, manifest.version, manifest.name, why});
  };
  plugin_settings.on_changed = [this](const std::string& id) { live_gateway->plugin_changed(id); };
  const api::Backend backend{services.get(), nullptr, &metrics, nullptr, nullptr};
  plugin::Services offered = plugin_services(config, *services, backend);
  offered[std::string(plugin::kDocumentsService)] =
      std::make_shared<plugin::DocumentsService>(services->environment.database, clock, *rooms, settings.documents);
  add_live_services(offered);
  plugins = std::make_unique<plugin::Host>(*database, clock, metrics, std::move(plugin_settings), std::move(offered));
  channels = std::make_unique<HostChannels>(*plugins);
  live_gateway->use(*channels);
  made->use_plugins(*plugins);
  api = made.get();
  handler = std::move(made);
  return {};
}

// What failed goes back to the plugin that sent it, as often as it takes until it has heard.
Result<void> Instance::Parts::settle_failed_mails() {
  domain::notifications::Announcer announcer(services->environment, post_settings(config, *mailer));
  const auto folder = DataDirectory{config.data_directory}.mail();
  for (const auto& each : mail::Spool::all_bounced(folder, kBouncedAtOnce)) {
    CLUSE_TRY(is_plugins, announcer.returned(each.key, each.reason));
    CLUSE_CHECK(mail::Spool::settle_bounced(folder, each.name));
    bounced->add();
    log_warning("mail_bounced",
                {{"file", each.name}, {"reason", each.reason}, {"of", is_plugins ? "a plugin" : "the server"}});
  }
  const auto fate_of = [&](const std::string& key) { return mail::fate_of(folder, key); };
  CLUSE_TRY(failed, announcer.failed(fate_of));
  for (const auto& each : failed)
    if (plugins->tell_failed({each.plugin, each.message, each.address, each.why, each.url}))
      CLUSE_CHECK(announcer.forget(each.mail_key));
  return {};
}

void Instance::Parts::add_live_services(plugin::Services& offered) {
  domain::notifications::Announcer announcer(services->environment, post_settings(config, *mailer));
  auto publish = [this](const std::string& plugin, const std::string& channel, const std::string& json) {
    live_gateway->publish(plugin, channel, json);
  };
  auto recheck = [this](const std::string& plugin, const std::string& channel) {
    live_gateway->ask_again(plugin, channel);
  };
  offered["cluse.notify/1"] = std::make_shared<plugin::NotifyService>(std::move(announcer));
  offered["cluse.realtime/1"] = std::make_shared<plugin::RealtimeService>(std::move(publish), std::move(recheck));
}

void Instance::Parts::start_plugins() {
  plugins->start();
  auto listening = plugin::Control::start(*plugins, DataDirectory{config.data_directory}.plugins());
  if (listening) control = std::move(*listening);
  else log_warning("plugin_control_off", {{"why", listening.error().detail}});
}

std::filesystem::path plugin_runner() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / "cluse-plugin-runner";
}

Result<std::unique_ptr<Instance>> Instance::start(const Config& config) {
  auto parts = std::make_unique<Parts>(config);
  CLUSE_CHECK(parts->open_storage());
  parts->shards = std::make_unique<Shards>(shard_count(config));
  // From here on the destructor takes down what was built.
  auto instance = std::unique_ptr<Instance>(new Instance(std::move(parts)));
  Parts& p = *instance->parts_;
  CLUSE_CHECK(p.build_handler());
  p.shards->run();
  p.rooms->start();
  if (p.plugins) p.start_plugins();
  if (p.gateway) p.gateway->start(p.shards->at(0));
  if (p.live_gateway) {
    p.hub->start();
    p.live_gateway->start(*p.shards);
  }
  p.server = std::make_unique<net::Server>(config.server, *p.shards, p.workers, *p.handler, p.metrics);
  CLUSE_CHECK(p.server->start());
  if (p.api != nullptr) p.api->set_ready(true);
  if (p.services) {
    p.housekeeper = std::make_unique<Housekeeper>(p.services->retention);
    p.search_keeper = std::make_unique<SearchKeeper>(p.services->environment, *p.services->search_index);
    p.notifier = std::make_unique<Notifier>(p.services->environment, p.services->notifications,
                                            post_settings(config, *p.mailer), [&p] { return p.settle_failed_mails(); });
  }
  log_info("ready", {{"address", config.server.address},
                     {"port", std::to_string(p.server->port())},
                     {"url", public_url(config, p.server->port())},
                     {"shards", std::to_string(p.shards->size())}});
  return instance;
}

bool Instance::stop() {
  Parts& p = *parts_;
  if (std::exchange(p.stopped, true)) return true;
  if (p.api != nullptr) p.api->set_ready(false);
  if (p.server) p.server->stop();
  const bool complete = !p.server || p.rooms->stop();
  p.housekeeper.reset();
  p.control.reset();
  if (p.plugins) p.plugins->stop();
  p.search_keeper.reset();
  p.notifier.reset();
  p.workers.stop();
  if (p.services) p.services->stop();
  if (p.mailer) p.mailer->stop();
  if (p.database) p.database->stop();
  if (p.shards) p.shards->stop();
  return complete;
}

std::string Instance::setup_token() const {
  return parts_->services ? parts_->services->accounts.setup_token().value_or("") : "";
}

Instance::Instance(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Instance::~Instance() {
  stop();
}

std::uint16_t Instance::port() const {
  return parts_->server->port();
}

Result<void> Instance::reload_certificate() {
  return parts_->server->reload_certificate();
}

void block_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, signal);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file past the size limit is an error of write(), not the end
}

int run_until_signalled(Instance& instance) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, signal);
  for (int signal = 0; sigwait(&set, &signal) == 0;) {
    if (signal != SIGHUP) break;
    if (const auto reloaded = instance.reload_certificate(); !reloaded) {
      log_error("certificate_not_reloaded", {{"detail", reloaded.error().detail}});
    }
  }
  log_info("stopping");
  const bool complete = instance.stop();
  log_info("stopped");
  return complete ? 0 : 1;
}

}  // namespace cluse::app
