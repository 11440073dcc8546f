// One WebSocket that is opened again when it falls. It knows close codes, waiting times and silence; it does not look
// into messages.
import type { Environment } from './environment';

/** Why there will be no further attempt. */
export type Refusal = 'malformed' | 'signed-out' | 'denied' | 'not-found' | 'trashed';

const kRefusals: Readonly<Record<number, Refusal>> = {
  4400: 'malformed',
  4401: 'signed-out',
  4403: 'denied',
  4404: 'not-found',
  4410: 'trashed',
};

/** "Try again": too slow a reader, or no room on the server's disk. */
const kTryAgain = 1013;
/** "Access changed: connect again": the server is well, so there is no reason to wait. */
const kAccessChanged = 4500;

const kBackoffMs = 100;
const kBackoffMaxMs = 10_000;
/** The server says something at least every 25 s, so a longer silence is a dead network that nobody told us about. */
const kSilenceMaxMs = 30_000;
const kSilenceCheckMs = 3_000;

export interface ConnectionOptions {
  url: string;
  protocol: string;
  environment: Environment;
  backoffMs?: number;
  backoffMaxMs?: number;
  onOpen(): void;
  onMessage(frame: Uint8Array): void;
  /**
   * The socket is gone; another attempt follows by itself. Also called for an attempt that never opened. `sentAway`: the
   * server is there and well, and cannot take what was sent just now (docs/api.md, 1013).
   */
  onLost(sentAway: boolean): void;
  /** No further attempt will be made. Comes after `onLost`. */
  onRefused(why: Refusal): void;
}

export class Connection {
  private readonly options: ConnectionOptions;
  private socket: WebSocket | null = null;
  private attempts = 0;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private silence: ReturnType<typeof setInterval> | null = null;
  private heardAt = 0;
  private stopped = true;

  constructor(options: ConnectionOptions) {
    this.options = options;
  }

  get open(): boolean {
    return this.socket?.readyState === 1;
  }

  /** Bytes handed to the browser that the network has not taken yet. */
  get backlogBytes(): number {
    return this.socket?.bufferedAmount ?? 0;
  }

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    const { events } = this.options.environment;
    events.addEventListener('online', this.now);
    events.addEventListener('offline', this.offline);
    events.addEventListener('visibilitychange', this.awake);
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    const { events } = this.options.environment;
    events.removeEventListener('online', this.now);
    events.removeEventListener('offline', this.offline);
    events.removeEventListener('visibilitychange', this.awake);
    if (this.retry) clearTimeout(this.retry);
    this.retry = null;
    this.drop();
  }

  /** Requires: `open`. */
  send(frame: Uint8Array): void {
    this.socket?.send(frame as Uint8Array<ArrayBuffer>);
  }

  /** Called once the server has answered properly, so that the next fall starts again with short waits. */
  succeeded(): void {
    this.attempts = 0;
  }

  /** Closes what there is and opens a fresh connection, which makes both sides compare what they have. */
  restart(): void {
    if (this.stopped) return;
    const had = this.socket !== null;
    this.drop();
    if (had) this.options.onLost(false);
    this.now();
  }

  /** Closes and comes back after a wait, for a peer that says things we cannot read. */
  fail(): void {
    if (this.stopped) return;
    this.drop();
    this.options.onLost(false);
    this.retryLater();
  }

  private readonly now = (): void => {
    if (this.stopped || this.socket) return;
    if (this.retry) clearTimeout(this.retry);
    this.retry = null;
    this.connect();
  };

  // The interface is down. A socket over it would only be found dead after the silence limit.
  private readonly offline = (): void => {
    if (this.socket) this.fail();
  };

  // Timers of a hidden page are slowed down, and a laptop sleeps: look at once when the page is seen again.
  private readonly awake = (): void => {
    if (globalThis.document?.visibilityState === 'hidden') return;
    if (this.socket) this.checkSilence();
    else this.now();
  };

  private connect(): void {
    const { environment, url, protocol } = this.options;
    let socket: WebSocket;
    try {
      socket = new environment.WebSocket(url, protocol);
    } catch {
      this.retryLater();
      return;
    }
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    this.heardAt = environment.now();
    this.silence = setInterval(() => this.checkSilence(), kSilenceCheckMs);
    socket.onopen = () => {
      if (this.socket === socket) this.options.onOpen();
    };
    socket.onmessage = (event: MessageEvent) => {
      if (this.socket !== socket || !(event.data instanceof ArrayBuffer)) return;
      this.heardAt = environment.now();
      this.options.onMessage(new Uint8Array(event.data));
    };
    socket.onclose = (event: CloseEvent) => {
      if (this.socket === socket) this.closed(event.code);
    };
  }

  private closed(code: number): void {
    this.drop();
    this.options.onLost(code === kTryAgain);
    if (this.stopped) return;
    const refusal = kRefusals[code] ?? (code > 4400 && code < 4500 ? 'denied' : undefined);
    if (refusal) {
      this.stop();
      this.options.onRefused(refusal);
    } else if (code === kAccessChanged && this.attempts === 0) {
      this.attempts = 1;
      this.connect();
    } else {
      this.retryLater();
    }
  }

  private drop(): void {
    if (this.silence) clearInterval(this.silence);
    this.silence = null;
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    // A socket that is still opening reports an error when it is closed: nobody needs to hear it.
    socket.onerror = () => undefined;
    socket.close();
  }

  // Doubling from 100 ms to 10 s, and anywhere in the upper half of that, so that the clients of a restarted server
  // do not come back as one herd.
  private retryLater(): void {
    if (this.stopped || this.retry) return;
    const { environment, backoffMs = kBackoffMs, backoffMaxMs = kBackoffMaxMs } = this.options;
    const full = Math.min(backoffMs * 2 ** Math.min(this.attempts, 16), backoffMaxMs);
    this.attempts += 1;
    this.retry = setTimeout(
      () => {
        this.retry = null;
        if (!this.stopped && !this.socket) this.connect();
      },
      full * (0.5 + environment.random() / 2),
    );
  }

  private checkSilence(): void {
    if (!this.socket || this.options.environment.now() - this.heardAt < kSilenceMaxMs) return;
    this.fail();
  }
}
