import { useEffect, useSyncExternalStore } from 'react';
import type { IconType } from '@/ui';

// Every act of the interface that a key or the palette can start is registered here, once: so the menu, the shortcut,
// the palette and the list of shortcuts cannot differ.

export interface Action {
  id: string;
  title: string;
  /** `go`: to a screen; `do`: anything else. */
  group: 'go' | 'do';
  icon?: IconType;
  /**
   * `Mod+k` (Ctrl, or Cmd on a Mac), or keys pressed one after the other: `g a`, `?`.
   * Compared with `event.key`, so what counts is the letter on the reader's own keyboard.
   */
  keys?: string;
  /** Left out of the palette (the act that opens the palette, for one). */
  hidden?: boolean;
  /** Asked each time: the act is there only when true. */
  when?: () => boolean;
  run: () => void;
}

const registered = new Map<string, Action>();
const listeners = new Set<() => void>();
let snapshot: Action[] = [];

function changed() {
  snapshot = [...registered.values()];
  for (const listener of listeners) listener();
}

export function registerActions(actions: Action[]): () => void {
  for (const action of actions) registered.set(action.id, action);
  changed();
  return () => {
    // A newer registration under the same id stays.
    for (const action of actions) if (registered.get(action.id) === action) registered.delete(action.id);
    changed();
  };
}

/** Registers acts as long as the component is on screen. Memoise the list. */
export function useActions(actions: Action[]): void {
  useEffect(() => registerActions(actions), [actions]);
}

export function useAllActions(): Action[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => snapshot,
  );
}

export function isAvailable(action: Action): boolean {
  return action.when?.() ?? true;
}

export function runAction(id: string): void {
  const action = registered.get(id);
  if (action && isAvailable(action)) action.run();
}

// ---------- keys ----------

const sequence_ms = 1_200;

/** True where a letter means itself: fields, the text of a document, and lists that are searched by typing. */
export function takesLetters(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target instanceof HTMLElement && target.isContentEditable) return true;
  return (
    target.closest('input, textarea, select, [role=menu], [role=listbox], [role=treegrid], [role=dialog]') !==
    null
  );
}

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** Follows key presses and says which act they complete. One for the whole page; time is passed in. */
export class KeyReader {
  #pending: string[] = [];
  #last_ms = 0;

  read(press: KeyPress, now_ms: number, options: { letters: boolean }): Action | null {
    const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
    if (press.ctrlKey || press.metaKey) {
      this.#pending = [];
      return press.altKey ? null : this.#find(`Mod+${key}`);
    }
    if (press.altKey || !options.letters || key.length !== 1 || key === ' ') {
      this.#pending = [];
      return null;
    }
    if (now_ms - this.#last_ms > sequence_ms) this.#pending = [];
    this.#last_ms = now_ms;
    this.#pending.push(key);
    const typed = this.#pending.join(' ');
    const found = this.#find(typed) ?? this.#find(key);
    if (found) this.#pending = [];
    else if (!snapshot.some((action) => action.keys?.startsWith(`${typed} `))) this.#pending = [];
    return found;
  }

  #find(keys: string): Action | null {
    return snapshot.find((action) => action.keys === keys && isAvailable(action)) ?? null;
  }
}
