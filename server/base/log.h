// The log: one JSON object a line on stderr, for journald and for eyes. A seam, so that no other layer knows the
// library.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace cluse {

enum class LogLevel { debug, info, warning, error };

/// One field of a line. Values are shown as JSON strings; never pass passwords, tokens, cookies or document text.
struct LogField {
  std::string_view key;
  std::string value;
};

/// Lines below `level` are dropped. Thread: call before other threads start.
void set_log_level(LogLevel level);

/// Writes one line: time, level, `event` (a stable snake_case name) and the fields. Thread: any; never throws.
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

inline void log_info(std::string_view event, std::initializer_list<LogField> fields = {}) {
  log(LogLevel::info, event, fields);
}
inline void log_warning(std::string_view event, std::initializer_list<LogField> fields = {}) {
  log(LogLevel::warning, event, fields);
}
inline void log_error(std::string_view event, std::initializer_list<LogField> fields = {}) {
  log(LogLevel::error, event, fields);
}

}  // namespace cluse
