// Rights as live connections feel them: what is given opens at once, what is withdrawn closes by itself, whatever the way it came by;
// and a suspended account loses its connections with its sessions.
// Method: a real server with the demonstration content, real WebSockets.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { demonstration, Person } from '../lib/api.mjs';
import { CollabClient } from '../lib/collab.mjs';
import { discard, startDemo } from '../lib/server.mjs';

let server, admin, guest, workspace, document;

before(async () => {
  const { people, workspaces, password } = demonstration();
  server = await startDemo();
  admin = await new Person(server.url).signIn(people.find((each) => each.admin).email, password);
  const members = workspaces[0].members.map((each) => each.person);
  const stranger = people.find((each) => !each.admin && !members.includes(each.key));
  guest = await new Person(server.url).signIn(stranger.email, password);
  guest.password = password;
  const { workspaces: all } = await admin.get('/workspaces');
  workspace = all.find((each) => each.name === workspaces[0].name);
  const { documents } = await admin.get(`/workspaces/${workspace.id}/documents`);
  document = documents.find((each) => each.kind === 'document');
});
after(() => server && discard(server));

const join = () => new CollabClient(`${server.url.replace('http', 'ws')}/collab/${document.id}`, { headers: { Cookie: guest.cookie, Origin: server.url } }).open();
const closed = (client) => client.until(() => client.closed, 'closed').then(() => client.closed);
const give = (role, holder, scope) => admin.call('POST', '/grants', { role, holder, scope });
const here = () => ({ kind: 'workspace', id: workspace.id });

/** What `take` takes away must close the connection, and keep it closed. */
async function endsWith(take, code = 4500, then = 4404) {
  const client = await join();
  await client.until(() => client.synced, 'synced');
  await take();
  assert.equal((await closed(client)).code, code);
  const again = await join();
  assert.equal((await closed(again)).code, then);
}

test('a stranger finds no such document', async () => {
  assert.equal((await closed(await join())).code, 4404);
});

test('a grant that is withdrawn closes what it opened', async () => {
  const grant = await give('editor', { kind: 'person', id: guest.me.id }, { kind: 'document', id: document.id });
  await endsWith(() => admin.call('DELETE', `/grants/${grant.id}`));
});

test('so do a group that loses its member, and a mandate that ends', async () => {
  const group = await admin.call('POST', '/groups', { name: 'Jury' });
  await admin.call('POST', `/groups/${group.id}/members`, { kind: 'person', id: guest.me.id });
  await give('reader', { kind: 'group', id: group.id }, here());
  await endsWith(() => admin.call('DELETE', `/groups/${group.id}/members/${guest.me.id}`));

  const body = await admin.call('POST', '/organisations', { name: 'Corps d’essai', country: 'F' });
  const held = { function: 'Déléguée', first_day: '2020-01-01' };
  const mandate = await admin.call('POST', `/people/${guest.me.id}/mandates`, { ...held, organisation_id: body.id });
  await give('commenter', { kind: 'organisation', id: body.id }, here());
  await endsWith(() => admin.call('PUT', `/mandates/${mandate.id}`, { ...held, last_day: '2020-02-01' }));
});

test('a lesser role is taken on by connecting again', async () => {
  const writer = await give('editor', { kind: 'person', id: guest.me.id }, here());
  await give('reader', { kind: 'person', id: guest.me.id }, here());
  const client = await join();
  await client.until(() => client.about?.role === 'editor', 'editor');
  await admin.call('DELETE', `/grants/${writer.id}`);
  assert.equal((await closed(client)).code, 4500);
  const again = await join();
  await again.until(() => again.about?.role === 'reader', 'reader');
  again.socket.close();
});

test('a suspended account loses its connections and its session', async () => {
  await endsWith(() => admin.call('PUT', `/people/${guest.me.id}/suspension`, { reason: 'Essai' }), 4401, 4401);
  await assert.rejects(new Person(server.url).signIn(guest.me.email, guest.password), { code: 'account_suspended' });
});
