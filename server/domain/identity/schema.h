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

}  // namespace cluse::domain
