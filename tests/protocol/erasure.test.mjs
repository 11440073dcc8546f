// Erasing a person on a running server: her name and address are gone from the database, the search index, the blobs, the
// log and the next backup, while what she wrote and the chain of events stay. Real server, real files (reliability.md B30).
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { demonstration, Person } from '../lib/api.mjs';
import { discard, run, startDemo, temporaryDirectory } from '../lib/server.mjs';

const demo = demonstration();
const canary = 'Zyxommakanarienvogel';
const address = 'zyxomma@kanarien.example';

let server, administrator;

before(async () => {
  server = await startDemo();
  administrator = await new Person(server.url).signIn(demo.people.find((one) => one.admin).email, demo.password);
});
after(() => discard(server));

const found = async () =>
  (await administrator.get(`/search?q=${encodeURIComponent(canary)}`)).found.filter((one) => one.kind === 'person');
async function until(condition, words) {
  for (const end = Date.now() + 30_000; Date.now() < end; ) if (await condition()) return;
  assert.fail(words);
}
function* files(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const about = statSync(path);
    if (about.isDirectory()) yield* files(path);
    else if (about.isFile()) yield path;
  }
}
const naming = (folder) =>
  [...files(folder)].filter((path) => {
    const octets = readFileSync(path).toString('latin1').toLowerCase();
    return octets.includes(canary.toLowerCase()) || octets.includes(address);
  });

test('after an erasure nothing on the disk, in the log or in the next backup names her', async () => {
  const { token } = await administrator.call('POST', '/invitations', { email: address });
  const organisation_id = (await administrator.get('/organisations')).organisations[0].id;
  const { me } = await new Person(server.url).call('POST', `/invitations/${token}/accept`, {
    name: canary, function: 'Technique', email: address, password: 'un long mot de passe pour essai', organisation_id, ui_locale: 'fr-FR',
  });
  await until(async () => (await found()).length === 1, 'the index knows her');
  assert.ok(naming(server.data).length > 0, 'she is on the disk, or this test looks in the wrong place');

  await administrator.call('POST', `/people/${me.id}/erase`);
  assert.deepEqual(await found(), [], 'at once');
  await until(() => naming(server.data).every((path) => !path.includes('search.db')), 'the index has forgotten her');
  const state = await administrator.get('/journal/state');
  assert.equal(state.finding, null);
  assert.ok(state.erased > 0);

  const backup = join(await temporaryDirectory(), 'backup');
  const done = await run(['backup', backup, '--data', server.data]);
  assert.equal(done.code, 0, done.stderr);
  assert.deepEqual(naming(backup), []);
  await server.stop(); // the logs of the databases are folded into them
  assert.deepEqual(naming(server.data), []);
  const log = JSON.stringify(server.lines).toLowerCase();
  assert.ok(!log.includes(canary.toLowerCase()) && !log.includes(address), 'in the log');
});
