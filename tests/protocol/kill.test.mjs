// Twenty rounds of kill -9 under a load of writers. Whatever another client had received, and whatever was acknowledged,
// is there after the restart, and the database is whole.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import * as Y from 'yjs';
import { CollabClient } from '../lib/collab.mjs';
import { generator } from '../lib/random_edits.mjs';
import { discard, startBench, temporaryDirectory } from '../lib/server.mjs';

const rounds = Number(process.env.ROUNDS ?? 20);
const seed = Number(process.env.SEED ?? Date.now() % 100000);
const rooms = 3;
const writersPerRoom = 4;

function integrity(data) {
  return execFileSync('sqlite3', ['-readonly', join(data, 'cluse.db'), 'PRAGMA integrity_check'], { encoding: 'utf8' }).trim();
}

/** Types numbered marks until the connection is gone; knows which of its marks were acknowledged. */
class Writer {
  constructor(server, room, name) {
    this.room = room;
    this.name = name;
    this.client = new CollabClient(`${server.ws}/collab/${room}`);
    this.marks = []; // [message number, mark]
  }

  async run() {
    await this.client.open();
    await this.client.until(() => this.client.synced || this.client.closed, 'synced');
    const list = this.client.doc.getArray('marks');
    for (let i = 0; !this.client.closed; i += 1) {
      const mark = `${this.name}:${i}`;
      list.push([mark]);
      this.marks.push([this.client.sent, mark]);
      await new Promise((turn) => setTimeout(turn, i % 10 === 0 ? 1 : 0));
    }
  }

  acknowledged() {
    return this.marks.filter(([message]) => message <= this.client.durable).map(([, mark]) => mark);
  }
}

/** Listens only: what it has received was broadcast, so it must have been on disk. */
async function observe(server, room) {
  const client = await new CollabClient(`${server.ws}/collab/${room}`).open();
  return client;
}

test(`kill -9 loses nothing that was seen or acknowledged, ${rounds} rounds, seed ${seed}`, { timeout: 20 * 60_000 }, async () => {
  const random = generator(seed);
  const data = await temporaryDirectory();
  const promised = Array.from({ length: rooms }, () => new Set());
  let server;
  let seen = 0;
  for (let round = 0; round < rounds; round += 1) {
    server = await startBench({ data });
    const writers = [];
    const observers = [];
    for (let room = 0; room < rooms; room += 1) {
      observers.push(await observe(server, `room-${room}`));
      for (let w = 0; w < writersPerRoom; w += 1) writers.push(new Writer(server, `room-${room}`, `${round}.${room}.${w}`));
    }
    const running = writers.map((writer) => writer.run().catch(() => {}));
    await observers[0].until(() => observers[0].received.length > 3 + random.below(60), 'the load is on', 20000);
    await server.kill();
    await Promise.all(running);
    observers.forEach((observer, room) => {
      for (const mark of observer.doc.getArray('marks').toArray()) promised[room].add(mark);
    });
    for (const writer of writers) {
      const room = Number(writer.room.slice(5));
      for (const mark of writer.acknowledged()) promised[room].add(mark);
    }
    assert.equal(integrity(data), 'ok');

    server = await startBench({ data });
    for (let room = 0; room < rooms; room += 1) {
      const fresh = await new CollabClient(`${server.ws}/collab/room-${room}`, { doc: new Y.Doc() }).open();
      await fresh.until(() => fresh.synced, 'a fresh client is synced');
      const list = fresh.doc.getArray('marks').toArray();
      const there = new Set(list);
      assert.equal(list.length, there.size, 'nothing stands twice');
      const lost = [...promised[room]].filter((mark) => !there.has(mark));
      assert.deepEqual(lost, [], `round ${round}, room ${room}: lost`);
      seen = Math.max(seen, promised[room].size);
      await fresh.close();
    }
    await server.kill();
  }
  assert.ok(seen > rounds, `the load was real: ${seen} marks`);
  console.log(`marks promised in the busiest room: ${seen}`);
  await discard(server);
});
