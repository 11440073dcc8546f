// From blocks to places in an editor and back.
import type { Editor } from '@tiptap/core';
import type { Node as DocumentNode } from '@tiptap/pm/model';
import { unitsIn } from '../editor/block_ids';

/** The block that holds the caret. */
export function blockAt(editor: Editor): string | null {
  const { from } = editor.state.selection;
  const found = unitsIn(editor.state.doc).find(
    ({ node, position }) => position <= from && from <= position + node.nodeSize,
  );
  return found?.id ?? null;
}

function show(editor: Editor, position: number): void {
  const element = editor.view.nodeDOM(position);
  if (element instanceof HTMLElement) element.scrollIntoView({ block: 'nearest' });
}

/** Brings a block into view, and the caret into it; `quiet` leaves the focus where it is. */
export function goTo(editor: Editor, id: string, quiet = false): boolean {
  const unit = unitsIn(editor.state.doc).find((each) => each.id === id);
  if (!unit) return false;
  if (!quiet)
    editor
      .chain()
      .setTextSelection(unit.position + 1)
      .focus(null, { scrollIntoView: false })
      .run();
  show(editor, unit.position);
  return true;
}

/** What a translator begins with: a block of the same kind without words; of a table, the table itself. */
function begun(node: DocumentNode, id: string): object {
  const { schema } = node.type;
  if (node.isTextblock) return node.type.create({ ...node.attrs, block: id }).toJSON() as object;
  if (node.type.name === 'listItem' || node.type.name === 'taskItem')
    return node.type
      .create({ ...node.attrs, block: id }, schema.nodes.paragraph!.create())
      .toJSON() as object;
  return node.type.create({ ...node.attrs, block: id }, node.content).toJSON() as object;
}

/** Puts a block for `id` into the translation, behind the twin of what stands before it in the source. */
export function begin(source: Editor, own: Editor, id: string, quiet = false): void {
  const theirs = unitsIn(source.state.doc);
  const at = theirs.findIndex((each) => each.id === id);
  const unit = theirs[at];
  if (!unit) return;
  const ours = unitsIn(own.state.doc);
  const empty = ours.find((each) => each.id === id);
  if (empty) {
    if (!quiet) goTo(own, id);
    return;
  }
  const before = theirs
    .slice(0, at)
    .reverse()
    .map((each) => each.id && ours.find((mine) => mine.id === each.id))
    .find(Boolean);
  const inList = unit.node.type.name.endsWith('Item');
  const listOf = inList ? source.state.doc.resolve(unit.position).parent : null;
  const content = begun(unit.node, id);
  if (!before || typeof before === 'string') {
    insert(own, 0, listOf ? { type: listOf.type.name, content: [content] } : content, id, quiet);
    return;
  }
  const place = own.state.doc.resolve(before.position);
  const end = before.position + before.node.nodeSize;
  if (!inList) insert(own, place.depth === 0 ? end : place.after(1), content, id, quiet);
  else if (before.node.type === unit.node.type || before.node.type.name === unit.node.type.name)
    insert(own, end, content, id, quiet);
  else
    insert(
      own,
      place.depth === 0 ? end : place.after(1),
      { type: listOf!.type.name, attrs: listOf!.attrs, content: [content] },
      id,
      quiet,
    );
}

const unitOf = (editor: Editor, id: string) =>
  unitsIn(editor.state.doc).find((each) => each.id === id) ?? null;

/** The block `id` as it stands. */
export const nodeOf = (editor: Editor | null, id: string): DocumentNode | null =>
  (editor && unitOf(editor, id)?.node) ?? null;

/** Puts `said` where the block `id` belongs; false where there are words already, or a block of another kind. */
export function fill(source: Editor, own: Editor, id: string, said: DocumentNode): boolean {
  const begunBefore = unitOf(own, id)?.node;
  if (begunBefore?.textContent.trim()) return false;
  // Who began a heading where the source has a paragraph wants a heading.
  const alike = begunBefore?.isTextblock && said.isTextblock && !begunBefore.type.spec.code;
  if (begunBefore && !alike && begunBefore.type !== said.type) return false;
  begin(source, own, id, true);
  const unit = unitOf(own, id);
  if (!unit) return false;
  const { schema } = own.state;
  const node = schema.nodeFromJSON({
    ...(said.toJSON() as object),
    type: unit.node.type.name,
    attrs: alike ? unit.node.attrs : { ...said.attrs, block: id },
  });
  own.view.dispatch(own.state.tr.replaceWith(unit.position, unit.position + unit.node.nodeSize, node));
  return true;
}

function insert(editor: Editor, position: number, content: object, id: string, quiet: boolean): void {
  const { doc } = editor.state;
  // A text that was never begun is one empty paragraph: it makes way.
  const untouched = doc.childCount === 1 && doc.firstChild?.isTextblock && doc.firstChild.content.size === 0;
  const node = editor.schema.nodeFromJSON(content);
  const { tr } = editor.state;
  if (untouched) tr.replaceWith(0, doc.content.size, node);
  else tr.insert(position, node);
  editor.view.dispatch(tr);
  if (!quiet) goTo(editor, id);
}
