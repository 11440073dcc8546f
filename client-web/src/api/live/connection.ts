import type { Channel, ChannelListener, LiveFrame, LiveState } from './frames';

const firstRetry_ms = 500;
const lastRetry_ms = 30_000;
/** Silence for so many beats is a dead network, which nothing else tells of. */
const beatsMissed = 2.5;
const stable_ms = 10_000;

// Close codes after which another try would be answered the same (docs/api.md, "/live").
const ends = [4401, 4403];

type Listener<Type extends LiveFrame['type']> = (frame: Extract<LiveFrame, { type: Type }>) => void;

export interface LiveOptions {
  url: string;
  makeSocket?: (url: string) => WebSocket;
  random?: () => number;
}

const keyOf = (plugin: string | null, channel: string) => `${plugin ?? ''}\n${channel}`;

/** The one connection of a tab: it comes back by itself, joins its channels again and says that something was missed. */
export class LiveConnection {
  private socket: WebSocket | null = null;
  private state: LiveState = 'waiting';
  private tries = 0;
  private wasOpen = false;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private stable: ReturnType<typeof setTimeout> | undefined;
  private beat_ms = 25_000;
  private readonly listeners = new Map<string, Set<(frame: LiveFrame) => void>>();
  private readonly stateListeners = new Set<() => void>();
  private readonly channels = new Map<
    string,
    { plugin: string | null; channel: string; listeners: Set<ChannelListener>; joined: boolean }
  >();

  constructor(private readonly options: LiveOptions) {}

  getState = (): LiveState => this.state;

  onState = (listener: () => void): (() => void) => {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  };

  on<Type extends LiveFrame['type']>(type: Type, listener: Listener<Type>): () => void {
    const known = this.listeners.get(type) ?? new Set();
    this.listeners.set(type, known);
    known.add(listener as (frame: LiveFrame) => void);
    return () => known.delete(listener as (frame: LiveFrame) => void);
  }

  start(): void {
    if (this.socket || this.state === 'connecting') return;
    this.connect();
    addEventListener('online', this.tryNow);
    addEventListener('visibilitychange', this.tryNow);
  }

  /** For good: whoever signs in next starts another. */
  stop(): void {
    removeEventListener('online', this.tryNow);
    removeEventListener('visibilitychange', this.tryNow);
    clearTimeout(this.retry);
    clearTimeout(this.silence);
    clearTimeout(this.stable);
    const socket = this.socket;
    this.socket = null;
    socket?.close(1000);
    this.setState('ended');
  }

  /** Listens to a channel for as long as it is not closed, over any number of connections. */
  join(plugin: string | null, channel: string, listener: ChannelListener): Channel {
    const key = keyOf(plugin, channel);
    let seat = this.channels.get(key);
    if (!seat) {
      seat = { plugin, channel, listeners: new Set(), joined: false };
      this.channels.set(key, seat);
      this.ask('join', plugin, channel);
    } else if (seat.joined) {
      listener.onJoined?.();
    }
    const { listeners } = seat;
    listeners.add(listener);
    return {
      send: (body) => this.send({ type: 'message', ...(plugin ? { plugin } : {}), channel, body }),
      close: () => {
        if (!listeners.delete(listener) || listeners.size > 0) return;
        this.channels.delete(key);
        this.ask('leave', plugin, channel);
      },
    };
  }

  private ask(type: 'join' | 'leave', plugin: string | null, channel: string): void {
    this.send({ type, ...(plugin ? { plugin } : {}), channel });
  }

  private send(message: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private readonly tryNow = (): void => {
    if (this.state !== 'waiting' || document.visibilityState === 'hidden') return;
    clearTimeout(this.retry);
    this.connect();
  };

  private setState(state: LiveState): void {
    if (this.state === state) return;
    this.state = state;
    for (const listener of this.stateListeners) listener();
  }

  private connect(): void {
    this.setState('connecting');
    const url = this.wasOpen ? `${this.options.url}?again=1` : this.options.url;
    const socket = this.options.makeSocket?.(url) ?? new WebSocket(url);
    this.socket = socket;
    socket.onopen = () => this.opened();
    socket.onmessage = (event) => this.received(event.data);
    socket.onclose = (event) => {
      if (this.socket === socket) this.closed(event.code);
    };
  }

  private opened(): void {
    this.wasOpen = true;
    this.setState('open');
    this.listen();
    // A server that takes everybody in only to throw them out again is not asked ever faster.
    this.stable = setTimeout(() => (this.tries = 0), stable_ms);
    for (const { plugin, channel } of this.channels.values()) this.ask('join', plugin, channel);
  }

  private listen(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      const socket = this.socket;
      if (!socket) return;
      // A dead network answers no closing handshake either: it is not waited for.
      this.closed(1006);
      socket.close();
    }, this.beat_ms * beatsMissed);
  }

  private closed(code: number): void {
    this.socket = null;
    clearTimeout(this.silence);
    clearTimeout(this.stable);
    for (const seat of this.channels.values()) seat.joined = false;
    if (ends.includes(code)) {
      this.setState('ended');
      return;
    }
    const random = this.options.random ?? Math.random;
    const wait = Math.min(firstRetry_ms * 2 ** this.tries, lastRetry_ms);
    this.tries += 1;
    this.setState('waiting');
    // Spread: after a restart of the server everybody comes back.
    this.retry = setTimeout(() => this.connect(), wait * (0.5 + random()));
  }

  private received(data: unknown): void {
    this.listen();
    let frame: LiveFrame;
    try {
      frame = JSON.parse(String(data)) as LiveFrame;
    } catch {
      return; // of a later release
    }
    if (frame.type === 'hello') this.beat_ms = frame.beat_seconds * 1000;
    this.toChannel(frame);
    for (const listener of this.listeners.get(frame.type) ?? []) listener(frame);
  }

  private toChannel(frame: LiveFrame): void {
    if (
      frame.type !== 'joined' &&
      frame.type !== 'refused' &&
      frame.type !== 'message' &&
      frame.type !== 'event'
    )
      return;
    const plugin = 'plugin' in frame ? (frame.plugin ?? null) : null;
    const seat = this.channels.get(keyOf(plugin, frame.channel));
    if (!seat) return;
    if (frame.type === 'joined') seat.joined = true;
    for (const listener of [...seat.listeners]) {
      if (frame.type === 'joined') listener.onJoined?.();
      else if (frame.type === 'refused') listener.onRefused?.(frame.code);
      else if (frame.type === 'message') listener.onMessage?.(frame.body);
      else listener.onEvent?.(frame);
    }
  }
}
