// SPDX-License-Identifier: Apache-2.0
//
// Aim: a module behaves in the fake host as in Cluse, and the dev server changes what it says and nothing else.
// Method: sentences against their specification; a module that draws by hand in a document of ten lines; the proxy before
// a server of our own.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { forBrowser, forServer } from '../bin/cookies.mjs';
import { serve } from '../bin/dev.mjs';
import { format, translator } from '../messages.js';
import { fakeHost, refuse } from '../testing.js';

const here = dirname(fileURLToPath(import.meta.url));

test('sentences are filled in: names, numbers, plurals and choices, one within another', () => {
  const votes = '{count, plural, =0 {aucune voix} one {# voix} other {# voix}} sur {all, number}';
  assert.equal(format(votes, { count: 0, all: 12 }), 'aucune voix sur 12');
  const swiss = new Intl.NumberFormat('de-CH');
  assert.equal(format(votes, { count: 1234, all: 5000 }, 'de-CH'), `${swiss.format(1234)} voix sur ${swiss.format(5000)}`);
  const who = '{side, select, f {France, {n, plural, one {# élue} other {# élus}}} other {Suisse}}';
  assert.equal(format(who, { side: 'f', n: 1 }), 'France, 1 élue');
  assert.equal(format(who, { side: 'ch', n: 1 }), 'Suisse');
  assert.equal(format("point #1, '{'tel quel'}'", {}), 'point #1, {tel quel}');
  assert.equal(format('{a}{b}', { a: 'x' }), 'x');
  for (const wrong of ['{', '{a', '{n, plural, one {x}', '{n, plural, one x}']) assert.throws(() => format(wrong, { n: 1 }), SyntaxError);
  const t = translator({ good: 'Bonjour {name}', bad: '{' }, 'fr-FR');
  assert.equal(t('good', { name: 'Vaud' }), 'Bonjour Vaud');
  assert.equal(t('bad'), '{');
  assert.equal(t('nobody.wrote.it'), 'nobody.wrote.it');
});

test('the fake host answers, refuses, remembers, and tells of what changes', async () => {
  const host = fakeHost({ messages: { title: 'Sondages' }, context: { block: { data: null, editable: true } } });
  host.on('GET', /^\/polls/, () => ({ polls: [1] })).on('POST', '/polls', () => refuse(403, 'plugin_refused', 'Trop court.'));
  assert.deepEqual((await host.api('get', '/polls?open=1')).json, { polls: [1] });
  await assert.rejects(host.api('POST', '/polls', { question: '' }), { name: 'ApiError', status: 403, message: 'Trop court.' });
  await assert.rejects(host.api('GET', '/nothing'), { status: 404 });
  assert.deepEqual(host.asked.map(({ method }) => method), ['GET', 'POST', 'GET']);
  assert.equal(host.t('title'), 'Sondages');

  const heard = [];
  const stop = host.onPath((path) => heard.push(path));
  host.onBlock(({ data }) => heard.push(data));
  const channel = host.channel('poll/1', (body) => heard.push(body));
  host.navigate('/7');
  host.setBlock({ poll: 7 }, { text: 'Quel jour ?', path: '/7' });
  host.say('poll/1', 'a vote');
  channel.close();
  host.say('poll/1', 'not heard');
  stop();
  host.goTo('/8');
  assert.deepEqual(heard, ['/7', { poll: 7 }, 'a vote']);
  assert.deepEqual(host.standIns, [{ text: 'Quel jour ?', path: '/7' }]);
  assert.equal(await host.confirm({ title: 'Clore ?', action: 'Clore' }), false);
  host.answerDialog(true);
  assert.equal(await host.confirm({ title: 'Clore ?', action: 'Clore' }), true);
  const errors = ['question', 'closes'].map((field) => ({ field, code: 'field_missing', message: 'Il manque.' }));
  host.on('PUT', '/polls', () => refuse(422, 'field_missing', 'Il manque.', errors));
  await assert.rejects(host.api('PUT', '/polls', {}), { field: 'question', errors });
});

test('the tokens are those of the product', { skip: !existing('../../../client-web') }, () => {
  const product = readFileSync(join(here, '../../../client-web/src/ui/styles/tokens.css'), 'utf8');
  const own = readFileSync(join(here, '../tokens.css'), 'utf8');
  assert.equal(own, product.split('\n').filter((line) => !line.startsWith('@font-face')).join('\n'));
});

function existing(path) {
  try {
    readFileSync(join(here, path, 'package.json'));
    return true;
  } catch {
    return false;
  }
}

test('the dev server serves the files of the folder, and passes everything else on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cluse-sdk-'));
  mkdirSync(join(folder, 'web'));
  mkdirSync(join(folder, 'i18n'));
  writeFileSync(join(folder, 'plugin.toml'), '[plugin]\nid = "org.example.mine"\n');
  writeFileSync(join(folder, 'web/page.js'), 'export const here = 1;');
  writeFileSync(join(folder, 'i18n/de.json'), '{"title":"Neu"}');
  writeFileSync(join(folder, 'secret.txt'), 'no file of the UI');
  const module = (id) => ({ module: `/x/${id}/~${'a'.repeat(64)}/web/page.js`, style: null, slot: 'page' });
  const seen = [];
  const cluse = http.createServer((request, response) => {
    seen.push([request.url, request.headers.host, request.headers.origin]);
    if (request.url.startsWith('/api/v1/extensions')) {
      const extensions = ['org.example.mine', 'org.example.other'].map((id) => ({ id, ui: [module(id)], messages: {} }));
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ extensions }));
    } else if (request.url === '/signed-in') {
      response.setHeader('Set-Cookie', ['__Host-cluse_session=s; Path=/; HttpOnly; SameSite=Lax; Secure', 'other=1; Secure']);
      response.end();
    } else if (request.headers.accept === 'text/html') response.end('<html><head></head><body></body></html>');
    else response.end(`cluse ${request.method} ${request.url}`);
  });
  await new Promise((ready) => cluse.listen(0, '127.0.0.1', ready));
  const origin = `http://127.0.0.1:${cluse.address().port}`;
  const said = [];
  const dev = await serve({ folder, server: origin, port: 0, say: (words) => said.push(words) });
  try {
    const get = (path, headers = {}) => fetch(`${dev.url}${path}`, { headers });
    const { extensions } = await (await get('/api/v1/extensions', { 'Accept-Language': 'de-CH' })).json();
    assert.notEqual(extensions[0].ui[0].module, module('org.example.mine').module);
    assert.equal(extensions[1].ui[0].module, module('org.example.other').module);
    assert.deepEqual(extensions[0].messages, { title: 'Neu' });
    assert.equal(await (await get(extensions[0].ui[0].module)).text(), 'export const here = 1;');
    assert.equal((await get('/x/org.example.mine/~0/secret.txt')).status, 404);
    assert.equal((await get('/x/org.example.mine/~0/web/%2e%2e/secret.txt')).status, 404);
    assert.match(await (await get('/', { Accept: 'text/html' })).text(), /reload\.js/);
    const posted = await fetch(`${dev.url}/x/org.example.mine/polls`, { method: 'POST', headers: { Origin: dev.url } });
    assert.equal(await posted.text(), 'cluse POST /x/org.example.mine/polls');
    assert.deepEqual(seen.at(-1).slice(1), [new URL(origin).host, origin]);
    writeFileSync(join(folder, 'web/page.js'), 'export const here = 2222;');
    const again = (await (await get('/api/v1/extensions')).json()).extensions[0].ui[0].module;
    assert.notEqual(again, extensions[0].ui[0].module);

    // A session of a server behind https is kept on http, and is its own again there.
    const kept = (await get('/signed-in')).headers.getSetCookie();
    assert.deepEqual(kept, ['cluse_session=s; Path=/; HttpOnly; SameSite=Lax', 'other=1; Secure']);
    assert.equal(forServer('other=1; cluse_session=s', true), 'other=1; __Host-cluse_session=s');
    assert.equal(forServer('cluse_session=s', false), 'cluse_session=s');
    assert.equal(forBrowser('cluse_session=s; Path=/'), 'cluse_session=s; Path=/');

    // What is not installed there is said once, to whoever has signed in.
    assert.deepEqual(said, []);
    writeFileSync(join(folder, 'plugin.toml'), '[plugin]\nid = "org.example.absent"\n');
    const absent = await serve({ folder, server: origin, port: 0, say: (words) => said.push(words) });
    for (const cookie of ['', 'cluse_session=s', 'cluse_session=s'])
      await fetch(`${absent.url}/api/v1/extensions`, { headers: cookie ? { Cookie: cookie } : {} });
    absent.close();
    assert.equal(said.length, 1);
    assert.match(said[0], /org\.example\.absent is not among/);
  } finally {
    dev.close();
    cluse.close();
    rmSync(folder, { recursive: true });
  }
});
