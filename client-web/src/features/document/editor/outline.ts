// The headings of a document and their addresses (`#s-traces-compares`): an `id` on each as this reader sees it. It is
// worked out from the words and never written into the shared document.
import { Extension } from '@tiptap/core';
import type { Node as DocumentNode } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import { plain } from './blocks';

export interface Heading {
  id: string;
  text: string;
  level: number;
  position: number;
}

/** Addresses stay readable: so many letters of a heading are enough to tell it. */
export const kSlugLettersMax = 60;

/** «2. Tracés comparés» → `s-2-traces-compares`. The prefix keeps it apart from the ids of the page. */
export function slugOf(text: string): string {
  const words = plain(text)
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, kSlugLettersMax)
    .replace(/^-+|-+$/g, '');
  return `s-${words}`;
}

/** In the order of the text; one without words is left out. The second of the same name is `…-2`, and so on. */
export function headingsOf(doc: DocumentNode): Heading[] {
  const found: Heading[] = [];
  const taken = new Set<string>();
  doc.descendants((node, position) => {
    if (node.type.name !== 'heading') return !node.isTextblock;
    const text = node.textContent.trim();
    if (text) {
      const slug = slugOf(text);
      let id = slug;
      for (let count = 2; taken.has(id); count += 1) id = `${slug}-${count}`;
      taken.add(id);
      found.push({ id, text, level: Number(node.attrs.level), position });
    }
    return false;
  });
  return found;
}

interface OutlineState {
  headings: Heading[];
  marks: DecorationSet;
}

export const outlineKey = new PluginKey<OutlineState>('outline');

function outlineOf(doc: DocumentNode): OutlineState {
  const headings = headingsOf(doc);
  const marks = headings.map(({ id, position }) =>
    Decoration.node(position, position + (doc.nodeAt(position)?.nodeSize ?? 0), { id, tabindex: '-1' }),
  );
  return { headings, marks: DecorationSet.create(doc, marks) };
}

export const Outline = Extension.create({
  name: 'outline',
  addProseMirrorPlugins() {
    return [
      new Plugin<OutlineState>({
        key: outlineKey,
        state: {
          init: (_, { doc }) => outlineOf(doc),
          apply: (transaction, old) => (transaction.docChanged ? outlineOf(transaction.doc) : old),
        },
        props: { decorations: (state) => outlineKey.getState(state)?.marks },
      }),
    ];
  },
});
