// What the command line does. Each function answers the exit status and speaks to people on stdout and stderr.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace cluse::app {

inline constexpr const char* kVersion = "0.1.0";

/// Where the configuration comes from, and what the command line changes about it.
struct ConfigChoice {
  std::filesystem::path file;
  std::optional<std::filesystem::path> data;
  std::optional<std::string> address;
  std::optional<int> port;
  std::optional<std::filesystem::path> static_directory;
  bool bench = false;
};

struct NewUser {
  std::string email, name, function, organisation, country, locale = "fr-FR";
  bool admin = false;
};

int serve(const ConfigChoice& choice);
int add_user(const ConfigChoice& choice, const NewUser& user);
int import(const ConfigChoice& choice, const std::filesystem::path& folder);
int import_rates(const ConfigChoice& choice, const std::filesystem::path& file, const std::string& month);
int run_backup(const ConfigChoice& choice, const std::filesystem::path& target);
int run_restore(const ConfigChoice& choice, const std::filesystem::path& backup);
int run_migrate(const ConfigChoice& choice, const std::string& engine);
int run_check(const ConfigChoice& choice);
void print_config();

}  // namespace cluse::app
