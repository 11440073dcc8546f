// Turns an editing trace into a stream of Yjs updates for cluse_crdt_bench:
//
//   node tests/crdt/trace.mjs TRACE.json.gz OUT
//
// The trace is as josephg/editing-traces has them: {txns: [{patches: [[position, deleted, inserted text], …]}, …]}.

import { createWriteStream, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import * as Y from 'yjs'

const [, , from, to] = process.argv
const read = readFileSync(from)
const trace = JSON.parse((read[0] === 0x1f ? gunzipSync(read) : read).toString())
const out = createWriteStream(to)
const doc = new Y.Doc()
doc.clientID = 123456
const text = doc.getText('text')
doc.on('update', update => {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(update.length)
  out.write(Buffer.concat([size, update]))
})
for (const [position, deleted, inserted] of trace.txns.flatMap(txn => txn.patches)) {
  if (deleted > 0) text.delete(position, deleted)
  if (inserted) text.insert(position, inserted)
}
out.end()
