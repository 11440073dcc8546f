#include "server/domain/search/search.h"

#include "server/domain/rights/watched_database.h"
#include "server/domain/workspaces/access.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace cluse::domain {
namespace {

constexpr std::size_t kExcerptBytes = 260;
// A word of fewer letters has too many neighbours.
constexpr std::size_t kMistypedBytesMin = 4;
constexpr std::size_t kTwoMistakesFrom = 7;

struct Place {
  Id workspace;
  std::string name;
  Instant updated;
};

struct Seen {
  std::map<std::string, Place> documents;  // and folders
  std::map<std::string, std::string> workspaces;
  std::set<std::string> people;
};

Result<storage::SearchQuestion> question_for(storage::Snapshot& snapshot, const Actor& actor,
                                             const SearchRequest& request) {
  storage::SearchQuestion question;
  question.limit = std::min(request.limit, Search::kLimitMax);
  question.offset = std::min(request.offset, Search::kOffsetMax);
  if (!request.kind.empty()) question.kinds = {request.kind};
  if (request.kind == "document") question.kinds.emplace_back("folder");
  const WorkspaceFilter may(snapshot, actor);
  if (request.workspace) {
    CLUSE_CHECK(access(snapshot, actor, *request.workspace));
    if (request.kind.empty()) question.kinds = {"document", "folder"};
    question.scopes = {request.workspace->to_string()};
    return question;
  }
  search::add_readers(question, snapshot, actor);
  question.everywhere = may.everything();
  if (question.everywhere) return question;
  const auto rows = snapshot.all("SELECT w.id FROM workspace w WHERE " + may.workspaces(),
                                 storage::Parameters(may.workspace_values()));
  for (const auto& row : rows) question.scopes.push_back(row.text(0));
  for (const Id id : may.documents_given()) question.ids.push_back(id.to_string());
  return question;
}

// The index can be a second late: what is shown is what may be seen now.
Seen seen_of(storage::Snapshot& snapshot, const Actor& actor, const std::vector<storage::SearchHit>& hits) {
  const WorkspaceFilter may(snapshot, actor);
  Seen seen;
  for (const auto& hit : hits) {
    std::vector<storage::Value> values{hit.id};
    if (hit.kind == "document" || hit.kind == "folder") {
      values.insert(values.end(), may.document_values().begin(), may.document_values().end());
      const auto row = snapshot.one(
          "SELECT w.id, w.name, d.updated_at FROM document d JOIN workspace w ON w.id = d.workspace_id "
          "WHERE d.id = ? AND d.trashed_at IS NULL AND " +
              may.documents(),
          storage::Parameters(values));
      if (row) seen.documents[hit.id] = {row->id(0), row->text(1), row->instant(2)};
    } else if (hit.kind == "workspace") {
      values.insert(values.end(), may.workspace_values().begin(), may.workspace_values().end());
      const auto row = snapshot.one("SELECT w.name FROM workspace w WHERE w.id = ? AND " + may.workspaces(),
                                    storage::Parameters(values));
      if (row) seen.workspaces[hit.id] = row->text(0);
    } else if (hit.kind == "person") {
      if (snapshot.one("SELECT id FROM person WHERE id = ? AND erased_at IS NULL", {hit.id}))
        seen.people.insert(hit.id);
    }
  }
  return seen;
}

std::optional<SearchFinding> finding_of(const storage::SearchHit& hit, const Seen& seen, const search::Query& query) {
  SearchFinding finding;
  finding.kind = hit.kind;
  finding.id = Id::parse(hit.id).value_or(Id());
  finding.language = hit.language;
  if (hit.kind == "document" || hit.kind == "folder") {
    const auto place = seen.documents.find(hit.id);
    if (place == seen.documents.end()) return std::nullopt;
    finding.workspace_id = place->second.workspace;
    finding.workspace_name = place->second.name;
    finding.updated_at = place->second.updated;
  } else if (hit.kind == "workspace") {
    if (!seen.workspaces.contains(hit.id)) return std::nullopt;
    finding.workspace_id = finding.id;
  } else if (hit.kind == "person" && !seen.people.contains(hit.id)) {
    return std::nullopt;
  } else if (hit.kind == search::kObjectKind) {
    finding.object = search::object_of(hit);
  }
  finding.title = query.marked(hit.title, hit.language);
  finding.excerpt = query.excerpt(hit.body, hit.language, kExcerptBytes);
  return finding;
}

// The word of a text that answers to a stem, as it is written there: people are shown words, not stems.
std::string spelled(const std::vector<storage::SearchHit>& hits, const search::Query& query) {
  for (const auto& hit : hits)
    for (const std::string* text : {&hit.title, &hit.body})
      for (const auto& word : search::words_of(*text))
        if (query.hits(word, hit.language)) return text->substr(word.begin, word.size);
  return {};
}

}  // namespace

// Each word that is nowhere gives way to the nearest that is somewhere, the most frequent of several.
bool Search::correct(search::Query& query) const {
  bool corrected = false;
  for (const auto& word : query.words()) {
    if (word.size() < kMistypedBytesMin) continue;
    const std::size_t mistakes = word.size() >= kTwoMistakesFrom ? 2 : 1;
    std::size_t nearest = mistakes + 1;
    storage::SearchTerm best;
    const auto stems = search::stems_of_word(word);
    const auto terms = index_->terms(2, word.size() + mistakes);
    if (!terms) return false;
    if (std::ranges::any_of(*terms, [&](const auto& term) { return stems.contains(term.word); })) continue;
    for (const auto& term : *terms) {
      for (const auto& stem : stems) {
        const std::size_t far = search::distance(stem, term.word, mistakes);
        if (far > mistakes || far > nearest || (far == nearest && term.entries <= best.entries)) continue;
        nearest = far;
        best = term;
      }
    }
    if (best.word.empty()) return false;
    query.replace(word, best.word);
    corrected = true;
  }
  return corrected;
}

Result<storage::SearchAnswer> Search::ask(search::Query& query, storage::SearchQuestion& question) const {
  question.match = query.match();
  CLUSE_TRY(answer, index_->find(question));
  if (answer.total > 0 || !correct(query)) return answer;
  question.match = query.match();
  return index_->find(question);
}

Task<Result<SearchFindings>> Search::find(Actor actor, SearchRequest request) {
  if (index_ == nullptr) co_return fail(Errc::unavailable, "search_unavailable");
  search::Query query(request.text);
  if (query.empty()) co_return SearchFindings{};
  const std::string asked = query.match();
  auto ready = [actor, request](storage::Snapshot& snapshot) { return question_for(snapshot, actor, request); };
  auto question = co_await environment_.database.read(std::move(ready));
  if (!question) co_return std::unexpected(std::move(question).error());
  auto work = [&]() -> Result<storage::SearchAnswer> { return ask(query, *question); };
  auto answer = co_await environment_.workers.run(std::move(work));
  if (!answer) co_return std::unexpected(std::move(answer).error());
  auto check = [actor, &answer](storage::Snapshot& snapshot) -> Result<Seen> {
    return seen_of(snapshot, actor, answer->hits);
  };
  auto seen = co_await environment_.database.read(std::move(check));
  if (!seen) co_return std::unexpected(std::move(seen).error());
  auto show = [&]() -> Result<SearchFindings> {
    SearchFindings findings;
    findings.total = answer->total;
    for (const auto& hit : answer->hits)
      if (auto finding = finding_of(hit, *seen, query)) findings.found.push_back(std::move(*finding));
    if (query.match() != asked) findings.instead = spelled(answer->hits, query);
    return findings;
  };
  auto findings = co_await environment_.workers.run(std::move(show));
  co_return findings;
}

}  // namespace cluse::domain
