#include "server/app/housekeeper.h"

#include "server/base/log.h"

namespace cluse::app {

Housekeeper::Housekeeper(const domain::Retention& retention, std::chrono::milliseconds every)
    : retention_(retention), every_(every), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Housekeeper::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto swept = retention_.sweep_now();
    if (!swept) log_warning("retention_not_applied", {{"why", swept.error().detail}});
    for (std::size_t i = 0; swept && i < swept->size(); ++i)
      if (swept->at(i) > 0)
        log_info("retention_applied",
                 {{"kind", std::string(domain::kClocks[i])}, {"count", std::to_string(swept->at(i))}});
    std::unique_lock lock(mutex_);
    rest_.wait_for(lock, stop, every_, [] { return false; });
  }
}

}  // namespace cluse::app
