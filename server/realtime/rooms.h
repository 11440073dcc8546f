// Rooms: every room of the process, each on the shard its name hashes to, and every connection that is in one.
#pragma once

#include "server/domain/live.h"
#include "server/realtime/room.h"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace cluse::realtime {

class Rooms;

/// One connection in one room. Thread: the shard given to join(); destroying it leaves the room.
class Membership {
 public:
  ~Membership();
  Membership(const Membership&) = delete;
  Membership& operator=(const Membership&) = delete;

  void receive(Bytes message);

 private:
  friend class Rooms;
  Membership(Rooms& rooms, std::uint64_t id, std::string room) : rooms_(rooms), id_(id), room_(std::move(room)) {}

  Rooms& rooms_;
  const std::uint64_t id_;
  const std::string room_;
};

/// Thread: any, unless said otherwise. Outlives every Membership.
class Rooms final : public domain::Live, public domain::Editor {
 public:
  Rooms(Shards& shards, storage::Database& database, const Clock& clock, RoomHooks& hooks, Limits limits,
        Metrics& metrics);
  ~Rooms() override;

  /// Enters `room`. Frames go to `outlet` on `shard`, which must be the caller's.
  [[nodiscard]] std::unique_ptr<Membership> join(std::string room, Participant participant, Shard& shard,
                                                 std::shared_ptr<Outlet> outlet);

  /// Starts the sweep of each shard: keep-alive, expiry, forgetting idle rooms.
  void start();
  /// Waits until everything received is on disk, compacts and forgets all rooms. Requires: no more connections.
  /// Thread: not a shard (blocks, at most `patience`). False if something could not be written in time.
  bool stop(std::chrono::milliseconds patience = std::chrono::seconds(10));
  /// One sweep of every room, now. For tests.
  void sweep();

  void session_ended(Id session) override;
  void person_access_changed(Id workspace, Id person) override;
  void document_about_changed(Id document) override;
  void document_trashed(Id document) override;
  // Not of rooms: see LiveFan.
  void notified(const std::vector<Id>&) override {}
  void happened(const domain::Happening&) override {}
  [[nodiscard]] std::vector<Id> people_in(Id document) const override;
  /// As a member would, whether somebody is in the room or not.
  void edit(Id document, domain::ServerEdit edit) override;

  /// Who is where, as what: each person, room and role once. For whoever checks rights again.
  struct Present {
    std::string room;
    Id person;
    std::string role;
    auto operator<=>(const Present&) const = default;
  };
  [[nodiscard]] std::vector<Present> present() const;
  /// Closes the connections of one of them with 4500: they come back as what they are now.
  void rights_changed(const Present& present);

  [[nodiscard]] const Limits& limits() const { return context_->limits; }

 private:
  friend class Membership;
  struct Connection {
    Participant participant;
    Shard* shard = nullptr;
    std::weak_ptr<Outlet> outlet;
  };
  /// The rooms of one shard. Touched on that shard alone.
  using Home = std::unordered_map<std::string, std::shared_ptr<Room>>;

  Shard& home_of(const std::string& room);
  /// Runs `work` on the room, on its shard; makes the room if it is not in memory and `make` is set.
  void with_room(std::string name, bool make, std::move_only_function<void(Room&)> work);
  void leave(std::uint64_t member, const std::string& room);
  void close_where(const std::function<bool(const std::string& room, const Participant&)>& chosen, std::uint16_t code,
                   const char* reason);
  void sweep_shard(std::size_t index);
  Task<void> keep_sweeping(Shard& shard);
  bool settle(std::chrono::milliseconds patience);

  // Fixed at construction
  const std::shared_ptr<const RoomContext> context_;
  // Each touched on its shard alone
  std::vector<std::unique_ptr<Home>> homes_;
  // Any thread
  std::atomic<std::uint64_t> next_member_ = 1;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  // Guarded by mutex_
  std::unordered_map<std::string, std::unordered_map<std::uint64_t, Connection>> connections_;  ///< by room
};

}  // namespace cluse::realtime
