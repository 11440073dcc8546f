// JSON and lib0 `any` values, as attributes and formats hold them: checked, read into a Value, written as JavaScript
// would write them.
#pragma once

#include "server/crdt/crdt.h"
#include "server/crdt/wire.h"

#include <string>

namespace cluse::crdt {

/// Whether `text`, known to be UTF-8, is one JSON value that JSON.parse accepts, nested at most `nesting_max` deep.
[[nodiscard]] Fault check_json(BytesView text, std::size_t nesting_max);

/// Requires: check_json accepted `text`. Lone surrogates in escapes become U+FFFD.
[[nodiscard]] Value parse_json(BytesView text);

/// Reads one `any` value. Requires: skip_any accepts it. What a Value cannot hold (undefined, octets) becomes null.
[[nodiscard]] Value parse_any(Reader& reader);

/// As JSON.stringify writes it, with map keys in their order in the Value.
void write_json(std::string& out, const Value& value);
/// One JSON string, quotes included.
void write_json_string(std::string& out, std::string_view text);
/// As JavaScript's Number.prototype.toString does.
[[nodiscard]] std::string number_text(double number);

/// As lib0's writeAny does for the same JavaScript value.
void write_any(Writer& out, const Value& value);

/// Depth of a value: 0 for one that holds no others.
[[nodiscard]] std::size_t nesting_of(const Value& value);

}  // namespace cluse::crdt
