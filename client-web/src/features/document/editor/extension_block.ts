// A block that a plugin draws. The document keeps whose it is and its data; BlockLayer.tsx shows it.
import { Node } from '@tiptap/core';
import type { Node as DocumentNode } from '@tiptap/pm/model';
import type { NodeView } from '@tiptap/pm/view';

/** One that is on the screen. */
export interface ShownBlock {
  id: number;
  dom: HTMLElement;
  plugin: string;
  data: string | null;
  change(data: string): void;
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

function read(node: DocumentNode): { plugin: string; data: string | null } {
  const { plugin, data } = node.attrs as { plugin: unknown; data: unknown };
  return { plugin: String(plugin ?? ''), data: typeof data === 'string' ? data : null };
}

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
    data: {
      default: null,
      parseHTML: (element: HTMLElement) => element.getAttribute('data-data'),
      renderHTML: ({ data }: Record<string, unknown>) =>
        typeof data === 'string' ? { 'data-data': data } : {},
    },
  }),
  parseHTML: () => [{ tag: 'div[data-extension]' }],
  renderHTML: ({ HTMLAttributes }) => ['div', HTMLAttributes],

  addNodeView() {
    const { shown } = this.options;
    if (!shown) return null;
    return ({ node, getPos, editor }) =>
      new ExtensionBlockView(node, shown, {
        change: (data) => {
          const position = getPos();
          if (position === undefined || !editor.isEditable) return;
          editor.view.dispatch(editor.state.tr.setNodeAttribute(position, 'data', data));
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
