// What plugins may ask of this instance: the services of server/plugin/services over the domain.
#pragma once

#include "server/api/call.h"
#include "server/app/config.h"
#include "server/domain/services.h"
#include "server/plugin/services/service.h"

namespace cluse::app {

/// `services` and what `backend` names outlive them.
[[nodiscard]] plugin::Services plugin_services(const Config& config, domain::Services& services,
                                               const api::Backend& backend);

}  // namespace cluse::app
