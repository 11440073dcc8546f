// The walk of a plugin's author and of an administrator, from an empty folder to the end of the plugin, while two people write
// in one document: nobody of them is cut off, and each letter arrives at the other, whatever is done to the plugin.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { demonstration, Person } from '../lib/api.mjs';
import { CollabClient } from '../lib/collab.mjs';
import { discard, executable, run, startDemo, temporaryDirectory } from '../lib/server.mjs';

const exec = promisify(execFile);
const demo = demonstration();
const id = 'org.example.marche';
const plugin = `/plugins/${id}`;

let folder, source, server, administrator, writers;

/** Two people in one document, who write in turn and wait until each letter is on disk and at the other. */
class Writers {
  async open(person, document) {
    this.clients = [];
    for (let i = 0; i < 2; i += 1) {
      const headers = { Cookie: person.cookie, Origin: person.url };
      this.clients.push(await new CollabClient(`${server.ws}/collab/${document}`, { headers }).open());
    }
    this.texts = this.clients.map((client) => client.doc.getText('walk'));
    for (const client of this.clients) await client.saved();
    this.letters = 0;
    this.slowest = 0;
    this.writing = this.write();
    return this;
  }
  async write() {
    while (!this.over) {
      const [me, other] = this.letters % 2 === 0 ? [0, 1] : [1, 0];
      const started = performance.now();
      this.texts[me].insert(this.letters, String.fromCharCode(97 + (this.letters % 26)));
      this.letters += 1;
      const all = this.letters;
      await this.clients[other].until(() => this.clients[other].closed || this.texts[other].length === all, 'the letter arrives');
      await this.clients[me].saved();
      this.slowest = Math.max(this.slowest, performance.now() - started);
    }
  }
  /** They have gone on meanwhile: some more letters from each, and no connection has ended. */
  async goOn() {
    const wanted = this.letters + 6;
    await this.clients[0].until(() => this.letters >= wanted || this.clients.some((one) => one.closed), 'they go on writing');
    assert.deepEqual(this.clients.map((one) => one.closed), [null, null]);
  }
  async close() {
    this.over = true;
    await this.writing;
    const expected = Array.from({ length: this.letters }, (_, i) => String.fromCharCode(97 + (i % 26))).join('');
    for (const text of this.texts) assert.equal(text.toString(), expected);
    for (const client of this.clients) await client.close();
  }
}

const edit = (file, ...changes) => {
  let text = readFileSync(join(source, file), 'utf8');
  for (const [from, to] of changes) {
    assert.ok(text.includes(from), `${file} holds ${from}`);
    text = text.replace(from, to);
  }
  writeFileSync(join(source, file), text);
};
async function build() {
  await exec('cmake', ['--build', join(source, 'build')]);
  const checked = await run(['plugin', 'check', join(source, 'build/plugins/marche')]);
  assert.equal(checked.code, 0, checked.stdout + checked.stderr);
  const tested = await exec('ctest', ['--test-dir', join(source, 'build'), '--output-on-failure']);
  assert.match(tested.stdout, /100% tests passed, 0 tests failed out of 2/);
}
/** The signed archive of what was built. */
async function pack(version) {
  rmSync(join(folder, `${id}-${version}.cluseplugin`), { force: true });
  const packed = await run(['plugin', 'pack', join(source, 'build/plugins/marche'), '--key', join(folder, 'key'), '--into', folder]);
  assert.equal(packed.code, 0, packed.stderr);
  return join(folder, `${id}-${version}.cluseplugin`);
}
const upload = (file) =>
  administrator.call('POST', '/plugins/uploads', readFileSync(file), { type: 'application/octet-stream' });
const greet = () => fetch(`${server.url}/x/${id}/marche`, { headers: { Cookie: administrator.cookie } });
const listed = async () => (await administrator.get('/plugins')).plugins.find((one) => one.id === id);
async function until(condition, words) {
  for (const end = Date.now() + 20_000; Date.now() < end; ) if (await condition()) return;
  assert.fail(words);
}
/** Asks without a pause while `change` is made: every answer is 200 and counts one further. */
async function askWhile(change) {
  let over = false;
  const asking = (async () => {
    const counts = [];
    while (!over) {
      const answer = await greet();
      assert.equal(answer.status, 200);
      counts.push((await answer.json()).greeted);
    }
    return counts;
  })();
  const done = await change();
  over = true;
  const counts = await asking;
  assert.deepEqual(counts, counts.map((_, i) => counts[0] + i));
  return done;
}

before(async () => {
  folder = await temporaryDirectory();
  source = join(folder, 'marche');
  await exec('cmake', ['--install', dirname(dirname(executable)), '--component', 'sdk', '--prefix', join(folder, 'prefix')]);
  server = await startDemo();
  administrator = await new Person(server.url).signIn(
    demo.people.find((one) => one.admin && one.locale === 'fr-FR').email, demo.password);
  const [workspace] = (await administrator.get('/workspaces')).workspaces;
  const document = await administrator.call('POST', `/workspaces/${workspace.id}/documents`, { title: 'Écrit pendant ce temps' });
  writers = await new Writers().open(administrator, document.id);
});
after(async () => {
  await discard(server);
  rmSync(folder, { recursive: true, force: true });
});

test('an author makes a plugin that keeps a count, with the SDK alone', async () => {
  await exec(executable, ['plugin', 'new', 'marche'], { cwd: folder });
  assert.equal((await run(['plugin', 'key', join(folder, 'key')])).code, 0);
  edit('plugin.toml', ['needs = ["cluse.http/1"]', 'needs = ["cluse.http/1", "cluse.handover/1"]']);
  edit(
    'src/marche.cpp',
    ['{{"greeting", words}}', '{{"greeting", words}, {"greeted", ++greeted_}}'],
    [' private:\n', ' private:\n  std::int64_t greeted_ = 0;\n' +
      '  cluse::Value on_save() override { return {{"greeted", greeted_}}; }\n' +
      '  void on_load(const cluse::Value& state) override { greeted_ = state["greeted"].as<std::int64_t>(); }\n']);
  await exec('cmake', ['-S', source, '-B', join(source, 'build'), `-DCMAKE_PREFIX_PATH=${join(folder, 'prefix')}`]);
  await build();
  await writers.goOn();
});

test('it is sent to a running server, shown, accepted, and answers', async () => {
  const archive = await pack('1.0.0');
  const shown = await upload(archive);
  assert.deepEqual([shown.id, shown.version, shown.host_default, shown.known_signer], [id, '1.0.0', 'child', false]);
  assert.ok(shown.grants.includes('route GET /marche'));
  assert.deepEqual(shown.added_grants, shown.grants);
  assert.equal((await greet()).status, 404, 'not before it is accepted');
  await assert.rejects(administrator.call('POST', `/plugins/uploads/${shown.upload}/accept`, { host: 'direct' }), { code: 'plugin_direct_not_allowed' });
  const taken = await administrator.call('POST', `/plugins/uploads/${shown.upload}/accept`, {});
  assert.deepEqual([taken.id, taken.version, taken.generation, taken.signer], [id, '1.0.0', 1, shown.signer]);
  await until(async () => (await greet()).status === 200, 'it answers');
  const other = await upload(archive);
  await administrator.call('DELETE', `/plugins/uploads/${other.upload}`);
  await assert.rejects(administrator.call('POST', `/plugins/uploads/${other.upload}/accept`, {}), { code: 'plugin_upload_not_found' });
  await writers.goOn();
});

test('its child is killed, and comes back', async () => {
  const child = readdirSync('/proc').find((pid) => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      return new RegExp(`^PPid:\\s+${server.process.pid}$`, 'm').test(status);
    } catch {
      return false;
    }
  });
  process.kill(Number(child), 'SIGKILL');
  await until(async () => (await listed()).restarts === 1, 'it is started again');
  assert.equal((await greet()).status, 200);
  await writers.goOn();
});

test('a new version takes over what the old one remembers, and refuses nobody meanwhile', async () => {
  edit('plugin.toml', ['version = "1.0.0"', 'version = "1.1.0"'], ['routes = ["GET /marche"]', 'routes = ["GET /marche", "GET /route"]']);
  await exec('cmake', ['--build', join(source, 'build')]);
  const forgotten = await run(['plugin', 'check', join(source, 'build/plugins/marche')]);
  assert.equal(forgotten.code, 1);
  assert.match(forgotten.stdout, /BAD[^\n]*routes[^\n]*\n\s+GET \/route: plugin\.toml names it, and no code answers/);
  edit(
    'src/marche.cpp',
    ['route("GET /marche", &Marche::greet);', 'route("GET /marche", &Marche::greet);\n    route("GET /route", &Marche::greet);'],
    ['"Bonjour"', '"Bonjour à toutes et à tous"']);
  edit('tests/marche_test.cpp', ['"Bonjour Léa"', '"Bonjour à toutes et à tous Léa"']);
  await build();
  const archive = await pack('1.1.0');
  const shown = await upload(archive);
  assert.deepEqual([shown.version, shown.present_version, shown.known_signer], ['1.1.0', '1.0.0', true]);
  assert.deepEqual([shown.added_grants, shown.removed_grants], [['route GET /route'], []]);
  const taken = await askWhile(() => administrator.call('POST', `/plugins/uploads/${shown.upload}/accept`, {}));
  assert.deepEqual([taken.version, taken.state, taken.refused], ['1.1.0', 'running', '']);
  assert.equal((await (await greet()).json()).greeting, 'Bonjour à toutes et à tous');
  await writers.goOn();
});

test('the command line does the same, and what does not start changes nothing', async () => {
  edit('plugin.toml', ['version = "1.1.0"', 'version = "1.2.0"']);
  await build();
  const archive = await pack('1.2.0');
  const done = await askWhile(() => run(['plugin', 'install', archive, '--accept', '--data', server.data]));
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stdout, /taken on by the running server/);
  const good = await listed();
  assert.equal(good.version, '1.2.0');
  edit('plugin.toml', ['version = "1.2.0"', 'version = "1.3.0"']);
  edit('src/marche.cpp', [' private:\n', ' private:\n  void on_start() override { throw std::runtime_error("pas ce matin"); }\n']);
  await exec('cmake', ['--build', join(source, 'build')]);
  const bad = await askWhile(() => run(['plugin', 'install', join(source, 'build/plugins/marche'), '--accept', '--accept-signer', '--data', server.data]));
  assert.equal(bad.code, 1);
  assert.match(bad.stderr, /plugin_not_ready.*pas ce matin/);
  const present = await listed();
  assert.deepEqual([present.version, present.state, present.signer], ['1.2.0', 'running', good.signer]);
  assert.match(present.refused, /pas ce matin/);
  await writers.goOn();
});

test('an administrator reads its log and its figures, takes its data and removes it', async () => {
  const { lines, next } = await administrator.get(`${plugin}/logs?after=0`);
  assert.ok(lines.some(({ line }) => line === 'started, version 1.0.0'));
  assert.deepEqual((await administrator.get(`${plugin}/logs?after=${next}`)).lines, []);
  const one = await listed();
  assert.ok(one.latency.p50_us > 0 && one.latency.p50_us <= one.latency.p99_us);
  assert.ok(one.limits.memory_bytes_max > one.memory_bytes);
  const again = await askWhile(() => administrator.call('POST', `${plugin}/reload`, {}));
  assert.ok(again.generation > one.generation);
  const data = await fetch(`${server.url}/api/v1${plugin}/export`, { headers: { Cookie: administrator.cookie } });
  assert.equal(data.headers.get('content-disposition'), `attachment; filename="${id}.db"`);
  assert.equal(Buffer.from(await data.arrayBuffer()).subarray(0, 15).toString(), 'SQLite format 3');
  await administrator.call('DELETE', plugin);
  assert.equal(await listed(), undefined);
  assert.equal((await greet()).status, 404);
  assert.deepEqual(readdirSync(join(server.data, 'plugins')).filter((name) => name.startsWith(id)), []);
  const told = (await administrator.get('/journal')).events.filter(({ verb }) => verb.startsWith('plugin.'));
  assert.deepEqual(told.map(({ verb }) => verb), ['plugin.removed', 'plugin.updated', 'plugin.updated', 'plugin.installed']);
  assert.deepEqual(told[1].details, { plugin: id, version: '1.2.0', before: '1.1.0' });
  assert.equal(told[1].actor, null, 'the command line is nobody');
  assert.equal(told[3].actor.id, administrator.me.person?.id ?? administrator.me.id);
  await writers.goOn();
});

test('whoever wrote meanwhile has noticed nothing of it', async (t) => {
  await writers.close();
  t.diagnostic(`${writers.letters} letters, the slowest on disk and at the other after ${writers.slowest.toFixed(0)} ms`);
});
