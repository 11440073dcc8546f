// The command line. Every command says in words what it did or what to do about it; exit status 0, or 1, or 2 for
// misuse.
#include "server/app/commands.h"

#include <malloc.h>
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

namespace {

using cluse::app::ConfigChoice;

/// Options that every command on a data directory takes.
void add_config_options(CLI::App& command, ConfigChoice& choice) {
  command.add_option("--config", choice.file, "The configuration (TOML); `cluse config` prints an annotated one");
  command.add_option("--data", choice.data, "The data directory, instead of the configured one");
}

void add_serve(CLI::App& app, int& status) {
  auto choice = std::make_shared<ConfigChoice>();
  CLI::App* command = app.add_subcommand("serve", "Serve an instance until SIGTERM");
  add_config_options(*command, *choice);
  command->add_option("--address", choice->address, "The address to listen on, instead of the configured one");
  command->add_option("--port", choice->port, "The port to listen on; 0 takes a free one");
  command->add_option("--static", choice->static_directory, "The built web client, instead of the configured one");
  command->add_flag("--bench", choice->bench,
                    "For load and protocol tests: loopback only, no sign-in, any document name");
  command->add_flag("--safe-mode", choice->safe_mode, "Start no plugin at all");
  command->callback([choice, &status] { status = cluse::app::serve(*choice); });
}

void add_user(CLI::App& app, int& status) {
  auto choice = std::make_shared<ConfigChoice>();
  auto user = std::make_shared<cluse::app::NewUser>();
  CLI::App* group = app.add_subcommand("user", "People of an instance")->require_subcommand(1);
  CLI::App* command = group->add_subcommand("add", "Add a person; the password is read from standard input");
  add_config_options(*command, *choice);
  command->add_option("--email", user->email, "What the person signs in with")->required();
  command->add_option("--name", user->name, "How the person is called")->required();
  command->add_option("--function", user->function, "What the person does");
  command->add_option("--organisation", user->organisation, "The organisation; made if there is none of that name")
      ->required();
  command->add_option("--country", user->country, "F or CH")->required()->check(CLI::IsMember({"F", "CH"}));
  command->add_option("--locale", user->locale, "fr-FR, fr-CH or de-CH")
      ->check(CLI::IsMember({"fr-FR", "fr-CH", "de-CH"}));
  command->add_flag("--admin", user->admin, "Make an administrator");
  command->callback([choice, user, &status] { status = cluse::app::add_user(*choice, *user); });

  auto email = std::make_shared<std::string>();
  CLI::App* erase = group->add_subcommand("erase", "Erase a person while the server is stopped; what she wrote stays");
  add_config_options(*erase, *choice);
  erase->add_option("--email", *email, "What the person signs in with")->required();
  erase->callback([choice, email, &status] { status = cluse::app::erase_user(*choice, *email); });
}

void add_audit(CLI::App& app, int& status) {
  auto choice = std::make_shared<ConfigChoice>();
  auto head = std::make_shared<std::string>();
  auto file = std::make_shared<std::filesystem::path>();
  CLI::App* group = app.add_subcommand("audit", "The journal: everything that changed, in a chain of hashes");
  group->require_subcommand(1);
  CLI::App* verify = group->add_subcommand("verify", "Verify the chain of an instance, running or not, or of a backup");
  add_config_options(*verify, *choice);
  verify->add_option("--head", *head, "What `cluse audit head` said earlier: shows that nothing was cut off since");
  verify->callback([choice, head, &status] { status = cluse::app::audit_verify(*choice, *head); });
  CLI::App* show = group->add_subcommand("head", "Print the head of the chain, to be noted elsewhere");
  add_config_options(*show, *choice);
  show->callback([choice, &status] { status = cluse::app::audit_head(*choice); });
  CLI::App* save = group->add_subcommand("export", "Write one JSON line per event, for tools/verify_journal.py");
  add_config_options(*save, *choice);
  save->add_option("file", *file, "The file to make")->required();
  save->callback([choice, file, &status] { status = cluse::app::audit_export(*choice, *file); });
}

void add_import_territories(CLI::App& import, int& status) {
  auto choice = std::make_shared<ConfigChoice>();
  auto folder = std::make_shared<std::filesystem::path>();
  auto as_of = std::make_shared<std::string>();
  CLI::App* command = import.add_subcommand(
      "territories", "Load communes, EPCI, departments, cantons and districts; again changes nothing");
  add_config_options(*command, *choice);
  command->add_option("data", *folder, "The folder with communes.csv, epci.json, epci-series.csv, swiss-communes.csv")
      ->required();
  command->add_option("--as-of", *as_of, "The day whose borders the files show, such as 2026-01-01; today if absent");
  command->callback(
      [choice, folder, as_of, &status] { status = cluse::app::import_territories(*choice, *folder, *as_of); });
}

void add_data_commands(CLI::App& app, int& status) {
  auto choice = std::make_shared<ConfigChoice>();
  auto path = std::make_shared<std::filesystem::path>();

  CLI::App* import =
      app.add_subcommand("import", "Bring a folder of organisations, people, workspaces and documents in");
  add_config_options(*import, *choice);
  import->add_option("folder", *path, "The folder, with a demo.toml; or `territories` and a second folder");
  auto month = std::make_shared<std::string>();
  CLI::App* rates =
      import->add_subcommand("rates", "Bring a file of exchange rates in: ECB (CSV, XML) or InfoEuro (CSV)");
  add_config_options(*rates, *choice);
  rates->add_option("file", *path, "The file, as published")->required();
  rates->add_option("--month", *month, "Of an InfoEuro file that does not name it: 2026-11");
  rates->callback([choice, path, month, &status] { status = cluse::app::import_rates(*choice, *path, *month); });
  import->callback([choice, path, import, &status] {
    if (!import->get_subcommands().empty()) return;
  if (path->empty()) throw CLI::RequiredError("folder");
  status = cluse::app::import(*choice, *path);
});
add_import_territories(*import, status);

CLI::App* backup = app.add_subcommand("backup", "Copy the data consistently, also while the server runs");
add_config_options(*backup, *choice);
backup->add_option("target", *path, "The folder to make")->required();
backup->callback([choice, path, &status] { status = cluse::app::run_backup(*choice, *path); });

CLI::App* restore = app.add_subcommand("restore", "Check a backup and bring it into an empty data directory");
add_config_options(*restore, *choice);
restore->add_option("backup", *path, "The folder that `cluse backup` made")->required();
restore->callback([choice, path, &status] { status = cluse::app::run_restore(*choice, *path); });

CLI::App* check = app.add_subcommand("check", "Check the integrity of the database, every document and every file");
add_config_options(*check, *choice);
check->callback([choice, &status] { status = cluse::app::run_check(*choice); });

auto engine = std::make_shared<std::string>();
CLI::App* migrate = app.add_subcommand("migrate", "Move an instance to another database, while the server is stopped");
add_config_options(*migrate, *choice);
migrate->add_option("--to", *engine, "postgres (that of data.postgres) or sqlite (in the data directory)")
    ->required()
    ->check(CLI::IsMember({"postgres", "sqlite"}));
migrate->callback([choice, engine, &status] { status = cluse::app::run_migrate(*choice, *engine); });
}  // namespace

void add_plugin_run(CLI::App& group, int& status) {
  auto path = std::make_shared<std::filesystem::path>();
  auto port = std::make_shared<std::optional<int>>();
  auto client = std::make_shared<std::filesystem::path>();
  auto server = std::make_shared<std::string>();
  CLI::App* serve = group.add_subcommand("run", "Serve an instance of your own with a plugin, again at each change");
  serve->add_option("folder", *path, "The folder with plugin.toml and the library, as it is built")->required();
  serve->add_option("--port", *port, "The port to listen on (8080, or 5180 with --against); 0 takes a free one");
  serve->add_option("--static", *client, "The built web client, instead of the one that came with Cluse");
  serve->add_option("--against", *server,
                    "A Cluse that runs and has the plugin, such as http://127.0.0.1:8080: it is "
                    "shown with web/ and i18n/ of the folder, as they are saved");
  serve->callback([=, &status] {
    status = server->empty() ? cluse::app::plugin_run(*path, *port, *client)
                             : cluse::app::plugin_run_against(*path, *server, *port);
  });
}

void add_plugin_authoring(CLI::App& group, int& status) {
  auto path = std::make_shared<std::filesystem::path>();
  auto name = std::make_shared<std::string>();
  CLI::App* check =
      group.add_subcommand("check", "Say what is wrong with a plugin: a folder is also tried in a sandbox");
  check->add_option("path", *path, "The folder with plugin.toml and the library, or an archive of it")->required();
  check->callback([path, &status] { status = cluse::app::plugin_check(*path); });
  add_plugin_run(group, status);
  CLI::App* create = group.add_subcommand("new", "Make a folder with a plugin that works, to begin from");
  create->add_option("name", *name, "Its name: a-z and 0-9")->required();
  create->callback([name, &status] { status = cluse::app::plugin_new(*name); });
}

void add_plugin_packing(CLI::App& group, int& status) {
  auto path = std::make_shared<std::filesystem::path>();
  auto key = std::make_shared<std::optional<std::filesystem::path>>();
  auto target = std::make_shared<std::filesystem::path>(".");
  CLI::App* make = group.add_subcommand("key", "Make a key to sign plugins with");
  make->add_option("file", *path, "A new file")->required();
  make->callback([path, &status] { status = cluse::app::plugin_key(*path); });
  CLI::App* pack = group.add_subcommand("pack", "Make one file of a plugin's folder, to hand on and install");
  pack->add_option("folder", *path, "The folder with plugin.toml and the library")->required();
  pack->add_option("--key", *key, "Sign it with this key");
  pack->add_option("--into", *target, "The folder to write it to; else the one you are in");
  pack->callback([=, &status] { status = cluse::app::plugin_pack(*path, *key, *target); });
}

void add_plugin(CLI::App& app, int& status) {
  auto choice = std::make_shared<ConfigChoice>();
  auto path = std::make_shared<std::filesystem::path>();
  auto id = std::make_shared<std::string>();
  auto yes = std::make_shared<bool>(false);
  CLI::App* group = app.add_subcommand("plugin", "Plugins")->require_subcommand(1);
  add_plugin_authoring(*group, status);
  add_plugin_packing(*group, status);
  auto consent = std::make_shared<cluse::app::PluginConsent>();
  CLI::App* install = group->add_subcommand("install", "Install a plugin, or a new version of what is installed");
  add_config_options(*install, *choice);
  install->add_option("path", *path, "An archive, or the folder with plugin.toml and the library")->required();
  install->add_flag("--accept", consent->accept, "Grant what it asks for; without it that is only shown");
  install->add_flag("--accept-signer", consent->accept_signer, "Also where another signed it than before, or nobody");
  install->callback([=, &status] { status = cluse::app::plugin_install(*choice, *path, *consent); });
  CLI::App* list = group->add_subcommand("list", "What is installed, and what was granted");
  add_config_options(*list, *choice);
  list->callback([choice, &status] { status = cluse::app::plugin_list(*choice); });
  for (const bool enabled : {true, false}) {
    CLI::App* one = group->add_subcommand(enabled ? "enable" : "disable",
                                          enabled ? "Start it with the server" : "Start it no more");
    add_config_options(*one, *choice);
    one->add_option("id", *id, "As `cluse plugin list` shows it")->required();
    one->callback([=, &status] { status = cluse::app::plugin_switch(*choice, *id, enabled); });
  }
  CLI::App* remove = group->add_subcommand("remove", "Stop it and remove its files");
  add_config_options(*remove, *choice);
  remove->add_option("id", *id, "As `cluse plugin list` shows it")->required();
  remove->add_flag("--with-data", *yes, "And its data, for good");
  remove->callback([=, &status] { status = cluse::app::plugin_remove(*choice, *id, *yes); });
}

void add_mail(CLI::App& app, int& status) {
  auto choice = std::make_shared<ConfigChoice>();
  auto address = std::make_shared<std::string>();
  CLI::App* group = app.add_subcommand("mail", "Outgoing mail")->require_subcommand(1);
  CLI::App* command = group->add_subcommand("test", "Send a message now, and say what is wrong with the settings");
  add_config_options(*command, *choice);
  command->add_option("address", *address, "Where to send it")->required();
  command->callback([choice, address, &status] { status = cluse::app::run_mail_test(*choice, *address); });
  CLI::App* bounce = group->add_subcommand("bounce", "Read a mail that came back from standard input");
  add_config_options(*bounce, *choice);
  bounce->callback([choice, &status] { status = cluse::app::run_mail_bounce(*choice); });
}

}  // namespace

int main(int argc, char** argv) {
  mallopt(M_ARENA_MAX, 2);  // one arena a thread would cost an idle server tens of megabytes
  CLI::App app("Cluse: shared workspaces for cooperation across the border", "cluse");
  app.require_subcommand(1);
  int status = 0;
  add_serve(app, status);
  add_user(app, status);
  add_plugin(app, status);
  add_mail(app, status);
  add_audit(app, status);
  add_data_commands(app, status);
  app.add_subcommand("config", "Print the annotated configuration")->callback([] { cluse::app::print_config(); });
  app.add_subcommand("version", "Print the version")->callback([] { std::cout << cluse::app::kVersion << '\n'; });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::cerr << "cluse: " << error.what() << '\n';
    return 1;
  }
  return status;
}
