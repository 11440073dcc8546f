#include "server/crdt/pending.h"

#include <algorithm>
#include <limits>

namespace cluse::crdt {

namespace {

/// What is kept here was checked when it came in.
constexpr std::size_t kChecked = std::numeric_limits<std::size_t>::max();

}  // namespace

void Pending::add_section(BytesView bytes, Section section) {
  Section start = section;
  WireStruct item;
  std::uint64_t count = 0;
  const auto close = [&](std::uint64_t end, std::size_t offset) {
    if (count == 0) return;
    add_run(start.clock, end, {start.client, start.clock, count, 0}, bytes.substr(start.offset, offset - start.offset));
    count = 0;
  };
  for (Section before = section; next_struct(bytes, section, item, kChecked); before = section) {
    if (item.kind == Kind::skip) {
      close(before.clock, before.offset);
      start = section;
    } else {
      ++count;
    }
  }
  close(section.clock, section.offset);
}

void Pending::add_run(std::uint64_t clock, std::uint64_t end, const Section& section, BytesView bytes) {
  Runs& runs = queues_[section.client].runs;
  auto after = runs.upper_bound(clock);
  std::uint64_t covered = clock;
  if (after != runs.begin()) covered = std::max(covered, std::prev(after)->second.end);
  if (covered == clock && (after == runs.end() || after->first >= end)) {
    insert(clock, end, section, bytes);
    return;
  }
  // Only the gaps between what is kept already are filled. Keys first: filling one changes the map.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> gaps;
  for (; covered < end; ++after) {
    const std::uint64_t next = after == runs.end() ? end : std::min(end, after->first);
    if (covered < next) gaps.emplace_back(covered, next);
    if (after == runs.end()) break;
    covered = std::max(covered, after->second.end);
  }
  for (const auto& [from, to] : gaps) insert_part(from, to, section, bytes);
}

void Pending::insert(std::uint64_t clock, std::uint64_t end, const Section& section, BytesView bytes) {
  Runs& runs = queues_[section.client].runs;
  bytes_ += bytes.size();
  const auto after = runs.upper_bound(clock);
  if (after != runs.begin() && std::prev(after)->second.end == clock) {
    Run& before = std::prev(after)->second;
    before.bytes += bytes;
    before.section.count += section.count;
    before.end = end;
    return;
  }
  bytes_ += kRunCost;
  runs.emplace_hint(after, clock, Run{end, {section.client, clock, section.count, 0}, Bytes(bytes)});
}

void Pending::insert_part(std::uint64_t from, std::uint64_t to, Section section, BytesView bytes) {
  WireStruct item;
  Bytes scratch;
  Writer part;
  Section head{section.client, from, 0, 0};
  while (section.clock < to && next_struct(bytes, section, item, kChecked)) {
    if (item.end() <= from) continue;
    if (item.clock < from) cut_left(item, from - item.clock, scratch);
    Bytes left;
    if (item.end() > to) cut_right(item, to - item.clock, left);
    write_struct(part, item, 0);
    ++head.count;
  }
  if (head.count > 0) insert(from, to, head, part.bytes());
}

void Pending::add_delete(DeleteRange range) {
  auto& ranges = deletes_[range.client];
  auto at = ranges.upper_bound(range.clock);
  if (at != ranges.begin() && std::prev(at)->second >= range.clock) --at;
  while (at != ranges.end() && at->first <= range.end) {
    range.clock = std::min(range.clock, at->first);
    range.end = std::max(range.end, at->second);
    at = ranges.erase(at);
    bytes_ -= kRunCost;
  }
  ranges.emplace(range.clock, range.end);
  bytes_ += kRunCost;
}

bool Pending::peek(std::uint64_t client, WireStruct& out) {
  const auto queue = queues_.find(client);
  if (queue == queues_.end()) return false;
  Runs& runs = queue->second.runs;
  while (!runs.empty()) {
    const Run& run = runs.begin()->second;
    Section next = run.section;
    if (next_struct(run.bytes, next, out, kChecked)) return true;
    bytes_ -= run.bytes.size() + kRunCost;
    runs.erase(runs.begin());
  }
  stop_waiting(queue->second);
  queues_.erase(queue);
  return false;
}

void Pending::pop(std::uint64_t client) {
  Run& run = queues_.at(client).runs.begin()->second;
  WireStruct item;
  next_struct(run.bytes, run.section, item, kChecked);
}

void Pending::stop_waiting(Queue& queue) {
  if (!queue.place) return;
  const auto waiters = waiters_.find(queue.waits_for);
  waiters->second.erase(*queue.place);
  if (waiters->second.empty()) waiters_.erase(waiters);
  queue.place.reset();
}

void Pending::wait(std::uint64_t client, WireId on) {
  Queue& queue = queues_.at(client);
  stop_waiting(queue);
  queue.waits_for = on.client;
  queue.place = waiters_[on.client].emplace(on.clock, client);
}

void Pending::wake(std::uint64_t client, std::uint64_t state, std::vector<std::uint64_t>& ready) {
  const auto waiters = waiters_.find(client);
  if (waiters == waiters_.end()) return;
  Waiters& waiting = waiters->second;
  while (!waiting.empty() && waiting.begin()->first < state) {
    const std::uint64_t woken = waiting.begin()->second;
    ready.push_back(woken);
    queues_.at(woken).place.reset();
    waiting.erase(waiting.begin());
  }
  if (waiting.empty()) waiters_.erase(waiters);
}

void Pending::take_deletes(std::uint64_t client, std::uint64_t state, std::vector<DeleteRange>& out) {
  const auto found = deletes_.find(client);
  if (found == deletes_.end()) return;
  auto& ranges = found->second;
  while (!ranges.empty() && ranges.begin()->first < state) {
    const auto [clock, end] = *ranges.begin();
    ranges.erase(ranges.begin());
    out.push_back({client, clock, std::min(end, state)});
    if (end > state) {
      ranges.emplace(state, end);
    } else {
      bytes_ -= kRunCost;
    }
  }
  if (ranges.empty()) deletes_.erase(found);
}

Bytes Pending::encode_structs() const {
  std::vector<std::uint64_t> clients;
  for (const auto& [client, queue] : queues_) clients.push_back(client);
  std::sort(clients.rbegin(), clients.rend());
  SectionWriter sections;
  for (const std::uint64_t client : clients) {
    WireStruct held;  // a GC is written once it is known that no other one follows
    const auto flush = [&] {
      if (held.length > 0) sections.add(held);
    };
    for (const auto& [clock, run] : queues_.at(client).runs) {
      Section section = run.section;
      if (held.length > 0 && held.end() < section.clock) {
        flush();
        const std::uint64_t from = held.end();
        held = WireStruct{};
        held.kind = Kind::skip;
        held.client = client;
        held.clock = from;
        held.length = section.clock - from;
      }
      WireStruct item;
      while (next_struct(run.bytes, section, item, kChecked)) {
        if (held.length > 0 && held.kind == Kind::gc && item.kind == Kind::gc) {
          held.length += item.length;
        } else {
          flush();
          held = item;
        }
      }
    }
    flush();
  }
  Writer out;
  sections.finish(out);
  out.var_uint(0);
  return out.take();
}

Bytes Pending::encode_deletes() const {
  std::vector<DeleteRange> ranges;
  for (const auto& [client, held] : deletes_) {
    for (const auto& [clock, end] : held) ranges.push_back({client, clock, end});
  }
  normalise(ranges);
  Writer out;
  out.var_uint(0);
  write_delete_set(out, ranges);
  return out.take();
}

}  // namespace cluse::crdt
