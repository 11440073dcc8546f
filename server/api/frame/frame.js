// The inside of the frame of a module that is not trusted. This document has no origin of its own: no cookies, no
// storage, no requests. What the module may do it asks of the page around it, over the one port it is handed; the other
// end is client-web/src/features/extensions/frame.ts.

const kScreens = ['administration', 'compte', 'e', 'espaces', 'portail', 'recherche', 'reperes'];
const kFrameCss = `
  html, body { margin: 0; background: transparent; overflow-x: hidden; }
  #root { display: flow-root; padding: 3px; }
`;

const root = document.getElementById('root');
const waiting = new Map();
const channels = new Map();
const toasts = new Map();
let port;
let last = 0;

function post(message, moved = []) {
  port.postMessage(message, moved);
}

function call(name, ...args) {
  last += 1;
  const id = last;
  const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  post({ kind: 'call', id, name, args });
  return Object.assign(answer, { id });
}

/** For what has no answer that anybody looks at. */
function tell(name, ...args) {
  const asked = call(name, ...args);
  asked.catch((error) => reportError(error));
  return asked.id;
}

function topic() {
  const listeners = new Set();
  return {
    on: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    say: (value) => listeners.forEach((listener) => listener(value)),
  };
}

function packed(body) {
  return body instanceof FormData ? { form: [...body.entries()] } : { plain: body };
}

/** A dialog around nodes of the module's: they cannot leave the frame, so it opens in it. */
function ownDialog({ title, body, actions }) {
  return new Promise((resolve) => {
    const dialog = document.createElement('dialog');
    dialog.className = 'cl-dialog';
    const head = document.createElement('h2');
    head.id = 'cluse-dialog-title';
    head.textContent = title;
    dialog.setAttribute('aria-labelledby', head.id);
    const foot = document.createElement('div');
    foot.className = 'cl-row';
    let answer = null;
    for (const { label, value, kind } of actions) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = `cl-button ${kind === 'primary' || kind === 'danger' ? kind : ''}`;
      button.textContent = label;
      button.addEventListener('click', () => {
        answer = value;
        dialog.close();
      });
      foot.append(button);
    }
    dialog.append(head, body, foot);
    dialog.addEventListener('close', () => {
      dialog.remove();
      measure();
      resolve(answer);
    });
    root.append(dialog);
    dialog.showModal();
    measure();
  });
}

function measure() {
  const dialog = root.querySelector('dialog[open]');
  const room = dialog ? dialog.scrollHeight + 80 : 0;
  post({ kind: 'height', height: Math.max(root.offsetHeight, room) });
}

function makeHost(given) {
  const theme = topic();
  const path = topic();
  const block = topic();
  const state = { theme: given.theme, path: given.path, context: given.context };
  const isScreen = (to) => kScreens.includes(to.split(/[/?#]/)[1] ?? '');
  const t = translator(given.messages, given.locale);
  const host = {
    plugin: given.plugin,
    slot: given.slot,
    person: given.person,
    locale: given.locale,
    t,
    get context() {
      return state.context;
    },
    get theme() {
      return state.theme;
    },
    get path() {
      return state.path;
    },
    onTheme: theme.on,
    onPath: path.on,
    onBlock: block.on,
    api: (method, to, body) => call('api', method, to, packed(body)),
    core: (to) => call('core', to),
    url: (to) => `/x/${given.plugin}${to}`,
    href: (to) => {
      if (given.root === '/' || isScreen(to)) return to;
      const tail = to.startsWith('/') ? to : `/${to}`;
      return tail === '/' ? given.root : `${given.root}${tail.startsWith('/?') ? tail.slice(1) : tail}`;
    },
    navigate: (to, options) => void tell('navigate', to, options),
    channel: (name, onMessage) => {
      const id = tell('channel', name);
      channels.set(id, onMessage);
      return {
        send: (body) => void tell('send', id, body),
        close: () => {
          channels.delete(id);
          tell('leave', id);
        },
      };
    },
    dialog: (options) =>
      options.body instanceof HTMLElement ? ownDialog(options) : call('dialog', options),
    confirm: async ({ title, body, action, danger }) => {
      const actions = [
        { label: given.locale.startsWith('de') ? 'Abbrechen' : 'Annuler', value: false },
        { label: action, value: true, kind: danger ? 'danger' : 'primary' },
      ];
      return (await call('dialog', { title, ...(body ? { body } : {}), actions })) === true;
    },
    toast: (text, options) => {
      const { action, failure } = options ?? {};
      const id = tell('toast', text, { action: action?.label, failure });
      if (action) toasts.set(id, action.run);
    },
    setTitle: (title) => void tell('setTitle', title),
    setBlock: (data, standIn) => void tell('setBlock', data, standIn),
    close: () => void tell('close'),
    busy: async (promise) => {
      const id = tell('busy');
      try {
        return await promise;
      } finally {
        tell('idle', id);
      }
    },
  };
  const heard = {
    theme: (message) => {
      state.theme = message.theme;
      document.documentElement.dataset.theme = message.theme;
      theme.say(message.theme);
    },
    path: (message) => {
      state.path = message.path;
      path.say(message.path);
    },
    block: (message) => {
      state.context = { ...state.context, block: message.block };
      block.say(message.block);
    },
    channel: ({ id, body }) => channels.get(id)?.(body),
    acted: ({ id }) => toasts.get(id)?.(),
    ping: () => post({ kind: 'pong' }),
    answer: ({ id, value, error }) => {
      const asked = waiting.get(id);
      waiting.delete(id);
      if (error) asked?.reject(Object.assign(new Error(error.message), error));
      else asked?.resolve(value);
    },
  };
  return { host, heard };
}

async function dress({ sheets, style, typeface, locale, theme }) {
  document.documentElement.lang = locale;
  document.documentElement.dataset.theme = theme;
  document.adoptedStyleSheets = [...sheets, kFrameCss].map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
  if (typeface) {
    const face = new FontFace('Source Sans 3', typeface, { weight: '200 900' });
    document.fonts.add(face);
  }
  if (!style) return;
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = style;
  const loaded = new Promise((resolve) => (link.onload = link.onerror = resolve));
  document.head.append(link);
  await loaded;
}

// ---------- what a sandbox takes away and a module expects ----------

/** Forms are not sent from a sandbox, and so never say that they are: they are said to be. */
function submit(form, submitter) {
  if (!form.noValidate && !submitter?.formNoValidate && !form.reportValidity()) return;
  form.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true, submitter: submitter ?? null }));
}

HTMLFormElement.prototype.requestSubmit = function (submitter) {
  submit(this, submitter);
};

document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button !== 0 || !(event.target instanceof Element)) return;
  const button = event.target.closest('button, input');
  if (button?.form && (button.type === 'submit' || button.type === 'image')) {
    event.preventDefault();
    submit(button.form, button);
    return;
  }
  const link = event.target.closest('a[href]');
  if (!link || link.getAttribute('href').startsWith('#')) return;
  event.preventDefault();
  if (/^(blob|data):/.test(link.href)) {
    void fetch(link.href)
      .then((response) => response.blob())
      .then((blob) => post({ kind: 'save', blob, name: link.download }));
    return;
  }
  const aside = event.ctrlKey || event.metaKey || link.target === '_blank';
  post({ kind: 'open', href: link.href, aside });
});

function isField(target) {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const { target, key } = event;
  const mod = event.ctrlKey || event.metaKey;
  if (key === 'Enter' && target instanceof HTMLInputElement && target.form) {
    const button = target.form.querySelector('button:not([type=button]):not([type=reset]), input[type=submit]');
    if (!button) {
      event.preventDefault();
      submit(target.form);
    }
    return;
  }
  if ((mod && key.toLowerCase() === 'k') || (!mod && (key === '/' || key === '?') && !isField(target))) {
    event.preventDefault();
    post({ kind: 'key', key: key.toLowerCase(), mod });
  }
});

// ---------- the beginning ----------

function trouble(error, fatal) {
  post({ kind: 'trouble', fatal, message: String(error?.stack ?? error) });
}

async function begin(given) {
  const { host, heard } = makeHost(given);
  port.onmessage = ({ data }) => heard[data.kind]?.(data);
  addEventListener('error', (event) => trouble(event.error ?? event.message, false));
  addEventListener('unhandledrejection', (event) => trouble(event.reason, false));
  try {
    await dress(given);
    const { mount } = await import(given.module);
    if (typeof mount !== 'function') throw new Error(`${given.module} exports no function called mount`);
    mount(root, host);
    new ResizeObserver(measure).observe(root);
    measure();
    post({ kind: 'ready' });
  } catch (error) {
    trouble(error, true);
  }
}

addEventListener('message', function first({ data, source, ports }) {
  if (source !== parent || data?.kind !== 'cluse' || !ports[0]) return;
  removeEventListener('message', first);
  port = ports[0];
  void begin(data);
});
