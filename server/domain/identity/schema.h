// Tables of migration 10: other ways to say who one is than a password, and what a password is strengthened with.
#pragma once

#include <string_view>

namespace cluse::domain {

inline constexpr std::string_view kIdentitySchema = R"sql(
CREATE TABLE identity (
  id TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id),
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  label TEXT NOT NULL,
  shown TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT,
  UNIQUE (issuer, subject)
);
CREATE INDEX identity_by_person ON identity (person_id);

CREATE TABLE access_request (
  id TEXT PRIMARY KEY,
  provider TEXT NOT NULL,
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  organisation TEXT NOT NULL,
  ui_locale TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (issuer, subject)
);

CREATE TABLE passkey (
  id TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id),
  credential_id TEXT NOT NULL UNIQUE,
  public_key TEXT NOT NULL,
  algorithm BIGINT NOT NULL,
  counter BIGINT NOT NULL,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT
);
CREATE INDEX passkey_by_person ON passkey (person_id);

CREATE TABLE second_factor (
  person_id TEXT PRIMARY KEY REFERENCES person (id),
  secret_sealed TEXT NOT NULL,
  last_step BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE recovery_code (
  person_id TEXT NOT NULL REFERENCES person (id),
  code_hash TEXT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (person_id, code_hash)
);

CREATE TABLE used_step (
  id TEXT PRIMARY KEY,
  expires_at BIGINT NOT NULL
);
CREATE INDEX used_step_by_expiry ON used_step (expires_at);

ALTER TABLE session ADD COLUMN identity_id TEXT;
ALTER TABLE session ADD COLUMN provider_session TEXT;
ALTER TABLE session ADD COLUMN logout_hint TEXT;
ALTER TABLE session ADD COLUMN proven_at BIGINT;
ALTER TABLE session ADD COLUMN is_strong INTEGER NOT NULL DEFAULT 0;
CREATE INDEX session_by_identity ON session (identity_id);
)sql";

// Migration 15. A request that came by the form has the issuer '' and the folded address as its subject; it waits for
// the secretariat (`is_waiting`) once its address has answered, or at once where there is no mail to ask with.
// A role made here is given by its id, beside the words of rights::kRoleWords; `permissions` are words of
// rights::kPermissionWords with a space between them. A session remembers the rights of the instance that its token was
// made for, and for a moment the token before it (sessions.h).
inline constexpr std::string_view kRequestsAndRolesSchema = R"sql(
ALTER TABLE access_request ADD COLUMN organisation_id TEXT REFERENCES organisation (id);
ALTER TABLE access_request ADD COLUMN message TEXT NOT NULL DEFAULT '';
ALTER TABLE access_request ADD COLUMN is_waiting INTEGER NOT NULL DEFAULT 1;
ALTER TABLE access_request ADD COLUMN token_hash TEXT;
ALTER TABLE access_request ADD COLUMN token_until BIGINT;
ALTER TABLE access_request ADD COLUMN confirmed_at BIGINT;
CREATE INDEX access_request_by_token ON access_request (token_hash);

CREATE TABLE access_role (
  id TEXT PRIMARY KEY,
  name_fr TEXT NOT NULL,
  name_de TEXT NOT NULL,
  permissions TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);

ALTER TABLE session ADD COLUMN instance_rights BIGINT;
ALTER TABLE session ADD COLUMN previous_hash TEXT;
ALTER TABLE session ADD COLUMN previous_until BIGINT;
CREATE INDEX session_by_previous ON session (previous_hash);
)sql";

}  // namespace cluse::domain
