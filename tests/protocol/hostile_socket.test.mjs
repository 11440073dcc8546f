// What goes wrong below a message: frames that no honest client makes. Each ends its own connection and no other.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { once } from 'node:events';
import { CollabClient } from '../lib/collab.mjs';
import { frame, rawSocket } from '../lib/raw.mjs';
import { generator } from '../lib/random_edits.mjs';
import { discard, startBench } from '../lib/server.mjs';

const limit = 100_000;
const seed = Number(process.env.SEED ?? 5);
let server;
let honest;
before(async () => {
  server = await startBench({ env: { CLUSE_LIMITS_MESSAGE_BYTES_MAX: String(limit) } });
  honest = await new CollabClient(`${server.ws}/collab/frames`).open();
  await honest.saved();
});
after(async () => {
  await honest.close();
  await discard(server);
});

async function honestGoesOn() {
  honest.doc.getText('text').insert(0, 'x');
  await honest.saved();
  assert.equal(honest.closed, null);
}

const cases = {
  'a frame without a mask': [1002, frame(0x82, [1, 2], { masked: false })],
  'a reserved bit': [1002, frame(0xc2, [1])],
  'a reserved opcode': [1002, frame(0x83, [1])],
  'a ping of 126 octets': [1002, frame(0x89, Buffer.alloc(126))],
  'a ping in fragments': [1002, frame(0x09, [1])],
  'a continuation of nothing': [1002, frame(0x80, [1])],
  'a message within a message': [1002, Buffer.concat([frame(0x02, [1]), frame(0x82, [1])])],
  'a length of 2^63': [[1002, 1009], frame(0x82, [], { size: 1n << 63n })],
  'a length of 2^62 and nothing behind': [1009, frame(0x82, [], { size: 1n << 62n })],
  'a frame past the limit': [1009, frame(0x82, Buffer.alloc(limit + 1))],
  'fragments past the limit together': [1009, Buffer.concat([frame(0x02, Buffer.alloc(limit / 2)), frame(0x00, Buffer.alloc(limit / 2)), frame(0x80, [1])])],
  'a text': [1003, frame(0x81, Buffer.from('bonjour'))],
  'a text that is not UTF-8': [1007, frame(0x81, [0xc3, 0x28])],
  'a close with a code that nobody may send': [1002, frame(0x88, [0x03, 0xed])],
  'a close of one octet': [1002, frame(0x88, [3])],
};

for (const [name, [code, octets]] of Object.entries(cases)) {
  test(`${name} closes that connection`, { timeout: 20_000 }, async () => {
    const socket = await rawSocket(server, '/collab/frames');
    socket.write(octets);
    const closed = await socket.closeCode();
    assert.ok([code].flat().includes(closed), `closed with ${closed}`);
    await honestGoesOn();
  });
}

test('a message of the largest size is taken, in one piece and in thousands', { timeout: 30_000 }, async () => {
  for (const pieces of [1, 5000]) {
    const socket = await rawSocket(server, '/collab/pieces');
    const size = limit / pieces;
    const body = Buffer.alloc(limit);
    body.set([99]); // a type that does not exist: the answer shows that the whole message has been read
    for (let i = 0; i < pieces; i += 1) {
      const first = (i === 0 ? 0x02 : 0x00) | (i === pieces - 1 ? 0x80 : 0);
      if (!socket.write(frame(first, body.subarray(i * size, (i + 1) * size)))) await once(socket, 'drain');
    }
    assert.equal(await socket.closeCode(), 4400);
  }
});

test('random octets after the handshake end that connection alone', { timeout: 60_000 }, async () => {
  const random = generator(seed);
  for (let round = 0; round < 100; round += 1) {
    const socket = await rawSocket(server, '/collab/frames');
    socket.end(Buffer.from(Array.from({ length: 1 + random.below(2000) }, () => random.below(256))));
    await socket.ended;
  }
  await honestGoesOn();
});

test('fragments without an end and without content hold nobody up', { timeout: 60_000 }, async () => {
  const socket = await rawSocket(server, '/collab/frames');
  socket.write(frame(0x02, [1]));
  const many = Buffer.concat(Array.from({ length: 10_000 }, () => frame(0x00, [])));
  for (let i = 0; i < 20; i += 1) {
    if (!socket.write(many)) await once(socket, 'drain');
    await honestGoesOn();
  }
  socket.destroy();
});

test('a cursor of more than its limit closes with 4400', { timeout: 20_000 }, async () => {
  const client = await new CollabClient(`${server.ws}/collab/frames`).open();
  const state = Buffer.from(JSON.stringify({ user: 'x'.repeat(17_000) }));
  const varUint = (n) => (n < 128 ? [n] : [(n & 0x7f) | 0x80, ...varUint(n >> 7)]);
  const body = [1, 1, 1, ...varUint(state.length), ...state];
  client.raw(new Uint8Array([1, ...varUint(body.length), ...body]));
  await client.until(() => client.closed, 'closed');
  assert.deepEqual(client.closed, { code: 4400, reason: 'awareness_too_large' });
  assert.ok((await server.metric('cluse_realtime_refused_total{reason="awareness_too_large"}')) >= 1);
  await honestGoesOn();
});

test('a flood of cursors reaches the others merged, and edits go between', { timeout: 60_000 }, async () => {
  const flood = await new CollabClient(`${server.ws}/collab/frames`).open();
  let heard = 0;
  honest.socket.on('message', (bytes) => (heard += bytes[0] === 1 ? 1 : 0));
  const sent = 4000;
  for (let i = 1; i <= sent; i += 1) {
    const clock = i < 128 ? [i] : [(i & 0x7f) | 0x80, i >> 7];
    const body = [1, 1, ...clock, 2, 0x7b, 0x7d];
    flood.raw(new Uint8Array([1, body.length, ...body]));
  }
  await honestGoesOn();
  flood.doc.getText('text').insert(0, 'y');
  await flood.saved();
  await honest.until(() => honest.doc.getText('text').toString().includes('y'), 'the edit has arrived');
  assert.ok(heard > 0 && heard <= sent);
  assert.equal(flood.closed, null);
  await flood.close();
});
