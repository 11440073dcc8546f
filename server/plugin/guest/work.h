// Work: one call of a plugin's, and what came of it. Values alone, the same in both hosts; the child's travel as CBOR.
#pragma once

#include "server/base/bytes.h"

#include <cluse/plugin.h>
#include <cluse/value.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cluse::plugin {

inline constexpr std::size_t kRequestBytesMax = 1U << 20;         ///< of a request's body, and of any payload
inline constexpr std::size_t kResponseBytesMax = 16U << 20;       ///< of a response's body
inline constexpr std::size_t kRowsBytesMax = 4U << 20;            ///< of the rows of one statement
inline constexpr std::size_t kWordsBytesMax = 1'000;              ///< of fail() and of a line of the log
inline constexpr std::size_t kAnswerBytesMax = CLUSE_ANSWER_MAX;  ///< of what a service answers
inline constexpr std::size_t kOperationBytesMax = 100;            ///< of the name of a service's operation

/// What has the table of a service: its `ask` goes to HostCalls::serve.
inline constexpr std::array<std::string_view, 8> kServiceIds = {
    CLUSE_EXT_SEARCH, CLUSE_EXT_NOTIFY, CLUSE_EXT_DOCUMENTS, CLUSE_EXT_CORE,
    CLUSE_EXT_NET,    CLUSE_EXT_I18N,   CLUSE_EXT_REALTIME,  CLUSE_EXT_EVENTS};

enum class WorkKind : std::uint8_t { start, stop, handle, notice, ask, perform, join, message, save, load };

struct Work {
  WorkKind kind = WorkKind::start;
  std::uint64_t id = 0;
  std::int64_t deadline_ms = 0;  ///< Unix time
  std::string user, locale;      ///< empty: the system itself
  std::string name;              ///< the route, verb, hook, kind of job or channel
  std::string method, path;      ///< of a request, as are the three below
  Bytes params, query, headers;  ///< CBOR
  Bytes body;                    ///< raw of a request and of what was saved, else CBOR
};

struct Outcome {
  std::int32_t status = 0;  ///< CLUSE_…
  std::string why;          ///< what fail() said
  Bytes head, body;         ///< of a response; `body` is what an ask puts instead, and what was saved
};

/// Whom a question is asked for, as the plugin says it. Nothing to trust: the host compares it with the call it made.
struct CallerView {
  bool is_plugin = true;   ///< for itself
  std::uint64_t call = 0;  ///< the call's id
  std::string_view user;
};

/// What the plugin may use, decided by the host before it starts.
struct Offer {
  std::vector<std::string> extensions;
  [[nodiscard]] bool has(std::string_view id) const;
};

/// The host's side of the boundary, as plain calls: served in this process, or by way of the socket. Answers are
/// CLUSE_…. Thread: the lane, but `log`: any.
class HostCalls {
 public:
  virtual ~HostCalls() = default;
  virtual std::int32_t begin(bool write, std::uint64_t& transaction) = 0;
  /// `parameters`: a CBOR array; `rows`: CBOR arrays one after another, empty unless it worked.
  virtual std::int32_t run(std::uint64_t transaction, std::string_view sql, BytesView parameters, Bytes& rows) = 0;
  virtual std::int32_t commit(std::uint64_t transaction) = 0;
  virtual void rollback(std::uint64_t transaction) = 0;
  virtual std::int32_t schedule(std::string_view kind, std::string_view key, std::int64_t at_ms, BytesView body) = 0;
  /// One question to a service. `body`: one CBOR item; `answer`: one more, empty unless it is CLUSE_OK.
  virtual std::int32_t serve(std::string_view service, std::string_view operation, const CallerView& caller,
                             BytesView body, Bytes& answer) = 0;
  virtual void log(int level, std::string_view line) = 0;
};

[[nodiscard]] Value to_value(const Work& work);
[[nodiscard]] std::optional<Work> work_from(const Value& value);
[[nodiscard]] Value to_value(const Outcome& outcome);
[[nodiscard]] std::optional<Outcome> outcome_from(const Value& value);

/// `words` cut to kWordsBytesMax, with what is no UTF-8 or a control replaced: fit for the log.
[[nodiscard]] std::string tidy_words(std::string_view words);

}  // namespace cluse::plugin
