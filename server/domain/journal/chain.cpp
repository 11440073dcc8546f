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

constexpr std::string_view kOneRow =
    "SELECT j.sequence, j.at, j.actor_id, j.hat_id, j.verb, j.object_kind, j.object_id, j.workspace_id, j.request_id, "
    "j.commitment, j.hash, j.is_last, j.salt, j.body, j.erased_by, e.verb FROM journal j "
    "LEFT JOIN journal e ON e.sequence = j.erased_by WHERE j.sequence > ? ORDER BY j.sequence LIMIT ?";
// Until migration 15 a row apart said how many events there are.
constexpr std::string_view kTwoTables =
    "SELECT j.sequence, j.at, j.actor_id, j.hat_id, j.verb, j.object_kind, j.object_id, j.workspace_id, j.request_id, "
    "j.commitment, j.hash, CASE WHEN j.sequence = (SELECT length FROM journal_head) THEN 1 ELSE 0 END, d.salt, d.body, "
    "d.erased_by, e.verb FROM journal j LEFT JOIN journal_detail d ON d.sequence = j.sequence "
    "LEFT JOIN journal e ON e.sequence = d.erased_by WHERE j.sequence > ? ORDER BY j.sequence LIMIT ?";

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
  record.is_last = number(row, 11) != 0;
  if (row.is_null(12) && row.is_null(13) && row.is_null(14)) return record;
  record.detail.emplace();
  record.detail->salt = word(row, 12);
  record.detail->body = word(row, 13);
  if (!row.is_null(14)) record.detail->erased_by = number(row, 14);
  record.detail->eraser_verb = row.is_null(15) ? std::string() : word(row, 15);
  return record;
}

// As many events there were at least, by what stands beside them. The end of the lookup is there from event 1 on.
std::int64_t least_written(storage::Snapshot& snapshot, Layout layout) {
  const bool one_row = layout == Layout::one_row;
  const auto row =
      snapshot.one(one_row ? "SELECT sequence FROM journal_lookup_end" : "SELECT length FROM journal_head");
  return row ? std::max<std::int64_t>(row->integer(0), 1) : 0;
}

bool is_hash(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Where the event that belongs at `sequence` stands now, if it does anywhere after it.
std::int64_t place_of(storage::Snapshot& snapshot, Layout layout, std::string_view previous, std::int64_t sequence) {
  for (std::int64_t at = sequence;;) {
    const auto records = read_records(snapshot, at, kPage, layout);
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

Layout layout_of(storage::Snapshot& snapshot) {
  const auto tables = snapshot.tables();
  const bool apart = std::ranges::find(tables, "journal_detail", &storage::Table::name) != tables.end();
  return apart ? Layout::two_tables : Layout::one_row;
}

std::vector<Record> read_records(storage::Snapshot& snapshot, std::int64_t sequence, int max, Layout layout) {
  std::vector<Record> records;
  for (const auto& row : snapshot.all(layout == Layout::one_row ? kOneRow : kTwoTables, {sequence, max}))
    records.push_back(record_from(row));
  return records;
}

Head head_of(storage::Snapshot& snapshot) {
  const auto row = snapshot.one("SELECT sequence, hash FROM journal ORDER BY sequence DESC LIMIT 1");
  return row ? Head{row->integer(0), row->text(1)} : Head{};
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
  const auto records = read_records(snapshot, verdict_.events, kPage, layout_);
  // Asked anew: something may have been appended since it was read.
  claims_last_ = claims_last(snapshot);
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
  if (claims_last_) return find(Fault::altered, verdict_.events);
  const bool is_right = record.sequence == expected && hash_of(verdict_.head, record) == record.hash;
  if (!is_right) {
    if (const auto place = place_of(snapshot, layout_, verdict_.head, expected); place > expected)
      return find(Fault::moved, expected, place);
    return find(record.sequence == expected ? Fault::altered : Fault::missing, expected);
  }
  check_detail(record);
  if (verdict_.finding) return;
  verdict_.events = expected;
  verdict_.head = record.hash;
  claims_last_ = record.is_last;
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
  const bool ended = claims_last_ || verdict_.events == 0;
  if (!ended || least_written(snapshot, layout_) > verdict_.events) return find(Fault::cut, verdict_.events + 1);
  const auto stray = snapshot.one("SELECT MIN(sequence) FROM journal WHERE sequence < 1");
  if (!stray->is_null(0)) return find(Fault::altered, stray->integer(0));
  if (layout_ == Layout::two_tables) find_loose_details(snapshot);
  if (known_ && !met_known_ && !verdict_.finding) find(Fault::cut, verdict_.events + 1);
}

bool Verifier::claims_last(storage::Snapshot& snapshot) const {
  if (verdict_.events == 0) return false;
  const auto records = read_records(snapshot, verdict_.events - 1, 1, layout_);
  return !records.empty() && records.front().sequence == verdict_.events && records.front().is_last;
}

void Verifier::find_loose_details(storage::Snapshot& snapshot) {
  const auto loose = snapshot.one(
      "SELECT MIN(d.sequence) FROM journal_detail d LEFT JOIN journal j ON j.sequence = d.sequence "
      "WHERE j.sequence IS NULL");
  if (!loose->is_null(0)) find(Fault::detail_altered, loose->integer(0));
}

void Verifier::find(Fault fault, std::int64_t sequence, std::int64_t found_at) {
  verdict_.finding = Finding{fault, sequence, found_at};
}

Verdict verify(storage::Snapshot& snapshot, std::optional<KnownHead> known) {
  Verifier verifier(std::move(known), layout_of(snapshot));
  while (verifier.next(snapshot)) {}
  return verifier.verdict();
}

}  // namespace cluse::domain::journal
