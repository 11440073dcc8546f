#include "server/domain/journal/chain.h"

#include "server/storage/sha256.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>
#include <limits>

namespace cluse::domain::journal {
namespace {

constexpr int kPage = 2'000;

#define CLUSE_JOURNAL_COLUMNS                                                                    \
  "j.sequence, j.at, j.actor_id, j.hat_id, j.verb, j.object_kind, j.object_id, j.workspace_id, " \
  "j.request_id, j.commitment, j.hash, d.salt, d.body, d.erased_by, e.verb FROM journal j "      \
  "LEFT JOIN journal_detail d ON d.sequence = j.sequence LEFT JOIN journal e ON e.sequence = d.erased_by "

// "5:hello,": no field can run into the next.
void add(std::string& encoded, std::string_view field) {
  encoded += std::to_string(field.size());
  encoded += ':';
  encoded += field;
  encoded += ',';
}

// What was tampered with may even hold another type than was written: it then reads as what no event holds.
std::string word(const storage::Row& row, std::size_t at) {
  const auto* text = std::get_if<std::string>(&row.columns()[at].data());
  return text != nullptr ? *text : std::string("\xff");
}

std::int64_t number(const storage::Row& row, std::size_t at) {
  const auto* value = std::get_if<std::int64_t>(&row.columns()[at].data());
  return value != nullptr ? *value : -1;
}

Record record_from(const storage::Row& row) {
  Record record;
  record.sequence = number(row, 0);
  record.at = {number(row, 1)};
  record.actor = word(row, 2);
  record.hat = word(row, 3);
  record.verb = word(row, 4);
  record.object_kind = word(row, 5);
  record.object = word(row, 6);
  record.workspace = word(row, 7);
  record.request = word(row, 8);
  record.commitment = word(row, 9);
  record.hash = word(row, 10);
  if (row.is_null(11)) return record;
  record.detail.emplace();
  record.detail->salt = word(row, 11);
  record.detail->body = word(row, 12);
  if (!row.is_null(13)) record.detail->erased_by = number(row, 13);
  record.detail->eraser_verb = row.is_null(14) ? std::string() : word(row, 14);
  return record;
}

bool is_hash(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Where the event that belongs at `sequence` stands now, if it does anywhere after it.
std::int64_t place_of(storage::Snapshot& snapshot, std::string_view previous, std::int64_t sequence) {
  for (std::int64_t at = sequence;;) {
    const auto records = read_records(snapshot, at, kPage);
    if (records.empty()) return 0;
    for (Record record : records) {
      at = record.sequence;
      record.sequence = sequence;
      if (hash_of(previous, record) == record.hash) return at;
    }
  }
}

}  // namespace

std::string commitment_of(std::string_view salt, std::string_view body) {
  return storage::sha256_hex(std::string(salt).append(body));
}

std::string hash_of(std::string_view previous, const Record& record) {
  std::string encoded(previous);
  encoded.reserve(600);
  add(encoded, kEncoding);
  add(encoded, std::to_string(record.sequence));
  add(encoded, std::to_string(record.at.ms));
  for (const std::string* field : {&record.actor, &record.hat, &record.verb, &record.object_kind, &record.object,
                                   &record.workspace, &record.request, &record.commitment})
    add(encoded, *field);
  return storage::sha256_hex(encoded);
}

std::vector<Record> read_records(storage::Snapshot& snapshot, std::int64_t sequence, int max) {
  std::vector<Record> records;
  for (const auto& row : snapshot.all("SELECT " CLUSE_JOURNAL_COLUMNS "WHERE j.sequence > ? "
                                      "ORDER BY j.sequence LIMIT ?",
                                      {sequence, max}))
    records.push_back(record_from(row));
  return records;
}

std::string to_json_line(const Record& record) {
  boost::json::object line{{"sequence", record.sequence}, {"at", record.at.ms},
                           {"actor", record.actor},       {"hat", record.hat},
                           {"verb", record.verb},         {"object_kind", record.object_kind},
                           {"object", record.object},     {"workspace", record.workspace},
                           {"request", record.request},   {"commitment", record.commitment},
                           {"hash", record.hash},         {"detail", nullptr}};
  if (record.detail && record.detail->erased_by) {
    line["detail"] = boost::json::object{{"erased_by", *record.detail->erased_by}};
  } else if (record.detail) {
    line["detail"] = boost::json::object{{"salt", record.detail->salt}, {"body", record.detail->body}};
  }
  return boost::json::serialize(line) + "\n";
}

std::string_view to_text(Fault fault) {
  switch (fault) {
    case Fault::altered: return "altered";
    case Fault::missing: return "missing";
    case Fault::moved: return "moved";
    case Fault::cut: return "cut";
    case Fault::detail_altered: return "detail_altered";
    case Fault::detail_missing: return "detail_missing";
  }
  return "altered";
}

std::optional<KnownHead> parse_head(std::string_view text) {
  KnownHead head;
  if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    std::int64_t sequence = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + colon, sequence);
    if (error != std::errc() || end != text.data() + colon || sequence < 0) return std::nullopt;
    head.sequence = sequence;
    text.remove_prefix(colon + 1);
  }
  if (!is_hash(text)) return std::nullopt;
  head.hash = text;
  return head;
}

bool Verifier::next(storage::Snapshot& snapshot) {
  if (verdict_.finding) return false;
  if (known_ && verdict_.events == 0 && known_->hash == kGenesis) met_known_ = true;
  const auto records = read_records(snapshot, verdict_.events, kPage);
  for (const Record& record : records) {
    check(snapshot, record);
    if (verdict_.finding) return false;
  }
  if (!records.empty()) return true;
  finish(snapshot);
  return false;
}

void Verifier::check(storage::Snapshot& snapshot, const Record& record) {
  const std::int64_t expected = verdict_.events + 1;
  const bool is_right = record.sequence == expected && hash_of(verdict_.head, record) == record.hash;
  if (!is_right) {
    if (const auto place = place_of(snapshot, verdict_.head, expected); place > expected)
      return find(Fault::moved, expected, place);
    return find(record.sequence == expected ? Fault::altered : Fault::missing, expected);
  }
  check_detail(record);
  if (verdict_.finding) return;
  verdict_.events = expected;
  verdict_.head = record.hash;
  if (!known_) return;
  if (known_->hash == record.hash) met_known_ = true;
  if (known_->sequence == expected && known_->hash != record.hash) find(Fault::altered, expected);
}

void Verifier::check_detail(const Record& record) {
  const auto& detail = record.detail;
  if (record.commitment.empty()) {
    if (detail) find(Fault::detail_altered, record.sequence);
    return;
  }
  if (!detail) return find(Fault::detail_missing, record.sequence);
  if (!detail->erased_by) {
    if (commitment_of(detail->salt, detail->body) != record.commitment) find(Fault::detail_altered, record.sequence);
    return;
  }
  const bool may_erase = detail->eraser_verb == "person.erased" || detail->eraser_verb == "retention.applied";
  const bool is_erasure = may_erase && detail->salt.empty() && detail->body.empty();
  if (!is_erasure) return find(Fault::detail_missing, record.sequence);
  ++verdict_.erased;
}

void Verifier::finish(storage::Snapshot& snapshot) {
  const auto head = snapshot.one("SELECT length FROM journal_head WHERE id = 1");
  if ((head ? head->integer(0) : 0) != verdict_.events) return find(Fault::cut, verdict_.events + 1);
  const auto stray = snapshot.one("SELECT MIN(sequence) FROM journal WHERE sequence < 1");
  if (!stray->is_null(0)) return find(Fault::altered, stray->integer(0));
  const auto loose = snapshot.one(
      "SELECT MIN(d.sequence) FROM journal_detail d LEFT JOIN journal j ON j.sequence = d.sequence "
      "WHERE j.sequence IS NULL");
  if (!loose->is_null(0)) return find(Fault::detail_altered, loose->integer(0));
  if (known_ && !met_known_) find(Fault::cut, verdict_.events + 1);
}

void Verifier::find(Fault fault, std::int64_t sequence, std::int64_t found_at) {
  verdict_.finding = Finding{fault, sequence, found_at};
}

Verdict verify(storage::Snapshot& snapshot, std::optional<KnownHead> known) {
  Verifier verifier(std::move(known));
  while (verifier.next(snapshot)) {}
  return verifier.verdict();
}

}  // namespace cluse::domain::journal
