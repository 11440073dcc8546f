// Machine translation over the wire: off unless configured; only passages leave, and the journal says so; whatever the provider
// does (down, refusing, talking nonsense, silent), the answer is a sentence and nothing has changed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Person, demonstration } from '../lib/api.mjs';
import { twoWriters, workspaceOf } from '../lib/browser.mjs';
import { LibreTranslate } from '../lib/libre_translate.mjs';
import { discard, startDemo } from '../lib/server.mjs';

const { people, password } = demonstration();
const keys = twoWriters();
const account = (key) => people.find((one) => one.key === key);
let provider;
let server;
let writer;
let own;
let workspace;

before(async () => {
  provider = await new LibreTranslate({ apiKey: 'a key', known: { 'Le quorum est atteint.': 'Der Rat ist beschlussfähig.' } }).start();
  server = await startDemo({ env: { CLUSE_TRANSLATION_URL: `${provider.url}/`, CLUSE_TRANSLATION_API_KEY: 'a key' } });
  writer = await new Person(server.url).signIn(account(keys.french).email, password);
  workspace = await workspaceOf(writer, keys.workspace);
  const source = await writer.call('POST', `/workspaces/${workspace.id}/documents`, { title: 'Procès-verbal', language: 'fr-CH' });
  own = await writer.call('POST', `/documents/${source.id}/twins`, { language: 'de-CH', title: 'Protokoll' });
});
after(async () => {
  await provider?.stop();
  await discard(server);
});

const translate = (passages, document = own.id) => writer.call('POST', `/documents/${document}/translation`, { passages });
const refusal = async (work) => {
  const error = await work.then(() => null, (caught) => caught);
  return error && { status: error.status, code: error.code, words: error.problem.title ?? error.problem.detail };
};

test('passages go there and nothing else does, the journal and the register say so', async () => {
  assert.deepEqual(await writer.get('/translation'), { provider: { host: '127.0.0.1', languages: ['fr', 'de'] } });
  const { passages } = await translate(['Le quorum est atteint.', 'Fin.']);
  assert.deepEqual(passages, ['Der Rat ist beschlussfähig.', '[de] Fin.']);
  assert.deepEqual(provider.asked.at(-1), {
    q: ['Le quorum est atteint.', 'Fin.'], source: 'fr', target: 'de', format: 'text', api_key: 'a key',
  });
  // What is written with marks goes as HTML, and comes back as the provider has it: the browser reads it as a stranger's word.
  const marked = ['Le <b>quorum</b> &amp; <a id="0">la règle</a>'];
  const said = await writer.call('POST', `/documents/${own.id}/translation`, { passages: marked, format: 'html' });
  assert.deepEqual(said.passages, [`[de] ${marked[0]}`]);
  assert.equal(provider.asked.at(-1).format, 'html');
  const admin = await new Person(server.url).signIn(people.find((one) => one.admin).email, password);
  const { events } = await admin.get('/journal?verb=document.machine_translated');
  assert.equal(events.length, 2);
  assert.equal(events[1].details.provider, '127.0.0.1');
  assert.equal(events[1].details.passages, '2');
  const { activities } = await writer.get('/privacy/register');
  assert.equal(activities.find(({ id }) => id === 'translation').recipient, '127.0.0.1');
});

test('whatever the provider does is told in a sentence', async () => {
  const answers = {
    translation_refused: (send) => send(429, { error: 'Slowdown: 30 per 1 minute' }),
    translation_unreachable: (send) => send(500, { error: 'Cannot translate text' }),
    translation_malformed: (send) => send(200, '<html>'),
  };
  for (const [code, instead] of Object.entries(answers)) {
    provider.instead = instead;
    const told = await refusal(translate(['Bonjour.']));
    assert.equal(told.code, code);
    assert.equal(told.status, 503);
  }
  for (const translatedText of ['one text', [], ['a', 'b'], [1], null]) {
    provider.instead = (send) => send(200, { translatedText });
    assert.equal((await refusal(translate(['Bonjour.']))).code, 'translation_malformed');
  }
  provider.instead = (send) => send(200, { translatedText: ['x'.repeat(2 << 20)] });
  assert.equal((await refusal(translate(['Bonjour.']))).code, 'translation_unreachable', 'an answer has a limit');
  provider.instead = (send, body, response) => response.destroy();
  assert.equal((await refusal(translate(['Bonjour.']))).code, 'translation_unreachable');
  provider.instead = null;
  provider.apiKey = 'another key';
  assert.equal((await refusal(translate(['Bonjour.']))).code, 'translation_refused');
  provider.apiKey = 'a key';
  const { port } = provider;
  await provider.stop();
  assert.equal((await refusal(translate(['Bonjour.']))).code, 'translation_unreachable', 'it is down');
  await provider.start(port);
  assert.equal((await translate(['Bonjour.'])).passages.length, 1);
});

test('what is asked has limits, and only a translation between two languages is translated', async () => {
  const asked = provider.asked.length;
  assert.equal((await refusal(translate([]))).code, 'field_missing');
  const format = writer.call('POST', `/documents/${own.id}/translation`, { passages: ['a'], format: 'xml' });
  assert.equal((await refusal(format)).code, 'field_invalid');
  assert.equal((await refusal(translate(['  ']))).code, 'field_missing');
  assert.equal((await refusal(translate(Array(51).fill('a')))).code, 'field_too_long');
  assert.equal((await refusal(translate(['a'.repeat(4001)]))).code, 'field_too_long');
  assert.equal((await refusal(translate(Array(6).fill('a'.repeat(4000))))).code, 'field_too_long');
  const alone = await writer.call('POST', `/workspaces/${workspace.id}/documents`, { title: 'Seul', language: 'fr' });
  assert.equal((await refusal(translate(['Bonjour.'], alone.id))).code, 'twin_not_linked');
  const near = await writer.call('POST', `/documents/${alone.id}/twins`, { language: 'fr-CH', title: 'Voisin' });
  assert.equal((await refusal(translate(['Bonjour.'], near.id))).code, 'translation_language');
  const italian = await writer.call('POST', `/documents/${alone.id}/twins`, { language: 'it', title: 'Italiano' });
  assert.equal((await refusal(translate(['Bonjour.'], italian.id))).code, 'translation_language');
  assert.equal(provider.asked.length, asked, 'none of it left the server');
});
