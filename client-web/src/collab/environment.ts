// Everything that the collaboration code needs from the world, in one place, so that tests bring their own.

export interface Environment {
  WebSocket: typeof WebSocket;
  /** Absent where the browser keeps nothing (some private modes): edits then live in memory only. */
  indexedDB: IDBFactory | undefined;
  BroadcastChannel: typeof BroadcastChannel | undefined;
  /** Where `online`, `offline`, `pagehide` and `beforeunload` are heard. */
  events: EventTarget;
  online(): boolean;
  now(): number;
  random(): number;
}

export function browserEnvironment(): Environment {
  return {
    WebSocket: globalThis.WebSocket,
    indexedDB: globalThis.indexedDB,
    BroadcastChannel: globalThis.BroadcastChannel,
    events: globalThis.window ?? new EventTarget(),
    online: () => globalThis.navigator?.onLine !== false,
    now: () => Date.now(),
    random: () => Math.random(),
  };
}
