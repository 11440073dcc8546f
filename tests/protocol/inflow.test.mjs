// How fast one connection may send: honest bursts pass, a flood is slowed by the network itself, and whoever goes on and on is
// closed with 1008. Nobody else notices.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';
import { CollabClient, canonical } from '../lib/collab.mjs';
import { discard, startBench } from '../lib/server.mjs';

const slowed = 'cluse_net_websocket_slowed_total';
const refused = 'cluse_net_refused_total{limit="message_rate"}';
// A state of an awareness client with clock 1: what a cursor that moves sends.
const cursor = (clock) => new Uint8Array([1, 6, 1, 1, clock, 2, 0x7b, 0x7d]);

let server;
before(async () => {
  server = await startBench();
});
after(() => discard(server));

test('a text of 5 MB is pasted without a pause', { timeout: 60_000 }, async () => {
  const client = await new CollabClient(`${server.ws}/collab/paste`).open();
  const other = await new CollabClient(`${server.ws}/collab/paste`).open();
  await client.saved();
  const before = await server.metric(slowed);
  const text = 'Les cantons et les préfectures. '.repeat(170_000).slice(0, 5 << 20);
  client.doc.getText('text').insert(0, text);
  await client.saved();
  await other.until(() => other.doc.getText('text').length === text.length, 'the other has it', 30_000);
  assert.equal(await server.metric(slowed), before);
  await client.close();
  await other.close();
});

test('10,000 edits made offline, each a message, are taken without a pause', { timeout: 60_000 }, async () => {
  const client = await new CollabClient(`${server.ws}/collab/offline`).open();
  await client.saved();
  const before = await server.metric(slowed);
  client.hold();
  for (let i = 0; i < 9_990; i += 1) client.doc.getText('text').insert(i, 'x');
  client.release();
  await client.until(() => client.closed || client.durable === client.sent, 'durable', 40_000);
  assert.equal(client.closed, null);
  assert.equal(await server.metric(slowed), before);
  assert.equal(await server.metric(refused), 0);
  const fresh = await new CollabClient(`${server.ws}/collab/offline`).open();
  await fresh.until(() => fresh.synced, 'synced');
  assert.equal(canonical(fresh.doc), canonical(client.doc));
  await client.close();
  await fresh.close();
});

const strictLimits = {
  CLUSE_LIMITS_MESSAGES_PER_SECOND_MAX: '200',
  CLUSE_LIMITS_MESSAGES_BURST_MAX: '400',
  CLUSE_LIMITS_RECEIVED_BYTES_PER_SECOND_MAX: '1000000',
  CLUSE_LIMITS_RECEIVED_BYTES_BURST_MAX: '2000000',
  CLUSE_LIMITS_SLOWED_TIMEOUT: '3000',
};

async function strictly(work) {
  const strict = await startBench({ env: strictLimits });
  try {
    await work(strict);
  } finally {
    await discard(strict);
  }
}

test('somewhat more than the burst is slowed and nothing of it is lost', { timeout: 60_000 }, () =>
  strictly(async (strict) => {
    const client = await new CollabClient(`${strict.ws}/collab/slowed`).open();
    await client.saved();
    for (let i = 0; i < 700; i += 1) client.doc.getText('text').insert(i, 'x');
    await client.saved();
    assert.equal(client.closed, null);
    assert.ok((await strict.metric(slowed)) > 0);
    assert.equal(await strict.metric(refused), 0);
    await client.close();
  }));

test('octets are counted as messages are', { timeout: 60_000 }, () =>
  strictly(async (strict) => {
    const client = await new CollabClient(`${strict.ws}/collab/octets`).open();
    await client.saved();
    for (let i = 0; i < 3; i += 1) client.doc.getText('text').insert(0, 'x'.repeat(1_000_000));
    await client.saved();
    assert.equal(client.closed, null);
    assert.ok((await strict.metric(slowed)) > 0);
    await client.close();
  }));

test('whoever goes on far beyond is closed with 1008, and others go on writing meanwhile', { timeout: 60_000 }, () =>
  strictly(async (strict) => {
    const honest = await new CollabClient(`${strict.ws}/collab/flood`).open();
    const flood = await new CollabClient(`${strict.ws}/collab/flood`).open();
    await honest.saved();
    let clock = 0;
    let sent = 0;
    while (!flood.closed) {
      // As much as the network takes: what it holds back waits here.
      for (let i = 0; i < 200 && flood.socket.bufferedAmount < 1 << 20; i += 1, sent += 1) flood.raw(cursor((clock = (clock + 1) % 128)));
      await new Promise((turn) => setTimeout(turn, 5));
      if (sent % 2000 === 0) {
        honest.doc.getText('text').insert(0, 'y');
        await honest.saved();
      }
    }
    assert.deepEqual(flood.closed, { code: 1008, reason: 'too_many_messages' });
    assert.equal(await strict.metric(refused), 1);
    honest.doc.getText('text').insert(0, 'still here');
    await honest.saved();
    assert.equal(honest.closed, null);
    await honest.close();
  }));

test('a flood of pings, which no pause could slow, is closed with 1008', { timeout: 60_000 }, () =>
  strictly(async (strict) => {
    const socket = new WebSocket(`${strict.ws}/collab/pings`);
    await new Promise((accept) => socket.once('open', accept));
    const closed = new Promise((accept) => socket.once('close', (code, reason) => accept({ code, reason: String(reason) })));
    socket.on('error', () => {});
    for (let i = 0; i < 2_000; i += 1) socket.ping(Buffer.alloc(100));
    assert.deepEqual(await closed, { code: 1008, reason: 'too_many_messages' });
    assert.equal(await strict.metric(refused), 1);
  }));
