// Tables of notifications, for a numbered migration of server/domain/schema.cpp.
//
// A row is one line of one person's centre. It names things and people by their ids alone: what is shown of them is
// read when it is shown, with her rights of that moment. What a plugin says is the exception: `args` holds its words in
// every language, since it may be gone by then. Ten events about one thing are one line for as long as it is unread
// (`group_key`, `times`). `mail` says what is still to be done: 'soon', 'daily', and 'none' once nothing is.
// `notification_level` holds only what somebody chose; what is around a document counts until it has one of its own.
// `announced_mail` remembers what a plugin sent to addresses without an account, for as long as it may still come back.
#pragma once

#include <string_view>

namespace cluse::domain::notifications {

inline constexpr std::string_view kSchema = R"sql(
CREATE TABLE notification (
  id TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id),
  class TEXT NOT NULL CHECK (class IN ('action', 'info', 'quiet')),
  kind TEXT NOT NULL,
  plugin_id TEXT NOT NULL,
  args TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  url TEXT NOT NULL,
  actors TEXT NOT NULL,
  times BIGINT NOT NULL,
  group_key TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  read_at BIGINT,
  dismissed_at BIGINT,
  mail TEXT NOT NULL CHECK (mail IN ('none', 'soon', 'daily')),
  mailed_at BIGINT
);
CREATE INDEX notification_by_person ON notification (person_id, updated_at);
CREATE INDEX notification_by_group ON notification (person_id, group_key);
CREATE INDEX notification_by_mail ON notification (mail, person_id);
CREATE INDEX notification_by_time ON notification (updated_at);

CREATE TABLE notification_level (
  person_id TEXT NOT NULL REFERENCES person (id),
  object_kind TEXT NOT NULL CHECK (object_kind IN ('workspace', 'document')),
  object_id TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('everything', 'mine', 'nothing')),
  PRIMARY KEY (person_id, object_id)
);
CREATE INDEX notification_level_by_object ON notification_level (object_id);

CREATE TABLE notification_setting (
  person_id TEXT PRIMARY KEY REFERENCES person (id),
  action_mail TEXT NOT NULL CHECK (action_mail IN ('at_once', 'daily', 'never')),
  info_mail TEXT NOT NULL CHECK (info_mail IN ('at_once', 'daily', 'never')),
  digest_hour INTEGER NOT NULL,
  digest_day TEXT NOT NULL
);
)sql";

// Migration 19.
inline constexpr std::string_view kAnnouncedSchema = R"sql(
CREATE TABLE announced_mail (
  mail_key TEXT PRIMARY KEY,
  plugin_id TEXT NOT NULL,
  message TEXT NOT NULL,
  address TEXT NOT NULL,
  url TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX announced_mail_by_time ON announced_mail (created_at);
)sql";

// Migration 21. `left_at`: it was sent; nobody asks about it any more, unless it comes back. `failed`: why, until its
// plugin has heard.
inline constexpr std::string_view kReturnedSchema = R"sql(
ALTER TABLE announced_mail ADD COLUMN left_at BIGINT;
ALTER TABLE announced_mail ADD COLUMN failed TEXT NOT NULL DEFAULT '';
CREATE INDEX announced_mail_open ON announced_mail (created_at) WHERE left_at IS NULL;
)sql";

}  // namespace cluse::domain::notifications
