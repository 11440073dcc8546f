// The tables of the journal, for a numbered migration of server/domain/schema.cpp.
//
// `journal` is the chain: ids, words of a closed list and a commitment; nothing in it names a person, and no row of it
// is ever changed. `journal_detail` holds what people may have typed (titles, names, addresses), each with its salt: a
// row of it is emptied when a person is erased, and then names the event of that erasure. `journal_head` is one row
// that every append changes first: two transactions that append at once collide on it, and PostgreSQL runs one again.
// Absent ids are '' and not NULL, so that there is one way to write nothing.
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

}  // namespace cluse::domain::journal
