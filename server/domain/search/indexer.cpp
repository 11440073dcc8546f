#include "server/domain/search/indexer.h"

#include "server/domain/content/content.h"
#include "server/domain/richtext/richtext.h"
#include "server/domain/search/words.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace cluse::domain::search {
namespace {

constexpr std::size_t kAtOnce = 25;        // things read in one view of the database, and written in one transaction
constexpr std::int64_t kEventsMax = 2000;  // of a round
// Commits carry the time at which they began: two can end in the other order.
constexpr std::int64_t kOverlapMs = 60'000;

constexpr std::string_view kErased = "person.erased";
constexpr std::string_view kJournal = "journal", kHash = "hash", kEdited = "edited";

std::int64_t number(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

struct Thing {
  std::string kind, id;
  auto operator<=>(const Thing&) const = default;
};

// What is read of a document inside the view; its words are cut outside.
struct Raw {
  storage::SearchEntry entry;
  std::optional<content::Log> log;
};

std::optional<Raw> document(storage::Snapshot& snapshot, const std::string& id) {
  const auto row = snapshot.one(
      "SELECT workspace_id, kind, title, language, updated_at FROM document WHERE id = ? AND trashed_at IS NULL", {id});
  if (!row) return std::nullopt;
  Raw raw{{id, row->text(1), row->text(0), row->text(3), row->text(2), {}, {}, {}, {}}, {}};
  if (row->text(1) == "document") raw.log = content::read_log(snapshot, id);
  raw.entry.stamp = std::to_string(row->integer(4)) + ':' + std::to_string(raw.log ? raw.log->last_sequence : 0);
  return raw;
}

std::optional<Raw> workspace(storage::Snapshot& snapshot, const std::string& id) {
  const auto row = snapshot.one("SELECT name, description, language FROM workspace WHERE id = ?", {id});
  if (!row) return std::nullopt;
  return Raw{{id, "workspace", id, row->text(2), row->text(0), row->text(1), {}, {}, {}}, {}};
}

std::optional<Raw> person(storage::Snapshot& snapshot, const std::string& id) {
  const auto row = snapshot.one(
      "SELECT p.name, p.function, o.name FROM person p LEFT JOIN organisation o ON o.id = p.organisation_id "
      "WHERE p.id = ? AND p.erased_at IS NULL",
      {id});
  if (!row) return std::nullopt;
  std::string body = row->text(1);
  if (const std::string place = row->text_or(2, ""); !place.empty()) body += (body.empty() ? "" : ", ") + place;
  return Raw{{id, "person", {}, {}, row->text(0), body, {}, {}, {}}, {}};
}

std::optional<Raw> organisation(storage::Snapshot& snapshot, const std::string& id) {
  const auto row = snapshot.one("SELECT name, short_name FROM organisation WHERE id = ?", {id});
  if (!row) return std::nullopt;
  return Raw{{id, "organisation", {}, {}, row->text(0), row->text(1), {}, {}, {}}, {}};
}

std::optional<Raw> read(storage::Snapshot& snapshot, const Thing& thing) {
  if (thing.kind == "document") return document(snapshot, thing.id);
  if (thing.kind == "workspace") return workspace(snapshot, thing.id);
  if (thing.kind == "person") return person(snapshot, thing.id);
  return organisation(snapshot, thing.id);
}

storage::SearchEntry finished(Raw raw) {
  if (raw.log) {
    // A damaged document is found by its title; `cluse check` tells of the damage.
    if (const auto replayed = content::replay(*raw.log))
      raw.entry.body = richtext::to_plain_text(replayed->xml("default"));
    if (raw.entry.body.size() > kIndexedBytesMax) raw.entry.body.resize(kIndexedBytesMax);
  }
  raw.entry.title_words = stems_of(raw.entry.title, raw.entry.language);
  raw.entry.body_words = stems_of(raw.entry.body, raw.entry.language);
  return std::move(raw.entry);
}

void add_all(storage::Snapshot& snapshot, std::set<Thing>& things) {
  for (const char* kind : {"document", "workspace", "person", "organisation"})
    for (const auto& row : snapshot.all(std::string("SELECT id FROM ") + kind)) things.insert({kind, row.text(0)});
}

// With a folder goes what is in it, and the journal names the folder alone.
void add_document(storage::Snapshot& snapshot, const std::string& id, std::set<Thing>& things) {
  things.insert({"document", id});
  const auto below = snapshot.all(
      "WITH RECURSIVE below (id, depth) AS (SELECT id, 1 FROM document WHERE parent_id = ? UNION ALL "
      "SELECT d.id, below.depth + 1 FROM document d JOIN below ON d.parent_id = below.id WHERE below.depth < 1000) "
      "SELECT id FROM below",
      {id});
  for (const auto& row : below) things.insert({"document", row.text(0)});
}

// Whoever belongs to an organisation is found by its name.
void add_organisation(storage::Snapshot& snapshot, const std::string& id, std::set<Thing>& things) {
  things.insert({"organisation", id});
  for (const auto& row : snapshot.all("SELECT id FROM person WHERE organisation_id = ?", {id}))
    things.insert({"person", row.text(0)});
}

}  // namespace

struct Indexer::Changes {
  std::set<Thing> things;                    // to be read anew, or found gone
  std::map<std::string, std::string> edits;  // documents edited lately, with their stamps
  std::map<std::string, std::string> marks;  // once they are carried over
  bool anew = false, erased = false;
};

Result<Indexer::Changes> Indexer::changes() const {
  CLUSE_TRY(cursor, index_.mark(kJournal));
  CLUSE_TRY(hash, index_.mark(kHash));
  CLUSE_TRY(edited, index_.mark(kEdited));
  return environment_.database.read_now([&](storage::Snapshot& snapshot) -> Result<Changes> {
    Changes changes;
    const auto at = snapshot.one("SELECT hash FROM journal WHERE sequence = ?", {number(cursor)});
    const bool known = !cursor.empty() && (number(cursor) == 0 || (at && at->text(0) == hash));
    std::int64_t last = number(cursor);
    if (!known) {
      changes.anew = true;
      add_all(snapshot, changes.things);
      last = snapshot.one("SELECT COALESCE(MAX(sequence), 0) FROM journal")->integer(0);
    } else {
      const auto events = snapshot.all(
          "SELECT sequence, object_kind, object_id, verb FROM journal WHERE sequence > ? ORDER BY sequence LIMIT ?",
          {last, kEventsMax});
      for (const auto& event : events) {
        last = event.integer(0);
        const std::string &kind = event.text(1), &id = event.text(2);
        if (kind == "document") add_document(snapshot, id, changes.things);
        if (kind == "organisation") add_organisation(snapshot, id, changes.things);
        if (kind == "workspace" || kind == "person") changes.things.insert({kind, id});
        if (event.text(3) == kErased) changes.erased = true;
      }
      const auto lately = snapshot.all(
          "SELECT d.id, d.updated_at, (SELECT COALESCE(MAX(u.sequence), 0) FROM collab_update u WHERE u.room = d.id) "
          "FROM document d WHERE d.updated_at >= ? AND d.trashed_at IS NULL",
          {number(edited) - kOverlapMs});
      for (const auto& row : lately)
        changes.edits[row.text(0)] = std::to_string(row.integer(1)) + ':' + std::to_string(row.integer(2));
    }
    const auto latest = snapshot.one("SELECT COALESCE(MAX(updated_at), 0) FROM document")->integer(0);
    const auto end = snapshot.one("SELECT hash FROM journal WHERE sequence = ?", {last});
    changes.marks = {{std::string(kJournal), std::to_string(last)},
                     {std::string(kHash), end ? end->text(0) : ""},
                     {std::string(kEdited), std::to_string(latest)}};
    return changes;
  });
}

Result<std::size_t> Indexer::carry(const Changes& changes) {
  const std::vector<Thing> all(changes.things.begin(), changes.things.end());
  for (std::size_t from = 0; from < all.size(); from += kAtOnce) {
    const auto end = std::min(from + kAtOnce, all.size());
    std::vector<std::string> gone;
    auto raws = environment_.database.read_now([&](storage::Snapshot& snapshot) -> Result<std::vector<Raw>> {
      std::vector<Raw> found;
      gone.clear();
      for (std::size_t i = from; i < end; ++i) {
        if (auto raw = read(snapshot, all[i])) {
          found.push_back(std::move(*raw));
        } else {
          gone.push_back(all[i].id);
        }
      }
      return found;
    });
    if (!raws) return std::unexpected(std::move(raws).error());
    std::vector<storage::SearchEntry> entries;
    for (Raw& raw : *raws) entries.push_back(finished(std::move(raw)));
    CLUSE_CHECK(index_.change(entries, gone, {}));
  }
  return all.size();
}

Result<std::size_t> Indexer::step() {
  CLUSE_TRY(found, changes());
  if (found.anew) CLUSE_CHECK(index_.clear());
  std::vector<std::string> edited;
  for (const auto& [id, stamp] : found.edits) edited.push_back(id);
  CLUSE_TRY(stamps, index_.stamps(edited));
  for (const auto& [id, stamp] : found.edits)
    if (const auto known = stamps.find(id); known == stamps.end() || known->second != stamp)
      found.things.insert({"document", id});
  CLUSE_TRY(carried, carry(found));
  CLUSE_TRY(cursor, index_.mark(kJournal));
  const bool moved = found.anew || carried > 0 || cursor != found.marks.at(std::string(kJournal));
  // Before the marks: killed in between, it is done again.
  if (found.erased) CLUSE_CHECK(index_.purge());
  if (moved) CLUSE_CHECK(index_.change({}, {}, found.marks));
  return carried;
}

}  // namespace cluse::domain::search
