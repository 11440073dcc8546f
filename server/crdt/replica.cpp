#include "server/crdt/replica.h"

#include "server/crdt/utf16.h"

#include <tuple>

namespace cluse::crdt {

namespace {

/// Looking for a place in text or in a list of values counts as work too; this many bytes take as long as a step.
constexpr std::size_t kBytesPerStep = 16;

/// Neither half of a pair can stand alone in UTF-8: like Yjs, put a replacement character in the place of each. Two of
/// them are longer than the pair, so one side moves: the shorter one, lest someone make us copy a long text many times.
std::pair<BytesView, BytesView> cut_pair(Arena& arena, BytesView left, BytesView right) {
  const char* const pair = right.data();
  right.remove_prefix(4);
  if (left.size() < right.size()) {
    Arena::overwrite(pair + 1, kReplacement);
    const Bytes moved = Bytes(left) + Bytes(kReplacement);
    return {{arena.store(moved), moved.size()}, {pair + 1, kReplacement.size() + right.size()}};
  }
  Arena::overwrite(pair, kReplacement);
  const Bytes moved = Bytes(kReplacement) + Bytes(right);
  return {{pair - left.size(), left.size() + kReplacement.size()}, {arena.store(moved), moved.size()}};
}

}  // namespace

Replica::~Replica() {
  for (const auto& client : clients_) {
    if (client->runs.empty()) continue;
    RunList::Cursor at = client->runs.first();
    do {
      if (client->runs.at(at)->kind() == Kind::type) delete client->runs.at(at)->content.branch;
    } while (client->runs.next(at));
  }
}

Document::Stats Replica::stats() const {
  Document::Stats stats;
  stats.bytes = sizeof *this + pool_.bytes() + pending_.bytes();
  for (const auto& client : clients_) {
    stats.structs += client->runs.size();
    stats.bytes += sizeof(Client) + client->runs.bytes() + client->arena.bytes();
  }
  return stats;
}

Replica::ClientIndex Replica::find_client(std::uint64_t id) const {
  if (id == last_id_) return last_index_;
  const auto at = client_index_.find(id);
  if (at == client_index_.end()) return kNoClient;
  last_id_ = id;
  last_index_ = at->second;
  return at->second;
}

Replica::ClientIndex Replica::add_client(std::uint64_t id) {
  const ClientIndex known = find_client(id);
  if (known != kNoClient) return known;
  const auto index = static_cast<ClientIndex>(clients_.size());
  clients_.push_back(std::make_unique<Client>());
  clients_.back()->id = id;
  client_index_.emplace(id, index);
  return index;
}

std::uint64_t Replica::state(std::uint64_t client) const {
  const ClientIndex index = find_client(client);
  return index == kNoClient ? 0 : clients_[index]->runs.state();
}

void Replica::mark_changed(ClientIndex client) {
  Client& entry = *clients_[client];
  if (entry.changed) return;
  entry.changed = true;
  entry.before = entry.runs.state();
  changed_.push_back(client);
}

std::uint64_t Replica::state_before(const Item* item) const {
  const Client& client = *clients_[item->client];
  return client.changed ? client.before : client.runs.state();
}

const Branch* Replica::find_root(std::string_view name) const {
  const auto at = roots_.find(std::string(name));
  if (at == roots_.end()) return nullptr;
  // A root of which nothing was kept, since its first update was rolled back, is as good as none.
  const Branch& branch = *at->second;
  return branch.start != nullptr || branch.has_keys() ? &branch : nullptr;
}

Branch& Replica::root(std::string_view name) {
  std::unique_ptr<Branch>& branch = roots_[std::string(name)];
  if (!branch) {
    branch = std::make_unique<Branch>();
    branch->name = name;
  }
  return *branch;
}

Item* Replica::find(ClientIndex client, std::uint64_t clock) const {
  const RunList& runs = clients_[client]->runs;
  return runs.at(runs.find(clock));
}

Item* Replica::ends_at(ClientIndex client, std::uint64_t clock) {
  const RunList& runs = clients_[client]->runs;
  const RunList::Cursor at = runs.find(clock);
  Item* const item = runs.at(at);
  if (!item->is_gc() && clock + 1 != item->end()) split(at, item, clock + 1 - item->clock);
  return item;
}

Item* Replica::starts_at(ClientIndex client, std::uint64_t clock) {
  const RunList& runs = clients_[client]->runs;
  const RunList::Cursor at = runs.find(clock);
  Item* const item = runs.at(at);
  if (item->is_gc() || item->clock == clock) return item;
  return runs.at(split(at, item, clock - item->clock));
}

RunList::Cursor Replica::split(RunList::Cursor at, Item* left, std::uint64_t length) {
  Item* const right = pool_.make();
  *right = *left;
  right->clock = left->clock + length;
  right->length = left->length - length;
  right->has_origin = true;
  right->origin_client = left->client;
  right->origin_clock = right->clock - 1;
  split_content(left, right, length);
  left->length = length;
  left->right = right;
  right->left = left;
  if (right->right != nullptr) {
    right->right->left = right;
  } else if (right->in_map) {
    right->owner.slot->last = right;
  }
  to_merge_.push_back({right->client, right->clock});
  return clients_[left->client]->runs.insert_after(at, right);
}

void Replica::split_content(Item* left, Item* right, std::uint64_t length) {
  if (left->kind() != Kind::string && left->kind() != Kind::any && left->kind() != Kind::json) return;
  const BytesView whole = left->data();
  Utf16Cut cut;
  if (left->kind() == Kind::string) {
    cut = left->bytes == left->length ? Utf16Cut{length, false} : utf16_cut(whole, length);
  } else {
    cut.bytes = element_offset(left->kind(), whole, length);
  }
  if (left->bytes != left->length) steps_ += cut.bytes / kBytesPerStep;
  BytesView first = whole.substr(0, cut.bytes);
  BytesView second = whole.substr(cut.bytes);
  if (cut.inside_pair) {
    CutPair& pair = cut_pairs_.emplace_back();
    pair.at = {right->client, right->clock};
    second.copy(pair.bytes, sizeof pair.bytes);
    std::tie(first, second) = cut_pair(clients_[left->client]->arena, first, second);
  }
  left->content.data = first.data();
  left->bytes = static_cast<std::uint32_t>(first.size());
  right->content.data = second.data();
  right->bytes = static_cast<std::uint32_t>(second.size());
}

void Replica::fill_content(Item* item, const WireStruct& from, std::uint64_t offset) {
  item->set_kind(from.kind);
  if (from.kind == Kind::type) {
    auto branch = std::make_unique<Branch>();
    branch->item = item;
    branch->type = from.type;
    branch->name = from.content;
    item->content.branch = branch.release();
    return;
  }
  Bytes scratch;
  BytesView content = from.content;
  if (offset > 0) {
    WireStruct rest = from;
    cut_left(rest, offset, scratch);
    content = rest.content;
  }
  item->content.data = clients_[item->client]->arena.store(content);
  item->bytes = static_cast<std::uint32_t>(content.size());
}

void Replica::mark_deleted(Item* item) {
  item->deleted = true;
  deleted_.push_back({item->client, item->clock, item->end()});
}

void Replica::erase(Item* item) {
  if (item->deleted) return;
  mark_deleted(item);
  if (item->kind() != Kind::type) return;

  // Depth first, in the order in which Yjs goes, without recursion: types may be nested as deep as someone likes.
  struct Frame {
    Branch* branch;
    Item* next;
    std::size_t slot;
  };
  std::vector<Frame> frames{{item->content.branch, item->content.branch->start, 0}};
  while (!frames.empty()) {
    Frame& frame = frames.back();
    Item* child = frame.next;
    if (child != nullptr) {
      frame.next = child->right;
    } else if (frame.slot < frame.branch->slots().size()) {
      child = frame.branch->slots()[frame.slot++]->last;
    } else {
      frames.pop_back();
      continue;
    }
    if (child == nullptr) continue;  // a key of which nothing was kept
    if (child->deleted) {
      // It becomes collected with its parent and may then be one with its neighbours, unless that is known anyway.
      if (child->clock < state_before(child)) to_merge_.push_back({child->client, child->clock});
      continue;
    }
    mark_deleted(child);
    if (child->kind() == Kind::type) frames.push_back({child->content.branch, child->content.branch->start, 0});
  }
}

}  // namespace cluse::crdt
