// A room: one document, its members, its awareness and the tail of its log. Lives on one shard and needs no lock.
//
// Invariant "seen means saved": an update is checked, written in a commit that is on disk, and only then integrated and
// broadcast. So the document in memory is never ahead of the disk, and whatever a member was sent survives `kill -9`.
// One commit is in flight at a time; what arrives meanwhile is merged into the next: a quiet room sends each keystroke
// at once, a busy one sends fewer, larger frames.
#pragma once

#include "server/async/shard.h"
#include "server/base/bytes.h"
#include "server/base/id.h"
#include "server/base/metrics.h"
#include "server/crdt/crdt.h"
#include "server/domain/documents/editor.h"
#include "server/realtime/awareness.h"
#include "server/storage/database.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::realtime {

struct Limits {
  std::size_t message_bytes_max = 16U << 20;    ///< one WebSocket message; past it 1009
  std::size_t awareness_bytes_max = 16U << 10;  ///< one awareness state; past it 4400
  std::size_t awareness_clients_max = 8;        ///< client ids that one connection may introduce
  std::size_t members_max = 2'000;              ///< connections in one room; past it 1013
  std::size_t unsaved_bytes_max = 64U << 20;    ///< received and not yet on disk, per room; past it 1013
  std::size_t pending_bytes_max = 32U << 20;    ///< on disk but waiting for what it builds on, per room; past it 4400
  std::size_t conflict_steps_max = 20'000'000;  ///< work that one update may cause, see crdt::Limits; past it 4400
  std::size_t document_bytes_max = 256U << 20;  ///< log of one document; past it 4400
  std::size_t rows_before_compaction = 500;
  std::size_t bytes_before_compaction = 4U << 20;
  std::chrono::milliseconds linger{30'000};      ///< an empty room stays in memory this long
  std::chrono::milliseconds keep_alive{20'000};  ///< y-websocket leaves after 30 s without any message
};

/// Where a member's messages go. Implemented over a WebSocket by the layer above. Thread: the member's shard.
class Outlet {
 public:
  virtual ~Outlet() = default;
  virtual void send(SharedBytes frame) = 0;
  virtual void close(std::uint16_t code, std::string reason) = 0;
};

/// Who a member is.
struct Participant {
  Id person;
  Id session;
  Id workspace;
  std::string role;
  bool may_write = false;
  bool wants_acknowledgements = false;  ///< speaks cluse.ack.1
};

/// What a room tells the domain. Thread: as noted.
class RoomHooks {
 public:
  virtual ~RoomHooks() = default;
  /// Inside the transaction that saves edits of `room`, once for each of their authors, with the `session` in which she
  /// wrote. Thread: the writer.
  virtual void on_saved(storage::Transaction& transaction, const std::string& room, Id person, Id session) = 0;
  /// JSON of message 65 for a member with `role`. Thread: a reader.
  virtual std::string about(storage::Snapshot& snapshot, const std::string& room, const std::string& role) = 0;
};

struct RoomMetrics {
  explicit RoomMetrics(Metrics& metrics);
  Gauge& rooms;
  Gauge& members;
  Counter& updates;
  Counter& saves;
  Counter& frames;
  Histogram& save_seconds;
  /// A connection was closed, or not let in, for `reason`: one of our codes, never words of a client.
  void refused(std::string_view reason) const;

 private:
  Metrics& registry_;
};

/// What all rooms share, and keep alive: a callback of the store may hold a room a moment longer than Rooms exists.
/// What it refers to outlives the store.
struct RoomContext {
  Shards& shards;
  storage::Database& database;
  const Clock& clock;
  RoomHooks& hooks;
  Limits limits;
  RoomMetrics metrics;
};

/// Thread: its shard, every member function.
class Room : public std::enable_shared_from_this<Room> {
 public:
  Room(std::string name, Shard& home, std::shared_ptr<const RoomContext> context);
  ~Room();

  void join(std::uint64_t member, Participant participant, Shard& shard, std::shared_ptr<Outlet> outlet);
  void receive(std::uint64_t member, Bytes message);
  void leave(std::uint64_t member);
  void edit(domain::ServerEdit edit);
  /// Sends message 65 afresh to every member that understands it.
  void announce();
  /// Every few seconds: keep-alive, expiry of awareness.
  void tick(Instant now);

  /// Empty for longer than the linger time, with nothing left to write: may be forgotten.
  [[nodiscard]] bool is_idle(Instant now) const;
  [[nodiscard]] bool has_unsaved() const { return in_flight_ || !unsaved_.empty(); }
  [[nodiscard]] bool is_busy() const { return loading_ || has_unsaved(); }
  /// Leaves one row behind instead of many, before the room is forgotten. No-op if there is little to gain.
  void compact();

 private:
  struct Member {
    Participant participant;
    Shard* shard = nullptr;
    std::shared_ptr<Outlet> outlet;
    std::uint64_t messages = 0;  ///< sync step 2 and update messages received
  };
  /// The members on one shard. Touched on that shard alone.
  struct Listeners;
  struct Unsaved {
    std::uint64_t member = 0;
    std::uint64_t message = 0;  ///< its number, for the acknowledgement
    Id person, session;
    Bytes update;
    std::function<void(const Result<void>&)> done = {};  ///< of an edit of the server's
  };
  struct Batch;

  void load();
  void on_loaded(Result<void> result, std::optional<crdt::Document> document, std::int64_t sequence, std::size_t rows,
                 std::size_t bytes);
  void welcome(std::uint64_t member);
  void handle(std::uint64_t member, BytesView message);
  void make_edit(domain::ServerEdit edit);
  void on_sync(std::uint64_t member, BytesView body);
  void on_update(std::uint64_t member, BytesView update);
  void on_awareness(std::uint64_t member, BytesView body);
  void flush();
  void save(std::shared_ptr<Batch> batch);
  void on_saved(const Batch& batch, const Result<void>& result);
  void take_back(const Batch& batch, std::string reason);
  void acknowledge(const Batch& batch);
  void flush_awareness();

  void send(const Member& member, Bytes frame);
  void broadcast(Bytes frame, std::uint64_t except = 0);
  void close(std::uint64_t member, std::uint16_t code, std::string reason);

  // Fixed at construction
  const std::string name_;
  Shard& home_;
  const std::shared_ptr<const RoomContext> context_;
  // Shard only
  std::optional<crdt::Document> document_;  ///< empty while loading
  bool loading_ = false;
  std::vector<std::pair<std::uint64_t, Bytes>> waiting_;  ///< messages that came while loading
  std::size_t waiting_bytes_ = 0;
  std::vector<domain::ServerEdit> waiting_edits_;
  std::map<std::uint64_t, Member> members_;
  std::vector<std::shared_ptr<Listeners>> listeners_;  ///< by shard
  Awareness awareness_;
  std::set<std::uint64_t> changed_clients_;  ///< of awareness, to be sent at the end of this turn
  std::vector<Unsaved> unsaved_;
  std::size_t unsaved_bytes_ = 0;
  bool in_flight_ = false;
  std::int64_t sequence_ = 0;  ///< of the last row on disk
  std::size_t rows_ = 0;       ///< on disk, roughly: decides about compaction
  std::size_t row_bytes_ = 0;
  std::size_t base_bytes_ = 0;  ///< of the first, compacted row
  Instant last_broadcast_;
  Instant empty_since_;
};

}  // namespace cluse::realtime
