#include "server/crdt/update.h"

#include "server/crdt/utf16.h"

#include <algorithm>
#include <limits>

namespace cluse::crdt {

namespace {

constexpr std::uint8_t kKindBits = 0x1f;
constexpr std::uint8_t kOriginBit = 0x80;
constexpr std::uint8_t kRightOriginBit = 0x40;
constexpr std::uint8_t kParentSubBit = 0x20;
/// Content is read whole here, so `any` and JSON were already checked: no depth can be too deep a second time.
constexpr std::size_t kAnyDepth = std::numeric_limits<std::size_t>::max();

std::unexpected<Error> refuse(Fault fault) {
  if (fault == Fault::too_deep) return fail(Errc::too_large, "update_too_deep");
  return fail(Errc::invalid, "update_malformed");
}

WireId read_id(Reader& in) {
  WireId id;
  id.client = in.var_uint();
  id.clock = in.var_uint();
  return id;
}

/// Reads `item.length` elements of JSON or any content.
void read_elements(Reader& in, WireStruct& item, std::size_t nesting_max) {
  item.length = in.var_uint();
  if (item.length > in.remaining()) in.fail();
  const std::size_t start = in.position();
  for (std::uint64_t left = item.length; left > 0 && in.ok(); --left) {
    if (item.kind == Kind::any) {
      in.skip_any(nesting_max);
    } else {
      in.var_json(nesting_max, true);
    }
  }
  if (in.ok()) item.content = in.since(start);
}

void read_content(Reader& in, WireStruct& item, std::size_t nesting_max) {
  item.length = 1;
  const std::size_t start = in.position();
  switch (item.kind) {
    case Kind::gc:
    case Kind::skip:
    case Kind::deleted: item.length = in.var_uint(); break;
    case Kind::any:
    case Kind::json: read_elements(in, item, nesting_max); break;
    case Kind::binary: item.content = in.var_bytes(); break;
    case Kind::string: item.content = in.var_string(item.length); break;
    case Kind::embed: item.content = in.var_json(nesting_max, false); break;
    case Kind::format:
      in.var_string();
      in.var_json(nesting_max, false);
      if (in.ok()) item.content = in.since(start);
      break;
    case Kind::type: {
      const std::uint64_t type = in.var_uint();
      if (type > static_cast<std::uint64_t>(TypeRef::xml_text)) in.fail();
      item.type = static_cast<TypeRef>(type);
      if (in.ok() && is_named(item.type)) item.content = in.var_string();
      break;
    }
    case Kind::doc:
      in.var_string();
      in.skip_any(nesting_max);
      if (in.ok()) item.content = in.since(start);
      break;
  }
}

/// What an item is built on must be older than itself: its own client's ids from its own clock on do not exist yet.
bool is_earlier(const WireId& id, const WireStruct& item) {
  return id.client != item.client || id.clock < item.clock;
}

void read_struct(Reader& in, WireStruct& item, std::size_t nesting_max) {
  const std::uint8_t info = in.byte();
  const std::uint8_t kind = info & kKindBits;
  if (kind > static_cast<std::uint8_t>(Kind::skip)) in.fail();
  item.kind = static_cast<Kind>(kind);
  item.content = {};
  item.type = TypeRef::root;
  const bool is_item = item.kind != Kind::gc && item.kind != Kind::skip;
  item.has_origin = is_item && (info & kOriginBit) != 0;
  item.has_right_origin = is_item && (info & kRightOriginBit) != 0;
  item.has_parent_key = item.has_parent_id = item.has_parent_sub = false;
  if (item.has_origin) item.origin = read_id(in);
  if (item.has_right_origin) item.right_origin = read_id(in);
  if (is_item && !item.has_origin && !item.has_right_origin) {
    item.has_parent_key = in.var_uint() == 1;
    item.has_parent_id = !item.has_parent_key;
    if (item.has_parent_key) {
      item.parent_key = in.var_string();
    } else {
      item.parent_id = read_id(in);
    }
    item.has_parent_sub = (info & kParentSubBit) != 0;
    if (item.has_parent_sub) item.parent_sub = in.var_string();
  }
  if (in.ok()) read_content(in, item, nesting_max);
  if (item.length == 0 || item.length > kIntegerMax - item.clock) in.fail();
  if (item.has_origin && !is_earlier(item.origin, item)) in.fail();
  if (item.has_right_origin && !is_earlier(item.right_origin, item)) in.fail();
  if (item.has_parent_id && !is_earlier(item.parent_id, item)) in.fail();
}

/// Reads all structs; empty sections are dropped.
void scan_sections(Reader& in, BytesView update, const Limits& limits, Outline& outline) {
  WireStruct item;
  for (std::uint64_t left = in.var_uint(); left > 0 && in.ok(); --left) {
    Section section;
    section.count = in.var_uint();
    section.client = in.var_uint();
    section.clock = in.var_uint();
    section.offset = in.position();
    if (section.count == 0) continue;
    if (in.ok()) outline.sections.push_back(section);
    Fault fault = Fault::none;
    while (in.ok() && next_struct(update, section, item, limits.nesting_max, &fault)) {
      outline.skips += item.kind == Kind::skip ? 1 : 0;
    }
    if (fault != Fault::none) in.fail(fault);
    if (in.ok()) in = Reader(update, section.offset);
  }
}

void scan_deletes(Reader& in, Outline& outline) {
  for (std::uint64_t left = in.var_uint(); left > 0 && in.ok(); --left) {
    const std::uint64_t client = in.var_uint();
    for (std::uint64_t ranges = in.var_uint(); ranges > 0 && in.ok(); --ranges) {
      const std::uint64_t clock = in.var_uint();
      const std::uint64_t length = in.var_uint();
      if (length > kIntegerMax - clock) in.fail();
      if (in.ok() && length > 0) outline.deletes.push_back({client, clock, clock + length});
    }
  }
}

}  // namespace

bool next_struct(BytesView bytes, Section& section, WireStruct& out, std::size_t nesting_max, Fault* fault) {
  if (section.count == 0) return false;
  Reader in(bytes, section.offset);
  out.client = section.client;
  out.clock = section.clock;
  read_struct(in, out, nesting_max);
  if (!in.ok()) {
    if (fault != nullptr) *fault = in.fault();
    section.count = 0;
    return false;
  }
  section.offset = in.position();
  section.clock = out.end();
  --section.count;
  return true;
}

Result<void> scan_update(BytesView update, const Limits& limits, Outline& outline) {
  outline.sections.clear();
  outline.deletes.clear();
  outline.skips = 0;
  outline.update = update;
  if (update.size() > limits.update_bytes_max) return fail(Errc::too_large, "update_too_large");
  Reader in(update);
  scan_sections(in, update, limits, outline);
  scan_deletes(in, outline);
  if (in.ok() && in.remaining() > 0) in.fail();
  if (!in.ok()) return refuse(in.fault());
  const auto higher = [](const Section& a, const Section& b) { return a.client > b.client; };
  const auto same = [](const Section& a, const Section& b) { return a.client == b.client; };
  if (!std::is_sorted(outline.sections.begin(), outline.sections.end(), higher)) {
    std::sort(outline.sections.begin(), outline.sections.end(), higher);
  }
  if (std::adjacent_find(outline.sections.begin(), outline.sections.end(), same) != outline.sections.end()) {
    return refuse(Fault::malformed);
  }
  normalise(outline.deletes);
  return {};
}

Result<std::vector<ClientClock>> read_state_vector(BytesView bytes) {
  std::vector<ClientClock> vector;
  if (bytes.empty()) return vector;
  Reader in(bytes);
  const std::uint64_t count = in.var_uint();
  if (count > in.remaining() / 2) in.fail();
  for (std::uint64_t left = count; left > 0 && in.ok(); --left) {
    const std::uint64_t client = in.var_uint();
    vector.push_back({client, in.var_uint()});
  }
  if (in.ok() && in.remaining() > 0) in.fail();
  if (!in.ok()) return fail(Errc::invalid, "state_vector_malformed");
  std::stable_sort(vector.begin(), vector.end(), [](const auto& a, const auto& b) { return a.client < b.client; });
  // Of several entries for one client the last one counts.
  const auto last = std::unique(vector.rbegin(), vector.rend(), [](auto& a, auto& b) { return a.client == b.client; });
  vector.erase(vector.begin(), last.base());
  return vector;
}

std::optional<std::uint64_t> find_clock(const std::vector<ClientClock>& vector, std::uint64_t client) {
  const auto at = std::lower_bound(vector.begin(), vector.end(), client,
                                   [](const ClientClock& entry, std::uint64_t id) { return entry.client < id; });
  if (at == vector.end() || at->client != client) return std::nullopt;
  return at->clock;
}

void normalise(std::vector<DeleteRange>& ranges) {
  if (ranges.size() < 2) return;
  const auto before = [](const DeleteRange& a, const DeleteRange& b) {
    return a.client != b.client ? a.client > b.client : a.clock < b.clock;
  };
  if (!std::is_sorted(ranges.begin(), ranges.end(), before)) std::sort(ranges.begin(), ranges.end(), before);
  std::size_t kept = 0;
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    DeleteRange& last = ranges[kept];
    if (last.client == ranges[i].client && last.end >= ranges[i].clock) {
      last.end = std::max(last.end, ranges[i].end);
    } else {
      ranges[++kept] = ranges[i];
    }
  }
  ranges.resize(kept + 1);
}

void write_delete_set(Writer& out, const std::vector<DeleteRange>& ranges) {
  const auto other_client = [](const DeleteRange& a, const DeleteRange& b) { return a.client != b.client; };
  std::uint64_t clients = ranges.empty() ? 0 : 1;
  for (std::size_t i = 1; i < ranges.size(); ++i) clients += other_client(ranges[i - 1], ranges[i]) ? 1 : 0;
  out.var_uint(clients);
  for (auto from = ranges.begin(); from != ranges.end();) {
    const auto split = std::adjacent_find(from, ranges.end(), other_client);
    const auto to = split == ranges.end() ? split : split + 1;
    out.var_uint(from->client);
    out.var_uint(static_cast<std::uint64_t>(to - from));
    for (; from != to; ++from) {
      out.var_uint(from->clock);
      out.var_uint(from->end - from->clock);
    }
  }
}

std::size_t element_offset(Kind kind, BytesView content, std::uint64_t units) {
  Reader in(content);
  for (; units > 0; --units) {
    if (kind == Kind::any) {
      in.skip_any(kAnyDepth);
    } else {
      in.var_bytes();
    }
  }
  return in.position();
}

void write_content(Writer& out, Kind kind, TypeRef type, std::uint64_t length, BytesView content,
                   std::uint64_t offset) {
  switch (kind) {
    case Kind::gc:
    case Kind::skip:
    case Kind::deleted: out.var_uint(length - offset); break;
    case Kind::any:
    case Kind::json:
      out.var_uint(length - offset);
      out.raw(content.substr(element_offset(kind, content, offset)));
      break;
    case Kind::string: {
      const Utf16Cut cut = utf16_cut(content, offset);
      if (cut.inside_pair) {
        out.var_uint(content.size() - cut.bytes - 4 + kReplacement.size());
        out.raw(kReplacement);
        out.raw(content.substr(cut.bytes + 4));
      } else {
        out.var_bytes(content.substr(cut.bytes));
      }
      break;
    }
    case Kind::binary:
    case Kind::embed: out.var_bytes(content); break;
    case Kind::format:
    case Kind::doc: out.raw(content); break;
    case Kind::type:
      out.var_uint(static_cast<std::uint64_t>(type));
      if (is_named(type)) out.var_bytes(content);
      break;
  }
}

void write_struct(Writer& out, const WireStruct& item, std::uint64_t offset) {
  const bool has_origin = item.has_origin || (offset > 0 && item.kind != Kind::gc && item.kind != Kind::skip);
  out.byte(static_cast<std::uint8_t>(static_cast<std::uint8_t>(item.kind) | (has_origin ? kOriginBit : 0) |
                                     (item.has_right_origin ? kRightOriginBit : 0) |
                                     (item.has_parent_sub ? kParentSubBit : 0)));
  if (has_origin) {
    out.var_uint(offset > 0 ? item.client : item.origin.client);
    out.var_uint(offset > 0 ? item.clock + offset - 1 : item.origin.clock);
  }
  if (item.has_right_origin) {
    out.var_uint(item.right_origin.client);
    out.var_uint(item.right_origin.clock);
  }
  if (!has_origin && !item.has_right_origin && item.kind != Kind::gc && item.kind != Kind::skip) {
    out.var_uint(item.has_parent_key ? 1 : 0);
    if (item.has_parent_key) {
      out.var_bytes(item.parent_key);
    } else {
      out.var_uint(item.parent_id.client);
      out.var_uint(item.parent_id.clock);
    }
    if (item.has_parent_sub) out.var_bytes(item.parent_sub);
  }
  write_content(out, item.kind, item.type, item.length, item.content, offset);
}

void cut_left(WireStruct& item, std::uint64_t count, Bytes& scratch) {
  if (item.kind == Kind::any || item.kind == Kind::json) {
    item.content.remove_prefix(element_offset(item.kind, item.content, count));
  } else if (item.kind == Kind::string) {
    const Utf16Cut cut = utf16_cut(item.content, count);
    item.content.remove_prefix(cut.bytes);
    if (cut.inside_pair) {
      Bytes right(kReplacement);
      right += item.content.substr(4);
      scratch = std::move(right);
      item.content = scratch;
    }
  }
  if (item.kind != Kind::gc && item.kind != Kind::skip) {
    item.has_origin = true;
    item.origin = {item.client, item.clock + count - 1};
  }
  item.clock += count;
  item.length -= count;
}

void cut_right(WireStruct& item, std::uint64_t count, Bytes& scratch) {
  if (item.kind == Kind::any || item.kind == Kind::json) {
    item.content = item.content.substr(0, element_offset(item.kind, item.content, count));
  } else if (item.kind == Kind::string) {
    const Utf16Cut cut = utf16_cut(item.content, count);
    Bytes left(item.content.substr(0, cut.bytes));
    if (cut.inside_pair) left += kReplacement;
    scratch = std::move(left);
    item.content = scratch;
  }
  item.length = count;
}

void SectionWriter::add(const WireStruct& item, std::uint64_t offset) {
  if (count_ > 0 && client_ != item.client) flush();
  if (count_ == 0) {
    client_ = item.client;
    head_.var_uint(item.client);
    head_.var_uint(item.clock + offset);
  }
  write_struct(body_, item, offset);
  ++count_;
}

void SectionWriter::flush() {
  if (count_ == 0) return;
  done_.var_uint(count_);
  done_.raw(head_.take());
  done_.raw(body_.take());
  head_ = {};
  body_ = {};
  count_ = 0;
  ++sections_;
}

void SectionWriter::finish(Writer& out) {
  flush();
  out.var_uint(sections_);
  out.raw(done_.bytes());
}

}  // namespace cluse::crdt
