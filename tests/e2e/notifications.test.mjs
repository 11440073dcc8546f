// The notification centre: what one person writes rings the other's bell while she looks; the panel, the page, marks and their undo, the
// levels and the settings work by keyboard and on a phone; axe finds nothing in either language and theme.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { drawn, launch, open, twoWriters, workspaceOf } from '../lib/browser.mjs';
import { discard, startDemo } from '../lib/server.mjs';

const long = 90_000;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
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

const write = (writer, space, title) => writer.call('POST', `/workspaces/${space.id}/documents`, { title });
const bell = (page) => page.getByTestId('bell');
const lines = (page) => page.getByTestId('notification');

/** The level of the workspace, chosen on its page: everything. */
async function follow({ page, person }, space) {
  await person.call('PUT', `/workspaces/${space.id}/notifications`, { level: null });
  await page.goto(`/espaces/${space.id}`);
  await page.getByRole('button', { name: /Notifications de/ }).click();
  const saved = page.waitForResponse((each) => each.url().endsWith('/notifications') && each.request().method() === 'PUT');
  await page.getByRole('menuitemradio', { name: 'De tout', exact: true }).click();
  assert.equal((await saved).status(), 200);
}

test('what another writes rings the bell at once; the panel leads to it', { timeout: long }, async () => {
  const reader = await open(browser, server, { key: french });
  const writer = await open(browser, server, { key: swiss, locale: 'de-CH' });
  const space = await workspaceOf(reader.person, name);
  await follow(reader, space);
  const document = await write(writer.person, space, 'Ordre du jour');
  await reader.page.getByRole('button', { name: 'Notifications : 1 non lue' }).click();
  const panel = reader.page.getByRole('dialog', { name: 'Notifications' });
  await lines(panel).filter({ hasText: 'a créé ce document' }).waitFor();
  await panel.getByRole('link', { name: 'Ordre du jour' }).click();
  await reader.page.waitForURL(new RegExp(document.id));
  await reader.page.getByRole('button', { name: 'Notifications : aucune non lue' }).waitFor();
  assert.deepEqual([...reader.complaints, ...writer.complaints], []);
});

test('the page groups by day, marks all, takes it back, and takes a line away', { timeout: long }, async () => {
  const reader = await open(browser, server, { key: french });
  const writer = await open(browser, server, { key: swiss });
  const space = await workspaceOf(reader.person, name);
  await reader.person.call('PUT', `/workspaces/${space.id}/notifications`, { level: 'everything' });
  await reader.page.goto('/notifications');
  await reader.page.getByText('Tout est lu').waitFor();
  // While one looks: two of them are one line.
  await write(writer.person, space, 'Premier');
  await lines(reader.page).filter({ hasText: 'Premier' }).waitFor();
  await write(writer.person, space, 'Second');
  await lines(reader.page).filter({ hasText: 'a créé 2 documents' }).waitFor();
  await reader.page.getByRole('heading', { name: 'Aujourd’hui' }).waitFor();
  await reader.page.getByRole('button', { name: 'Tout marquer comme lu' }).click();
  await reader.page.getByText('Toutes les notifications sont lues.').waitFor();
  await reader.page.getByRole('button', { name: 'Annuler' }).click();
  await lines(reader.page).filter({ hasText: 'a créé 2 documents' }).waitFor();
  await reader.page.getByRole('link', { name: 'Toutes', exact: true }).click();
  await reader.page.waitForURL(/filtre=toutes/);
  await reader.page.getByRole('button', { name: /^Retirer/ }).first().click();
  await reader.page.getByText('Notification retirée.').waitFor();
  assert.deepEqual(reader.complaints, []);
});

test('what comes by mail is chosen in the account, and what is followed stands there', { timeout: long }, async () => {
  const reader = await open(browser, server, { key: french });
  const space = await workspaceOf(reader.person, name);
  await follow(reader, space);
  await reader.page.goto('/compte#notifications');
  const card = reader.page.locator('#notifications');
  await card.getByRole('link', { name }).waitFor();
  await card.getByRole('button', { name: /Courriel sur ce que vous suivez/ }).click();
  const saved = reader.page.waitForResponse((each) => each.url().endsWith('/me/notifications') && each.request().method() === 'PUT');
  await reader.page.getByRole('option', { name: 'Jamais' }).click();
  assert.equal((await saved).status(), 200);
  assert.equal((await reader.person.get('/me/notifications')).info, 'never');
  await card.getByRole('button', { name: /Ne plus régler à part/ }).click();
  await card.getByText(/Pour suivre davantage/).waitFor();
  assert.deepEqual(reader.complaints, []);
});

for (const [locale, theme, width] of [
  ['fr-FR', 'light', 1280],
  ['de-CH', 'dark', 1280],
  ['fr-FR', 'dark', 390],
  ['de-CH', 'light', 390],
])
  test(`axe finds nothing: ${locale}, ${theme}, ${width} px`, { timeout: long }, async () => {
    const reader = await open(browser, server, { key: french, locale, theme, width, touch: width < 960 });
    const writer = await open(browser, server, { key: swiss, profile: false });
    const space = await workspaceOf(reader.person, name);
    await reader.person.call('PUT', `/workspaces/${space.id}/notifications`, { level: 'everything' });
    await write(writer.person, space, 'Kurze Notiz');
    const { page } = reader;
    const check = async (screen) => {
      await drawn(page);
      await page.evaluate(axe);
      const { violations } = await page.evaluate((runOnly) => window.axe.run(document, { runOnly }), tags);
      assert.deepEqual(violations.map(({ id, nodes }) => [screen, id, nodes.map((node) => node.html)]), []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${screen} overflows`);
    };
    await page.goto('/notifications?filtre=toutes');
    await lines(page).first().waitFor();
    await check('page');
    if (width >= 960) {
      await bell(page).click();
      await lines(page.getByRole('dialog')).first().waitFor();
      await check('panel');
      await page.keyboard.press('Escape');
    }
    await page.goto('/compte#notifications');
    await page.locator('#notifications').getByRole('button').first().waitFor();
    await check('settings');
    await page.goto('/desabonnement/nothing');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await check('end of mails');
    assert.deepEqual(reader.complaints, []);
  });
