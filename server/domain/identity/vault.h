// Vault: seals what must be read again and must not lie open in the database or in a cookie. One key, in a file beside
// the database (decision 0027).
#pragma once

#include "server/base/result.h"

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace cluse::domain {

/// Thread: any.
class Vault {
 public:
  /// A key of its own, gone with the process: for tests.
  Vault();
  /// The key in `file`, which is made (mode 0600) if it is absent. Codes "key_unreadable" (no such folder, too short,
  /// or readable by others).
  [[nodiscard]] static Result<Vault> open(const std::filesystem::path& file);

  /// `text`, encrypted and authenticated, URL-safe. `purpose` must be the same to unseal it: nothing that was sealed
  /// for one thing is accepted as another.
  [[nodiscard]] std::string seal(std::string_view purpose, std::string_view text) const;
  /// Nothing if any bit is not ours.
  [[nodiscard]] std::optional<std::string> unseal(std::string_view purpose, std::string_view sealed) const;

 private:
  std::array<unsigned char, 32> key_{};
};

}  // namespace cluse::domain
