// Terms of the base, marked in the text as this reader sees it: decorations, never in the shared document. Only blocks
// that have changed are read again. Nothing is marked until `setTermFinder` says what a term is.
import { Extension, type Editor } from '@tiptap/core';
import type { Node as DocumentNode } from '@tiptap/pm/model';
import { Plugin, PluginKey, type EditorState } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';

/** Where a term stands in a line, and which it is. */
export interface MarkedTerm {
  from: number;
  to: number;
  ids: readonly string[];
  /** A false friend. */
  isFalse: boolean;
}
export type TermFinder = (text: string) => readonly MarkedTerm[];

interface MarksState {
  finder: TermFinder | null;
  /** What each line holds, by the line itself: lines are values, and one that did not change is the same. */
  known: WeakMap<DocumentNode, readonly MarkedTerm[]>;
  marks: DecorationSet;
}

export const termMarksKey = new PluginKey<MarksState>('termMarks');

/** Stands for what is no text in a line, so that places in the text are places in the line. */
const kLeaf = '\ufffc';

function foundIn(line: DocumentNode, { finder, known }: MarksState): readonly MarkedTerm[] {
  const remembered = known.get(line);
  if (remembered || !finder) return remembered ?? [];
  const found = finder(line.textBetween(0, line.content.size, kLeaf, kLeaf));
  known.set(line, found);
  return found;
}

function marksIn(doc: DocumentNode, from: number, to: number, state: MarksState): Decoration[] {
  const marks: Decoration[] = [];
  doc.nodesBetween(from, to, (node, position) => {
    if (!node.isTextblock) return true;
    if (node.type.spec.code) return false;
    for (const term of foundIn(node, state))
      marks.push(
        Decoration.inline(
          position + 1 + term.from,
          position + 1 + term.to,
          { class: term.isFalse ? 'term false' : 'term' },
          { ids: term.ids },
        ),
      );
    return false;
  });
  return marks;
}

/** The part of `after` that differs from `before`, in whole blocks of the top level; nothing if all is the same. */
export function changedBlocks(
  before: DocumentNode,
  after: DocumentNode,
): { from: number; to: number; oldTo: number } | null {
  const shared = Math.min(before.childCount, after.childCount);
  let first = 0;
  let from = 0;
  while (first < shared && before.child(first) === after.child(first)) {
    from += after.child(first).nodeSize;
    first += 1;
  }
  let last = 0;
  let tail = 0;
  while (
    last < shared - first &&
    before.child(before.childCount - 1 - last) === after.child(after.childCount - 1 - last)
  ) {
    tail += after.child(after.childCount - 1 - last).nodeSize;
    last += 1;
  }
  if (first + last === before.childCount && first + last === after.childCount) return null;
  return { from, to: after.content.size - tail, oldTo: before.content.size - tail };
}

/** The marks of `before` where nothing changed, and new ones where something did. */
function updated(before: DocumentNode, after: DocumentNode, state: MarksState): MarksState {
  const changed = changedBlocks(before, after);
  if (!changed) return state;
  const shift = changed.to - changed.oldTo;
  // What stands before is kept as it is; what stands behind moves with its block. Marks are few: those behind are made
  // anew from what is known of their lines.
  const fresh = marksIn(after, changed.from, shift === 0 ? changed.to : after.content.size, state);
  const gone = state.marks.find(changed.from, shift === 0 ? changed.oldTo : before.content.size);
  return { ...state, marks: state.marks.remove(gone).add(after, fresh) };
}

export const TermMarks = Extension.create({
  name: 'termMarks',
  addProseMirrorPlugins: () => [
    new Plugin<MarksState>({
      key: termMarksKey,
      state: {
        init: () => ({ finder: null, known: new WeakMap(), marks: DecorationSet.empty }),
        apply: (transaction, old, before, after) => {
          const finder = transaction.getMeta(termMarksKey) as TermFinder | null | undefined;
          if (finder !== undefined) {
            const state: MarksState = { finder, known: new WeakMap(), marks: DecorationSet.empty };
            const { doc } = after;
            return { ...state, marks: DecorationSet.create(doc, marksIn(doc, 0, doc.content.size, state)) };
          }
          return transaction.docChanged && old.finder ? updated(before.doc, after.doc, old) : old;
        },
      },
      props: { decorations: (state) => termMarksKey.getState(state)?.marks },
    }),
  ],
});

/** Says what a term is, from now on; null: nothing is. */
export function setTermFinder(editor: Editor, finder: TermFinder | null): void {
  if (editor.isDestroyed) return;
  const { tr } = editor.state;
  editor.view.dispatch(tr.setMeta(termMarksKey, finder).setMeta('addToHistory', false));
}

export interface PlacedTerm {
  from: number;
  to: number;
  ids: readonly string[];
}

/** In the order of the text. */
export function placedTerms(state: EditorState): PlacedTerm[] {
  const found = termMarksKey.getState(state)?.marks.find() ?? [];
  return found
    .map(({ from, to, spec }) => ({ from, to, ids: (spec as { ids: readonly string[] }).ids }))
    .sort((a, b) => a.from - b.from);
}

export const termAt = (state: EditorState, position: number): PlacedTerm | null =>
  placedTerms(state).find(({ from, to }) => from <= position && position <= to) ?? null;
