#include "server/domain/journal/journal.h"

#include "server/domain/journal/chain.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <array>

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

std::string body_of(const Details& details) {
  boost::json::object body;
  for (const auto& [name, value] : details) body[name] = value;
  return boost::json::serialize(body);
}

}  // namespace

std::int64_t append(storage::Transaction& tx, const Event& event) {
  const auto head = tx.one(
      "INSERT INTO journal_head (id, length) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET length = journal_head.length "
      "+ 1 "
      "RETURNING length, (SELECT hash FROM journal WHERE sequence = length - 1)");
  Record record;
  record.sequence = head->integer(0);
  record.at = event.at;
  record.actor = event.by.person ? event.by.person->to_string() : std::string(kSystem);
  record.hat = text_of(event.by.hat);
  record.verb = to_text(event.verb);
  record.object_kind = to_text(event.kind);
  record.object = text_of(event.object);
  record.workspace = text_of(event.workspace);
  record.request = event.by.request_id;
  if (!event.details.empty()) {
    const std::string salt = new_salt(), body = body_of(event.details);
    record.commitment = commitment_of(salt, body);
    tx.run("INSERT INTO journal_detail (sequence, salt, body) VALUES (?, ?, ?)", {record.sequence, salt, body});
  }
  record.hash = hash_of(head->is_null(1) ? std::string(kGenesis) : head->text(1), record);
  tx.run(
      "INSERT INTO journal (sequence, at, actor_id, hat_id, verb, object_kind, object_id, workspace_id, request_id, "
      "commitment, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {record.sequence, record.at, record.actor, record.hat, record.verb, record.object_kind, record.object,
       record.workspace, record.request, record.commitment, record.hash});
  return record.sequence;
}

void append_edit(storage::Transaction& tx, const Author& by, Id document, Id workspace, Instant at) {
  const auto last =
      tx.one("SELECT at FROM journal WHERE object_id = ? AND actor_id = ? AND verb = ? ORDER BY sequence DESC LIMIT 1",
             {document, *by.person, to_text(Verb::document_edited)});
  if (last && at < last->instant(0) + kEditStep) return;
  append(tx, {by, Verb::document_edited, ObjectKind::document, document, workspace, at, {}});
}

void erase_detail(storage::Transaction& tx, std::int64_t sequence, std::int64_t erased_by) {
  tx.run("UPDATE journal_detail SET salt = '', body = '', erased_by = ? WHERE sequence = ? AND erased_by IS NULL",
         {erased_by, sequence});
}

}  // namespace cluse::domain::journal
