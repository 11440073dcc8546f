#include "server/domain/twins/preferred.h"

#include "server/domain/twins/twin_rows.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace cluse::domain {
namespace {

std::string_view primary(std::string_view language) {
  return language.substr(0, language.find('-'));
}

// Those that live and that she may read, the source first.
std::vector<Document::Version> versions_of(storage::Snapshot& snapshot, const Actor& actor, Id source) {
  std::vector<Document::Version> versions;
  for (const auto& row :
       snapshot.all("SELECT d.id, d.language FROM document d WHERE d.trashed_at IS NULL AND (d.id = ? "
                    "OR d.id IN (SELECT document_id FROM twin WHERE source_id = ?)) "
                    "ORDER BY CASE WHEN d.id = ? THEN 0 ELSE 1 END, d.language, d.id",
                    {source, source, source}))
    if (access_document(snapshot, actor, row.id(0))) versions.push_back({row.id(0), row.text(1)});
  return versions;
}

// The best for her; of equals the one that stands there already.
Id best_of(const std::vector<Document::Version>& versions, const std::vector<std::string>& wanted, Id standing) {
  const auto rank = [&](const Document::Version& each) {
    return std::pair(preference(wanted, each.language), each.id != standing);
  };
  return std::ranges::min_element(versions, {}, rank)->id;
}

}  // namespace

std::size_t preference(const std::vector<std::string>& reader, std::string_view language) {
  for (std::size_t i = 0; i < reader.size(); ++i)
    if (reader[i] == language) return 2 * i;
  for (std::size_t i = 0; i < reader.size(); ++i)
    if (primary(reader[i]) == primary(language)) return 2 * i + 1;
  return 2 * reader.size();
}

void prefer_twins(storage::Snapshot& snapshot, const Actor& actor, DocumentReader& reader,
                  std::vector<Document>& documents) {
  const auto row = snapshot.one("SELECT content_languages FROM person WHERE id = ?", {actor.person_id});
  const auto wanted = row ? content_languages_from(row->text(0)) : std::vector<std::string>();
  std::set<Id> seen;
  std::vector<Document> kept;
  kept.reserve(documents.size());
  for (auto& document : documents) {
    const Id source = source_of(snapshot, document.id).value_or(document.id);
    if (!seen.insert(source).second) continue;
    auto versions = document.kind == DocumentKind::document ? versions_of(snapshot, actor, source)
                                                            : std::vector<Document::Version>();
    if (versions.size() < 2) {
      kept.push_back(std::move(document));
      continue;
    }
    const Id best = best_of(versions, wanted, document.id);
    if (best != document.id)
      if (auto other = reader.by_id(best)) document = std::move(*other);
    document.versions = std::move(versions);
    kept.push_back(std::move(document));
  }
  documents = std::move(kept);
}

}  // namespace cluse::domain
