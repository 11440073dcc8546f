// The database of local copies: its shape, and what is asked of it when no document is open. See local_copy.ts for
// what the records mean.
import { Unsent, type CountedGroup, type Group } from './unsent';

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

/** Every group of `tag` up to `number` is on the server's disk. */
export interface SettledRecord extends CopyKey, Group {}

export const kStores = ['copies', 'changes', 'settled'];

/** The keys of all settled records of a document. */
export function marksOf({ person, document }: CopyKey): IDBKeyRange {
  return IDBKeyRange.bound([person, document], [person, document, []]);
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
      database.createObjectStore('settled', { keyPath: ['person', 'document', 'tag'] });
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
    const transaction = database.transaction(kStores);
    const [copies, changes, settled] = await Promise.all([
      result<CopyRecord[]>(transaction.objectStore('copies').getAll()),
      result<ChangeRecord[]>(transaction.objectStore('changes').getAll()),
      result<SettledRecord[]>(transaction.objectStore('settled').getAll()),
    ]);
    const mine = <T extends CopyKey>(records: T[]): T[] =>
      records.filter((record) => record.person === person);
    const accounts = new Map<string, Unsent>();
    const accountOf = ({ document }: CopyKey): Unsent => {
      const account = accounts.get(document) ?? new Unsent();
      accounts.set(document, account);
      return account;
    };
    for (const mark of mine(settled)) accountOf(mark).settle([mark]);
    for (const copy of mine(copies)) for (const group of copy.unsent) accountOf(copy).add(group);
    for (const change of mine(changes)) accountOf(change).add(change);
    for (const [document, account] of accounts) if (account.total > 0) counts.set(document, account.total);
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
    const transaction = database.transaction(kStores, 'readwrite');
    for (const store of kStores) transaction.objectStore(store).clear();
    await done(transaction);
  } finally {
    database.close();
  }
}
