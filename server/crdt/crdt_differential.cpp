// Answers questions about documents on stdin, for tests/crdt/differential.mjs, which puts the same ones to Yjs.
//
// A question is one letter, four octets of length (little endian) and as many octets; an answer is one octet (0 done,
// 1 refused), a length and octets. N: forget the document; A: apply an update; E: the state from a state vector on;
// V: the state vector; P: "1" if something is pending; T, J, X: text, JSON or XML of a root; M: merge the updates, each
// with a length before it; D: an update (with a length before it) less a state vector; S: the state vector of an
// update.
#include "server/crdt/crdt.h"
#include "server/crdt/json.h"

#include <cstdio>
#include <optional>

namespace cluse::crdt {
namespace {

std::optional<std::size_t> read_size(BytesView& from) {
  if (from.size() < 4) return std::nullopt;
  std::size_t size = 0;
  for (std::size_t i = 4; i-- > 0;) size = size << 8 | static_cast<std::uint8_t>(from[i]);
  from.remove_prefix(4);
  if (from.size() < size) return std::nullopt;
  return size;
}

std::optional<BytesView> read_piece(BytesView& from) {
  const auto size = read_size(from);
  if (!size) return std::nullopt;
  const BytesView piece = from.substr(0, *size);
  from.remove_prefix(*size);
  return piece;
}

void write_answer(const Result<Bytes>& answer) {
  const BytesView bytes = answer ? BytesView(*answer) : answer.error().code;
  std::fputc(answer ? 0 : 1, stdout);
  for (unsigned shift = 0; shift < 32; shift += 8) std::fputc(static_cast<int>(bytes.size() >> shift & 0xff), stdout);
  std::fwrite(bytes.data(), 1, bytes.size(), stdout);
}

void write_xml(std::string& out, const std::vector<XmlNode>& nodes) {
  out += "[";
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (i > 0) out += ",";
    out += "[";
    write_json_string(out, nodes[i].name.empty() ? nodes[i].text : nodes[i].name);
    out += ",";
    write_json(out, Value{nodes[i].attributes});
    if (!nodes[i].name.empty()) {
      out += ",";
      write_xml(out, nodes[i].children);
    }
    out += "]";
  }
  out += "]";
}

Result<Bytes> merge(BytesView payload) {
  std::vector<BytesView> updates;
  while (const auto update = read_piece(payload)) updates.push_back(*update);
  return merge_updates(updates);
}

Result<Bytes> diff(BytesView payload) {
  const auto update = read_piece(payload);
  return diff_update(update.value_or(BytesView{}), payload);
}

Result<Bytes> answer(Document& document, char question, BytesView payload) {
  switch (question) {
    case 'N': document = Document(); return Bytes();
    case 'A': {
      const auto applied = document.apply(payload);
      if (!applied) return std::unexpected(applied.error());
      return Bytes();
    }
    case 'E': return document.encode_state(payload);
    case 'V': return document.state_vector();
    case 'P': return Bytes(document.has_pending() ? "1" : "0");
    case 'T': return document.text(payload);
    case 'J': return document.to_json(payload);
    case 'X': {
      std::string out;
      write_xml(out, document.xml(payload));
      return out;
    }
    case 'M': return merge(payload);
    case 'D': return diff(payload);
    case 'S': return state_vector_of(payload);
    default: return fail(Errc::invalid, "question_unknown");
  }
}

std::string read_all() {
  std::string input;
  char buffer[1 << 16];
  while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, stdin)) input.append(buffer, got);
  return input;
}

}  // namespace
}  // namespace cluse::crdt

int main() {
  const std::string input = cluse::crdt::read_all();
  cluse::BytesView rest = input;
  cluse::crdt::Document document;
  while (!rest.empty()) {
    const char question = rest.front();
    rest.remove_prefix(1);
    const auto payload = cluse::crdt::read_piece(rest);
    if (!payload) return 1;
    cluse::crdt::write_answer(cluse::crdt::answer(document, question, *payload));
  }
  return 0;
}
