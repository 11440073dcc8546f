#include "server/storage/closure.h"

#include "server/base/log.h"

namespace cluse::storage {

Error to_error(const SqlError& error) {
  switch (error.kind) {
    case SqlError::Kind::unique: return {Errc::conflict, "already_exists", error.what(), {}};
    case SqlError::Kind::constraint: return {Errc::conflict, "constraint_violated", error.what(), {}};
    case SqlError::Kind::full: return {Errc::storage_full, "storage_full", error.what(), {}};
    case SqlError::Kind::busy: return {Errc::unavailable, "storage_busy", error.what(), {}};
    case SqlError::Kind::corrupt: return {Errc::unavailable, "database_damaged", error.what(), {}};
    case SqlError::Kind::slow: return {Errc::unavailable, "query_too_slow", error.what(), {}};
    case SqlError::Kind::statement: return {Errc::internal, "wrong_statement", error.what(), {}};
    case SqlError::Kind::serialization: return {Errc::unavailable, "storage_busy", error.what(), {}};
    case SqlError::Kind::lost: return {Errc::unavailable, "storage_unreachable", error.what(), {}};
    case SqlError::Kind::other: break;
  }
  return {Errc::unavailable, "storage_error", error.what(), {}};
}

Error error_of_current_exception() {
  try {
    throw;
  } catch (const SqlError& e) {
    Error error = to_error(e);
    if (error.kind != Errc::conflict)
      log_warning("statement_failed", {{"code", std::string(error.code)}, {"error", e.what()}});
    return error;
  } catch (const std::exception& e) {
    log_error("closure_failed", {{"error", e.what()}});
    return {Errc::internal, "internal", e.what(), {}};
  } catch (...) {
    log_error("closure_failed", {{"error", "not a std::exception"}});
    return {Errc::internal, "internal", {}, {}};
  }
}

void tell(std::move_only_function<void(Result<void>)>& done, Result<void> outcome) {
  try {
    done(std::move(outcome));
  } catch (const std::exception& e) {
    log_error("done_failed", {{"error", e.what()}});
  } catch (...) {
    log_error("done_failed", {{"error", "not a std::exception"}});
  }
}

}  // namespace cluse::storage
