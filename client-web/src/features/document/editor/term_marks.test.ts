// Aim: terms are marked where they stand while people write, only what changed is read again, and the document stays
// as it is. Method: an editor without a page; edits by hand and many at random, compared with reading all anew.
import { Editor } from '@tiptap/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { schemaExtensions } from './schema';
import { changedBlocks, placedTerms, setTermFinder, TermMarks, type MarkedTerm } from './term_marks';

let editor: Editor;
let read: string[] = [];

const finder = (text: string): MarkedTerm[] => {
  read.push(text);
  return [...text.matchAll(/quorum|préfet/g)].map((found) => ({
    from: found.index,
    to: found.index + found[0].length,
    ids: [found[0]],
    isFalse: found[0] === 'préfet',
  }));
};
const said = (): string[] =>
  placedTerms(editor.state).map(({ from, to }) => editor.state.doc.textBetween(from, to));
const block = (text: string) => ({ type: 'paragraph', content: [{ type: 'text', text }] });

beforeEach(() => {
  read = [];
  editor = new Editor({
    injectCSS: false,
    extensions: [...schemaExtensions({ taskLabel: () => '' }), TermMarks],
    content: {
      type: 'doc',
      content: [block('Le quorum est atteint.'), block('Rien ici.'), block('Le préfet et le quorum.')],
    },
  });
});
afterEach(() => editor.destroy());

it('marks nothing before it knows what a term is, and nothing after it is told to stop', () => {
  expect(said()).toEqual([]);
  setTermFinder(editor, finder);
  expect(said()).toEqual(['quorum', 'préfet', 'quorum']);
  expect(editor.view.dom.querySelectorAll('.term')).toHaveLength(3);
  expect(editor.view.dom.querySelectorAll('.term.false')).toHaveLength(1);
  setTermFinder(editor, null);
  expect(said()).toEqual([]);
});

it('reads again only the block that changed, and leaves the document alone', () => {
  setTermFinder(editor, finder);
  const before = JSON.stringify(editor.getJSON());
  read = [];
  editor.commands.insertContentAt(1, 'Un quorum. ');
  expect(read).toEqual(['Un quorum. Le quorum est atteint.']);
  expect(said()).toEqual(['quorum', 'quorum', 'préfet', 'quorum']);
  editor.commands.deleteRange({ from: 1, to: 12 });
  expect(JSON.stringify(editor.getJSON())).toBe(before);
});

it('knows which blocks changed', () => {
  const { doc } = editor.state;
  expect(changedBlocks(doc, doc)).toBeNull();
  editor.commands.insertContentAt(doc.child(0).nodeSize + 1, 'x');
  const changed = changedBlocks(doc, editor.state.doc)!;
  expect(changed.from).toBe(doc.child(0).nodeSize);
  expect(changed.to - changed.oldTo).toBe(1);
});

it('after any edits it marks what reading all anew would mark', () => {
  setTermFinder(editor, finder);
  let random = 7;
  const next = (below: number): number => (random = (random * 48271) % 2147483647) % below;
  for (let step = 0; step < 300; step += 1) {
    const { size } = editor.state.doc.content;
    const at = next(size + 1);
    const { tr } = editor.state;
    if (next(3) === 0) editor.view.dispatch(tr.delete(Math.min(at, size), Math.min(at + next(12), size)));
    else if (next(4) === 0 && editor.state.doc.resolve(at).parent.isTextblock)
      editor.chain().setTextSelection(at).splitBlock().run();
    else editor.commands.insertContentAt(at, ['quorum', ' le ', 'préfet', 'quo', 'rum '][next(5)]!);
    const marked = placedTerms(editor.state).map(({ from, to }) => [from, to]);
    const anew: number[][] = [];
    editor.state.doc.descendants((node, position) => {
      if (!node.isTextblock) return true;
      for (const { from, to } of finder(node.textContent))
        anew.push([position + 1 + from, position + 1 + to]);
      return false;
    });
    expect(marked, `step ${step}`).toEqual(anew);
  }
});
