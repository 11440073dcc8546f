// Updates merged, cut down and summed up without a document.
#include "server/crdt/update.h"

#include <algorithm>
#include <deque>
#include <queue>

namespace cluse::crdt {

namespace {

/// One of the updates to be merged: what is left of its sections.
struct Source {
  BytesView bytes;
  std::size_t section = 0;  ///< index of the current one
  std::size_t end = 0;      ///< behind the last one
};

/// Sweeps over all updates at once, higher client ids first, then by clock.
///
/// The outcome for updates that overlap depends on which of them is followed, so this follows the same one as Yjs: the
/// first in a list that is sorted stably before each step. As only the source in front moves between two sorts, a heap
/// gives the same order if that source goes before its equals when it returns, which `turn` sees to.
class Merger {
 public:
  explicit Merger(const Limits& limits) : limits_(limits) {}

  Result<void> add(BytesView update) {
    CLUSE_CHECK(scan_update(update, limits_, outline_));
    Source source{update, sections_.size(), sections_.size() + outline_.sections.size()};
    sections_.insert(sections_.end(), outline_.sections.begin(), outline_.sections.end());
    deletes_.insert(deletes_.end(), outline_.deletes.begin(), outline_.deletes.end());
    sources_.push_back(source);
    return {};
  }

  Bytes run() {
    for (std::size_t i = 0; i < sources_.size(); ++i) queue(i, static_cast<std::int64_t>(i));
    while (!heap_.empty()) {
      const Entry entry = heap_.top();
      heap_.pop();
      if (step(sources_[entry.source], entry.client)) follow(sources_[entry.source], entry.client);
      queue(entry.source, --turn_);
    }
    if (writing_) out_.add(held_);
    Writer writer;
    out_.finish(writer);
    normalise(deletes_);
    write_delete_set(writer, deletes_);
    return writer.take();
  }

 private:
  struct Entry {
    std::uint64_t client;
    std::uint64_t clock;
    std::int64_t turn;
    std::size_t source;
  };
  struct Later {
    bool operator()(const Entry& a, const Entry& b) const {
      if (a.client != b.client) return a.client < b.client;
      if (a.clock != b.clock) return a.clock > b.clock;
      return a.turn > b.turn;
    }
  };

  /// Reads the next struct of `source` that is not a skip, without consuming it.
  bool peek(Source& source) {
    while (source.section < source.end) {
      after_ = sections_[source.section];
      while (next_struct(source.bytes, after_, next_, limits_.nesting_max)) {
        if (next_.kind != Kind::skip) return true;
        sections_[source.section] = after_;
      }
      ++source.section;
    }
    return false;
  }
  bool consume_and_peek(Source& source) {
    sections_[source.section] = after_;
    return peek(source);
  }

  void queue(std::size_t index, std::int64_t turn) {
    if (peek(sources_[index])) heap_.push({next_.client, next_.clock, turn, index});
  }

  void hold_next(Source& source) {
    held_ = next_;
    writing_ = true;
    sections_[source.section] = after_;
  }

  /// Takes what comes next from `source`. False if another source has to be looked at first.
  bool step(Source& source, std::uint64_t client) {
    bool more = peek(source);
    if (!writing_) {
      hold_next(source);
      return true;
    }
    bool covered = false;
    while (more && next_.client == held_.client && next_.end() <= held_.end()) {
      more = consume_and_peek(source);
      covered = true;
    }
    if (!more || next_.client != client || (covered && next_.clock > held_.end())) return false;
    if (held_.client != client) {
      out_.add(held_);
      hold_next(source);
    } else if (held_.end() < next_.clock) {
      bridge();
    } else {
      append(source);
    }
    return true;
  }

  /// Writes what is held; a skip up to the next struct takes its place.
  void bridge() {
    out_.add(held_);
    WireStruct skip;
    skip.kind = Kind::skip;
    skip.client = next_.client;
    skip.clock = held_.end();
    skip.length = next_.clock - skip.clock;
    held_ = skip;
  }

  void append(Source& source) {
    WireStruct rest = next_;
    if (rest.clock < held_.end()) cut_left(rest, held_.end() - rest.clock, scratch_.emplace_back());
    if (held_.kind == Kind::gc && rest.kind == Kind::gc) {
      held_.length += rest.length;
      return;
    }
    out_.add(held_);
    held_ = rest;
    sections_[source.section] = after_;
  }

  /// Goes on with the same source as long as it connects.
  void follow(Source& source, std::uint64_t client) {
    while (peek(source) && next_.client == client && next_.clock == held_.end()) {
      out_.add(held_);
      hold_next(source);
    }
  }

  const Limits& limits_;
  Outline outline_;
  std::vector<Source> sources_;
  std::vector<Section> sections_;
  std::vector<DeleteRange> deletes_;
  std::priority_queue<Entry, std::vector<Entry>, Later> heap_;
  std::int64_t turn_ = 0;
  bool writing_ = false;
  WireStruct held_;
  WireStruct next_;
  Section after_;
  std::deque<Bytes> scratch_;
  SectionWriter out_;
};

}  // namespace

Result<void> check_update(BytesView update, const Limits& limits) {
  Outline outline;
  return scan_update(update, limits, outline);
}

Result<Bytes> merge_updates(const std::vector<BytesView>& updates, const Limits& limits) {
  if (updates.size() == 1) {
    CLUSE_CHECK(check_update(updates[0], limits));
    return Bytes(updates[0]);
  }
  Merger merger(limits);
  for (const BytesView update : updates) CLUSE_CHECK(merger.add(update));
  return merger.run();
}

Result<Bytes> diff_update(BytesView update, BytesView state_vector, const Limits& limits) {
  CLUSE_TRY(known, read_state_vector(state_vector));
  Outline outline;
  CLUSE_CHECK(scan_update(update, limits, outline));
  SectionWriter sections;
  WireStruct item;
  for (Section& section : outline.sections) {
    const std::uint64_t clock = find_clock(known, section.client).value_or(0);
    bool writing = false;
    while (next_struct(update, section, item, limits.nesting_max)) {
      if (writing) {
        sections.add(item);
      } else if (item.kind != Kind::skip && item.end() > clock) {
        sections.add(item, clock > item.clock ? clock - item.clock : 0);
        writing = true;
      }
    }
  }
  Writer out;
  sections.finish(out);
  write_delete_set(out, outline.deletes);
  return out.take();
}

Result<Bytes> state_vector_of(BytesView update, const Limits& limits) {
  Outline outline;
  CLUSE_CHECK(scan_update(update, limits, outline));
  std::vector<ClientClock> reached;
  WireStruct item;
  for (Section& section : outline.sections) {
    std::uint64_t clock = 0;
    while (next_struct(update, section, item, limits.nesting_max)) {
      if (item.clock != clock || item.kind == Kind::skip) break;
      clock = item.end();
    }
    if (clock > 0) reached.push_back({section.client, clock});
  }
  Writer out;
  out.var_uint(reached.size());
  for (const ClientClock& entry : reached) {
    out.var_uint(entry.client);
    out.var_uint(entry.clock);
  }
  return out.take();
}

}  // namespace cluse::crdt
