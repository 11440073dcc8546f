// What the host hands to a module when it mounts it. The host keeps the session, the rights and the language; a module
// sees the answers only.
import type fr from '../../i18n/fr.json';

export type MessageKey = keyof typeof fr;
export type MessageArgs = Record<string, string | number>;
export type Translate = (key: MessageKey, args?: MessageArgs) => string;

export interface Answer<T = unknown> {
  status: number;
  json: T;
}

export interface DialogAction {
  label: string;
  value: string;
  kind?: 'primary' | 'quiet' | 'danger';
}

export interface Host {
  plugin: string;
  slot: string;
  context: { workspace?: string; document?: string; block?: string; selection?: string };
  /** Below /x/<plugin>. Throws what `ErrorLike` describes, with words for the reader. */
  api<T = unknown>(method: string, path: string, body?: unknown): Promise<Answer<T>>;
  /** Address of a route of ours, for downloads. */
  url(path: string): string;
  core(path: string): Promise<unknown>;
  channel(name: string, onMessage: (body: unknown) => void): { send(body: unknown): void; close(): void };
  t(key: string, args?: MessageArgs): string;
  locale: string;
  theme: 'light' | 'dark';
  onTheme(changed: (theme: 'light' | 'dark') => void): () => void;
  /** What stands behind the page's own address, with its query: "elus?q=delle". */
  path: string;
  onPath(changed: (path: string) => void): () => void;
  navigate(path: string, options?: { replace?: boolean }): void;
  dialog(dialog: {
    title: string;
    body: string | HTMLElement;
    actions: DialogAction[];
  }): Promise<string | null>;
  confirm(question: { title: string; body?: string; action: string; kind?: 'primary' | 'danger' }): Promise<boolean>;
  toast(text: string, options?: { action?: { label: string; run: () => void } }): void;
  setTitle(text: string): void;
  busy<T>(work: Promise<T>): Promise<T>;
}

export interface ErrorLike {
  message: string;
  code?: string;
  status?: number;
  details?: unknown;
}
