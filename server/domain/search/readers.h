// Readers: words for who may find something, as plugins say them of their objects: "everyone", "signed-in",
// "person:<id>", "workspace:<id>", "permission:<word>".
#pragma once

#include "server/domain/identity/actor.h"
#include "server/storage/database.h"
#include "server/storage/search_index.h"

#include <string>
#include <string_view>
#include <vector>

namespace cluse::domain::search {

inline constexpr std::size_t kReadersMax = 100;  ///< of one object
/// The kind of a plugin's objects in the index.
inline constexpr std::string_view kObjectKind = "object";

[[nodiscard]] bool is_reader(std::string_view word);

/// Which of them `actor` is, put into `question`. Thread: the one that runs the closure.
void add_readers(storage::SearchQuestion& question, storage::Snapshot& snapshot, const Actor& actor);

/// The scope of the objects of a plugin.
[[nodiscard]] std::string object_scope(std::string_view plugin);

/// An object as an entry; the words of title and text are cut and stemmed. `extra` holds kind and url: see extra_of.
struct Object {
  std::string plugin, key, kind, title, text, url, language;
  std::vector<std::string> readers;
};
[[nodiscard]] storage::SearchEntry entry_of(Object object);
[[nodiscard]] std::string entry_id(std::string_view plugin, std::string_view key);

/// What a hit says of its object: plugin, key, kind and url.
[[nodiscard]] Object object_of(const storage::SearchHit& hit);

}  // namespace cluse::domain::search
