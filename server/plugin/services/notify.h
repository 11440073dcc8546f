// cluse.notify/1: a plugin's sentences, in people's centres and by mail. docs/plugins/services.md, "notify".
#pragma once

#include "server/domain/notifications/announcer.h"
#include "server/plugin/services/service.h"

namespace cluse::plugin {

/// Thread: as Service.
class NotifyService final : public Service {
 public:
  explicit NotifyService(domain::notifications::Announcer announcer) : announcer_(std::move(announcer)) {}
  std::int32_t serve(const Caller& caller, std::string_view operation, const Value& body, Value& answer) override;

 private:
  domain::notifications::Announcer announcer_;
};

}  // namespace cluse::plugin
