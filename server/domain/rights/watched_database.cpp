#include "server/domain/rights/watched_database.h"

#include "server/base/assert.h"
#include "server/domain/calendar/zone.h"
#include "server/domain/organisations/days.h"

#include <array>
#include <memory>
#include <utility>

namespace cluse::domain::rights {
namespace {

struct WatchedTable {
  std::string_view name;
  bool on_insert;                           ///< a new row can change an answer that was given before
  std::array<std::string_view, 6> columns;  ///< an UPDATE that sets none of them changes nothing; empty: any does
};

constexpr WatchedTable kTables[] = {
    {"access_grant", true, {}},
    {"access_group", true, {}},
    {"access_group_member", true, {}},
    {"access_role", false, {"permissions"}},
    {"workspace_member", true, {}},
    {"mandate", true, {}},
    {"organisation", false, {}},
    {"person", false, {"is_admin", "organisation_id", "organisation_confirmed", "suspended_at", "erased_at"}},
    {"workspace", false, {"territory_id"}},
    {"document", false, {"parent_id", "workspace_id"}},
    {"territory", false, {}},
};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || c == '_' || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string_view next_word(std::string_view& sql) {
  while (!sql.empty() && !is_letter(sql.front())) sql.remove_prefix(1);
  std::size_t end = 0;
  while (end < sql.size() && is_letter(sql[end])) ++end;
  const auto word = sql.substr(0, end);
  sql.remove_prefix(end);
  return word;
}

bool has_word(std::string_view sql, std::string_view wanted) {
  while (!sql.empty())
    if (next_word(sql) == wanted) return true;
  return false;
}

bool sets_watched(std::string_view rest, const WatchedTable& table) {
  if (table.columns.front().empty()) return true;
  const auto assignments = rest.substr(0, rest.find(" WHERE "));
  for (const auto column : table.columns)
    if (!column.empty() && has_word(assignments, column)) return true;
  return false;
}

/// What a closure knows beyond its rows.
struct Seen {
  virtual ~Seen() = default;
  WatchedDatabase* database = nullptr;
  std::uint64_t version = 0;  ///< from before the first statement; 0: writes, and uses no cache
};

class View final : public storage::Snapshot, public Seen {
 public:
  View(storage::Snapshot& inner, WatchedDatabase& owner) : inner_(inner) {
    database = &owner;
    version = owner.version();
  }
  std::vector<storage::Row> all(std::string_view sql, storage::Parameters parameters) override {
    return inner_.all(sql, parameters);
  }
  std::vector<storage::Table> tables() override { return inner_.tables(); }

 private:
  storage::Snapshot& inner_;
};

class WatchedTransaction final : public storage::Transaction, public Seen {
 public:
  WatchedTransaction(storage::Transaction& inner, WatchedDatabase& owner, std::atomic<bool>& touched)
      : inner_(inner), touched_(touched) {
    database = &owner;
  }
  std::vector<storage::Row> all(std::string_view sql, storage::Parameters parameters) override {
    look(sql);
    return inner_.all(sql, parameters);
  }
  std::int64_t run(std::string_view sql, storage::Parameters parameters) override {
    look(sql);
    return inner_.run(sql, parameters);
  }
  void script(std::string_view sql) override {
    touched_ = true;
    inner_.script(sql);
  }
  std::vector<storage::Table> tables() override { return inner_.tables(); }
  void defer_references() override { inner_.defer_references(); }

 private:
  void look(std::string_view sql) {
    if (!touched_ && concerns_rights(sql)) touched_ = true;
  }

  storage::Transaction& inner_;
  std::atomic<bool>& touched_;
};

const calendar::Zone& zone() {
  static const auto kZone = calendar::Zone::find("Europe/Paris");
  CLUSE_ASSERT(kZone.has_value(), "the tables of time zones are there");
  return *kZone;
}

const Seen& seen_by(const storage::Snapshot& snapshot) {
  const auto* seen = dynamic_cast<const Seen*>(&snapshot);
  CLUSE_ASSERT(seen != nullptr, "rights are asked for inside closures of the watched database");
  return *seen;
}

}  // namespace

bool concerns_rights(std::string_view sql) {
  const auto verb = next_word(sql);
  if (verb == "SELECT") return false;
  if (verb == "WITH") return has_word(sql, "INSERT") || has_word(sql, "UPDATE") || has_word(sql, "DELETE");
  auto table = next_word(sql);
  if (verb == "INSERT" || verb == "DELETE") table = next_word(sql);  // INTO, FROM
  else if (verb != "UPDATE") return true;
  for (const auto& watched : kTables) {
    if (watched.name != table) continue;
    if (verb == "INSERT") return watched.on_insert;
    return verb == "DELETE" || sets_watched(sql, watched);
  }
  return false;
}

void WatchedDatabase::submit_write(std::move_only_function<Result<void>(storage::Transaction&)> body,
                                   std::move_only_function<void(Result<void>)> done) {
  // Whether it failed or not: where a connection is lost within a COMMIT nobody knows.
  auto touched = std::make_shared<std::atomic<bool>>(false);
  inner_.submit_write(
      [this, touched, body = std::move(body)](storage::Transaction& tx) mutable {
        WatchedTransaction watched(tx, *this, *touched);
        return body(watched);
      },
      [this, touched, done = std::move(done)](Result<void> outcome) mutable {
        if (*touched) version_.fetch_add(1, std::memory_order_acq_rel);
        done(std::move(outcome));
      });
}

void WatchedDatabase::submit_read(std::move_only_function<Result<void>(storage::Snapshot&)> body,
                                  std::move_only_function<void(Result<void>)> done) {
  inner_.submit_read(
      [this, body = std::move(body)](storage::Snapshot& snapshot) mutable {
        View view(snapshot, *this);
        return body(view);
      },
      std::move(done));
}

Result<Permissions> permissions(storage::Snapshot& snapshot, Id person, Object object) {
  const Seen& seen = seen_by(snapshot);
  const Instant now = seen.database->clock().now();
  const Cache::Key key{person, object.id};
  if (seen.version != 0) {
    // The latest version, not the snapshot's: an answer that is newer than what is read beside it is a good answer.
    if (const auto known = seen.database->cache().find(key, seen.database->version(), now)) return *known;
  }
  CLUSE_TRY(path, path_of(snapshot, object));
  const auto today = zone().date_of(now);
  const Judgement judgement = judge(snapshot, person, path, organisations::today(now));
  if (seen.version != 0 && judgement.is_known)
    seen.database->cache().put(
        key, {judgement.permissions, seen.version, zone().start_of(today), {zone().end_of(today).ms + 1}});
  return judgement.permissions;
}

Result<Judgement> explain(storage::Snapshot& snapshot, Id person, Object object) {
  CLUSE_TRY(path, path_of(snapshot, object));
  return judge(snapshot, person, path, day_of(snapshot));
}

Reach reach(storage::Snapshot& snapshot, Id person) {
  return reach_of(snapshot, person, day_of(snapshot));
}

std::string day_of(const storage::Snapshot& snapshot) {
  return organisations::today(seen_by(snapshot).database->clock().now());
}

}  // namespace cluse::domain::rights
