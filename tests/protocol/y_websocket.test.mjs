// An unmodified y-websocket WebsocketProvider edits, sees awareness, and reconnects after a restart of the server.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { discard, startBench } from '../lib/server.mjs';

function connect(server, room) {
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(`${server.ws}/collab`, room, doc, {
    WebSocketPolyfill: WebSocket,
    disableBc: true,
    maxBackoffTime: 500,
  });
  return { doc, provider, text: doc.getText('text') };
}

function synced({ provider }) {
  return provider.synced ? Promise.resolve() : new Promise((accept) => provider.on('sync', (done) => done && accept()));
}

function textIs({ doc, text }, expected) {
  return new Promise((accept) => {
    const check = () => {
      if (text.toString() !== expected) return;
      doc.off('update', check);
      accept();
    };
    doc.on('update', check);
    check();
  });
}

test('two providers edit one document and see each other', { timeout: 30_000 }, async () => {
  const server = await startBench();
  const left = connect(server, 'liaison/cyclable');
  const right = connect(server, 'liaison/cyclable');
  await Promise.all([synced(left), synced(right)]);
  left.text.insert(0, 'Delle');
  await textIs(right, 'Delle');
  right.text.insert(5, '–Porrentruy');
  await textIs(left, 'Delle–Porrentruy');

  const seen = new Promise((accept) => {
    right.provider.awareness.on('change', () => {
      const state = right.provider.awareness.getStates().get(left.doc.clientID);
      if (state?.user?.name === 'Technicienne mobilité') accept();
    });
  });
  left.provider.awareness.setLocalStateField('user', { name: 'Technicienne mobilité' });
  await seen;

  const gone = new Promise((accept) => {
    right.provider.awareness.on('change', ({ removed }) => removed.includes(left.doc.clientID) && accept());
  });
  left.provider.destroy();
  left.doc.destroy();
  await gone;
  right.provider.destroy();
  right.doc.destroy();
  await discard(server);
});

test('a provider comes back after the server was killed, with what both sides had', { timeout: 60_000 }, async () => {
  const server = await startBench();
  const left = connect(server, 'room');
  const right = connect(server, 'room');
  await Promise.all([synced(left), synced(right)]);
  left.text.insert(0, 'avant ');
  await textIs(right, 'avant ');

  await server.kill();
  left.text.insert(left.text.length, 'pendant ');
  const again = await startBench({ data: server.data, port: server.port });
  await textIs(right, 'avant pendant ');
  right.text.insert(right.text.length, 'après');
  await textIs(left, 'avant pendant après');

  const fresh = connect(again, 'room');
  await synced(fresh);
  assert.equal(fresh.text.toString(), 'avant pendant après');
  for (const { provider, doc } of [left, right, fresh]) {
    provider.destroy();
    doc.destroy();
  }
  await discard(again);
});

test('a graceful stop says 1012 and exits with 0', { timeout: 30_000 }, async () => {
  const server = await startBench();
  const socket = new WebSocket(`${server.ws}/collab/room`);
  await once(socket, 'open');
  const closed = once(socket, 'close');
  const code = await server.stop();
  assert.equal(code, 0);
  assert.equal((await closed)[0], 1012);
  await discard(server);
});
