// Mail out, with a real SMTP server and a real MIME parser: what arrives, once, in whose language; a mail server that is
// away; kill -9; headers that people try to inject; what strangers can learn (nothing); what `cluse mail test` says.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { readFileSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Person, demonstration } from '../lib/api.mjs';
import { MailServer, mailEnvironment } from '../lib/mail.mjs';
import { discard, root, run, startDemo, temporaryDirectory } from '../lib/server.mjs';

const { password, people } = demonstration();
const admin = people.find((one) => one.admin);
const other = people.find((one) => !one.admin);

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((ready) => probe.once('listening', ready));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

async function start(mailPort, { data, more } = {}) {
  const port = await freePort();
  return startDemo({ data, port, env: mailEnvironment(mailPort, `http://127.0.0.1:${port}`, more) });
}

async function invite(server, email, body = {}) {
  const person = await new Person(server.url).signIn(admin.email, password);
  return person.call('POST', '/invitations', { email, ...body });
}

const to = (address) => (mail) => mail.to_envelope[0] === address;

const sink = await new MailServer().start();
const server = await start(sink.port);
after(async () => {
  await discard(server);
  await sink.stop();
});

for (const [language, subject, words] of [['fr', /vous invite/, /ouvrir un compte/], ['de', /lädt Sie/, /Konto .* zu eröffnen/]]) {
  test(`an invitation arrives in ${language}, as text and as HTML, with headers that parse`, { timeout: 60_000 }, async () => {
    const address = `invitee-${language}@example.ch`;
    const made = await invite(server, address, { language });
    assert.equal(made.sent_to, address);
    const mail = await sink.mail(to(address));
    assert.match(mail.subject, subject);
    assert.match(mail.text, words);
    assert.match(mail.html, words);
    assert.match(mail.html, new RegExp(`<html lang="${language}">`));
    assert.ok(mail.text.includes(made.url) && mail.html.includes(`href="${made.url}"`));
    assert.equal(mail.from.value[0].name, 'Conférence « TransJurassienne »');
    assert.equal(mail.from.value[0].address, 'cluse@example.org');
    assert.equal(mail.headers.get('auto-submitted'), 'auto-generated');
    assert.equal(mail.headers.get('content-language'), language);
    assert.match(mail.messageId, /^<[0-9a-f]{64}\.[0-9a-f]{32}@example\.org>$/);
    assert.equal(mail.headers.has('list'), false);
    assert.ok(mail.raw.split('\r\n').every((line) => line.length <= 998 && /^[\x20-\x7e\t]*$/.test(line)), 'seven bits, short lines');
  });
}

test('no name that people give becomes a header', { timeout: 60_000 }, async () => {
  const person = await new Person(server.url).signIn(admin.email, password);
  const territory = (await person.get('/territories')).territories[0];
  const name = 'Mobilité =?UTF-8?Q?=0D=0ABcc:_x@example.org?= ; Bcc: y@example.org';
  const space = await person.call('POST', '/workspaces', { name, territory_id: territory.id });
  await person.call('POST', '/invitations', { workspace_id: space.id, email: 'careful@example.ch', language: 'fr' });
  const mail = await sink.mail(to('careful@example.ch'));
  assert.ok(mail.subject.includes(name), mail.subject);
  assert.equal(mail.bcc, undefined);
  assert.deepEqual(mail.to_envelope, ['careful@example.ch']);
  for (const evil of ['a@example.ch\r\nBcc: x@example.org', 'a@example.ch>\r\nRCPT TO:<x@example.org', 'a@example.ch,x@example.org']) {
    await assert.rejects(person.call('POST', '/invitations', { email: evil }), { status: 422, code: 'field_invalid' });
  }
});

test('nobody learns from the answer who has an account, and only she gets a letter', { timeout: 60_000 }, async () => {
  const ask = async (email) => {
    const response = await fetch(`${server.url}/api/v1/recovery`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: server.url },
      body: JSON.stringify({ email, purpose: 'password' }),
    });
    const headers = [...response.headers.keys()].sort();
    return { status: response.status, body: await response.text(), headers };
  };
  const before = sink.mails.length;
  const unknown = await ask('nobody@example.org');
  const known = await ask(other.email);
  assert.deepEqual(known, unknown);
  assert.equal(known.status, 202);
  const mail = await sink.mail(to(other.email));
  assert.equal(sink.mails.length, before + 1);
  const token = /\/lien#(\S+)/.exec(mail.text)[1];
  const stranger = new Person(server.url);
  assert.equal((await stranger.call('POST', '/recovery/link', { token })).purpose, 'password');
  assert.equal((await stranger.call('POST', '/recovery/link', { token })).purpose, 'password', 'looking uses nothing up');
  const { me } = await stranger.call('POST', '/recovery/session', { token, password: 'another good password' });
  assert.equal(me.email, other.email);
  await assert.rejects(stranger.call('POST', '/recovery/session', { token, password: 'another good password' }), { status: 410 });
  const told = await sink.mail((one) => to(other.email)(one) && one !== mail);
  assert.match(told.subject, /mot de passe|Passwort/);
});

test('a mail server that is away gets everything once it is back, once', { timeout: 120_000 }, async () => {
  const port = await freePort();
  const away = await start(port);
  try {
    assert.equal((await invite(away, 'patient@example.ch')).sent_to, 'patient@example.ch');
    await away.logged((line) => line.event === 'mail_delayed' && line.trouble === 'unreachable');
    assert.equal((await fetch(`${away.url}/readyz`)).status, 200, 'work goes on without mail');
    assert.equal(await away.metric('cluse_mail_waiting'), 1);
    const back = await new MailServer({ port }).start();
    await back.mail(to('patient@example.ch'));
    await invite(away, 'second@example.ch');
    await back.mail(to('second@example.ch'));
    assert.equal(back.mails.length, 2);
    await back.stop();
  } finally {
    await discard(away);
  }
});

test('kill -9 between queueing and sending loses nothing', { timeout: 120_000 }, async () => {
  const port = await freePort();
  const data = await temporaryDirectory();
  await run(['import', join(root, 'config/demo'), '--data', data]);
  const first = await start(port, { data });
  const made = await invite(first, 'survivor@example.ch');
  await first.kill();
  const back = await new MailServer({ port }).start();
  const second = await start(port, { data });
  const mail = await back.mail(to('survivor@example.ch'));
  assert.ok(mail.text.includes(made.token));
  // Stopped and started again: what is marked as sent does not leave a second time.
  await second.stop();
  const third = await start(port, { data });
  await invite(third, 'later@example.ch');
  await back.mail(to('later@example.ch'));
  assert.equal(back.mails.filter(to('survivor@example.ch')).length, 1);
  await third.stop();
  await back.stop();
  await rm(data, { recursive: true, force: true });
});

test('a refusal for good is kept aside with its reason, one for now is tried again', { timeout: 120_000 }, async () => {
  let busy = 2;
  const strict = await new MailServer({
    refuse: (step, address) => {
      if (step !== 'recipient') return null;
      if (address === 'gone@example.ch') return [550, 'no such user here'];
      if (address === 'busy@example.ch' && busy > 0) {
        busy -= 1;
        return [451, 'try again later'];
      }
      return null;
    },
  }).start();
  const careful = await start(strict.port);
  try {
    const refused = careful.logged((line) => line.event === 'mail_refused');
    await invite(careful, 'gone@example.ch');
    await invite(careful, 'busy@example.ch');
    assert.match((await refused).reason, /550.*no such user here/);
    await strict.mail(to('busy@example.ch'));
    const folder = join(careful.data, 'mail/refused');
    const kept = readFileSync(join(folder, readdirSync(folder)[0]), 'utf8');
    assert.match(kept, /^to gone@example\.ch$/m);
    assert.doesNotMatch(kept, /invitation\//, 'the link is not kept');
  } finally {
    await discard(careful);
    await strict.stop();
  }
});

test('without a mail server there are links to copy', { timeout: 60_000 }, async () => {
  const plain = await startDemo();
  try {
    const made = await invite(plain, 'someone@example.ch');
    assert.equal(made.sent_to, null);
    assert.match(made.url, /\/invitation\//);
    const person = await new Person(plain.url).signIn(admin.email, password);
    const found = (await person.get(`/people?q=${encodeURIComponent(other.name)}`)).people[0];
    const link = await person.call('POST', `/people/${found.id}/recovery`, {});
    assert.match(link.url, /\/lien#/);
    await assert.rejects(new Person(plain.url).call('POST', '/recovery', { email: other.email, purpose: 'password' }), { code: 'mail_off' });
  } finally {
    await discard(plain);
  }
});

test('cluse mail test says in words what is wrong with the settings', { timeout: 120_000 }, async () => {
  const data = await temporaryDirectory();
  const key = join(data, 'key.pem');
  const cert = join(data, 'cert.pem');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost',
    '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const secure = await new MailServer({
    refuse: (step, address) => (step === 'sender' && address === 'stranger@example.org' ? [553, 'not your address'] : null),
    options: {
      key: readFileSync(key),
      cert: readFileSync(cert),
      disabledCommands: [],
      authOptional: false,
      onAuth: (auth, session, callback) => (auth.password === 'right'
        ? callback(null, { user: auth.username })
        : callback(Object.assign(new Error('bad credentials'), { responseCode: 535 }))),
    },
  }).start();
  const settings = (more = {}) => ({
    ...mailEnvironment(secure.port, 'https://cluse.example'),
    CLUSE_MAIL_SERVER: 'localhost',
    CLUSE_MAIL_ENCRYPTION: 'starttls',
    CLUSE_MAIL_CA_FILE: cert,
    CLUSE_MAIL_USER: 'cluse',
    CLUSE_MAIL_PASSWORD: 'right',
    ...more,
  });
  const says = async (more, words, code = 1) => {
    const { code: found, stdout, stderr } = await run(['mail', 'test', 'operator@example.ch', '--data', data], { env: settings(more) });
    assert.equal(found, code, stdout + stderr);
    assert.match(stdout + stderr, words);
    assert.ok(!(stdout + stderr).includes('secret-of-the-test'), 'a password is never shown');
  };
  await says({}, /took a message for operator@example\.ch/, 0);
  await says({ CLUSE_MAIL_SERVER: 'mail.invalid' }, /no server of the name mail\.invalid/);
  await says({ CLUSE_MAIL_PORT: String(await freePort()) }, /Nobody answers at/);
  await says({ CLUSE_MAIL_CA_FILE: '' }, /certificate must be valid/);
  await says({ CLUSE_MAIL_PASSWORD: 'secret-of-the-test' }, /did not accept who we say we are/);
  await says({ CLUSE_MAIL_SENDER: 'stranger@example.org' }, /does not let this account send/);
  await says({ CLUSE_MAIL_SENDER: 'nothing' }, /mail\.sender/);
  await says({ CLUSE_SERVER_PUBLIC_URL: '' }, /server\.public_url/);
  await says({ CLUSE_MAIL_SERVER: '' }, /mail\.server is not set/);
  await says({ CLUSE_MAIL_SERVER: 'smtp.example.org', CLUSE_MAIL_ENCRYPTION: 'none' }, /does not travel unencrypted/);
  await secure.stop();
  await rm(data, { recursive: true, force: true });
});
