// Secrets that are handed out once (sessions, invitations, setup) and kept only as their hash.
#pragma once

#include <string>
#include <string_view>

namespace cluse::domain {

/// 128 random bits, URL-safe. Thread: any.
[[nodiscard]] std::string new_token();

/// What the database keeps of a token: SHA-256 in hexadecimal. A plain hash is enough for 128 random bits.
[[nodiscard]] std::string hash_token(std::string_view token);

/// Whether two secrets are equal, in time that tells nothing about where they differ.
[[nodiscard]] bool same_secret(std::string_view left, std::string_view right);

}  // namespace cluse::domain
