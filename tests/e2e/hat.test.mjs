// The hat: a person with two mandates changes it in the header, writes, and the other side sees under which one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { editorOf, launch, open, saved, twoWriters, workspaceOf } from '../lib/browser.mjs';
import { discard, startDemo } from '../lib/server.mjs';

const long = 60_000;
const { workspace: name } = twoWriters();
// She works for the Pôle and for the syndicat mixte (config/demo/demo.toml).
const two = 'chargee-sante';
const one = 'chef-de-projet-jura';
let server;
let browser;

before(async () => {
  server = await startDemo();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await discard(server);
});

test('what is written after a change of hat shows the new one, without signing out', { timeout: long }, async () => {
  const writer = await open(browser, server, { key: two });
  const workspace = await workspaceOf(writer.person, name);
  const document = await writer.person.call('POST', `/workspaces/${workspace.id}/documents`, { title: 'Casquettes' });
  const path = `/espaces/${workspace.id}/documents/${document.id}`;
  await writer.page.goto(path);
  await editorOf(writer.page).waitFor();

  await writer.page.getByTestId('hat').click();
  await writer.page.getByRole('menuitemradio', { name: /Syndicat mixte/ }).click();
  await writer.page.getByTestId('hat').filter({ hasText: 'Syndicat mixte' }).waitFor();
  await editorOf(writer.page).click();
  await writer.page.keyboard.type('Au titre du syndicat.');
  await saved(writer.page);

  const reader = await open(browser, server, { key: one });
  const seen = await reader.person.get(`/documents/${document.id}`);
  assert.equal(seen.created_by.hat.organisation.short_name, 'Pôle métropolitain');
  assert.equal(seen.updated_by.hat.organisation.short_name, 'Syndicat mixte transports');
  await reader.page.goto(path);
  await reader.page.getByTestId('last-writer').filter({ hasText: 'Budget et réunions, Syndicat mixte transports' }).waitFor();
  // Under the caret's name too, as long as she is here.
  await reader.page.getByTestId('presence').filter({ hasText: 'Syndicat mixte transports' }).waitFor();
  assert.equal(await reader.page.getByTestId('hat').count(), 0, 'one mandate is no choice');
  for (const { context, complaints } of [writer, reader]) {
    await context.close();
    assert.deepEqual(complaints, [], 'the console is quiet');
  }
});
