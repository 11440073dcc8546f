import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveConnection } from './connection';

// A socket that does what it is told: what is under test is when the connection makes, leaves and makes again.
class ToldSocket {
  static made: ToldSocket[] = [];
  readyState = 0;
  sent: unknown[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  constructor(readonly url: string) {
    ToldSocket.made.push(this);
  }
  open() {
    this.readyState = 1;
    this.onopen?.();
  }
  says(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  ends(code: number) {
    this.readyState = 3;
    this.onclose?.({ code });
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
}

const last = () => ToldSocket.made.at(-1)!;
const make = () =>
  new LiveConnection({
    url: 'ws://cluse.example/live',
    makeSocket: (url) => new ToldSocket(url) as unknown as WebSocket,
    random: () => 0.5,
  });

describe('the live connection', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    ToldSocket.made = [];
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('comes back later and later, and says that it comes back', () => {
    const connection = make();
    connection.start();
    last().open();
    expect(last().url).toBe('ws://cluse.example/live');
    for (const wait of [500, 1_000, 2_000]) {
      last().ends(1006);
      expect(connection.getState()).toBe('waiting');
      const before = ToldSocket.made.length;
      vi.advanceTimersByTime(wait - 1);
      expect(ToldSocket.made.length).toBe(before);
      vi.advanceTimersByTime(1);
      expect(ToldSocket.made.length).toBe(before + 1);
    }
    expect(last().url).toBe('ws://cluse.example/live?again=1');
  });

  it('does not come back once the session is over', () => {
    const connection = make();
    connection.start();
    last().open();
    last().ends(4401);
    vi.advanceTimersByTime(600_000);
    expect(ToldSocket.made.length).toBe(1);
    expect(connection.getState()).toBe('ended');
  });

  it('joins a channel once for all its users, and again after a break', () => {
    const connection = make();
    connection.start();
    const heard: unknown[] = [];
    const one = connection.join('polls', 'poll/1', { onMessage: (body) => heard.push(['one', body]) });
    last().open();
    const two = connection.join('polls', 'poll/1', { onMessage: (body) => heard.push(['two', body]) });
    expect(last().sent).toEqual([{ type: 'join', plugin: 'polls', channel: 'poll/1' }]);
    last().says({ type: 'joined', plugin: 'polls', channel: 'poll/1' });
    last().says({ type: 'message', plugin: 'polls', channel: 'poll/1', body: 7 });
    last().says({ type: 'message', plugin: 'other', channel: 'poll/1', body: 8 });
    expect(heard).toEqual([
      ['one', 7],
      ['two', 7],
    ]);
    last().ends(1012);
    vi.advanceTimersByTime(500);
    last().open();
    expect(last().sent).toEqual([{ type: 'join', plugin: 'polls', channel: 'poll/1' }]);
    one.close();
    expect(last().sent.length).toBe(1);
    two.close();
    expect(last().sent.at(-1)).toEqual({ type: 'leave', plugin: 'polls', channel: 'poll/1' });
  });

  it('takes silence for a dead network', () => {
    const connection = make();
    connection.start();
    last().open();
    last().says({ type: 'hello', beat_seconds: 10 });
    vi.advanceTimersByTime(24_000);
    last().says({ type: 'beat' });
    vi.advanceTimersByTime(24_000);
    expect(connection.getState()).toBe('open');
    vi.advanceTimersByTime(1_000);
    expect(connection.getState()).toBe('waiting');
  });

  it('passes frames to whoever listens, and nothing after that', () => {
    const connection = make();
    connection.start();
    last().open();
    const counts: number[] = [];
    const leave = connection.on('notifications', (frame) => counts.push(frame.unread));
    last().says({ type: 'notifications', unread: 2, latest: [] });
    leave();
    last().says({ type: 'notifications', unread: 3, latest: [] });
    last().onmessage?.({ data: 'not json' });
    expect(counts).toEqual([2]);
  });
});
