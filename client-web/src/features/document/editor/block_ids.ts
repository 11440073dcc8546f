// The identity of a block in documents that have twins: the attribute `block`. A document without any has none; once one
// block has an id (twins/pair.ts gives the first), every block that is made gets one. Decision 0030 says what happens
// when a block is split, joined, moved, copied or brought back.
import { Extension } from '@tiptap/core';
import type { Node as DocumentNode } from '@tiptap/pm/model';
import { Plugin, type EditorState, type Transaction } from '@tiptap/pm/state';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import { freshId } from '../twins/pair';

const kTypes = ['paragraph', 'heading', 'codeBlock', 'blockquote', 'table', 'image', 'listItem', 'taskItem'];
const kLists = ['bulletList', 'orderedList', 'taskList'];

export interface PlacedUnit {
  id: string | null;
  node: DocumentNode;
  position: number;
}

/** As twins/units.ts finds them in the shared document. */
export function unitsIn(doc: DocumentNode): PlacedUnit[] {
  const found: PlacedUnit[] = [];
  const put = (node: DocumentNode, position: number): void => {
    const id: unknown = node.attrs.block;
    found.push({ id: typeof id === 'string' && id ? id : null, node, position });
  };
  doc.forEach((node, position) => {
    if (node.type.name === 'horizontalRule' || node.type.name === 'extensionBlock') return;
    if (!kLists.includes(node.type.name)) put(node, position);
    else node.forEach((item, inside) => put(item, position + 1 + inside));
  });
  return found;
}

/** Which ids have to be set, by position; nothing in a document without ids. */
export function missingIds(before: DocumentNode, after: DocumentNode): Map<number, string> {
  const units = unitsIn(after);
  const changes = new Map<number, string>();
  if (!units.some((each) => each.id)) return changes;
  const old = new Map(unitsIn(before).map((each) => [each.id, each.node]));
  const owners = new Map<string, PlacedUnit>();
  for (const unit of units) {
    if (!unit.id) continue;
    const rival = owners.get(unit.id);
    const was = old.get(unit.id);
    // Who has the words keeps the name: the copy that is as it was, else the first.
    if (!rival || (was && !rival.node.eq(was) && unit.node.eq(was))) owners.set(unit.id, unit);
  }
  units.forEach((unit, at) => {
    if (unit.id && owners.get(unit.id) === unit) return;
    const above = units[at - 1];
    const was = above?.id ? old.get(above.id) : undefined;
    // Enter at the beginning of a block leaves an empty one above: the id goes with the words.
    if (
      above?.id &&
      was?.textContent &&
      !above.node.textContent &&
      was.textContent === unit.node.textContent
    ) {
      changes.set(unit.position, above.id);
      changes.set(above.position, freshId());
    } else changes.set(unit.position, freshId());
  });
  return changes;
}

function named(
  transactions: readonly Transaction[],
  before: EditorState,
  after: EditorState,
): Transaction | null {
  // What others write, and what is undone, comes with the ids it has.
  const local = transactions.some((each) => each.docChanged && !each.getMeta(ySyncPluginKey));
  if (!local) return null;
  const changes = missingIds(before.doc, after.doc);
  if (changes.size === 0) return null;
  const { tr } = after;
  for (const [position, id] of changes) tr.setNodeAttribute(position, 'block', id);
  return tr;
}

export const BlockIds = Extension.create({
  name: 'blockIds',
  addGlobalAttributes: () => [
    {
      types: kTypes,
      attributes: {
        block: {
          default: null,
          keepOnSplit: false,
          parseHTML: (element: HTMLElement) => element.getAttribute('data-block'),
          renderHTML: ({ block }: Record<string, unknown>) => (block ? { 'data-block': block } : {}),
        },
      },
    },
  ],
  addProseMirrorPlugins: () => [new Plugin({ appendTransaction: named })],
});
