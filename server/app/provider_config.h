// The tables [[identity.providers]] of the configuration: who is asked who people are.
#pragma once

#include "server/base/result.h"
#include "server/oidc/provider.h"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::app {

struct ProviderDraft {
  oidc::ProviderSettings settings;
  std::filesystem::path secret_file;
};

/// One key of such a table; `set` takes the value in its textual form, as Key of config.h does.
struct ProviderKey {
  std::string_view name, expected, description;
  std::string example;
  std::function<bool(ProviderDraft&, const std::string&)> set;
};

[[nodiscard]] const std::vector<ProviderKey>& provider_keys();

/// What the keys of one table ask of each other; reads the file of the secret. Code "config_value_wrong": `detail` says
/// what is expected, `field` the key.
[[nodiscard]] Result<oidc::ProviderSettings> complete_provider(const ProviderDraft& draft);

/// The annotated example of a table, each line commented out: there is none by default.
[[nodiscard]] std::string example_provider();

}  // namespace cluse::app
