// Aim: what is said of a block of a translation is right, and the same here and on the server; a block keeps its identity
// whatever is done to the text.
// Method: the vectors that the C++ test reads too; random edits of real Yjs documents; a real editor.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Editor } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { BlockIds } from '../editor/block_ids';
import { schemaExtensions } from '../editor/schema';
import { align } from './align';
import { kRememberedMax, TwinPair } from './pair';
import { judge, type Mark } from './state';
import { unitElements, unitOf, type Unit } from './units';
import { compareWords } from './words';

interface Node {
  name?: string;
  attributes?: Record<string, string | number>;
  children?: Node[];
  text?: string;
  marks?: object;
}
type Said = Pick<Unit, 'id' | 'text' | 'hash'>;
const vectors = JSON.parse(
  readFileSync(resolve(__dirname, '../../../../../server/domain/twins/testdata/vectors.json'), 'utf8'),
) as {
  units: { name: string; nodes: Node[]; units: Said[] }[];
  states: {
    name: string;
    source: Said[];
    translation: Said[];
    marks: Record<string, Mark>;
    judged: [string, string][];
  }[];
};

// As y-prosemirror writes: the runs between two elements are one text.
function build(parent: Y.XmlFragment | Y.XmlElement, nodes: Node[]): void {
  let text: Y.XmlText | null = null;
  for (const node of nodes) {
    if (node.text !== undefined) {
      if (!text) parent.push([(text = new Y.XmlText())]);
      text.applyDelta([{ retain: text.length }, { insert: node.text, attributes: node.marks }]);
      continue;
    }
    text = null;
    const element = new Y.XmlElement(node.name);
    parent.push([element]);
    for (const [key, value] of Object.entries(node.attributes ?? {}))
      element.setAttribute(key, value as string);
    build(element, node.children ?? []);
  }
}

function documentOf(nodes: Node[]): Y.Doc {
  const doc = new Y.Doc();
  build(doc.getXmlFragment('default'), nodes);
  return doc;
}
const unitsOf = (doc: Y.Doc): Unit[] => unitElements(doc.getXmlFragment('default')).map(unitOf);
const paragraph = (text: string, block?: string): Node => ({
  name: 'paragraph',
  attributes: block ? { block } : {},
  children: text ? [{ text, marks: {} }] : [],
});
const settled = (): Promise<void> => Promise.resolve();

describe('the vectors', () => {
  it.each(vectors.units)('units: $name', ({ nodes, units }) => {
    expect(unitsOf(documentOf(nodes)).map(({ id, text, hash }) => ({ id, text, hash }))).toEqual(units);
  });
  it.each(vectors.states)('states: $name', ({ source, translation, marks, judged }) => {
    const known = new Map(Object.entries(marks).filter(([, mark]) => typeof mark === 'object'));
    expect(judge(source, translation, known).map(({ id, state }) => [id, state])).toEqual(judged);
  });
});

it('one edited block turns its twin and no other, whatever the edit', async () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    let random = seed;
    const next = (below: number): number => (random = (random * 48271) % 2147483647) % below;
    const size = 1 + next(20);
    const texts = Array.from({ length: size }, (_, at) => `mot ${at} ${next(1000)}`);
    const source = documentOf(texts.map((text, at) => paragraph(text, `b${at}`)));
    const own = documentOf(texts.map((text, at) => paragraph(`Wort ${text}`, `b${at}`)));
    const pair = new TwinPair(source, own);
    for (let at = 0; at < size; at += 1) pair.confirm(`b${at}`, 'p', 1);
    await settled();
    expect(pair.get().every(({ state }) => state === 'current')).toBe(true);
    const chosen = next(size);
    const text = unitsOf(source)[chosen]!.element.get(0) as Y.XmlText;
    text.insert(next(text.length + 1), 'x');
    await settled();
    expect(
      pair
        .get()
        .filter(({ state }) => state !== 'current')
        .map(({ id, state }) => [id, state]),
    ).toEqual([[`b${chosen}`, 'stale']]);
    pair.destroy();
  }
});

it('two people who confirm at once, apart, both keep what they said', async () => {
  const source = documentOf([paragraph('un', 'a'), paragraph('deux', 'b')]);
  const first = documentOf([paragraph('eins', 'a'), paragraph('zwei', 'b')]);
  const second = new Y.Doc();
  Y.applyUpdate(second, Y.encodeStateAsUpdate(first));
  const left = new TwinPair(source, first);
  const right = new TwinPair(source, second);
  left.confirm('a', 'anna', 1);
  right.confirm('b', 'bruno', 2, true);
  Y.applyUpdate(second, Y.encodeStateAsUpdate(first));
  Y.applyUpdate(first, Y.encodeStateAsUpdate(second));
  await settled();
  for (const pair of [left, right])
    expect(pair.get().map(({ state, mark }) => [state, mark?.by])).toEqual([
      ['current', 'anna'],
      ['review', 'bruno'],
    ]);
  right.check('b', 'anna', 3);
  await settled();
  expect(right.get()[1]).toMatchObject({ state: 'current', mark: { by: 'bruno', checked_by: 'anna' } });
});

it('texts that were written apart are paired by order, kind and numbers, and corrected by hand', async () => {
  const heading = (text: string): Node => ({ ...paragraph(text), name: 'heading' });
  const source = documentOf([
    heading('Coûts'),
    paragraph('Aide de 6000 €'),
    paragraph('Frais de 500 €'),
    paragraph('Fin'),
  ]);
  const own = documentOf([heading('Kosten'), paragraph('Spesen von 500 €'), paragraph('Ende')]);
  expect(align(unitsOf(source), unitsOf(own)).map(([a, b]) => [a.text, b.text])).toEqual([
    ['Coûts', 'Kosten'],
    ['Frais de 500 €', 'Spesen von 500 €'],
    ['Fin', 'Ende'],
  ]);
  const pair = new TwinPair(source, own);
  pair.prepare();
  expect(pair.get().map(({ state }) => state)).toEqual(['review', 'missing', 'review', 'review']);
  const [, aid, costs] = pair.get();
  pair.unpair(costs!.id);
  await settled();
  expect(pair.get().map(({ state }) => state)).toEqual(['review', 'missing', 'missing', 'review', 'extra']);
  pair.pair(pair.get()[4]!.id, aid!.id);
  await settled();
  expect(pair.get().map(({ state }) => state)).toEqual(['review', 'review', 'missing', 'review']);
});

it('remembers the beginning of a passage that has no end', async () => {
  const pair = new TwinPair(
    documentOf([paragraph('x'.repeat(20_000), 'a')]),
    documentOf([paragraph('y', 'a')]),
  );
  pair.confirm('a', 'p', 1);
  await settled();
  expect(pair.get()[0]).toMatchObject({ state: 'current', mark: { text: 'x'.repeat(kRememberedMax) } });
});

it('compares word by word', () => {
  expect(compareWords('un pont neuf', 'un vieux pont')).toEqual([
    { kind: 'same', text: 'un ' },
    { kind: 'new', text: 'vieux ' },
    { kind: 'same', text: 'pont ' },
    { kind: 'gone', text: 'neuf' },
  ]);
});

describe('a block in the editor', () => {
  // An editor that is left open still looks at its page after the last test, when there is no page any more.
  const opened: Editor[] = [];
  afterEach(() => opened.splice(0).forEach((editor) => editor.destroy()));
  function open(nodes: Node[]): { editor: Editor; doc: Y.Doc; ids(): string[] } {
    const doc = documentOf(nodes);
    const editor = new Editor({
      element: document.createElement('div'),
      injectCSS: false,
      content: { type: 'doc', content: [{ type: 'paragraph' }] },
      extensions: [
        ...schemaExtensions({ taskLabel: (text) => text }),
        BlockIds,
        Collaboration.configure({ document: doc }),
      ],
    });
    opened.push(editor);
    return { editor, doc, ids: () => unitsOf(doc).map(({ id, text }) => `${text}=${id}`) };
  }

  it('has no id in a document without twins', () => {
    const { editor, ids } = open([paragraph('un')]);
    editor.chain().setTextSelection(2).splitBlock().run();
    expect(ids()).toEqual(['u=', 'n=']);
  });
  it('keeps its id when it is split, and the rest gets one of its own', () => {
    const { editor, doc } = open([paragraph('un deux', 'a'), paragraph('trois', 'b')]);
    editor.chain().setTextSelection(4).splitBlock().run();
    const [first, second, third] = unitsOf(doc);
    expect([first!.id, third!.id]).toEqual(['a', 'b']);
    expect(second!.id).toMatch(/^[a-z0-9]{9}$/);
  });
  it('goes with its words when a line is made above it', () => {
    const { editor, doc } = open([paragraph('un', 'a'), paragraph('deux', 'b')]);
    editor.chain().setTextSelection(1).splitBlock().run();
    expect(
      unitsOf(doc)
        .map(({ text, id }) => [text, id])
        .slice(1),
    ).toEqual([
      ['un', 'a'],
      ['deux', 'b'],
    ]);
  });
  it('keeps the id of the first of two that are joined', () => {
    const { editor, ids } = open([paragraph('un', 'a'), paragraph('deux', 'b')]);
    editor.chain().setTextSelection(5).joinBackward().run();
    expect(ids()).toEqual(['undeux=a']);
  });
  it('shares its id with no copy, and takes it along when it is cut and pasted', () => {
    const { editor, ids, doc } = open([paragraph('un', 'a'), paragraph('deux', 'b')]);
    const json = editor.state.doc.child(0).toJSON() as object;
    editor.commands.insertContentAt(editor.state.doc.content.size, json);
    expect(ids().slice(0, 2)).toEqual(['un=a', 'deux=b']);
    expect(unitsOf(doc)[2]!.id).not.toBe('a');
    editor.view.dispatch(editor.state.tr.delete(0, 4));
    editor.commands.insertContentAt(editor.state.doc.content.size, json);
    expect(ids().at(-1)).toBe('un=a');
  });
  it('becomes a heading without becoming another, and comes back when that is undone', () => {
    const { editor, ids } = open([paragraph('un', 'a'), paragraph('deux', 'b')]);
    editor.chain().setTextSelection(1).setNode('heading', { level: 2 }).run();
    expect(ids()).toEqual(['un=a', 'deux=b']);
    editor.view.dispatch(editor.state.tr.delete(0, 4));
    expect(ids()).toEqual(['deux=b']);
    editor.commands.undo();
    expect(ids()).toContain('deux=b');
    expect(ids().some((each) => each.endsWith('=a'))).toBe(true);
  });
});
