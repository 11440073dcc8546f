// SHA-256 of bytes: the name of a blob, the fingerprint of a migration.
#pragma once

#include "server/base/bytes.h"

#include <string>

namespace cluse::storage {

/// 64 lower-case hexadecimal digits. Thread: any.
[[nodiscard]] std::string sha256_hex(BytesView bytes);

}  // namespace cluse::storage
