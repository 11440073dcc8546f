// Updates as they stand on the wire: a reader that steps through the structs of an update, and what writes them again.
// Nothing here knows a document.
#pragma once

#include "server/base/result.h"
#include "server/crdt/crdt.h"
#include "server/crdt/wire.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace cluse::crdt {

/// Content kinds; the numbers are the wire's.
enum class Kind : std::uint8_t {
  gc = 0,
  deleted = 1,
  json = 2,
  binary = 3,
  string = 4,
  embed = 5,
  format = 6,
  type = 7,
  any = 8,
  doc = 9,
  skip = 10,
};

/// Type references of Yjs; the numbers are the wire's.
enum class TypeRef : std::uint8_t { array, map, text, xml_element, xml_fragment, xml_hook, xml_text, root = 0xff };

/// True for the types that carry a name: an element's tag, a hook's name.
[[nodiscard]] constexpr bool is_named(TypeRef type) {
  return type == TypeRef::xml_element || type == TypeRef::xml_hook;
}

struct WireId {
  std::uint64_t client = 0;
  std::uint64_t clock = 0;
  bool operator==(const WireId&) const = default;
};

/// One struct as read; its views point into what was read.
struct WireStruct {
  std::uint64_t client = 0;
  std::uint64_t clock = 0;
  std::uint64_t length = 0;
  Kind kind = Kind::gc;
  TypeRef type = TypeRef::root;
  bool has_origin = false;
  bool has_right_origin = false;
  bool has_parent_key = false;
  bool has_parent_id = false;
  bool has_parent_sub = false;
  WireId origin, right_origin, parent_id;
  BytesView parent_key, parent_sub;
  /// string: its text; embed: JSON; binary: octets; type: the name; format, doc: as on the wire; any, JSON: the
  /// elements as on the wire, without their number, which is the length.
  BytesView content;

  [[nodiscard]] std::uint64_t end() const { return clock + length; }
};

/// The structs of one client, still encoded.
struct Section {
  std::uint64_t client = 0;
  std::uint64_t clock = 0;  ///< of the next struct
  std::uint64_t count = 0;  ///< structs left
  std::size_t offset = 0;   ///< where the next struct begins
};

struct DeleteRange {
  std::uint64_t client = 0;
  std::uint64_t clock = 0;
  std::uint64_t end = 0;
  bool operator==(const DeleteRange&) const = default;
};

/// What scan_update finds.
struct Outline {
  BytesView update;                  ///< what was scanned
  std::vector<Section> sections;     ///< none empty, no client twice, higher client ids first
  std::vector<DeleteRange> deletes;  ///< higher client ids first, ascending, none empty, touching ones joined
  std::size_t skips = 0;             ///< structs that are skips
};

/// Reads `update` to its end and refuses it unless it is complete and well-formed. `outline` keeps its memory.
[[nodiscard]] Result<void> scan_update(BytesView update, const Limits& limits, Outline& outline);

/// Reads the next struct of `section` and advances it. False at the end or if the bytes are not well-formed.
bool next_struct(BytesView bytes, Section& section, WireStruct& out, std::size_t nesting_max, Fault* fault = nullptr);

/// A state vector in the order in which it was written.
struct ClientClock {
  std::uint64_t client = 0;
  std::uint64_t clock = 0;
};
/// Empty bytes are the empty state vector. Sorted by client, no client twice (the last entry counts, as in Yjs).
[[nodiscard]] Result<std::vector<ClientClock>> read_state_vector(BytesView bytes);
/// The clock of `client` in a sorted state vector, or nothing.
[[nodiscard]] std::optional<std::uint64_t> find_clock(const std::vector<ClientClock>& vector, std::uint64_t client);

/// Sorts ranges as an Outline has them and joins those that overlap or touch.
void normalise(std::vector<DeleteRange>& ranges);
/// Writes a delete set. Requires: normalised ranges.
void write_delete_set(Writer& out, const std::vector<DeleteRange>& ranges);

/// Writes `item` from its `offset`th unit on. Requires: offset < length.
void write_struct(Writer& out, const WireStruct& item, std::uint64_t offset);
/// Drops the first `count` units. `scratch` holds bytes that the struct then points to. Requires: count < length.
void cut_left(WireStruct& item, std::uint64_t count, Bytes& scratch);
/// Drops all but the first `count` units. Requires: 0 < count < length.
void cut_right(WireStruct& item, std::uint64_t count, Bytes& scratch);

/// Where unit `units` of a JSON or any content begins. Requires: well-formed and at least that long.
[[nodiscard]] std::size_t element_offset(Kind kind, BytesView content, std::uint64_t units);
/// Writes content, from its `offset`th unit on. Shared by structs and by the items of a document.
void write_content(Writer& out, Kind kind, TypeRef type, std::uint64_t length, BytesView content, std::uint64_t offset);

/// Collects structs into client sections, as Yjs's lazy writer: a section for each change of client.
class SectionWriter {
 public:
  void add(const WireStruct& item, std::uint64_t offset = 0);
  /// The sections, preceded by their number; then the caller writes the delete set.
  void finish(Writer& out);

 private:
  void flush();

  std::uint64_t client_ = 0;
  std::uint64_t count_ = 0;
  Writer head_;
  Writer body_;
  std::uint64_t sections_ = 0;
  Writer done_;
};

}  // namespace cluse::crdt
