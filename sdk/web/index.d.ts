// SPDX-License-Identifier: Apache-2.0
//
// What a plugin's web UI is given, and what it gives. Nothing here needs a framework; a module is an ES module:
//
//     export function mount(element, host) { …; return () => { … }; }

/** Where a module stands. */
export type Slot =
  | 'page'
  | 'workspace.tab'
  | 'document.sidebar'
  | 'document.block'
  | 'dashboard'
  | 'command'
  | 'settings'
  | 'portal'
  | 'admin';

/** The person's locale: it decides numbers and dates as well as words. */
export type Locale = 'fr-FR' | 'fr-CH' | 'de-CH';
export type Theme = 'light' | 'dark';

/** Draws into `element`, which is empty and belongs to the module until the function it returns was called. */
export type Mount = (element: HTMLElement, host: Host) => void | (() => void);

export interface ContextWorkspace {
  id: string;
  name: string;
  /** What the reader may do there: "reader", "commenter", "editor", "manager". */
  role: string;
}

export interface ContextDocument {
  id: string;
  title: string;
  language: string;
  workspace: string;
  role: string;
}

/** A block of a document that the plugin draws. The document keeps its data, also while the plugin is away. */
export interface ContextBlock {
  /** Anything that JSON can say, at most 64 KiB; null in a block that was just made. */
  data: unknown;
  editable: boolean;
}

/** A block in words. */
export interface StandIn {
  /** A line in the document's language; more than 2000 characters are cut off. */
  text: string;
  /** Below the plugin's page, "/7": where its link in an export leads; without it to the document. */
  path?: string;
}

export interface Context {
  workspace?: ContextWorkspace;
  document?: ContextDocument;
  block?: ContextBlock;
  /** The words that are selected in the document, where a module is opened from them. */
  selection?: string;
}

export interface Answer<T = unknown> {
  status: number;
  /** Null where the answer has no body. */
  json: T;
}

/** A request that was refused or did not arrive. `message` is the sentence to show, in the reader's language. */
export interface ApiError extends Error {
  /** 0: no server was reached. */
  status: number;
  /** Stable; "plugin_refused", "offline", … */
  code: string;
  field: string | null;
  /** All that is wrong, where the route's problem has a list `errors: [{field, code, detail}]`; empty otherwise. */
  errors: { field: string; code: string; message: string }[];
}

export interface Action<V> {
  label: string;
  value: V;
  kind?: 'primary' | 'danger' | 'plain';
}

export interface DialogOptions<V> {
  title: string;
  /** A text, each line a paragraph, or nodes that the dialog takes in. */
  body?: string | HTMLElement;
  actions: Action<V>[];
}

export interface Channel {
  send(body: unknown): void;
  close(): void;
}

export type Values = Record<string, string | number | null | undefined>;

export interface Host {
  /** The plugin's id, "org.example.polls". */
  readonly plugin: string;
  readonly slot: Slot;
  readonly context: Context;
  /** The person who looks; null on the portal without a session. */
  readonly person: { id: string; name: string } | null;

  /**
   * A request to the plugin's own routes: `host.api('POST', '/polls/7/vote', {choice: 'yes'})`. A `FormData`, `Blob` or
   * text is sent as it is, anything else as JSON. Throws `ApiError` on any answer of 400 and above.
   */
  api<T = unknown>(method: string, path: string, body?: unknown): Promise<Answer<T>>;
  /** The address of one of the plugin's own routes, for links and downloads. */
  url(path: string): string;
  /** GET of Cluse's own API as the reader: `host.core('/workspaces')`. Throws `ApiError`. */
  core<T = unknown>(path: string): Promise<T>;
  /** A live channel of the plugin's. `onMessage` is also called with `{kind: 'resync'}` after a break, and with
   *  `{kind: 'refused', code}` where the plugin refuses: to let the reader listen, now or
   *  later, or what was sent. */
  channel(name: string, onMessage: (body: unknown) => void): Channel;

  /** A sentence of `i18n/<language>.json` (ICU plural and select). An unknown key comes back as it is. */
  t(key: string, values?: Values): string;
  readonly locale: Locale;
  readonly theme: Theme;
  /** Called when the theme changes; returns what stops it. */
  onTheme(listener: (theme: Theme) => void): () => void;

  /** Where the reader is below the slot's own address: "/", "/7/results?sort=name". */
  readonly path: string;
  onPath(listener: (path: string) => void): () => void;
  /**
   * Goes below the slot's own address. `core: true`: to a screen of Cluse's ("/espaces/…"); a path that begins with a
   * screen's name is taken for one too.
   */
  navigate(path: string, options?: { replace?: boolean; core?: boolean }): void;
  /** The address of such a path, for the `href` of a link. */
  href(path: string): string;

  dialog<V>(options: DialogOptions<V>): Promise<V | null>;
  /** True if the reader agreed. `danger` for what cannot be undone; `action` names the button. */
  confirm(options: { title: string; body?: string; action: string; danger?: boolean }): Promise<boolean>;
  toast(text: string, options?: { action?: { label: string; run: () => void }; failure?: boolean }): void;
  /** The title of the browser's tab: pages and portal sections only. */
  setTitle(title: string): void;
  /** Shows that something is under way until the promise is settled, which it returns. */
  busy<T>(promise: Promise<T>): Promise<T>;
  /** Closes what the reader opened: the dialog of a command. Elsewhere it does nothing. */
  close(): void;
  /**
   * `document.block`: writes the block's data into the document, as a change that everybody sees and can undo. `standIn`
   * is what the document says where the block is not drawn: in exports, in the search, while the plugin is away. Without
   * it that stays as it was.
   */
  setBlock(data: unknown, standIn?: StandIn): void;
  /** `document.block`: called when somebody changed the data, or the right to. Returns what stops it. */
  onBlock(listener: (block: ContextBlock) => void): () => void;
}
