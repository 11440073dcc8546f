// The tables of the journal, for numbered migrations of server/domain/schema.cpp.
//
// `journal` is the chain: ids, words of a closed list and a commitment, which are never changed. Beside them a row has
// what people may have typed (titles, names, addresses) as `body`, with its `salt`: both are emptied when a person is
// erased, and `erased_by` then names the event of that erasure. `is_last` is 1 for the last event alone: whoever
// appends changes it first, so that two transactions that append at once collide on it, and PostgreSQL runs one again;
// and an end that was cut off is missed. Absent ids are '' and not NULL, so that there is one way to write nothing.
//
// `journal_lookup` says which events an id is in. It is entered in batches behind the commits (lookup.h), up to
// `journal_lookup_end`.
#pragma once

#include <string_view>

namespace cluse::domain::journal {

inline constexpr std::string_view kSchema = R"sql(
CREATE TABLE journal (
  sequence BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  actor_id TEXT NOT NULL,
  hat_id TEXT NOT NULL,
  verb TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  commitment TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX journal_by_object ON journal (object_id, sequence);
CREATE INDEX journal_by_actor ON journal (actor_id, sequence);
CREATE INDEX journal_by_workspace ON journal (workspace_id, sequence);

CREATE TABLE journal_detail (
  sequence BIGINT PRIMARY KEY,
  salt TEXT NOT NULL,
  body TEXT NOT NULL,
  erased_by BIGINT
);

CREATE TABLE journal_head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  length BIGINT NOT NULL
);

ALTER TABLE person ADD COLUMN erased_at BIGINT;
)sql";

// Migration 15. With INTEGER the sequence is the row itself in SQLite and costs no index of its own, and an index that
// one filter of one screen asked (workspace) is gone, which reads from the latest on: an event writes three pages less.
inline constexpr std::string_view kLeanSchema = R"sql(
CREATE TABLE journal_lean (
  sequence INTEGER PRIMARY KEY,
  at BIGINT NOT NULL,
  actor_id TEXT NOT NULL,
  hat_id TEXT NOT NULL,
  verb TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  commitment TEXT NOT NULL,
  hash TEXT NOT NULL
);
INSERT INTO journal_lean SELECT sequence, at, actor_id, hat_id, verb, object_kind, object_id, workspace_id, request_id,
  commitment, hash FROM journal ORDER BY sequence;
DROP TABLE journal;
ALTER TABLE journal_lean RENAME TO journal;
CREATE INDEX journal_by_object ON journal (object_id, sequence);
CREATE INDEX journal_by_actor ON journal (actor_id, sequence);

CREATE TABLE journal_detail_lean (
  sequence INTEGER PRIMARY KEY,
  salt TEXT NOT NULL,
  body TEXT NOT NULL,
  erased_by BIGINT
);
INSERT INTO journal_detail_lean SELECT sequence, salt, body, erased_by FROM journal_detail ORDER BY sequence;
DROP TABLE journal_detail;
ALTER TABLE journal_detail_lean RENAME TO journal_detail;
)sql";

// Migration 18. SQLite writes whole pages: with its details in its own row, the head in the row before and no index an
// event writes one page where it wrote five.
inline constexpr std::string_view kOneRowSchema = R"sql(
CREATE TABLE journal_one (
  sequence INTEGER PRIMARY KEY,
  is_last INTEGER NOT NULL CHECK (is_last IN (0, 1)),
  at BIGINT NOT NULL,
  actor_id TEXT NOT NULL,
  hat_id TEXT NOT NULL,
  verb TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  commitment TEXT NOT NULL,
  hash TEXT NOT NULL,
  salt TEXT,
  body TEXT,
  erased_by BIGINT
);
INSERT INTO journal_one (sequence, is_last, at, actor_id, hat_id, verb, object_kind, object_id, workspace_id,
  request_id, commitment, hash, salt, body, erased_by)
  SELECT j.sequence, CASE WHEN j.sequence = (SELECT h.length FROM journal_head h) THEN 1 ELSE 0 END, j.at, j.actor_id,
  j.hat_id, j.verb, j.object_kind, j.object_id, j.workspace_id, j.request_id, j.commitment, j.hash, d.salt, d.body,
  d.erased_by FROM journal j LEFT JOIN journal_detail d ON d.sequence = j.sequence ORDER BY j.sequence;

CREATE TABLE journal_lookup (
  id TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  PRIMARY KEY (id, sequence)
);
INSERT INTO journal_lookup (id, sequence) SELECT actor_id, sequence FROM journal WHERE actor_id <> 'system'
  UNION SELECT object_id, sequence FROM journal WHERE object_id <> '';

CREATE TABLE journal_lookup_end (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  sequence BIGINT NOT NULL
);
INSERT INTO journal_lookup_end (id, sequence) SELECT 1, length FROM journal_head;

DROP TABLE journal;
DROP TABLE journal_detail;
DROP TABLE journal_head;
ALTER TABLE journal_one RENAME TO journal;
)sql";

}  // namespace cluse::domain::journal
