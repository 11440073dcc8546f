// After a transaction: deleted content goes, and neighbours that can be one struct become one. Which neighbours are
// looked at, and in which order, is Yjs's choice to the letter, as the encoded state depends on it.
#include "server/crdt/replica.h"

#include <algorithm>
#include <limits>

namespace cluse::crdt {

void Replica::clean_up() {
  normalise(deleted_);
  for (const DeleteRange& range : deleted_) {
    const RunList& runs = clients_[range.client]->runs;
    RunList::Cursor at = runs.find(range.clock);
    do {
      Item* const item = runs.at(at);
      if (item->clock >= range.end) break;
      if (!item->is_gc()) collect(item);
    } while (runs.next(at));
  }
  for (auto range = deleted_.rbegin(); range != deleted_.rend(); ++range) merge_around(*range);
  for (const ClientIndex client : changed_) {
    merge_new(*clients_[client]);
    clients_[client]->changed = false;
  }
  for (auto entry = to_merge_.rbegin(); entry != to_merge_.rend(); ++entry) merge_at(entry->client, entry->clock);
  for (const ClientIndex client : changed_) tidy(*clients_[client]);
  for (const LocalId& entry : to_merge_) tidy(*clients_[entry.client]);
  changed_.clear();
  deleted_.clear();
  to_merge_.clear();
  cut_pairs_.clear();
}

/// Moves what is still used to a fresh arena. The threshold grows with what was found, so that it costs constant time
/// per byte that came in.
void Replica::tidy(Client& client) {
  if (client.arena.bytes() < client.tidy_at) return;
  std::size_t used = 0;
  RunList::Cursor at = client.runs.first();
  do used += client.runs.at(at)->bytes;
  while (client.runs.next(at));
  client.tidy_at = std::max(client.tidy_at, 3 * used);
  if (client.arena.bytes() < 2 * used) return;
  Arena fresh(used);
  at = client.runs.first();
  do {
    Item* const item = client.runs.at(at);
    if (item->bytes > 0) item->content.data = fresh.store(item->data());
  } while (client.runs.next(at));
  client.arena = std::move(fresh);
}

void Replica::collect(Item* item) {
  if (item->kind() == Kind::type) collect_children(item->content.branch);
  item->set_kind(Kind::deleted);
  item->content.data = nullptr;
  item->bytes = 0;
}

void Replica::turn_into_gc(Item* item) {
  Item collected{};
  collected.client = item->client;
  collected.clock = item->clock;
  collected.length = item->length;
  *item = collected;
}

void Replica::collect_children(Branch* branch) {
  std::vector<std::unique_ptr<Branch>> branches;
  branches.emplace_back(branch);
  const auto take = [&](Item* item) {
    if (item->kind() == Kind::type) branches.emplace_back(item->content.branch);
    turn_into_gc(item);
  };
  while (!branches.empty()) {
    const std::unique_ptr<Branch> dead = std::move(branches.back());
    branches.pop_back();
    for (Item *item = dead->start, *next = nullptr; item != nullptr; item = next) {
      next = item->right;
      take(item);
    }
    for (const auto& slot : dead->slots()) {
      for (Item *item = slot->last, *next = nullptr; item != nullptr; item = next) {
        next = item->left;
        take(item);
      }
    }
  }
}

bool Replica::can_merge(const Item* left, const Item* right) {
  if (left->is_gc() || right->is_gc()) return left->is_gc() && right->is_gc();
  const Kind kind = left->kind();
  if (kind != Kind::string && kind != Kind::deleted && kind != Kind::any && kind != Kind::json) return false;
  if (right->kind() != kind || right->deleted != left->deleted || left->right != right) return false;
  if (!right->has_origin || right->origin_client != left->client || right->origin_clock + 1 != left->end())
    return false;
  if (left->has_right_origin != right->has_right_origin) return false;
  if (left->has_right_origin && (left->right_origin_client != right->right_origin_client ||
                                 left->right_origin_clock != right->right_origin_clock)) {
    return false;
  }
  return left->bytes <= std::numeric_limits<std::uint32_t>::max() - right->bytes;
}

bool Replica::merge(Item* left, Item* right) {
  if (!can_merge(left, right)) return false;
  if (!left->is_gc()) {
    if (left->kind() != Kind::deleted) {
      left->content.data = clients_[left->client]->arena.join(left->data(), right->data());
      left->bytes += right->bytes;
    }
    left->right = right->right;
    if (left->right != nullptr) left->right->left = left;
    if (right->in_map && right->owner.slot->last == right) right->owner.slot->last = left;
  }
  left->length += right->length;
  pool_.free(right);
  return true;
}

std::size_t Replica::merge_left(RunList& runs, RunList::Cursor& at) {
  std::size_t merged = 0;
  while (!runs.is_first(at)) {
    RunList::Cursor before = at;
    runs.previous(before);
    if (!merge(runs.at(before), runs.at(at))) break;
    at = runs.erase(at);
    ++merged;
  }
  return merged;
}

void Replica::merge_around(const DeleteRange& range) {
  RunList& runs = clients_[range.client]->runs;
  RunList::Cursor at = runs.find(range.end - 1);
  runs.next(at);
  while (!runs.is_first(at) && runs.at(at)->clock >= range.clock) {
    merge_left(runs, at);
    if (!runs.previous(at)) break;
  }
}

void Replica::merge_new(Client& client) {
  RunList& runs = client.runs;
  if (client.before == runs.state() || runs.size() < 2) return;
  RunList::Cursor from = runs.find(client.before);
  if (runs.is_first(from)) runs.next(from);
  // Yjs goes from right to left. From left to right gives the same runs, and lets each grow at its end.
  for (RunList::Cursor before = from; runs.previous(before) && can_merge(runs.at(before), runs.at(from));)
    from = before;
  runs.compact(from, [this](Item* left, Item* right) { return merge(left, right); });
}

void Replica::merge_at(ClientIndex client, std::uint64_t clock) {
  RunList& runs = clients_[client]->runs;
  RunList::Cursor at = runs.find(clock);
  RunList::Cursor after = at;
  if (runs.next(after) && merge_left(runs, after) > 1) return;
  at = runs.find(clock);
  merge_left(runs, at);
}

}  // namespace cluse::crdt
