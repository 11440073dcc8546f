// The engine against bytes that someone has spoilt: updates that Yjs made are cut, flipped and spliced, and applied to
// a document. Whatever happens, nothing may crash (run under the sanitizers), a refused update must leave the document
// as it was, and what the document says of itself must be accepted by another one. CLUSE_FUZZ_ROUNDS makes it longer.
#include "server/crdt/crdt.h"
#include "server/crdt/samples.h"

#include <gtest/gtest.h>

#include <charconv>
#include <cstdlib>
#include <random>

namespace cluse::crdt {
namespace {

Bytes from_hex(std::string_view hex) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned value = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
    bytes.push_back(static_cast<char>(value));
  }
  return bytes;
}

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {
    for (const Sample& sample : samples()) {
      for (const std::string_view update : sample.updates) corpus_.push_back(from_hex(update));
      corpus_.push_back(from_hex(sample.state));
    }
  }

  const Bytes& pick() { return corpus_[below(corpus_.size())]; }

  Bytes mutate() {
    Bytes bytes = pick();
    for (std::size_t times = 1 + below(4); times > 0 && !bytes.empty(); --times) mutate_once(bytes);
    return bytes;
  }

  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }

 private:
  void mutate_once(Bytes& bytes) {
    static const Bytes kHuge("\xff\xff\xff\xff\xff\xff\xff\x0f", 8);
    const std::size_t at = below(bytes.size());
    switch (below(7)) {
      case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8))); break;
      case 1: bytes[at] = static_cast<char>(below(256)); break;
      case 2: bytes.resize(at); break;
      case 3: bytes.erase(at, 1 + below(4)); break;
      case 4: bytes.insert(at, bytes.substr(below(bytes.size()), below(20))); break;
      case 5: bytes.replace(at, 1, kHuge); break;
      default: {
        const Bytes& other = pick();
        if (!other.empty()) bytes.insert(at, other.substr(below(other.size()), below(60)));
      }
    }
  }

  std::mt19937 random_;
  std::vector<Bytes> corpus_;
};

int rounds() {
  const char* wanted = std::getenv("CLUSE_FUZZ_ROUNDS");
  return wanted == nullptr ? 1500 : std::atoi(wanted);
}

/// Everything one can ask of a document.
Bytes read_all(const Document& document) {
  Bytes all = document.encode_state().value() + document.state_vector() + document.text("t");
  for (const char* root : {"t", "x", "m", "a", ""})
    all += document.to_json(root) + std::to_string(document.xml(root).size());
  return all;
}

TEST(Fuzz, SpoiltUpdatesAreRefusedWithoutAChangeOrAccepted) {
  int accepted = 0;
  for (int round = 0; round < rounds(); ++round) {
    SCOPED_TRACE(round);
    Mutator mutator(static_cast<unsigned>(round));
    Document document;
    for (std::size_t steps = 1 + mutator.below(12); steps > 0; --steps) {
      const Bytes update = mutator.below(3) == 0 ? mutator.pick() : mutator.mutate();
      const Bytes before = read_all(document);
      const bool valid = check_update(update).has_value();
      const bool applied = document.apply(update).has_value();
      ASSERT_EQ(applied, valid);
      if (!applied) {
        ASSERT_EQ(read_all(document), before);
      }
      accepted += applied ? 1 : 0;
    }
    const Bytes state = document.encode_state().value();
    Document again;
    ASSERT_TRUE(again.apply(state));
    if (!document.has_pending()) {
      ASSERT_EQ(again.state_vector(), document.state_vector());
    }
    ASSERT_TRUE(document.insert_text(4'000'000'000, "t", 3, "x"));
    ASSERT_TRUE(document.erase_text(4'000'000'000, "t", 1, 5));
    ASSERT_TRUE(document.append_xml(4'000'000'001, "x", {{"p", {}, "", {{"", {}, "y", {}}}}}));
  }
  EXPECT_GT(accepted, rounds());
}

TEST(Fuzz, SpoiltUpdatesAreMergedIntoSomethingWellFormed) {
  for (int round = 0; round < rounds(); ++round) {
    SCOPED_TRACE(round);
    Mutator mutator(static_cast<unsigned>(round) + 1'000'000);
    const Bytes updates[] = {mutator.mutate(), mutator.mutate(), mutator.pick()};
    const auto merged = merge_updates({updates[0], updates[1], updates[2]});
    if (!merged) continue;
    ASSERT_TRUE(check_update(*merged));
    const auto vector = state_vector_of(updates[2]);
    ASSERT_TRUE(vector);
    const auto rest = diff_update(*merged, *vector);
    ASSERT_TRUE(rest);
    ASSERT_TRUE(check_update(*rest));
  }
}

TEST(Fuzz, WorkThatIsCutShortLeavesNoTrace) {
  Limits strict;
  for (int round = 0; round < rounds(); ++round) {
    SCOPED_TRACE(round);
    Mutator mutator(static_cast<unsigned>(round) + 2'000'000);
    strict.conflict_steps_max = mutator.below(3);
    Document document(strict);
    for (int steps = 0; steps < 8; ++steps) {
      const Bytes before = read_all(document);
      const bool had_pending = document.has_pending();
      if (!document.apply(mutator.below(2) == 0 ? mutator.pick() : mutator.mutate())) {
        ASSERT_EQ(read_all(document), before);
        ASSERT_EQ(document.has_pending(), had_pending);
      }
    }
    ASSERT_TRUE(Document().apply(document.encode_state().value()));
  }
}

}  // namespace
}  // namespace cluse::crdt
