// The database of local copies: its shape, and what is asked of it when no document is open. See local_copy.ts for
// what the records mean.
import type { CountedGroup } from './unsent';

/** Names a document for one person. */
export interface CopyKey {
  person: string;
  document: string;
}

const kDatabase = 'cluse-documents';
const kVersion = 1;
/** A database that does not open (blocked by a stuck tab) must not keep the document from opening. */
const kOpenTimeoutMs = 3_000;
/** Copies of documents that nobody has opened for so long are swept, unless they hold unsent changes. */
const kKeptForMs = 30 * 24 * 3_600_000;

export interface CopyRecord extends CopyKey {
  state: Uint8Array;
  unsent: CountedGroup[];
  /** Which session wrote it last. */
  writer: string;
  at: number;
}

export interface ChangeRecord extends CountedGroup, CopyKey {
  update: Uint8Array;
}

export function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () =>
      reject(transaction.error ?? new Error('The local copy could not be written'));
  });
}

export function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The local copy could not be read'));
  });
}

export function openDatabase(factory: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(kDatabase, kVersion);
    const timer = setTimeout(() => reject(new Error('The local database does not open')), kOpenTimeoutMs);
    request.onupgradeneeded = () => {
      const database = request.result;
      database.createObjectStore('copies', { keyPath: ['person', 'document'] });
      database
        .createObjectStore('changes', { autoIncrement: true })
        .createIndex('document', ['person', 'document']);
    };
    request.onsuccess = () => {
      clearTimeout(timer);
      // A newer version of the application in another tab may upgrade: let it.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => {
      clearTimeout(timer);
      reject(request.error ?? new Error('The local database does not open'));
    };
  });
}

/** Documents of which this browser keeps changes that the server has not acknowledged, and how many each. */
export async function unsentDocuments(
  factory: IDBFactory | undefined,
  person: string,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  if (!factory) return counts;
  const database = await openDatabase(factory);
  try {
    const transaction = database.transaction(['copies', 'changes']);
    const [copies, changes] = await Promise.all([
      result<CopyRecord[]>(transaction.objectStore('copies').getAll()),
      result<ChangeRecord[]>(transaction.objectStore('changes').getAll()),
    ]);
    const add = (record: CopyKey, count: number): void => {
      if (record.person === person && count > 0)
        counts.set(record.document, (counts.get(record.document) ?? 0) + count);
    };
    for (const copy of copies)
      add(
        copy,
        copy.unsent.reduce((sum, group) => sum + group.changes, 0),
      );
    for (const change of changes) add(change, change.changes);
    return counts;
  } finally {
    database.close();
  }
}

/** Removes old copies, and those of other persons, as long as they hold nothing that could still be lost. */
export async function sweepCopies(
  factory: IDBFactory | undefined,
  person: string,
  now: number,
): Promise<void> {
  if (!factory) return;
  const database = await openDatabase(factory);
  try {
    const transaction = database.transaction('copies', 'readwrite');
    const cursor = transaction.objectStore('copies').openCursor();
    cursor.onsuccess = () => {
      const at = cursor.result;
      if (!at) return;
      const copy = at.value as CopyRecord;
      const old = copy.person !== person || now - copy.at > kKeptForMs;
      if (old && copy.unsent.length === 0) at.delete();
      at.continue();
    };
    await done(transaction);
  } finally {
    database.close();
  }
}

/** Removes everything of everyone: what signing out does. */
export async function forgetAllCopies(factory: IDBFactory | undefined): Promise<void> {
  if (!factory) return;
  const database = await openDatabase(factory);
  try {
    const transaction = database.transaction(['copies', 'changes'], 'readwrite');
    transaction.objectStore('copies').clear();
    transaction.objectStore('changes').clear();
    await done(transaction);
  } finally {
    database.close();
  }
}
