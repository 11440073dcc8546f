// Random edits on a Yjs document, of every kind that the product and its plugins make. One seed, one run.
import * as Y from 'yjs';

/** A small deterministic generator (mulberry32). */
export function generator(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    below: (n) => Math.floor(next() * n),
    chance: (p) => next() < p,
    pick: (list) => list[Math.floor(next() * list.length)],
    shuffle(list) {
      const copy = [...list];
      for (let i = copy.length - 1; i > 0; i -= 1) {
        const j = Math.floor(next() * (i + 1));
        [copy[i], copy[j]] = [copy[j], copy[i]];
      }
      return copy;
    },
  };
}

const words = ['Delle', ' Porrentruy', 'é', 'Zürich ', '🚲', 'a', ' ', 'ligne', '12 500 €', '𝄞x'];
const marks = [{ bold: {} }, { italic: {} }, { bold: null }, { link: { href: 'https://example.org/' } }, { italic: null }];

/**
 * Where an editor may cut: never inside a surrogate pair. Yjs replaces the halves of a cut pair, and replicas of Yjs itself
 * then disagree on some interleavings, so a comparison would blame the server for it.
 */
function boundaries(text) {
  const list = [];
  let at = 0;
  for (const { insert } of text.toDelta()) {
    for (const unit of typeof insert === 'string' ? insert : ['embed']) {
      list.push(at);
      at += typeof insert === 'string' ? unit.length : 1;
    }
  }
  return [...list, at];
}

function editText(random, text) {
  const cuts = boundaries(text);
  const length = cuts.length - 1;
  const kind = random.below(10);
  if (kind < 5 || length === 0) {
    text.insert(random.pick(cuts), random.pick(words), random.chance(0.3) ? random.pick(marks) : undefined);
  } else if (kind < 8) {
    const from = random.below(length);
    text.delete(cuts[from], cuts[Math.min(length, from + 1 + random.below(5))] - cuts[from]);
  } else if (kind < 9) {
    const from = random.below(length);
    text.format(cuts[from], cuts[Math.min(length, from + 1 + random.below(8))] - cuts[from], random.pick(marks));
  } else {
    text.insertEmbed(random.pick(cuts), { image: 'x', width: random.below(100) });
  }
}

function editXml(random, fragment) {
  const kind = random.below(8);
  if (kind < 3 || fragment.length === 0) {
    const element = new Y.XmlElement(random.pick(['paragraph', 'heading', 'bulletList', 'tableCell']));
    element.setAttribute('level', String(1 + random.below(4)));
    const text = new Y.XmlText(random.pick(words));
    element.insert(0, random.chance(0.3) ? [new Y.XmlElement('hardBreak'), text] : [text]);
    fragment.insert(random.below(fragment.length + 1), [element]);
    return;
  }
  if (kind === 3) {
    fragment.delete(random.below(fragment.length), 1);
    return;
  }
  const child = fragment.get(random.below(fragment.length));
  if (child instanceof Y.XmlText) editText(random, child);
  else if (kind === 4) child.setAttribute(random.pick(['level', 'lang', 'start']), random.pick(['1', '2', 'fr', 'de']));
  else if (kind === 5) child.removeAttribute('level');
  else editXml(random, child);
}

function editMap(random, map) {
  const key = random.pick(['a', 'b', 'c']);
  const kind = random.below(6);
  if (kind < 3) map.set(key, random.pick([1, -3.5, true, null, 'wort', [1, { x: 2 }], new Uint8Array([1, 2, 3])]));
  else if (kind === 3) map.delete(key);
  else if (kind === 4) map.set(key, new Y.Map());
  else if (map.get(key) instanceof Y.Map) editMap(random, map.get(key));
  else map.set(key, new Y.Array());
}

function editArray(random, array) {
  const kind = random.below(6);
  if (kind < 3 || array.length === 0) array.insert(random.below(array.length + 1), [random.below(1000), random.pick(words)]);
  else if (kind < 5) array.delete(random.below(array.length), 1);
  else array.insert(random.below(array.length + 1), [new Y.Text('t')]);
}

/** One client's hand on a document: edits and undoes its own edits. */
export class Editor {
  constructor(doc, random) {
    this.doc = doc;
    this.random = random;
    this.roots = [doc.getText('text'), doc.getXmlFragment('default'), doc.getMap('map'), doc.getArray('array')];
    this.undo = new Y.UndoManager(this.roots, { captureTimeout: 0, trackedOrigins: new Set([this]) });
  }

  edit() {
    const random = this.random;
    if (random.chance(0.08)) return random.chance(0.7) ? this.undo.undo() : this.undo.redo();
    return this.doc.transact(() => {
      for (let i = 1 + random.below(3); i > 0; i -= 1) {
        const [text, fragment, map, array] = this.roots;
        const kind = random.below(10);
        if (kind < 4) editText(random, text);
        else if (kind < 8) editXml(random, fragment);
        else if (kind < 9) editMap(random, map);
        else editArray(random, array);
      }
    }, this);
  }
}
