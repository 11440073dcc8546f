// Writes server/crdt/samples_test.h: updates that Yjs made, for the unit tests, which run without Node.
//
//   node tests/crdt/samples.mjs > server/crdt/samples_test.h

import { makeCase } from './case.mjs'

console.error = () => {}
const hex = bytes => Buffer.from(bytes).toString('hex')
const literal = text => text.match(/.{1,112}/g)?.map(line => `        "${line}"`).join('\n') ?? '        ""'

/** The first small cases that are not trivial. */
const samples = []
for (let seed = 1; samples.length < 12; seed++) {
  const questions = makeCase(seed)
  const end = questions.findLastIndex(({ letter }) => letter === 'N')
  const updates = questions.slice(0, end).filter(({ letter }) => letter === 'A').map(({ payload }) => hex(payload))
  const size = updates.join('').length
  if (size > 600 && size < 4000) samples.push({ seed, updates, state: hex(questions.slice(0, end).findLast(({ letter, payload }) => letter === 'E' && payload.length === 0).answer) })
}

console.log(`// Written by tests/crdt/samples.mjs; not edited by hand. What Yjs 13.6 encodes after it has applied the updates in order.
#pragma once

#include <string_view>
#include <vector>

namespace cluse::crdt {

struct Sample {
  int seed;
  std::vector<std::string_view> updates;  ///< hexadecimal
  std::string_view state;                 ///< hexadecimal
};

inline const std::vector<Sample>& samples() {
  static const std::vector<Sample> kSamples = {`)
for (const { seed, updates, state } of samples) {
  console.log(`      {${seed},\n       {\n${updates.map(update => literal(update)).join(',\n')}},\n${literal(state)}},`)
}
console.log(`  };
  return kSamples;
}

}  // namespace cluse::crdt`)
