// A document that is open: the Yjs document, who else is in it, the connection to the server, the copy in this
// browser and the other tabs; and the honest account of what is saved (`state`).
//
// The rules:
//  1. An edit is in `unsent` from the moment it is made until the server says that it is on disk.
//  2. Local edits of 20 ms travel as one message, and are in the local log before they travel.
//  3. On each connection the server's sync step 1 is answered first, with everything it lacks; only then do updates
//     follow. So whatever was made without a connection, here or in another tab, goes with that answer.
//  4. Who may not write sends nothing but awareness.
import {
  Awareness,
  applyAwarenessUpdate,
  encodeAwarenessUpdate,
  removeAwarenessStates,
} from 'y-protocols/awareness';
import * as Y from 'yjs';
import { Connection, type Refusal } from './connection';
import { browserEnvironment, type Environment } from './environment';
import { localCopy, type LocalCopy } from './local_copy';
import { saveStateName, type SaveState } from './save_state';
import { Store, type Watchable } from './store';
import { Tabs, type TabMessage } from './tabs';
import { Ledger, Unsent, type CountedGroup, type Group } from './unsent';
import * as wire from './wire';

/** One animation frame, a little more: what a person types in one keystroke, or a paste, is one message. */
const kFlushMs = 20;
/** Above this the network is slower than the typing, and merging further beats queueing. */
const kBacklogMaxBytes = 1024 * 1024;
const kBacklogRetryMs = 100;
/** How long to wait with folding the log into the local copy: encoding a long document takes tens of milliseconds. */
const kFoldMs = 2_000;
const kFoldMaxMs = 15_000;
/** Edits of another tab that are still unsettled after this are ours to deliver: that tab may be gone. */
const kAdoptMs = 5_000;
const kTickMs = 500;

export interface SessionOptions {
  document: string;
  person: string;
  /** `wss://…/collab/<document id>` */
  url: string;
  /** What is known before the server says it; a document opened offline keeps its last known right. */
  mayWrite: boolean;
  environment?: Environment;
  backoffMs?: number;
  backoffMaxMs?: number;
}

/** Who one is, as the others see it (docs/api.md, awareness field `user`). */
export interface PresentUser {
  id: string;
  name: string;
  initials: string;
  organisation: string | null;
  country: 'F' | 'CH' | null;
  colour: number;
}

export class DocumentSession {
  readonly doc = new Y.Doc();
  readonly awareness = new Awareness(this.doc);
  readonly document: string;
  readonly person: string;

  private readonly environment: Environment;
  private readonly connection: Connection;
  private readonly copy: LocalCopy | null;
  private readonly tabs: Tabs;
  private readonly store: Store<SaveState>;
  private readonly unsent = new Unsent();
  private readonly ledger = new Ledger();

  // Local edits that are not a message yet.
  private buffer: Uint8Array[] = [];
  private flushTimer: ReturnType<typeof setTimeout> | null = null;
  private readonly changedClients = new Set<number>();
  private group: Group;

  // The connection.
  private loaded = false;
  private early: Uint8Array[] = [];
  private answered = false;
  private synced = false;
  private lostSince: number | null;
  private sentAway = false;
  private refusal: Refusal | null = null;

  private mayWrite: boolean;
  private about: wire.About | null = null;
  private hasText = false;
  private kept: boolean;
  private savedAt: number | null = null;
  private edited = false;
  private pendingSince: number | null = null;
  private readonly adopted = new Set<string>();
  private foldTimer: ReturnType<typeof setTimeout> | null = null;
  private foldDueBy: number | null = null;
  private folding = false;
  private readonly ticker: ReturnType<typeof setInterval>;
  private destroyed = false;
  private forgotten = false;

  constructor(options: SessionOptions) {
    const { document, person, url } = options;
    this.document = document;
    this.person = person;
    this.environment = options.environment ?? browserEnvironment();
    this.mayWrite = options.mayWrite;
    const tag = this.doc.clientID.toString(36);
    this.group = { tag, number: 1 };
    const key = { person, document };
    this.copy = localCopy(this.environment.indexedDB, key, tag, () => this.environment.now());
    this.kept = this.copy !== null;
    this.lostSince = this.environment.now();
    this.store = new Store<SaveState>(this.read());
    this.tabs = new Tabs(this.environment.BroadcastChannel, key, (message) => this.hear(message));
    this.connection = new Connection({
      url,
      protocol: wire.kSubprotocol,
      environment: this.environment,
      backoffMs: options.backoffMs,
      backoffMaxMs: options.backoffMaxMs,
      onOpen: () => this.opened(),
      onMessage: (frame) => this.receive(frame),
      onLost: (sentAway) => this.lost(sentAway),
      onRefused: (why) => this.refused(why),
    });
    this.doc.on('update', this.changed);
    this.awareness.on('update', this.moved);
    this.environment.events.addEventListener('online', this.look);
    this.environment.events.addEventListener('offline', this.look);
    this.environment.events.addEventListener('pagehide', this.leaving);
    this.ticker = setInterval(() => this.tick(), kTickMs);
    this.connection.start();
    void this.load();
  }

  get state(): Watchable<SaveState> {
    return this.store;
  }

  /** The server refused for good: whoever wants the document again opens it afresh. */
  get over(): boolean {
    return this.refusal !== null;
  }

  present(user: PresentUser | null): void {
    if (user) this.awareness.setLocalStateField('user', user);
    else this.awareness.setLocalState(null);
  }

  /** Tries again now, for a person who does not want to wait. */
  reconnect(): void {
    this.connection.restart();
  }

  /** Requires that nobody uses the document any more. What is unsent stays in the local copy. */
  destroy(): void {
    if (this.destroyed) return;
    this.flush();
    this.present(null);
    this.flushAwareness();
    this.destroyed = true;
    clearInterval(this.ticker);
    if (this.flushTimer) clearTimeout(this.flushTimer);
    if (this.foldTimer) clearTimeout(this.foldTimer);
    this.environment.events.removeEventListener('online', this.look);
    this.environment.events.removeEventListener('offline', this.look);
    this.environment.events.removeEventListener('pagehide', this.leaving);
    this.connection.stop();
    this.doc.off('update', this.changed);
    this.awareness.off('update', this.moved);
    void this.fold().finally(() => {
      this.tabs.close();
      this.awareness.destroy();
      this.doc.destroy();
    });
  }

  /** Removes the copy in this browser, unsent changes included, and keeps none from now on. */
  async forget(): Promise<void> {
    this.forgotten = true;
    this.buffer = [];
    this.unsent.clear();
    this.tabs.post({ kind: 'forgotten' });
    this.publish();
    await this.copy?.forget().catch(() => undefined);
  }

  // ---- the local copy

  private async load(): Promise<void> {
    if (this.copy) {
      try {
        const { updates, unsent, settled } = await this.copy.load();
        if (this.destroyed) return;
        if (updates.length > 0) {
          this.doc.transact(() => {
            for (const update of updates) Y.applyUpdate(this.doc, update, this.copy);
          }, this.copy);
          this.hasText = true;
        }
        this.unsent.settle(settled);
        for (const group of unsent) this.unsent.add(group);
      } catch {
        this.kept = false;
      }
    }
    if (this.destroyed) return;
    this.loaded = true;
    if (this.connection.open) this.greet();
    const early = this.early;
    this.early = [];
    for (const frame of early) this.receive(frame);
    this.publish();
  }

  private foldLater(): void {
    if (!this.copy || this.forgotten || this.destroyed) return;
    const now = this.environment.now();
    this.foldDueBy ??= now + kFoldMaxMs;
    if (this.foldTimer) clearTimeout(this.foldTimer);
    this.foldTimer = setTimeout(() => void this.fold(), Math.min(kFoldMs, Math.max(0, this.foldDueBy - now)));
  }

  private async fold(): Promise<void> {
    if (this.foldTimer) clearTimeout(this.foldTimer);
    this.foldTimer = null;
    this.foldDueBy = null;
    if (!this.copy || !this.kept || this.forgotten || this.folding || !this.loaded) return;
    this.flush();
    this.folding = true;
    try {
      await this.copy.fold(this.doc, this.copy, (noted) => {
        this.unsent.settle(noted.settled);
        for (const group of noted.unsent) if (!this.unsent.has(group)) this.unsent.add(group);
        return this.unsent.list();
      });
    } catch {
      this.kept = false;
    } finally {
      this.folding = false;
      this.publish();
    }
  }

  // ---- local edits

  private readonly changed = (update: Uint8Array, origin: unknown): void => {
    if (origin === this || origin === this.copy || origin === this.tabs) {
      if (origin === this) this.foldLater();
      return;
    }
    // A reader's editor should change nothing; if it does, it is neither kept nor sent.
    if (!this.mayWrite || this.forgotten) return;
    this.buffer.push(update);
    this.hasText = true;
    this.flushLater(kFlushMs);
    this.publish();
  };

  private readonly moved = (
    { added, updated, removed }: { added: number[]; updated: number[]; removed: number[] },
    origin: unknown,
  ): void => {
    if (origin === this) return;
    for (const client of [...added, ...updated, ...removed]) this.changedClients.add(client);
    this.flushLater(kFlushMs);
  };

  private flushLater(ms: number): void {
    this.flushTimer ??= setTimeout(() => {
      this.flushTimer = null;
      if (this.connection.open && this.connection.backlogBytes > kBacklogMaxBytes) {
        this.flushLater(kBacklogRetryMs);
        return;
      }
      this.flush();
      this.flushAwareness();
    }, ms);
  }

  // Edits go before awareness, so that a caret never points at a letter that has not arrived.
  private flush(): void {
    if (this.buffer.length === 0) return;
    const updates = this.buffer;
    this.buffer = [];
    const update = updates.length === 1 ? updates[0]! : Y.mergeUpdates(updates);
    const group: CountedGroup = { ...this.group, changes: updates.length };
    this.unsent.add(group);
    this.keep(update, group);
    this.tabs.post({ kind: 'changed', update, group });
    if (this.answered) {
      this.group = { ...this.group, number: this.group.number + 1 };
      this.sendCounted(wire.encodeUpdate(update), [group]);
    }
    this.publish();
  }

  private keep(update: Uint8Array, group: CountedGroup): void {
    if (!this.copy || !this.kept) return;
    this.copy.append(update, group).catch(() => {
      this.kept = false;
      this.publish();
    });
    this.foldLater();
  }

  private flushAwareness(): void {
    const clients = [...this.changedClients];
    this.changedClients.clear();
    if (clients.length === 0 || !this.connection.open || !this.loaded) return;
    this.connection.send(wire.encodeAwareness(encodeAwarenessUpdate(this.awareness, clients)));
  }

  private sendCounted(frame: Uint8Array, groups: readonly Group[]): void {
    this.ledger.add(groups);
    this.connection.send(frame);
  }

  // ---- the connection

  private opened(): void {
    if (this.loaded) this.greet();
  }

  private greet(): void {
    this.connection.send(wire.encodeStep1(Y.encodeStateVector(this.doc)));
    if (this.awareness.getLocalState() !== null) {
      const own = encodeAwarenessUpdate(this.awareness, [this.doc.clientID]);
      this.connection.send(wire.encodeAwareness(own));
    }
  }

  private receive(frame: Uint8Array): void {
    if (!this.loaded) {
      this.early.push(frame);
      return;
    }
    try {
      this.obey(wire.decode(frame));
    } catch {
      // Bytes that make no sense: a fresh connection compares both sides from the beginning, after a wait that grows.
      this.connection.fail();
    }
  }

  private obey(message: wire.Message): void {
    switch (message.kind) {
      case 'step1':
        this.answer(message.stateVector);
        break;
      case 'step2':
        Y.applyUpdate(this.doc, message.update, this);
        this.synced = true;
        this.hasText = true;
        this.lostSince = null;
        this.pendingSince = null;
        // Who writes has succeeded only once the server has kept something: a server whose disk is full sends the
        // document, and then closes. It is to be asked again after waits that grow.
        if (!this.mayWrite) this.connection.succeeded();
        this.foldLater();
        break;
      case 'update':
        Y.applyUpdate(this.doc, message.update, this);
        break;
      case 'awareness':
        applyAwarenessUpdate(this.awareness, message.update, this);
        return;
      case 'queryAwareness': {
        const known = [...this.awareness.getStates().keys()];
        this.connection.send(wire.encodeAwareness(encodeAwarenessUpdate(this.awareness, known)));
        return;
      }
      case 'durable':
        // Slow is when nothing comes back, and not when much is on its way.
        this.pendingSince = null;
        this.connection.succeeded();
        this.settle(this.ledger.durable(message.count));
        break;
      case 'about':
        this.about = message.about;
        this.mayWrite = message.about.role === 'editor' || message.about.role === 'manager';
        break;
      case 'denied':
      case 'unknown':
        return;
    }
    this.publish();
  }

  private answer(stateVector: Uint8Array): void {
    if (!this.mayWrite && this.about) return;
    this.flush();
    const groups = this.unsent.list();
    this.group = { ...this.group, number: this.group.number + 1 };
    this.sendCounted(wire.encodeStep2(Y.encodeStateAsUpdate(this.doc, stateVector)), groups);
    this.answered = true;
  }

  private settle(groups: Group[]): void {
    if (groups.length === 0) return;
    this.unsent.settle(groups);
    if (this.copy && this.kept && !this.forgotten) this.copy.settle(groups).catch(() => undefined);
    this.tabs.post({ kind: 'settled', groups });
    this.foldLater();
  }

  private lost(sentAway: boolean): void {
    this.sentAway = sentAway;
    this.ledger.reset();
    this.answered = false;
    this.synced = false;
    this.early = [];
    this.lostSince ??= this.environment.now();
    const others = [...this.awareness.getStates().keys()].filter((id) => id !== this.doc.clientID);
    removeAwarenessStates(this.awareness, others, this);
    this.publish();
  }

  private refused(why: Refusal): void {
    this.refusal = why;
    const nothingToLose = this.unsent.total + this.buffer.length === 0;
    // Whoever lost the right to read has no copy either. Who only has to sign in again keeps what is not sent.
    if (why === 'denied' || why === 'not-found' || (why === 'signed-out' && nothingToLose)) {
      void this.forget();
    }
    this.publish();
  }

  // ---- the other tabs

  private hear(message: TabMessage): void {
    switch (message.kind) {
      case 'changed':
        Y.applyUpdate(this.doc, message.update, this.tabs);
        this.unsent.add(message.group);
        this.adoptLater(message.group);
        break;
      case 'settled':
        this.unsent.settle(message.groups);
        break;
      case 'forgotten':
        this.forgotten = true;
        this.unsent.clear();
        break;
    }
    this.publish();
  }

  // A fresh connection sends whatever the server lacks (rule 3), whoever made it. Once for each group is enough.
  private adoptLater(group: Group): void {
    setTimeout(() => {
      const name = `${group.tag}:${group.number}`;
      if (this.destroyed || !this.answered || !this.unsent.has(group) || this.adopted.has(name)) return;
      for (const other of this.unsent.list()) this.adopted.add(`${other.tag}:${other.number}`);
      this.connection.restart();
    }, kAdoptMs);
  }

  // ---- the account

  private readonly look = (): void => this.publish();

  private readonly leaving = (): void => {
    this.flush();
    void this.fold();
  };

  private tick(): void {
    if (this.store.get().state !== 'saved') this.publish();
  }

  private read(): SaveState {
    const now = this.environment.now();
    const unsent = this.unsent.total + this.buffer.length;
    const outstanding = this.ledger.outstanding;
    this.pendingSince = unsent + outstanding > 0 ? (this.pendingSince ?? now) : null;
    const given = saveStateName({
      refusal: this.refusal,
      mayWrite: this.mayWrite,
      online: this.environment.online(),
      synced: this.synced,
      ready: this.hasText,
      unsent,
      outstanding,
      pendingSince: this.pendingSince,
      lostSince: this.lostSince,
      sentAway: this.sentAway,
      now,
    });
    // Emptied on purpose and about to be opened afresh: what is on screen is not what is saved.
    const state = this.forgotten && !this.refusal ? 'connecting' : given;
    return {
      state,
      unsent,
      savedAt: this.savedAt,
      ready: this.hasText,
      synced: this.synced,
      kept: this.kept,
      about: this.about,
    };
  }

  private publish(): void {
    if (this.destroyed) return;
    const before = this.store.get();
    let after = this.read();
    if (after.unsent > 0) this.edited = true;
    // Somebody who only reads has saved nothing.
    if (this.edited && after.state === 'saved' && before.state !== 'saved') {
      this.savedAt = this.environment.now();
      after = { ...after, savedAt: this.savedAt };
    }
    if (!same(before, after)) this.store.set(after);
  }
}

function same(a: SaveState, b: SaveState): boolean {
  return (Object.keys(a) as (keyof SaveState)[]).every((key) => a[key] === b[key]);
}
