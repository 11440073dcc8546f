// The menu behind "/": the plugin follows what is typed after the slash and takes the keys; SlashMenu.tsx shows it.
import { Extension } from '@tiptap/core';
import { Plugin, PluginKey, type EditorState } from '@tiptap/pm/state';
import { ySyncPluginKey } from '@tiptap/y-tiptap';

export interface SlashQuery {
  /** From the slash to the caret: what choosing an entry replaces. */
  from: number;
  to: number;
  text: string;
}

export interface SlashOptions {
  onQuery(query: SlashQuery | null): void;
  /** Returns whether the key was taken. */
  onKey(event: KeyboardEvent): boolean;
}

const key = new PluginKey<SlashQuery | null>('slash');
const kCancel = 'cancel';
/** Longer than any label: after this it is a sentence with a slash in it. */
const kQueryMax = 30;

/** The text after a slash that begins a word, up to the caret. */
export function readQuery(state: EditorState): SlashQuery | null {
  const { selection } = state;
  const { $from } = selection;
  if (!selection.empty || !$from.parent.isTextblock || $from.parent.type.spec.code) return null;
  if ($from.marks().some((mark) => mark.type.name === 'code')) return null;
  const before = $from.parent.textBetween(
    Math.max(0, $from.parentOffset - kQueryMax),
    $from.parentOffset,
    null,
    '\ufffc',
  );
  const match = /(?:^|[\s\ufffc])\/([\p{L}\p{N}]*(?: [\p{L}\p{N}]+)?)$/u.exec(before);
  if (!match) return null;
  const text = match[1] ?? '';
  return { from: $from.pos - text.length - 1, to: $from.pos, text };
}

export const Slash = Extension.create<SlashOptions>({
  name: 'slash',
  // Before the list and table keymaps, which would take Enter and the arrows.
  priority: 1100,

  addOptions: () => ({ onQuery: () => undefined, onKey: () => false }),

  addProseMirrorPlugins() {
    const { onQuery, onKey } = this.options;
    return [
      new Plugin<SlashQuery | null>({
        key,
        state: {
          init: () => null,
          apply: (transaction, open, before, state) => {
            if (transaction.getMeta(key) === kCancel) return null;
            const remote = Boolean(transaction.getMeta(ySyncPluginKey));
            const query = readQuery(state);
            if (open) {
              // Typing on keeps it open; going elsewhere closes it.
              return query && query.from === transaction.mapping.map(open.from, -1) ? query : null;
            }
            const typed = transaction.docChanged && !remote && query !== null && query.text === '';
            return typed && state.doc.content.size > before.doc.content.size ? query : null;
          },
        },
        props: {
          handleKeyDown: (view, event) => {
            if (!key.getState(view.state)) return false;
            if (event.key === 'Escape') {
              view.dispatch(view.state.tr.setMeta(key, kCancel));
              return true;
            }
            return onKey(event);
          },
          handleDOMEvents: {
            blur: (view) => {
              if (key.getState(view.state)) view.dispatch(view.state.tr.setMeta(key, kCancel));
              return false;
            },
          },
        },
        view: () => {
          let last: SlashQuery | null = null;
          return {
            update: (view) => {
              const now = key.getState(view.state) ?? null;
              if (now === last) return;
              last = now;
              onQuery(now);
            },
            destroy: () => onQuery(null),
          };
        },
      }),
    ];
  },
});
