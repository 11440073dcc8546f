// Search: what one person has just written, the other finds by another form of the word, opens with the keyboard, and sees marked;
// a mistyped word is understood; the address of a search can be sent on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { editorOf, launch, open, saved, twoWriters, workspaceOf } from '../lib/browser.mjs';
import { discard, startDemo } from '../lib/server.mjs';

const long = 60_000;
const { french, swiss, workspace: name } = twoWriters();
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

/** The index follows what is written about a second behind: asks until it has. */
async function indexed(person, q) {
  for (;;) {
    const { total } = await person.get(`/search?q=${encodeURIComponent(q)}`);
    if (total > 0) return;
    await new Promise((ready) => setTimeout(ready, 100));
  }
}

test('what was just written is found in another form, from the palette, by keyboard', { timeout: long }, async () => {
  const writer = await open(browser, server, { key: french });
  const space = await workspaceOf(writer.person, name);
  const document = await writer.person.call('POST', `/workspaces/${space.id}/documents`, { title: 'Relevé' });
  await writer.page.goto(`/espaces/${space.id}/documents/${document.id}`);
  await editorOf(writer.page).click();
  await writer.page.keyboard.type('Les funiculaires débrayables.');
  await saved(writer.page);
  await indexed(writer.person, 'funiculaire');

  const reader = await open(browser, server, { key: swiss, locale: 'de-CH' });
  await reader.page.goto('/');
  await reader.page.getByRole('heading', { level: 1 }).waitFor();
  await reader.page.keyboard.press('Control+k');
  await reader.page.getByRole('dialog').getByRole('textbox').or(reader.page.getByRole('dialog').getByRole('combobox')).waitFor();
  await reader.page.keyboard.type('funiculaire debrayable');
  const entry = reader.page.getByRole('menuitem', { name: /Relevé/ });
  await entry.filter({ has: reader.page.locator('mark', { hasText: 'funiculaires' }) }).waitFor();
  await entry.and(reader.page.locator('[data-focused]')).waitFor();
  await reader.page.keyboard.press('Enter');
  await reader.page.waitForURL(new RegExp(document.id));
  await editorOf(reader.page).filter({ hasText: 'funiculaires débrayables' }).waitFor();
  assert.deepEqual([...writer.complaints, ...reader.complaints], []);
});

test('a mistyped word is understood, and the address says what was asked', { timeout: long }, async () => {
  const reader = await open(browser, server, { key: french });
  await indexed(reader.person, 'Porrentruy');
  await reader.page.goto('/recherche');
  await reader.page.getByRole('searchbox').fill('Porentruy');
  await reader.page.getByText('« Porrentruy »'.replaceAll(' ', '\u00a0')).waitFor();
  await reader.page.waitForURL(/q=Porentruy/);
  await reader.page.getByRole('link', { name: 'Documents' }).click();
  await reader.page.waitForURL(/genre=document/);
  await reader.page.locator('mark', { hasText: 'Porrentruy' }).first().waitFor();
  await reader.page.getByRole('searchbox').fill('zzzqqqxxx');
  await reader.page.getByText('Rien ne correspond').waitFor();
  assert.deepEqual(reader.complaints, []);
});
