// The document itself: items in lists, found by id, and the transaction that changes them. What Document hides.
#pragma once

#include "server/crdt/crdt.h"
#include "server/crdt/item.h"
#include "server/crdt/pending.h"
#include "server/crdt/run_list.h"
#include "server/crdt/update.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cluse::crdt {

/// Everything one client wrote.
struct Client {
  std::uint64_t id = 0;
  RunList runs;
  Arena arena;
  bool changed = false;              ///< by the present transaction
  std::uint64_t before = 0;          ///< if changed: the clock when the transaction began
  std::size_t tidy_at = 256U << 10;  ///< size of the arena at which to look how much of it is still used
};

class Replica {
 public:
  explicit Replica(const Limits& limits) : limits_(limits) {}
  ~Replica();
  Replica(const Replica&) = delete;
  Replica& operator=(const Replica&) = delete;

  Result<void> apply(BytesView update);
  [[nodiscard]] Result<Bytes> encode_state(BytesView state_vector) const;
  [[nodiscard]] Bytes state_vector() const;
  [[nodiscard]] const Pending& pending() const { return pending_; }
  [[nodiscard]] const Limits& limits() const { return limits_; }
  void set_limits(const Limits& limits) { limits_ = limits; }
  [[nodiscard]] Document::Stats stats() const;

  /// For those who read or edit: the root of that name, or null.
  [[nodiscard]] const Branch* find_root(std::string_view name) const;
  [[nodiscard]] std::uint64_t client_id(const Item& item) const { return clients_[item.client]->id; }
  /// The clock that the next struct of `client` must have.
  [[nodiscard]] std::uint64_t state(std::uint64_t client) const;

 private:
  using ClientIndex = std::uint32_t;
  static constexpr ClientIndex kNoClient = 0xffffffff;

  /// Where an item goes. `owned` is false if it is born collected, since what it builds on is.
  struct Place {
    Item* left = nullptr;
    Item* right = nullptr;
    bool owned = false;
    bool in_map = false;
    decltype(Item::owner) owner{};
  };
  struct LocalId {
    ClientIndex client = 0;
    std::uint64_t clock = 0;
  };
  /// A surrogate pair that was cut apart at `at`, the id of its second half.
  struct CutPair {
    LocalId at;
    char bytes[4] = {};
  };
  struct Stacked {
    std::size_t section = 0;
    Section before;  ///< to come back to, if the struct cannot be integrated
    WireStruct item;
  };

  // integrate.cpp: a transaction from the outside in.
  bool fits_pending() const;
  bool would_wait() const;
  bool integrate_sections();
  bool push_next(std::size_t section);
  void shelve();
  void keep_shelved();
  std::optional<WireId> missing(const WireStruct& item) const;
  void drain();
  void integrate(const WireStruct& item);
  void touch(const WireStruct& item);
  Place resolve(const WireStruct& item);
  bool append(Client& client, const WireStruct& item, const Place& place);
  void settle(Item* item, const Place& place);
  Item* resolve_conflicts(const Item* item, Item* left, Item* right);
  void apply_deletes();
  void apply_waiting_deletes();
  void delete_range(ClientIndex client, std::uint64_t clock, std::uint64_t end);

  // roll_back.cpp
  void roll_back();
  void unlink(Item* item);
  void cut_back(Client& client);
  void restore(const CutPair& pair);

  // replica.cpp: items.
  ClientIndex find_client(std::uint64_t id) const;
  ClientIndex add_client(std::uint64_t id);
  void mark_changed(ClientIndex client);
  Branch& root(std::string_view name);
  Item* find(ClientIndex client, std::uint64_t clock) const;
  Item* ends_at(ClientIndex client, std::uint64_t clock);
  Item* starts_at(ClientIndex client, std::uint64_t clock);
  RunList::Cursor split(RunList::Cursor at, Item* left, std::uint64_t length);
  void split_content(Item* left, Item* right, std::uint64_t length);
  void fill_content(Item* item, const WireStruct& from, std::uint64_t offset);
  void mark_deleted(Item* item);
  void erase(Item* item);
  [[nodiscard]] std::uint64_t state_before(const Item* item) const;

  // cleanup.cpp: what Yjs does after a transaction.
  void clean_up();
  void collect(Item* item);
  void collect_children(Branch* branch);
  void turn_into_gc(Item* item);
  [[nodiscard]] static bool can_merge(const Item* left, const Item* right);
  bool merge(Item* left, Item* right);
  std::size_t merge_left(RunList& runs, RunList::Cursor& at);
  void merge_around(const DeleteRange& range);
  void merge_new(Client& client);
  void merge_at(ClientIndex client, std::uint64_t clock);
  static void tidy(Client& client);

  // encode.cpp
  void write_item(Writer& out, const Item& item, std::uint64_t offset) const;
  void write_client(Writer& out, const Client& client, std::uint64_t clock) const;
  void write_deletes(Writer& out) const;

  Limits limits_;
  ItemPool pool_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::unordered_map<std::uint64_t, ClientIndex, IdHash> client_index_;
  mutable std::uint64_t last_id_ = kIntegerMax + 1;  ///< of the client looked up last
  mutable ClientIndex last_index_ = kNoClient;
  std::unordered_map<std::string, std::unique_ptr<Branch>> roots_;
  Pending pending_;
  std::vector<std::uint64_t> ready_;  ///< clients whose pending structs are to be looked at; stays if there is too much
  std::size_t steps_ = 0;             ///< of work done by this transaction; see Limits

  // The present transaction; empty between two.
  Outline outline_;
  std::vector<Stacked> stack_;
  std::vector<Section> shelved_;  ///< to become pending once the rest is integrated
  std::vector<CutPair> cut_pairs_;
  std::vector<ClientIndex> changed_;
  std::vector<DeleteRange> deleted_;  ///< `client` is an index
  std::vector<LocalId> to_merge_;     ///< structs whose neighbours may be one with them
};

}  // namespace cluse::crdt
