// Compares the document engine with Yjs on random cases, byte for byte.
//
//   node tests/crdt/differential.mjs --engine build/dev/bin/cluse_crdt_differential [--seeds 500] [--first 1] [--seed N]

import { spawnSync } from 'node:child_process'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import * as Y from 'yjs'
import { makeCase, plain } from './case.mjs'

const { values: options } = parseArgs({
  options: {
    engine: { type: 'string', default: 'build/dev/bin/cluse_crdt_differential' },
    seeds: { type: 'string', default: '500' },
    first: { type: 'string', default: '1' },
    seed: { type: 'string' }
  }
})

const frame = ({ letter, payload }) => {
  const head = Buffer.alloc(5)
  head[0] = letter.charCodeAt(0)
  head.writeUInt32LE(payload.length, 1)
  return Buffer.concat([head, payload])
}

const runEngine = questions => {
  const run = spawnSync(options.engine, { input: Buffer.concat(questions.map(frame)), maxBuffer: 2 ** 30 })
  if (run.error) throw run.error
  const answers = []
  for (let at = 0; at + 5 <= run.stdout.length;) {
    const size = run.stdout.readUInt32LE(at + 1)
    answers.push({ refused: run.stdout[at] !== 0, bytes: run.stdout.subarray(at + 5, at + 5 + size) })
    at += 5 + size
  }
  return { answers, died: run.status !== 0 ? `status ${run.status} signal ${run.signal} ${run.stderr}` : null }
}

/**
 * What an update covers, for updates that hold the same thing in two forms (an item, and what was collected of it):
 * which of the two Yjs's merge takes depends on how JavaScript sorts by a comparison that contradicts itself.
 */
const covers = update => {
  const { structs, ds } = Y.decodeUpdate(update)
  const ranges = []
  for (const { id, length, constructor } of structs) {
    if (constructor === Y.Skip) continue
    const last = ranges.at(-1)
    if (last && last[0] === id.client && last[2] === id.clock) last[2] += length
    else ranges.push([id.client, id.clock, id.clock + length])
  }
  return { ranges, deletes: [...ds.clients].map(([client, items]) => [client, items.map(({ clock, len }) => [clock, len])]) }
}

let collectedTies = 0
const sameUpdate = (got, wanted) => {
  if (got.equals(wanted)) return true
  if (!Y.decodeUpdate(wanted).structs.concat(Y.decodeUpdate(got).structs).some(s => s instanceof Y.GC)) return false
  collectedTies++
  return isDeepStrictEqual(covers(got), covers(wanted))
}

const agrees = (question, answer) => {
  if (answer === undefined || answer.refused) return false
  if (question.kind === 'bytes') return answer.bytes.equals(question.answer)
  if (question.kind === 'update') return sameUpdate(answer.bytes, question.answer)
  const got = plain(JSON.parse(answer.bytes.toString()))
  // An empty root shows no type: the engine says null or [].
  const empty = got === null || (Array.isArray(got) && got.length === 0)
  if (question.kind === 'xml' && empty) return question.answer === ''
  if (empty) return Object.keys(question.answer).length === 0
  // A root that holds XML and nothing else looks like a fragment.
  if (question.kind === 'array' && typeof got === 'string') return got === question.answer.join('')
  return isDeepStrictEqual(got, question.answer)
}

const describe = (question, index, answer) => {
  const show = value => value instanceof Uint8Array ? Buffer.from(value).toString('hex').slice(0, 4000) : JSON.stringify(value)
  const octets = question.answer instanceof Uint8Array
  const got = answer === undefined ? 'nothing' : answer.refused ? `refused: ${answer.bytes}` : octets ? show(answer.bytes) : answer.bytes.toString()
  return `question ${index} (${question.letter} ${show(question.payload).slice(0, 400)})\n  Yjs:    ${show(question.answer)}\n  engine: ${got}`
}

/** Null, or what went wrong. */
const check = (questions, answers, died) => {
  for (const [index, question] of questions.entries()) {
    if (!agrees(question, answers[index])) return describe(question, index, answers[index]) + (died ? `\n  engine died: ${died}` : '')
  }
  return died ? `engine died: ${died}` : null
}

console.error = () => {} // Yjs warns of sub-documents that two replicas share
const first = options.seed === undefined ? Number(options.first) : Number(options.seed)
const last = options.seed === undefined ? first + Number(options.seeds) - 1 : first
let passed = 0
let failed = 0
for (let from = first; from <= last; from += 20) {
  const seeds = Array.from({ length: Math.min(20, last - from + 1) }, (_, i) => from + i)
  const cases = seeds.map(makeCase)
  const { answers, died } = runEngine(cases.flat())
  for (const [i, questions] of cases.entries()) {
    const wrong = check(questions, answers.splice(0, questions.length), died && i === cases.length - 1 ? died : null)
    if (wrong === null) {
      passed++
      continue
    }
    failed++
    console.log(`seed ${seeds[i]} failed: ${wrong}\n  replay: node tests/crdt/differential.mjs --engine ${options.engine} --seed ${seeds[i]}`)
  }
}
if (collectedTies > 0) console.log(`${collectedTies} merged updates differed in which form of collected content they kept`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
