CREATE TABLE directory (
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,                    -- JSON {fr, de}
  description TEXT NOT NULL DEFAULT '{}',
  about TEXT NOT NULL,                   -- person, organisation
  visibility TEXT NOT NULL,              -- public, members
  is_public INTEGER NOT NULL DEFAULT 0,
  review_months INTEGER NOT NULL DEFAULT 0,
  position INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1,
  fields TEXT NOT NULL                   -- JSON list
);

CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  directory INTEGER NOT NULL REFERENCES directory (id),
  kind TEXT NOT NULL,                    -- person, organisation
  state TEXT NOT NULL,                   -- published, draft, archived, merged
  name TEXT NOT NULL,                    -- JSON {fr, de}
  sort_key TEXT NOT NULL,
  data TEXT NOT NULL,                    -- JSON {key: value}
  visibility TEXT NOT NULL,              -- public, members, private
  field_visibility TEXT NOT NULL DEFAULT '{}',
  audience INTEGER NOT NULL,             -- what of visibility and consent results: 0 public, 1 members, 2 private
  account TEXT,
  consent TEXT,
  level TEXT NOT NULL DEFAULT '',
  organisation INTEGER,
  name_key TEXT NOT NULL,
  email_key TEXT,
  phone_key TEXT,
  version INTEGER NOT NULL DEFAULT 1,
  sequence INTEGER NOT NULL,             -- of the last change; grows over all directories
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  checked_at INTEGER,
  due_at INTEGER,
  reminded_at INTEGER,
  mail TEXT NOT NULL DEFAULT 'ok',       -- ok, bounced
  merged_into INTEGER
);
-- With what nearly every list is narrowed by besides, so that pages and totals are read from the index alone.
CREATE INDEX entry_by_name ON entry (directory, state, sort_key, id, audience, kind);
CREATE INDEX entry_by_name_of_all ON entry (state, sort_key, id, audience, kind);
CREATE INDEX entry_by_change ON entry (directory, state, updated_at, id);
CREATE INDEX entry_by_change_of_all ON entry (state, updated_at, id);
CREATE INDEX entry_by_check ON entry (state, checked_at, id);
CREATE INDEX entry_by_due ON entry (state, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX entry_by_sequence ON entry (directory, sequence);
CREATE INDEX entry_by_sequence_of_all ON entry (sequence, id);
CREATE INDEX entry_by_name_key ON entry (name_key, id);
CREATE INDEX entry_by_email ON entry (email_key, id) WHERE email_key IS NOT NULL;
CREATE INDEX entry_by_phone ON entry (phone_key, id) WHERE phone_key IS NOT NULL;
CREATE INDEX entry_by_account ON entry (account) WHERE account IS NOT NULL;
CREATE INDEX entry_by_organisation ON entry (organisation) WHERE organisation IS NOT NULL;

-- What lists are narrowed by: one row a value. `audience` as in entry, of the value.
CREATE TABLE facet (
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  entry INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
  audience INTEGER NOT NULL,
  PRIMARY KEY (field, value, entry)
) WITHOUT ROWID;
CREATE INDEX facet_by_entry ON facet (entry);

-- Folded words; rowid is the entry. A reader searches the columns that he may see.
CREATE VIRTUAL TABLE entry_text USING fts5 (
  name, open, members, closed, tokenize = "unicode61 remove_diacritics 0", prefix = '2 3'
);

-- Every word that was ever written openly, and its pieces: to find what a typo meant.
CREATE TABLE word (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE);
CREATE TABLE gram (gram TEXT NOT NULL, word INTEGER NOT NULL, PRIMARY KEY (gram, word)) WITHOUT ROWID;

CREATE TABLE link (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,                    -- function, member, part_of
  one INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,    -- the person; of part_of: the organisation within
  other INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,  -- the organisation
  function TEXT NOT NULL DEFAULT '{}',
  policy TEXT NOT NULL DEFAULT '',
  since TEXT,
  until TEXT
);
CREATE INDEX link_by_one ON link (one);
CREATE INDEX link_by_other ON link (other);

CREATE TABLE counterpart (
  id INTEGER PRIMARY KEY,
  a INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,      -- a < b
  b INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
  policy TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,
  score INTEGER NOT NULL DEFAULT 0,
  reasons TEXT NOT NULL DEFAULT '[]',
  by TEXT,
  at INTEGER NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  UNIQUE (a, b, policy)
);
CREATE INDEX counterpart_by_b ON counterpart (b);

CREATE TABLE change (
  id INTEGER PRIMARY KEY,
  entry INTEGER REFERENCES entry (id) ON DELETE CASCADE,
  directory INTEGER NOT NULL REFERENCES directory (id),
  by TEXT,
  via TEXT NOT NULL,                     -- account, link
  at INTEGER NOT NULL,
  state TEXT NOT NULL,                   -- open, done, refused, withdrawn
  note TEXT NOT NULL DEFAULT '',
  items TEXT NOT NULL,                   -- JSON [{field, before, after, state}]
  reason TEXT NOT NULL DEFAULT '',
  decided_by TEXT,
  decided_at INTEGER
);
CREATE INDEX change_by_state ON change (state, at);
CREATE INDEX change_by_entry ON change (entry);
CREATE INDEX change_by_person ON change (by);

CREATE TABLE history (
  id INTEGER PRIMARY KEY,
  entry INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  action TEXT NOT NULL,
  batch INTEGER,
  changes TEXT NOT NULL DEFAULT '[]',    -- JSON [{field, before, after}]
  note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX history_by_entry ON history (entry, id);
CREATE INDEX history_by_batch ON history (batch, id) WHERE batch IS NOT NULL;

CREATE TABLE batch (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,                    -- merge, import
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  entries INTEGER NOT NULL DEFAULT 0,
  undone INTEGER NOT NULL DEFAULT 0,
  moved TEXT NOT NULL DEFAULT '[]'       -- of a merge: which links and counterparts it moved
);

CREATE TABLE not_same (a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a, b)) WITHOUT ROWID;

CREATE TABLE import (
  id INTEGER PRIMARY KEY,
  directory INTEGER NOT NULL REFERENCES directory (id),
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  state TEXT NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  batch INTEGER,
  settings TEXT NOT NULL DEFAULT '{}',   -- JSON: format, encoding, separator, sheets, sheet, header, columns, match, on_match
  step TEXT NOT NULL DEFAULT '',
  done INTEGER NOT NULL DEFAULT 0,
  of INTEGER NOT NULL DEFAULT 0,
  kept INTEGER NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT ''
);
CREATE TABLE import_part (
  import INTEGER NOT NULL REFERENCES import (id) ON DELETE CASCADE,
  n INTEGER NOT NULL,
  octets BLOB NOT NULL,
  PRIMARY KEY (import, n)
);
CREATE TABLE import_row (
  import INTEGER NOT NULL REFERENCES import (id) ON DELETE CASCADE,
  n INTEGER NOT NULL,
  state TEXT NOT NULL,
  data TEXT NOT NULL,                    -- JSON {key: value}
  problems TEXT NOT NULL DEFAULT '[]',
  matches TEXT NOT NULL DEFAULT '[]',    -- JSON [{id, why}]
  decision TEXT,
  entry INTEGER,
  PRIMARY KEY (import, n)
) WITHOUT ROWID;
CREATE INDEX import_row_by_state ON import_row (import, state, n);

CREATE TABLE territory (
  code TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,                    -- JSON {fr, de}
  country TEXT NOT NULL,
  parent TEXT NOT NULL DEFAULT '',
  population INTEGER,
  aliases TEXT NOT NULL DEFAULT '',
  folded TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX territory_by_parent ON territory (parent);

CREATE TABLE vocabulary (list TEXT NOT NULL, key TEXT NOT NULL, position INTEGER NOT NULL, label TEXT NOT NULL,
                         PRIMARY KEY (list, key)) WITHOUT ROWID;

CREATE TABLE setting (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO setting VALUES ('sequence', 0), ('secret', lower(hex(randomblob(32))));
