#include "server/realtime/rooms.h"

#include "server/base/log.h"
#include "server/realtime/wire.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <future>

namespace cluse::realtime {

Membership::~Membership() {
  rooms_.leave(id_, room_);
}

void Membership::receive(Bytes message) {
  rooms_.with_room(room_, false,
                   [id = id_, bytes = std::move(message)](Room& room) mutable { room.receive(id, std::move(bytes)); });
}

Rooms::Rooms(Shards& shards, storage::Database& database, const Clock& clock, RoomHooks& hooks, Limits limits,
             Metrics& metrics)
    : context_(std::make_shared<const RoomContext>(shards, database, clock, hooks, limits, RoomMetrics(metrics))) {
  for (std::size_t i = 0; i < shards.size(); ++i) homes_.push_back(std::make_unique<Home>());
}

Rooms::~Rooms() = default;

Shard& Rooms::home_of(const std::string& room) {
  return context_->shards.home(std::hash<std::string>()(room));
}

void Rooms::with_room(std::string name, bool make, std::move_only_function<void(Room&)> work) {
  Shard& home = home_of(name);
  home.post([this, &home, make, room_name = std::move(name), work = std::move(work)]() mutable {
    Home& rooms = *homes_[home.index()];
    auto found = rooms.find(room_name);
    if (found == rooms.end()) {
      if (!make) return;
      auto fresh = std::make_shared<Room>(room_name, home, context_);
      found = rooms.emplace(std::move(room_name), std::move(fresh)).first;
    }
    const std::shared_ptr<Room> room = found->second;
    work(*room);
  });
}

std::unique_ptr<Membership> Rooms::join(std::string room, Participant participant, Shard& shard,
                                        std::shared_ptr<Outlet> outlet) {
  const std::uint64_t id = next_member_++;
  {
    const std::lock_guard lock(mutex_);
    connections_[room][id] = {participant, &shard, outlet};
  }
  with_room(room, true,
            [id, participant = std::move(participant), &shard, outlet = std::move(outlet)](Room& r) mutable {
              r.join(id, std::move(participant), shard, std::move(outlet));
            });
  return std::unique_ptr<Membership>(new Membership(*this, id, std::move(room)));
}

void Rooms::leave(std::uint64_t member, const std::string& room) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = connections_.find(room);
    if (found != connections_.end() && found->second.erase(member) > 0 && found->second.empty())
      connections_.erase(found);
  }
  with_room(room, false, [member](Room& r) { r.leave(member); });
}

void Rooms::edit(Id document, domain::ServerEdit edit) {
  with_room(document.to_string(), true, [edit = std::move(edit)](Room& room) mutable { room.edit(std::move(edit)); });
}

// ---------------------------------------------------------------- Live

void Rooms::close_where(const std::function<bool(const std::string& room, const Participant&)>& chosen,
                        std::uint16_t code, const char* reason) {
  const std::lock_guard lock(mutex_);
  for (const auto& [room, members] : connections_) {
    for (const auto& [id, connection] : members) {
      if (!chosen(room, connection.participant)) continue;
      connection.shard->post([weak = connection.outlet, code, reason] {
        if (const auto outlet = weak.lock()) outlet->close(code, reason);
      });
    }
  }
}

void Rooms::session_ended(Id session) {
  close_where([&](const auto&, const Participant& p) { return p.session == session; }, kCloseSessionEnded,
              "session_ended");
}

void Rooms::person_access_changed(Id workspace, Id person) {
  close_where([&](const auto&, const Participant& p) { return p.workspace == workspace && p.person == person; },
              kCloseAccessChanged, "access_changed");
}

void Rooms::document_about_changed(Id document) {
  with_room(document.to_string(), false, [](Room& room) { room.announce(); });
}

void Rooms::document_trashed(Id document) {
  close_where([trashed = document.to_string()](const std::string& room, const auto&) { return room == trashed; },
              kCloseTrashed, "document_trashed");
}

std::vector<Id> Rooms::people_in(Id document) const {
  std::vector<Id> people;
  {
    const std::lock_guard lock(mutex_);
    const auto found = connections_.find(document.to_string());
    if (found == connections_.end()) return people;
    for (const auto& [id, connection] : found->second) people.push_back(connection.participant.person);
  }
  std::sort(people.begin(), people.end());
  people.erase(std::unique(people.begin(), people.end()), people.end());
  return people;
}

std::vector<Rooms::Present> Rooms::present() const {
  std::vector<Present> all;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [room, members] : connections_)
      for (const auto& [id, connection] : members)
        all.push_back({room, connection.participant.person, connection.participant.role});
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

void Rooms::rights_changed(const Present& present) {
  close_where(
      [&](const std::string& room, const Participant& p) {
        return room == present.room && p.person == present.person && p.role == present.role;
      },
      kCloseAccessChanged, "access_changed");
}

// ---------------------------------------------------------------- sweeping and stopping

void Rooms::sweep_shard(std::size_t index) {
  Home& rooms = *homes_[index];
  const Instant now = context_->clock.now();
  for (auto it = rooms.begin(); it != rooms.end();) {
    it->second->tick(now);
    if (!it->second->is_idle(now)) {
      ++it;
      continue;
    }
    it->second->compact();  // keeps the room alive by itself until the commit
    it = it->second->is_busy() ? std::next(it) : rooms.erase(it);
  }
}

void Rooms::sweep() {
  for (std::size_t i = 0; i < homes_.size(); ++i) {
    context_->shards.at(i).post([this, i] { sweep_shard(i); });
  }
}

Task<void> Rooms::keep_sweeping(Shard& shard) {
  boost::asio::steady_timer timer(shard.executor());
  while (!stopping_) {
    timer.expires_after(std::chrono::seconds(1));
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    if (!stopping_) sweep_shard(shard.index());
  }
}

void Rooms::start() {
  for (std::size_t i = 0; i < homes_.size(); ++i) {
    Shard& shard = context_->shards.at(i);
    shard.spawn("rooms_sweep", keep_sweeping(shard));
  }
}

bool Rooms::settle(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (std::size_t i = 0; i < homes_.size(); ++i) {
    while (true) {
      auto answer = std::make_shared<std::promise<bool>>();
      auto settled = answer->get_future();
      context_->shards.at(i).post([this, i, answer] {
        const auto unsaved = [](const auto& entry) { return entry.second->is_busy(); };
        answer->set_value(std::none_of(homes_[i]->begin(), homes_[i]->end(), unsaved));
      });
      if (settled.get()) break;
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  return true;
}

bool Rooms::stop(std::chrono::milliseconds patience) {
  stopping_ = true;
  bool complete = settle(patience);
  for (std::size_t i = 0; i < homes_.size(); ++i) {
    context_->shards.at(i).post([this, i] {
      for (const auto& [name, room] : *homes_[i]) room->compact();
    });
  }
  complete = settle(patience) && complete;
  std::promise<void> forgotten;
  std::atomic<std::size_t> left = homes_.size();
  for (std::size_t i = 0; i < homes_.size(); ++i) {
    context_->shards.at(i).post([this, i, &left, &forgotten] {
      homes_[i]->clear();
      if (--left == 0) forgotten.set_value();
    });
  }
  forgotten.get_future().wait();
  if (!complete) log_error("edits_not_saved_at_stop");
  return complete;
}

}  // namespace cluse::realtime
