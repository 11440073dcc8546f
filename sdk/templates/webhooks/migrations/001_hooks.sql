CREATE TABLE hook (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  secret TEXT NOT NULL
);
-- A notice can come twice: the second finds its delivery here.
CREATE TABLE delivery (
  id INTEGER PRIMARY KEY,
  hook INTEGER NOT NULL REFERENCES hook (id) ON DELETE CASCADE,
  sequence INTEGER NOT NULL,
  body TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  status INTEGER,
  delivered INTEGER NOT NULL DEFAULT 0,
  UNIQUE (hook, sequence)
);
