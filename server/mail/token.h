// Token: how a message is called where others see it, so that what comes back about it can be told from what somebody
// made up: the name of its file in the spool, and a proof that only this spool could have written.
#pragma once

#include "server/base/result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace cluse::mail {

/// The secret of the spool in `folder`: 32 random octets, made if there is none yet. Codes "storage_full",
/// "storage_error". Thread: one at a time makes it.
[[nodiscard]] Result<std::string> open_secret(const std::filesystem::path& folder);

/// Stands before the @ of a Message-ID. `name`: 64 hexadecimal digits (Spool::name_of). Thread: any.
[[nodiscard]] std::string token_of(const std::string& secret, const std::string& name);
/// The name in a token that was made with this secret; nothing for any other text.
[[nodiscard]] std::optional<std::string> name_in(const std::string& secret, std::string_view token);

}  // namespace cluse::mail
