// The register of processing (RGPD art. 30, nLPD art. 12): what personal data this server holds, in which tables, and
// which retention clocks end them. The words are the client's (privacy.json); a test holds this list to the schema: a
// new table that speaks of persons fails until an activity names it.
#pragma once

#include "server/domain/privacy/retention.h"

#include <span>
#include <string_view>

namespace cluse::domain {

struct Activity {
  std::string_view id;
  std::span<const std::string_view> tables;
  std::span<const ClockId> clocks;  ///< none: kept as long as the account or the work it belongs to
};

[[nodiscard]] std::span<const Activity> processing_activities();

}  // namespace cluse::domain
