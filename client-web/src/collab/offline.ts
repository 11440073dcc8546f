// The service worker (public/sw.js) that lets the application open without a network. It is left out while
// developing, where it would serve yesterday's modules. And what the shell has to do about documents when nobody is
// looking at one. This file does not bring Yjs with it: the first screen imports it.
import { forgetAllCopies, sweepCopies, unsentDocuments } from './database';

const kWorker = '/sw.js';
/** Requests that began before the worker was there end within this. */
const kFirstVisitMs = 30_000;
const kArrivalMs = 1_500;
const kLookMs = 100;

/** `lib.dom` does not have Trusted Types yet; these are the two things used here. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string };
}

// The content policy wants worker addresses to come from a policy. Ours knows one address.
function workerUrl(): string {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  if (!types) return kWorker;
  const policy = types.createPolicy('cluse-worker', {
    createScriptURL: (url) => {
      if (url !== kWorker) throw new TypeError(`Not our worker: ${url}`);
      return url;
    },
  });
  return policy.createScriptURL(kWorker);
}

let registered = false;

// On the first visit much is read before there is a worker to keep it: name to the worker what it did not see pass.
function tellWhatWasRead(): void {
  const observer = new PerformanceObserver((list) => {
    const paths = (list.getEntries() as PerformanceResourceTiming[])
      .filter((entry) => entry.workerStart === 0)
      .map((entry) => new URL(entry.name))
      .filter((url) => url.origin === location.origin && url.pathname.startsWith('/api/v1/'))
      .map((url) => url.pathname);
    if (paths.length > 0)
      navigator.serviceWorker.controller?.postMessage({ kind: 'read', paths: [...new Set(paths)] });
  });
  observer.observe({ type: 'resource', buffered: true });
  setTimeout(() => observer.disconnect(), kFirstVisitMs);
}

/** Call once, when the application starts. Without a service worker everything works, except opening it offline. */
export function registerServiceWorker(): void {
  if (registered || !import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  registered = true;
  const register = (): void => {
    if (!navigator.serviceWorker.controller)
      navigator.serviceWorker.addEventListener('controllerchange', tellWhatWasRead, { once: true });
    navigator.serviceWorker.register(workerUrl(), { scope: '/' }).catch(() => undefined);
  };
  // Not before the first screen is there: the worker fetches the whole application.
  if (document.readyState === 'complete') register();
  else window.addEventListener('load', register, { once: true });
}

/**
 * Delivers what earlier visits could not: opens each document of which this browser keeps unsent changes, until the
 * server has them. Call once somebody is signed in.
 */
export async function deliverUnsent(person: string): Promise<void> {
  try {
    await sweepCopies(globalThis.indexedDB, person, Date.now());
    const documents = [...(await unsentDocuments(globalThis.indexedDB, person)).keys()];
    if (documents.length === 0) return;
    const { openDocument } = await import('./open_documents');
    for (const document of documents) openDocument({ document, person, mayWrite: true }).release();
  } catch {
    // A browser that keeps nothing has nothing to deliver.
  }
}

/**
 * How many changes of this person are only in this browser. What is on its way gets a moment to arrive: somebody who
 * signs out right after the last keystroke is not to be asked about it.
 */
export async function unsentCount(person: string): Promise<number> {
  for (let patience = kArrivalMs; ; patience -= kLookMs) {
    const counts = await unsentDocuments(globalThis.indexedDB, person).catch(() => new Map<string, number>());
    const sum = [...counts.values()].reduce((total, count) => total + count, 0);
    if (sum === 0 || patience <= 0) return sum;
    await new Promise((resolve) => setTimeout(resolve, kLookMs));
  }
}

/** Removes what this browser keeps for the person who signs out: documents, and answers of the server. */
export async function clearOfflineData(): Promise<void> {
  const { forgetDocuments } = await import('./open_documents');
  await forgetDocuments();
  await forgetAllCopies(globalThis.indexedDB).catch(() => undefined);
  const names = 'caches' in globalThis ? await caches.keys().catch(() => []) : [];
  await Promise.all(names.filter((name) => name.startsWith('cluse-data')).map((name) => caches.delete(name)));
}
