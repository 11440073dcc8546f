// /live as a page meets it: who is let in and who is put out, what arrives and for whom, and that a hostile page costs little.
// Method: a real server with the demonstration content and a plugin of the tests, real WebSockets; each waits for what it is told.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';
import { demonstration, Person } from '../lib/api.mjs';
import { discard, executable, run, startDemo } from '../lib/server.mjs';

const plugin = 'org.example.asker';
const demo = demonstration();
let server, admin, member, stranger, workspace;

/** One tab: everything it was told, and a way to wait for more. */
class Tab {
  constructor(person, { path = '/live', origin = server.url } = {}) {
    this.told = [];
    this.waiting = [];
    const wake = () => this.waiting.splice(0).forEach((each) => each());
    this.socket = new WebSocket(server.ws + path, { headers: { Cookie: person?.cookie ?? '', Origin: origin } });
    this.socket.on('message', (data, isBinary) => {
      assert.equal(isBinary, false, 'text alone');
      this.told.push(JSON.parse(data.toString()));
      wake();
    });
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      wake();
    });
    this.socket.on('error', (error) => (this.error = error));
  }
  async until(found) {
    for (;;) {
      const value = found(this);
      if (value) return value;
      await new Promise((ready) => this.waiting.push(ready));
    }
  }
  heard(type, which = () => true) {
    return this.until(({ told }) => told.find((each) => each.type === type && which(each)));
  }
  end() {
    return this.until(({ closed }) => closed);
  }
  say(message) {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }
  async joined(channel, of) {
    const from = this.told.length;
    this.say({ type: 'join', channel, ...(of ? { plugin: of } : {}) });
    return this.until(({ told }) =>
      told.slice(from).find((each) => ['joined', 'refused'].includes(each.type) && each.channel === channel && each.plugin === of),
    );
  }
  close() {
    this.socket.close();
  }
}

const signIn = (one) => new Person(server.url).signIn(one.email, demo.password);
const raw = (who, path, body) =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { Cookie: who.cookie, Origin: server.url, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });

before(async () => {
  server = await startDemo();
  const shown = demo.workspaces[0];
  const key = shown.members.find(({ person }) => !demo.people.find((one) => one.key === person).admin).person;
  const members = shown.members.map(({ person }) => person);
  admin = await signIn(demo.people.find((one) => one.admin));
  member = await signIn(demo.people.find((one) => one.key === key));
  stranger = await signIn(demo.people.find((one) => !one.admin && !members.includes(one.key)));
  workspace = (await admin.get('/workspaces')).workspaces.find(({ name }) => name === shown.name);
  const folder = join(dirname(dirname(executable)), 'plugins/asker');
  const installed = await run(['plugin', 'install', folder, '--accept', '--data', server.data]);
  assert.equal(installed.code, 0, installed.stderr);
  await admin.call('PUT', `/plugins/${plugin}`, { enabled: true });
});
after(() => discard(server));

test('nobody gets in without a session, nor from another origin', async () => {
  assert.deepEqual(await new Tab(null).end(), { code: 4401, reason: 'not_signed_in' });
  const foreign = new Tab(member, { origin: 'https://elsewhere.example' });
  await foreign.end();
  assert.match(foreign.error.message, /403/);
});

test('a tab is greeted with the count, and asked to reload when it comes back', async () => {
  const tab = new Tab(member);
  const hello = await tab.heard('hello');
  assert.ok(hello.beat_seconds > 0);
  assert.equal(typeof (await tab.heard('notifications')).unread, 'number');
  tab.close();
  const again = new Tab(member, { path: '/live?again=1' });
  await again.heard('resync');
  again.close();
});

test('what is written in a workspace reaches whoever follows it, with count and line, and nobody else', async () => {
  await member.call('PUT', `/workspaces/${workspace.id}/notifications`, { level: 'everything' });
  const [one, two, other] = [new Tab(member), new Tab(member), new Tab(stranger)];
  for (const tab of [one, two, other]) await tab.heard('notifications');
  const document = await admin.call('POST', `/workspaces/${workspace.id}/documents`, { title: 'Annonce' });
  for (const tab of [one, two]) {
    const told = await tab.heard('notifications', ({ latest }) => latest.some(({ title }) => title === 'Annonce'));
    assert.ok(told.unread > 0);
    assert.match(told.latest[0].url, new RegExp(document.id));
  }
  const { undo } = await member.call('POST', '/notifications/read', { all: true });
  await two.heard('notifications', ({ unread }) => unread === 0);
  await member.call('POST', '/notifications/read', { undo });
  assert.ok((await member.get('/notifications?filter=unread')).unread > 0);
  assert.ok(other.told.every(({ latest = [] }) => latest.every(({ title }) => title !== 'Annonce')));
  for (const tab of [one, two, other]) tab.close();
});

test('events of a workspace go to those who may read it, until they may not', async () => {
  const channel = `workspace/${workspace.id}`;
  const [reader, outsider] = [new Tab(member), new Tab(stranger)];
  for (const tab of [reader, outsider]) await tab.heard('hello');
  assert.equal((await reader.joined(channel)).type, 'joined');
  assert.equal((await outsider.joined(channel)).code, 'workspace_not_found');
  const document = await admin.call('POST', `/workspaces/${workspace.id}/documents`, { title: 'Suivi' });
  await reader.heard('event', ({ verb, object }) => verb === 'document.created' && object === document.id);
  assert.ok(!outsider.told.some(({ type }) => type === 'event'));

  const grant = await admin.call('POST', '/grants', {
    role: 'reader',
    holder: { kind: 'person', id: stranger.me.id },
    scope: { kind: 'workspace', id: workspace.id },
  });
  assert.equal((await outsider.joined(channel)).type, 'joined');
  const from = outsider.told.length;
  await admin.call('DELETE', `/grants/${grant.id}`);
  await outsider.until(({ told }) => told.slice(from).find((each) => each.type === 'refused' && each.channel === channel));
  for (const tab of [reader, outsider]) tab.close();
});

test('a plugin lets people into its channels, hears them and answers all', async () => {
  const [one, two] = [new Tab(member), new Tab(stranger)];
  for (const tab of [one, two]) await tab.heard('hello');
  assert.equal((await one.joined('poll/1', plugin)).type, 'joined');
  assert.equal((await two.joined('poll/1', plugin)).type, 'joined');
  assert.equal((await one.joined('poll/closed', plugin)).code, 'plugin_refused');
  assert.equal((await one.joined('other/1', plugin)).code, 'plugin_channel_not_found');
  assert.equal((await one.joined('poll/1', 'nobody')).code, 'plugin_not_found');
  one.say({ type: 'message', plugin, channel: 'poll/1', body: { vote: 'oui' } });
  for (const tab of [one, two])
    assert.deepEqual((await tab.heard('message')).body, { said: { vote: 'oui' } });
  two.say({ type: 'leave', plugin, channel: 'poll/1' });
  two.say({ type: 'message', plugin, channel: 'poll/1', body: 1 });
  assert.equal((await two.heard('refused', ({ code }) => code === 'channel_not_joined')).channel, 'poll/1');
  for (const tab of [one, two]) tab.close();
});

test('who may not listen to a plugin any more is put out', async () => {
  const channel = `poll/space-${workspace.id}`;
  const [one, two] = [new Tab(member), new Tab(stranger)];
  for (const tab of [one, two]) await tab.heard('hello');
  assert.equal((await two.joined(channel, plugin)).code, 'plugin_refused');
  const grant = await admin.call('POST', '/grants', {
    role: 'reader',
    holder: { kind: 'person', id: stranger.me.id },
    scope: { kind: 'workspace', id: workspace.id },
  });
  for (const tab of [one, two]) assert.equal((await tab.joined(channel, plugin)).type, 'joined');
  const out = (tab, from, name) =>
    tab.until(({ told }) => told.slice(from).find((each) => each.type === 'refused' && each.channel === name && each.plugin === plugin));
  const from = two.told.length;
  await admin.call('DELETE', `/grants/${grant.id}`);
  assert.equal((await out(two, from, channel)).code, 'plugin_refused');
  one.say({ type: 'message', plugin, channel, body: 'still here' });
  await one.heard('message', ({ body }) => body.said === 'still here');
  assert.ok(!two.told.some(({ type }) => type === 'message'), 'and hears nothing of it');
  // The plugin's own reasons: it says so.
  for (const tab of [one, two]) assert.equal((await tab.joined('poll/ends', plugin)).type, 'joined');
  const [first, second] = [one, two].map(({ told }) => told.length);
  one.say({ type: 'message', plugin, channel: 'poll/ends', body: 'close' });
  assert.equal((await out(one, first, 'poll/ends')).code, 'plugin_refused');
  assert.equal((await out(two, second, 'poll/ends')).code, 'plugin_refused');
  for (const tab of [one, two]) tab.close();
});

test('a plugin notifies in each reader’s language, and only with what it was granted', async () => {
  const tab = new Tab(member);
  await tab.heard('notifications');
  const send = (key, to) =>
    raw(admin, `/x/${plugin}/itself/notify/send`, { key, to, args: { name: 'Delle', count: 2, who: 'org' }, url: '/espaces', class: 'action' });
  const sent = await send('asker.hello', [{ person: member.me.id }]);
  assert.equal(sent.status, 200, await sent.text());
  const told = await tab.heard('notifications', ({ latest }) => latest.some((each) => each.plugin === plugin));
  const line = told.latest.find((each) => each.plugin === plugin);
  assert.equal(line.class, 'action');
  assert.equal(line.url, '/espaces');
  assert.notEqual(line.title, '');
  assert.notEqual((await send('asker.other', [{ person: member.me.id }])).status, 200, 'a key that was not granted');
  assert.notEqual((await send('asker.hello', [{ person: '00000000-0000-7000-8000-000000000000' }])).status, 200);
  tab.close();
});

test('a session that ends takes its tabs with it', async () => {
  const leaving = await signIn(demo.people.find((one) => !one.admin));
  const tab = new Tab(leaving);
  await tab.heard('notifications');
  await leaving.call('DELETE', '/session');
  assert.deepEqual(await tab.end(), { code: 4401, reason: 'session_ended' });
});

test('bad input is answered, or ends the tab, and nobody else', async () => {
  const witness = new Tab(member);
  await witness.heard('hello');
  for (const [message, code] of [
    ['not json', 4400],
    ['[1]', 4400],
    ['['.repeat(1000), 4400],
    [JSON.stringify({ type: 'join', channel: 'x', body: 'y'.repeat(20_000) }), 1009],
    [Buffer.from([1, 2, 3]), 1003],
  ]) {
    const tab = new Tab(member);
    await tab.heard('hello');
    tab.socket.send(message);
    assert.equal((await tab.end()).code, code, String(message).slice(0, 40));
  }
  const tab = new Tab(member);
  await tab.heard('hello');
  tab.say({ type: 'join', channel: '' });
  await tab.heard('refused', ({ code }) => code === 'channel_invalid');
  tab.say({ type: 'sing', channel: 'x' });
  await tab.heard('refused', ({ code }) => code === 'type_unknown');
  assert.equal((await tab.joined('nothing/here')).code, 'channel_not_found');
  for (let i = 0; i < 200; ++i) tab.say({ type: 'leave', channel: 'x' });
  await tab.heard('refused', ({ code }) => code === 'too_many_messages');
  tab.close();
  assert.equal(witness.closed, undefined);
  witness.close();
});

test('channels of one tab are bounded', async () => {
  const tab = new Tab(member);
  await tab.heard('hello');
  let refused;
  for (let i = 0; i < 33; ++i) refused = await tab.joined(`poll/${i}`, plugin);
  assert.equal(refused.code, 'too_many_channels');
  tab.close();
});
