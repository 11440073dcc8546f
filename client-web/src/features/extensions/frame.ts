// A module that is not trusted, in a frame of its own origin that is nobody's: no cookie, no storage, no way into this
// page but the port below. The other end is server/api/frame/frame.js.
import type { Channel, DialogOptions, Host, StandIn } from '@cluse/sdk';
import classesCss from '@cluse/sdk/classes.css?inline';
import tokensCss from '@cluse/sdk/tokens.css?inline';
import type { Contribution } from '@/api';
import { t } from '@/i18n';
import sansUrl from '@/ui/fonts/source-sans-3-latin-wght-normal.woff2?url';
import { coreUrl, isOpenToFrames } from './addresses';
import { deniedToFrames, type Hosting } from './host';
import { kLoadMax_ms, LateError } from './load';

const kPing_ms = 5_000;
const kPongMax_ms = 10_000;
const kHeightMax_px = 20_000;
/** Keys that mean the same wherever the focus is: all that a frame may pass on. */
const kKeys = ['k', '/', '?'];

export interface FrameEvents {
  onReady(): void;
  onTrouble(kind: 'failed' | 'fault', error: unknown): void;
}

interface Message {
  kind: string;
  id?: number;
  name?: string;
  args?: unknown[];
  [more: string]: unknown;
}

let font: Promise<ArrayBuffer | null> | undefined;

// A frame of no origin cannot fetch the type of the product: it is handed over.
function typeface(): Promise<ArrayBuffer | null> {
  font ??= fetch(sansUrl)
    .then((response) => (response.ok ? response.arrayBuffer() : null))
    .catch(() => null);
  return font;
}

export function openFrame(
  contribution: Contribution,
  seat: HTMLElement,
  { host }: Hosting,
  events: FrameEvents,
): { close(): void } {
  const { extension, ui } = contribution;
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.setAttribute('referrerpolicy', 'no-referrer');
  frame.title = t('extensions.frame', { name: ui.name });
  frame.src = `/x/${extension.id}/~frame`;
  let port: MessagePort | null = null;
  let timer = setTimeout(() => events.onTrouble('failed', new LateError()), kLoadMax_ms);
  const stops = [
    host.onTheme((theme) => port?.postMessage({ kind: 'theme', theme })),
    host.onPath((path) => port?.postMessage({ kind: 'path', path })),
    host.onBlock((block) => port?.postMessage({ kind: 'block', block })),
  ];

  // Counts only what it does not answer while somebody looks: a page in the background is slow of itself.
  const ping = (): void => {
    if (document.hidden) {
      timer = setTimeout(ping, kPing_ms);
      return;
    }
    port?.postMessage({ kind: 'ping' });
    timer = setTimeout(
      () => (document.hidden ? ping() : events.onTrouble('failed', new LateError())),
      kPongMax_ms,
    );
  };
  const serve = server(contribution, host);
  const take = ({ data }: MessageEvent<Message>): void => {
    if (data.kind === 'ready') {
      clearTimeout(timer);
      timer = setTimeout(ping, kPing_ms);
      events.onReady();
    } else if (data.kind === 'pong') {
      clearTimeout(timer);
      timer = setTimeout(ping, kPing_ms);
    } else if (data.kind === 'height') {
      frame.style.height = `${Math.min(Math.max(Number(data.height) || 0, 0), kHeightMax_px)}px`;
    } else if (data.kind === 'trouble') {
      events.onTrouble(data.fatal ? 'failed' : 'fault', new Error(String(data.message)));
    } else if (data.kind === 'key') passKey(seat, data);
    else if (data.kind === 'open') open(extension.id, host, data);
    else if (data.kind === 'save' && data.blob instanceof Blob) save(data.blob, String(data.name ?? ''));
    else if (data.kind === 'call' && port) void serve(data, port);
  };

  frame.addEventListener(
    'load',
    () => {
      const line = new MessageChannel();
      port = line.port1;
      port.onmessage = take;
      void typeface().then((typeface) => {
        // Its origin is opaque, so there is none to name; what is in it came from our own address (frame-src).
        frame.contentWindow?.postMessage({ kind: 'cluse', ...beginning(contribution, host), typeface }, '*', [
          line.port2,
        ]);
      });
    },
    { once: true },
  );
  seat.append(frame);
  return {
    close: () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
      serve.close();
      port?.close();
      frame.remove();
    },
  };
}

function beginning({ extension, ui }: Contribution, host: Host) {
  return {
    module: ui.module,
    style: ui.style,
    sheets: [tokensCss, classesCss],
    messages: extension.messages,
    plugin: host.plugin,
    slot: host.slot,
    context: host.context,
    person: host.person,
    locale: host.locale,
    theme: host.theme,
    path: host.path,
    // Addresses are made there, without a question: what `href` does to a path in this place.
    root: host.href('/'),
  };
}

function passKey(seat: HTMLElement, data: Message): void {
  const key = String(data.key);
  const mod = data.mod === true;
  if (!kKeys.includes(key) || (key === 'k') !== mod) return;
  seat.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey: mod, bubbles: true, cancelable: true }));
}

/** A link in the frame: a screen here, a file of the plugin's own, or a page elsewhere in a tab of its own. */
function open(plugin: string, host: Host, data: Message): void {
  let url: URL;
  try {
    url = new URL(String(data.href), location.origin);
  } catch {
    return;
  }
  const here = url.origin === location.origin;
  const file = here && url.pathname.startsWith(`/x/${plugin}/`);
  if (here && !file && data.aside !== true) {
    if (!/^\/(x|api|collab|live)(\/|$)/.test(url.pathname))
      host.navigate(`${url.pathname}${url.search}`, { core: true });
    return;
  }
  if (!/^(https?|mailto|tel):$/.test(url.protocol) || (here && !file)) return;
  const link = document.createElement('a');
  link.href = url.href;
  link.rel = 'noopener noreferrer';
  if (file) link.download = '';
  else link.target = '_blank';
  document.body.append(link);
  link.click();
  link.remove();
}

/** A file that the module made. */
function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(new Blob([blob], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name || 'fichier';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** FormData does not travel; its parts do. */
function sent(body: unknown): unknown {
  const form = (body as { form?: [string, string | File][] } | null)?.form;
  if (!Array.isArray(form)) return (body as { plain?: unknown } | null)?.plain;
  const data = new FormData();
  for (const [name, value] of form)
    if (value instanceof Blob) data.append(name, value);
    else data.append(name, String(value));
  return data;
}

/** Answers the calls of the frame with the host's own. Nothing else of the host can be reached. */
function server({ extension }: Contribution, host: Host) {
  const channels = new Map<number, Channel>();
  const waits = new Map<number, () => void>();
  const inside = (path: string): boolean => {
    const { workspace, document } = host.context;
    const url = coreUrl(path);
    return (
      url !== null &&
      isOpenToFrames(url, {
        ...(workspace ? { workspace: workspace.id } : {}),
        ...(document ? { document: document.id } : {}),
      })
    );
  };
  const calls: Record<string, (port: MessagePort, id: number, ...args: never[]) => unknown> = {
    api: (_port, _id, method: string, path: string, body: unknown) => host.api(method, path, sent(body)),
    core: (_port, _id, path: string) => {
      if (!inside(path)) throw deniedToFrames();
      return host.core(path);
    },
    navigate: (_port, _id, path: string, options?: { replace?: boolean; core?: boolean }) =>
      host.navigate(String(path), options),
    dialog: (_port, _id, options: DialogOptions<unknown>) => host.dialog(options),
    toast: (port, id, text: string, options?: { action?: string; failure?: boolean }) => {
      const run = (): void => port.postMessage({ kind: 'acted', id });
      host.toast(String(text), {
        failure: options?.failure === true,
        ...(options?.action ? { action: { label: options.action, run } } : {}),
      });
    },
    setTitle: (_port, _id, title: string) => host.setTitle(String(title)),
    setBlock: (_port, _id, data: unknown, standIn?: StandIn) => host.setBlock(data, standIn),
    close: () => host.close(),
    busy: (_port, id) => void host.busy(new Promise<void>((resolve) => waits.set(id, resolve))),
    idle: (_port, _id, which: number) => {
      waits.get(which)?.();
      waits.delete(which);
    },
    channel: (port, id, name: string) =>
      void channels.set(
        id,
        host.channel(name, (body) => port.postMessage({ kind: 'channel', id, body })),
      ),
    send: (_port, _id, which: number, body: unknown) => channels.get(which)?.send(body),
    leave: (_port, _id, which: number) => {
      channels.get(which)?.close();
      channels.delete(which);
    },
  };
  const serve = async (message: Message, port: MessagePort): Promise<void> => {
    const { id = 0, name = '', args = [] } = message;
    try {
      const call = Object.hasOwn(calls, name) ? calls[name] : undefined;
      if (!call) throw new Error(`${extension.id}: there is no host.${name}`);
      port.postMessage({ kind: 'answer', id, value: await call(port, id, ...(args as never[])) });
    } catch (error) {
      const {
        message: words,
        name: type,
        status,
        code,
        field,
        errors,
      } = error as Error & Record<string, unknown>;
      const told = { message: words, name: type, status, code, field, errors };
      port.postMessage({ kind: 'answer', id, error: told });
    }
  };
  const close = (): void => {
    for (const channel of channels.values()) channel.close();
    for (const resolve of waits.values()) resolve();
  };
  return Object.assign(serve, { close });
}
