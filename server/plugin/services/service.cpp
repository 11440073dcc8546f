#include "server/plugin/services/service.h"

#include <cluse/plugin.h>

namespace cluse::plugin {
namespace {

std::int32_t status_of(Errc kind) {
  switch (kind) {
    case Errc::not_found: return CLUSE_NOT_FOUND;
    case Errc::conflict: return CLUSE_CONFLICT;
    case Errc::denied: return CLUSE_REFUSED;
    case Errc::invalid: return CLUSE_INVALID;
    case Errc::gone: return CLUSE_GONE;
    case Errc::too_large:
    case Errc::too_many:
    case Errc::storage_full: return CLUSE_LIMIT;
    case Errc::unavailable: return CLUSE_TIMEOUT;
    default: return CLUSE_INTERNAL;
  }
}

}  // namespace

std::int32_t refuse(Value& answer, const Error& error) {
  return refuse(answer, status_of(error.kind),
                std::string(error.code) + (error.detail.empty() ? "" : ": " + error.detail));
}

}  // namespace cluse::plugin
