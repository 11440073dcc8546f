// Nothing that one connection sends stops the server or another connection, and it hears why it was closed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as Y from 'yjs';
import { CollabClient, canonical } from '../lib/collab.mjs';
import { generator } from '../lib/random_edits.mjs';
import { discard, startBench } from '../lib/server.mjs';

let server;
before(async () => {
  server = await startBench();
});
after(() => discard(server));

const cases = {
  'an empty message': [],
  'an unknown message type': [99],
  'a cut number': [0x80],
  'a sync message without a body': [0],
  'an unknown sync type': [0, 7, 0],
  'a length past the end': [0, 2, 50, 1, 2],
  'a huge length': [0, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 1],
  'an update cut in the middle': [0, 2, 3, 1, 1, 0],
  'a state vector cut in the middle': [0, 0, 2, 5, 1],
  'a malformed awareness': [1, 3, 200, 1, 1],
};

for (const [name, bytes] of Object.entries(cases)) {
  test(`${name} closes that connection with 4400 and changes nothing`, { timeout: 20_000 }, async () => {
    const room = `${server.ws}/collab/hostile`;
    const honest = await new CollabClient(room).open();
    await honest.saved();
    const before = canonical(honest.doc);
    const hostile = await new CollabClient(room).open();
    await hostile.until(() => hostile.synced, 'synced');
    hostile.raw(new Uint8Array(bytes));
    await hostile.until(() => hostile.closed, 'closed');
    assert.equal(hostile.closed.code, 4400);
    assert.equal(canonical(honest.doc), before);
    honest.doc.getText('text').insert(0, 'x');
    await honest.saved();
    assert.equal(honest.closed, null);
    await honest.close();
  });
}

test('mutated updates are refused or accepted, never fatal', { timeout: 120_000 }, async () => {
  const random = generator(7);
  const doc = new Y.Doc();
  doc.getText('text').insert(0, 'Conférence TransJurassienne', { bold: true });
  doc.getMap('map').set('a', { deep: [1, 2, { x: null }] });
  doc.getXmlFragment('default').insert(0, [new Y.XmlElement('paragraph')]);
  const update = Y.encodeStateAsUpdate(doc);
  const honest = await new CollabClient(`${server.ws}/collab/honest`).open();
  let refused = 0;
  for (let i = 0; i < 300; i += 1) {
    const bytes = Uint8Array.from(update);
    for (let n = 1 + random.below(4); n > 0; n -= 1) bytes[random.below(bytes.length)] = random.below(256);
    const cut = random.chance(0.3) ? bytes.slice(0, random.below(bytes.length)) : bytes;
    const hostile = await new CollabClient(`${server.ws}/collab/mutated-${i % 10}`).open();
    hostile.doc.on('update', () => {});
    hostile.sendUpdate(cut);
    const sent = hostile.sent;
    await hostile.until(() => hostile.closed || hostile.durable >= sent, 'answered');
    if (hostile.closed) {
      assert.equal(hostile.closed.code, 4400, hostile.closed.reason);
      refused += 1;
    } else {
      await hostile.close();
    }
  }
  assert.ok(refused > 50 && refused < 300, `refused ${refused} of 300`);
  honest.doc.getText('text').insert(0, 'still here');
  await honest.saved();
  await honest.close();
});

test('a message past the limit closes with 1009', { timeout: 30_000 }, async () => {
  const client = await new CollabClient(`${server.ws}/collab/large`).open();
  client.raw(new Uint8Array(17 << 20));
  await client.until(() => client.closed, 'closed');
  assert.equal(client.closed.code, 1009);
});

test('a client that introduces too many cursors is closed with 4400', { timeout: 20_000 }, async () => {
  const client = await new CollabClient(`${server.ws}/collab/cursors`).open();
  const body = [20];
  for (let i = 0; i < 20; i += 1) body.push(i + 1, 1, 2, 0x7b, 0x7d);
  client.raw(new Uint8Array([1, body.length, ...body]));
  await client.until(() => client.closed, 'closed');
  assert.equal(client.closed.code, 4400);
});

test('a silent connection hears something every 25 seconds', { timeout: 40_000 }, async () => {
  const client = await new CollabClient(`${server.ws}/collab/silent`).open();
  await client.saved();
  client.awareness = undefined;
  const started = Date.now();
  await client.until(() => client.awareness !== undefined, 'the keep-alive', 26_000);
  assert.ok(Date.now() - started < 25_500);
  await client.close();
});
