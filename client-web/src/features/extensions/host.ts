// The object a module is given. It knows the place the module stands in, and nothing of React.
import type {
  Action,
  Channel,
  Context,
  ContextBlock,
  DialogOptions,
  Host,
  Locale,
  Slot,
  StandIn,
  Theme,
} from '@cluse/sdk';
import { translator } from '@cluse/sdk/messages.js';
import { ApiError, errorText, send, type Contribution } from '@/api';
import { i18n, t } from '@/i18n';
import { toast } from '@/ui';
import { coreUrl, isScreen, placeOf, routeUrl } from './addresses';
import { openChannel } from './channels';

/** What a place does for the module in it. */
export interface Place {
  slot: Slot;
  context: Context;
  person: { id: string; name: string } | null;
  /** Where paths of the module's lead: its own address, or that of the plugin's page. Null: it has neither. */
  base: string | null;
  path: string;
  go(address: string, replace: boolean): void;
  setTitle(title: string): void;
  close(): void;
  setBlock(data: unknown, standIn?: StandIn): void;
}

/** What the view of a module shows for it. */
export interface Stage {
  ask<V>(options: DialogOptions<V>): Promise<V | null>;
  working(change: 1 | -1): void;
}

export interface Hosting {
  host: Host;
  setPath(path: string): void;
  setBlock(block: ContextBlock): void;
  end(): void;
}

type Listener<T> = (value: T) => void;

class Topic<T> {
  readonly #listeners = new Set<Listener<T>>();
  readonly on = (listener: Listener<T>): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  say(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }
  clear(): void {
    this.#listeners.clear();
  }
}

/** What a module catches: `message` is the sentence to show. */
export function shown(error: unknown): Error {
  if (!(error instanceof ApiError)) return error instanceof Error ? error : new Error(String(error));
  const { status, code, field } = error;
  const errors = error.errors.map(({ detail, ...one }) => ({ ...one, message: detail || errorText(error) }));
  return Object.assign(new Error(errorText(error)), { name: 'ApiError', status, code, field, errors });
}

function refusal(id: 'extensions.denied' | 'extensions.address', code: string): Error {
  return Object.assign(new Error(t(id)), { name: 'ApiError', status: 403, code, field: null, errors: [] });
}
export const deniedToFrames = (): Error => refusal('extensions.denied', 'denied');

function bodyOf(body: unknown): { type?: string; body?: BodyInit } {
  if (body === undefined || body === null) return {};
  if (body instanceof FormData || body instanceof URLSearchParams) return { body };
  if (body instanceof Blob) return { type: body.type || 'application/octet-stream', body };
  if (typeof body === 'string') return { type: 'text/plain; charset=utf-8', body };
  return { type: 'application/json', body: JSON.stringify(body) };
}

async function ask(
  method: string,
  url: string | null,
  body?: unknown,
): Promise<{ status: number; json: unknown }> {
  if (!url) throw refusal('extensions.address', 'address_wrong');
  try {
    const response = await send(method, url, bodyOf(body));
    const text = await response.text();
    const json = /json/.test(response.headers.get('Content-Type') ?? '') && text ? JSON.parse(text) : null;
    return { status: response.status, json: json ?? (text || null) };
  } catch (error) {
    throw shown(error);
  }
}

export function currentTheme(): Theme {
  return document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light';
}

/** Tells of a change of theme, which stands on the root of the page. */
function watchTheme(changed: (theme: Theme) => void): () => void {
  const observer = new MutationObserver(() => changed(currentTheme()));
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}

export function createHost({ extension }: Contribution, place: Place, stage: Stage): Hosting {
  const plugin = extension.id;
  const locale = i18n.locale as Locale;
  const theme = new Topic<Theme>();
  const path = new Topic<string>();
  const block = new Topic<ContextBlock>();
  const channels = new Set<Channel>();
  const state = { path: place.path, context: place.context, ended: false };
  const unwatch = watchTheme((now) => theme.say(now));
  const address = (to: string): string => (isScreen(to) || !place.base ? to : placeOf(place.base, to));

  const host: Host = {
    plugin,
    slot: place.slot,
    get context() {
      return state.context;
    },
    person: place.person,
    api: async <T>(method: string, to: string, body?: unknown) =>
      (await ask(method.toUpperCase(), routeUrl(plugin, to), body)) as { status: number; json: T },
    url: (to) => {
      const url = routeUrl(plugin, to);
      if (!url) throw refusal('extensions.address', 'address_wrong');
      return url;
    },
    core: async <T>(to: string) => (await ask('GET', coreUrl(to))).json as T,
    channel: (name, onMessage) => {
      const opened = openChannel(plugin, name, onMessage);
      channels.add(opened);
      return opened;
    },
    t: translator(extension.messages, locale),
    locale,
    get theme() {
      return currentTheme();
    },
    onTheme: theme.on,
    get path() {
      return state.path;
    },
    onPath: path.on,
    navigate: (to, options) => {
      if (!state.ended) place.go(options?.core ? to : address(to), options?.replace ?? false);
    },
    href: address,
    dialog: (options) => stage.ask(options),
    confirm: async ({ title, body, action, danger }) => {
      const actions: Action<boolean>[] = [
        { label: t('ui.cancel'), value: false },
        { label: action, value: true, kind: danger ? 'danger' : 'primary' },
      ];
      return (await stage.ask({ title, ...(body ? { body } : {}), actions })) === true;
    },
    toast: (text, options) => {
      const { action, failure } = options ?? {};
      toast({ text, ...(action ? { action } : {}), ...(failure ? { kind: 'failure' as const } : {}) });
    },
    setTitle: (title) => place.setTitle(title),
    busy: async (promise) => {
      stage.working(1);
      try {
        return await promise;
      } finally {
        stage.working(-1);
      }
    },
    close: () => place.close(),
    setBlock: (data, standIn) => place.setBlock(data, standIn),
    onBlock: block.on,
  };

  return {
    host,
    setPath: (now) => {
      if (now === state.path) return;
      state.path = now;
      path.say(now);
    },
    setBlock: (now) => {
      state.context = { ...state.context, block: now };
      block.say(now);
    },
    end: () => {
      state.ended = true;
      unwatch();
      for (const each of channels) each.close();
      for (const topic of [theme, path, block]) topic.clear();
    },
  };
}
