#include "server/domain/search/readers.h"

#include "server/domain/rights/role.h"
#include "server/domain/search/words.h"
#include "server/domain/workspaces/access.h"

#include <algorithm>
#include <utility>

namespace cluse::domain::search {
namespace {

constexpr std::string_view kPrefix = "plugin:";

bool is_permission(std::string_view word) {
  return std::ranges::find(rights::kPermissionWords, word) != rights::kPermissionWords.end();
}

}  // namespace

bool is_reader(std::string_view word) {
  if (word == "everyone" || word == "signed-in") return true;
  const auto colon = word.find(':');
  if (colon == std::string_view::npos) return false;
  const auto kind = word.substr(0, colon), name = word.substr(colon + 1);
  if (kind == "permission") return is_permission(name);
  return (kind == "person" || kind == "workspace") && Id::parse(name).has_value();
}

void add_readers(storage::SearchQuestion& question, storage::Snapshot& snapshot, const Actor& actor) {
  question.readers = {"everyone", "signed-in", "person:" + actor.person_id.to_string()};
  for (std::size_t i = 0; i < rights::kPermissionCount; ++i)
    if (actor.may(static_cast<rights::Permission>(i)))
      question.readers.push_back("permission:" + std::string(rights::kPermissionWords[i]));
  const WorkspaceFilter may(snapshot, actor);
  question.every_workspace = may.everything();
  if (question.every_workspace) return;
  const auto rows = snapshot.all("SELECT w.id FROM workspace w WHERE " + may.workspaces(),
                                 storage::Parameters(may.workspace_values()));
  for (const auto& row : rows) question.readers.push_back("workspace:" + row.text(0));
}

std::string object_scope(std::string_view plugin) {
  return std::string(kPrefix) + std::string(plugin);
}

std::string entry_id(std::string_view plugin, std::string_view key) {
  return object_scope(plugin) + '/' + std::string(key);
}

storage::SearchEntry entry_of(Object object) {
  storage::SearchEntry entry;
  entry.id = entry_id(object.plugin, object.key);
  entry.kind = kObjectKind;
  entry.scope = object_scope(object.plugin);
  entry.language = std::move(object.language);
  entry.title_words = stems_of(object.title, entry.language);
  entry.body_words = stems_of(object.text, entry.language);
  entry.title = std::move(object.title);
  entry.body = std::move(object.text);
  entry.readers = std::move(object.readers);
  entry.extra = object.kind + '\n' + object.url;
  return entry;
}

Object object_of(const storage::SearchHit& hit) {
  Object object;
  object.plugin = hit.scope.substr(std::min(kPrefix.size(), hit.scope.size()));
  object.key = hit.id.substr(std::min(hit.scope.size() + 1, hit.id.size()));
  const auto line = std::min(hit.extra.find('\n'), hit.extra.size());
  object.kind = hit.extra.substr(0, line);
  object.url = hit.extra.substr(std::min(line + 1, hit.extra.size()));
  return object;
}

}  // namespace cluse::domain::search
