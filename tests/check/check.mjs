// ./dev run --check: drives the main job against a running server through the wire. Two people, one from each side of the
// border, write one document; what each writes reaches the other, is acknowledged as being on disk, and is exported.
// Usage: node check.mjs http://127.0.0.1:8080
import { CollabClient } from '../lib/collab.mjs';
import { Person, demonstration } from '../lib/api.mjs';
import * as Y from 'yjs';

const url = process.argv[2] ?? 'http://127.0.0.1:8080';
const { people, password, workspaces } = demonstration();

let step = 'start';
async function doing(name, work) {
  step = name;
  const result = await work();
  console.log(`  ok  ${name}`);
  return result;
}

function expect(condition, words) {
  if (!condition) throw new Error(words);
}

function paragraph(text) {
  const element = new Y.XmlElement('paragraph');
  element.insert(0, [new Y.XmlText(text)]);
  return element;
}

function join(person, document) {
  return new CollabClient(`${url.replace('http', 'ws')}/collab/${document.id}`, {
    headers: { Cookie: person.cookie, Origin: url },
  }).open();
}

async function main() {
  await doing('the server is ready', async () => {
    const response = await fetch(`${url}/readyz`);
    expect(response.ok, `/readyz answers ${response.status}`);
  });
  await doing('the web client is served', async () => {
    const response = await fetch(`${url}/`);
    expect(response.ok && (await response.text()).includes('<script'), `/ answers ${response.status} without the client`);
  });
  const byKey = new Map(people.map((person) => [person.key, person]));
  const writers = workspaces[0].members.filter(({ role }) => role === 'editor' || role === 'manager');
  const signedIn = await doing('people of the demonstration sign in', async () => {
    const list = [];
    for (const { person } of writers) list.push(await new Person(url).signIn(byKey.get(person).email, password));
    return list;
  });
  const french = signedIn.find(({ me }) => me.organisation.country === 'F');
  const swiss = signedIn.find(({ me }) => me.organisation.country === 'CH');
  expect(french && swiss, 'the first workspace needs writers from both sides');
  const workspace = await doing('they share a workspace', async () => {
    const find = async (person) => (await person.get('/workspaces')).workspaces.find(({ name }) => name === workspaces[0].name);
    const [mine, theirs] = [await find(french), await find(swiss)];
    expect(mine && theirs && mine.id === theirs.id, `both see ${workspaces[0].name}`);
    return mine;
  });
  const document = await doing('one of them makes a document', () =>
    french.call('POST', `/workspaces/${workspace.id}/documents`, { title: 'Vérification', language: 'fr' }),
  );
  const left = await join(french, document);
  const right = await join(swiss, document);
  await doing('both write, and each receives what the other wrote', async () => {
    await left.saved();
    await right.saved();
    left.doc.getXmlFragment('default').insert(0, [paragraph('De Delle')]);
    right.doc.getXmlFragment('default').insert(0, [paragraph('Aus Pruntrut')]);
    const both = (client) => {
      const text = client.doc.getXmlFragment('default').toString();
      return text.includes('De Delle') && text.includes('Aus Pruntrut');
    };
    await left.until(() => both(left), 'the French side has both paragraphs');
    await right.until(() => both(right), 'the Swiss side has both paragraphs');
  });
  await doing('the server says that everything is on disk', async () => {
    await left.saved();
    await right.saved();
  });
  await doing('one writes while cut off, comes back, and nothing is lost', async () => {
    await left.cut();
    left.doc.getXmlFragment('default').insert(2, [paragraph('Écrit hors ligne')]);
    right.doc.getXmlFragment('default').insert(2, [paragraph('Inzwischen')]);
    await right.saved();
    await left.open();
    await left.saved();
    const all = (client) => {
      const text = client.doc.getXmlFragment('default').toString();
      return text.includes('Écrit hors ligne') && text.includes('Inzwischen');
    };
    await left.until(() => all(left), 'the one who came back has everything');
    await right.until(() => all(right), 'the other has everything');
    expect(
      Buffer.from(Y.encodeStateAsUpdate(left.doc)).equals(Buffer.from(Y.encodeStateAsUpdate(right.doc))),
      'both hold the same document',
    );
  });
  await doing('the document is exported with all of it', async () => {
    const markdown = await french.get(`/documents/${document.id}/export?format=md`);
    for (const words of ['De Delle', 'Aus Pruntrut', 'Écrit hors ligne', 'Inzwischen']) {
      expect(markdown.includes(words), `the export lacks "${words}"`);
    }
  });
  await doing('the document goes into the trash', async () => {
    await french.call('DELETE', `/documents/${document.id}`);
    await left.until(() => left.closed, 'open editors are told');
    expect(left.closed.code === 4410, `closed with ${left.closed.code} instead of 4410`);
  });
  await right.close();
}

try {
  await main();
  console.log('The main job works.');
  process.exit(0);
} catch (error) {
  console.error(`FAILED while: ${step}\n  ${error.message}`);
  process.exit(1);
}
