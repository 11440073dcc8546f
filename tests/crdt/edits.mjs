// Random edits of a Yjs document: every kind of content and of type that Yjs can write.

import * as Y from 'yjs'

const WORDS = ['a', 'bc', 'déf', 'Straße', '日本語', '😀', '👩‍👩‍👧', 'x😀y', '\n', ' ', '\u0000', '"\\', 'ﬁn', '🇫🇷']
const KEYS = ['k', 'key', 'ключ', 'id', '0', 'level', 'long-key-'.repeat(3)]
const TAGS = ['paragraph', 'heading', 'list_item', 'DIV']

const word = r => r.pick(WORDS).repeat(r.chance(0.1) ? r.int(2, 20) : 1)

const scalar = r => r.pick([
  () => r.int(-5, 5), () => r.int(-(2 ** 31), 2 ** 31), () => r.int(0, 1) * 2 ** 40, () => -0, () => 0.5, () => 0.1, () => 1e300,
  () => true, () => false, () => null, () => undefined, () => word(r), () => '', () => BigInt(r.int(-9, 9)) * 10n ** 15n,
  () => Infinity
])()

const any = (r, depth = 0) => {
  if (depth > 2 || r.chance(0.6)) return scalar(r)
  if (r.chance(0.5)) return Array.from({ length: r.int(0, 3) }, () => any(r, depth + 1))
  return Object.fromEntries(Array.from({ length: r.int(0, 3) }, () => [r.pick(KEYS), any(r, depth + 1)]))
}

const json = r => r.pick([() => ({ image: word(r) }), () => ({ a: [1, null, { b: true }] }), () => ({})])()

const mark = r => r.pick([
  () => ({ bold: true }), () => ({ bold: null }), () => ({ em: {} }), () => ({ em: null }),
  () => ({ link: { href: word(r), n: r.int(0, 9) } }), () => ({ link: null }), () => ({ bold: true, em: {} }),
  () => ({ bold: null, em: null, link: null })
])()

let docs = 0

const value = r => r.pick([
  () => any(r), () => any(r), () => any(r), () => new Uint8Array(r.int(0, 5)), () => new Y.Map(), () => new Y.Array(),
  () => new Y.Text(word(r)), () => newXml(r), () => new Y.Doc({ guid: `doc-${r.int(0, 9)}-${docs++}`, autoLoad: r.chance(0.2), meta: r.chance(0.3) ? { a: 1 } : null })
])()

/** What an array takes: no undefined and no bigint, unless inside something. */
const element = r => {
  const content = value(r)
  return content === undefined || typeof content === 'bigint' ? [content] : content
}

const newXml = r => {
  if (r.chance(0.4)) {
    const text = new Y.XmlText(word(r))
    if (r.chance(0.5)) text.applyDelta([{ insert: word(r), attributes: mark(r) }, { insert: word(r) }])
    return text
  }
  if (r.chance(0.05)) return new Y.XmlHook('hook')
  const element = new Y.XmlElement(r.pick(TAGS))
  if (r.chance(0.5)) element.setAttribute(r.pick(KEYS), r.chance(0.5) ? word(r) : r.int(0, 9))
  if (r.chance(0.5)) element.insert(0, [newXml(r)])
  return element
}

const editText = (r, text) => {
  const at = r.int(0, text.length)
  const length = Math.min(text.length - at, r.int(1, r.chance(0.1) ? 40 : 5))
  const what = r.next()
  if (what < 0.45) text.insert(at, word(r), r.chance(0.2) ? mark(r) : undefined)
  else if (what < 0.7) text.delete(at, length)
  else if (what < 0.9) text.format(at, length, mark(r))
  else if (what < 0.95) text.insertEmbed(at, r.chance(0.7) ? json(r) : new Y.Map(), r.chance(0.3) ? mark(r) : undefined)
  else if (r.chance(0.5)) text.setAttribute(r.pick(KEYS), scalar(r))
  else text.applyDelta([{ retain: at }, { insert: word(r), attributes: mark(r) }, { delete: length }])
}

const editArray = (r, array) => {
  const at = r.int(0, array.length)
  if (r.chance(0.65)) {
    array.insert(at, Array.from({ length: r.int(1, 4) }, () => element(r)))
  } else if (at < array.length) {
    array.delete(at, Math.min(array.length - at, r.int(1, 4)))
  }
}

const editMap = (r, map) => {
  const key = r.pick(KEYS)
  if (r.chance(0.75)) map.set(key, value(r))
  else if (r.chance(0.9)) map.delete(key)
  else map.clear()
}

const editXml = (r, parent) => {
  const at = r.int(0, parent.length)
  if (parent instanceof Y.XmlElement && r.chance(0.35)) {
    if (r.chance(0.75)) parent.setAttribute(r.pick(KEYS), r.chance(0.5) ? word(r) : r.int(0, 99))
    else parent.removeAttribute(r.pick(KEYS))
  } else if (r.chance(0.6)) {
    parent.insert(at, Array.from({ length: r.int(1, 2) }, () => newXml(r)))
  } else if (at < parent.length) {
    parent.delete(at, Math.min(parent.length - at, r.int(1, 3)))
  }
}

const children = type => {
  const found = []
  for (let item = type._start; item !== null; item = item.right) {
    if (!item.deleted && item.content instanceof Y.ContentType) found.push(item.content.type)
  }
  type._map.forEach(item => {
    if (!item.deleted && item.content instanceof Y.ContentType) found.push(item.content.type)
  })
  return found
}

/** One edit somewhere in `doc`; `flavour` is the kind of document this case is about. */
export const edit = (r, doc, flavour) => {
  let type = flavour === 'text' ? doc.getText('t')
    : flavour === 'xml' ? doc.getXmlFragment('x')
      : r.pick([() => doc.getText('t'), () => doc.getXmlFragment('x'), () => doc.getMap('m'), () => doc.getArray('a')])()
  for (let below = children(type); below.length > 0 && r.chance(0.75); below = children(type)) type = r.pick(below)
  if (type instanceof Y.Text) editText(r, type)
  else if (type instanceof Y.XmlFragment) editXml(r, type)
  else if (type instanceof Y.Map) editMap(r, type)
  else editArray(r, type)
}

/** The roots that edit() touches. */
export const roots = doc => [doc.getText('t'), doc.getXmlFragment('x'), doc.getMap('m'), doc.getArray('a')]
