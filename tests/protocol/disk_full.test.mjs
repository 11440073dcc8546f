// A disk that is full, through the whole server: whoever writes is told, nothing that was shown is lost, what can be read is
// read, and writing goes on by itself when there is room. A real small file system, since a file size limit fails elsewhere.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import * as Y from 'yjs';
import { Person, demonstration } from '../lib/api.mjs';
import { CollabClient } from '../lib/collab.mjs';
import { root, run, startDemo, temporaryDirectory } from '../lib/server.mjs';
import { SmallDisk } from '../lib/small_disk.mjs';

const megabytes = 16;

async function smallDisk(t) {
  try {
    return await SmallDisk.make(megabytes);
  } catch (error) {
    t.skip(error.message);
    return null;
  }
}

/** Demonstration content on the small disk. */
async function importOnto(disk) {
  const data = await temporaryDirectory();
  const imported = await run(['import', join(root, 'config/demo'), '--data', data]);
  assert.equal(imported.code, 0, imported.stderr);
  await cp(data, join(disk.outside, 'data'), { recursive: true });
  await rm(data, { recursive: true });
  return join(disk.directory, 'data');
}

/** Two writers of one workspace, signed in, and a document of theirs. */
async function twoWriters(server) {
  const { people, workspaces, password } = demonstration();
  const keys = workspaces[0].members.filter(({ role }) => role === 'editor' || role === 'manager').map(({ person }) => person);
  const writers = await Promise.all(
    keys.slice(0, 2).map((key) => new Person(server.url).signIn(people.find((one) => one.key === key).email, password)),
  );
  const workspace = (await writers[0].get('/workspaces')).workspaces.find(({ name }) => name === workspaces[0].name);
  const { documents } = await writers[0].get(`/workspaces/${workspace.id}/documents`);
  return { writers, workspace, document: documents.find(({ kind }) => kind === 'document') };
}

function open(server, person, document, doc) {
  const client = new CollabClient(`${server.ws}/collab/${document.id}`, {
    headers: { Cookie: person.cookie, Origin: server.url },
    ...(doc ? { doc } : {}),
  });
  return client.open();
}

const marksOf = (doc) => doc.getArray('marks').toArray();

/** Writes marks of some kilobytes, each after the one before is acknowledged, until the server says that it cannot. */
async function writeUntilFull(client, name) {
  await client.saved();
  for (let i = 0; i < 4000; i += 1) {
    client.doc.getArray('marks').push([`${name}:${i}:${'x'.repeat(4000)}`]);
    await client.until(() => client.closed || client.durable === client.sent, 'saved or closed');
    if (client.closed) return;
  }
  assert.fail('the disk never was full');
}

/** The refusal of the first of many writes for which there is no room. */
async function refusalOf(write) {
  for (let i = 0; i < 200; i += 1) {
    try {
      await write(i);
    } catch (error) {
      return error;
    }
  }
  return assert.fail('nothing was refused');
}

function assertFull(error, german = false) {
  assert.equal(error.status, 507, error.message);
  assert.equal(error.problem.code, 'storage_full');
  assert.match(error.problem.detail, german ? /keinen Speicherplatz/ : /plus de place/);
}

async function integrity(disk) {
  const copy = await temporaryDirectory();
  for (const name of ['cluse.db', 'cluse.db-wal']) {
    await cp(join(disk.outside, 'data', name), join(copy, name)).catch(() => {});
  }
  const words = execFileSync('sqlite3', [join(copy, 'cluse.db'), 'PRAGMA integrity_check'], { encoding: 'utf8' }).trim();
  await rm(copy, { recursive: true });
  return words;
}

/** A PNG of `bytes` octets: a real head, and a body that only has to be stored. */
function picture(bytes) {
  const head = '89504e470d0a1a0a0000000d49484452000000100000001008060000001ff3ff61';
  return Buffer.concat([Buffer.from(head, 'hex'), Buffer.alloc(bytes, 7)]);
}

test('a full disk loses nothing, is told to everybody, and is over when there is room', { timeout: 120_000 }, async (t) => {
  const disk = await smallDisk(t);
  if (!disk) return;
  let server;
  try {
    const data = await importOnto(disk);
    const start = () => startDemo({ data, prefix: disk.prefix });
    server = await start();
    const { writers, workspace, document } = await twoWriters(server);
    const [first, second] = writers;
    const author = await open(server, first, document);
    const observer = await open(server, second, document);
    await observer.saved();

    await t.test('the author of what cannot be saved is closed with 1013 storage_full, the others stay', async () => {
      disk.fill();
      await writeUntilFull(author, 'first');
      assert.deepEqual(author.closed, { code: 1013, reason: 'storage_full' });
      assert.equal(observer.closed, null);
      const acknowledged = author.durable;
      const seen = marksOf(observer.doc);
      assert.ok(seen.length < marksOf(author.doc).length, 'what is not on disk is shown to nobody');
      assert.ok(acknowledged < author.sent);
      assert.ok((await server.metric('cluse_realtime_refused_total{reason="storage_full"}')) > 0);
    });

    await t.test('writes over HTTP answer 507 with the code and a sentence in the reader’s language', async () => {
      disk.fill();
      assertFull(await refusalOf((i) => first.call('POST', `/workspaces/${workspace.id}/documents`, { title: `Plein ${i}` })));
      assertFull(await refusalOf((i) => first.call('PATCH', `/documents/${document.id}`, { title: `Plein ${i}` })));
      assertFull(await refusalOf(() => first.call('POST', `/documents/${document.id}/images`, picture(200_000), { type: 'image/png' })));
      const text = Buffer.from('# Titre\n\nTexte.\n'.repeat(5000));
      const imported = `/workspaces/${workspace.id}/import?filename=note.md&language=fr`;
      assertFull(await refusalOf(() => first.call('POST', imported, text, { type: 'text/markdown' })));
      second.language = 'de';
      assertFull(await refusalOf((i) => second.call('POST', `/workspaces/${workspace.id}/documents`, { title: `Voll ${i}` })), true);
    });

    await t.test('what can be read is read', async () => {
      assert.ok((await first.get('/home')).recent);
      assert.ok((await first.get(`/workspaces/${workspace.id}/documents`)).documents.length > 0);
      assert.match(await first.get(`/documents/${document.id}/export?format=md`), /\S/);
      assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
      const reader = await open(server, second, document);
      await reader.until(() => reader.synced || reader.closed, 'synced');
      assert.equal(reader.closed, null);
      assert.deepEqual(marksOf(reader.doc), marksOf(observer.doc));
      await reader.close();
    });

    await t.test('with room again the same process goes on, and what waited in the client arrives', async () => {
      disk.free();
      await first.call('POST', `/workspaces/${workspace.id}/documents`, { title: 'De la place' });
      await author.open();
      await author.saved();
      const marks = marksOf(author.doc).length;
      await observer.until(() => marksOf(observer.doc).length === marks, 'the other has everything');
      assert.equal(observer.closed, null);
    });

    await t.test('killed on a full disk, it starts there or says why not, and is whole', async () => {
      disk.fill();
      await writeUntilFull(author, 'second');
      const promised = marksOf(observer.doc);
      await server.kill();
      disk.fill();
      assert.equal(await integrity(disk), 'ok');
      server = await start().catch((error) => {
        assert.match(error.message, /cluse: .*the disk is full; make room there.* \(storage_full\)/, 'one line says why');
        t.diagnostic('it does not start on a full disk');
        disk.free();
        return start();
      });
      const again = new Person(server.url);
      again.cookie = second.cookie;
      assert.ok((await again.get('/home')).recent);
      const fresh = await open(server, again, document, new Y.Doc());
      await fresh.until(() => fresh.synced, 'a fresh client is synced');
      const there = new Set(marksOf(fresh.doc));
      assert.deepEqual(promised.filter((mark) => !there.has(mark)), []);
      await fresh.close();
    });

    await t.test('stopped and checked, everything is in order', async () => {
      disk.free();
      assert.equal(await server.stop(), 0);
      assert.equal(await integrity(disk), 'ok');
      const copy = await temporaryDirectory();
      await cp(join(disk.outside, 'data'), copy, { recursive: true });
      const checked = await run(['check', '--data', copy]);
      assert.equal(checked.code, 0, checked.stdout);
      await rm(copy, { recursive: true });
    });
  } finally {
    await server?.stop();
    await disk.close();
  }
});

test('a start on a full disk says in one line what to do', { timeout: 60_000 }, async (t) => {
  const disk = await smallDisk(t);
  if (!disk) return;
  let server;
  try {
    const data = await importOnto(disk);
    disk.fill();
    await assert.rejects(startDemo({ data, prefix: disk.prefix }), /cluse: .*the disk is full; make room there and start again \(storage_full\)/);
    disk.free();
    server = await startDemo({ data, prefix: disk.prefix });
    assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
    assert.equal(await server.stop(), 0);
  } finally {
    await server?.stop();
    await disk.close();
  }
});
