// Environment: the seams that every service stands on. References only; the owner is whoever builds Services.
#pragma once

#include "server/async/workers.h"
#include "server/base/time.h"
#include "server/domain/live.h"
#include "server/storage/blobs.h"
#include "server/storage/database.h"

namespace cluse::domain {

/// Copied by value into each service. Requires: everything referred to outlives the services.
struct Environment {
  storage::Database& database;
  storage::Blobs& blobs;
  Workers& workers;
  const Clock& clock;
  Live& live;
};

}  // namespace cluse::domain
