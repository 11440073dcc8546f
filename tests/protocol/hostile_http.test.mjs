// HTTP as no honest client speaks it: slow, endless, malformed, too much. Each gets its refusal, and whoever asks properly is
// answered meanwhile.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Person, demonstration } from '../lib/api.mjs';
import { rawConnection, rawExchange } from '../lib/raw.mjs';
import { generator } from '../lib/random_edits.mjs';
import { discard, startBench, startDemo, temporaryDirectory } from '../lib/server.mjs';

const seed = Number(process.env.SEED ?? 3);
let folder;
let server;
before(async () => {
  folder = await temporaryDirectory();
  await mkdir(join(folder, 'client'));
  await writeFile(join(folder, 'client/index.html'), '<!doctype html><title>Cluse</title>');
  server = await startDemo({
    client: join(folder, 'client'),
    env: { CLUSE_LIMITS_HEADER_TIMEOUT: '1500', CLUSE_LIMITS_BODY_TIMEOUT: '1500' },
  });
});
after(async () => {
  await discard(server);
  await rm(folder, { recursive: true, force: true });
});

const refusals = (limit) => server.metric(`cluse_net_refused_total{limit="${limit}"}`);

async function honestIsAnswered() {
  const response = await fetch(`${server.url}/api/v1/bootstrap`);
  assert.equal(response.status, 200);
  await response.text();
}

/** Sends an octet on each connection again and again until all are over; an honest request goes between. */
async function drip(sockets) {
  let over = 0;
  for (const socket of sockets) socket.ended.then(() => (over += 1));
  while (over < sockets.length) {
    for (const socket of sockets) if (socket.writable) socket.write('a');
    await honestIsAnswered();
    await new Promise((turn) => setTimeout(turn, 50));
  }
}

function assertProblem(answer, status, code) {
  assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), answer.slice(0, 80));
  assert.match(answer, /content-type: application\/problem\+json/i);
  assert.match(answer, new RegExp(`"code":"${code}"`));
}

test('heads that never end are cut, all at once and without holding anybody up', { timeout: 60_000 }, async () => {
  const before = await refusals('header_timeout');
  const sockets = await Promise.all(Array.from({ length: 200 }, () => rawConnection(server)));
  for (const socket of sockets) socket.write('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ');
  await drip(sockets);
  for (const socket of sockets) assertProblem(socket.text, 408, 'request_timeout');
  assert.equal((await refusals('header_timeout')) - before, 200);
});

test('bodies that never end are cut', { timeout: 60_000 }, async () => {
  const before = await refusals('body_timeout');
  const sockets = await Promise.all(Array.from({ length: 100 }, () => rawConnection(server)));
  sockets.forEach((socket, i) => {
    const framing = i % 2 ? 'Content-Length: 100000' : 'Transfer-Encoding: chunked';
    socket.write(`POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${framing}\r\n\r\n${i % 2 ? '' : 'ffff\r\n'}`);
  });
  await drip(sockets);
  for (const socket of sockets) assertProblem(socket.text, 408, 'request_timeout');
  assert.equal((await refusals('body_timeout')) - before, 100);
});

const bombs = {
  'a header of a megabyte': [431, 'headers_too_large', 'header_bytes', `GET / HTTP/1.1\r\nHost: x\r\nX-Big: ${'a'.repeat(1 << 20)}\r\n\r\n`],
  'a thousand headers': [431, 'headers_too_many', 'headers', `GET / HTTP/1.1\r\nHost: x\r\n${'X: y\r\n'.repeat(1000)}\r\n`],
  'a megabyte without a line end': [414, 'target_too_long', 'target_bytes', `GET /${'a'.repeat(1 << 20)}`],
  'a cookie of 64 KiB': [431, 'headers_too_large', 'header_bytes', `GET / HTTP/1.1\r\nHost: x\r\nCookie: cluse_session=${'a'.repeat(65536)}\r\n\r\n`],
  'a body of a terabyte, announced': [413, 'body_too_large', 'body_bytes',
    'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1099511627776\r\n\r\n'],
  'a chunk of 2^64 - 1 octets': [413, 'body_too_large', 'body_bytes',
    'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n'],
};

for (const [name, [status, code, limit, octets]] of Object.entries(bombs)) {
  test(`${name} is answered ${status} ${code}`, { timeout: 20_000 }, async () => {
    const before = await refusals(limit);
    assertProblem(await rawExchange(server, octets), status, code);
    assert.equal(await refusals(limit), before + 1);
    await honestIsAnswered();
  });
}

const post = (body, type = 'application/json') =>
  fetch(`${server.url}/api/v1/session`, { method: 'POST', headers: { Origin: server.url, 'Content-Type': type }, body });

const bodies = {
  'octets that are not UTF-8': Buffer.from([0x7b, 0x22, 0x65, 0x22, 0x3a, 0x22, 0xc3, 0x28, 0x22, 0x7d]),
  'UTF-8 of a surrogate half': Buffer.from([0x7b, 0x22, 0x65, 0x22, 0x3a, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d]),
  'ten thousand brackets': '['.repeat(10_000),
  'half a million brackets': '['.repeat(500_000),
  'a hundred thousand objects in each other': '{"a":'.repeat(100_000),
  'deep and closed': '['.repeat(10_000) + ']'.repeat(10_000),
  'nothing': '',
  'a NUL': '\0',
  'something behind the end': '{"email":"a@b.ch","password":"x"} {}',
  'a comment': '{"email":"a@b.ch","password":"x"} // x',
  'a list': '[]',
  'a number': '1',
  'NaN': '{"email":NaN}',
  'a string that does not end': '{"email":"a',
  'a lone surrogate as an escape': '{"email":"\\ud800"}',
};

for (const [name, body] of Object.entries(bodies)) {
  test(`a JSON body that is ${name} is answered 400 or 422`, { timeout: 20_000 }, async () => {
    const response = await post(body);
    const problem = await response.json();
    assert.ok(response.status === 400 || response.status === 422, `${response.status} ${JSON.stringify(problem)}`);
    assert.match(response.headers.get('content-type'), /application\/problem\+json/);
    assert.ok(problem.detail.length > 10);
  });
}

test('values of the wrong type are named', { timeout: 20_000 }, async () => {
  for (const email of [1, null, true, [], {}, 1e400]) {
    const response = await post(JSON.stringify({ email, password: 'x' }));
    assert.equal(response.status, 422);
    assert.equal((await response.json()).field, 'email');
  }
  assert.equal((await post('email=a', 'application/x-www-form-urlencoded')).status, 415);
});

test('no path leads out of the images of a document', { timeout: 30_000 }, async () => {
  const { people, password, workspaces } = demonstration();
  const member = workspaces[0].members[0].person;
  const person = await new Person(server.url).signIn(people.find(({ key }) => key === member).email, password);
  const workspace = (await person.get('/workspaces')).workspaces.find(({ name }) => name === workspaces[0].name);
  const { documents } = await person.get(`/workspaces/${workspace.id}/documents`);
  const base = `/api/v1/documents/${documents[0].id}/images`;
  const names = ['../../../cluse.db', '..%2f..%2fcluse.db', '%2e%2e/%2e%2e/cluse.db', '..%5c..%5ccluse.db', 'cluse.db', '%00', 'aa/aa',
    '..', `${'a'.repeat(64)}`, `../${'a'.repeat(64)}`, `${'A'.repeat(64)}`, `${'a'.repeat(63)}/`, "' OR 1=1 --".replaceAll(' ', '%20')];
  for (const name of names) {
    const answer = await rawExchange(server, `GET ${base}/${name} HTTP/1.1\r\nHost: x\r\nCookie: ${person.cookie}\r\nConnection: close\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 (400|404) /, name);
    assert.doesNotMatch(answer, /SQLite format/);
  }
});

test('random octets are refused or cut', { timeout: 60_000 }, async () => {
  const random = generator(seed);
  const words = ['GET ', '/', ' HTTP/1.1\r\n', 'Host: x\r\n', '\r\n', 'Content-Length: ', '5', '\0', 'Transfer-Encoding: chunked\r\n', '\xff\xfe', ':', ' '];
  for (let round = 0; round < 150; round += 1) {
    const socket = await rawConnection(server);
    let text = '';
    for (let i = 0; i < 1 + random.below(60); i += 1) text += random.chance(0.5) ? random.pick(words) : String.fromCharCode(random.below(256));
    socket.end(Buffer.from(text, 'latin1'));
    await socket.ended;
    if (socket.text) assert.match(socket.text, /^HTTP\/1\.1 [2345]/);
  }
  await honestIsAnswered();
});

/** How many descriptors this process may open, and so the server, which inherits it. */
function descriptorsMax() {
  const line = /Max open files\s+(\d+)\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'));
  return Math.min(Number(line[1]), Number(line[2]));
}

test('ten thousand connections that say nothing leave room for nobody new and for everybody who is there', { timeout: 120_000 }, async (t) => {
  const many = await startBench({ env: { CLUSE_LIMITS_HEADER_TIMEOUT: '60000' } });
  const silent = [];
  try {
    const count = Math.min(10_000, descriptorsMax() - 500);
    t.diagnostic(`${count} connections`);
    const before = many.usage();
    const early = await rawConnection(many);
    const ask = async () => {
      early.received.length = 0;
      early.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
      while (!early.text.includes('"ok"')) await once(early, 'data');
    };
    await ask();
    for (let i = 0; i < count; i += 500) {
      silent.push(...(await Promise.all(Array.from({ length: Math.min(500, count - i) }, () => rawConnection(many)))));
      await ask();
    }
    if (count === 10_000) {
      const late = await rawConnection(many);
      await late.ended;
      assertProblem(late.text, 503, 'unavailable');
      assert.match(late.text, /retry-after: \d+/i);
    }
    const during = many.usage();
    assert.ok(during.rssMegabytes < before.rssMegabytes + 150, `${during.rssMegabytes} MB with ${count} connections`);
    for (const socket of silent.splice(0)) socket.resetAndDestroy();
    for (let i = 0; i < 400 && many.usage().descriptors > before.descriptors + 10; i += 1) await new Promise((turn) => setTimeout(turn, 25));
    const gone = many.usage();
    assert.ok(gone.descriptors <= before.descriptors + 10, `${gone.descriptors} descriptors, ${before.descriptors} before`);
    assert.equal((await fetch(`${many.url}/healthz`)).status, 200);
    t.diagnostic(`MB resident ${before.rssMegabytes.toFixed(1)} → ${during.rssMegabytes.toFixed(1)} → ${gone.rssMegabytes.toFixed(1)}`);
    early.destroy();
  } finally {
    for (const socket of silent) socket.destroy();
    await discard(many);
  }
});
