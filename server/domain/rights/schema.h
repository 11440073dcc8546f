// The tables of rights, for a numbered migration of server/domain/schema.cpp.
//
// A grant gives a role to a holder on a scope, from `first_day` to `last_day`, both included ("0001-01-01" and
// "9999-12-31" where open), as mandates do. Kinds of scopes are words without a CHECK: later releases add some, and
// those that are not known here open nothing. The scope of the whole instance is the id of zeros. A holder or a scope
// is no foreign key, since it may be a row of one of several tables; whoever removes one removes its grants.
//
// `organisation_confirmed`: somebody with the right to has said that the person belongs to her organisation. What a
// newcomer typed of herself opens nothing (docs/decisions/0028-rights.md).
#pragma once

#include <string_view>

namespace cluse::domain::rights {

inline constexpr std::string_view kSchema = R"sql(
CREATE TABLE access_grant (
  id TEXT PRIMARY KEY,
  role TEXT NOT NULL,
  holder_kind TEXT NOT NULL CHECK (holder_kind IN ('person', 'mandate', 'organisation', 'group')),
  holder_id TEXT NOT NULL,
  scope_kind TEXT NOT NULL,
  scope_id TEXT NOT NULL,
  first_day TEXT NOT NULL,
  last_day TEXT NOT NULL,
  granted_at BIGINT NOT NULL,
  granted_by TEXT REFERENCES person (id)
);
CREATE INDEX access_grant_by_holder ON access_grant (holder_id, scope_id);
CREATE INDEX access_grant_by_scope ON access_grant (scope_id);

CREATE TABLE access_group (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL UNIQUE,
  territory_id TEXT REFERENCES territory (id),
  created_at BIGINT NOT NULL,
  responsible_id TEXT REFERENCES person (id)
);

CREATE TABLE access_group_member (
  group_id TEXT NOT NULL REFERENCES access_group (id),
  member_kind TEXT NOT NULL CHECK (member_kind IN ('person', 'organisation', 'mandate')),
  member_id TEXT NOT NULL,
  added_at BIGINT NOT NULL,
  PRIMARY KEY (group_id, member_id)
);
CREATE INDEX access_group_member_by_member ON access_group_member (member_id);

ALTER TABLE person ADD COLUMN suspended_at BIGINT;
ALTER TABLE person ADD COLUMN suspended_reason TEXT;
ALTER TABLE person ADD COLUMN organisation_confirmed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX person_by_organisation ON person (organisation_id);

ALTER TABLE invitation ADD COLUMN name TEXT;
ALTER TABLE invitation ADD COLUMN function TEXT;
ALTER TABLE invitation ADD COLUMN organisation_id TEXT REFERENCES organisation (id);
ALTER TABLE invitation ADD COLUMN quality TEXT;
ALTER TABLE invitation ADD COLUMN first_day TEXT;
ALTER TABLE invitation ADD COLUMN last_day TEXT;
ALTER TABLE invitation ADD COLUMN language TEXT;
ALTER TABLE invitation ADD COLUMN sent_at BIGINT;
CREATE INDEX invitation_by_email ON invitation (email_folded);
CREATE INDEX invitation_by_maker ON invitation (invited_by);
)sql";

}  // namespace cluse::domain::rights
