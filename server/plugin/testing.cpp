#include "server/plugin/testing.h"

#include <filesystem>
#include <utility>

namespace cluse::plugin {

void PluginTest::install(const std::string& name) {
  const auto folder = std::filesystem::path(CLUSE_PLUGINS) / name;
  const auto package = check_folder(folder);
  ASSERT_TRUE(package) << package.error().detail;
  ASSERT_TRUE(Shelf(domain_.directory / "plugins").install(folder, *package));
  ids_.insert(package->manifest.id);
}

void PluginTest::start() {
  Settings settings;
  settings.folder = domain_.directory / "plugins";
  settings.runner = CLUSE_RUNNER;
  settings.request_time_max = std::chrono::seconds(3);  // what hangs is waited for
  if (kind_ == HostKind::direct) settings.direct = ids_;
  settings.faults = faults_;
  settings.on_off = [this](const Manifest&, const std::string&) { ++off_; };
  host_ = std::make_unique<Host>(*domain_.database, domain_.clock, domain_.metrics, std::move(settings), services_);
  host_->start();
}

}  // namespace cluse::plugin
