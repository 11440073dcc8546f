// A person at a browser, for tests: their sessions, their database and their network switch.
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { WebSocket } from 'ws';
import { expect, vi } from 'vitest';
import type { Environment } from '../environment';
import { DocumentSession, type SessionOptions } from '../session';
import type { SaveStateName } from '../save_state';
import type { FakeServer } from './fake_server';

// Browsers have it as a global; the key ranges of one factory fit all.
globalThis.IDBKeyRange = IDBKeyRange;

export class Browser {
  readonly indexedDB = new IDBFactory();
  readonly events = new EventTarget();
  private network = true;
  private readonly sessions: DocumentSession[] = [];

  readonly environment: Environment = {
    WebSocket: this.socketClass(),
    indexedDB: this.indexedDB,
    BroadcastChannel: globalThis.BroadcastChannel,
    events: this.events,
    online: () => this.network,
    now: () => Date.now(),
    random: Math.random,
  };

  // Without a network an attempt fails, as in a browser, instead of reaching the server over the loopback.
  private socketClass(): typeof globalThis.WebSocket {
    const reaches = (): boolean => this.network;
    class Socket extends WebSocket {
      constructor(url: string, protocol: string) {
        super(reaches() ? url : 'ws://127.0.0.1:1/', protocol);
        this.on('error', () => undefined);
      }
    }
    return Socket as unknown as typeof globalThis.WebSocket;
  }

  open(server: FakeServer, options: Partial<SessionOptions> = {}): DocumentSession {
    const session = new DocumentSession({
      document: 'document',
      person: 'person',
      url: server.url,
      mayWrite: true,
      environment: this.environment,
      backoffMs: 10,
      backoffMaxMs: 40,
      ...options,
    });
    this.sessions.push(session);
    return session;
  }

  setOnline(online: boolean): void {
    this.network = online;
    this.events.dispatchEvent(new Event(online ? 'online' : 'offline'));
  }

  /** Closes the pages; the database stays. */
  closeAll(): void {
    for (const session of this.sessions.splice(0)) session.destroy();
  }
}

export function type(session: DocumentSession, text: string): void {
  const shared = session.doc.getText('t');
  shared.insert(shared.length, text);
}

export function textOf(session: DocumentSession): string {
  return session.doc.getText('t').toString();
}

export async function state(session: DocumentSession, name: SaveStateName, unsent?: number): Promise<void> {
  await vi.waitFor(
    () => {
      const now = session.state.get();
      expect({ state: now.state, ...(unsent === undefined ? {} : { unsent: now.unsent }) }).toEqual({
        state: name,
        ...(unsent === undefined ? {} : { unsent }),
      });
    },
    { timeout: 8_000, interval: 5 },
  );
}

export async function eventually(check: () => void): Promise<void> {
  await vi.waitFor(check, { timeout: 8_000, interval: 5 });
}
