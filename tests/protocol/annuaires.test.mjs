// The directories as programs use them, over HTTP against a real server: the same journey with the plugin in its sandbox and
// inside the server. Besides, in the sandbox: real clients (vdirsyncer, khard) bring the directories into an address book, and
// a large file is taken and taken back while others read. ROWS=100000 makes it as large as a file may be.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { demonstration, Person } from '../lib/api.mjs';
import { MailServer, mailEnvironment } from '../lib/mail.mjs';
import { discard, executable, run, startDemo } from '../lib/server.mjs';

const exec = promisify(execFile);
const plugin = 'org.cluse.annuaires';
const folder = join(dirname(dirname(executable)), 'plugins', 'annuaires');
const skip = !existsSync(join(folder, 'libannuaires.so')) && `annuaires is not built: ${folder} has no libannuaires.so`;
const rows = Number(process.env.ROWS ?? 4_000);
const demo = demonstration();
const sink = await new MailServer().start();
after(() => sink.stop());

const pause = () => new Promise((turn) => setTimeout(turn, 50));

/** Somebody who asks the plugin. */
class Caller {
  constructor(server, person, authorization) {
    Object.assign(this, { url: `${server.url}/x/${plugin}`, origin: server.url, person, authorization });
  }
  send(method, path, body, headers = {}) {
    const own = this.person ? { Cookie: this.person.cookie, Origin: this.origin } : { Authorization: this.authorization };
    return fetch(path.startsWith('http') ? path : this.url + path, { method, body, redirect: 'manual', headers: { ...own, ...headers } });
  }
  async ask(method, path, body, status) {
    const answer = await this.send(method, path, body && JSON.stringify(body), body ? { 'Content-Type': 'application/json' } : {});
    const text = await answer.text();
    if (status) assert.equal(answer.status, status, `${method} ${path}: ${text}`);
    else assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text.startsWith('{') ? JSON.parse(text) : text;
  }
  get(path, status) {
    return this.ask('GET', path, undefined, status);
  }
  /** The import once it rests; `seen` gets each state on the way. */
  async rested(path, seen = () => undefined) {
    for (;;) {
      const one = (await this.get(path)).import;
      seen(one);
      if (!one.state.endsWith('ing')) return one;
      await pause();
    }
  }
  async send_file(slug, name, octets) {
    const made = await this.ask('POST', `/directories/${slug}/imports`, { name, size: octets.length }, 201);
    const path = `/imports/${made.import.id}`;
    for (let i = 0; i * made.part_bytes < octets.length; i += 1) {
      const part = octets.subarray(i * made.part_bytes, (i + 1) * made.part_bytes);
      const sent = await this.send('PUT', `${path}/parts/${i}`, part, { 'Content-Type': 'application/octet-stream' });
      assert.equal(sent.status, 200, await sent.text());
    }
    return { path, columns: (await this.ask('POST', `${path}/preview`)).import.columns };
  }
}

async function begin(host) {
  const direct = host === 'direct' ? { CLUSE_PLUGINS_DIRECT: plugin } : {};
  const server = await startDemo({ env: { ...mailEnvironment(sink.port, 'http://cluse.example'), ...direct } });
  const { code, stderr } = await run(['plugin', 'install', folder, '--accept', '--data', server.data]);
  assert.equal(code, 0, stderr);
  const signed = async (chosen) => new Person(server.url).signIn(demo.people.find(chosen).email, demo.password);
  const administrator = await signed(({ admin }) => admin);
  await administrator.call('PUT', `/plugins/${plugin}`, { enabled: true });
  const [shown] = (await administrator.get('/plugins')).plugins;
  assert.equal(shown.host ?? shown.mode, host, JSON.stringify(shown));
  const { secret } = await administrator.call('POST', '/me/app-passwords', { name: 'telephone' });
  const login = { user: administrator.me.email, secret };
  const basic = `Basic ${Buffer.from(`${login.user}:${secret}`).toString('base64')}`;
  const secretariat = new Caller(server, administrator);
  await secretariat.ask('POST', '/demo');
  return { server, secretariat, login, member: new Caller(server, await signed(({ admin }) => !admin)), telephone: new Caller(server, null, basic) };
}

async function entries({ secretariat, member }) {
  const values = {
    name: { fr: 'Maison « test », Maîche' }, email: 'bureau@example.org', phone: '03 84 00 00 00', note: 'pour le secrétariat',
    address: { street: '1, rue de l’Église', postcode: '25120', city: 'Maîche' },
    about: { fr: '=1+1\nEND:VCARD\nBEGIN:VCARD\nune autre, avec ; et \\' },
  };
  const { entry } = await secretariat.ask('POST', '/directories/organismes/entries', { values }, 201);
  const [hit] = (await secretariat.get('/search?q=maisn%20maiche')).hits;
  assert.equal(hit.id, entry.id, 'found in spite of a typo');
  const changed = { version: entry.version, values: { phone: '03 84 00 00 01' } };
  await secretariat.ask('PUT', `/entries/${entry.id}`, changed);
  assert.equal((await secretariat.ask('PUT', `/entries/${entry.id}`, changed, 409)).code, 'version_conflict');
  await member.ask('PUT', `/entries/${entry.id}`, changed, 403);
  const seen = (await member.get(`/entries/${entry.id}`)).entry;
  assert.equal(seen.values.note, undefined);
  assert.equal(seen.values.phone, '03 84 00 00 01');
  return entry;
}

async function import_and_undo({ secretariat }) {
  const csv = Buffer.from('\ufeffNom complet;Courriel;Téléphone\r\nSyndicat des Deux Rives;deux@example.org;\r\nSans numéro;;abc\r\n');
  const { path, columns } = await secretariat.send_file('organismes', 'liste.csv', csv);
  await secretariat.ask('POST', `${path}/check`, { columns }, 202);
  const { counts } = await secretariat.rested(path);
  assert.deepEqual([counts.new, counts.problems], [1, 1]);
  await secretariat.ask('POST', `${path}/apply`, undefined, 202);
  assert.equal((await secretariat.rested(path)).counts.created, 1);
  assert.equal((await secretariat.get('/search?q=deux%20rives')).hits.length, 1);
  await secretariat.ask('POST', `${path}/undo`, undefined, 202);
  assert.equal((await secretariat.rested(path)).state, 'undone');
  assert.equal((await secretariat.get('/entries?q=deux%20rives')).total, 0);
}

async function exports_of({ member, secretariat }) {
  const csv = await member.get('/directories/organismes/export/csv');
  assert.match(csv, /'=1\+1/, 'no formula');
  assert.doesNotMatch(csv, /pour le secrétariat/);
  const cards = await secretariat.get('/directories/organismes/export/vcf');
  assert.equal(cards.match(/^BEGIN:VCARD\r$/gm).length, cards.match(/^FN[:;]/gm).length, 'no line makes a card');
  for (const [format, start] of [['xlsx', 'PK'], ['ods', 'PK'], ['pdf', '%PDF']])
    assert.ok((await member.get(`/directories/organismes/export/${format}`)).startsWith(start), format);
}

async function address_book({ server, telephone }) {
  const found = await telephone.send('PROPFIND', `${server.url}/.well-known/carddav`);
  assert.equal(new URL(found.headers.get('location'), server.url).pathname, `/x/${plugin}/dav/`);
  const wrong = new Caller(server, null, `Basic ${Buffer.from('nobody:nothing').toString('base64')}`);
  assert.equal((await wrong.send('PROPFIND', '/dav/')).status, 401);
  const books = await telephone.send('PROPFIND', '/dav/books/', undefined, { Depth: '1' });
  assert.equal(books.status, 207);
  assert.match(await books.text(), /\/dav\/books\/organismes\//);
  assert.equal((await telephone.send('GET', '/entries')).status, 401, 'an app password opens nothing else');
}

/** The report that another server's Postfix writes about `mail`, a week later. */
function report(raw) {
  return `From: MAILER-DAEMON@mx.example.org\nTo: cluse@example.org\nMIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="4F1.1/mx"\n
--4F1.1/mx\nContent-Type: text/plain\n\nThis is the mail system at host mx.example.org.\n
--4F1.1/mx\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n
Final-Recipient: rfc822; bureau@example.org\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n
--4F1.1/mx\nContent-Type: message/rfc822\n\n${raw.replaceAll('\r\n', '\n')}\n--4F1.1/mx--\n`;
}

async function mail_that_comes_back({ server, secretariat }, entry) {
  assert.deepEqual(await secretariat.ask('POST', '/reminders/send', { entries: [entry.id] }), { sent: 1, without_address: 0 });
  const before = sink.mails.length;
  const mail = await sink.mail((one) => one.to_envelope[0] === 'bureau@example.org');
  sink.mails.splice(0, Math.max(before, sink.mails.length));
  const bounce = async (input) => (await run(['mail', 'bounce', '--data', server.data], { input })).stdout;
  assert.match(await bounce(report(mail.raw).replace(/^Message-ID: <.{8}/m, 'Message-ID: <00000000')), /^Left alone: no message/);
  assert.match(await bounce('Subject: absent\n\nDe retour lundi.\n'), /^Left alone: bounce_unreadable/);
  // The mark of what was sent follows the mail server's word for it.
  while (!(await bounce(report(mail.raw))).startsWith('Noted')) await pause();
  for (;;) {
    const now = (await secretariat.get(`/entries/${entry.id}`)).entry;
    if (now.mail === 'bounced') break;
    await pause();
  }
  const { history } = await secretariat.get(`/entries/${entry.id}/history`);
  assert.match(history[0].note, /bounced: 5\.1\.1 .*User unknown/);
  assert.equal((await secretariat.get('/reminders')).bounced, 1);
  assert.equal(await server.metric('cluse_mail_bounced_total'), 1);
}

async function real_clients({ server, secretariat, login }, entry) {
  const place = join(server.data, 'clients');
  const config = join(server.data, 'vdirsyncer.conf');
  writeFileSync(config, `[general]
status_path = "${place}/status"
[pair books]
a = "here"
b = "there"
collections = ["from b"]
conflict_resolution = "b wins"
metadata = ["displayname"]
[storage here]
type = "filesystem"
path = "${place}/books"
fileext = ".vcf"
[storage there]
type = "carddav"
url = "${server.url}/"
username = "${login.user}"
password = "${login.secret}"
read_only = true
`);
  const client = async (command, args, input = '') => {
    const running = exec(command, args, { timeout: 120_000 });
    running.child.stdin.end(input);
    return (await running).stdout;
  };
  await client('vdirsyncer', ['-c', config, 'discover'], 'y\n'.repeat(20));
  await client('vdirsyncer', ['-c', config, 'sync']);
  const cards = () => readdirSync(join(place, 'books/organismes')).map((name) => readFileSync(join(place, 'books/organismes', name), 'utf8'));
  const first = cards();
  assert.equal(first.length, (await secretariat.get('/directories/organismes')).directory.entries);
  assert.ok(readdirSync(join(place, 'books')).includes('techniciens'), 'every directory is a book');
  const book = join(server.data, 'khard.conf');
  writeFileSync(book, `[addressbooks]\n[[organismes]]\npath = ${place}/books/organismes/\n[general]\ndefault_action = list\n`);
  const shown = await client('khard', ['-c', book, 'show', '--format', 'yaml', 'Maison']);
  for (const words of ['Maison « test », Maîche', 'bureau@example.org', '1, rue de l’Église', 'une autre, avec ; et'])
    assert.ok(shown.includes(words), `${words}:\n${shown}`);
  await secretariat.ask('DELETE', `/entries/${entry.id}`);
  await client('vdirsyncer', ['-c', config, 'sync']);
  assert.equal(cards().length, first.length - 1);
  assert.ok(!cards().some((card) => card.includes(entry.uid)), 'what was put away is gone');
}

for (const host of ['child', 'direct']) {
  test(`${host}: entries, an import taken back, exports, an address book, a mail that comes back`, { skip, timeout: 180_000 + 6 * rows }, async (context) => {
    const desk = await begin(host);
    try {
      const entry = await entries(desk);
      await import_and_undo(desk);
      await exports_of(desk);
      await address_book(desk);
      await mail_that_comes_back(desk, entry);
      if (host === 'direct') return;
      const has_clients = ['vdirsyncer', 'khard'].every((name) => existsSync(`/usr/bin/${name}`));
      if (has_clients) await real_clients(desk, entry);
      else context.diagnostic('vdirsyncer and khard are not installed: no real client was tried');
      await large_import(desk, context);
    } finally {
      await discard(desk.server);
    }
  });
}

async function large_import({ secretariat }, context) {
  const list = (count) => {
    const lines = ['Nom complet;Courriel;Ville;Pays'];
    for (let i = 0; i < count; i += 1) lines.push(`Bureau n${i} de Maîche;${i % 1000 === 7 ? 'sans arobase' : `n${i}@example.org`};Maîche;${i % 2 ? 'CH' : 'FR'}`);
    return Buffer.from(lines.join('\r\n'));
  };
  const over = await secretariat.send_file('organismes', 'trop.csv', list(100_001));
  await secretariat.ask('POST', `${over.path}/check`, { columns: over.columns }, 202);
  const refused = await secretariat.rested(over.path);
  assert.deepEqual([refused.state, refused.error], ['failed', 'import_too_large']);

  const total = async () => (await secretariat.get('/directories/organismes/entries?limit=1')).total;
  const before = await total();
  const { path, columns } = await secretariat.send_file('organismes', 'grand.csv', list(rows));
  let slowest = 0;
  const step = async (name) => {
    const started = performance.now();
    const marks = new Set();
    await secretariat.ask('POST', `${path}/${name}`, name === 'check' ? { columns } : undefined, 202);
    const done = await secretariat.rested(path, ({ progress }) => marks.add(progress.done));
    context.diagnostic(`${name} of ${rows} rows: ${Math.round(performance.now() - started)} ms, ${marks.size} marks of progress`);
    assert.ok(rows < 50_000 || marks.size > 5, 'progress moves');
    return done;
  };
  // Others read meanwhile: the lane is theirs between two pieces.
  let over_with = false;
  const reading = (async () => {
    while (!over_with) {
      const started = performance.now();
      await secretariat.get('/search?q=belfort');
      slowest = Math.max(slowest, performance.now() - started);
      await pause();
    }
  })();
  const wrong = Math.ceil((rows - 7) / 1000);
  const { counts } = await step('check');
  assert.deepEqual([counts.rows, counts.new, counts.problems], [rows, rows - wrong, wrong]);
  assert.equal((await step('apply')).counts.created, rows - wrong);
  assert.equal(await total(), before + rows - wrong);
  const undone = await step('undo');
  assert.deepEqual([undone.state, undone.counts.kept], ['undone', 0]);
  assert.equal(await total(), before);
  over_with = true;
  await reading;
  context.diagnostic(`the slowest answer to somebody who searched meanwhile: ${Math.round(slowest)} ms`);
}
