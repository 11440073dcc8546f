#include "server/crdt/item.h"

#include <algorithm>
#include <cstring>

namespace cluse::crdt {

namespace {

constexpr std::size_t kIndexedFrom = 12;
constexpr std::size_t kFirstChunk = 32;
constexpr std::size_t kLastChunk = 64U << 10;

}  // namespace

MapSlot* Branch::find(std::string_view key) const {
  if (index_) {
    const auto at = index_->find(key);
    return at == index_->end() ? nullptr : at->second;
  }
  for (const auto& slot : slots_) {
    if (slot->key == key) return slot.get();
  }
  return nullptr;
}

MapSlot& Branch::slot(std::string_view key) {
  if (MapSlot* known = find(key)) return *known;
  slots_.push_back(std::make_unique<MapSlot>(MapSlot{this, std::string(key), nullptr, nullptr}));
  if (index_) {
    index_->emplace(slots_.back()->key, slots_.back().get());
  } else if (slots_.size() > kIndexedFrom) {
    index_ = std::make_unique<std::unordered_map<std::string_view, MapSlot*>>();
    for (const auto& slot : slots_) index_->emplace(slot->key, slot.get());
  }
  return *slots_.back();
}

bool Branch::has_keys() const {
  return std::any_of(slots_.begin(), slots_.end(), [](const auto& slot) { return slot->last != nullptr; });
}

Item* ItemPool::make() {
  Item* item = free_;
  if (item != nullptr) {
    free_ = item->right;
  } else {
    if (used_ == kBlock) {
      blocks_.push_back(std::make_unique<Item[]>(kBlock));
      used_ = 0;
    }
    item = &blocks_.back()[used_++];
  }
  *item = Item{};
  return item;
}

void ItemPool::free(Item* item) {
  item->right = free_;
  free_ = item;
}

Arena::Arena(std::size_t size) {
  if (size == 0) return;
  reserve(size);
  tip_ -= size;
  room_ += size;
}

void Arena::overwrite(const char* at, BytesView bytes) {
  // What the arena handed out is its own memory, const only to those who read it.
  std::memcpy(const_cast<char*>(at), bytes.data(), bytes.size());
}

char* Arena::reserve(std::size_t size) {
  if (size > room_) {
    const std::size_t chunk = std::max(size, std::clamp(last_chunk_ * 2, kFirstChunk, kLastChunk));
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(chunk));
    tip_ = chunks_.back().get();
    room_ = last_chunk_ = chunk;
    bytes_ += chunk;
  }
  char* const reserved = tip_;
  tip_ += size;
  room_ -= size;
  return reserved;
}

const char* Arena::store(BytesView bytes) {
  if (bytes.empty()) return nullptr;
  char* const at = reserve(bytes.size());
  std::memcpy(at, bytes.data(), bytes.size());
  return at;
}

const char* Arena::join(BytesView left, BytesView right) {
  if (right.empty() || left.data() + left.size() == right.data()) return left.data();
  return extend(left, right);
}

const char* Arena::extend(BytesView left, BytesView right) {
  if (left.data() + left.size() == tip_ && right.size() <= room_) {
    std::memcpy(reserve(right.size()), right.data(), right.size());
    return left.data();
  }
  // A run that has outgrown its chunk gets twice its size, so that growing costs constant time per byte.
  const std::size_t size = left.size() + right.size();
  if (size > room_) {
    reserve(2 * size);
    tip_ -= 2 * size;
    room_ += 2 * size;
  }
  char* const at = reserve(size);
  std::memcpy(at, left.data(), left.size());
  std::memcpy(at + left.size(), right.data(), right.size());
  return at;
}

}  // namespace cluse::crdt
