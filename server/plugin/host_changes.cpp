// The changes of a host: what is started, stopped, replaced and removed while it serves.
#include "server/base/log.h"
#include "server/plugin/host.h"

#include <cluse/plugin.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

namespace cluse::plugin {
namespace {

namespace fs = std::filesystem;
using domain::journal::Verb;

std::unexpected<Error> not_ready(const Lane& lane) {
  return fail(Errc::unavailable, "plugin_not_ready", lane.health().last_error);
}

// What the version before saved, if both know how to hand over.
Result<std::optional<Bytes>> saved_by(Lane& old, bool hands_over) {
  if (!hands_over) return std::optional<Bytes>();
  Outcome outcome = old.save();
  if (outcome.status == CLUSE_OK) return std::optional(std::move(outcome.body));
  if (outcome.status == CLUSE_UNSUPPORTED) return std::optional<Bytes>();
  if (outcome.status == CLUSE_TIMEOUT) return fail(Errc::unavailable, "plugin_busy", outcome.why);
  return fail(Errc::conflict, "plugin_handover_failed", "save: " + outcome.why);
}

Result<void> loaded_by(Lane& next, const std::optional<Bytes>& saved) {
  if (!saved || saved->empty()) return {};
  const Outcome outcome = next.load(*saved);
  if (outcome.status == CLUSE_INVALID) {
    // It cannot read what the version before wrote, says so, and begins without.
    log_warning("plugin_state_left_behind", {{"plugin", next.manifest().id}, {"why", outcome.why}});
    return {};
  }
  if (outcome.status == CLUSE_OK || outcome.status == CLUSE_UNSUPPORTED) return {};
  return fail(Errc::conflict, "plugin_handover_failed", "load: " + outcome.why);
}

Result<Bytes> read_export(const fs::path& file) {
  if (fs::file_size(file) > kExportBytesMax) return fail(Errc::too_large, "plugin_data_too_large");
  std::ifstream stream(file, std::ios::binary);
  Bytes bytes(std::istreambuf_iterator<char>(stream), {});
  if (!stream && !stream.eof()) return std::unexpected(storage::io_error(errno, file.string()));
  return bytes;
}

fs::path copy_of(const fs::path& database) {
  return database.string() + ".before";
}

// Puts the copy back. Requires: nobody has the database open.
void put_back(const fs::path& database) {
  std::error_code error;
  for (const char* end : {"-wal", "-shm"}) fs::remove(database.string() + end, error);
  fs::rename(copy_of(database), database, error);
  if (error) log_error("plugin_copy_not_put_back", {{"file", database.string()}, {"why", error.message()}});
}

}  // namespace

Result<Host::Candidate> Host::examine(const std::string& id) {
  Candidate candidate;
  CLUSE_TRY(state, shelf_.state(id));
  CLUSE_TRY(package, shelf_.open(id));
  auto lock = locks_[id].lock();
  if (!lock) {
    CLUSE_TRY(taken, storage::lock_plugin_store(shelf_.database(id)));
    locks_[id] = lock = std::move(taken);
  }
  CLUSE_TRY(store, storage::PluginStore::open({shelf_.database(id), package.manifest.limits.database_bytes, lock}));
  CLUSE_TRY(is_migrated, store->is_migrated(package.migrations));
  CLUSE_TRY(bundle, UiBundle::load(shelf_.files(id, state), package.manifest, package.texts));
  candidate.bundle = std::move(bundle);
  candidate.state = std::move(state);
  candidate.package = std::move(package);
  candidate.store = std::move(store);
  candidate.is_migrated = is_migrated;
  return candidate;
}

Result<std::shared_ptr<Lane>> Host::open(const std::string& id) {
  CLUSE_TRY(candidate, examine(id));
  CLUSE_CHECK(candidate.store->migrate(candidate.package.migrations));
  accepted_[id] = candidate.state;
  auto lane = make_lane(std::move(candidate), false);
  lane->start();
  return lane;
}

void Host::refuse(const std::string& id, const Error& error) {
  const std::string why = std::string(error.code) + ": " + error.detail;
  log_error("plugin_not_started", {{"plugin", id}, {"why", why}});
  const std::lock_guard lock(mutex_);
  refused_[id] = why;
}

std::shared_ptr<Lane> Host::extract(const std::string& id) {
  const std::lock_guard lock(mutex_);
  refused_.erase(id);
  breakers_.erase(id);
  const auto found = lanes_.find(id);
  return found == lanes_.end() ? nullptr : lanes_.extract(found).mapped();
}

// It is off until somebody switches it on: what services show of it goes too.
void Host::send_away(const std::string& id) {
  if (auto old = extract(id)) close(std::move(old));
  for (const auto& [name, service] : services_) service->closed(id);
  tell_changed(id);
}

void Host::tell_changed(const std::string& id) const {
  if (settings_.on_changed) settings_.on_changed(id);
}

// Whatever was removed, also while no server ran, leaves nothing in what services keep.
void Host::tell_installed() const {
  const auto ids = shelf_.ids();
  const std::set<std::string> installed(ids.begin(), ids.end());
  for (const auto& [name, service] : services_) service->installed(installed);
}

// Also one that is off: it begins anew.
Result<void> Host::restart(const std::string& id) {
  if (auto old = extract(id)) close(std::move(old));
  auto lane = open(id);
  if (!lane) {
    refuse(id, lane.error());
    return std::unexpected(std::move(lane).error());
  }
  {
    const std::lock_guard lock(mutex_);
    lanes_[id] = std::move(*lane);
  }
  tell_changed(id);
  return {};
}

Result<void> Host::set_enabled(const std::string& id, bool enabled, const domain::journal::Author& by) {
  const std::lock_guard changing(changing_);
  CLUSE_TRY(before, shelf_.state(id));
  CLUSE_CHECK(shelf_.set_enabled(id, enabled));
  if (before.enabled != enabled)
    tell_journal(database_, clock_, {enabled ? Verb::plugin_enabled : Verb::plugin_disabled, by}, id, before.version);
  if (enabled && !settings_.safe_mode) return restart(id);
  send_away(id);
  return {};
}

Result<void> Host::reload(const std::string& id, std::optional<Told> told) {
  const std::lock_guard changing(changing_);
  CLUSE_TRY(state, shelf_.state(id));
  const auto old = find(id);
  if (!state.enabled) send_away(id);
  if (state.enabled && !settings_.safe_mode) {
    const bool runs = old && old->health().state == LaneState::running;
    const auto done = runs ? replace(id, old) : restart(id);
    if (!done && runs) {
      // The version before goes on, also after the next start of the server.
      refuse(id, done.error());
      if (const auto kept = shelf_.restore(id, accepted_[id]); !kept)
        log_error("plugin_state_not_kept", {{"plugin", id}, {"why", kept.error().detail}});
      shelf_.sweep(id);
    }
    CLUSE_CHECK(done);
  }
  shelf_.sweep(id);
  if (told) tell_journal(database_, clock_, *told, id, state.version);
  return {};
}

Result<void> Host::install(const fs::path& folder, const Package& package, const std::string& signer, bool child_only,
                           const domain::journal::Author& by) {
  const std::string& id = package.manifest.id;
  Told told{Verb::plugin_installed, by};
  {
    const std::lock_guard changing(changing_);
    if (const auto before = shelf_.state(id)) told = {Verb::plugin_updated, by, before->version};
    told.host = may_be_direct(id) && !child_only ? "direct" : "child";
    CLUSE_CHECK(shelf_.check_signer(id, signer));
    CLUSE_CHECK(shelf_.install(folder, package, signer, child_only));
  }
  const auto done = reload(id, told);
  if (!done && told.verb == Verb::plugin_installed) {
    // What was never taken on leaves nothing behind.
    const std::lock_guard changing(changing_);
    if (auto lane = extract(id)) close(std::move(lane));
    static_cast<void>(shelf_.erase(id, false));
  }
  return done;
}

Result<void> Host::remove(const std::string& id, bool data, const domain::journal::Author& by) {
  const std::lock_guard changing(changing_);
  CLUSE_TRY(state, shelf_.state(id));
  send_away(id);
  // One that never stopped still writes to its database: its data stay until the server ends.
  if (data && locks_[id].lock()) return fail(Errc::unavailable, "plugin_busy", "it does not stop");
  CLUSE_CHECK(shelf_.erase(id, data));
  accepted_.erase(id);
  tell_installed();
  {
    const std::lock_guard lock(mutex_);
    lines_.erase(id);
  }
  tell_journal(database_, clock_, {Verb::plugin_removed, by}, id, state.version);
  return {};
}

Result<void> Host::replace(const std::string& id, const std::shared_ptr<Lane>& old) {
  CLUSE_TRY(next, examine(id));
  const bool hands_over = old->manifest().uses(CLUSE_EXT_HANDOVER) && next.package.manifest.uses(CLUSE_EXT_HANDOVER);
  if (next.is_migrated) return replace_beside(std::move(next), old, hands_over);
  return replace_after(std::move(next), old, hands_over);
}

Result<void> Host::replace_beside(Candidate next, const std::shared_ptr<Lane>& old, bool hands_over) {
  const State state = next.state;
  auto lane = make_lane(std::move(next), true);
  lane->start();
  if (!lane->wait_until_ready()) {
    auto error = not_ready(*lane);
    close(std::move(lane));
    return error;
  }
  old->hold(true);
  auto saved = saved_by(*old, hands_over);
  const Result<void> done = saved ? loaded_by(*lane, *saved) : std::unexpected(saved.error());
  if (!done) {
    old->hold(false);
    close(std::move(lane));
    return done;
  }
  switch_to(std::move(lane), state, old);
  return {};
}

// New migrations: the version before could not read what they make of its tables. It is stopped first, and what is
// asked meanwhile waits in its queue.
Result<void> Host::replace_after(Candidate next, const std::shared_ptr<Lane>& old, bool hands_over) {
  const State state = next.state;
  const fs::path database = shelf_.database(old->manifest().id);
  old->hold(true);
  auto saved = saved_by(*old, hands_over);
  if (!saved) {
    old->hold(false);
    return std::unexpected(std::move(saved).error());
  }
  if (const Outcome paused = old->pause(); paused.status != CLUSE_OK) {
    old->hold(false);
    return fail(Errc::unavailable, "plugin_busy", paused.why);
  }
  std::error_code ignored;
  fs::remove(copy_of(database), ignored);
  const auto copied = storage::copy_plugin_store(database, copy_of(database));
  auto lane = copied ? migrate_and_start(std::move(next), *saved) : std::unexpected(copied.error());
  if (lane) {
    fs::remove(copy_of(database), ignored);
    switch_to(std::move(*lane), state, old);
    return {};
  }
  next.store.reset();
  if (copied) put_back(database);
  if (const Outcome back = old->resume(std::move(*saved)); back.status != CLUSE_OK)
    log_error("plugin_not_resumed", {{"plugin", old->manifest().id}, {"why", back.why}});
  old->hold(false);
  return std::unexpected(std::move(lane).error());
}

Result<std::shared_ptr<Lane>> Host::migrate_and_start(Candidate next, const std::optional<Bytes>& saved) {
  CLUSE_CHECK(next.store->migrate(next.package.migrations));
  auto lane = make_lane(std::move(next), true);
  lane->start();
  Result<void> done;
  if (!lane->wait_until_ready()) done = not_ready(*lane);
  else done = loaded_by(*lane, saved);
  if (done) return lane;
  close(std::move(lane));
  return std::unexpected(std::move(done).error());
}

void Host::switch_to(std::shared_ptr<Lane> lane, const State& state, const std::shared_ptr<Lane>& old) {
  const std::string id = lane->manifest().id;
  {
    const std::lock_guard lock(mutex_);
    lanes_[id] = lane;
    refused_.erase(id);
    breakers_.erase(id);
  }
  old->retire(lane);
  accepted_[id] = state;
  log_info("plugin_switched",
           {{"plugin", id}, {"version", lane->manifest().version}, {"generation", std::to_string(lane->generation())}});
  close(old);
  tell_changed(id);
  // Only now: notices and jobs of two versions would come twice, and out of their order.
  lane->set_active();
}

Result<Preview> Host::preview(BytesView archive, Id person) {
  if (!settings_.uploads) return fail(Errc::denied, "plugin_uploads_off");
  CLUSE_TRY(added, uploads_.add(archive, person));
  const Manifest& manifest = added.upload.package.manifest;
  Preview preview;
  preview.key = added.key;
  preview.id = manifest.id;
  preview.version = manifest.version;
  preview.name = manifest.name;
  preview.signer = added.upload.signer;
  preview.known_signer = !preview.signer.empty() && preview.signer == shelf_.signer(manifest.id);
  preview.grants = words_of(manifest);
  State present;
  if (auto state = shelf_.state(manifest.id)) present = std::move(*state);
  preview.present_version = present.version;
  preview.added = grants_beyond(present.grants, preview.grants);
  preview.removed = grants_beyond(preview.grants, present.grants);
  preview.host_default = may_be_direct(manifest.id) && !present.child_only ? HostKind::direct : HostKind::child;
  return preview;
}

Result<std::string> Host::accept(const std::string& key, Id person, std::optional<HostKind> kind,
                                 const domain::journal::Author& by) {
  if (!settings_.uploads) return fail(Errc::denied, "plugin_uploads_off");
  CLUSE_TRY(upload, uploads_.get(key, person));
  const std::string id = upload.package.manifest.id;
  if (kind == HostKind::direct && !may_be_direct(id)) return fail(Errc::denied, "plugin_direct_not_allowed", id);
  const auto present = shelf_.state(id);
  const bool child_only = kind ? *kind == HostKind::child && may_be_direct(id) : present && present->child_only;
  CLUSE_CHECK(install(upload.folder, upload.package, upload.signer, child_only, by));
  CLUSE_CHECK(uploads_.drop(key, person));
  return id;
}

Result<Bytes> Host::export_data(const std::string& id) {
  CLUSE_CHECK(shelf_.state(id));
  const fs::path copy = shelf_.database(id).string() + ".export";
  std::error_code ignored;
  fs::remove(copy, ignored);
  CLUSE_CHECK(storage::copy_plugin_store(shelf_.database(id), copy));
  auto bytes = read_export(copy);
  fs::remove(copy, ignored);
  return bytes;
}

}  // namespace cluse::plugin
