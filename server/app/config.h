// Configuration: one TOML file, environment overrides, every key known and described here and nowhere else.
#pragma once

#include "server/base/log.h"
#include "server/base/result.h"
#include "server/domain/identity/sessions.h"
#include "server/domain/privacy/retention.h"
#include "server/domain/translation/libre_translate.h"
#include "server/mail/mailer.h"
#include "server/net/server.h"
#include "server/oidc/provider.h"
#include "server/realtime/room.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::app {

struct Config {
  net::ServerOptions server;
  std::int64_t shards = 0;  ///< 0: one a core
  std::string public_url;   ///< for links in invitations; empty: http(s)://address:port
  std::filesystem::path data_directory = "data";
  std::string postgres;  ///< how to connect, or empty: SQLite in the data directory
  std::string postgres_schema = "cluse";
  std::int64_t postgres_connections = 4;  ///< that write, and as many that read
  realtime::Limits realtime;
  std::int64_t session_idle_hours = 12;
  std::int64_t session_absolute_hours = 24 * 30;
  mail::MailerOptions mail;                  ///< without a server: links are copied by hand
  std::filesystem::path mail_password_file;  ///< read into `mail` by read_config
  bool sign_in_links = true;
  bool access_requests_open = true;
  bool access_requests_organisations = true;
  std::vector<oidc::ProviderSettings> providers;
  domain::FactorPolicy second_factor = domain::FactorPolicy::nobody;
  LogLevel log_level = LogLevel::info;
  std::filesystem::path rules_directory;                      ///< empty: config/rules beside the executable or above it
  std::filesystem::path terms_directory;                      ///< empty: config/terms beside the executable or above it
  domain::translation::LibreTranslate::Settings translation;  ///< without a url: off
  std::vector<std::string> translation_languages = {"fr", "de"};
  std::string metrics_token;  ///< empty: /metrics answers loopback only
  std::string instance_name = "Cluse";
  std::string default_locale = "fr-FR";
  std::string controller;  ///< who answers for personal data, on the register of processing
  std::string privacy_contact;
  domain::RetentionPolicy retention;
  bool plugins_unsandboxed = false;
  std::vector<std::string> plugins_trusted_ui;  ///< ids and signers whose modules run in the page itself
  bool plugins_uploads = true;
  std::vector<std::string> plugins_direct;  ///< ids of plugins that run in the server
  bool safe_mode = false;                   ///< set by --safe-mode only: no plugin is started
  bool demo = false;                        ///< says so on the sign-in page
  bool bench = false;                       ///< set by --bench only
};

/// One key of the file. The table of all keys is the reference: parsing, environment, the annotated example and its
/// test.
struct Key {
  std::string_view section;
  std::string_view name;
  std::string_view expected;  ///< "a port, 0 to 65535": said when the value is wrong
  std::string_view description;
  std::string example;  ///< the default, as TOML
  /// Takes the value in its textual form (strings unquoted, lists comma-separated); false if it is not as expected.
  std::function<bool(Config&, const std::string&)> set;
};

[[nodiscard]] const std::vector<Key>& config_keys();

/// Reads `file` (empty: only the environment and the defaults), then `CLUSE_<SECTION>_<KEY>` of the environment.
/// Codes "config_unreadable", "config_malformed", "config_key_unknown", "config_value_wrong"; `detail` says file, line
/// and what was expected.
[[nodiscard]] Result<Config> read_config(const std::filesystem::path& file);

/// The annotated example: every key, described, with its default.
[[nodiscard]] std::string example_config();

}  // namespace cluse::app
