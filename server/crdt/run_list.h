// The structs of one client in the order of their clocks, without gaps, in blocks: finding is a binary search, and
// adding or removing one in the middle moves at most a block.
#pragma once

#include "server/crdt/item.h"

#include <cstdint>
#include <vector>

namespace cluse::crdt {

class RunList {
 public:
  /// A place in the list. Any change of the list but the one that returned it makes it invalid.
  struct Cursor {
    std::size_t block = 0;
    std::size_t slot = 0;
    bool operator==(const Cursor&) const = default;
  };

  [[nodiscard]] bool empty() const { return blocks_.empty(); }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] Item* back() const { return blocks_.back().items.back(); }
  /// The clock that the next struct of this client must have.
  [[nodiscard]] std::uint64_t state() const { return empty() ? 0 : back()->end(); }
  [[nodiscard]] std::size_t bytes() const;

  /// The struct that holds `clock`. Requires: clock < state().
  [[nodiscard]] Cursor find(std::uint64_t clock) const;
  [[nodiscard]] Item* at(Cursor cursor) const { return blocks_[cursor.block].items[cursor.slot]; }
  [[nodiscard]] Cursor first() const { return {}; }
  [[nodiscard]] Cursor last() const { return {blocks_.size() - 1, blocks_.back().items.size() - 1}; }
  [[nodiscard]] bool is_first(Cursor cursor) const { return cursor == Cursor{}; }
  /// Moves to the next struct; false at the end, where `cursor` stays.
  bool next(Cursor& cursor) const;
  /// Moves to the struct before; false at the beginning, where `cursor` stays.
  bool previous(Cursor& cursor) const;

  void push_back(Item* item);
  void pop_back();
  /// Puts `item` behind `cursor`; where it stands then.
  Cursor insert_after(Cursor cursor, Item* item);
  /// Takes out the struct at `cursor`, which is not the first; where the one before it stands then.
  Cursor erase(Cursor cursor);
  /// Offers each struct from the one behind `from` on to `merge(left, right)`, in order; drops those it takes.
  template <class Merge>
  void compact(Cursor from, Merge merge);

 private:
  static constexpr std::size_t kBlockMax = 64;
  struct Block {
    std::uint64_t first_clock = 0;
    std::vector<Item*> items;
  };

  std::vector<Block> blocks_;
  std::size_t size_ = 0;
};

template <class Merge>
void RunList::compact(Cursor from, Merge merge) {
  Item* left = at(from);
  std::size_t kept_blocks = from.block + 1;
  for (std::size_t b = from.block; b < blocks_.size(); ++b) {
    std::vector<Item*>& items = blocks_[b].items;
    std::size_t kept = b == from.block ? from.slot + 1 : 0;
    for (std::size_t i = kept; i < items.size(); ++i) {
      if (merge(left, items[i])) {
        --size_;
      } else {
        left = items[kept++] = items[i];
      }
    }
    items.resize(kept);
    if (kept == 0) continue;
    blocks_[b].first_clock = items.front()->clock;
    if (b > from.block && b != kept_blocks++) blocks_[kept_blocks - 1] = std::move(blocks_[b]);
  }
  blocks_.resize(kept_blocks);
}

}  // namespace cluse::crdt
