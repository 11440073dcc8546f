// The walk of a plugin's author and of an administrator, from an empty folder to the end of the plugin, while two people write
// in one document: nobody of them is cut off, and each letter arrives at the other, whatever is done to the plugin. What the
// administrator does, and what the plugin shows, is done and seen in Chromium; the command line and the API check the rest.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { demonstration } from '../lib/api.mjs';
import { drawn, launch, open } from '../lib/browser.mjs';
import { CollabClient } from '../lib/collab.mjs';
import { discard, executable, run, startDemo, temporaryDirectory } from '../lib/server.mjs';

const exec = promisify(execFile);
const typed = promisify(setTimeout);
/** Between one letter and the next: faster than people write, and the machine is not busy with it. */
const kLetter_ms = 20;
const demo = demonstration();
const id = 'org.example.marche';
const plugin = `/plugins/${id}`;
const account = demo.people.find((one) => one.admin && one.locale === 'fr-FR');

let folder, source, server, browser, chromium, administrator, page, complaints, writers;

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
      await typed(kLetter_ms);
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
  await exec('cmake', ['--build', join(source, 'build'), '-j', '2']);
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

/** The administrator chooses a file under Extensions; the dialog that says what it asks for. */
async function choose(archive) {
  await page.goto('/administration/extensions');
  await page.getByRole('button', { name: 'Installer une extension' }).waitFor();
  await page.locator('input[type=file]').setInputFiles(archive);
  return page.getByRole('dialog');
}
/** What the plugin's page answers to a name, in the frame that it stands in. */
async function greetOnPage(at, name, greeting) {
  const screen = at.locator('.ext').frameLocator('iframe');
  await screen.getByLabel('Votre prénom').fill(name);
  await screen.getByRole('button', { name: 'Saluer' }).click();
  await screen.getByRole('status').filter({ hasText: greeting }).waitFor();
}
/** The line of the health of the plugin's card: what stands beside `title`. */
async function healthOf(title) {
  await page.goto('/administration/extensions');
  await page.getByText('Détails', { exact: true }).click();
  return page.locator('.adm-facts > div').filter({ has: page.getByText(title, { exact: true }) }).locator('dd');
}

before(async () => {
  folder = await temporaryDirectory();
  source = join(folder, 'marche');
  await exec('cmake', ['--install', dirname(dirname(executable)), '--component', 'sdk', '--prefix', join(folder, 'prefix')]);
  server = await startDemo();
  chromium = await launch();
  browser = await open(chromium, server, { key: account.key });
  ({ page, complaints, person: administrator } = browser);
  const [workspace] = (await administrator.get('/workspaces')).workspaces;
  const document = await administrator.call('POST', `/workspaces/${workspace.id}/documents`, { title: 'Écrit pendant ce temps' });
  writers = await new Writers().open(administrator, document.id);
});
after(async () => {
  await chromium?.close();
  await discard(server);
  rmSync(folder, { recursive: true, force: true });
});

test('an author makes a plugin that keeps a count, with the SDK alone', async () => {
  await exec(executable, ['plugin', 'new', 'marche'], { cwd: folder });
  assert.equal((await run(['plugin', 'key', join(folder, 'key')])).code, 0);
  edit('plugin.toml', ['needs = ["cluse.http/1"]', 'needs = ["cluse.http/1", "cluse.handover/1"]']);
  edit('web/page.js', ['answer.textContent = json.greeting;', 'answer.textContent = `${json.greeting}, n° ${json.greeted}`;']);
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

test('it is sent to a running server, shown, accepted, and seen', async () => {
  const archive = await pack('1.0.0');
  const shown = await upload(archive);
  assert.deepEqual([shown.id, shown.version, shown.host_default, shown.known_signer], [id, '1.0.0', 'child', false]);
  assert.ok(shown.grants.includes('route GET /marche'));
  assert.deepEqual(shown.added_grants, shown.grants);
  assert.equal((await greet()).status, 404, 'not before it is accepted');
  await assert.rejects(administrator.call('POST', `/plugins/uploads/${shown.upload}/accept`, { host: 'direct' }), { code: 'plugin_direct_not_allowed' });
  await administrator.call('DELETE', `/plugins/uploads/${shown.upload}`);
  await assert.rejects(administrator.call('POST', `/plugins/uploads/${shown.upload}/accept`, {}), { code: 'plugin_upload_not_found' });

  const dialog = await choose(archive);
  await dialog.getByRole('heading', { name: 'Installer Marche 1.0.0' }).waitFor();
  await dialog.getByText('Répondre aux personnes connectées, à ses propres adresses.').waitFor();
  await dialog.getByText('une clé que ce serveur voit pour la première fois').waitFor();
  await dialog.getByText(shown.signer).waitFor();
  await dialog.getByRole('button', { name: 'Accorder et installer' }).click();
  await page.getByText('Marche est installée.').waitFor();
  const taken = await listed();
  assert.deepEqual([taken.version, taken.generation, taken.signer, taken.host], ['1.0.0', 1, shown.signer, 'child']);
  await page.goto('/');
  await page.getByRole('navigation').getByRole('link', { name: 'Marche' }).click();
  await page.waitForURL(`**/e/${id}`);
  await greetOnPage(page, 'Léa', 'Bonjour Léa, n° 1');
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
  await greetOnPage(page, 'Ana', 'Bonjour Ana, n° 1'); // its memory is gone, and the page that was open goes on
  assert.equal(await (await healthOf('Pannes')).textContent(), '1');
  assert.equal(await (await healthOf('Redémarrages')).textContent(), '1');
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
  const dialog = await choose(archive);
  await dialog.getByText('De la version 1.0.0 à la version 1.1.0').waitFor();
  await dialog.getByText('Signée. C’est la clé connue de cette extension.').waitFor();
  await dialog.getByRole('heading', { name: 'Ce qu’elle demande de plus' }).waitFor();
  assert.deepEqual(await dialog.locator('.plg-grants .meta').allTextContents(), ['GET /route']);
  await askWhile(async () => {
    await dialog.getByRole('button', { name: 'Accorder et mettre à jour' }).click();
    await page.getByText('Marche est passée à la version 1.1.0.').waitFor();
  });
  const taken = await listed();
  assert.deepEqual([taken.version, taken.state, taken.refused], ['1.1.0', 'running', '']);
  assert.equal((await (await greet()).json()).greeting, 'Bonjour à toutes et à tous');
  await writers.goOn();
});

test('the author sees what she saves at once, in the Cluse that runs', async () => {
  const dev = spawn(executable, ['plugin', 'run', source, '--against', server.url, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(dev, 'exit');
  try {
    const [line] = await once(createInterface({ input: dev.stdout }), 'line');
    const url = /http:\S+/.exec(line)[0];
    const { context, page: tab, complaints: said } = await open(chromium, { url });
    await tab.goto(`/e/${id}`);
    await tab.getByLabel('Adresse électronique').fill(account.email);
    await tab.getByRole('textbox', { name: 'Mot de passe' }).fill(demo.password);
    await tab.getByRole('button', { name: 'Se connecter' }).click();
    await greetOnPage(tab, 'Luc', 'Bonjour à toutes et à tous Luc');
    const title = (words) => tab.locator('.ext').frameLocator('iframe').getByRole('heading', { level: 1, name: words });
    edit('i18n/fr.json', ['"page.title": "Marche"', '"page.title": "En marche"']);
    await title('En marche').waitFor();
    edit('web/page.js', ["make('h1', {}, t('page.title'))", "make('h1', {}, t('page.title'), ' !')"]);
    await title('En marche !').waitFor();
    assert.deepEqual(said, []);
    await context.close();
  } finally {
    dev.kill();
    await ended;
  }
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
  await page.goto(`/e/${id}`);
  await greetOnPage(page, 'Zoé', 'Bonjour à toutes et à tous Zoé');
  await page.goto('/administration/extensions');
  await page.getByRole('button', { name: 'Retirer…' }).click();
  const dialog = page.getByRole('alertdialog');
  const [file] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('link', { name: 'Télécharger ses données' }).click()]);
  assert.equal(file.suggestedFilename(), `${id}.db`);
  assert.equal(readFileSync(await file.path()).subarray(0, 15).toString(), 'SQLite format 3');
  await dialog.getByText(/^Effacer aussi ses données/).click();
  await dialog.getByRole('button', { name: 'Retirer Marche' }).click();
  await page.getByText('Marche est retirée.').waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Marche' }).waitFor({ state: 'detached' });
  assert.deepEqual(complaints, []);
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
