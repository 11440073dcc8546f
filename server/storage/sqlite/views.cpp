#include "server/storage/sqlite/views.h"

#include "server/base/log.h"

namespace cluse::storage {

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
