// Two hundred people on one document, and fifty documents more: everybody ends with the same text, whoever is slow holds
// nobody up, and when they have gone the server is as small as before.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as Y from 'yjs';
import { CollabClient, canonical } from '../lib/collab.mjs';
import { generator } from '../lib/random_edits.mjs';
import { discard, startBench } from '../lib/server.mjs';

const tabs = 200;
const writing = 20;
const others = 50;
const marksEach = 60;
const seed = Number(process.env.SEED ?? 11);

let server;
before(async () => {
  // Rooms are forgotten soon, so that what they held can be seen to be given back.
  server = await startBench({ env: { CLUSE_LIMITS_ROOM_LINGER: '500' } });
});
after(() => discard(server));

const marksOf = (client) => client.doc.getArray('marks').length;

async function openMany(count, room) {
  const clients = [];
  for (let i = 0; i < count; i += 1) clients.push(new CollabClient(`${server.ws}/collab/${room(i)}`));
  await Promise.all(clients.map((client) => client.open()));
  await Promise.all(clients.map((client) => client.until(() => client.synced, 'synced', 30_000)));
  return clients;
}

/** Everybody leaves; resolves when the server has forgotten connections and rooms. */
async function leave(clients) {
  await Promise.all(clients.map((client) => client.cut()));
  for (let i = 0; i < 400; i += 1) {
    const left = (await server.metric('cluse_net_websockets')) + (await server.metric('cluse_realtime_rooms'));
    if (left === 0) return;
    await new Promise((turn) => setTimeout(turn, 50));
  }
  assert.fail('connections or rooms are left');
}

test(`${tabs} tabs on one document and ${others} documents more agree, and leave nothing behind`, { timeout: 180_000 }, async (t) => {
  const random = generator(seed);
  // What the allocator takes for a first load of the same kind is no leak.
  const first = await openMany(tabs, () => 'warm-up');
  for (const client of first.slice(0, writing)) client.doc.getArray('marks').push(['x'.repeat(1000)]);
  await Promise.all(first.map((client) => client.until(() => marksOf(client) === writing, 'the warm-up has arrived', 30_000)));
  await leave(first);
  const before = server.usage();

  const clients = await openMany(tabs, () => 'one');
  const solitary = await openMany(others, (i) => `other-${i}`);
  const writers = clients.slice(0, writing);
  const slow = clients.slice(writing, tabs / 2); // these stop reading
  for (const client of slow) client.socket.pause();
  const during = server.usage();
  assert.ok(during.descriptors >= before.descriptors + tabs + others);

  await Promise.all(
    [...writers, ...solitary].map(async (client, who) => {
      const own = who < writing ? marksEach : 5;
      for (let i = 0; i < own; i += 1) {
        const list = client.doc.getArray('marks');
        list.insert(random.below(list.length + 1), [`${who}:${i}:${'é'.repeat(random.below(400))}`]);
        if (random.chance(0.3)) await new Promise((turn) => setTimeout(turn, random.below(10)));
      }
      await client.saved();
    }),
  );
  const total = writing * marksEach;
  const awake = [...writers, ...clients.slice(tabs / 2)];
  await Promise.all(awake.map((client) => client.until(() => marksOf(client) === total, 'everything has arrived', 60_000)));
  for (const client of slow) client.socket.resume();
  // Who fell so far behind that the server let go of it comes back, as our client does.
  await Promise.all(
    slow.map(async (client) => {
      await client.until(() => client.closed || marksOf(client) === total, 'caught up or sent away', 60_000);
      if (!client.closed) return;
      assert.equal(client.closed.code, 1013);
      await client.open();
      await client.until(() => marksOf(client) === total, 'caught up', 60_000);
    }),
  );
  const expected = canonical(clients[0].doc);
  for (const client of clients) assert.ok(canonical(client.doc) === expected, 'all agree');
  solitary.forEach((client) => assert.equal(marksOf(client), 5));

  const late = await new CollabClient(`${server.ws}/collab/one`, { doc: new Y.Doc() }).open();
  await late.until(() => late.synced, 'synced');
  assert.ok(canonical(late.doc) === expected, 'a fresh client agrees');

  await leave([...clients, ...solitary, late]);
  const gone = server.usage();
  t.diagnostic(`MB resident ${before.rssMegabytes.toFixed(1)} → ${during.rssMegabytes.toFixed(1)} → ${gone.rssMegabytes.toFixed(1)}; ` +
    `descriptors ${before.descriptors} → ${during.descriptors} → ${gone.descriptors}`);
  assert.ok(gone.descriptors <= before.descriptors + 5, `${gone.descriptors} descriptors, ${before.descriptors} before`);
  assert.ok(gone.rssMegabytes <= before.rssMegabytes * 1.5 + 20, `${gone.rssMegabytes} MB, ${before.rssMegabytes} before`);
});

test('an office behind one address comes back all at once', { timeout: 60_000 }, async () => {
  // The proxy's word makes the address, as everything in a test comes from the loopback, which is exempt.
  const behind = await startBench({ env: { CLUSE_SERVER_TRUSTED_PROXIES: '127.0.0.1' } });
  try {
    const headers = { 'X-Forwarded-For': '203.0.113.7' };
    const office = Array.from({ length: tabs }, () => new CollabClient(`${behind.ws}/collab/office`, { headers }));
    await Promise.all(office.map((client) => client.open()));
    await Promise.all(office.map((client) => client.until(() => client.synced, 'synced', 30_000)));
    assert.equal(await behind.metric('cluse_net_refused_total{limit="handshakes"}'), 0);
    await Promise.all(office.map((client) => client.cut()));
  } finally {
    await discard(behind);
  }
});

test('past the burst of handshakes an address hears 429, and others do not', { timeout: 60_000 }, async () => {
  const strict = await startBench({
    env: {
      CLUSE_SERVER_TRUSTED_PROXIES: '127.0.0.1',
      CLUSE_LIMITS_HANDSHAKES_BURST_PER_ADDRESS_MAX: '3',
      CLUSE_LIMITS_HANDSHAKES_PER_SECOND_PER_ADDRESS_MAX: '1',
    },
  });
  try {
    const open = (address) => new CollabClient(`${strict.ws}/collab/strict`, { headers: { 'X-Forwarded-For': address } }).open();
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => open('203.0.113.7')));
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    assert.ok(refused.length > 0 && refused.length <= 17);
    for (const { reason } of refused) assert.match(reason.message, /429/);
    const other = await open('203.0.113.8');
    for (const { value } of outcomes) await value?.cut();
    await other.cut();
  } finally {
    await discard(strict);
  }
});
