// A block that a plugin draws. The document keeps whose it is and its data; BlockLayer.tsx shows it.
import type { StandIn } from '@cluse/sdk';
import { Node } from '@tiptap/core';
import type { Node as DocumentNode } from '@tiptap/pm/model';
import type { NodeView } from '@tiptap/pm/view';

/** One that is on the screen. */
export interface ShownBlock {
  id: number;
  dom: HTMLElement;
  plugin: string;
  data: string | null;
  /** What stands for it where it is not drawn. */
  text: string;
  change(data: string, standIn?: StandIn): void;
  remove(): void;
}

/** Those of one editor, for React to draw into. */
export class ShownBlocks {
  #blocks: readonly ShownBlock[] = [];
  readonly #listeners = new Set<() => void>();

  readonly list = (): readonly ShownBlock[] => this.#blocks;
  readonly watch = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  put(block: ShownBlock): void {
    const known = this.#blocks.some(({ id }) => id === block.id);
    this.#set(
      known ? this.#blocks.map((each) => (each.id === block.id ? block : each)) : [...this.#blocks, block],
    );
  }
  drop(id: number): void {
    this.#set(this.#blocks.filter((each) => each.id !== id));
  }
  #set(blocks: readonly ShownBlock[]): void {
    this.#blocks = blocks;
    // Views come and go while the editor, or React, is drawing.
    queueMicrotask(() => {
      for (const listener of this.#listeners) listener();
    });
  }
}

let last = 0;

class ExtensionBlockView implements NodeView {
  readonly dom = document.createElement('div');
  readonly #block: ShownBlock;

  constructor(
    node: DocumentNode,
    private readonly shown: ShownBlocks,
    acts: Pick<ShownBlock, 'change' | 'remove'>,
  ) {
    last += 1;
    this.dom.className = 'ext-block';
    this.#block = { id: last, dom: this.dom, ...read(node), ...acts };
    this.shown.put(this.#block);
  }

  update(node: DocumentNode): boolean {
    if (node.type.name !== 'extensionBlock' || read(node).plugin !== this.#block.plugin) return false;
    Object.assign(this.#block, read(node));
    this.shown.put({ ...this.#block });
    return true;
  }

  // What is typed and pressed inside belongs to the plugin.
  stopEvent(event: Event): boolean {
    return !event.type.startsWith('drag') && event.type !== 'drop';
  }

  ignoreMutation(): boolean {
    return true;
  }

  destroy(): void {
    this.shown.drop(this.#block.id);
  }
}

function read(node: DocumentNode): { plugin: string; data: string | null; text: string } {
  const { plugin, data, text } = node.attrs as Record<string, unknown>;
  return {
    plugin: String(plugin ?? ''),
    data: typeof data === 'string' ? data : null,
    text: typeof text === 'string' ? text : '',
  };
}

/** An attribute that is a text or not there. */
const textAttribute = (name: string) => ({
  default: null,
  parseHTML: (element: HTMLElement) => element.getAttribute(`data-${name}`),
  renderHTML: ({ [name]: value }: Record<string, unknown>) =>
    typeof value === 'string' ? { [`data-${name}`]: value } : {},
});

/** The block as the schema has it. */
export const ExtensionBlock = Node.create<{ shown: ShownBlocks | null }>({
  name: 'extensionBlock',
  group: 'block',
  atom: true,
  draggable: true,
  addOptions: () => ({ shown: null }),
  addAttributes: () => ({
    plugin: {
      default: null,
      parseHTML: (element: HTMLElement) => element.getAttribute('data-extension'),
      renderHTML: ({ plugin }: Record<string, unknown>) => ({ 'data-extension': String(plugin ?? '') }),
    },
    data: textAttribute('data'),
    // Words for exports, for the search, and for whoever does not have the plugin; and where they lead below its page.
    text: textAttribute('text'),
    path: textAttribute('path'),
  }),
  parseHTML: () => [{ tag: 'div[data-extension]' }],
  renderHTML: ({ HTMLAttributes }) => ['div', HTMLAttributes],

  addNodeView() {
    const { shown } = this.options;
    if (!shown) return null;
    return ({ node, getPos, editor }) =>
      new ExtensionBlockView(node, shown, {
        change: (data, standIn) => {
          const position = getPos();
          const present = position === undefined ? null : editor.state.doc.nodeAt(position);
          if (position === undefined || !present || !editor.isEditable) return;
          const next = { data, ...(standIn && { text: standIn.text, path: standIn.path ?? null }) };
          const { tr } = editor.state;
          for (const [name, value] of Object.entries(next))
            if (present.attrs[name] !== value) tr.setNodeAttribute(position, name, value);
          if (tr.docChanged) editor.view.dispatch(tr);
        },
        remove: () => {
          const position = getPos();
          const size = position === undefined ? 0 : (editor.state.doc.nodeAt(position)?.nodeSize ?? 0);
          if (position === undefined || !size || !editor.isEditable) return;
          editor.view.dispatch(editor.state.tr.delete(position, position + size));
        },
      });
  },
});
