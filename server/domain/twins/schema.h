// Tables of twins: which documents are translations of which. What is confirmed block by block stands in the
// translation's own text (state.h); the counts here are a cache of it, kept with the last rows they were made from.
#pragma once

#include <string_view>

namespace cluse::domain::twins {

inline constexpr std::string_view kSchema = R"sql(
CREATE TABLE twin_set (
  source_id TEXT PRIMARY KEY REFERENCES document (id),
  authentic TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE twin (
  document_id TEXT PRIMARY KEY REFERENCES document (id),
  source_id TEXT NOT NULL REFERENCES twin_set (source_id),
  created_at BIGINT NOT NULL,
  created_by TEXT REFERENCES person (id),
  counted_source BIGINT NOT NULL DEFAULT -1,
  counted_own BIGINT NOT NULL DEFAULT -1,
  current_blocks BIGINT NOT NULL DEFAULT 0,
  stale_blocks BIGINT NOT NULL DEFAULT 0,
  review_blocks BIGINT NOT NULL DEFAULT 0,
  missing_blocks BIGINT NOT NULL DEFAULT 0,
  orphan_blocks BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX twin_by_source ON twin (source_id);
)sql";

}  // namespace cluse::domain::twins
