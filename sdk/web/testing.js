// SPDX-License-Identifier: Apache-2.0
//
// A host for tests. It needs a document (a browser's, happy-dom's or jsdom's) for `mounted` alone.
import { translator } from './messages.js';

/** What an answer returns to refuse: the module catches an ApiError. `errors`: [{field, code, message}]. */
export function refuse(status, code, words, errors = []) {
  const field = errors[0]?.field ?? null;
  return Object.assign(new Error(words), { name: 'ApiError', status, code, field, errors });
}

function topic() {
  const listeners = new Set();
  return {
    on: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    say: (value) => [...listeners].forEach((listener) => listener(value)),
  };
}

const fits = (pattern, text) => (pattern instanceof RegExp ? pattern.test(text) : pattern === text);

/** A host that answers as it is told and remembers what it was asked. */
export function fakeHost(options = {}) {
  const {
    plugin = 'org.example.test',
    slot = 'page',
    person = { id: 'person-1', name: 'Une personne' },
    locale = 'fr-FR',
    messages = {},
  } = options;
  const state = { path: options.path ?? '/', theme: options.theme ?? 'light', context: options.context ?? {} };
  const seen = { asked: [], dialogs: [], toasts: [], titles: [], went: [], blocks: [], standIns: [], sent: [] };
  const routes = [];
  const cores = [];
  const answers = [];
  const channels = new Set();
  const under = new Set();
  const [path, theme, block] = [topic(), topic(), topic()];
  let closed = false;

  const tracked = (work) => {
    const promise = work();
    under.add(promise);
    promise.catch(() => undefined).finally(() => under.delete(promise));
    return promise;
  };
  const result = (value) => {
    if (value instanceof Error) throw value;
    return value;
  };
  const base = `/e/${plugin}`;
  const goTo = (to) => {
    state.path = to;
    path.say(to);
  };

  const host = {
    plugin,
    slot,
    person,
    locale,
    ...seen,
    t: translator(messages, locale),
    get context() {
      return state.context;
    },
    get path() {
      return state.path;
    },
    get theme() {
      return state.theme;
    },
    get closed() {
      return closed;
    },
    onPath: path.on,
    onTheme: theme.on,
    onBlock: block.on,
    api: (method, to, body) =>
      tracked(async () => {
        const asked = { method: method.toUpperCase(), path: to, body };
        seen.asked.push(asked);
        const route = routes.find((each) => each.method === asked.method && fits(each.path, to));
        if (!route) throw refuse(404, 'plugin_route_not_found', `nothing answers ${asked.method} ${to}`);
        const json = result(await route.answer(asked));
        return { status: json === undefined ? 204 : 200, json: json ?? null };
      }),
    core: (to) =>
      tracked(async () => {
        const known = cores.find((each) => fits(each.path, to));
        if (!known) throw refuse(404, 'not_found', `nothing answers ${to}`);
        return result(await known.answer(to));
      }),
    url: (to) => `/x/${plugin}${to}`,
    href: (to) => `${base}${to === '/' ? '' : to}`,
    navigate: (to) => {
      seen.went.push(to);
      goTo(to);
    },
    channel: (name, onMessage) => {
      const one = { name, onMessage };
      channels.add(one);
      return { send: (body) => seen.sent.push([name, body]), close: () => channels.delete(one) };
    },
    dialog: async (asked) => {
      seen.dialogs.push(asked);
      return answers.length > 0 ? answers.shift() : null;
    },
    confirm: async (asked) => {
      seen.dialogs.push({ ...asked, actions: [{ label: asked.action, value: true }] });
      return answers.length > 0 ? answers.shift() === true : false;
    },
    toast: (text) => void seen.toasts.push(text),
    setTitle: (title) => void seen.titles.push(title),
    busy: (promise) => promise,
    close: () => {
      closed = true;
    },
    setBlock: (data, standIn) => {
      seen.blocks.push(data);
      if (standIn) seen.standIns.push(standIn);
      host.changeBlock(data);
    },
    on: (method, to, answer) => {
      routes.unshift({ method: method.toUpperCase(), path: to, answer });
      return host;
    },
    onCore: (to, answer) => {
      cores.unshift({ path: to, answer });
      return host;
    },
    answerDialog: (value) => void answers.push(value),
    goTo,
    setTheme: (now) => {
      state.theme = now;
      theme.say(now);
    },
    say: (name, body) => channels.forEach((each) => each.name === name && each.onMessage(body)),
    changeBlock: (data, editable = state.context.block?.editable ?? true) => {
      state.context = { ...state.context, block: { data, editable } };
      block.say(state.context.block);
    },
    settled: async () => {
      do {
        await Promise.allSettled([...under]);
        await new Promise((turn) => setTimeout(turn, 0));
      } while (under.size > 0);
    },
  };
  return host;
}

/** Mounts the module in an element of the document at hand, and gives both. */
export async function mounted(mount, host) {
  const element = document.createElement('div');
  element.className = 'cl-root';
  document.body.append(element);
  const leave = mount(element, host);
  await host.settled();
  return {
    element,
    unmount: () => {
      leave?.();
      element.remove();
    },
  };
}
