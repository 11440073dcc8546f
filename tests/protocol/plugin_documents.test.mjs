// A plugin that reads, makes and edits documents for the person who calls it, while somebody else has them open: through
// the wire, with a real Yjs client. The plugin is tests/plugin/asker, which passes on what it is asked.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { demonstration, Person } from '../lib/api.mjs';
import { CollabClient } from '../lib/collab.mjs';
import { discard, executable, run, startDemo } from '../lib/server.mjs';

const demo = demonstration();
const id = 'org.example.asker';

let server, administrator, editor, stranger, workspace;

const signIn = (person) => new Person(server.url).signIn(person.email, demo.password);
const person = (key) => demo.people.find((one) => one.key === key);

/** What the service answers, or the status and code of the refusal. */
async function ask(who, operation, body, as = 'ask') {
  const response = await fetch(`${server.url}/x/${id}/${as}/documents/${operation}`, {
    method: 'POST',
    headers: { Cookie: who?.cookie ?? '', Origin: server.url, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.ok ? response.json() : { status: response.status, code: (await response.json()).code };
}
const words = (doc) =>
  doc.getXmlFragment('default').toArray().map((block) => block.toArray().map((text) => text.toString()).join(''));

before(async () => {
  const built = join(dirname(dirname(executable)), 'plugins/asker');
  server = await startDemo();
  administrator = await signIn(demo.people.find((one) => one.admin));
  const done = await run(['plugin', 'install', built, '--accept', '--data', server.data]);
  assert.equal(done.code, 0, done.stderr);
  await administrator.call('PUT', `/plugins/${id}`, { enabled: true });
  const open = demo.workspaces.find((one) => one.members.some((member) => member.role === 'editor'));
  editor = await signIn(person(open.members.find((member) => member.role === 'editor').person));
  stranger = await signIn(demo.people.find((one) => !one.admin && !open.members.some((member) => member.person === one.key)));
  workspace = (await editor.get('/workspaces')).workspaces.find((one) => one.name === open.name).id;
});
after(() => discard(server));

test('what a plugin writes reaches whoever has the document open, and is on disk', async () => {
  const blocks = [
    { type: 'heading', level: 2, text: 'Ordre du jour' },
    { type: 'paragraph', text: 'Accueil' },
    { type: 'markdown', text: 'Un **mot** en gras' },
  ];
  const made = await ask(editor, 'create', { workspace, title: 'Séance du comité', language: 'fr-FR', blocks });
  const client = await new CollabClient(`${server.url.replace('http', 'ws')}/collab/${made.id}`, {
    headers: { Cookie: editor.cookie, Origin: server.url },
  }).open();
  await client.until(() => client.synced, 'synced');
  assert.deepEqual(words(client.doc), ['Ordre du jour', 'Accueil', 'Un <bold>mot</bold> en gras']);
  const read = await ask(editor, 'read', { id: made.id });
  assert.deepEqual(
    read.blocks.map(({ type, text, level }) => [type, text, level]),
    [['heading', 'Ordre du jour', 2], ['paragraph', 'Accueil', undefined], ['paragraph', 'Un mot en gras', undefined]],
  );
  assert.equal(read.title, 'Séance du comité');
  const [title, welcome, last] = read.blocks.map((block) => block.id);
  const operations = [
    { op: 'insert', after: title, text: 'Présents : douze' },
    { op: 'replace', block: welcome, text: 'Accueil et vœux' },
    { op: 'remove', block: last },
  ];
  assert.deepEqual(await ask(editor, 'edit', { id: made.id, operations }), {});
  await client.until(() => words(client.doc)[1] === 'Présents : douze', 'the edit arrives');
  assert.deepEqual(words(client.doc), ['Ordre du jour', 'Présents : douze', 'Accueil et vœux']);
  await server.kill();
  await server.start();
  const again = await ask(editor, 'read', { id: made.id });
  assert.deepEqual(again.blocks.map((block) => block.text), ['Ordre du jour', 'Présents : douze', 'Accueil et vœux']);
  const gone = await ask(editor, 'edit', { id: made.id, operations: [{ op: 'remove', block: welcome }] });
  assert.equal(gone.status, 409, 'what is gone is said, and nothing changes');
  const listed = await ask(editor, 'list', { workspace });
  assert.ok(listed.documents.some((one) => one.id === made.id && one.title === 'Séance du comité'));
});

test('a plugin has the rights of the person who calls it, and no others', async () => {
  const made = await ask(editor, 'create', { workspace, title: 'Rien que pour nous', blocks: [] });
  const edit = { id: made.id, operations: [{ op: 'insert', text: 'Intrus' }] };
  assert.equal((await ask(stranger, 'read', { id: made.id })).status, 404);
  assert.equal((await ask(stranger, 'edit', edit)).status, 404);
  assert.equal((await ask(stranger, 'list', { workspace })).status, 404);
  assert.equal((await ask(stranger, 'create', { workspace, title: 'x', blocks: [] })).status, 404);
  assert.ok((await ask(editor, 'read', { id: made.id }, 'itself')).status >= 400, 'for itself it has none');
  assert.equal((await ask(editor, 'edit', edit)).code, undefined);
});

test('what cannot be an edit is refused, and says why', async () => {
  const made = await ask(editor, 'create', { workspace, title: 'Garde-fous', blocks: [{ text: 'Seul' }] });
  for (const operation of [
    { op: 'insert', type: 'heading', level: 9, text: 'x' },
    { op: 'insert', type: 'script', text: 'x' },
    { op: 'burn', text: 'x' },
    { op: 'replace', text: 'x' },
  ]) {
    const refused = await ask(editor, 'edit', { id: made.id, operations: [{ op: 'insert', text: 'y' }, operation] });
    assert.ok(refused.status >= 400, JSON.stringify(operation));
  }
  const many = Array.from({ length: 1001 }, () => ({ op: 'insert', text: 'x' }));
  assert.ok((await ask(editor, 'edit', { id: made.id, operations: many })).status >= 400);
  assert.deepEqual((await ask(editor, 'read', { id: made.id })).blocks.map((block) => block.text), ['Seul']);
});
