// Several real Yjs clients edit one room of the running server at random, with messages reordered, repeated, held back and
// connections cut. Afterwards every client, a fresh client and the server agree on the encoded state.
// SEEDS=n sets how many runs, SEED=n replays one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as Y from 'yjs';
import { CollabClient, canonical } from '../lib/collab.mjs';
import { Editor, generator } from '../lib/random_edits.mjs';
import { discard, startBench } from '../lib/server.mjs';

const seeds = process.env.SEED
  ? [Number(process.env.SEED)]
  : Array.from({ length: Number(process.env.SEEDS ?? 500) }, (_, i) => i + 1);
const concurrent = 8;
let server;

before(async () => {
  server = await startBench();
});
after(() => discard(server));

function disturb(random, client) {
  if (client.outgoing) {
    client.release((list) => {
      const arranged = random.chance(0.5) ? random.shuffle(list) : list;
      return random.chance(0.4) ? arranged.flatMap((m) => (random.chance(0.3) ? [m, m] : [m])) : arranged;
    });
  } else {
    client.hold();
  }
}

async function runSeed(seed) {
  const random = generator(seed);
  const url = `${server.ws}/collab/seed-${seed}`;
  const clients = [];
  const count = 2 + random.below(3);
  for (let i = 0; i < count; i += 1) {
    const doc = new Y.Doc();
    doc.clientID = 1000 + random.below(2 ** 31); // both short and long encodings
    const client = await new CollabClient(url, { doc }).open();
    clients.push({ client, editor: new Editor(doc, random) });
  }
  const steps = 20 + random.below(60);
  for (let step = 0; step < steps; step += 1) {
    const { client, editor } = random.pick(clients);
    editor.edit();
    if (random.chance(0.15)) disturb(random, client);
    if (random.chance(0.04)) {
      await client.cut();
      client.outgoing = null; // what was held is lost with the connection; the next sync brings it
      if (random.chance(0.5)) editor.edit();
      await client.open();
    }
    if (random.chance(0.2)) await new Promise((turn) => setImmediate(turn));
  }
  for (const { client } of clients) client.release();
  // What was lost on the way is brought by one last exchange of state vectors.
  for (const { client } of clients) {
    await client.close();
    await client.open();
    await client.saved();
  }
  const fresh = await new CollabClient(url).open();
  await fresh.until(() => fresh.synced, 'the fresh client is synced');
  await fresh.saved();
  const expected = canonical(fresh.doc);
  for (const { client } of clients) {
    await client.until(() => canonical(client.doc) === expected, 'a client agrees with a fresh one', 5000).catch(() => {
      assert.equal(canonical(client.doc), expected, 'encoded state');
    });
    assert.equal(client.doc.getText('text').toString(), fresh.doc.getText('text').toString(), 'text');
  }
  const serverVector = Y.decodeStateVector(fresh.serverStateVector);
  const clientVector = Y.decodeStateVector(Y.encodeStateVector(clients[0].client.doc));
  const sorted = (map) => [...map].sort(([a], [b]) => a - b);
  assert.deepEqual(sorted(serverVector), sorted(clientVector), 'state vector of the server');
  assert.equal(fresh.doc.store.pendingStructs, null, 'nothing is pending');
  await Promise.all([...clients.map(({ client }) => client.close()), fresh.close()]);
}

test(`every client and the server agree, ${seeds.length} seeds`, { timeout: 30 * 60_000 }, async () => {
  const failures = [];
  const queue = [...seeds];
  const worker = async () => {
    for (let seed = queue.shift(); seed !== undefined; seed = queue.shift()) {
      try {
        await runSeed(seed);
      } catch (error) {
        failures.push(seed);
        console.error(`seed ${seed} failed; replay: SEED=${seed} node --test tests/protocol/differential.test.mjs\n`, error.message.slice(0, 600));
        if (failures.length > 5) return;
      }
    }
  };
  await Promise.all(Array.from({ length: concurrent }, worker));
  console.log(`seeds run: ${seeds[0]} to ${seeds.at(-1)}`);
  assert.deepEqual(failures, []);
});
