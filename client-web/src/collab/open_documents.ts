// Which documents are open in this tab. A session outlives the page that shows it for as long as it has something to
// deliver: leaving a document right after the last keystroke must not leave that keystroke behind.
import { browserEnvironment } from './environment';
import { DocumentSession, type SessionOptions } from './session';

/** React shows, hides and shows again within a moment; a connection is not thrown away for that. */
const kGraceMs = 1_000;

interface Entry {
  session: DocumentSession;
  leases: number;
  grace: ReturnType<typeof setTimeout> | null;
  stopWatching: (() => void) | null;
}

export interface Lease {
  readonly session: DocumentSession;
  release(): void;
}

export interface OpenOptions {
  document: string;
  person: string;
  mayWrite: boolean;
}

const entries = new Map<string, Entry>();
let guarded: EventTarget | null = null;

export function collabUrl(document: string): string {
  const { protocol, host } = globalThis.location;
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/collab/${encodeURIComponent(document)}`;
}

/** Opens a document, or joins the session that this tab has already. Whoever opens it releases it. */
export function openDocument(options: OpenOptions & Partial<SessionOptions>): Lease {
  const environment = options.environment ?? browserEnvironment();
  guard(environment.events);
  const key = `${options.person}/${options.document}`;
  let entry = entries.get(key);
  if (entry?.session.over) {
    close(key, entry);
    entry = undefined;
  }
  if (!entry) {
    const session = new DocumentSession({ url: collabUrl(options.document), ...options, environment });
    entry = { session, leases: 0, grace: null, stopWatching: null };
    entries.set(key, entry);
  }
  keep(entry);
  entry.leases += 1;
  const held = entry;
  let released = false;
  return {
    session: held.session,
    release: () => {
      if (released) return;
      released = true;
      held.leases -= 1;
      if (held.leases > 0) return;
      held.session.present(null);
      held.grace = setTimeout(() => closeWhenDelivered(key, held), kGraceMs);
    },
  };
}

/** How many changes of this tab's documents the server does not have on disk. */
export function unsentChanges(): number {
  let sum = 0;
  for (const { session } of entries.values()) sum += session.state.get().unsent;
  return sum;
}

/** Closes everything and removes every copy from this browser: what signing out does. */
export async function forgetDocuments(): Promise<void> {
  await Promise.all(
    [...entries].map(([key, entry]) => entry.session.forget().finally(() => close(key, entry))),
  );
}

/** Closes one document and removes its copy, unsent changes included; the next `openDocument` starts afresh. */
export async function forgetDocument(session: DocumentSession): Promise<void> {
  await session.forget();
  const key = `${session.person}/${session.document}`;
  const entry = entries.get(key);
  if (entry?.session === session) close(key, entry);
}

function keep(entry: Entry): void {
  if (entry.grace) clearTimeout(entry.grace);
  entry.grace = null;
  entry.stopWatching?.();
  entry.stopWatching = null;
}

function closeWhenDelivered(key: string, entry: Entry): void {
  const look = (): void => {
    const { state, unsent, synced } = entry.session.state.get();
    const hopeless = ['denied', 'not-found', 'trashed', 'malformed', 'signed-out', 'refused'].includes(state);
    if (hopeless || (unsent === 0 && (synced || state === 'offline'))) close(key, entry);
  };
  entry.stopWatching = entry.session.state.subscribe(look);
  look();
}

function close(key: string, entry: Entry): void {
  keep(entry);
  if (entries.get(key) === entry) entries.delete(key);
  entry.session.destroy();
}

// One guard for all documents. Leaving is worth a question as long as anything is not on the server's disk, even
// though this browser keeps it: a person may not open this browser again.
function guard(events: EventTarget): void {
  if (guarded === events) return;
  guarded = events;
  events.addEventListener('beforeunload', (event) => {
    if (unsentChanges() > 0) event.preventDefault();
  });
}
