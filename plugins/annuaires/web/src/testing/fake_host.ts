// A host for tests and for the page in dev/: it answers from a function, remembers what it was asked, and has an address.
import de from '../../../i18n/de.json';
import fr from '../../../i18n/fr.json';
import type { Action, Answer, DialogOptions, Locale, Slot } from '@cluse/sdk';
import type { Host } from '@/host';
import { format } from './words';

export interface Asked {
  method: string;
  path: string;
  body: unknown;
}
/** Undefined: nothing is there (404). Throw a `Refusal` for anything else. A promise is waited for. */
export type Answering = (method: string, path: string, body: unknown) => unknown;

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field: string | null = null,
    readonly errors: { field: string; code: string; message: string }[] = [],
  ) {
    super(message);
  }
}

type Settable<T> = { -readonly [K in keyof T]: T[K] };

export interface FakeHost extends Settable<Host> {
  asked: Asked[];
  toasts: { text: string; action?: { label: string; run: () => void } }[];
  title: string;
  /** Answers what `confirm` and `dialog` ask. */
  agrees: boolean;
  go(path: string): void;
  onToast?: (text: string, action?: { label: string; run: () => void }) => void;
}

export function fakeHost(
  answering: Answering,
  {
    path = '/',
    locale = 'fr-FR',
    slot = 'page',
    theme = 'light' as 'light' | 'dark',
    onNavigate = (() => undefined) as (path: string) => void,
  } = {},
): FakeHost {
  const catalogue: Record<string, string> = locale.startsWith('de') ? de : fr;
  const listeners = new Set<(path: string) => void>();
  const host: FakeHost = {
    plugin: 'org.cluse.annuaires',
    slot: slot as Slot,
    context: {},
    person: { id: 'p1', name: 'Secrétariat' },
    asked: [],
    toasts: [],
    title: '',
    agrees: true,
    locale: locale as Locale,
    theme,
    path,
    async api<T>(method: string, to: string, body?: unknown) {
      host.asked.push({ method, path: to, body });
      const json = await Promise.resolve(answering(method, to, body));
      if (json === undefined) throw new Refusal(404, 'not_found', 'Cette page n’existe pas.');
      return { status: 200, json } as Answer<T>;
    },
    url: (to) => `/x/org.cluse.annuaires${to}`,
    core: <T>(to: string) => Promise.resolve(answering('CORE', to, undefined) as T),
    channel: () => ({ send: () => undefined, close: () => undefined }),
    t(key, args) {
      const message = catalogue[key];
      if (message === undefined) throw new Error(`there is no sentence "${key}"`);
      return format(message, args, locale);
    },
    onTheme: () => () => undefined,
    onPath(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    go(to) {
      host.path = to;
      for (const listener of listeners) listener(to);
    },
    navigate(to) {
      onNavigate(to);
      host.go(to);
    },
    href: (to) => `/${slot === 'portal' ? 'portail/' : ''}e/org.cluse.annuaires${to === '/' ? '' : to}`,
    dialog: <V>({ actions }: DialogOptions<V>) =>
      Promise.resolve(host.agrees ? ((actions.at(-1) as Action<V> | undefined)?.value ?? null) : null),
    confirm: () => Promise.resolve(host.agrees),
    toast(text, options) {
      host.toasts.push({ text, ...options });
      host.onToast?.(text, options?.action);
    },
    setTitle: (title) => void (host.title = title),
    busy: (work) => work,
    close: () => undefined,
    setBlock: () => undefined,
    onBlock: () => () => undefined,
  };
  return host;
}
