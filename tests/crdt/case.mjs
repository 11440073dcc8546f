// One random case: several Yjs clients edit and exchange updates, and a passive Yjs document and the engine get the same
// updates in the same order. The questions to the engine are collected with the answers that Yjs gives.

import * as Y from 'yjs'
import { Random } from './random.mjs'
import { edit, roots } from './edits.mjs'

const EMPTY = new Uint8Array(0)
const utf8 = new TextEncoder()

/** A Yjs document as a server keeps it: it never deletes anything by itself (docs/decisions/0002-document-engine.md). */
export const passive = () => {
  const doc = new Y.Doc()
  doc.clientID = 2 ** 53 - 1
  doc.on('afterTransaction', transaction => { transaction._needFormattingCleanup = false })
  return doc
}

const pieces = list => Buffer.concat(list.flatMap(bytes => {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(bytes.length)
  return [size, bytes]
}))

/** What JSON can say of a toJSON result; the engine shows null for the rest. */
export const plain = value => {
  if (value === undefined || value === null || value instanceof Uint8Array || value instanceof Y.Doc) return null
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'number') return Number.isFinite(value) ? (value === 0 ? 0 : value) : null
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]))
  return value
}

const clientId = r => r.chance(0.2) ? r.int(1, 300) : r.chance(0.05) ? 2 ** 52 + r.int(0, 99) : r.int(1, 2 ** 32 - 1)

class Case {
  constructor (seed) {
    this.random = new Random(seed)
    this.flavour = this.random.pick(['text', 'xml', 'all', 'all'])
    this.questions = []
    this.updates = []
    this.reference = passive()
    this.ask('N', EMPTY, EMPTY)
    const ids = new Set()
    while (ids.size < this.random.int(2, 5)) ids.add(clientId(this.random))
    this.clients = [...ids].map(id => this.makeClient(id))
  }

  makeClient (id) {
    const doc = new Y.Doc()
    doc.clientID = id
    if (this.random.chance(0.1)) doc.gc = false
    const undo = this.random.chance(0.4) ? new Y.UndoManager(roots(doc), { captureTimeout: 0 }) : null
    roots(doc)
    const client = { doc, undo, seen: new Set() }
    doc.on('update', (update, origin, _doc, transaction) => {
      if (!transaction.local) return
      client.seen.add(this.updates.length)
      this.updates.push(update)
    })
    return client
  }

  ask (letter, payload, answer, kind = 'bytes') {
    this.questions.push({ letter, payload, answer, kind })
  }

  /** Applies to both, and compares. */
  apply (update) {
    // Of several things that a pending struct waits for Yjs notes one, so it may let a struct wait whose turn has come
    // until something else arrives. The engine does not: let Yjs look each time.
    this.reference.store.pendingStructs?.missing.set(0, -1)
    Y.applyUpdate(this.reference, update)
    this.ask('A', update, EMPTY)
    if (this.random.chance(this.updates.length > 500 ? 0.02 : 0.3)) this.compare()
  }

  compare () {
    const { reference, random } = this
    this.ask('V', EMPTY, Y.encodeStateVector(reference))
    this.ask('E', EMPTY, Y.encodeStateAsUpdate(reference))
    this.ask('P', EMPTY, utf8.encode(reference.store.pendingStructs || reference.store.pendingDs ? '1' : '0'))
    if (random.chance(0.3)) {
      const vector = Y.encodeStateVector(random.pick(this.clients).doc)
      this.ask('E', vector, Y.encodeStateAsUpdate(reference, vector))
    }
  }

  deliver (client) {
    const missing = this.updates.map((_, i) => i).filter(i => !client.seen.has(i))
    if (missing.length === 0) return
    const index = this.random.chance(0.7) ? missing[0] : this.random.pick(missing)
    client.seen.add(index)
    Y.applyUpdate(client.doc, this.updates[index])
  }

  change (client) {
    const { random } = this
    if (client.undo && random.chance(0.15)) {
      random.chance(0.7) ? client.undo.undo() : client.undo.redo()
    } else if (random.chance(0.3)) {
      client.doc.transact(() => { for (let n = random.int(1, 8); n > 0; n--) edit(random, client.doc, this.flavour) })
    } else {
      edit(random, client.doc, this.flavour)
    }
  }

  someUpdates () {
    return Array.from({ length: this.random.int(0, 6) }, () => this.random.pick(this.updates))
  }

  /** Something for the server: one update, or several merged, or what a client's state has. */
  feed () {
    const { random } = this
    if (this.updates.length === 0) return
    const what = random.next()
    if (what < 0.6) this.apply(random.pick(this.updates))
    else if (what < 0.7) this.apply(Y.mergeUpdates(this.someUpdates()))
    else if (what < 0.85) this.apply(Y.encodeStateAsUpdate(random.pick(this.clients).doc, Y.encodeStateVector(this.reference)))
    else if (what < 0.9) this.apply(Y.encodeStateAsUpdate(random.pick(this.clients).doc))
    else this.withoutDocument()
  }

  withoutDocument () {
    const { random } = this
    const list = this.someUpdates()
    if (random.chance(0.3)) list.push(Y.encodeStateAsUpdate(random.pick(this.clients).doc))
    const merged = Y.mergeUpdates(list)
    this.ask('M', pieces(list), merged, 'update')
    const vector = Y.encodeStateVector(random.pick(this.clients).doc)
    this.ask('D', Buffer.concat([pieces([merged]), vector]), Y.diffUpdate(merged, vector))
    this.ask('S', merged, Y.encodeStateVectorFromUpdate(merged))
  }

  run () {
    const { random } = this
    for (let steps = random.chance(0.02) ? 3000 : random.int(10, 150); steps > 0; steps--) {
      const client = random.pick(this.clients)
      const what = random.next()
      if (what < 0.5) this.change(client)
      else if (what < 0.75) this.deliver(client)
      else this.feed()
    }
    // Everyone gets everything, tidying up after others (which makes more updates) included.
    for (let again = true; again;) {
      again = false
      for (const client of this.clients) {
        while (client.seen.size < this.updates.length) {
          this.deliver(client)
          again = true
        }
      }
    }
    for (let rest = this.updates.map((_, i) => i); rest.length > 0;) {
      const at = random.chance(0.8) ? 0 : random.int(0, rest.length - 1)
      this.apply(this.updates[rest.splice(at, 1)[0]])
    }
    this.conclude()
  }

  conclude () {
    this.compare()
    const { reference } = this
    const state = Y.encodeStateAsUpdate(reference)
    const fresh = passive()
    Y.applyUpdate(fresh, state)
    this.ask('N', EMPTY, EMPTY)
    this.ask('A', state, EMPTY)
    this.ask('E', EMPTY, Y.encodeStateAsUpdate(fresh))
    this.ask('V', EMPTY, Y.encodeStateVector(fresh))
    this.compareContent(fresh)
    // Where Yjs cuts a surrogate pair, replicas that cut it and replicas that did not show different characters.
    const isCut = doc => JSON.stringify(plain(roots(doc).map(type => type.toJSON()))).includes('\ufffd')
    if (isCut(fresh)) return
    for (const { doc } of this.clients) if (!isCut(doc)) this.compareContent(doc)
  }

  compareContent (doc) {
    this.ask('T', utf8.encode('t'), utf8.encode(doc.getText('t').toString()))
    this.ask('J', utf8.encode('m'), plain(doc.getMap('m').toJSON()), 'map')
    this.ask('J', utf8.encode('a'), plain(doc.getArray('a').toJSON()), 'array')
    this.ask('J', utf8.encode('x'), doc.getXmlFragment('x').toJSON(), 'xml')
  }
}

export const makeCase = seed => {
  const made = new Case(seed)
  made.run()
  return made.questions
}
