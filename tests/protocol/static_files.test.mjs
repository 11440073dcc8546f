// The client's files while a new build is written over them: nobody is served half a build, and the new one comes without a
// restart. And nothing that lies outside of the folder is served, whatever the path.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rawExchange } from '../lib/raw.mjs';
import { discard, startBench, temporaryDirectory } from '../lib/server.mjs';

let folder;
let client;
let server;
const page = (build) => `<!doctype html><title>${build}</title><script src="/assets/app-${build}.js"></script>`;
const get = async (path) => {
  const response = await fetch(`${server.url}${path}`);
  return { status: response.status, body: await response.text(), headers: response.headers };
};

async function build(name) {
  await mkdir(join(client, 'assets'), { recursive: true });
  await writeFile(join(client, `assets/app-${name}.js`), `// ${name}`);
  await writeFile(join(client, 'index.html'), page(name));
}

/** As the bundler does: everything goes first. */
async function empty() {
  await rm(join(client, 'assets'), { recursive: true, force: true });
  await rm(join(client, 'index.html'), { force: true });
}

before(async () => {
  folder = await temporaryDirectory();
  client = join(folder, 'client');
  await build('AAAAAAAA');
  await writeFile(join(folder, 'secret.txt'), 'top secret');
  await writeFile(join(client, '.hidden'), 'top secret');
  await symlink(join(folder, 'secret.txt'), join(client, 'link.txt'));
  server = await startBench({ client });
});
after(async () => {
  await discard(server);
  await rm(folder, { recursive: true, force: true });
});

test('a new build is served without a restart, and never half of it', { timeout: 60_000 }, async () => {
  assert.match((await get('/')).body, /AAAAAAAA/);
  await empty();
  // While there is no start page the build before is served whole.
  assert.match((await get('/')).body, /AAAAAAAA/);
  assert.equal((await get('/assets/app-AAAAAAAA.js')).body, '// AAAAAAAA');
  const loaded = server.logged(({ event }) => event === 'static_files_loaded');
  await build('BBBBBBBB');
  await loaded;
  assert.match((await get('/')).body, /BBBBBBBB/);
  assert.match((await get('/home')).body, /BBBBBBBB/);
  const part = await get('/assets/app-BBBBBBBB.js');
  assert.equal(part.body, '// BBBBBBBB');
  assert.match(part.headers.get('cache-control'), /immutable/);
});

test('a page of the build before still finds its parts, those of two builds before are gone', { timeout: 60_000 }, async () => {
  assert.equal((await get('/assets/app-AAAAAAAA.js')).body, '// AAAAAAAA');
  await empty();
  const loaded = server.logged(({ event }) => event === 'static_files_loaded');
  await build('CCCCCCCC');
  await loaded;
  assert.match((await get('/')).body, /CCCCCCCC/);
  assert.equal((await get('/assets/app-BBBBBBBB.js')).status, 200);
  assert.equal((await get('/assets/app-AAAAAAAA.js')).status, 404);
});

test('a compressed form that is written later is noticed too', { timeout: 60_000 }, async () => {
  const loaded = server.logged(({ event }) => event === 'static_files_loaded');
  const { gzipSync } = await import('node:zlib');
  await writeFile(join(client, 'index.html.gz'), gzipSync(page('CCCCCCCC')));
  await loaded;
  const answer = await get('/');
  assert.equal(answer.headers.get('content-encoding'), 'gzip');
  assert.match(answer.body, /CCCCCCCC/);
});

const paths = [
  '/../secret.txt', '/assets/../../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/assets/%2e%2e/%2e%2e/secret.txt',
  '/..\\secret.txt', '/..%5csecret.txt', '/%252e%252e/secret.txt', '//secret.txt', '/./secret.txt', '/link.txt', '/.hidden',
  '/assets/..;/secret.txt', '/secret.txt%00.html', '/%c0%ae%c0%ae/secret.txt', '/....//secret.txt', '/%',
  'http://127.0.0.1/../secret.txt', `${'/..'.repeat(50)}/etc/passwd.txt`,
];

for (const path of paths) {
  test(`nothing outside is served at ${path.slice(0, 60)}`, { timeout: 20_000 }, async () => {
    const answer = await rawExchange(server, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 (400|404) /);
    assert.doesNotMatch(answer, /top secret|root:/);
  });
}
