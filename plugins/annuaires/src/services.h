// What the plugin asks of the host beyond its database.
#pragma once

#include "model/entry.h"

#include <cluse/plugin.hpp>

#include <map>
#include <string>
#include <string_view>

namespace annuaires::services {

/// Whether the caller holds a permission of the instance's.
[[nodiscard]] bool may(const cluse::Host& host, const cluse::Call& call, std::string_view permission);
/// {id, name} as the caller may see the person; the name is empty where he may not, or where there is none.
[[nodiscard]] Value person(const cluse::Host& host, const cluse::Call& call, const std::string& id);
/// A sentence of i18n/<language>.json.
[[nodiscard]] std::string text(const cluse::Host& host, std::string_view language, std::string_view key,
                               const Value& arguments = Value::map());

/// Entries in the search of the whole instance: what everybody who may read an entry may find. Tries again by itself at
/// the next change: an entry that is not found in the palette is not lost.
void put_into_search(const cluse::Host& host, const Directory& directory, const Entry& entry,
                     const Reference& reference);
void remove_from_search(const cluse::Host& host, const Entry& entry);

struct Letter {
  std::string address, language;  ///< to an address, or …
  std::string person;             ///< … to a person of the instance
  std::string key, url;
  Value arguments;
};
/// Throws HostError where it is not taken.
void send(const cluse::Host& host, const Letter& letter);

}  // namespace annuaires::services
