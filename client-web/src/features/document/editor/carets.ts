// The carets and selections of the others. The label says who it is while the caret moves and for two seconds after;
// then only the coloured line stays, and the label comes back under the pointer.
import { Extension } from '@tiptap/core';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { yCursorPlugin } from '@tiptap/y-tiptap';
import type { Awareness } from 'y-protocols/awareness';
import type { PresentUser } from '@/collab';

/** How long a label stays after the last movement. */
const kLabelMs = 2_000;

// What a letter of the label and its two ends measure, roughly: a drawn label cannot be measured itself.
const kLetterPx = 6.4;
const kPaddingPx = 16;

export interface CaretsOptions {
  awareness: Awareness | null;
}

/** The number of a presence colour, whatever a foreign client may send. */
export function colourOf(user: Partial<PresentUser> | null | undefined): number {
  const colour = Math.trunc(Number(user?.colour));
  return colour >= 1 && colour <= 6 ? colour : 6;
}

export function caretLabel(user: Partial<PresentUser>): string {
  const name = String(user.name ?? '');
  return user.organisation ? `${name}, ${String(user.organisation)}` : name;
}

export const Carets = Extension.create<CaretsOptions>({
  name: 'carets',
  priority: 999,

  addOptions: () => ({ awareness: null }),

  addProseMirrorPlugins() {
    const { awareness } = this.options;
    if (!awareness) return [];
    const places = new Map<number, string>();
    const movedAt = new Map<number, number>();

    const watch = ({ updated, added, removed }: Record<'updated' | 'added' | 'removed', number[]>): void => {
      for (const client of [...added, ...updated]) {
        const place = JSON.stringify(awareness.getStates().get(client)?.cursor ?? null);
        if (places.get(client) === place) continue;
        places.set(client, place);
        movedAt.set(client, Date.now());
      }
      for (const client of removed) {
        places.delete(client);
        movedAt.delete(client);
      }
    };

    const draw = (user: Partial<PresentUser>, client: number): HTMLElement => {
      const still = Date.now() - (movedAt.get(client) ?? 0);
      const caret = document.createElement('span');
      caret.className = `caret p${colourOf(user)}`;
      // Drawn by the style sheet, so that the name is in nobody's text when it is read out, searched or copied.
      caret.dataset.name = caretLabel(user);
      if (still >= kLabelMs) caret.classList.add('still');
      else caret.style.setProperty('--delay', `${kLabelMs - still}ms`);
      // At the end of a line the label would leave the page: then it stands before the caret.
      requestAnimationFrame(() => {
        const page = caret.closest('.sheet')?.getBoundingClientRect();
        const right =
          caret.getBoundingClientRect().right + kLetterPx * (caret.dataset.name?.length ?? 0) + kPaddingPx;
        if (page && right > page.right) caret.classList.add('before');
        // With text after it the label stands above the line, and covers nothing that is being read.
        if (caret.nextSibling?.textContent) caret.classList.add('within');
      });
      return caret;
    };

    return [
      new Plugin({
        key: new PluginKey('carets'),
        view: () => {
          awareness.on('change', watch);
          return { destroy: () => awareness.off('change', watch) };
        },
      }),
      yCursorPlugin(awareness, {
        cursorBuilder: draw,
        selectionBuilder: (user: Partial<PresentUser>) => ({ class: `peer-selection p${colourOf(user)}` }),
      }) as Plugin,
    ];
  },
});
