// TLS through the whole server: HTTPS, two writers over wss, the cookie, HSTS, and a certificate that is replaced while people
// write. Certificates are made with openssl, self-signed, for this run.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { connect } from 'node:net';
import tls from 'node:tls';
import { after, before, test } from 'node:test';
import { demonstration } from '../lib/api.mjs';
import { CollabClient } from '../lib/collab.mjs';
import { discard, startDemo, temporaryDirectory } from '../lib/server.mjs';

let folder;
let server;
const path = (name) => join(folder, name);

/** Writes <name>.crt and <name>.key for 127.0.0.1. */
function makeCertificate(name, days = ['-days', '30']) {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout',
    path(`${name}.key`), '-out', path(`${name}.crt`), '-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1', ...days],
  { stdio: 'pipe' });
}

/** A certificate whose time is over. `openssl x509` takes a negative number of days, `openssl req` does not. */
function makeExpired(name) {
  makeCertificate(name);
  execFileSync('openssl', ['x509', '-in', path(`${name}.crt`), '-signkey', path(`${name}.key`), '-days', '-1', '-out', path(`${name}.crt`)],
    { stdio: 'pipe' });
}

/** The server's files become copies of these, and it is told. The line with which it answers. */
async function replace(certificate, key, events) {
  await copyFile(path(`${certificate}.crt`), path('server.crt'));
  await copyFile(path(`${key}.key`), path('server.key'));
  const line = server.logged(({ event }) => events.includes(event));
  server.process.kill('SIGHUP');
  return line;
}

/** {name, protocol} of what a new connection is shown; options go to tls.connect. */
async function shown(options = {}) {
  const socket = tls.connect({ host: '127.0.0.1', port: server.port, rejectUnauthorized: false, ...options });
  await once(socket, 'secureConnect');
  const about = { name: socket.getPeerCertificate().subject.CN, protocol: socket.getProtocol() };
  socket.destroy();
  return about;
}

/** {status, headers, body} over TLS, trusting exactly the certificate `ca`. */
async function request(method, target, { body, headers = {}, ca = 'first' } = {}) {
  const asked = https.request(`${server.url}${target}`, {
    method,
    ca: readFileSync(path(`${ca}.crt`)),
    headers: { Origin: server.url, ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers },
    agent: false,
  });
  asked.end(body ? JSON.stringify(body) : undefined);
  const [answer] = await once(asked, 'response');
  let text = '';
  for await (const piece of answer) text += piece;
  return { status: answer.statusCode, headers: answer.headers, body: text };
}

async function signIn(account) {
  const answer = await request('POST', '/api/v1/session', { body: { email: account.email, password: demonstration().password } });
  assert.equal(answer.status, 200, answer.body);
  return { cookie: answer.headers['set-cookie'][0], hsts: answer.headers['strict-transport-security'] };
}

before(async () => {
  folder = await temporaryDirectory();
  for (const name of ['first', 'second', 'third']) makeCertificate(name);
  makeExpired('expired');
  await copyFile(path('first.crt'), path('server.crt'));
  await copyFile(path('first.key'), path('server.key'));
  await mkdir(path('client'));
  await writeFile(path('client/index.html'), '<!doctype html><title>Cluse</title>');
  server = await startDemo({
    client: path('client'),
    env: { CLUSE_SERVER_CERTIFICATE: path('server.crt'), CLUSE_SERVER_PRIVATE_KEY: path('server.key') },
  });
});
after(async () => {
  if (server) await discard(server);
  await rm(folder, { recursive: true, force: true });
});

test('HTTPS answers with HSTS, in TLS 1.2 and 1.3, and nothing older', async () => {
  const answer = await request('GET', '/readyz');
  assert.equal(answer.status, 200);
  assert.match(answer.headers['strict-transport-security'], /max-age=(\d+)/);
  assert.ok(Number(/max-age=(\d+)/.exec(answer.headers['strict-transport-security'])[1]) >= 31_536_000);
  assert.equal((await shown({ maxVersion: 'TLSv1.2' })).protocol, 'TLSv1.2');
  assert.equal((await shown()).protocol, 'TLSv1.3');
  await assert.rejects(shown({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }));
});

test('plain HTTP on the same port is told to come over TLS, without HSTS', async () => {
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  let text = '';
  for await (const piece of socket) text += piece;
  assert.match(text, /^HTTP\/1\.1 400 /);
  assert.match(text, /"code":"https_required"/);
  assert.doesNotMatch(text, /Strict-Transport-Security/i);
});

test('without TLS there is no HSTS and no __Host- cookie', async () => {
  const plain = await startDemo({ client: path('client') });
  try {
    const { people, password } = demonstration();
    const answer = await fetch(`${plain.url}/api/v1/session`, {
      method: 'POST',
      headers: { Origin: plain.url, 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: people[0].email, password }),
    });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('strict-transport-security'), null);
    assert.match(answer.headers.get('set-cookie'), /^cluse_session=/);
    assert.doesNotMatch(answer.headers.get('set-cookie'), /Secure/);
  } finally {
    await discard(plain);
  }
});

test('two people write over wss while the certificate is replaced, and broken ones are refused', { timeout: 60_000 }, async (t) => {
  const { people, workspaces } = demonstration();
  const keys = workspaces[0].members.filter(({ role }) => role === 'editor' || role === 'manager').map(({ person }) => person);
  const accounts = keys.slice(0, 2).map((key) => people.find((one) => one.key === key));
  const sessions = [];
  for (const account of accounts) sessions.push(await signIn(account));
  const cookies = sessions.map(({ cookie }) => cookie.split(';')[0]);

  await t.test('the cookie is __Host-, Secure and HttpOnly', () => {
    for (const { cookie } of sessions) {
      assert.match(cookie, /^__Host-cluse_session=/);
      for (const word of [/; *Secure/i, /; *HttpOnly/i, /; *SameSite=Lax/i, /; *Path=\/(;|$)/i]) assert.match(cookie, word);
      assert.doesNotMatch(cookie, /Domain=/i);
    }
  });

  const ask = async (target) => JSON.parse((await request('GET', `/api/v1${target}`, { headers: { Cookie: cookies[0] } })).body);
  const workspace = (await ask('/workspaces')).workspaces.find(({ name }) => name === workspaces[0].name);
  const document = (await ask(`/workspaces/${workspace.id}/documents`)).documents.find(({ kind }) => kind === 'document');
  const open = (cookie, ca) =>
    new CollabClient(`${server.ws}/collab/${document.id}`, {
      headers: { Cookie: cookie, Origin: server.url },
      tls: { ca: readFileSync(path(`${ca}.crt`)) },
    }).open();
  const left = await open(cookies[0], 'first');
  const right = await open(cookies[1], 'first');
  const marks = (client) => client.doc.getArray('marks').toArray();
  const both = async (mark) => {
    left.doc.getArray('marks').push([mark]);
    await left.saved();
    await right.until(() => marks(right).includes(mark), `the other sees ${mark}`);
  };

  await t.test('what one writes the other sees', () => both('over TLS'));

  await t.test('a new certificate is shown to new connections, and open ones stay', async () => {
    assert.equal((await replace('second', 'second', ['certificate_loaded'])).event, 'certificate_loaded');
    assert.equal((await shown()).name, 'second');
    await both('after the change');
    const late = await open(cookies[1], 'second');
    await late.saved();
    assert.ok(marks(late).includes('after the change'));
    await late.close();
  });

  await t.test('a key of another certificate is refused with a line in the log', async () => {
    const line = await replace('third', 'first', ['certificate_not_reloaded', 'certificate_loaded']);
    assert.equal(line.event, 'certificate_not_reloaded');
    assert.match(line.detail, /server\.key/);
    assert.equal((await shown()).name, 'second');
  });

  await t.test('an expired certificate is refused with a line in the log', async () => {
    const line = await replace('expired', 'expired', ['certificate_not_reloaded', 'certificate_loaded']);
    assert.equal(line.event, 'certificate_not_reloaded');
    assert.match(line.detail, /expired/);
    assert.equal((await shown()).name, 'second');
  });

  await t.test('a file that is no certificate is refused, and the next good one is taken', async () => {
    await writeFile(path('noise.crt'), 'not a certificate');
    const line = await replace('noise', 'second', ['certificate_not_reloaded', 'certificate_loaded']);
    assert.equal(line.event, 'certificate_not_reloaded');
    assert.equal((await replace('third', 'third', ['certificate_loaded'])).event, 'certificate_loaded');
    assert.equal((await shown()).name, 'third');
    await both('to the end');
    assert.equal(left.closed, null);
    assert.equal(right.closed, null);
  });

  await left.close();
  await right.close();
});

test('a file that changes is noticed without a signal', { timeout: 40_000 }, async () => {
  const noticed = server.logged(({ event }) => event === 'certificate_loaded', 25_000);
  await copyFile(path('first.key'), path('server.key'));
  await copyFile(path('first.crt'), path('server.crt'));
  await noticed;
  assert.equal((await shown()).name, 'first');
});
