// A plugin as its author and its operator meet it: made, built and checked outside of our tree with the installed SDK alone,
// installed into a running server, called over HTTP, killed, switched off and on, backed up.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { demonstration, Person } from '../lib/api.mjs';
import { discard, executable, root, run, startDemo, temporaryDirectory } from '../lib/server.mjs';

const exec = promisify(execFile);
const demo = demonstration();
const id = 'org.example.marche';

let folder, server, administrator, member;

/** Build flags of no consequence for an author; the SDK is installed into a folder, as a package would do it. */
async function build(name) {
  await exec('cmake', ['-S', join(folder, name), '-B', join(folder, name, 'build'), `-DCMAKE_PREFIX_PATH=${join(folder, 'prefix')}`]);
  await exec('cmake', ['--build', join(folder, name, 'build')]);
  return join(folder, name, 'build/plugins', name);
}
async function installSdk() {
  await exec('cmake', ['--install', dirname(dirname(executable)), '--component', 'sdk', '--prefix', join(folder, 'prefix')]);
}
const plugins = async () => (await administrator.get('/plugins')).plugins;
const greeting = async (who) => (await raw(who, `/x/${id}/marche`)).status;
async function until(condition, words) {
  for (const end = Date.now() + 20_000; Date.now() < end; ) if (await condition()) return;
  assert.fail(words);
}

before(async () => {
  folder = await temporaryDirectory();
  await installSdk();
  server = await startDemo();
});
after(() => discard(server));

const signIn = (admin) =>
  new Person(server.url).signIn(demo.people.find((one) => one.admin === admin && one.locale === 'fr-FR').email, demo.password);
const raw = (who, path) => fetch(`${server.url}${path}`, { headers: { Cookie: who.cookie } });
const enable = (enabled) => administrator.call('PUT', `/plugins/${id}`, { enabled });

test('an author makes, builds, tests and checks a plugin with the SDK alone', async () => {
  await exec(executable, ['plugin', 'new', 'marche'], { cwd: folder });
  assert.ok(existsSync(join(folder, 'marche/src/marche.cpp')));
  const built = await build('marche');
  const tested = await exec('ctest', ['--test-dir', join(folder, 'marche/build'), '--output-on-failure']);
  assert.match(tested.stdout, /100% tests passed, 0 tests failed out of 2/);
  const { code, stdout } = await run(['plugin', 'check', built]);
  assert.equal(code, 0);
  assert.match(stdout, /^org\.example\.marche 1\.0\.0, ABI 0\.2/);
  assert.match(stdout, /route GET \/marche/);
  await cp(built, join(folder, 'bad'), { recursive: true });
  const manifest = join(folder, 'bad/plugin.toml');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('abi = "0.2"', 'abi = "0.7"'));
  const bad = await run(['plugin', 'check', join(folder, 'bad')]);
  assert.equal(bad.code, 1);
  assert.match(bad.stderr, /line \d+.*0\.7.*0\.2/);
});

test('nothing is granted that was not accepted', async () => {
  const built = join(folder, 'marche/build/plugins/marche');
  const shown = await run(['plugin', 'install', built, '--data', server.data]);
  assert.equal(shown.code, 1);
  assert.match(shown.stdout, /route GET \/marche[\s\S]*--accept/);
  assert.equal((await run(['plugin', 'list', '--data', server.data])).stdout, '');
  const done = await run(['plugin', 'install', built, '--accept', '--data', server.data]);
  assert.equal(done.code, 0, done.stderr);
  assert.match((await run(['plugin', 'list', '--data', server.data])).stdout, /^org\.example\.marche 1\.0\.0\n {2}route GET \/marche/);
});

test('it is handed on as one signed file, and only its signer replaces it', async () => {
  const built = join(folder, 'marche/build/plugins/marche');
  const signer = {};
  for (const name of ['key', 'other']) {
    const made = await run(['plugin', 'key', join(folder, name)]);
    assert.equal(made.code, 0, made.stderr);
    signer[name] = /^Signed by ([0-9a-f]{64})$/m.exec(made.stdout)[1];
  }
  const archive = join(folder, `${id}-1.0.0.cluseplugin`);
  const pack = async (...args) => {
    await rm(archive, { force: true });
    assert.equal((await run(['plugin', 'pack', built, '--into', folder, ...args])).code, 0);
  };
  const install = (...args) => run(['plugin', 'install', archive, '--accept', '--data', server.data, ...args]);
  await pack('--key', join(folder, 'key'));
  assert.match((await run(['plugin', 'check', archive])).stdout, new RegExp(`^${id} 1\\.0\\.0[\\s\\S]*Signed by ${signer.key}`));
  assert.equal((await install()).code, 0);
  await pack('--key', join(folder, 'other'));
  const other = await install();
  assert.equal(other.code, 1);
  assert.match(other.stdout, /--accept-signer/);
  assert.match(other.stderr, new RegExp(`signed by ${signer.key} so far, and this is signed by ${signer.other}`));
  assert.match((await run(['plugin', 'install', built, '--accept', '--data', server.data])).stderr, /this is not signed/);
  assert.match((await run(['plugin', 'list', '--data', server.data])).stdout, new RegExp(`signed by ${signer.key}`));
  assert.equal((await install('--accept-signer')).code, 0);
  assert.equal((await install()).code, 0);
  const bytes = readFileSync(archive);
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(archive, bytes);
  const bent = await install();
  assert.equal(bent.code, 1);
  assert.match((await run(['plugin', 'list', '--data', server.data])).stdout, new RegExp(`signed by ${signer.other}`));
});

test('a running server takes it on, in a process of its own, and answers', async () => {
  administrator = await signIn(true);
  member = await signIn(false);
  await enable(true);
  await until(async () => (await greeting(member)) === 200, 'it answers');
  const answer = await raw(member, `/x/${id}/marche?name=L%C3%A9a`);
  assert.deepEqual(await answer.json(), { greeting: 'Bonjour Léa' });
  assert.equal(answer.headers.get('content-security-policy'), "default-src 'none'; sandbox; frame-ancestors 'none'");
  assert.equal(answer.headers.get('set-cookie'), null);
  const [one] = await plugins();
  assert.deepEqual([one.id, one.host, one.state, one.enabled, one.grants], [id, 'child', 'running', true, ['route GET /marche', 'ui page']]);
  assert.ok(one.memory_bytes > 0);
  assert.equal((await fetch(`${server.url}/x/${id}/marche`)).status, 401, 'for whoever is signed in');
  assert.equal((await raw(member, `/x/${id}/other`)).status, 404);
});

const children = () =>
  readdirSync('/proc').filter((pid) => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      return new RegExp(`^PPid:\\s+${server.process.pid}$`, 'm').test(status);
    } catch {
      return false;
    }
  });

test('its child is killed: others notice nothing, and it comes back', async () => {
  const [child] = children();
  assert.match(readFileSync(`/proc/${child}/status`, 'utf8'), /NoNewPrivs:\s+1[\s\S]*Seccomp:\s+2/);
  assert.deepEqual(readdirSync(`/proc/${child}/fd`).sort(), ['0', '1', '2', '3']);
  process.kill(Number(child), 'SIGKILL');
  assert.equal((await raw(member, '/api/v1/home')).status, 200);
  await until(async () => (await greeting(member)) === 200, 'it is started again');
  assert.equal((await plugins())[0].deaths, 1);
});

test('an administrator stops it; what changed on the disk does not start', async () => {
  await enable(false);
  assert.equal(await greeting(member), 404);
  assert.deepEqual(children(), []);
  const [version] = readdirSync(join(server.data, 'plugins', id)); // a folder for each version, named by what is in it
  const manifest = join(server.data, 'plugins', id, version, 'plugin.toml');
  const text = readFileSync(manifest, 'utf8');
  writeFileSync(manifest, text.replace('"GET /marche"', '"GET /marche", "POST /marche"'));
  await assert.rejects(enable(true), { code: 'plugin_wants_more' });
  assert.match((await plugins())[0].refused, /POST \/marche/);
  writeFileSync(manifest, text);
  await enable(true);
  await until(async () => (await greeting(member)) === 200, 'it answers again');
});

test('a plugin is asked before a document is made, told when it is gone, and keeps its data', async () => {
  await cp(join(folder, 'prefix/share/cluse/sdk/templates/polls'), join(folder, 'polls'), { recursive: true });
  const built = await build('polls');
  assert.equal((await run(['plugin', 'install', built, '--accept', '--data', server.data])).code, 0);
  await administrator.call('PUT', '/plugins/org.example.polls', { enabled: true });
  const [workspace] = (await administrator.get('/workspaces')).workspaces;
  const add = (title) => administrator.call('POST', `/workspaces/${workspace.id}/documents`, { title });
  await assert.rejects(add('Sondage'), { code: 'plugin_refused' });
  const document = await add('sondage de mai');
  assert.equal(document.title, 'Sondage de mai');
  const poll = (path, body) =>
    fetch(`${server.url}/x/org.example.polls/polls${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { Cookie: administrator.cookie, Origin: server.url, ...(body ? { 'Content-Type': 'application/json' } : {}) },
      body: body && JSON.stringify(body),
    });
  assert.equal((await poll('', { question: 'Quel jour ?', document: document.id })).status, 201);
  assert.deepEqual(await (await poll('/1/vote', { choice: 'mardi' })).json(), { votes: 1 });
  const foreign = await fetch(`${server.url}/x/org.example.polls/polls`, { method: 'POST', headers: { Cookie: administrator.cookie, Origin: 'https://evil.example' }, body: '{}' });
  assert.equal((await foreign.json()).code, 'cross_origin');
  await administrator.call('DELETE', `/documents/${document.id}`);
  await administrator.call('DELETE', `/documents/${document.id}?permanent=true`);
  await until(async () => (await poll('/1')).status === 404, 'the poll goes with its document');
  await administrator.call('PUT', '/plugins/org.example.polls', { enabled: false });
});

test('a backup takes it along; a server that dies takes its children with it', async () => {
  const copy = join(folder, 'backup');
  assert.equal((await run(['backup', copy, '--data', server.data])).code, 0);
  assert.ok(existsSync(join(copy, 'plugins', `${id}.db`)));
  const restored = join(folder, 'restored');
  const done = await run(['restore', copy, '--data', restored]);
  assert.equal(done.code, 0, done.stderr);
  assert.match((await run(['plugin', 'list', '--data', restored])).stdout, /^org\.example\.marche 1\.0\.0/);
  const [child] = children();
  await server.kill();
  await until(() => !existsSync(`/proc/${child}`) || /^State:\s+Z/m.test(readFileSync(`/proc/${child}/status`, 'utf8')), 'it is gone');
});
