// Codes of an authenticator application (TOTP, RFC 6238: SHA-1, 30 seconds, six digits) and the words of recovery.
// Pure.
#pragma once

#include "server/base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cluse::domain {

inline constexpr std::size_t kCodeSecretBytes = 20;  ///< as RFC 4226 recommends
inline constexpr std::int64_t kCodeStepSeconds = 30;
inline constexpr std::int64_t kCodeStepsOff = 1;  ///< a clock may be wrong by one step, either way

/// `digits` digits for the step `counter` (RFC 4226, 5.3).
[[nodiscard]] std::string one_time_code(std::string_view secret, std::int64_t counter, int digits = 6);

/// The step whose code `code` is, if it lies within kCodeStepsOff of `now` and after `last_step`: a code is good once.
[[nodiscard]] std::optional<std::int64_t> matching_step(std::string_view secret, std::string_view code, Instant now,
                                                        std::int64_t last_step);

/// RFC 4648, without padding: how applications take a secret.
[[nodiscard]] std::string to_base32(std::string_view bytes);

/// 80 random bits as "xxxx-xxxx-xxxx-xxxx", without letters that look alike.
[[nodiscard]] std::string new_recovery_code();
/// What somebody typed, as it was drawn: without strokes and spaces, in lower case, o and i and l read as 0 and 1.
[[nodiscard]] std::string folded_recovery_code(std::string_view typed);

}  // namespace cluse::domain
