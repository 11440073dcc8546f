// Rulebook: the packs of an instance and the words to say their verdicts in. What the server loads at start and shares.
//
// Immutable. Thread: any. Errors: those of pack.h, `holidays_malformed`, `rule_messages_malformed`,
// `data_file_unreadable`, with file, line and key.
#pragma once

#include "server/domain/rules/catalogue.h"
#include "server/domain/rules/library.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::domain::rules {

struct Rulebook {
  Library library;
  Catalogue catalogue;

  /// Reads `packs/`, `holidays/` and `messages.toml` of `folder`. Blocking.
  [[nodiscard]] static Result<std::shared_ptr<const Rulebook>> load(const std::filesystem::path& folder);

  /// The version of a pack, whatever day it was in force. `rule_pack_unknown`: there is none.
  [[nodiscard]] Result<const Pack*> version(std::string_view id, std::string_view version) const;

  /// Of every id the pack in force on a day: "fppt 2017", for the log.
  [[nodiscard]] std::vector<std::string> in_force(Date date) const;
};

}  // namespace cluse::domain::rules
