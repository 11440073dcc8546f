// What a document is made of: items, the types that hold them, and the pool they live in.
#pragma once

#include "server/crdt/update.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cluse::crdt {

struct Branch;
struct MapSlot;

/// One struct of a document. It is in the run list of its client and, unless collected, in the list of its parent (or
/// in the chain of a key of its parent). Clients are indices into the document's table.
struct Item {
  std::uint64_t clock : 53;
  std::uint64_t kind_bits : 4;
  std::uint64_t deleted : 1;
  std::uint64_t in_map : 1;  ///< `owner.slot` is valid, else `owner.branch`
  std::uint64_t has_origin : 1;
  std::uint64_t has_right_origin : 1;
  std::uint64_t length;
  std::uint64_t origin_clock;
  std::uint64_t right_origin_clock;
  std::uint32_t client;
  std::uint32_t origin_client;
  std::uint32_t right_origin_client;
  std::uint32_t bytes;  ///< size of `content.data`
  Item* left;
  Item* right;
  union {
    Branch* branch;
    MapSlot* slot;
  } owner;
  union {
    const char* data;  ///< in the arena of the client; as WireStruct::content
    Branch* branch;    ///< of Kind::type
  } content;

  [[nodiscard]] Kind kind() const { return static_cast<Kind>(kind_bits); }
  void set_kind(Kind kind) { kind_bits = static_cast<std::uint8_t>(kind) & 0xf; }
  [[nodiscard]] std::uint64_t end() const { return clock + length; }
  [[nodiscard]] BytesView data() const { return {content.data, bytes}; }
  [[nodiscard]] bool is_gc() const { return kind() == Kind::gc; }
  [[nodiscard]] inline Branch* parent() const;
};
static_assert(sizeof(Item) == 80, "a document is mostly items: keep them small");

/// The values that one key of a type has had; `last` is the present one.
struct MapSlot {
  Branch* branch = nullptr;
  std::string key;
  Item* first = nullptr;
  Item* last = nullptr;
};

/// A shared type: a list of items, and keys.
struct Branch {
  Item* item = nullptr;   ///< the item whose content this is; null for a root
  Item* start = nullptr;  ///< first of the list
  TypeRef type = TypeRef::root;
  std::string name;  ///< of a root, an element or a hook

  [[nodiscard]] MapSlot* find(std::string_view key) const;
  /// In the order in which the keys were first set.
  [[nodiscard]] const std::vector<std::unique_ptr<MapSlot>>& slots() const { return slots_; }
  MapSlot& slot(std::string_view key);
  /// True if a key holds something, be it deleted.
  [[nodiscard]] bool has_keys() const;

 private:
  std::vector<std::unique_ptr<MapSlot>> slots_;
  /// Only once there are many keys: most elements have a handful.
  std::unique_ptr<std::unordered_map<std::string_view, MapSlot*>> index_;
};

Branch* Item::parent() const {
  return in_map ? owner.slot->branch : owner.branch;
}

/// Owns items; their addresses are stable. Freed ones are used again.
class ItemPool {
 public:
  Item* make();
  void free(Item* item);
  [[nodiscard]] std::size_t bytes() const { return blocks_.size() * kBlock * sizeof(Item); }

 private:
  static constexpr std::size_t kBlock = 64;
  std::vector<std::unique_ptr<Item[]>> blocks_;
  std::size_t used_ = kBlock;
  Item* free_ = nullptr;
};

/// Bytes of one client's items, in the order in which they came. Typing appends, so that the run before can grow in
/// place; nothing is freed before the arena, so its owner moves what is left to a fresh one now and then.
class Arena {
 public:
  /// With `size` bytes to begin with.
  explicit Arena(std::size_t size = 0);

  const char* store(BytesView bytes);
  /// Makes one piece of two; costs nothing if `right` follows `left` in memory.
  const char* join(BytesView left, BytesView right);
  /// The same with bytes from elsewhere behind `left`.
  const char* extend(BytesView left, BytesView right);
  /// Overwrites bytes that were stored here before.
  static void overwrite(const char* at, BytesView bytes);
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  char* reserve(std::size_t size);

  std::vector<std::unique_ptr<char[]>> chunks_;
  char* tip_ = nullptr;
  std::size_t room_ = 0;
  std::size_t last_chunk_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace cluse::crdt
