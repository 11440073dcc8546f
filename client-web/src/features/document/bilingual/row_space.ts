// Room under blocks, so that each stands beside its twin. Seen by this reader alone; never in the shared document.
import { Extension, type Editor } from '@tiptap/core';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import { unitsIn } from '../editor/block_ids';

const spaceKey = new PluginKey<DecorationSet>('rowSpace');

export const RowSpace = Extension.create({
  name: 'rowSpace',
  addProseMirrorPlugins: () => [
    new Plugin<DecorationSet>({
      key: spaceKey,
      state: {
        init: () => DecorationSet.empty,
        apply: (transaction, old) =>
          (transaction.getMeta(spaceKey) as DecorationSet | undefined) ??
          old.map(transaction.mapping, transaction.doc),
      },
      props: { decorations: (state) => spaceKey.getState(state) },
    }),
  ],
});

/** A block as it stands on the page, measured without the room under it. */
export interface Measured {
  id: string | null;
  position: number;
  /** Pixels below the top of `origin`, as if no block had room under it. */
  top: number;
  height: number;
  space: number;
}

export function measure(editor: Editor, origin: number): Measured[] {
  let spaces = 0;
  const found: Measured[] = [];
  for (const { id, position } of unitsIn(editor.state.doc)) {
    const element = editor.view.nodeDOM(position);
    if (!(element instanceof HTMLElement)) continue;
    const box = element.getBoundingClientRect();
    const space = Number.parseFloat(element.style.paddingBottom) || 0;
    found.push({ id, position, top: box.top - origin - spaces, height: box.height - space, space });
    spaces += space;
  }
  return found;
}

/** Makes the room. `spaces` are in the order of `blocks`. */
export function makeRoom(editor: Editor, blocks: readonly Measured[], spaces: readonly number[]): void {
  if (blocks.every(({ space }, at) => Math.abs(space - (spaces[at] ?? 0)) < 0.75)) return;
  const { doc } = editor.state;
  const made = blocks.flatMap(({ position }, at) => {
    const space = spaces[at] ?? 0;
    const node = doc.nodeAt(position);
    return node && space > 0
      ? [Decoration.node(position, position + node.nodeSize, { style: `padding-bottom: ${space}px` })]
      : [];
  });
  editor.view.dispatch(
    editor.state.tr.setMeta(spaceKey, DecorationSet.create(doc, made)).setMeta('addToHistory', false),
  );
}
