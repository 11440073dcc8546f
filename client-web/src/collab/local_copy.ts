// What this browser keeps of a document, in IndexedDB, so that it opens without a network and loses no edit.
//
// Three stores. `copies` has one record a document: the whole state, and which groups of changes the server has not
// acknowledged. `changes` is a log of local edits, appended at once, a record a message, so that a crash costs at
// most the last 20 ms. `settled` notes, a record a tab, up to which group the server has everything, so that what was
// acknowledged just before a page is closed is not counted again. From time to time a session folds the log and these
// notes into the copy. Several tabs may do all this at the
// same moment: every fold reads what the others wrote within its own transaction, and merging is what Yjs does.
//
// Everything is kept per person: whoever signs in next on this machine sees nothing of it.
import * as Y from 'yjs';
import {
  done,
  openDatabase,
  result,
  type ChangeRecord,
  type CopyKey,
  type CopyRecord,
  type SettledRecord,
  kStores,
  marksOf,
} from './database';
import type { CountedGroup, Group } from './unsent';

export interface Loaded {
  updates: Uint8Array[];
  unsent: CountedGroup[];
  settled: Group[];
}

export interface LocalCopy {
  load(): Promise<Loaded>;
  append(update: Uint8Array, group: CountedGroup): Promise<void>;
  /** Notes that the server has these on disk. */
  settle(groups: readonly Group[]): Promise<void>;
  /**
   * Writes the state of `doc` and forgets the log. Applies to `doc` what other tabs wrote meanwhile, with `origin`.
   * `unsent` is asked within the transaction, after that, with what the others noted.
   */
  fold(
    doc: Y.Doc,
    origin: unknown,
    unsent: (noted: Omit<Loaded, 'updates'>) => CountedGroup[],
  ): Promise<void>;
  forget(): Promise<void>;
}

class IndexedCopy implements LocalCopy {
  private readonly database: Promise<IDBDatabase>;
  private readonly own = new Set<IDBValidKey>();
  private lastWriter: string | null = null;
  private readonly key: CopyKey;
  private readonly writer: string;
  private readonly now: () => number;

  constructor(factory: IDBFactory, key: CopyKey, writer: string, now: () => number) {
    this.key = key;
    this.writer = writer;
    this.now = now;
    this.database = openDatabase(factory);
    // Who calls learns of a failure from their own await.
    this.database.catch(() => undefined);
  }

  private get path(): [string, string] {
    return [this.key.person, this.key.document];
  }

  async load(): Promise<Loaded> {
    const database = await this.database;
    const transaction = database.transaction(kStores);
    const [copy, changes, settled] = await Promise.all([
      result<CopyRecord | undefined>(transaction.objectStore('copies').get(this.path)),
      result<ChangeRecord[]>(transaction.objectStore('changes').index('document').getAll(this.path)),
      result<SettledRecord[]>(transaction.objectStore('settled').getAll(marksOf(this.key))),
    ]);
    return {
      settled,
      updates: [...(copy ? [copy.state] : []), ...changes.map((change) => change.update)],
      unsent: [...(copy?.unsent ?? []), ...changes.map(counted)],
    };
  }

  async append(update: Uint8Array, group: CountedGroup): Promise<void> {
    const database = await this.database;
    const transaction = database.transaction('changes', 'readwrite');
    const record: ChangeRecord = { ...this.key, ...group, update };
    const added = transaction.objectStore('changes').add(record);
    added.onsuccess = () => this.own.add(added.result);
    await done(transaction);
  }

  async settle(groups: readonly Group[]): Promise<void> {
    const database = await this.database;
    const transaction = database.transaction('settled', 'readwrite');
    const marks = transaction.objectStore('settled');
    for (const { tag, number } of groups) {
      const known = marks.get([...this.path, tag]);
      known.onsuccess = () => {
        const before = (known.result as SettledRecord | undefined)?.number ?? 0;
        if (number > before) marks.put({ ...this.key, tag, number } satisfies SettledRecord);
      };
    }
    await done(transaction);
  }

  async fold(
    doc: Y.Doc,
    origin: unknown,
    unsent: (noted: Omit<Loaded, 'updates'>) => CountedGroup[],
  ): Promise<void> {
    const database = await this.database;
    const transaction = database.transaction(kStores, 'readwrite');
    const marks = transaction.objectStore('settled');
    const copies = transaction.objectStore('copies');
    const changes = transaction.objectStore('changes');
    const copy = copies.get(this.path);
    const settled = marks.getAll(marksOf(this.key));
    const keys = changes.index('document').getAllKeys(this.path);
    const records = changes.index('document').getAll(this.path);
    // The last of the answers: from here on everything happens within one callback, so nothing comes between.
    records.onsuccess = () => {
      const known = copy.result as CopyRecord | undefined;
      const log = records.result as ChangeRecord[];
      const noted: CountedGroup[] = [];
      if (known && known.writer !== this.lastWriter) {
        Y.applyUpdate(doc, known.state, origin);
        noted.push(...known.unsent);
      }
      log.forEach((record, index) => {
        const key = keys.result[index];
        if (key === undefined || this.own.has(key)) return;
        Y.applyUpdate(doc, record.update, origin);
        noted.push(counted(record));
      });
      const next: CopyRecord = {
        ...this.key,
        state: Y.encodeStateAsUpdate(doc),
        unsent: unsent({ unsent: noted, settled: settled.result as SettledRecord[] }),
        writer: this.writer,
        at: this.now(),
      };
      copies.put(next);
      marks.delete(marksOf(this.key));
      for (const key of keys.result) {
        changes.delete(key);
        this.own.delete(key);
      }
    };
    await done(transaction);
    this.lastWriter = this.writer;
  }

  async forget(): Promise<void> {
    const database = await this.database;
    await forgetDocument(database, this.key);
  }
}

function counted({ tag, number, changes }: ChangeRecord): CountedGroup {
  return { tag, number, changes };
}

async function forgetDocument(database: IDBDatabase, key: CopyKey): Promise<void> {
  const path: [string, string] = [key.person, key.document];
  const transaction = database.transaction(kStores, 'readwrite');
  const changes = transaction.objectStore('changes');
  transaction.objectStore('copies').delete(path);
  transaction.objectStore('settled').delete(marksOf(key));
  const keys = changes.index('document').getAllKeys(path);
  keys.onsuccess = () => {
    for (const key of keys.result) changes.delete(key);
  };
  await done(transaction);
}

/** `null` where the browser has no place to keep anything. */
export function localCopy(
  factory: IDBFactory | undefined,
  key: CopyKey,
  writer: string,
  now: () => number,
): LocalCopy | null {
  return factory ? new IndexedCopy(factory, key, writer, now) : null;
}
