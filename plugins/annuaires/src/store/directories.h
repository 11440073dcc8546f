// Directories and references in the database.
#pragma once

#include "../model/reference.h"

#include <cluse/plugin.hpp>

#include <string_view>
#include <vector>

namespace annuaires {

using cluse::Tx;

[[nodiscard]] std::vector<Directory> load_directories(Tx& tx);  ///< by position and name
[[nodiscard]] Reference load_reference(Tx& tx);
/// A new one where `id` is 0, which it then has.
void save_directory(Tx& tx, Directory& directory);
void save_territories(Tx& tx, const std::vector<Territory>& territories);
void save_vocabulary(Tx& tx, std::string_view list, const std::vector<Option>& options);

}  // namespace annuaires
