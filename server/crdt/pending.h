// What has arrived before that on which it builds: runs of structs, each waiting for one clock of one client, and
// ranges to be deleted. Waking is by index, so that an update costs nothing for what it does not wake.
#pragma once

#include "server/crdt/update.h"

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

namespace cluse::crdt {

/// Spreads ids over a hash table even if someone chose them to collide in a plain one.
struct IdHash {
  std::size_t operator()(std::uint64_t id) const noexcept {
    id ^= id >> 30;
    id *= 0xbf58476d1ce4e5b9ULL;
    id ^= id >> 27;
    id *= 0x94d049bb133111ebULL;
    return id ^ id >> 31;
  }
};

class Pending {
 public:
  /// Memory that one held run or range costs besides its bytes.
  static constexpr std::size_t kRunCost = 192;

  [[nodiscard]] bool empty() const { return queues_.empty() && deletes_.empty(); }
  [[nodiscard]] bool has_structs() const { return !queues_.empty(); }
  /// Estimate of the memory held.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  /// Keeps what is left of `section`, except what is kept already.
  void add_section(BytesView bytes, Section section);
  void add_delete(DeleteRange range);

  /// The next struct of `client`. False if none is left.
  bool peek(std::uint64_t client, WireStruct& out);
  /// Drops the struct that peek() gave.
  void pop(std::uint64_t client);
  /// The queue of `client` sleeps until the clock of `on.client` is past `on.clock`.
  void wait(std::uint64_t client, WireId on);
  /// Adds to `ready` the clients whose queues waited for `client` to come as far as `state`, and no longer wait.
  void wake(std::uint64_t client, std::uint64_t state, std::vector<std::uint64_t>& ready);

  /// Moves what is to be deleted of `client` below `state` to `out`.
  void take_deletes(std::uint64_t client, std::uint64_t state, std::vector<DeleteRange>& out);

  /// Updates that hold everything kept: the structs, and the deletes.
  [[nodiscard]] Bytes encode_structs() const;
  [[nodiscard]] Bytes encode_deletes() const;

 private:
  struct Run {
    std::uint64_t end = 0;
    Section section;  ///< what is left of `bytes`
    Bytes bytes;
  };
  using Runs = std::map<std::uint64_t, Run>;  // by first clock; they do not overlap
  using Waiters = std::multimap<std::uint64_t, std::uint64_t>;
  struct Queue {
    Runs runs;
    std::uint64_t waits_for = 0;
    std::optional<Waiters::iterator> place;  ///< in waiters_[waits_for]
  };

  void add_run(std::uint64_t clock, std::uint64_t end, const Section& section, BytesView bytes);
  void insert(std::uint64_t clock, std::uint64_t end, const Section& section, BytesView bytes);
  void insert_part(std::uint64_t from, std::uint64_t to, Section section, BytesView bytes);
  void stop_waiting(Queue& queue);

  std::unordered_map<std::uint64_t, Queue, IdHash> queues_;
  std::unordered_map<std::uint64_t, Waiters, IdHash> waiters_;
  std::unordered_map<std::uint64_t, std::map<std::uint64_t, std::uint64_t>, IdHash> deletes_;  // clock to end
  std::size_t bytes_ = 0;
};

}  // namespace cluse::crdt
