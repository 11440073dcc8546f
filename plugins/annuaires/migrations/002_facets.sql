-- What lists are narrowed by, counted in whole numbers: comparing words was most of what a filter cost.
CREATE TABLE facet_value (id INTEGER PRIMARY KEY, field TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (field, value));
INSERT INTO facet_value (field, value) SELECT DISTINCT field, value FROM facet;

-- One row a value. `audience` as in entry, of the value.
CREATE TABLE facet_entry (
  code INTEGER NOT NULL REFERENCES facet_value (id),
  entry INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
  audience INTEGER NOT NULL,
  PRIMARY KEY (code, entry)
) WITHOUT ROWID;
INSERT INTO facet_entry (code, entry, audience)
  SELECT v.id, f.entry, f.audience FROM facet f JOIN facet_value v ON v.field = f.field AND v.value = f.value;
CREATE INDEX facet_entry_by_entry ON facet_entry (entry, code, audience);
DROP TABLE facet;
