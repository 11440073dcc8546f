#include "server/realtime/room.h"

#include "server/base/log.h"
#include "server/domain/content/content.h"
#include "server/realtime/wire.h"

#include <algorithm>
#include <limits>

namespace cluse::realtime {
namespace content = domain::content;

namespace {

/// Those that are to be seen before they happen for the first time: the limits, and a disk that is full.
constexpr std::string_view kReasons[] = {
    "awareness_too_large", "awareness_too_many_clients", "document_too_large", "message_malformed",
    "overloaded",          "pending_too_large",          "room_full",          "storage_full"};

Counter& refusals(Metrics& metrics, std::string_view reason) {
  return metrics.counter("cluse_realtime_refused_total", "Connections to documents that were closed, by the reason.",
                         "reason=\"" + std::string(reason) + '"');
}

}  // namespace

RoomMetrics::RoomMetrics(Metrics& metrics)
    : rooms(metrics.gauge("cluse_realtime_rooms", "Rooms in memory")),
      members(metrics.gauge("cluse_realtime_members", "Connections that are in a room")),
      updates(metrics.counter("cluse_realtime_updates_total", "Document updates received")),
      saves(metrics.counter("cluse_realtime_saves_total", "Batches of updates written to disk")),
      frames(metrics.counter("cluse_realtime_frames_total", "Messages handed to connections")),
      save_seconds(metrics.histogram("cluse_realtime_save_seconds", "From the first update of a batch to its commit")),
      registry_(metrics) {
  for (const std::string_view reason : kReasons) static_cast<void>(refusals(registry_, reason));
}

void RoomMetrics::refused(std::string_view reason) const {
  refusals(registry_, reason).add();
}

struct Room::Listeners {
  std::vector<std::pair<std::uint64_t, std::shared_ptr<Outlet>>> outlets;
};

struct Room::Batch {
  std::vector<Unsaved> parts;
  Bytes merged;  ///< empty: nothing to write
  std::int64_t sequence = 0;
  std::chrono::steady_clock::time_point started;
  Bytes compacted;  ///< the document before this batch, if the log is to be folded first

  /// Tells the makers of the server's edits.
  void tell(const Result<void>& result) const {
    for (const Unsaved& part : parts)
      if (part.done) part.done(result);
  }
  /// The member who wrote all of it, or 0.
  [[nodiscard]] std::uint64_t only_author() const {
    const std::uint64_t first = parts.front().member;
    return std::ranges::all_of(parts, [&](const Unsaved& part) { return part.member == first; }) ? first : 0;
  }
};

Room::Room(std::string name, Shard& home, std::shared_ptr<const RoomContext> context)
    : name_(std::move(name)), home_(home), context_(std::move(context)) {
  for (std::size_t i = 0; i < context_->shards.size(); ++i) listeners_.push_back(std::make_shared<Listeners>());
  last_broadcast_ = empty_since_ = context_->clock.now();
  context_->metrics.rooms.add(1);
}

Room::~Room() {
  context_->metrics.rooms.add(-1);
}

// ---------------------------------------------------------------- members

void Room::join(std::uint64_t member, Participant participant, Shard& shard, std::shared_ptr<Outlet> outlet) {
  if (members_.size() >= context_->limits.members_max) {
    context_->metrics.refused("room_full");
    shard.post([outlet] { outlet->close(kCloseTryAgain, "room_full"); });
    return;
  }
  members_[member] = {std::move(participant), &shard, outlet, 0};
  context_->metrics.members.add(1);
  shard.post([list = listeners_[shard.index()], member, outlet] { list->outlets.emplace_back(member, outlet); });
  if (document_) {
    welcome(member);
  } else if (!loading_) {
    load();
  }
}

void Room::leave(std::uint64_t member) {
  const auto found = members_.find(member);
  if (found == members_.end()) return;
  Shard& shard = *found->second.shard;
  members_.erase(found);
  context_->metrics.members.add(-1);
  shard.post([list = listeners_[shard.index()], member] {
    std::erase_if(list->outlets, [&](const auto& entry) { return entry.first == member; });
  });
  std::erase_if(waiting_, [&](const auto& entry) { return entry.first == member; });
  const auto gone = awareness_.leave(member);
  for (const AwarenessEntry& entry : gone) changed_clients_.erase(entry.client);
  if (!gone.empty()) broadcast(awareness_frame(write_awareness(gone)));
  if (members_.empty()) empty_since_ = context_->clock.now();
}

void Room::close(std::uint64_t member, std::uint16_t code, std::string reason) {
  const auto found = members_.find(member);
  if (found == members_.end()) return;
  context_->metrics.refused(reason);
  log_info("member_closed", {{"room", name_}, {"code", std::to_string(code)}, {"reason", reason}});
  found->second.shard->post([outlet = found->second.outlet, code, why = std::move(reason)]() mutable {
    outlet->close(code, std::move(why));
  });
  leave(member);  // whatever it sends from now on is not heard
}

void Room::send(const Member& member, Bytes frame) {
  context_->metrics.frames.add();
  member.shard->post([outlet = member.outlet, bytes = share(std::move(frame))] { outlet->send(bytes); });
}

void Room::broadcast(Bytes frame, std::uint64_t except) {
  if (members_.empty()) return;
  last_broadcast_ = context_->clock.now();
  const SharedBytes bytes = share(std::move(frame));
  std::vector<bool> listening(listeners_.size());
  for (const auto& [id, member] : members_) listening[member.shard->index()] = true;
  for (std::size_t i = 0; i < listeners_.size(); ++i) {
    if (!listening[i]) continue;
    context_->shards.at(i).post([list = listeners_[i], bytes, except, &frames = context_->metrics.frames] {
      for (const auto& [member, outlet] : list->outlets) {
        if (member == except) continue;
        outlet->send(bytes);
        frames.add();
      }
    });
  }
}

// ---------------------------------------------------------------- loading

void Room::load() {
  loading_ = true;
  struct Loaded {
    std::optional<crdt::Document> document;
    std::int64_t sequence = 0;
    std::size_t rows = 0;
    std::size_t bytes = 0;
  };
  auto loaded = std::make_shared<Loaded>();
  auto body = [loaded, name = name_](storage::Snapshot& snapshot) -> Result<void> {
    const content::Log log = content::read_log(snapshot, name);
    CLUSE_TRY(document, content::replay(log));
    loaded->document = std::move(document);
    loaded->sequence = log.last_sequence;
    loaded->rows = log.updates.size();
    for (const Bytes& update : log.updates) loaded->bytes += update.size();
    return {};
  };
  auto done = [self = shared_from_this(), loaded](Result<void> result) {
    self->home_.post([self, loaded, result = std::move(result)]() mutable {
      self->on_loaded(std::move(result), std::move(loaded->document), loaded->sequence, loaded->rows, loaded->bytes);
    });
  };
  context_->database.submit_read(std::move(body), std::move(done));
}

void Room::on_loaded(Result<void> result, std::optional<crdt::Document> document, std::int64_t sequence,
                     std::size_t rows, std::size_t bytes) {
  loading_ = false;
  if (!result) {
    log_error("room_not_loaded",
              {{"room", name_}, {"code", std::string(result.error().code)}, {"detail", result.error().detail}});
    const std::uint16_t code = result.error().kind == Errc::internal ? kCloseInternal : kCloseTryAgain;
    while (!members_.empty()) close(members_.begin()->first, code, std::string(result.error().code));
    waiting_.clear();
    waiting_bytes_ = 0;
    for (const domain::ServerEdit& edit : std::exchange(waiting_edits_, {})) edit.done(result);
    return;
  }
  document_ = std::move(document);
  document_->set_limits({.update_bytes_max = context_->limits.unsaved_bytes_max,
                         .pending_bytes_max = context_->limits.pending_bytes_max,
                         .conflict_steps_max = context_->limits.conflict_steps_max});
  sequence_ = sequence;
  rows_ = rows;
  row_bytes_ = bytes;
  std::vector<std::uint64_t> ids;
  for (const auto& [id, member] : members_) ids.push_back(id);
  for (const std::uint64_t id : ids) welcome(id);
  auto waiting = std::exchange(waiting_, {});
  waiting_bytes_ = 0;
  for (const auto& [id, message] : waiting) handle(id, message);
  for (domain::ServerEdit& edit : std::exchange(waiting_edits_, {})) make_edit(std::move(edit));
}

void Room::welcome(std::uint64_t id) {
  const Member& member = members_.at(id);
  // Readers are not asked for what they have: nothing of theirs could be taken.
  if (member.participant.may_write) send(member, sync_frame(kStep1, document_->state_vector()));
  const auto states = awareness_.states();
  if (!states.empty()) send(member, awareness_frame(write_awareness(states)));
}

void Room::announce() {
  for (const auto& [id, member] : members_) {
    if (!member.participant.wants_acknowledgements) continue;
    auto json = std::make_shared<std::string>();
    auto body = [json, name = name_, role = member.participant.role,
                 &hooks = context_->hooks](storage::Snapshot& snapshot) -> Result<void> {
      *json = hooks.about(snapshot, name, role);
      return {};
    };
    auto done = [json, shard = member.shard, outlet = member.outlet](Result<void> result) {
      if (!result || json->empty()) return;
      shard->post([outlet, frame = share(about_frame(*json))] { outlet->send(frame); });
    };
    context_->database.submit_read(std::move(body), std::move(done));
  }
}

// ---------------------------------------------------------------- messages

void Room::receive(std::uint64_t member, Bytes message) {
  if (!members_.contains(member)) return;
  if (document_) return handle(member, message);
  waiting_bytes_ += message.size();
  if (waiting_bytes_ > context_->limits.unsaved_bytes_max) return close(member, kCloseTryAgain, "overloaded");
  waiting_.emplace_back(member, std::move(message));
}

void Room::handle(std::uint64_t member, BytesView message) {
  const auto found = members_.find(member);
  if (found == members_.end()) return;
  Reader reader(message);
  const auto type = reader.unsigned_int();
  if (!type) return close(member, kCloseMalformed, "message_malformed");
  const BytesView body = message.substr(1);  // the types we know take one byte
  switch (*type) {
    case kSync: return on_sync(member, body);
    case kAwareness: return on_awareness(member, body);
    case kAuth: return;  // only ever sent by servers
    case kQueryAwareness: return send(found->second, awareness_frame(write_awareness(awareness_.states())));
    default: return close(member, kCloseMalformed, "message_unknown");
  }
}

void Room::on_sync(std::uint64_t id, BytesView body) {
  Reader reader(body);
  const auto type = reader.unsigned_int();
  const auto payload = reader.bytes();
  if (!type || *type > kUpdate || !payload) return close(id, kCloseMalformed, "message_malformed");
  if (*type != kStep1) return on_update(id, *payload);
  const auto state = document_->encode_state(*payload);
  if (!state) return close(id, kCloseMalformed, "state_vector_malformed");
  send(members_.at(id), sync_frame(kStep2, *state));
}

void Room::on_update(std::uint64_t id, BytesView update) {
  Member& member = members_.at(id);
  const Limits& limits = context_->limits;
  if (!member.participant.may_write) {
    send(member, auth_denied_frame("read_only"));
    return close(id, kCloseDenied, "read_only");
  }
  context_->metrics.updates.add();
  ++member.messages;
  if (const auto checked = crdt::check_update(update); !checked) {
    return close(id, kCloseMalformed, std::string(checked.error().code));
  }
  if (unsaved_bytes_ + update.size() > limits.unsaved_bytes_max) return close(id, kCloseTryAgain, "overloaded");
  if (row_bytes_ + update.size() > limits.document_bytes_max) return close(id, kCloseMalformed, "document_too_large");
  const bool empty = update == kEmptyUpdate;
  if (!empty) unsaved_bytes_ += update.size();
  const Participant& who = member.participant;
  unsaved_.push_back({id, member.messages, who.person, who.session, empty ? Bytes() : Bytes(update)});
  flush();
}

void Room::on_awareness(std::uint64_t id, BytesView body) {
  Reader reader(body);
  const auto payload = reader.bytes();
  const auto entries = payload ? read_awareness(*payload) : std::nullopt;
  if (!entries) return close(id, kCloseMalformed, "awareness_malformed");
  for (const AwarenessEntry& entry : *entries) {
    if (entry.state.size() > context_->limits.awareness_bytes_max)
      return close(id, kCloseMalformed, "awareness_too_large");
  }
  const bool was_quiet = changed_clients_.empty();
  for (const std::uint64_t client : awareness_.receive(id, *entries, context_->clock.now()))
    changed_clients_.insert(client);
  if (awareness_.clients_of(id) > context_->limits.awareness_clients_max) {
    return close(id, kCloseMalformed, "awareness_too_many_clients");
  }
  // The states of this turn of the event loop leave together, newest first wins. The sender is among the receivers:
  // a y-websocket client that hears nothing for 30 s would leave.
  if (was_quiet && !changed_clients_.empty()) {
    home_.post([self = shared_from_this()] { self->flush_awareness(); });
  }
}

// ---------------------------------------------------------------- edits of the server's

void Room::edit(domain::ServerEdit edit) {
  if (document_) return make_edit(std::move(edit));
  waiting_edits_.push_back(std::move(edit));
  if (!loading_) load();
}

void Room::make_edit(domain::ServerEdit edit) {
  const Limits& limits = context_->limits;
  auto update = edit.make(*document_);
  if (!update) return edit.done(std::unexpected(std::move(update).error()));
  if (*update == kEmptyUpdate) return edit.done({});
  const auto refuse = [&](Errc kind, std::string_view code) { edit.done(fail(kind, code)); };
  if (unsaved_bytes_ + update->size() > limits.unsaved_bytes_max) return refuse(Errc::unavailable, "overloaded");
  if (row_bytes_ + update->size() > limits.document_bytes_max) return refuse(Errc::too_large, "document_too_large");
  unsaved_bytes_ += update->size();
  unsaved_.push_back({0, 0, edit.person, Id(), std::move(*update), std::move(edit.done)});
  flush();
}

void Room::flush_awareness() {
  const auto states = awareness_.states(changed_clients_);
  changed_clients_.clear();
  if (!states.empty()) broadcast(awareness_frame(write_awareness(states)));
}

// ---------------------------------------------------------------- saving

void Room::flush() {
  if (in_flight_ || unsaved_.empty()) return;
  auto batch = std::make_shared<Batch>();
  batch->started = std::chrono::steady_clock::now();
  batch->parts = std::exchange(unsaved_, {});
  unsaved_bytes_ = 0;
  std::vector<BytesView> updates;
  for (const Unsaved& part : batch->parts) {
    if (!part.update.empty()) updates.push_back(part.update);
  }
  if (updates.empty()) return acknowledge(*batch);
  if (updates.size() == 1) {
    batch->merged = Bytes(updates.front());
  } else {
    auto merged = crdt::merge_updates(updates, {.update_bytes_max = context_->limits.unsaved_bytes_max});
    if (!merged) {
      log_error("updates_not_merged", {{"room", name_}, {"detail", merged.error().detail}});
      for (const Unsaved& part : batch->parts) close(part.member, kCloseInternal, "updates_not_merged");
      batch->tell(fail(Errc::internal, "updates_not_merged"));
      return;
    }
    batch->merged = std::move(*merged);
  }
  const bool many =
      rows_ >= context_->limits.rows_before_compaction ||
      row_bytes_ - std::min(row_bytes_, base_bytes_) >= context_->limits.bytes_before_compaction + base_bytes_;
  if (many) batch->compacted = document_->encode_state().value_or(Bytes());
  batch->sequence = sequence_ + 1;
  save(std::move(batch));
}

void Room::save(std::shared_ptr<Batch> batch) {
  in_flight_ = true;
  auto body = [batch, name = name_, &hooks = context_->hooks](storage::Transaction& transaction) -> Result<void> {
    if (!batch->compacted.empty()) content::compact(transaction, name, batch->sequence - 1, batch->compacted);
    if (batch->merged.empty()) return {};
    content::append_at(transaction, name, batch->sequence, batch->merged);
    // Each author once, the last one last: hers is the name beside the document.
    for (auto part = batch->parts.begin(); part != batch->parts.end(); ++part) {
      const auto same = [&](const Unsaved& later) { return later.person == part->person; };
      if (std::none_of(part + 1, batch->parts.end(), same))
        hooks.on_saved(transaction, name, part->person, part->session);
    }
    return {};
  };
  auto done = [self = shared_from_this(), batch](Result<void> result) {
    self->home_.post([self, batch, result = std::move(result)] { self->on_saved(*batch, result); });
  };
  context_->database.submit_write(std::move(body), std::move(done));
}

void Room::on_saved(const Batch& batch, const Result<void>& result) {
  in_flight_ = false;
  if (!result) {
    // Nobody has seen these edits; their authors keep them and send them again when they are back.
    log_error("edits_not_saved", {{"room", name_}, {"code", std::string(result.error().code)}});
    for (const Unsaved& part : batch.parts) close(part.member, kCloseTryAgain, std::string(result.error().code));
    batch.tell(result);
    return flush();
  }
  if (!batch.compacted.empty()) {
    rows_ = 1;
    row_bytes_ = base_bytes_ = batch.compacted.size();
  }
  if (batch.merged.empty()) return flush();
  sequence_ = batch.sequence;
  ++rows_;
  row_bytes_ += batch.merged.size();
  context_->metrics.saves.add();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - batch.started;
  context_->metrics.save_seconds.observe(took.count());

  if (const auto applied = document_->apply(batch.merged); !applied) {
    batch.tell(applied);
    return take_back(batch, std::string(applied.error().code));
  }
  broadcast(sync_frame(kUpdate, batch.merged), batch.only_author());
  acknowledge(batch);
  batch.tell({});
  flush();
}

/// A well-formed update may still be too costly to integrate, or wait with too many others for what never comes. Nobody
/// has seen it: its row goes, and so do its authors.
void Room::take_back(const Batch& batch, std::string reason) {
  const bool alone = batch.only_author() != 0;
  --rows_;
  row_bytes_ -= batch.merged.size();
  // Among several, the innocent ones come back and are then heard one by one.
  for (const Unsaved& part : batch.parts) close(part.member, alone ? kCloseMalformed : kCloseTryAgain, reason);
  in_flight_ = true;
  auto body = [name = name_, sequence = batch.sequence](storage::Transaction& transaction) -> Result<void> {
    transaction.run("DELETE FROM collab_update WHERE room = ? AND sequence = ?", {name, sequence});
    return {};
  };
  auto done = [self = shared_from_this()](Result<void>) {
    self->home_.post([self] {
      self->in_flight_ = false;
      self->flush();
    });
  };
  context_->database.submit_write(std::move(body), std::move(done));
}

void Room::acknowledge(const Batch& batch) {
  std::map<std::uint64_t, std::uint64_t> newest;
  for (const Unsaved& part : batch.parts) newest[part.member] = part.message;
  for (const auto& [id, message] : newest) {
    const auto found = members_.find(id);
    if (found == members_.end() || !found->second.participant.wants_acknowledgements) continue;
    send(found->second, durable_frame(message));
  }
}

void Room::compact() {
  if (!document_ || in_flight_ || !unsaved_.empty() || rows_ < 20) return;
  auto batch = std::make_shared<Batch>();
  batch->compacted = document_->encode_state().value_or(Bytes());
  batch->sequence = sequence_ + 1;
  if (!batch->compacted.empty()) save(std::move(batch));
}

void Room::tick(Instant now) {
  const auto gone = awareness_.expire(now);
  if (!gone.empty()) broadcast(awareness_frame(write_awareness(gone)));
  if (!members_.empty() && now >= last_broadcast_ + context_->limits.keep_alive)
    broadcast(awareness_frame(Bytes(1, '\0')));
}

bool Room::is_idle(Instant now) const {
  return members_.empty() && !is_busy() && now >= empty_since_ + context_->limits.linger;
}

}  // namespace cluse::realtime
