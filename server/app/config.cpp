#include "server/app/config.h"

#include "server/app/provider_config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <optional>

namespace cluse::app {
namespace {

using Setter = std::function<bool(Config&, const std::string&)>;

std::optional<std::int64_t> whole(const std::string& text, std::int64_t low, std::int64_t high) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < low || value > high) return std::nullopt;
  return value;
}

/// A setter of a number reached by `place`, in units of `unit`.
template <class T>
Setter number(std::function<T&(Config&)> place, std::int64_t low, std::int64_t high, std::int64_t unit = 1) {
  return [=](Config& config, const std::string& text) {
    const auto value = whole(text, low, high);
    if (value) place(config) = static_cast<T>(*value * unit);
    return value.has_value();
  };
}

Setter milliseconds(std::function<std::chrono::milliseconds&(Config&)> place) {
  return [=](Config& config, const std::string& text) {
    const auto value = whole(text, 1, 86'400'000);
    if (value) place(config) = std::chrono::milliseconds(*value);
    return value.has_value();
  };
}

template <class T>
Setter words(std::function<T&(Config&)> place) {
  return [=](Config& config, const std::string& text) {
    place(config) = text;
    return true;
  };
}

bool set_log_level_key(Config& config, const std::string& text) {
  constexpr std::pair<std::string_view, LogLevel> kLevels[] = {
      {"debug", LogLevel::debug}, {"info", LogLevel::info}, {"warning", LogLevel::warning}, {"error", LogLevel::error}};
  for (const auto& [name, level] : kLevels) {
    if (text != name) continue;
    config.log_level = level;
    return true;
  }
  return false;
}

bool set_locale_key(Config& config, const std::string& text) {
  config.default_locale = text;
  return text == "fr-FR" || text == "fr-CH" || text == "de-CH";
}

bool set_proxies_key(Config& config, const std::string& text) {
  config.server.trusted_proxies.clear();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    if (comma > at) config.server.trusted_proxies.push_back(text.substr(at, comma - at));
    at = comma + 1;
  }
  return true;
}

bool set_second_factor_key(Config& config, const std::string& text) {
  constexpr std::pair<std::string_view, domain::FactorPolicy> kWords[] = {
      {"nobody", domain::FactorPolicy::nobody},
      {"administrators", domain::FactorPolicy::administrators},
      {"everyone", domain::FactorPolicy::everyone}};
  for (const auto& [word, policy] : kWords) {
    if (text != word) continue;
    config.second_factor = policy;
    return true;
  }
  return false;
}

Setter flag(std::function<bool&(Config&)> place) {
  return [place = std::move(place)](Config& config, const std::string& text) {
    place(config) = text == "true";
    return text == "true" || text == "false";
  };
}

bool set_demo_key(Config& config, const std::string& text) {
  config.demo = text == "true";
  return text == "true" || text == "false";
}

constexpr std::int64_t kMax = std::numeric_limits<std::int32_t>::max();

void add_server_keys(std::vector<Key>& keys) {
  keys.push_back({"server", "address", "an IP address", "The address to listen on; 0.0.0.0 or :: for all.",
                  "\"127.0.0.1\"", words<std::string>([](Config & c) -> auto& { return c.server.address; })});
  keys.push_back({"server", "port", "a port, 0 to 65535", "The port to listen on, for HTTP and WebSocket alike.",
                  "8080",
                  number<std::uint16_t>(
                      [](Config & c) -> auto& { return c.server.port; }, 0, 65535)});
  keys.push_back({"server", "public_url", "an http or https address",
                  "The address people type, for links in invitations. Empty: made from address and port.", "\"\"",
                  words<std::string>([](Config & c) -> auto& { return c.public_url; })});
  keys.push_back({"server", "certificate", "a path",
                  "TLS certificate chain (PEM). Empty: no TLS. Read again when it changes, without dropping anybody.",
                  "\"\"", words<std::filesystem::path>([](Config & c) -> auto& { return c.server.certificate; })});
  keys.push_back({"server", "private_key", "a path", "The private key of the certificate (PEM).", "\"\"",
                  words<std::filesystem::path>([](Config & c) -> auto& { return c.server.private_key; })});
  keys.push_back({"server", "static_directory", "a path",
                  "The built web client. Empty: the server answers its API only.", "\"\"",
                  words<std::filesystem::path>([](Config & c) -> auto& { return c.server.static_directory; })});
  keys.push_back({"server", "trusted_proxies", "a list of addresses",
                  "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.", "[]", set_proxies_key});
  keys.push_back({"server", "shards", "a number of threads, 0 to 256", "Event loops. 0: one for each core.", "0",
                  number<std::int64_t>(
                      [](Config & c) -> auto& { return c.shards; }, 0, 256)});
}

/// What one WebSocket may send.
void add_inflow_limits(std::vector<Key>& keys) {
  const auto size = [&](std::string_view name, std::string_view words, std::string example, auto place) {
    keys.push_back(
        {"limits", name, "a whole number", words, std::move(example), number<std::size_t>(std::move(place), 1, kMax)});
  };
  size(
      "messages_per_second_max", "Messages a second that one WebSocket is read, once the burst is used.", "1000",
      [](Config & c) -> auto& { return c.server.limits.messages_per_second_max; });
  size(
      "messages_burst_max", "Messages that one WebSocket may send at once before it is read more slowly.", "10000",
      [](Config & c) -> auto& { return c.server.limits.messages_burst_max; });
  size(
      "received_bytes_per_second_max", "Bytes a second that one WebSocket is read, once the burst is used.", "4194304",
      [](Config & c) -> auto& { return c.server.limits.received_bytes_per_second_max; });
  size(
      "received_bytes_burst_max", "Bytes that one WebSocket may send at once before it is read more slowly.",
      "33554432", [](Config & c) -> auto& { return c.server.limits.received_bytes_burst_max; });
  keys.push_back({"limits", "slowed_timeout", "milliseconds, 1 to 86400000",
                  "Milliseconds that a WebSocket may be slowed in all, without a rest; past it 1008.", "60000",
                  milliseconds([](Config & c) -> auto& { return c.server.limits.slowed_timeout; })});
}

void add_network_limits(std::vector<Key>& keys) {
  const auto size = [&](std::string_view name, std::string_view words, std::string example, auto place,
                        std::int64_t low) {
    keys.push_back({"limits", name, "a whole number", words, std::move(example),
                    number<std::size_t>(std::move(place), low, kMax)});
  };
  const auto time = [&](std::string_view name, std::string_view words, std::string example, auto place) {
    keys.push_back(
        {"limits", name, "milliseconds, 1 to 86400000", words, std::move(example), milliseconds(std::move(place))});
  };
  size(
      "header_bytes_max", "Bytes of a request's head; past it 431.", "16384",
      [](Config & c) -> auto& { return c.server.limits.header_bytes_max; }, 1024);
  size(
      "connections_max", "Open connections; past it 503.", "10000",
      [](Config & c) -> auto& { return c.server.limits.connections_max; }, 1);
  size(
      "connections_per_address_max", "Open connections of one address (loopback is exempt); past it 503.", "2000",
      [](Config & c) -> auto& { return c.server.limits.connections_per_address_max; }, 1);
  size(
      "handshakes_per_second_per_address_max",
      "WebSocket and TLS handshakes a second of one address (loopback is exempt), once the burst is used; past it 429.",
      "50", [](Config & c) -> auto& { return c.server.limits.handshakes_per_second_per_address_max; }, 1);
  size(
      "handshakes_burst_per_address_max", "Handshakes of one address at once: an office that comes back together.",
      "500", [](Config & c) -> auto& { return c.server.limits.handshakes_burst_per_address_max; }, 1);
  size(
      "send_queue_bytes_max", "Bytes waiting to be sent to one WebSocket; past it the connection is closed with 1013.",
      "8388608", [](Config & c) -> auto& { return c.server.limits.send_queue_bytes_max; }, 65536);
  add_inflow_limits(keys);
  time(
      "header_timeout", "Milliseconds for the head of a request.", "10000",
      [](Config & c) -> auto& { return c.server.limits.header_timeout; });
  time(
      "body_timeout", "Milliseconds for the body of a request.", "60000",
      [](Config & c) -> auto& { return c.server.limits.body_timeout; });
  time(
      "idle_timeout", "Milliseconds that a quiet HTTP connection stays open.", "75000",
      [](Config & c) -> auto& { return c.server.limits.idle_timeout; });
  time(
      "ping_interval", "Milliseconds between WebSocket pings.", "30000",
      [](Config & c) -> auto& { return c.server.limits.ping_interval; });
  time(
      "stop_timeout", "Milliseconds that a stopping server waits for its connections.", "10000",
      [](Config & c) -> auto& { return c.server.limits.stop_timeout; });
}

void add_room_limits(std::vector<Key>& keys) {
  const auto size = [&](std::string_view name, std::string_view words, std::string example, auto place) {
    keys.push_back(
        {"limits", name, "a whole number", words, std::move(example), number<std::size_t>(std::move(place), 1, kMax)});
  };
  size(
      "message_bytes_max", "Bytes of one message of a document; past it 1009.", "16777216",
      [](Config & c) -> auto& { return c.realtime.message_bytes_max; });
  size(
      "awareness_bytes_max", "Bytes of one person's cursor and name.", "16384",
      [](Config & c) -> auto& { return c.realtime.awareness_bytes_max; });
  size(
      "awareness_clients_max", "Cursors that one connection may show.", "8",
      [](Config & c) -> auto& { return c.realtime.awareness_clients_max; });
  size(
      "room_members_max", "Connections to one document; past it 1013.", "2000",
      [](Config & c) -> auto& { return c.realtime.members_max; });
  size(
      "unsaved_bytes_max", "Bytes of one document received and not yet on disk; past it 1013.", "67108864",
      [](Config & c) -> auto& { return c.realtime.unsaved_bytes_max; });
  size(
      "pending_bytes_max", "Bytes of one document that wait for what they build on.", "33554432",
      [](Config & c) -> auto& { return c.realtime.pending_bytes_max; });
  size(
      "document_bytes_max", "Bytes of one document's log.", "268435456",
      [](Config & c) -> auto& { return c.realtime.document_bytes_max; });
  keys.push_back({"limits", "room_linger", "milliseconds, 1 to 86400000",
                  "Milliseconds that a document nobody has open stays in memory.", "30000",
                  milliseconds([](Config & c) -> auto& { return c.realtime.linger; })});
}

void add_other_keys(std::vector<Key>& keys) {
  keys.push_back(
      {"data", "postgres", "a libpq connection string",
       "PostgreSQL instead of SQLite: \"host=… dbname=… user=…\". Empty: SQLite in the directory. Files stay in it.",
       "\"\"", words<std::string>([](Config & c) -> auto& { return c.postgres; })});
  keys.push_back({"data", "postgres_schema", "a name", "The schema that holds the tables.", "\"cluse\"",
                  words<std::string>([](Config & c) -> auto& { return c.postgres_schema; })});
  keys.push_back({"data", "postgres_connections", "a number of connections, 1 to 64",
                  "Connections that write, and as many that read.", "4",
                  number<std::int64_t>(
                      [](Config & c) -> auto& { return c.postgres_connections; }, 1, 64)});
  keys.push_back({"data", "directory", "a path", "Where the database and the files live.", "\"data\"",
                  words<std::filesystem::path>([](Config & c) -> auto& { return c.data_directory; })});
  keys.push_back({"rules", "directory", "a path",
                  "Rule packs, holidays and their sentences. Empty: config/rules beside the executable or above it.",
                  "\"\"", words<std::filesystem::path>([](Config & c) -> auto& { return c.rules_directory; })});
  keys.push_back({"terms", "directory", "a path",
                  "The terms that are shipped. Empty: config/terms beside the executable or above it.", "\"\"",
                  words<std::filesystem::path>([](Config & c) -> auto& { return c.terms_directory; })});
  keys.push_back({"sessions", "idle_hours", "hours, 1 to 8760", "A session unused for so long ends.", "12",
                  number<std::int64_t>(
                      [](Config & c) -> auto& { return c.session_idle_hours; }, 1, 8760)});
  keys.push_back({"sessions", "absolute_hours", "hours, 1 to 8760", "A session ends after so long in any case.", "720",
                  number<std::int64_t>(
                      [](Config & c) -> auto& { return c.session_absolute_hours; }, 1, 8760)});
  keys.push_back({"sign_in", "second_factor", "nobody, administrators or everyone",
                  "Who must have a second factor; whoever has none sets one up at the next sign-in.", "\"nobody\"",
                  set_second_factor_key});
  keys.push_back({"access_requests", "open", "true or false",
                  "Lets people without an account ask for one from the sign-in page.", "true",
                  flag([](Config & c) -> auto& { return c.access_requests_open; })});
  keys.push_back({"access_requests", "organisations", "true or false",
                  "Offers them the names of the organisations that are known here.", "true",
                  flag([](Config & c) -> auto& { return c.access_requests_organisations; })});
  keys.push_back({"log", "level", "debug, info, warning or error", "Lines below this level are dropped.", "\"info\"",
                  set_log_level_key});
  keys.push_back({"metrics", "token", "a secret of at least 16 characters, or empty",
                  "Bearer token that reads /metrics from elsewhere. Empty: loopback only.", "\"\"",
                  [](Config& c, const std::string& text) {
                    c.metrics_token = text;
                    return text.empty() || text.size() >= 16;
                  }});
  keys.push_back({"instance", "name", "words", "The name shown in the header and on the sign-in page.", "\"Cluse\"",
                  words<std::string>([](Config & c) -> auto& { return c.instance_name; })});
  keys.push_back({"instance", "default_locale", "fr-FR, fr-CH or de-CH", "The language of whoever has not chosen one.",
                  "\"fr-FR\"", set_locale_key});
  keys.push_back({"instance", "demo", "true or false", "Shows on the sign-in page that this is a demonstration.",
                  "false", set_demo_key});
}

bool set_translation_languages_key(Config& config, const std::string& text) {
  config.translation_languages.clear();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    const std::string word = text.substr(at, comma - at);
    if (word.size() < 2 || word.size() > 3) return false;
    config.translation_languages.push_back(word);
    at = comma + 1;
  }
  return true;
}

void add_translation_keys(std::vector<Key>& keys) {
  keys.push_back({"translation", "url", "an https address (http on this machine alone), or empty",
                  "A server that speaks LibreTranslate's interface: passages that people have translated by machine "
                  "are sent there. Empty: no machine translation.",
                  "\"\"", [](Config& c, const std::string& text) {
                    c.translation.url = text;
                    return text.empty() || http_client::is_allowed(text);
                  }});
  keys.push_back({"translation", "api_key", "words, or empty", "The key it asks for, if it asks for one.", "\"\"",
                  words<std::string>([](Config & c) -> auto& { return c.translation.api_key; })});
  keys.push_back({"translation", "ca_file", "a path, or empty",
                  "Certificates (PEM) to trust instead of the system's, for a server with a private authority.", "\"\"",
                  words<std::string>([](Config & c) -> auto& { return c.translation.ca_file; })});
  keys.push_back({"translation", "languages", "a list of languages, each of two or three letters",
                  "Between which it is asked to translate.", "[\"fr\", \"de\"]", set_translation_languages_key});
}

Setter days(std::function<std::chrono::days&(Config&)> place) {
  return [=](Config& config, const std::string& text) {
    const auto value = whole(text, 1, 3650);
    if (value) place(config) = std::chrono::days(*value);
    return value.has_value();
  };
}

void add_privacy_keys(std::vector<Key>& keys) {
  keys.push_back({"privacy", "controller", "words, or empty",
                  "Who answers for personal data: name and address, on the register of processing.", "\"\"",
                  words<std::string>([](Config & c) -> auto& { return c.controller; })});
  keys.push_back({"privacy", "contact", "words, or empty", "Whom people ask about their data: an address, an officer.",
                  "\"\"", words<std::string>([](Config & c) -> auto& { return c.privacy_contact; })});
  const auto clock = [&](std::string_view name, std::string_view description, std::string example, auto place) {
    keys.push_back({"privacy", name, "days, 1 to 3650", description, std::move(example), days(std::move(place))});
  };
  clock(
      "invitations_days", "Invitations that nobody took go, with their address, so long after their end.", "90",
      [](Config & c) -> auto& { return c.retention.invitations; });
  clock(
      "opened_days", "Which documents a person opened is forgotten after so long.", "365",
      [](Config & c) -> auto& { return c.retention.opened; });
  clock(
      "devices_days", "The device of a sign-in leaves the journal after so long.", "365",
      [](Config & c) -> auto& { return c.retention.devices; });
  clock(
      "notifications_days", "Lines of the notification centre go after so long, read or not.", "180",
      [](Config & c) -> auto& { return c.retention.notifications; });
  clock(
      "dormant_days", "Accounts unused for so long are shown to administrators.", "730",
      [](Config & c) -> auto& { return c.retention.dormant; });
}

bool set_names(std::vector<std::string>& names, const std::string& text) {
  names.clear();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    if (comma > at) names.push_back(text.substr(at, comma - at));
    at = comma + 1;
  }
  return true;
}

void add_plugin_keys(std::vector<Key>& keys) {
  keys.push_back({"plugins", "direct", "a list of ids of plugins",
                  "Plugins that run inside the server, without a sandbox: only those you trust like the server itself.",
                  "[]", [](Config& c, const std::string& text) { return set_names(c.plugins_direct, text); }});
  keys.push_back({"plugins", "trusted_ui", "a list of ids of plugins, or of keys that sign them",
                  "Plugins whose screens run in the page itself, with the session of who looks; the others are framed.",
                  "[]", [](Config& c, const std::string& text) { return set_names(c.plugins_trusted_ui, text); }});
  keys.push_back({"plugins", "uploads", "true or false",
                  "Administrators may install plugins from their browser; else `cluse plugin install` alone does.",
                  "true", [](Config& c, const std::string& text) {
                    c.plugins_uploads = text == "true";
                    return text == "true" || text == "false";
                  }});
  keys.push_back({"plugins", "allow_unsandboxed", "true or false",
                  "Starts the others also where this system lacks a layer of their sandbox (Landlock, seccomp).",
                  "false", [](Config& c, const std::string& text) {
                    c.plugins_unsandboxed = text == "true";
                    return text == "true" || text == "false";
                  }});
}

bool set_encryption_key(Config& config, const std::string& text) {
  constexpr std::pair<std::string_view, mail::Encryption> kWords[] = {
      {"starttls", mail::Encryption::starttls}, {"tls", mail::Encryption::tls}, {"none", mail::Encryption::none}};
  for (const auto& [word, encryption] : kWords) {
    if (text != word) continue;
    config.mail.server.encryption = encryption;
    return true;
  }
  return false;
}

void add_mail_server_keys(std::vector<Key>& keys) {
  keys.push_back({"mail", "server", "a host name or an IP address, or empty",
                  "The SMTP server that takes our mail. Empty: nothing is sent, links are copied by hand.", "\"\"",
                  words<std::string>([](Config & c) -> auto& { return c.mail.server.host; })});
  keys.push_back({"mail", "port", "a port, 1 to 65535", "Its port: mostly 587 (starttls) or 465 (tls).", "587",
                  number<std::uint16_t>(
                      [](Config & c) -> auto& { return c.mail.server.port; }, 1, 65535)});
  keys.push_back({"mail", "encryption", "starttls, tls or none",
                  "How the connection is protected; none only for a server on this machine.", "\"starttls\"",
                  set_encryption_key});
  keys.push_back({"mail", "ca_file", "a path, or empty",
                  "Certificates (PEM) to trust instead of the system's, for a server with a private authority.", "\"\"",
                  words<std::string>([](Config & c) -> auto& { return c.mail.server.ca_file; })});
  keys.push_back({"mail", "user", "words, or empty", "Who we are to the server. Empty: it does not ask.", "\"\"",
                  words<std::string>([](Config & c) -> auto& { return c.mail.server.user; })});
  keys.push_back({"mail", "password", "words, or empty", "The password of the user, unless it is in a file.", "\"\"",
                  words<std::string>([](Config & c) -> auto& { return c.mail.server.password; })});
  keys.push_back({"mail", "password_file", "a path, or empty", "A file whose first line is the password.", "\"\"",
                  words<std::filesystem::path>([](Config & c) -> auto& { return c.mail_password_file; })});
  keys.push_back({"mail", "timeout", "milliseconds, 1 to 86400000", "Milliseconds for one message to be handed over.",
                  "60000", milliseconds([](Config & c) -> auto& { return c.mail.server.timeout; })});
}

void add_mail_keys(std::vector<Key>& keys) {
  add_mail_server_keys(keys);
  keys.push_back({"mail", "sender", "an e-mail address", "In whose name mail is sent.", "\"\"",
                  words<std::string>([](Config & c) -> auto& { return c.mail.sender.address; })});
  keys.push_back({"mail", "sender_name", "words, or empty", "The name beside it. Empty: the name of the instance.",
                  "\"\"", words<std::string>([](Config & c) -> auto& { return c.mail.sender.name; })});
  keys.push_back({"mail", "sign_in_links", "true or false", "Lets people ask for a link that signs them in once.",
                  "true", [](Config& c, const std::string& text) {
                    c.sign_in_links = text == "true";
                    return text == "true" || text == "false";
                  }});
  keys.push_back({"mail", "queue_messages_max", "a number of messages, 1 to 1000000",
                  "Messages that may wait for the server; past it links are copied by hand.", "10000",
                  number<std::size_t>(
                      [](Config & c) -> auto& { return c.mail.spool.messages_max; }, 1, 1'000'000)});
  keys.push_back({"mail", "retry_first", "milliseconds, 1 to 86400000",
                  "Milliseconds until the second try; the wait doubles with each.", "5000",
                  milliseconds([](Config & c) -> auto& { return c.mail.retry_first; })});
  keys.push_back({"mail", "retry_max", "milliseconds, 1 to 86400000", "Milliseconds between tries at most.", "900000",
                  milliseconds([](Config & c) -> auto& { return c.mail.retry_max; })});
  keys.push_back({"mail", "give_up_hours", "hours, 1 to 720",
                  "A message that could not be sent for so long is set aside.", "120",
                  [](Config& c, const std::string& text) {
                    const auto hours = whole(text, 1, 720);
                    if (hours) c.mail.give_up_after = std::chrono::hours(*hours);
                    return hours.has_value();
                  }});
}

std::unexpected<Error> wrong_mail(const std::filesystem::path& file, const std::string& words, const char* key) {
  return fail(Errc::invalid, "config_value_wrong", file.string() + ": " + words, key);
}

/// What the keys of [mail] ask of each other, and the password's file.
Result<void> complete_mail(Config& config, const std::filesystem::path& file) {
  mail::SmtpServer& server = config.mail.server;
  if (config.mail.sender.name.empty()) config.mail.sender.name = config.instance_name;
  if (server.host.empty()) return {};
  if (server.host.find_first_of("/@ \t\r\n") != std::string::npos)
    return wrong_mail(file, "mail.server is a name or an address, without anything around it", "mail.server");
  if (!mail::is_sendable(config.mail.sender.address))
    return wrong_mail(file, "mail.server needs mail.sender, an e-mail address", "mail.sender");
  // Never from what a request says of us: whoever asks could have the links lead elsewhere.
  if (config.public_url.empty())
    return wrong_mail(file, "mail.server needs server.public_url: links in mails start with it", "server.public_url");
  if (!config.mail_password_file.empty()) {
    std::ifstream stream(config.mail_password_file);
    if (!std::getline(stream, server.password))
      return wrong_mail(file, "mail.password_file cannot be read", "mail.password_file");
    if (server.password.ends_with('\r')) server.password.pop_back();
  }
  const bool is_here = server.host == "localhost" || server.host == "127.0.0.1" || server.host == "::1";
  if (server.encryption == mail::Encryption::none && !server.user.empty() && !is_here)
    return wrong_mail(file, "a password does not travel unencrypted: mail.encryption", "mail.encryption");
  return {};
}

/// The textual form a setter takes, or nothing for tables and the like.
std::optional<std::string> textual(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* value = node.as_integer()) return std::to_string(value->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  if (const auto* list = node.as_array()) {
    std::string joined;
    for (const toml::node& item : *list) {
      if (!item.is_string()) return std::nullopt;
      joined += (joined.empty() ? "" : ",") + item.as_string()->get();
    }
    return joined;
  }
  return std::nullopt;
}

std::string place_of(const std::filesystem::path& file, const toml::source_region& region) {
  return file.string() + ", line " + std::to_string(region.begin.line);
}

const Key* find_key(std::string_view section, std::string_view name) {
  for (const Key& key : config_keys()) {
    if (key.section == section && key.name == name) return &key;
  }
  return nullptr;
}

Result<oidc::ProviderSettings> read_provider(const std::filesystem::path& file, const toml::table& table) {
  ProviderDraft draft;
  for (const auto& [name, node] : table) {
    const auto& keys = provider_keys();
    const auto key = std::find_if(keys.begin(), keys.end(), [&](const auto& each) { return each.name == name.str(); });
    const std::string full = "identity.providers." + std::string(name.str());
    if (key == keys.end())
      return fail(Errc::invalid, "config_key_unknown",
                  place_of(file, node.source()) + ": there is no key " + full + "; `cluse config` lists all keys",
                  full);
    const auto text = textual(node);
    if (!text || !key->set(draft, *text))
      return fail(Errc::invalid, "config_value_wrong",
                  place_of(file, node.source()) + ": " + full + " must be " + std::string(key->expected), full);
  }
  auto settings = complete_provider(draft);
  if (!settings) settings.error().detail = place_of(file, table.source()) + ": " + settings.error().detail;
  return settings;
}

Result<void> apply_providers(Config& config, const std::filesystem::path& file, const toml::table& section) {
  for (const auto& [name, node] : section) {
    const toml::array* tables = name.str() == "providers" ? node.as_array() : nullptr;
    if (tables == nullptr)
      return fail(Errc::invalid, "config_key_unknown",
                  place_of(file, node.source()) + ": identity holds nothing but tables [[identity.providers]]");
    for (const toml::node& each : *tables) {
      const toml::table* table = each.as_table();
      if (table == nullptr)
        return fail(Errc::invalid, "config_value_wrong",
                    place_of(file, each.source()) + ": identity.providers must be tables", "identity.providers");
      CLUSE_TRY(provider, read_provider(file, *table));
      for (const auto& other : config.providers)
        if (other.key == provider.key || other.issuer == provider.issuer)
          return fail(Errc::invalid, "config_value_wrong",
                      place_of(file, table->source()) + ": another provider has this id or issuer",
                      "identity.providers");
      config.providers.push_back(provider);
    }
  }
  return {};
}

Result<void> complete_providers(const Config& config, const std::filesystem::path& file) {
  if (config.providers.empty() || !config.public_url.empty()) return {};
  return fail(Errc::invalid, "config_value_wrong",
              file.string() + ": identity.providers need server.public_url: they send people back to it",
              "server.public_url");
}

Result<void> apply_section(Config& config, const std::filesystem::path& file, std::string_view section,
                           const toml::table& table) {
  for (const auto& [name, node] : table) {
    const Key* key = find_key(section, name.str());
    const std::string full = std::string(section) + '.' + std::string(name.str());
    if (key == nullptr) {
      return fail(Errc::invalid, "config_key_unknown",
                  place_of(file, node.source()) + ": there is no key " + full + "; `cluse config` lists all keys",
                  full);
    }
    const auto text = textual(node);
    if (!text || !key->set(config, *text)) {
      return fail(Errc::invalid, "config_value_wrong",
                  place_of(file, node.source()) + ": " + full + " must be " + std::string(key->expected), full);
    }
  }
  return {};
}

Result<void> apply_file(Config& config, const std::filesystem::path& file) {
  toml::table root;
  try {
    root = toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    const bool found = std::filesystem::exists(file);
    return fail(Errc::invalid, found ? "config_malformed" : "config_unreadable",
                place_of(file, error.source()) + ": " + std::string(error.description()));
  }
  for (const auto& [section, node] : root) {
    const toml::table* table = node.as_table();
    if (table == nullptr) {
      return fail(Errc::invalid, "config_key_unknown",
                  place_of(file, node.source()) + ": keys stand in sections; " + std::string(section.str()) +
                      " stands outside of any");
    }
    if (section.str() == "identity") CLUSE_CHECK(apply_providers(config, file, *table));
    else CLUSE_CHECK(apply_section(config, file, section.str(), *table));
  }
  return {};
}

Result<void> apply_environment(Config& config) {
  for (const Key& key : config_keys()) {
    std::string variable = "CLUSE_" + std::string(key.section) + '_' + std::string(key.name);
    std::transform(variable.begin(), variable.end(), variable.begin(), [](unsigned char c) { return std::toupper(c); });
    const char* value = std::getenv(variable.c_str());
    if (value != nullptr && !key.set(config, value)) {
      return fail(Errc::invalid, "config_value_wrong",
                  "environment: " + variable + " must be " + std::string(key.expected), variable);
    }
  }
  return {};
}

}  // namespace

const std::vector<Key>& config_keys() {
  static const std::vector<Key> keys = [] {
    std::vector<Key> all;
    add_server_keys(all);
    add_other_keys(all);
    add_mail_keys(all);
    add_privacy_keys(all);
    add_translation_keys(all);
    add_plugin_keys(all);
    add_network_limits(all);
    add_room_limits(all);
    return all;
  }();
  return keys;
}

Result<Config> read_config(const std::filesystem::path& file) {
  Config config;
  if (!file.empty()) CLUSE_CHECK(apply_file(config, file));
  CLUSE_CHECK(apply_environment(config));
  if (config.server.certificate.empty() != config.server.private_key.empty()) {
    return fail(Errc::invalid, "config_value_wrong",
                file.string() + ": server.certificate and server.private_key belong together", "server.certificate");
  }
  CLUSE_CHECK(complete_mail(config, file));
  CLUSE_CHECK(complete_providers(config, file));
  return config;
}

std::string example_config() {
  std::string out =
      "# Configuration of Cluse. Every key is here with its default; an unknown key or a wrong value stops the start\n"
      "# with the line and what was expected. CLUSE_<SECTION>_<KEY> in the environment overrides the file.\n";
  std::string_view section;
  for (const Key& key : config_keys()) {
    if (key.section != section) out += "\n[" + std::string(key.section) + "]\n";
    section = key.section;
    out += "# " + std::string(key.description) + " Expected: " + std::string(key.expected) + ".\n" +
           std::string(key.name) + " = " + key.example + '\n';
  }
  return out + example_provider();
}

}  // namespace cluse::app
