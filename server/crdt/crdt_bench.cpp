// Measures the engine on a recorded stream of updates: `cluse_crdt_bench FILE`, where the file holds updates, each with
// its length (four octets, little endian) before it. tests/crdt/trace.mjs writes one.
#include "server/crdt/crdt.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>

namespace {

using cluse::Bytes;
using cluse::BytesView;
using cluse::crdt::Document;

std::vector<BytesView> split(BytesView stream) {
  std::vector<BytesView> updates;
  while (stream.size() >= 4) {
    std::size_t size = 0;
    for (std::size_t i = 4; i-- > 0;) size = size << 8 | static_cast<std::uint8_t>(stream[i]);
    updates.push_back(stream.substr(4, size));
    stream.remove_prefix(std::min(stream.size(), size + 4));
  }
  return updates;
}

/// Median of five runs, in milliseconds.
double measure(const std::function<void()>& work) {
  std::vector<double> times;
  for (int run = 0; run < 5; ++run) {
    const auto start = std::chrono::steady_clock::now();
    work();
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  std::ifstream file(arguments[1], std::ios::binary);
  const Bytes stream{std::istreambuf_iterator<char>(file), {}};
  const std::vector<BytesView> updates = split(stream);

  Document document;
  const double apply = measure([&] {
    document = Document();
    for (const BytesView update : updates) static_cast<void>(document.apply(update));
  });
  Bytes state;
  const double encode = measure([&] { state = document.encode_state().value(); });
  const double load = measure([&] {
    document = Document();
    static_cast<void>(document.apply(state));
  });
  const Bytes vector = document.state_vector();
  const double diff = measure([&] { static_cast<void>(document.encode_state(vector)); });
  std::size_t characters = 0;
  const double text = measure([&] { characters = document.text("text").size(); });
  Bytes merged;
  const double merge = measure([&] { merged = cluse::crdt::merge_updates(updates).value(); });
  const double load_merged = measure([&] {
    document = Document();
    static_cast<void>(document.apply(merged));
  });
  const bool same = document.encode_state().value() == state;
  const auto stats = document.stats();
  std::printf("%zu updates, %zu structs, %zu bytes of memory, %zu bytes encoded, %zu of text, merged the same: %s\n",
              updates.size(), stats.structs, stats.bytes, state.size(), characters, same ? "yes" : "no");
  std::printf("apply one by one %.1f ms (%.0f/s), load %.2f ms, encode %.2f ms, empty diff %.3f ms, text %.3f ms\n",
              apply, static_cast<double>(updates.size()) * 1000 / apply, load, encode, diff, text);
  std::printf("merge without a document %.1f ms, load what was merged %.1f ms\n", merge, load_merged);
  return 0;
}
