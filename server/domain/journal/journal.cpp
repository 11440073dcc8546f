#include "server/domain/journal/journal.h"

#include "server/domain/journal/chain.h"
#include "server/domain/journal/lookup.h"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>

namespace cluse::domain::journal {
namespace {

std::string text_of(const std::optional<Id>& id) {
  return id ? id->to_string() : std::string();
}

std::string new_salt() {
  std::array<unsigned char, 16> bytes{};
  fill_random(bytes);
  return to_hex(BytesView(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

// Most texts need no escape, and are written as they are: building a JSON value costs more than the row it goes to.
void add_text(std::string& json, std::string_view text) {
  const auto is_special = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; };
  if (std::ranges::any_of(text, is_special)) json += boost::json::serialize(boost::json::string(text));
  else json.append(1, '"').append(text).append(1, '"');
}

// The names of details are words of ours, each once.
std::string body_of(const Details& details) {
  std::string json;
  for (const auto& [name, value] : details) {
    json.append(json.empty() ? "{\"" : ",\"").append(name).append("\":");
    add_text(json, value);
  }
  return json + "}";
}

/// Where the next event goes, and what it is chained to.
struct Place {
  std::int64_t sequence;
  std::string previous;
};

// The first event, or the first after an end was cut off: that leaves a hole, which stays and is found.
Place place_without_end(storage::Transaction& tx, const std::optional<storage::Row>& last) {
  const auto entered = tx.one("SELECT sequence FROM journal_lookup_end WHERE id = 1");
  if (!last && !entered) {
    tx.run("INSERT INTO journal_lookup_end (id, sequence) VALUES (1, 0)");
    return {1, std::string(kGenesis)};
  }
  const std::int64_t known = std::max(last ? last->integer(0) : 0, entered ? entered->integer(0) : 0);
  return {known + 2, last ? last->text(1) : std::string(kGenesis)};
}

// Two statements on the page that the event goes to; RETURNING costs more than the second.
Place next_place(storage::Transaction& tx) {
  const auto last = tx.one("SELECT sequence, hash, is_last FROM journal ORDER BY sequence DESC LIMIT 1");
  if (!last || !last->flag(2)) return place_without_end(tx, last);
  tx.run("UPDATE journal SET is_last = 0 WHERE sequence = ?", {last->integer(0)});
  return {last->integer(0) + 1, last->text(1)};
}

Record record_of(const Event& event, std::int64_t sequence) {
  Record record;
  record.sequence = sequence;
  record.at = event.at;
  record.actor = event.by.person ? event.by.person->to_string() : std::string(kSystem);
  record.hat = text_of(event.by.hat);
  record.verb = to_text(event.verb);
  record.object_kind = to_text(event.kind);
  record.object = text_of(event.object);
  record.workspace = text_of(event.workspace);
  record.request = event.by.request_id;
  if (event.details.empty()) return record;
  record.detail = Detail{new_salt(), body_of(event.details), {}, {}};
  record.commitment = commitment_of(record.detail->salt, record.detail->body);
  return record;
}

void insert(storage::Transaction& tx, Record record) {
  using storage::Value;
  auto& detail = record.detail;
  tx.run(
      "INSERT INTO journal (sequence, is_last, at, actor_id, hat_id, verb, object_kind, object_id, workspace_id, "
      "request_id, commitment, hash, salt, body) VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {record.sequence, record.at, std::move(record.actor), std::move(record.hat), std::move(record.verb),
       std::move(record.object_kind), std::move(record.object), std::move(record.workspace), std::move(record.request),
       std::move(record.commitment), std::move(record.hash), detail ? Value(std::move(detail->salt)) : Value(),
       detail ? Value(std::move(detail->body)) : Value()});
}

/// Where the last event of editing stands that a person caused in a document, as far as it is known: it saves a search
/// at every keystroke. It is looked at before it is believed, as the transaction that wrote it may have been undone.
class NotedEdits {
 public:
  std::int64_t find(Id document, Id person) {
    const std::lock_guard lock(mutex_);
    const auto found = sequences_.find({document, person});
    return found == sequences_.end() ? 0 : found->second;
  }
  void put(Id document, Id person, std::int64_t sequence) {
    const std::lock_guard lock(mutex_);
    if (sequences_.size() >= kNotedEditsMax) sequences_.clear();
    sequences_[{document, person}] = sequence;
  }

 private:
  static constexpr std::size_t kNotedEditsMax = 10'000;
  std::mutex mutex_;
  std::map<std::pair<Id, Id>, std::int64_t> sequences_;
};

NotedEdits& noted_edits() {
  static NotedEdits edits;
  return edits;
}

std::optional<storage::Row> last_edit(storage::Snapshot& snapshot, Id document, Id person) {
  const auto verb = to_text(Verb::document_edited);
  const std::int64_t entered = entered_up_to(snapshot);
  auto row = snapshot.one(
      "SELECT sequence, at FROM journal WHERE sequence > ? AND object_id = ? AND actor_id = ? AND verb = ? "
      "ORDER BY sequence DESC LIMIT 1",
      {entered, document, person, verb});
  if (row) return row;
  return snapshot.one(
      "SELECT l.sequence, j.at FROM journal_lookup l JOIN journal j ON j.sequence = l.sequence "
      "WHERE l.id = ? AND j.object_id = ? AND j.actor_id = ? AND j.verb = ? ORDER BY l.sequence DESC LIMIT 1",
      {document, document, person, verb});
}

}  // namespace

std::int64_t append(storage::Transaction& tx, const Event& event) {
  const Place place = next_place(tx);
  Record record = record_of(event, place.sequence);
  record.hash = hash_of(place.previous, record);
  insert(tx, std::move(record));
  return place.sequence;
}

void append_edit(storage::Transaction& tx, const Author& by, Id document, Id workspace, Instant at) {
  const Id person = *by.person;
  const auto known = tx.one("SELECT at FROM journal WHERE sequence = ? AND object_id = ? AND actor_id = ? AND verb = ?",
                            {noted_edits().find(document, person), document, person, to_text(Verb::document_edited)});
  if (known && at < known->instant(0) + kEditStep) return;
  if (const auto last = last_edit(tx, document, person); last && at < last->instant(1) + kEditStep)
    return noted_edits().put(document, person, last->integer(0));
  noted_edits().put(document, person,
                    append(tx, {by, Verb::document_edited, ObjectKind::document, document, workspace, at, {}}));
}

void erase_detail(storage::Transaction& tx, std::int64_t sequence, std::int64_t erased_by) {
  tx.run(
      "UPDATE journal SET salt = '', body = '', erased_by = ? WHERE sequence = ? AND body IS NOT NULL "
      "AND erased_by IS NULL",
      {erased_by, sequence});
}

}  // namespace cluse::domain::journal
