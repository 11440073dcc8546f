CREATE TABLE poll (
  id INTEGER PRIMARY KEY,
  question TEXT NOT NULL,
  document TEXT NOT NULL,
  closed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX poll_by_document ON poll (document);
CREATE TABLE vote (
  poll INTEGER NOT NULL REFERENCES poll (id) ON DELETE CASCADE,
  voter TEXT NOT NULL,
  choice TEXT NOT NULL,
  PRIMARY KEY (poll, voter)
);
