// Writes server/crdt/samples.cpp: updates that Yjs made, for the unit tests, which run without Node.
//
//   node tests/crdt/samples.mjs > server/crdt/samples.cpp

import { makeCase } from './case.mjs'

console.error = () => {}
const hex = bytes => Buffer.from(bytes).toString('hex')
const literal = text => text.match(/.{1,104}/g)?.map(line => `        "${line}"`).join('\n') ?? '        ""'

/** The first small cases that are not trivial. */
const samples = []
for (let seed = 1; samples.length < 12; seed++) {
  const questions = makeCase(seed)
  const end = questions.findLastIndex(({ letter }) => letter === 'N')
  const updates = questions.slice(0, end).filter(({ letter }) => letter === 'A').map(({ payload }) => hex(payload))
  const size = updates.join('').length
  if (size > 600 && size < 4000) samples.push({ seed, updates, state: hex(questions.slice(0, end).findLast(({ letter, payload }) => letter === 'E' && payload.length === 0).answer) })
}

console.log(`// Written by tests/crdt/samples.mjs; not edited by hand. Made with Yjs 13.6.
// clang-format off
#include "server/crdt/samples.h"

namespace cluse::crdt {

static const std::vector<Sample> kSamples = {`)
for (const { seed, updates, state } of samples) {
  console.log(`      {${seed},\n       {\n${updates.map(update => literal(update)).join(',\n')}},\n${literal(state)}},`)
}
console.log(`};

const std::vector<Sample>& samples() {
  return kSamples;
}

}  // namespace cluse::crdt`)
