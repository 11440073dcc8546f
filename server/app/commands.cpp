#include "server/app/commands.h"

#include "server/app/config.h"
#include "server/app/data_directory.h"
#include "server/app/import.h"
#include "server/app/instance.h"
#include "server/base/civil_date.h"
#include "server/base/log.h"
#include "server/domain/identity/password_hasher.h"
#include "server/domain/identity/people.h"
#include "server/domain/organisations/days.h"
#include "server/domain/rates/rates.h"
#include "server/domain/territories/load.h"
#include "server/domain/text.h"
#include "server/mail/bounce.h"

#include <array>
#include <fstream>
#include <iostream>
#include <iterator>

namespace cluse::app {

int complain(const Error& error) {
  std::cerr << "cluse: " << (error.detail.empty() ? std::string(error.code) : error.detail) << " (" << error.code
            << ")\n";
  return 1;
}

Result<Config> configure(const ConfigChoice& choice) {
  CLUSE_TRY(config, read_config(choice.file));
  if (choice.data) config.data_directory = *choice.data;
  if (choice.address) config.server.address = *choice.address;
  if (choice.static_directory) config.server.static_directory = *choice.static_directory;
  config.bench = choice.bench;
  config.safe_mode = choice.safe_mode;
  if (choice.port) {
    if (*choice.port < 0 || *choice.port > 65535)
      return fail(Errc::invalid, "config_value_wrong", "--port: 0 to 65535");
    config.server.port = static_cast<std::uint16_t>(*choice.port);
  }
  if (config.bench && config.server.address != "127.0.0.1" && config.server.address != "::1") {
    return fail(Errc::invalid, "bench_loopback_only", "--bench has no sign-in: it listens on 127.0.0.1 or ::1 only");
  }
  return std::move(config);
}

namespace {

constexpr std::size_t kPasswordCharactersMin = 12;

Result<void> add_user_to(storage::Database& database, const NewUser& user, const std::string& password_hash) {
  const Instant now = SystemClock().now();
  return database.write_now([&](storage::Transaction& tx) -> Result<void> {
    CLUSE_TRY(organisation, domain::find_or_add_organisation(tx, {user.organisation, "", user.country, ""}, now));
    domain::NewPerson person;
    CLUSE_TRY(name, domain::clean_line(user.name, "--name", domain::kTitleCharactersMax));
    CLUSE_TRY(function, domain::clean_line(user.function, "--function", domain::kTitleCharactersMax, false));
    CLUSE_TRY(email, domain::clean_email(user.email, "--email"));
    person.name = name;
    person.function = function;
    person.email = email;
    person.ui_locale = user.locale;
    person.organisation_id = organisation.id;
    person.password_hash = password_hash;
    person.is_admin = user.admin;
    CLUSE_CHECK(domain::add_person(tx, person, now));
    return {};
  });
}

Result<ImportReport> import_into(const Config& config, const std::filesystem::path& folder) {
  CLUSE_TRY(password, import_password(folder));
  std::string hash;
  if (!password.empty()) {
    domain::PasswordHasher hasher({});
    CLUSE_TRY(hashed, hasher.hash_now(password));
    hash = hashed;
    hasher.stop();
  }
  Metrics metrics;
  CLUSE_TRY(database, open_store(store_of(config), metrics));
  auto report = import_folder(*database, folder, hash, SystemClock());
  database->stop();
  return report;
}

}  // namespace

int serve(const ConfigChoice& choice) {
  const auto config = configure(choice);
  if (!config) return complain(config.error());
  set_log_level(config->log_level);
  block_signals();
  auto instance = Instance::start(*config);
  if (!instance) return complain(instance.error());
  if (const std::string token = (*instance)->setup_token(); !token.empty()) {
    // On stdout, and not in the log: it makes whoever reads it the administrator.
    std::cout << "Open /demarrer in a browser and give this token to make the first administrator: " << token
              << std::endl;
  }
  return run_until_signalled(**instance);
}

int add_user(const ConfigChoice& choice, const NewUser& user) {
  const auto config = configure(choice);
  if (!config) return complain(config.error());
  std::string password;
  std::getline(std::cin, password);
  if (domain::characters(password) < kPasswordCharactersMin) {
    return complain(
        {Errc::invalid, "password_weak", "the password (on standard input) needs at least 12 characters", ""});
  }
  domain::PasswordHasher hasher({});
  const auto hash = hasher.hash_now(domain::compose(password));
  if (!hash) return complain(hash.error());
  Metrics metrics;
  auto database = open_store(store_of(*config), metrics);
  if (!database) return complain(database.error());
  const auto added = add_user_to(**database, user, *hash);
  (*database)->stop();
  if (!added) return complain(added.error());
  std::cout << user.email << (user.admin ? " is an administrator now\n" : " can sign in now\n");
  return 0;
}

int import(const ConfigChoice& choice, const std::filesystem::path& folder) {
  const auto config = configure(choice);
  if (!config) return complain(config.error());
  const auto report = import_into(*config, folder);
  if (!report) return complain(report.error());
  std::cout << "Imported " << report->territories << " territories, " << report->organisations << " organisations, "
            << report->people << " people, " << report->mandates << " mandates, " << report->workspaces
            << " workspaces, " << report->documents << " documents.\n";
  if (!report->password.empty()) std::cout << "Password of every account: " << report->password << '\n';
  for (const ImportedAccount& account : report->accounts) {
    std::cout << "  " << account.email << "  " << account.name << (account.is_admin ? " (administrator)" : "") << '\n';
  }
  return 0;
}

int import_territories(const ConfigChoice& choice, const std::filesystem::path& folder, const std::string& as_of) {
  const auto config = configure(choice);
  if (!config) return complain(config.error());
  const Instant now = SystemClock().now();
  const auto day = parse_civil_date(as_of.empty() ? domain::organisations::today(now) : as_of);
  if (!day) return complain({Errc::invalid, "date_malformed", "--as-of: a day such as 2026-01-01", ""});
  const auto data = domain::territories::read_directory(folder, *day);
  for (const auto& bad : data.bad) {
    std::cout << bad.file << ':' << bad.line << ": " << (bad.column.empty() ? "" : bad.column + ": ") << bad.reason
              << " (" << bad.code << ")\n";
  }
  Metrics metrics;
  auto database = open_store(store_of(*config), metrics);
  if (!database) return complain(database.error());
  auto body = [&](storage::Transaction& tx) -> Result<domain::territories::LoadReport> {
    return domain::territories::load(tx, data, now);
  };
  const auto report = (*database)->write_now(body);
  (*database)->stop();
  if (!report) return complain(report.error());
  std::cout << "Read " << data.units.size() << " territories, left out " << data.bad.size()
            << " rows. Written: " << report->units << " territories, " << report->names << " names, " << report->codes
            << " codes, " << report->parents << " parents, " << report->populations
            << " populations; ended: " << report->ended << ".\n";
  return data.bad.empty() ? 0 : 1;
}

int import_rates(const ConfigChoice& choice, const std::filesystem::path& file, const std::string& month) {
  const auto config = configure(choice);
  if (!config) return complain(config.error());
  domain::RateFile rates;
  rates.name = file.filename().string();
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return complain({Errc::not_found, "import_unreadable", "cannot read " + file.string(), ""});
  rates.bytes.assign(std::istreambuf_iterator<char>(stream), {});
  if (!month.empty()) {
    rates.month = parse_civil_date(month + "-01");
    if (!rates.month) return complain({Errc::invalid, "date_malformed", "--month: expected 2026-11", ""});
  }
  Metrics metrics;
  auto database = open_store(store_of(*config), metrics);
  if (!database) return complain(database.error());
  const Instant now = SystemClock().now();
  const auto added = (*database)->write_now(
      [&](storage::Transaction& tx) { return domain::import_rates(tx, rates, std::nullopt, now); });
  (*database)->stop();
  if (!added) return complain(added.error());
  std::cout << "Added " << added->added.size() << " rates of " << domain::money::code_of(added->source) << ", from "
            << to_iso(added->added.front().date) << " to " << to_iso(added->added.back().date) << "; " << added->known
            << " were known.\n";
  return 0;
}

int run_backup(const ConfigChoice& choice, const std::filesystem::path& target) {
  const auto config = configure(choice);
  if (!config) return complain(config.error());
  const auto report = backup(store_of(*config), target);
  if (!report) return complain(report.error());
  std::cout << "Backed up to " << target.string() << ": " << report->bytes << " bytes, " << report->blobs
            << " files.\n";
  return 0;
}

int run_restore(const ConfigChoice& choice, const std::filesystem::path& backup) {
  const auto config = configure(choice);
  if (!config) return complain(config.error());
  const auto report = restore(backup, store_of(*config));
  if (!report) return complain(report.error());
  std::cout << "Checked and restored into " << config->data_directory.string() << ": " << report->bytes << " bytes, "
            << report->blobs << " files.\n";
  return 0;
}

int run_check(const ConfigChoice& choice) {
  const auto config = configure(choice);
  if (!config) return complain(config.error());
  const auto report = check(store_of(*config));
  if (!report) return complain(report.error());
  for (const std::string& complaint : report->complaints) std::cout << complaint << '\n';
  std::cout << report->documents << " documents and " << report->blobs
            << " files checked: " << (report->complaints.empty() ? "everything is in order.\n" : "see above.\n");
  return report->complaints.empty() ? 0 : 1;
}

int run_migrate(const ConfigChoice& choice, const std::string& engine) {
  const auto config = configure(choice);
  if (!config) return complain(config.error());
  const auto report = migrate_to(store_of(*config), engine);
  if (!report) return complain(report.error());
  std::cout << "Copied and compared " << report->rows << " rows of " << report->tables << " tables. "
            << (engine == "postgres"
                    ? "The server uses PostgreSQL from its next start; the SQLite file was left as it is.\n"
                    : "Take data.postgres out of the configuration before the next start.\n");
  return 0;
}

int run_mail_test(const ConfigChoice& choice, const std::string& address) {
  const auto config = configure(choice);
  if (!config) return complain(config.error());
  const mail::SmtpServer& server = config->mail.server;
  if (server.host.empty()) return complain({Errc::invalid, "mail_off", "mail.server is not set: no mail is sent", ""});
  const Instant now = SystemClock().now();
  const std::string words =
      "This is the test that was asked for. / Ceci est l’essai demandé. / Dies ist der "
      "gewünschte Test.";
  mail::Message message{
      "test " + new_id(now).to_string(), address, "", "fr",        config->instance_name + " : test", words + '\n',
      "<p>" + words + "</p>\n",          "",      "", std::nullopt};
  const auto composed = mail::compose(message, config->mail.sender, now);
  if (!composed) return complain(composed.error());
  const mail::Attempt attempt = mail::Smtp(server).send(config->mail.sender.address, address, *composed);
  if (!attempt.is_sent()) {
    std::cerr << "cluse: " << mail::advice(attempt, server) << "\n  " << server.host << ':' << server.port
              << " said: " << attempt.words << " (" << mail::to_text(attempt.trouble) << ")\n";
    return 1;
  }
  std::cout << server.host << " took a message for " << address
            << ". Look whether it arrives, and not among the spam.\n";
  return 0;
}

int run_mail_bounce(const ConfigChoice& choice) {
  // Of sysexits.h: a mail server keeps the message and tries again. Anything else would make it write a mail about it.
  constexpr int kTryAgain = 75;
  const auto config = configure(choice);
  if (!config) return complain(config.error()), kTryAgain;
  std::string mail;
  std::array<char, 64 << 10> piece;
  while (std::cin.read(piece.data(), piece.size()), std::cin.gcount() > 0)
    // The rest is read all the same, so that whoever writes does not fail.
    if (mail.size() <= mail::kBounceBytesMax) mail.append(piece.data(), static_cast<std::size_t>(std::cin.gcount()));
  const auto taken = mail::take_bounce(DataDirectory{config->data_directory}.mail(), mail);
  if (!taken && taken.error().kind != Errc::invalid && taken.error().kind != Errc::too_large)
    return complain(taken.error()), kTryAgain;
  if (!taken) std::cout << "Left alone: " << taken.error().code << '\n';
  else if (*taken == mail::Taken::noted) std::cout << "Noted: a message came back.\n";
  else if (*taken == mail::Taken::late) std::cout << "Left alone: the message is late, and may still arrive.\n";
  else std::cout << "Left alone: no message that was sent from here lately, or one that is known to have come back.\n";
  return 0;
}

void print_config() {
  std::cout << example_config();
}

}  // namespace cluse::app
