#include "server/domain/schema.h"

#include "server/domain/identity/app_passwords.h"
#include "server/domain/identity/schema.h"
#include "server/domain/journal/schema.h"
#include "server/domain/notifications/schema.h"
#include "server/domain/organisations/schema.h"
#include "server/domain/privacy/schema.h"
#include "server/domain/rates/schema.h"
#include "server/domain/rights/schema.h"
#include "server/domain/terms/schema.h"
#include "server/domain/territories/schema.h"
#include "server/domain/twins/schema.h"

#include <algorithm>
#include <array>

namespace cluse::domain {
namespace {

// Types are those that SQLite and PostgreSQL share: ids and words TEXT, instants BIGINT (milliseconds, UTC), flags
// INTEGER (0, 1), bytes BLOB (in PostgreSQL a domain over bytea). A migration that has run is never edited: add one.

constexpr std::string_view kPeople = R"sql(
CREATE TABLE organisation (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  short_name TEXT NOT NULL,
  country TEXT NOT NULL CHECK (country IN ('F', 'CH')),
  kind TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX organisation_by_name ON organisation (name_folded, country);

CREATE TABLE person (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  function TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  function_folded TEXT NOT NULL,
  organisation_id TEXT REFERENCES organisation (id),
  is_admin INTEGER NOT NULL DEFAULT 0,
  ui_locale TEXT NOT NULL,
  theme TEXT NOT NULL,
  single_keys INTEGER NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX person_by_name ON person (name_folded);

CREATE TABLE account (
  person_id TEXT PRIMARY KEY REFERENCES person (id),
  email TEXT NOT NULL,
  email_folded TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  password_changed_at BIGINT NOT NULL
);

CREATE TABLE known_place (
  person_id TEXT NOT NULL REFERENCES person (id),
  address_hash TEXT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (person_id, address_hash)
);

CREATE TABLE session (
  id TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  person_id TEXT NOT NULL REFERENCES person (id),
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  device TEXT NOT NULL,
  address TEXT NOT NULL
);
CREATE INDEX session_by_person ON session (person_id, created_at);
CREATE INDEX session_by_last_seen ON session (last_seen_at);

CREATE TABLE setting (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
);
)sql";

constexpr std::string_view kWorkspaces = R"sql(
CREATE TABLE territory (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL UNIQUE,
  short TEXT NOT NULL,
  country TEXT CHECK (country IN ('F', 'CH')),
  created_at BIGINT NOT NULL
);

CREATE TABLE workspace (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  description TEXT NOT NULL,
  territory_id TEXT NOT NULL REFERENCES territory (id),
  language TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT REFERENCES person (id),
  updated_at BIGINT NOT NULL
);

CREATE TABLE workspace_member (
  workspace_id TEXT NOT NULL REFERENCES workspace (id),
  person_id TEXT NOT NULL REFERENCES person (id),
  role TEXT NOT NULL CHECK (role IN ('reader', 'commenter', 'editor', 'manager')),
  joined_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, person_id)
);
CREATE INDEX workspace_member_by_person ON workspace_member (person_id);

CREATE TABLE invitation (
  id TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  workspace_id TEXT REFERENCES workspace (id),
  role TEXT CHECK (role IN ('reader', 'commenter', 'editor', 'manager')),
  email TEXT,
  email_folded TEXT,
  invited_by TEXT NOT NULL REFERENCES person (id),
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  accepted_at BIGINT,
  accepted_by TEXT REFERENCES person (id)
);
)sql";

constexpr std::string_view kDocuments = R"sql(
CREATE TABLE document (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspace (id),
  parent_id TEXT REFERENCES document (id),
  kind TEXT NOT NULL CHECK (kind IN ('document', 'folder')),
  title TEXT NOT NULL,
  title_folded TEXT NOT NULL,
  language TEXT NOT NULL,
  position DOUBLE PRECISION NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT REFERENCES person (id),
  updated_at BIGINT NOT NULL,
  updated_by TEXT REFERENCES person (id),
  trashed_at BIGINT,
  trashed_root TEXT
);
CREATE INDEX document_by_workspace ON document (workspace_id, updated_at);
CREATE INDEX document_by_parent ON document (parent_id);
CREATE INDEX document_by_trashed_root ON document (trashed_root);

CREATE TABLE image (
  id TEXT PRIMARY KEY,
  document_id TEXT NOT NULL REFERENCES document (id),
  blob_name TEXT NOT NULL,
  type TEXT NOT NULL,
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT REFERENCES person (id),
  UNIQUE (document_id, blob_name)
);
CREATE INDEX image_by_blob ON image (blob_name);

CREATE TABLE recently_opened (
  person_id TEXT NOT NULL REFERENCES person (id),
  document_id TEXT NOT NULL REFERENCES document (id),
  at BIGINT NOT NULL,
  PRIMARY KEY (person_id, document_id)
);
CREATE INDEX recently_opened_by_time ON recently_opened (person_id, at);
CREATE INDEX recently_opened_by_document ON recently_opened (document_id);
)sql";

// The room of a document is its id. Rows are merged and replaced by server/domain/content alone.
constexpr std::string_view kContent = R"sql(
CREATE TABLE collab_update (
  room TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (room, sequence)
);
)sql";

// Links by mail that set a password or sign in once.
constexpr std::string_view kSignInLinks = R"sql(
CREATE TABLE sign_in_link (
  id TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  person_id TEXT NOT NULL REFERENCES person (id),
  purpose TEXT NOT NULL CHECK (purpose IN ('password', 'sign_in')),
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX sign_in_link_by_person ON sign_in_link (person_id);
CREATE INDEX sign_in_link_by_expiry ON sign_in_link (expires_at);
)sql";

// Whether terms are marked goes with a reader from browser to browser. The index is for the search, which asks every
// second what was edited lately.
constexpr std::string_view kReading = R"sql(
ALTER TABLE person ADD COLUMN marks_terms INTEGER NOT NULL DEFAULT 1;
CREATE INDEX document_by_updated ON document (updated_at);
)sql";

// What plugins tell one another (server/plugin/event_log.h): an event stays until whoever takes its name has it. The
// head is counted on, since numbers of events that are gone must not come again; it is not there before the first.
constexpr std::string_view kPluginEvents = R"sql(
CREATE TABLE plugin_event_head (id INTEGER PRIMARY KEY CHECK (id = 1), sequence BIGINT NOT NULL);
CREATE TABLE plugin_event (
  sequence BIGINT PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  at BIGINT NOT NULL,
  plugin TEXT NOT NULL,
  name TEXT NOT NULL,
  actor_id TEXT,
  body BLOB NOT NULL
);
CREATE INDEX plugin_event_by_plugin ON plugin_event (plugin, sequence);
CREATE INDEX plugin_event_by_name ON plugin_event (name, sequence);
CREATE INDEX plugin_event_by_time ON plugin_event (at);
CREATE TABLE plugin_event_taker (
  plugin TEXT NOT NULL,
  name TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  PRIMARY KEY (plugin, name)
);
CREATE INDEX plugin_event_taker_by_name ON plugin_event_taker (name);
)sql";

constexpr std::size_t kRolesSize = kRequestsAndRolesSchema.size();
constexpr auto kRequestsRolesAndJournal = [] {
  std::array<char, kRolesSize + journal::kLeanSchema.size()> both{};
  std::ranges::copy(kRequestsAndRolesSchema, both.begin());
  std::ranges::copy(journal::kLeanSchema, both.begin() + kRolesSize);
  return both;
}();

constexpr storage::Migration kMigrations[] = {
    {1, "people_and_sessions", kPeople},
    {2, "workspaces", kWorkspaces},
    {3, "documents", kDocuments},
    {4, "content", kContent},
    {5, "territories", territories::kSchema},
    {6, "sign_in_links", kSignInLinks},
    {7, "journal", journal::kSchema},
    {8, "mandates", organisations::kSchema},
    {9, "rates", rates::kSchema},
    {10, "contact_details", privacy::kSchema},
    {11, "identities", kIdentitySchema},
    {12, "rights", rights::kSchema},
    {13, "twins", twins::kSchema},
    {14, "languages", terms::kSchema},
    {15, "requests_roles_and_lean_journal", {kRequestsRolesAndJournal.data(), kRequestsRolesAndJournal.size()}},
    {16, "notifications", notifications::kSchema},
    {17, "reading", kReading},
    {18, "journal_in_one_row", journal::kOneRowSchema},
    {19, "app_passwords", kAppPasswordSchema},
    {20, "announced_mail", notifications::kAnnouncedSchema},
    {21, "returned_mail", notifications::kReturnedSchema},
    {22, "plugin_events", kPluginEvents},
};

}  // namespace

std::span<const storage::Migration> migrations() {
  return kMigrations;
}

}  // namespace cluse::domain
