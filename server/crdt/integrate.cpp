// Applying an update: YATA, in the order in which Yjs goes through an update's structs, and the delete set after it.
#include "server/crdt/replica.h"

#include <algorithm>
#include <limits>

namespace cluse::crdt {

namespace {

/// Scratch memory of more than this is given back after a transaction.
constexpr std::size_t kScratchMax = 4096;
/// Rounds after which would_wait() says yes rather than look on.
constexpr int kRoundsMax = 8;
/// The offset of a section whose rest has been put among what is pending.
constexpr std::size_t kShelved = std::numeric_limits<std::size_t>::max();

template <class T>
void reuse(std::vector<T>& scratch) {
  scratch.clear();
  if (scratch.capacity() > kScratchMax) scratch.shrink_to_fit();
}

/// The items passed in a conflict, with the order in which they were passed.
class Passed {
 public:
  void add(const Item* item) {
    if (index_.empty() && items_.size() < kLinear) {
      items_.push_back(item);
      return;
    }
    if (index_.empty()) {
      for (const Item* known : items_) index_.emplace(known, index_.size());
    }
    index_.emplace(item, index_.size());
  }
  [[nodiscard]] std::optional<std::size_t> find(const Item* item) const {
    if (!index_.empty()) {
      const auto at = index_.find(item);
      return at == index_.end() ? std::nullopt : std::optional(at->second);
    }
    const auto at = std::find(items_.begin(), items_.end(), item);
    if (at == items_.end()) return std::nullopt;
    return static_cast<std::size_t>(at - items_.begin());
  }
  [[nodiscard]] std::size_t size() const { return index_.empty() ? items_.size() : index_.size(); }

 private:
  static constexpr std::size_t kLinear = 16;
  std::vector<const Item*> items_;
  std::unordered_map<const Item*, std::size_t> index_;
};

bool same_origin(const Item& a, const Item& b) {
  if (a.has_origin != b.has_origin) return false;
  return !a.has_origin || (a.origin_client == b.origin_client && a.origin_clock == b.origin_clock);
}

bool same_right_origin(const Item& a, const Item& b) {
  if (a.has_right_origin != b.has_right_origin) return false;
  return !a.has_right_origin ||
         (a.right_origin_client == b.right_origin_client && a.right_origin_clock == b.right_origin_clock);
}

}  // namespace

Result<void> Replica::apply(BytesView update) {
  CLUSE_CHECK(scan_update(update, limits_, outline_));
  if (!fits_pending()) return fail(Errc::too_large, "pending_too_large");
  steps_ = 0;
  const bool done = integrate_sections();
  if (done) {
    keep_shelved();
    apply_deletes();
    if (!pending_.empty()) {
      apply_waiting_deletes();
      for (const ClientIndex index : changed_) {
        pending_.wake(clients_[index]->id, clients_[index]->runs.state(), ready_);
      }
      drain();
      apply_waiting_deletes();
    }
    clean_up();
  } else {
    roll_back();
  }
  reuse(outline_.sections);
  reuse(outline_.deletes);
  reuse(stack_);
  reuse(shelved_);
  if (!done) return fail(Errc::too_large, "update_too_costly");
  return {};
}

bool Replica::fits_pending() const {
  const std::size_t pieces = outline_.sections.size() + outline_.skips + outline_.deletes.size();
  const std::size_t most = pending_.bytes() + outline_.update.size() + pieces * Pending::kRunCost;
  return most <= limits_.pending_bytes_max || !would_wait();
}

bool Replica::would_wait() const {
  std::unordered_map<std::uint64_t, std::uint64_t, IdHash> reached;
  const auto clock_of = [&](std::uint64_t client) {
    const auto at = reached.find(client);
    return at == reached.end() ? state(client) : at->second;
  };
  std::vector<Section> sections = outline_.sections;
  WireStruct item;
  bool left = true;
  for (int round = 0; left && round < kRoundsMax; ++round) {
    left = false;
    for (Section& section : sections) {
      for (Section next = section; next_struct(outline_.update, next, item, limits_.nesting_max); section = next) {
        if (item.kind == Kind::skip) continue;
        const auto lacks = [&](const WireId& id) { return clock_of(id.client) <= id.clock; };
        if (item.clock > clock_of(item.client) || (item.has_origin && lacks(item.origin)) ||
            (item.has_right_origin && lacks(item.right_origin)) || (item.has_parent_id && lacks(item.parent_id))) {
          left = true;
          break;
        }
        reached[item.client] = std::max(clock_of(item.client), item.end());
      }
    }
  }
  const auto beyond = [&](const DeleteRange& range) { return range.end > clock_of(range.client); };
  return left || std::any_of(outline_.deletes.begin(), outline_.deletes.end(), beyond);
}

std::optional<WireId> Replica::missing(const WireStruct& item) const {
  const auto lacks = [&](const WireId& id) { return id.client != item.client && id.clock >= state(id.client); };
  if (item.has_origin && lacks(item.origin)) return item.origin;
  if (item.has_right_origin && lacks(item.right_origin)) return item.right_origin;
  if (item.has_parent_id && lacks(item.parent_id)) return item.parent_id;
  return std::nullopt;
}

bool Replica::push_next(std::size_t section) {
  Section& from = outline_.sections[section];
  if (from.count == 0) return false;
  Stacked& top = stack_.emplace_back();
  top.section = section;
  top.before = from;
  next_struct(outline_.update, from, top.item, limits_.nesting_max);
  return true;
}

bool Replica::integrate_sections() {
  std::vector<Section>& sections = outline_.sections;
  for (std::size_t current = 0; current < sections.size();) {
    if (stack_.empty() && !push_next(current)) {
      ++current;
      continue;
    }
    if (steps_ > limits_.conflict_steps_max) return false;
    const WireStruct& item = stack_.back().item;
    if (item.kind != Kind::skip) {
      const std::uint64_t known = state(item.client);
      if (known < item.clock) {
        shelve();
        continue;
      }
      if (const auto on = missing(item)) {
        // What is missing may come later in this update.
        const auto at = std::lower_bound(sections.begin(), sections.end(), on->client,
                                         [](const Section& a, std::uint64_t id) { return a.client > id; });
        const bool found = at != sections.end() && at->client == on->client;
        if (!found || !push_next(static_cast<std::size_t>(at - sections.begin()))) shelve();
        continue;
      }
      known < item.end() ? integrate(item) : touch(item);
    }
    stack_.pop_back();
  }
  return true;
}

void Replica::shelve() {
  for (const Stacked& stacked : stack_) {
    Section& section = outline_.sections[stacked.section];
    // A section that is on the stack twice was kept from its lower place on.
    if (section.offset == kShelved) continue;
    shelved_.push_back(stacked.before);
    section.count = 0;
    section.offset = kShelved;
  }
  stack_.clear();
}

void Replica::keep_shelved() {
  for (const Section& section : shelved_) {
    pending_.add_section(outline_.update, section);
    ready_.push_back(section.client);
  }
}

void Replica::drain() {
  WireStruct item;
  while (!ready_.empty() && steps_ <= limits_.conflict_steps_max) {
    const std::uint64_t client = ready_.back();
    ready_.pop_back();
    bool progress = false;
    std::uint64_t known = state(client);
    while (pending_.peek(client, item)) {
      const auto on = item.clock > known ? WireId{client, item.clock - 1} : missing(item);
      if (item.end() <= known) {
        if (!on) touch(item);
        pending_.pop(client);
        continue;
      }
      if (on) {
        pending_.wait(client, *on);
        break;
      }
      integrate(item);
      pending_.pop(client);
      known = state(client);
      progress = true;
    }
    if (progress) pending_.wake(client, known, ready_);
  }
}

/// Yjs looks up the neighbours even of a struct that it has, and cutting them loose leads to other attempts to make
/// runs one afterwards.
void Replica::touch(const WireStruct& item) {
  if (item.has_origin) ends_at(find_client(item.origin.client), item.origin.clock);
  if (item.has_right_origin) starts_at(find_client(item.right_origin.client), item.right_origin.clock);
}

Replica::Place Replica::resolve(const WireStruct& item) {
  Place place;
  if (item.has_origin) place.left = ends_at(find_client(item.origin.client), item.origin.clock);
  if (item.has_right_origin) place.right = starts_at(find_client(item.right_origin.client), item.right_origin.clock);
  if ((place.left != nullptr && place.left->is_gc()) || (place.right != nullptr && place.right->is_gc())) return place;
  if (const Item* beside = place.left != nullptr ? place.left : place.right) {
    place.owned = true;
    place.in_map = beside->in_map;
    place.owner = beside->owner;
    return place;
  }
  Branch* branch = nullptr;
  if (item.has_parent_key) {
    branch = &root(item.parent_key);
  } else {
    Item* const holder = find(find_client(item.parent_id.client), item.parent_id.clock);
    if (holder->kind() == Kind::type) branch = holder->content.branch;
  }
  if (branch == nullptr) return place;
  place.owned = true;
  place.in_map = item.has_parent_sub;
  if (place.in_map) {
    place.owner.slot = &branch->slot(item.parent_sub);
  } else {
    place.owner.branch = branch;
  }
  return place;
}

void Replica::integrate(const WireStruct& wire) {
  const ClientIndex index = add_client(wire.client);
  mark_changed(index);
  Client& client = *clients_[index];
  const std::uint64_t clock = client.runs.state();
  const std::uint64_t offset = clock - wire.clock;
  Place place;
  if (wire.kind != Kind::gc) {
    place = resolve(wire);
    if (offset > 0) {
      place.left = client.runs.back();
      if (place.left->is_gc()) place.owned = false;
    }
  }
  if (offset == 0 && append(client, wire, place)) return;
  Item* const item = pool_.make();
  item->client = index;
  item->clock = clock;
  item->length = wire.end() - clock;
  if (!place.owned) {
    client.runs.push_back(item);
    return;
  }
  item->has_origin = wire.has_origin || offset > 0;
  if (item->has_origin) {
    item->origin_client = offset > 0 ? index : find_client(wire.origin.client);
    item->origin_clock = offset > 0 ? clock - 1 : wire.origin.clock;
  }
  item->has_right_origin = wire.has_right_origin;
  if (item->has_right_origin) {
    item->right_origin_client = find_client(wire.right_origin.client);
    item->right_origin_clock = wire.right_origin.clock;
  }
  fill_content(item, wire, offset);
  settle(item, place);
}

/// Typing: what continues the last run of its client, with nothing between, grows it at once. The clean-up would make
/// them one in any case.
bool Replica::append(Client& client, const WireStruct& wire, const Place& place) {
  if (wire.kind != Kind::string || !place.owned || client.runs.empty() || place.left != client.runs.back())
    return false;
  Item* const last = place.left;
  if (last->kind() != Kind::string || last->deleted || last->in_map || last->right != place.right) return false;
  if (wire.has_right_origin != last->has_right_origin) return false;
  if (wire.has_right_origin && (clients_[last->right_origin_client]->id != wire.right_origin.client ||
                                last->right_origin_clock != wire.right_origin.clock)) {
    return false;
  }
  const Item* const holder = last->owner.branch->item;
  if (holder != nullptr && holder->deleted) return false;
  if (wire.content.size() > std::numeric_limits<std::uint32_t>::max() - last->bytes) return false;
  last->content.data = client.arena.extend(last->data(), wire.content);
  last->bytes += static_cast<std::uint32_t>(wire.content.size());
  last->length += wire.length;
  return true;
}

Item* Replica::resolve_conflicts(const Item* item, Item* left, Item* right) {
  Item* other = left;
  if (other != nullptr) {
    other = other->right;
  } else {
    other = item->in_map ? item->owner.slot->first : item->owner.branch->start;
  }
  Passed passed;
  std::size_t conflicts_from = 0;  // of those passed, the ones that still compete for the place
  for (; other != nullptr && other != right; other = other->right) {
    passed.add(other);
    ++steps_;
    if (same_origin(*item, *other)) {
      if (clients_[other->client]->id < clients_[item->client]->id) {
        left = other;
        conflicts_from = passed.size();
      } else if (same_right_origin(*item, *other)) {
        break;
      }
      continue;
    }
    const auto origin = other->has_origin ? passed.find(find(other->origin_client, other->origin_clock)) : std::nullopt;
    if (!origin) break;
    if (*origin < conflicts_from) {
      left = other;
      conflicts_from = passed.size();
    }
  }
  return left;
}

void Replica::settle(Item* item, const Place& place) {
  item->in_map = place.in_map;
  item->owner = place.owner;
  Item* left = place.left;
  Item* const right = place.right;
  const bool conflict = left == nullptr ? right == nullptr || right->left != nullptr : left->right != right;
  if (conflict) left = resolve_conflicts(item, left, right);

  item->left = left;
  if (left != nullptr) {
    item->right = left->right;
    left->right = item;
  } else {
    Item*& first = item->in_map ? item->owner.slot->first : item->owner.branch->start;
    item->right = first;
    first = item;
  }
  if (item->right != nullptr) {
    item->right->left = item;
  } else if (item->in_map) {
    item->owner.slot->last = item;
    if (left != nullptr) erase(left);
  }
  clients_[item->client]->runs.push_back(item);
  if (item->kind() == Kind::deleted) mark_deleted(item);
  const Item* const holder = item->parent()->item;
  if ((holder != nullptr && holder->deleted) || (item->in_map && item->right != nullptr)) erase(item);
}

void Replica::apply_deletes() {
  for (const DeleteRange& range : outline_.deletes) {
    const std::uint64_t known = state(range.client);
    if (range.end > known) pending_.add_delete({range.client, std::max(range.clock, known), range.end});
    if (range.clock < known) delete_range(find_client(range.client), range.clock, std::min(range.end, known));
  }
}

void Replica::apply_waiting_deletes() {
  std::vector<DeleteRange> due;
  for (const ClientIndex index : changed_) {
    const Client& client = *clients_[index];
    pending_.take_deletes(client.id, client.runs.state(), due);
  }
  for (const DeleteRange& range : due) delete_range(find_client(range.client), range.clock, range.end);
}

void Replica::delete_range(ClientIndex client, std::uint64_t clock, std::uint64_t end) {
  RunList& runs = clients_[client]->runs;
  RunList::Cursor at = runs.find(clock);
  Item* item = runs.at(at);
  if (!item->deleted && !item->is_gc() && item->clock < clock) {
    at = split(at, item, clock - item->clock);
  }
  do {
    item = runs.at(at);
    if (item->clock >= end) return;
    if (item->deleted || item->is_gc()) continue;
    const bool last = end < item->end();
    if (last) split(at, item, end - item->clock);
    erase(item);
    if (last) return;
  } while (runs.next(at));
}

}  // namespace cluse::crdt
