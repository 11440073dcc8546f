// @vitest-environment node
//
// Whether a person is told the truth about their text. Sessions with real Yjs talk to a server with real WebSockets
// that can hold back acknowledgements, fall, refuse and cut; the network and the database of a browser are pretend.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { FakeServer } from './testing/fake_server';
import { Browser, eventually, state, textOf, type } from './testing/person';

let server: FakeServer;
let browser: Browser;

beforeEach(async () => {
  server = new FakeServer();
  await server.start();
  browser = new Browser();
});

afterEach(async () => {
  browser.closeAll();
  await server.end();
});

describe('acknowledgements', () => {
  it('an edit is saved only when the server says it is on disk', async () => {
    const session = browser.open(server);
    await state(session, 'saved', 0);
    expect(session.state.get().savedAt).toBe(null);
    const before = Date.now();
    server.autoAcknowledge = false;
    type(session, 'a');
    expect(session.state.get()).toMatchObject({ state: 'saving', unsent: 1 });
    await eventually(() => expect(server.text).toBe('a'));
    expect(session.state.get()).toMatchObject({ state: 'saving', unsent: 1 });
    server.acknowledge();
    await state(session, 'saved', 0);
    expect(session.state.get().savedAt).toBeGreaterThanOrEqual(before);
  });

  it('counts what is not acknowledged, in order, and ignores repeated, older and impossible counts', async () => {
    const session = browser.open(server);
    await state(session, 'saved');
    server.autoAcknowledge = false;
    const start = server.counted;
    for (const letter of 'abc') {
      type(session, letter);
      await eventually(() => expect(server.text.endsWith(letter)).toBe(true));
    }
    expect(server.counted).toBe(start + 3);
    await state(session, 'saving', 3);
    server.acknowledge(start + 1);
    await state(session, 'saving', 2);
    server.acknowledge(start + 1);
    server.acknowledge(start);
    server.acknowledge(start + 2);
    await state(session, 'saving', 1);
    server.acknowledge(start + 900);
    await state(session, 'saved', 0);
    type(session, 'd');
    await state(session, 'saving', 1);
    await eventually(() => expect(server.text).toBe('abcd'));
    server.acknowledge();
    await state(session, 'saved', 0);
  });

  it('edits of one moment travel as one message', async () => {
    const session = browser.open(server);
    await state(session, 'saved');
    const start = server.counted;
    for (const letter of 'bonjour') type(session, letter);
    await eventually(() => expect(server.text).toBe('bonjour'));
    expect(server.counted).toBe(start + 1);
  });

  it('says that it waits when the disk is slow', async () => {
    const session = browser.open(server);
    await state(session, 'saved');
    server.autoAcknowledge = false;
    type(session, 'a');
    await state(session, 'saving', 1);
    await state(session, 'waiting', 1);
    server.acknowledge();
    await state(session, 'saved', 0);
  });

  it('counting starts again on each connection', async () => {
    const session = browser.open(server);
    await state(session, 'saved');
    server.autoAcknowledge = false;
    type(session, 'a');
    await eventually(() => expect(server.text).toBe('a'));
    await server.stop();
    await eventually(() => expect(session.state.get().synced).toBe(false));
    expect(session.state.get().unsent).toBe(1);
    await server.start();
    await eventually(() => expect(server.counted).toBe(1));
    await state(session, 'saving', 1);
    server.acknowledge(1);
    await state(session, 'saved', 0);
    expect(server.text).toBe('a');
  });
});

describe('a network that comes and goes', () => {
  it('a server that restarts gets what it missed, once', async () => {
    const session = browser.open(server);
    await state(session, 'saved');
    await server.stop();
    type(session, 'during');
    await state(session, 'waiting', 1);
    await server.start();
    await state(session, 'saved', 0);
    expect(server.text).toBe('during');
  });

  it('offline says offline, keeps count, and delivers at once when the network is back', async () => {
    const session = browser.open(server);
    await state(session, 'saved');
    browser.setOnline(false);
    for (const letter of 'abc') type(session, letter);
    await state(session, 'offline', 3);
    browser.setOnline(true);
    await state(session, 'saved', 0);
    expect(server.text).toBe('abc');
  });

  it('offline edits and their count survive a reload, and merge on return', async () => {
    const first = browser.open(server);
    type(first, 'before ');
    await state(first, 'saved');
    browser.setOnline(false);
    type(first, 'x');
    type(first, 'y');
    await state(first, 'offline', 2);
    await eventually(() => expect(first.state.get().kept).toBe(true));
    browser.closeAll();
    server.doc.getText('t').insert(0, 'other ');

    const second = browser.open(server);
    await state(second, 'offline', 2);
    expect(textOf(second)).toBe('before xy');
    type(second, 'z');
    await state(second, 'offline', 3);
    browser.setOnline(true);
    await state(second, 'saved', 0);
    expect(server.text).toBe('other before xyz');
    expect(textOf(second)).toBe(server.text);
    browser.closeAll();

    const third = browser.open(server);
    await state(third, 'saved', 0);
    expect(textOf(third)).toBe('other before xyz');
  });

  it('what was acknowledged just before a reload is not counted after it', async () => {
    const first = browser.open(server);
    await state(first, 'saved');
    type(first, 'a');
    await state(first, 'saved', 0);
    browser.setOnline(false);
    type(first, 'b');
    await state(first, 'offline', 1);
    // No fold has happened yet: the log has both edits.
    const second = browser.open(server);
    await eventually(() => expect(textOf(second)).toBe('ab'));
    expect(second.state.get().unsent).toBe(1);
  });

  it('a document read online opens offline', async () => {
    server.doc.getText('t').insert(0, 'Bonjour');
    const first = browser.open(server);
    await state(first, 'saved');
    browser.closeAll();
    browser.setOnline(false);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const second = browser.open(server);
    await eventually(() => expect(textOf(second)).toBe('Bonjour'));
    await state(second, 'offline', 0);
    expect(second.state.get()).toMatchObject({ ready: true, synced: false });
  });

  it('offline for the first time there is nothing to show, and it says so', async () => {
    browser.setOnline(false);
    const session = browser.open(server);
    await state(session, 'offline', 0);
    expect(session.state.get().ready).toBe(false);
  });

  it('bytes without sense cost the connection and nothing else', async () => {
    const session = browser.open(server);
    await state(session, 'saved');
    server.sendBytes(new Uint8Array([0, 2, 200]));
    await eventually(() => expect(server.connections).toBe(2));
    type(session, 'a');
    await state(session, 'saved', 0);
    expect(server.text).toBe('a');
  });

  it('a server with a full disk is asked again after waits that grow, and gets everything when it has room', async () => {
    const waits = vi.spyOn(globalThis, 'setTimeout');
    browser.environment.random = () => 1;
    const session = browser.open(server, { backoffMs: 7, backoffMaxMs: 10_000 });
    await state(session, 'saved', 0);
    server.full = true;
    type(session, 'Kein Platz');
    await vi.waitFor(() => expect(waits.mock.calls.map(([, ms]) => ms)).toContain(7 * 16), {
      timeout: 8_000,
    });
    waits.mockRestore();
    expect(session.state.get().unsent).toBe(1);
    expect(['saving', 'waiting']).toContain(session.state.get().state);
    expect(server.text).toBe('');
    server.full = false;
    await state(session, 'saved', 0);
    expect(server.text).toBe('Kein Platz');
  });

  it('"access changed" connects again', async () => {
    const session = browser.open(server);
    await state(session, 'saved');
    server.closeAll(4500);
    await eventually(() => expect(server.connections).toBe(2));
    await state(session, 'saved');
  });

  it('works without a place to keep anything, and says that nothing is kept', async () => {
    const environment = { ...browser.environment, indexedDB: undefined };
    const session = browser.open(server, { environment });
    type(session, 'a');
    await state(session, 'saved', 0);
    expect(session.state.get().kept).toBe(false);
    expect(server.text).toBe('a');
  });
});

describe('several tabs', () => {
  it('an offline edit of one shows in the other, counted once', async () => {
    const one = browser.open(server);
    const two = browser.open(server);
    await state(one, 'saved');
    await state(two, 'saved');
    browser.setOnline(false);
    type(one, 'a');
    await eventually(() => expect(textOf(two)).toBe('a'));
    type(two, 'b');
    await state(one, 'offline', 2);
    await state(two, 'offline', 2);
    browser.setOnline(true);
    await state(one, 'saved', 0);
    await state(two, 'saved', 0);
    expect(server.text).toBe('ab');
    browser.closeAll();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const three = browser.open(server);
    await state(three, 'saved', 0);
    expect(textOf(three)).toBe('ab');
  });

  it('two tabs that write at once keep both texts in the copy', async () => {
    const one = browser.open(server);
    const two = browser.open(server);
    await state(one, 'saved');
    await state(two, 'saved');
    for (let turn = 0; turn < 20; turn += 1) {
      type(one, '1');
      type(two, '2');
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    await state(one, 'saved', 0);
    await state(two, 'saved', 0);
    browser.closeAll();
    await server.stop();
    browser.setOnline(false);
    const again = browser.open(server);
    await eventually(() => expect(textOf(again)).toHaveLength(40));
    expect([...textOf(again)].sort().join('')).toBe('1'.repeat(20) + '2'.repeat(20));
    expect(textOf(again)).toBe(server.text);
  });

  it('delivers what a tab left behind that is gone', async () => {
    const one = browser.open(server);
    await state(one, 'saved');
    browser.setOnline(false);
    type(one, 'a');
    await state(one, 'offline', 1);
    const two = browser.open(server);
    await state(two, 'offline', 1);
    one.destroy();
    browser.setOnline(true);
    await state(two, 'saved', 0);
    expect(server.text).toBe('a');
  });
});

describe('refusals', () => {
  it.each([
    [4400, 'malformed'],
    [4401, 'signed-out'],
    [4403, 'denied'],
    [4404, 'not-found'],
    [4410, 'trashed'],
  ] as const)('%i is %s, and nobody knocks again', async (code, name) => {
    server.refuseWith = code;
    const session = browser.open(server);
    await state(session, name);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(server.connections).toBe(1);
  });

  it.each([1001, 1009, 1012, 1013, 4501])('%i is tried again', async (code) => {
    server.refuseWith = code;
    const session = browser.open(server);
    await eventually(() => expect(server.connections).toBeGreaterThan(2));
    server.refuseWith = null;
    await state(session, 'saved');
  });

  it('denied removes the copy', async () => {
    server.doc.getText('t').insert(0, 'secret');
    const session = browser.open(server);
    await state(session, 'saved');
    server.closeAll(4403);
    await state(session, 'denied', 0);
    browser.closeAll();
    await server.stop();
    browser.setOnline(false);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const later = browser.open(server);
    await state(later, 'offline', 0);
    expect(textOf(later)).toBe('');
  });

  it('an ended session keeps what is not sent, for the same person only', async () => {
    const session = browser.open(server);
    await state(session, 'saved');
    server.autoAcknowledge = false;
    type(session, 'unsent');
    await eventually(() => expect(server.text).toBe('unsent'));
    server.closeAll(4401);
    await state(session, 'signed-out', 1);
    browser.closeAll();
    browser.setOnline(false);
    const other = browser.open(server, { person: 'other' });
    await state(other, 'offline', 0);
    expect(textOf(other)).toBe('');
    const same = browser.open(server);
    await state(same, 'offline', 1);
    expect(textOf(same)).toBe('unsent');
  });

  it('a reader sends no edit, and is told nothing is waiting', async () => {
    server.tellAbout({ role: 'reader' });
    server.doc.getText('t').insert(0, 'Bonjour');
    const session = browser.open(server, { mayWrite: false });
    await state(session, 'saved', 0);
    type(session, 'x');
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(server.counted).toBe(0);
    expect(session.state.get()).toMatchObject({ state: 'saved', unsent: 0, about: { role: 'reader' } });
  });

  it('who lost the right to write while offline is told that the changes cannot be sent', async () => {
    const session = browser.open(server);
    await state(session, 'saved');
    browser.setOnline(false);
    type(session, 'x');
    await state(session, 'offline', 1);
    server.tellAbout({ role: 'reader' });
    browser.setOnline(true);
    await state(session, 'refused', 1);
    expect(server.text).toBe('');
  });
});

describe('the others', () => {
  it('see who is here, and see them go', async () => {
    const one = browser.open(server);
    const two = new Browser();
    const other = two.open(server, { person: 'other' });
    const user = {
      id: 'u',
      name: 'Ada',
      initials: 'A',
      organisation: null,
      country: 'CH',
      colour: 2,
    } as const;
    other.present(user);
    await eventually(() => expect(one.awareness.getStates().get(other.doc.clientID)?.user).toEqual(user));
    other.present(null);
    await eventually(() => expect(one.awareness.getStates().has(other.doc.clientID)).toBe(false));
    two.closeAll();
  });

  it('are forgotten when the connection is lost', async () => {
    const one = browser.open(server);
    const two = new Browser();
    const other = two.open(server, { person: 'other' });
    other.present({ id: 'u', name: 'Ada', initials: 'A', organisation: null, country: 'F', colour: 2 });
    await eventually(() => expect(one.awareness.getStates().has(other.doc.clientID)).toBe(true));
    browser.setOnline(false);
    await eventually(() => expect(one.awareness.getStates().has(other.doc.clientID)).toBe(false));
    two.closeAll();
  });

  it('change the title, and it is known at once', async () => {
    const session = browser.open(server);
    await state(session, 'saved');
    server.tellAbout({ title: 'Neu', language: 'de' });
    await eventually(() => expect(session.state.get().about).toMatchObject({ title: 'Neu', language: 'de' }));
  });
});

it('whatever happens in between, all ends with the same text', async () => {
  const people = [new Browser(), new Browser(), new Browser()];
  const sessions = people.map((person, index) => person.open(server, { person: `p${index}` }));
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  for (let turn = 0; turn < 120; turn += 1) {
    const who = random(3);
    const session = sessions[who]!;
    const text = session.doc.getText('t');
    if (text.length > 0 && random(4) === 0) text.delete(random(text.length), 1);
    else text.insert(random(text.length + 1), String.fromCharCode(97 + random(26)));
    if (random(10) === 0) people[who]!.setOnline(random(2) === 0);
    if (random(15) === 0) server.closeAll(1012);
    await new Promise((resolve) => setTimeout(resolve, random(6)));
  }
  for (const person of people) person.setOnline(true);
  for (const session of sessions) await state(session, 'saved', 0);
  await eventually(() => {
    for (const session of sessions)
      expect(Y.encodeStateVector(session.doc)).toEqual(Y.encodeStateVector(server.doc));
  });
  for (const session of sessions) expect(textOf(session)).toBe(server.text);
  for (const person of people) person.closeAll();
}, 20_000);
