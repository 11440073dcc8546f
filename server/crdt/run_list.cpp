#include "server/crdt/run_list.h"

#include <algorithm>

namespace cluse::crdt {

std::size_t RunList::bytes() const {
  std::size_t total = blocks_.capacity() * sizeof(Block);
  for (const Block& block : blocks_) total += block.items.capacity() * sizeof(Item*);
  return total;
}

RunList::Cursor RunList::find(std::uint64_t clock) const {
  // Typing looks for the end of the last run more often than for anything else.
  if (back()->clock <= clock) return last();
  const auto block = std::upper_bound(blocks_.begin(), blocks_.end(), clock,
                                      [](std::uint64_t at, const Block& b) { return at < b.first_clock; }) -
                     1;
  const auto item = std::upper_bound(block->items.begin(), block->items.end(), clock,
                                     [](std::uint64_t at, const Item* i) { return at < i->clock; }) -
                    1;
  return {static_cast<std::size_t>(block - blocks_.begin()), static_cast<std::size_t>(item - block->items.begin())};
}

bool RunList::next(Cursor& cursor) const {
  if (cursor.slot + 1 < blocks_[cursor.block].items.size()) {
    ++cursor.slot;
  } else if (cursor.block + 1 < blocks_.size()) {
    cursor = {cursor.block + 1, 0};
  } else {
    return false;
  }
  return true;
}

bool RunList::previous(Cursor& cursor) const {
  if (cursor.slot > 0) {
    --cursor.slot;
  } else if (cursor.block > 0) {
    cursor = {cursor.block - 1, blocks_[cursor.block - 1].items.size() - 1};
  } else {
    return false;
  }
  return true;
}

void RunList::push_back(Item* item) {
  if (blocks_.empty() || blocks_.back().items.size() >= kBlockMax) blocks_.push_back({item->clock, {}});
  blocks_.back().items.push_back(item);
  ++size_;
}

void RunList::pop_back() {
  blocks_.back().items.pop_back();
  if (blocks_.back().items.empty()) blocks_.pop_back();
  --size_;
}

RunList::Cursor RunList::insert_after(Cursor cursor, Item* item) {
  if (blocks_[cursor.block].items.size() >= kBlockMax) {
    constexpr std::size_t kHalf = kBlockMax / 2;
    std::vector<Item*>& full = blocks_[cursor.block].items;
    Block upper{full[kHalf]->clock, {full.begin() + kHalf, full.end()}};
    full.resize(kHalf);
    blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(cursor.block) + 1, std::move(upper));
    if (cursor.slot >= kHalf) cursor = {cursor.block + 1, cursor.slot - kHalf};
  }
  ++cursor.slot;
  std::vector<Item*>& items = blocks_[cursor.block].items;
  items.insert(items.begin() + static_cast<std::ptrdiff_t>(cursor.slot), item);
  ++size_;
  return cursor;
}

RunList::Cursor RunList::erase(Cursor cursor) {
  Cursor before = cursor;
  previous(before);
  Block& block = blocks_[cursor.block];
  block.items.erase(block.items.begin() + static_cast<std::ptrdiff_t>(cursor.slot));
  if (block.items.empty()) {
    blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(cursor.block));
  } else {
    block.first_clock = block.items.front()->clock;
  }
  --size_;
  return before;
}

}  // namespace cluse::crdt
