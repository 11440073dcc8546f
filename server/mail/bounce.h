// Bounce: what another mail server says, later and by mail, of a message it had taken (RFC 3464). The only place that
// knows GMime. Meant for a process of its own (`cluse mail bounce`): whatever a mail is made of, the server goes on.
#pragma once

#include "server/base/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace cluse::mail {

/// A bounce may hold the whole message it is about.
inline constexpr std::size_t kBounceBytesMax = 4U << 20;

/// Of a report about one message.
struct Report {
  std::string token;      ///< what stands before the @ of the Message-ID of the message it is about
  bool is_final = false;  ///< Action is "failed": nobody tries again. Else it is late, and may still arrive
  std::string status;     ///< "5.1.1" (RFC 3463), or empty
  std::string words;      ///< the other server's, one line, at most 500 bytes
};

/// Codes "bounce_too_large", "bounce_unreadable" (no report of a delivery, or of nothing we could have sent). Thread:
/// any.
[[nodiscard]] Result<Report> read_report(std::string_view mail);

enum class Taken {
  noted,    ///< whom it concerns will hear
  late,     ///< not final: nothing to do
  unknown,  ///< not a message of ours, one that is known already, or one sent over a month ago
};

/// Notes in the spool in `folder` what the report `mail` says. Codes of `read_report`, "storage_full", "storage_error".
/// Thread: any.
[[nodiscard]] Result<Taken> take_bounce(const std::filesystem::path& folder, std::string_view mail);

}  // namespace cluse::mail
