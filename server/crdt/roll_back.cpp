// Taking back what a transaction has done so far, for the rare update that turns out to cost too much. Nothing has been
// collected yet at that point, so everything from before is still there.
#include "server/crdt/replica.h"
#include "server/crdt/utf16.h"

namespace cluse::crdt {

void Replica::unlink(Item* item) {
  if (item->is_gc()) return;
  if (item->left != nullptr) {
    item->left->right = item->right;
  } else {
    (item->in_map ? item->owner.slot->first : item->owner.branch->start) = item->right;
  }
  if (item->right != nullptr) {
    item->right->left = item->left;
  } else if (item->in_map) {
    item->owner.slot->last = item->left;
  }
}

void Replica::cut_back(Client& client) {
  RunList& runs = client.runs;
  while (!runs.empty() && runs.back()->clock >= client.before) {
    Item* const item = runs.back();
    if (item->kind() == Kind::type) delete item->content.branch;
    runs.pop_back();
    pool_.free(item);
  }
  if (runs.state() == client.before) return;
  Item* const grown = runs.back();  // by append(), at its end
  grown->length = client.before - grown->clock;
  grown->bytes = static_cast<std::uint32_t>(utf16_cut(grown->data(), grown->length).bytes);
}

void Replica::restore(const CutPair& pair) {
  if (pair.at.clock >= clients_[pair.at.client]->runs.state()) return;
  Item* const item = find(pair.at.client, pair.at.clock - 1);
  const BytesView text = item->data();
  const std::size_t at = utf16_cut(text, pair.at.clock - 1 - item->clock).bytes;
  Bytes whole(text.substr(0, at));
  whole.append(pair.bytes, sizeof pair.bytes);
  whole += text.substr(at + 2 * kReplacement.size());
  item->content.data = clients_[item->client]->arena.store(whole);
  item->bytes = static_cast<std::uint32_t>(whole.size());
}

void Replica::roll_back() {
  for (const ClientIndex index : changed_) {
    const Client& client = *clients_[index];
    if (client.runs.empty()) continue;
    RunList::Cursor at = client.runs.last();
    do {
      if (client.runs.at(at)->clock < client.before) break;
      unlink(client.runs.at(at));
    } while (client.runs.previous(at));
  }
  for (const ClientIndex index : changed_) {
    cut_back(*clients_[index]);
    clients_[index]->changed = false;
  }
  for (const DeleteRange& range : deleted_) {
    const RunList& runs = clients_[range.client]->runs;
    if (range.clock >= runs.state()) continue;
    RunList::Cursor at = runs.find(range.clock);
    do {
      if (runs.at(at)->clock >= range.end) break;
      runs.at(at)->deleted = false;
    } while (runs.next(at));
  }
  for (auto entry = to_merge_.rbegin(); entry != to_merge_.rend(); ++entry) {
    if (entry->clock < clients_[entry->client]->runs.state()) merge_at(entry->client, entry->clock);
  }
  for (auto pair = cut_pairs_.rbegin(); pair != cut_pairs_.rend(); ++pair) restore(*pair);
  changed_.clear();
  deleted_.clear();
  to_merge_.clear();
  cut_pairs_.clear();
  stack_.clear();
}

}  // namespace cluse::crdt
