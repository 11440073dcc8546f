// SPDX-License-Identifier: Apache-2.0
import type { Context, DialogOptions, Host, Locale, Mount, Slot, StandIn, Theme } from './index.js';

export interface FakeOptions {
  plugin?: string;
  slot?: Slot;
  context?: Context;
  person?: Host['person'];
  locale?: Locale;
  theme?: Theme;
  path?: string;
  /** The catalogue of that locale: `JSON.parse(readFileSync('i18n/fr.json', 'utf8'))`. */
  messages?: Record<string, string>;
}

export interface Asked {
  method: string;
  path: string;
  body: unknown;
}

/** A host that answers as it is told and remembers what it was asked. */
export interface FakeHost extends Host {
  /** Answers `method` on `path` (a text, or a pattern). What it returns is the JSON; `refuse(…)` makes it throw. */
  on(method: string, path: string | RegExp, answer: (asked: Asked) => unknown): FakeHost;
  /** Answers `host.core(path)`. */
  onCore(path: string | RegExp, answer: (path: string) => unknown): FakeHost;
  /** The next dialog is answered with this; without one it is closed. */
  answerDialog(value: unknown): void;
  /** Everything that was asked of the plugin's routes. */
  readonly asked: Asked[];
  readonly dialogs: DialogOptions<unknown>[];
  readonly toasts: string[];
  readonly titles: string[];
  /** Where it was navigated to. */
  readonly went: string[];
  /** What was written into the block, the last one last. */
  readonly blocks: unknown[];
  /** What was given to stand for it. */
  readonly standIns: StandIn[];
  /** What was sent on channels: [name, body]. */
  readonly sent: [string, unknown][];
  readonly closed: boolean;
  /** As if the reader, the server or another person did it. */
  goTo(path: string): void;
  setTheme(theme: Theme): void;
  say(channel: string, body: unknown): void;
  changeBlock(data: unknown, editable?: boolean): void;
  /** Resolves when every request so far was answered, and what follows from it was done. */
  settled(): Promise<void>;
}

export function fakeHost(options?: FakeOptions): FakeHost;
/** What an answer returns to refuse: the module catches an ApiError, whose `field` is that of the first of `errors`. */
export function refuse(
  status: number,
  code: string,
  words: string,
  errors?: { field: string; code: string; message: string }[],
): Error;
/** Mounts the module in an element of the document at hand, and gives both. */
export function mounted(
  mount: Mount,
  host: FakeHost,
): Promise<{ element: HTMLElement; unmount(): void }>;
