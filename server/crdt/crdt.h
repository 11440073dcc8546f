// The document engine: a Yjs-compatible CRDT document (update format v1), as a pure value.
// No clock, no I/O, no thread: ids and randomness come in as arguments. Distinct objects: safe. Shared objects: unsafe.
#pragma once

#include "server/base/bytes.h"
#include "server/base/result.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cluse::crdt {

/// Limits on what comes from outside. Past one: Errc::too_large or Errc::invalid, and nothing is changed.
struct Limits {
  std::size_t update_bytes_max = 16U << 20;   ///< one update
  std::size_t pending_bytes_max = 32U << 20;  ///< held back because what they build on has not arrived
  std::size_t nesting_max = 100;              ///< depth of `any` values and of XML trees
  /// Items passed while looking for the place of concurrent ones, in one update. Honest updates pass a handful; without
  /// a limit a crafted one could take time that grows with the square of its size. Raise it for what was stored.
  std::size_t conflict_steps_max = 20'000'000;
};

/// An attribute or formatting value: the JSON-like subset of lib0 `any` that rich text uses.
struct Value;
using ValueList = std::vector<Value>;
using ValueMap = std::map<std::string, Value>;
struct Value {
  std::variant<std::nullptr_t, bool, double, std::string, ValueList, ValueMap> data = nullptr;
  bool operator==(const Value&) const = default;
};

/// A node of an XML fragment as y-prosemirror writes it: an element, or a run of text with one set of formats.
struct XmlNode {
  std::string name;                         ///< element name; empty for a run of text
  std::map<std::string, Value> attributes;  ///< of the element; of a run of text: its formats ("bold": {})
  std::string text;                         ///< UTF-8, of a run of text
  std::vector<XmlNode> children;            ///< of an element
  bool operator==(const XmlNode&) const = default;
};

/// An element of the top level of a fragment.
struct XmlBlock {
  std::string id;  ///< "client.clock": names it as long as it is there, in every replica
  XmlNode node;
};

/// A change to the top level of a fragment.
struct XmlEdit {
  enum class Kind { insert, replace, remove };
  Kind kind = Kind::insert;
  std::string id;              ///< of the block; of an insertion: the one before, empty for the beginning
  std::vector<XmlNode> nodes;  ///< what comes there; none for a removal
};

/// Whether `update` is a complete, well-formed v1 update. Document::apply accepts what this accepts, unless the
/// document itself stands in the way: `pending_too_large` or `update_too_costly` (see Limits).
[[nodiscard]] Result<void> check_update(BytesView update, const Limits& limits = {});

/// One update that holds everything `updates` hold, in any order, without building a document. Time: linear in the
/// input (times the logarithm of the number of updates).
[[nodiscard]] Result<Bytes> merge_updates(const std::vector<BytesView>& updates, const Limits& limits = {});

/// What `update` holds beyond `state_vector`.
[[nodiscard]] Result<Bytes> diff_update(BytesView update, BytesView state_vector, const Limits& limits = {});

/// The state vector that `update` reaches when applied to an empty document.
[[nodiscard]] Result<Bytes> state_vector_of(BytesView update, const Limits& limits = {});

class Document {
 public:
  explicit Document(Limits limits = {});
  /// For what comes from now on: a document is loaded with wide limits and lives with narrow ones.
  void set_limits(const Limits& limits);
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  /// Integrates a remote update; parts whose dependencies are missing are kept pending and integrated later.
  /// A refused update changes nothing. Applying the same update twice changes nothing.
  Result<void> apply(BytesView update);

  /// Everything a peer at `state_vector` lacks, pending parts included (empty vector: the whole document).
  [[nodiscard]] Result<Bytes> encode_state(BytesView state_vector = {}) const;
  [[nodiscard]] Bytes state_vector() const;
  [[nodiscard]] bool has_pending() const;

  /// Text of the root text type `root`, UTF-8. Absent or of another kind: empty.
  [[nodiscard]] std::string text(std::string_view root) const;
  /// Children of the root XML fragment `root`, text runs already split by format.
  [[nodiscard]] std::vector<XmlNode> xml(std::string_view root) const;
  /// Root map, array or any other root as JSON, as Yjs's toJSON gives it. For tests and tools.
  [[nodiscard]] std::string to_json(std::string_view root) const;

  /// Appends `nodes` to the root XML fragment `root` as one edit by `client`; the update that carries it to others.
  /// Requires: `client` is not in use by a live editor of this document (draw it at random).
  [[nodiscard]] Result<Bytes> append_xml(std::uint32_t client, std::string_view root,
                                         const std::vector<XmlNode>& nodes);
  /// The elements of the top level of the root XML fragment `root`.
  [[nodiscard]] std::vector<XmlBlock> xml_blocks(std::string_view root) const;
  /// `edits`, one after another, as one edit by `client` (as above). The update alone: this document stays as it is.
  /// Code "block_not_found" (`field`: its id): nothing of it is there any more.
  [[nodiscard]] Result<Bytes> edit_xml(std::uint32_t client, std::string_view root,
                                       const std::vector<XmlEdit>& edits) const;
  /// Sets `key` of the root map `root`, as one edit by `client`; what stood there is replaced.
  [[nodiscard]] Result<Bytes> set_map(std::uint32_t client, std::string_view root, std::string_view key,
                                      const Value& value);
  /// Inserts text into the root text type `root` at `index` (UTF-16 units, clamped to the length).
  [[nodiscard]] Result<Bytes> insert_text(std::uint32_t client, std::string_view root, std::size_t index,
                                          std::string_view text);
  /// Deletes `length` units from `index` of the root text type `root` (clamped).
  [[nodiscard]] Result<Bytes> erase_text(std::uint32_t client, std::string_view root, std::size_t index,
                                         std::size_t length);

  struct Stats {
    std::size_t structs = 0;  ///< items, GC and skip runs
    std::size_t bytes = 0;    ///< estimate of the memory held
  };
  [[nodiscard]] Stats stats() const;

 private:
  class Store;
  std::unique_ptr<Store> store_;
};

}  // namespace cluse::crdt
