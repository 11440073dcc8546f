#include "server/plugin/capabilities.h"

#include "server/base/log.h"
#include "server/plugin/services/grant_check.h"

#include <cluse/plugin.h>

#include <algorithm>

namespace cluse::plugin {
namespace {

constexpr ValueLimits kParameterLimits{kRequestBytesMax, 2, 1'000};

std::int32_t status_of(const Error& error) {
  switch (error.kind) {
    case Errc::conflict: return CLUSE_CONFLICT;
    case Errc::denied: return CLUSE_DENIED;
    case Errc::gone: return CLUSE_GONE;
    case Errc::invalid: return CLUSE_INVALID;
    case Errc::too_large:
    case Errc::too_many:
    case Errc::storage_full: return CLUSE_LIMIT;
    case Errc::unavailable: return error.code == "plugin_query_too_slow" ? CLUSE_TIMEOUT : CLUSE_INTERNAL;
    default: return CLUSE_INTERNAL;
  }
}

struct ToStorage {
  storage::Value operator()(std::nullptr_t) const { return {}; }
  storage::Value operator()(bool v) const { return v; }
  storage::Value operator()(std::int64_t v) const { return v; }
  storage::Value operator()(double v) const { return v; }
  storage::Value operator()(const std::string& v) const { return v; }
  storage::Value operator()(const Octets& v) const { return storage::Blob{v.data}; }
  storage::Value operator()(const Value::Array&) const { return {}; }
  storage::Value operator()(const Value::Map&) const { return {}; }
};

struct FromStorage {
  Value operator()(std::monostate) const { return nullptr; }
  Value operator()(std::int64_t v) const { return v; }
  Value operator()(double v) const { return v; }
  // SQLite keeps what it was given: text that is none crosses as octets.
  Value operator()(const std::string& v) const { return is_utf8(v) ? Value(v) : Value(Octets{v}); }
  Value operator()(const storage::Blob& v) const { return Octets{v.bytes}; }
};

// Somebody is at the other end, with a session or without.
bool is_request(WorkKind kind) {
  return kind == WorkKind::handle || kind == WorkKind::join || kind == WorkKind::message;
}

}  // namespace

void Capabilities::begin_call(const Work& work, Deadline deadline) {
  deadline_ = deadline;
  kind_ = work.kind;
  call_ = work.id;
  user_ = work.user;
  locale_ = work.locale.empty() ? "fr-FR" : work.locale;
}

void Capabilities::end_call() {
  deadline_ = Deadline::max();
  if (open_ == 0) return;
  log_warning("plugin_left_transaction_open", {{"plugin", manifest_.id}});
  rollback(open_);
}

std::int32_t Capabilities::begin(bool write, std::uint64_t& transaction) {
  if (!manifest_.uses(CLUSE_EXT_STORAGE)) return denied(CLUSE_EXT_STORAGE);
  if (is_late()) return CLUSE_TIMEOUT;
  if (const auto begun = store_.begin(write); !begun) return told(begun.error());
  open_ = transaction = ++last_handle_;
  return CLUSE_OK;
}

std::int32_t Capabilities::run(std::uint64_t transaction, std::string_view sql, BytesView parameters, Bytes& rows) {
  if (transaction == 0 || transaction != open_) return CLUSE_GONE;
  if (is_late()) return CLUSE_TIMEOUT;
  const auto given = Value::from_cbor(parameters, kParameterLimits);
  if (!given || !given->is_array()) return CLUSE_INVALID;
  std::vector<storage::Value> values;
  for (const Value& value : given->items()) values.push_back(std::visit(ToStorage{}, value.data()));
  const auto ran = store_.run(sql, values, [&](const storage::Row& row) {
    Value::Array columns;
    for (const auto& column : row.columns()) columns.push_back(std::visit(FromStorage{}, column.data()));
    Value(std::move(columns)).append_cbor(rows);
    return rows.size() <= kRowsBytesMax;
  });
  if (!store_.in_transaction()) open_ = 0;
  if (ran) return CLUSE_OK;
  rows.clear();
  return told(ran.error());
}

std::int32_t Capabilities::commit(std::uint64_t transaction) {
  if (transaction == 0 || transaction != open_) return CLUSE_GONE;
  if (is_late()) {
    rollback(transaction);
    return CLUSE_TIMEOUT;
  }
  open_ = 0;
  const auto done = store_.commit();
  return done ? static_cast<std::int32_t>(CLUSE_OK) : told(done.error());
}

void Capabilities::rollback(std::uint64_t transaction) {
  if (transaction == 0 || transaction != open_) return;
  open_ = 0;
  store_.rollback();
}

std::int32_t Capabilities::schedule(std::string_view kind, std::string_view key, std::int64_t at_ms, BytesView body) {
  const auto& jobs = manifest_.grants.jobs;
  if (std::ranges::find(jobs, kind) == jobs.end()) return denied("job " + tidy_words(kind));
  if (is_late()) return CLUSE_TIMEOUT;
  if (!is_utf8(key) || !Value::from_cbor(body)) return CLUSE_INVALID;
  const auto done = store_.schedule(kind, key, Instant{at_ms}, body);
  return done ? static_cast<std::int32_t>(CLUSE_OK) : told(done.error());
}

std::int32_t Capabilities::serve(std::string_view service, std::string_view operation, const CallerView& caller,
                                 BytesView body, Bytes& answer) {
  if (is_late()) return CLUSE_TIMEOUT;
  if (operation.size() > kOperationBytesMax || body.size() > kRequestBytesMax) return CLUSE_LIMIT;
  if (!is_utf8(operation)) return CLUSE_INVALID;
  // Whom it acts for is what the host knows, never what the plugin says.
  if (!caller.is_plugin && (caller.call != call_ || caller.user != user_))
    return denied(std::string(service) + " for somebody who does not ask");
  const auto question = Value::from_cbor(body);
  if (!question || !question->is_map()) return CLUSE_INVALID;
  if (const auto lacking = not_granted(manifest_, service, operation, *question); !lacking.empty())
    return denied(tidy_words(lacking));
  const auto found = services_.find(service);
  if (found == services_.end()) return CLUSE_UNSUPPORTED;
  Caller who{Caller::Kind::plugin, manifest_, texts_, store_, {}, locale_, deadline_};
  if (!caller.is_plugin && !user_.empty()) {
    who.kind = Caller::Kind::person;
    who.user = user_;
  } else if (!caller.is_plugin && is_request(kind_)) {
    who.kind = Caller::Kind::nobody;
  }
  Value said = Value::map();
  const auto status = asked(*found->second, who, operation, *question, said);
  if (status != CLUSE_OK) return status;
  answer = said.to_cbor();
  if (answer.size() <= kAnswerBytesMax) return CLUSE_OK;
  answer.clear();
  log(2, std::string(service) + " " + tidy_words(operation) + ": the answer is larger than 4 MiB");
  return CLUSE_LIMIT;
}

std::int32_t Capabilities::asked(Service& service, const Caller& caller, std::string_view operation, const Value& body,
                                 Value& answer) {
  const auto tell = [&](std::string_view why) { log(2, tidy_words(operation) + ": " + std::string(why)); };
  try {
    const auto status = service.serve(caller, operation, body, answer);
    if (const auto why = answer["why"].get<std::string_view>(); why && status != CLUSE_OK) tell(*why);
    return status;
  } catch (const Mismatch& e) {
    tell(e.what());
    return CLUSE_INVALID;
  } catch (const std::exception& e) {
    tell(e.what());
    return CLUSE_INTERNAL;
  }
}

void Capabilities::log(int level, std::string_view line) {
  {
    const std::lock_guard lock(logging_);
    const auto now = std::chrono::steady_clock::now();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now - refilled_);
    lines_left_ = std::min(kLogLinesBurstMax, lines_left_ + seconds.count() * kLogLinesPerSecondMax);
    refilled_ += seconds;
    if (lines_left_ == 0) {
      ++dropped_lines_;
      return;
    }
    --lines_left_;
  }
  const auto at = static_cast<LogLevel>(std::clamp(level, 0, 3));
  const std::string words = tidy_words(line);
  if (ring_ != nullptr) ring_->add(clock_->now(), static_cast<int>(at), words);
  cluse::log(at, "plugin", {{"plugin", manifest_.id}, {"line", words}});
}

std::int32_t Capabilities::told(const Error& error) {
  log(2, "storage: " + std::string(error.code) + ": " + error.detail);
  return status_of(error);
}

std::int32_t Capabilities::denied(std::string_view what) {
  log(2, "not granted: " + std::string(what));
  return CLUSE_DENIED;
}

}  // namespace cluse::plugin
