// Fetches a module, once, with its stylesheet; a server that does not answer is not waited for without end.
import type { Mount } from '@cluse/sdk';
import type { ExtensionUi } from '@/api';

export const kLoadMax_ms = 15_000;

export class LateError extends Error {}

export function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new LateError()), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** `attempt` above 0 asks anew: a browser remembers how a module failed. */
export async function loadModule(ui: ExtensionUi, attempt: number): Promise<Mount> {
  const url = attempt > 0 ? `${ui.module}?again=${attempt}` : ui.module;
  const module = (await within(import(/* @vite-ignore */ url), kLoadMax_ms)) as { mount?: unknown };
  if (typeof module.mount !== 'function') throw new Error(`${ui.module} exports no function called mount`);
  return module.mount as Mount;
}

const sheets = new Map<string, { link: HTMLLinkElement; users: number }>();

/** Holds a stylesheet in the page as long as somebody needs it. */
export function holdSheet(url: string | null): () => void {
  if (!url) return () => undefined;
  let entry = sheets.get(url);
  if (!entry) {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = url;
    document.head.append(link);
    entry = { link, users: 0 };
    sheets.set(url, entry);
  }
  entry.users += 1;
  const held = entry;
  return () => {
    held.users -= 1;
    if (held.users > 0) return;
    held.link.remove();
    sheets.delete(url);
  };
}
