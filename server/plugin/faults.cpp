#include "server/plugin/faults.h"

namespace cluse::plugin {

void Faults::fail_call(int n, std::int32_t status) {
  const std::lock_guard lock(mutex_);
  left_ = n;
  all_ = has_failed_ = false;
  status_ = status;
}

void Faults::fail_all(std::int32_t status) {
  const std::lock_guard lock(mutex_);
  all_ = true;
  status_ = status;
}

void Faults::clear() {
  fail_call(0);
}

bool Faults::call_failed() const {
  const std::lock_guard lock(mutex_);
  return has_failed_;
}

std::optional<std::int32_t> Faults::next() {
  const std::lock_guard lock(mutex_);
  if (!all_ && (left_ == 0 || --left_ > 0)) return std::nullopt;
  has_failed_ = true;
  return status_;
}

std::int32_t FaultyCalls::begin(bool write, std::uint64_t& transaction) {
  if (const auto failed = fault()) return *failed;
  return honest_.begin(write, transaction);
}

std::int32_t FaultyCalls::run(std::uint64_t transaction, std::string_view sql, BytesView parameters, Bytes& rows) {
  if (const auto failed = fault()) return *failed;
  return honest_.run(transaction, sql, parameters, rows);
}

// A commit that does not work leaves nothing open.
std::int32_t FaultyCalls::commit(std::uint64_t transaction) {
  const auto failed = fault();
  if (!failed) return honest_.commit(transaction);
  honest_.rollback(transaction);
  return *failed;
}

std::int32_t FaultyCalls::schedule(std::string_view kind, std::string_view key, std::int64_t at_ms, BytesView body) {
  if (const auto failed = fault()) return *failed;
  return honest_.schedule(kind, key, at_ms, body);
}

std::int32_t FaultyCalls::serve(std::string_view service, std::string_view operation, const CallerView& caller,
                                BytesView body, Bytes& answer) {
  if (const auto failed = fault()) return *failed;
  return honest_.serve(service, operation, caller, body, answer);
}

}  // namespace cluse::plugin
