#include "server/plugin/event_log.h"

namespace cluse::plugin {
namespace {

constexpr std::string_view kNobodyTakes =
    "NOT EXISTS (SELECT 1 FROM plugin_event_taker t WHERE t.name = plugin_event.name AND t.sequence < "
    "plugin_event.sequence)";

void drop_what_nobody_takes(storage::Transaction& tx, const std::string& name) {
  tx.run("DELETE FROM plugin_event WHERE name = ? AND " + std::string(kNobodyTakes), {name});
}

std::int64_t head_of(storage::Snapshot& snapshot) {
  const auto row = snapshot.one("SELECT sequence FROM plugin_event_head");
  return row ? row->integer(0) : 0;
}

// A flood of one plugin's takes no room from another's.
std::int64_t drop_past_the_limit(storage::Transaction& tx, const std::string& plugin) {
  const auto first =
      tx.one("SELECT sequence FROM plugin_event WHERE plugin = ? ORDER BY sequence DESC LIMIT 1 OFFSET ?",
             {plugin, kEventsKeptMax});
  if (!first) return 0;
  return tx.run("DELETE FROM plugin_event WHERE plugin = ? AND sequence <= ?", {plugin, first->integer(0)});
}

}  // namespace

Appended append_events(storage::Transaction& tx, const std::string& plugin,
                       std::span<const storage::PluginEmission> events) {
  Appended done;
  const std::int64_t head = head_of(tx);
  for (const auto& event : events) {
    const std::string name = plugin + ":" + event.topic;
    if (!tx.one("SELECT 1 FROM plugin_event_taker WHERE name = ? LIMIT 1", {name})) continue;
    if (tx.one("SELECT 1 FROM plugin_event WHERE id = ?", {event.id})) continue;
    ++done.kept;
    const storage::Value actor = event.user.empty() ? storage::Value() : storage::Value(event.user);
    tx.run("INSERT INTO plugin_event (sequence, id, at, plugin, name, actor_id, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
           {head + done.kept, event.id, event.at, plugin, name, actor, storage::Blob{event.body}});
  }
  if (done.kept == 0) return done;
  tx.run(
      "INSERT INTO plugin_event_head (id, sequence) VALUES (1, ?) "
      "ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence",
      {head + done.kept});
  done.dropped = drop_past_the_limit(tx, plugin);
  return done;
}

std::set<std::string> taken_names(storage::Snapshot& snapshot, const std::string& plugin) {
  std::set<std::string> names;
  for (const auto& row : snapshot.all("SELECT name FROM plugin_event_taker WHERE plugin = ?", {plugin}))
    names.insert(row.text(0));
  return names;
}

void take_name(storage::Transaction& tx, const std::string& plugin, const std::string& name) {
  if (taken_names(tx, plugin).contains(name)) return;
  tx.run("INSERT INTO plugin_event_taker (plugin, name, sequence) VALUES (?, ?, ?)", {plugin, name, head_of(tx)});
}

void leave_name(storage::Transaction& tx, const std::string& plugin, const std::string& name) {
  tx.run("DELETE FROM plugin_event_taker WHERE plugin = ? AND name = ?", {plugin, name});
  drop_what_nobody_takes(tx, name);
}

std::int64_t leave_all_but(storage::Transaction& tx, const std::set<std::string>& installed) {
  std::int64_t left = 0;
  for (const auto& row : tx.all("SELECT plugin, name FROM plugin_event_taker")) {
    if (installed.contains(row.text(0))) continue;
    leave_name(tx, row.text(0), row.text(1));
    ++left;
  }
  return left;
}

std::optional<LoggedEvent> next_event(storage::Snapshot& snapshot, const std::string& plugin) {
  const auto row = snapshot.one(
      "SELECT e.sequence, e.at, e.plugin, e.name, e.actor_id, e.body FROM plugin_event e JOIN plugin_event_taker t "
      "ON t.name = e.name AND e.sequence > t.sequence WHERE t.plugin = ? ORDER BY e.sequence LIMIT 1",
      {plugin});
  if (!row) return std::nullopt;
  return LoggedEvent{row->integer(0), row->instant(1), row->text(2), row->text(3), row->text_or(4, ""), row->blob(5)};
}

void event_told(storage::Transaction& tx, const std::string& plugin, const std::string& name, std::int64_t sequence) {
  tx.run("UPDATE plugin_event_taker SET sequence = ? WHERE plugin = ? AND name = ? AND sequence < ?",
         {sequence, plugin, name, sequence});
  tx.run("DELETE FROM plugin_event WHERE sequence = ? AND " + std::string(kNobodyTakes), {sequence});
}

std::int64_t drop_events_before(storage::Transaction& tx, Instant before) {
  return tx.run("DELETE FROM plugin_event WHERE at < ?", {before});
}

}  // namespace cluse::plugin
