// docs/limits.md tells the truth: every limit that can be configured stands there with its default, its metric exists and its
// test does. And the limits of a document, which no other test of the wire reaches.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as Y from 'yjs';
import { CollabClient } from '../lib/collab.mjs';
import { discard, root, run, startBench } from '../lib/server.mjs';

let server;
before(async () => {
  server = await startBench({
    env: {
      CLUSE_LIMITS_ROOM_MEMBERS_MAX: '3',
      CLUSE_LIMITS_UNSAVED_BYTES_MAX: '300000',
      CLUSE_LIMITS_PENDING_BYTES_MAX: '150000',
      CLUSE_LIMITS_DOCUMENT_BYTES_MAX: '400000',
    },
  });
});
after(() => discard(server));

const rows = readFileSync(join(root, 'docs/limits.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| [`(]/.test(line))
  .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));

test('every configured limit is in the table with its default, and nothing else is', async () => {
  const { stdout } = await run(['config']);
  const section = stdout.slice(stdout.indexOf('[limits]'));
  const configured = [...section.matchAll(/^(\w+) = (\d+)$/gm)].map(([, name, value]) => `${name} = ${value}`);
  const listed = rows.filter(([key]) => key.startsWith('`')).map(([key, value]) => `${key.replaceAll('`', '')} = ${value}`);
  assert.deepEqual([...listed].sort(), [...configured].sort());
});

test('the metric of every limit is there before it is needed', async () => {
  const exposed = await (await fetch(`${server.url}/metrics`)).text();
  for (const [key, , , metric] of rows) {
    const [, kind, name] = /^(?:(net|room) )?`(\w+)`$/.exec(metric);
    const wanted = { net: `cluse_net_refused_total{limit="${name}"} `, room: `cluse_realtime_refused_total{reason="${name}"} ` }[kind] ?? `${name} `;
    assert.ok(exposed.includes(`\n${wanted}`), `${key}: ${wanted}`);
  }
});

test('the test of every limit exists', () => {
  for (const [key, , , , file] of rows) assert.ok(existsSync(join(root, file.replaceAll('`', ''))), `${key}: ${file}`);
});

const refused = (reason) => server.metric(`cluse_realtime_refused_total{reason="${reason}"}`);

/** A document of an author whom nobody has seen. */
function unknownDocument(text) {
  const doc = new Y.Doc();
  doc.getText('text').insert(0, text);
  return doc;
}

async function closeOf(client) {
  await client.until(() => client.closed, 'closed');
  return client.closed;
}

test('past room_members_max the next is sent away with 1013 and the others stay', { timeout: 20_000 }, async () => {
  const inside = [];
  for (let i = 0; i < 3; i += 1) {
    inside.push(await new CollabClient(`${server.ws}/collab/full`).open());
    await inside[i].saved();
  }
  const late = await new CollabClient(`${server.ws}/collab/full`).open();
  assert.deepEqual(await closeOf(late), { code: 1013, reason: 'room_full' });
  assert.equal(await refused('room_full'), 1);
  inside[0].doc.getText('text').insert(0, 'x');
  await inside[0].saved();
  await Promise.all(inside.map((client) => client.close()));
});

test('past unsaved_bytes_max the sender is told to try again, and nothing of it is kept', { timeout: 20_000 }, async () => {
  const client = await new CollabClient(`${server.ws}/collab/unsaved`).open();
  await client.saved();
  client.doc.getText('text').insert(0, 'x'.repeat(350_000));
  assert.deepEqual(await closeOf(client), { code: 1013, reason: 'overloaded' });
  assert.equal(await refused('overloaded'), 1);
  const fresh = await new CollabClient(`${server.ws}/collab/unsaved`).open();
  await fresh.until(() => fresh.synced, 'synced');
  assert.equal(fresh.doc.getText('text').length, 0);
  await fresh.close();
});

test('past document_bytes_max an update is refused with 4400, and what was there stays', { timeout: 20_000 }, async () => {
  const room = `${server.ws}/collab/document`;
  const client = await new CollabClient(room).open();
  await client.saved();
  let saved = 0;
  for (;;) {
    client.doc.getText('text').insert(0, 'x'.repeat(90_000));
    await client.until(() => client.closed || client.durable === client.sent, 'saved or closed');
    if (client.closed) break;
    saved += 90_000;
  }
  assert.deepEqual(client.closed, { code: 4400, reason: 'document_too_large' });
  assert.ok(saved >= 270_000);
  const fresh = await new CollabClient(room).open();
  await fresh.until(() => fresh.synced, 'synced');
  assert.equal(fresh.doc.getText('text').length, saved);
  await fresh.close();
});

test('past pending_bytes_max an update that waits for others is refused with 4400', { timeout: 20_000 }, async () => {
  const client = await new CollabClient(`${server.ws}/collab/pending`).open();
  await client.saved();
  // Edits whose beginning is never sent: the server has to keep them apart.
  const doc = unknownDocument('begin');
  const missing = Y.encodeStateVector(doc);
  for (let i = 0; !client.closed && i < 20; i += 1) {
    const before = i === 0 ? missing : Y.encodeStateVector(doc);
    doc.getText('text').insert(0, 'y'.repeat(20_000));
    client.sendUpdate(Y.encodeStateAsUpdate(doc, before));
    await client.until(() => client.closed || client.durable === client.sent, 'saved or closed');
  }
  assert.deepEqual(client.closed, { code: 4400, reason: 'pending_too_large' });
  assert.equal(await refused('pending_too_large'), 1);
  // Whoever writes what builds on nothing unknown is not held up by it, however much she writes.
  const honest = await new CollabClient(`${server.ws}/collab/pending`).open();
  await honest.saved();
  for (let i = 0; i < 20; i += 1) {
    honest.doc.getText('text').insert(0, 'z'.repeat(5_000));
    await honest.until(() => honest.closed || honest.durable === honest.sent, 'saved or closed');
    assert.equal(honest.closed, null);
  }
  await honest.close();
});
