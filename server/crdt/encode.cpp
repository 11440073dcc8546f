// A document's state as an update, and its state vector.
#include "server/crdt/replica.h"

#include <algorithm>
#include <limits>

namespace cluse::crdt {

namespace {

constexpr std::uint8_t kOriginBit = 0x80;
constexpr std::uint8_t kRightOriginBit = 0x40;
constexpr std::uint8_t kParentSubBit = 0x20;

template <class Clients>
/// Those who wrote something; one whose first update was rolled back did not.
std::vector<const Client*> descending(const Clients& clients) {
  std::vector<const Client*> sorted;
  sorted.reserve(clients.size());
  for (const auto& client : clients) {
    if (!client->runs.empty()) sorted.push_back(client.get());
  }
  std::sort(sorted.begin(), sorted.end(), [](const Client* a, const Client* b) { return a->id > b->id; });
  return sorted;
}

}  // namespace

void Replica::write_item(Writer& out, const Item& item, std::uint64_t offset) const {
  if (item.is_gc()) {
    out.byte(0);
    out.var_uint(item.length - offset);
    return;
  }
  const bool has_origin = item.has_origin || offset > 0;
  out.byte(static_cast<std::uint8_t>(item.kind_bits | (has_origin ? kOriginBit : 0) |
                                     (item.has_right_origin ? kRightOriginBit : 0) |
                                     (item.in_map ? kParentSubBit : 0)));
  if (has_origin) {
    out.var_uint(clients_[offset > 0 ? item.client : item.origin_client]->id);
    out.var_uint(offset > 0 ? item.clock + offset - 1 : item.origin_clock);
  }
  if (item.has_right_origin) {
    out.var_uint(clients_[item.right_origin_client]->id);
    out.var_uint(item.right_origin_clock);
  }
  if (!has_origin && !item.has_right_origin) {
    const Branch& parent = *item.parent();
    out.var_uint(parent.item == nullptr ? 1 : 0);
    if (parent.item == nullptr) {
      out.var_bytes(parent.name);
    } else {
      out.var_uint(clients_[parent.item->client]->id);
      out.var_uint(parent.item->clock);
    }
    if (item.in_map) out.var_bytes(item.owner.slot->key);
  }
  if (item.kind() == Kind::type) {
    write_content(out, Kind::type, item.content.branch->type, 1, item.content.branch->name, 0);
  } else {
    write_content(out, item.kind(), TypeRef::root, item.length, item.data(), offset);
  }
}

void Replica::write_client(Writer& out, const Client& client, std::uint64_t clock) const {
  const RunList& runs = client.runs;
  RunList::Cursor at = runs.find(clock);
  std::uint64_t count = 1;
  for (RunList::Cursor ahead = at; runs.next(ahead);) ++count;
  out.var_uint(count);
  out.var_uint(client.id);
  out.var_uint(clock);
  write_item(out, *runs.at(at), clock - runs.at(at)->clock);
  while (runs.next(at)) write_item(out, *runs.at(at), 0);
}

void Replica::write_deletes(Writer& out) const {
  std::vector<DeleteRange> ranges;
  for (const auto& client : clients_) {
    if (client->runs.empty()) continue;
    RunList::Cursor at = client->runs.first();
    do {
      const Item& item = *client->runs.at(at);
      if (!item.deleted && !item.is_gc()) continue;
      if (!ranges.empty() && ranges.back().client == client->id && ranges.back().end == item.clock) {
        ranges.back().end = item.end();
      } else {
        ranges.push_back({client->id, item.clock, item.end()});
      }
    } while (client->runs.next(at));
  }
  normalise(ranges);
  write_delete_set(out, ranges);
}

Result<Bytes> Replica::encode_state(BytesView state_vector) const {
  CLUSE_TRY(known, read_state_vector(state_vector));
  std::vector<std::pair<const Client*, std::uint64_t>> lacking;
  for (const Client* client : descending(clients_)) {
    const std::uint64_t clock = find_clock(known, client->id).value_or(0);
    if (client->runs.state() > clock) lacking.emplace_back(client, clock);
  }
  Writer out;
  out.var_uint(lacking.size());
  for (const auto& [client, clock] : lacking) write_client(out, *client, clock);
  write_deletes(out);
  if (pending_.empty()) return out.take();

  // Structs that wait are written in one piece with those that do not, as Yjs does it.
  Limits unlimited = limits_;
  unlimited.update_bytes_max = std::numeric_limits<std::size_t>::max();
  std::vector<Bytes> parts{out.take(), pending_.encode_deletes()};
  if (parts.back().size() == 2) parts.pop_back();
  if (pending_.has_structs()) {
    CLUSE_TRY(part, diff_update(pending_.encode_structs(), state_vector, unlimited));
    parts.push_back(std::move(part));
  }
  return merge_updates({parts.begin(), parts.end()}, unlimited);
}

Bytes Replica::state_vector() const {
  const std::vector<const Client*> clients = descending(clients_);
  Writer out;
  out.var_uint(clients.size());
  for (const Client* client : clients) {
    out.var_uint(client->id);
    out.var_uint(client->runs.state());
  }
  return out.take();
}

}  // namespace cluse::crdt
