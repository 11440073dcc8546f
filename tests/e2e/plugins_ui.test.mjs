// What a plugin shows, driven with the polls of the SDK in Chromium: its page, its card, its volet beside a document and
// its block in one; once in the page itself, once in a frame that has no way to the session.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { demonstration } from '../lib/api.mjs';
import { drawn, editorOf, launch, open, saved, twoWriters, workspaceOf } from '../lib/browser.mjs';
import { discard, executable, run, startDemo, temporaryDirectory } from '../lib/server.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const polls = 'org.example.polls';
const keys = { ...twoWriters(), admin: demonstration().people.find(({ admin }) => admin).key };
let server;
let browser;
let administrator;

const built = (name) => join(dirname(dirname(executable)), 'plugins', name);
async function install(folder) {
  const { code, stderr } = await run(['plugin', 'install', folder, '--accept', '--data', server.data]);
  assert.equal(code, 0, stderr);
}
const enable = (id, enabled = true) => administrator.call('PUT', `/plugins/${id}`, { enabled });
const trust = (id, trusted) => administrator.call('PUT', `/plugins/${id}`, { trusted_ui: trusted });
/** Where a module draws: the place itself, or the frame in it. */
async function inside(page, selector = '.ext') {
  const place = page.locator(selector).first();
  await page.locator(`${selector}[data-state="ready"]`).first().waitFor();
  return (await place.locator('iframe').count()) > 0 ? place.frameLocator('iframe') : place.locator('.ext-m');
}

before(async () => {
  server = await startDemo();
  browser = await launch();
  ({ person: administrator } = await open(browser, server, { key: keys.admin }));
  await install(built('polls'));
  await enable(polls);
});
after(async () => {
  await browser?.close();
  await discard(server);
});

for (const trusted of [true, false]) {
  const how = trusted ? 'in the page itself' : 'in a frame';
  test(`a page: in the rail, with addresses, requests and words, ${how}`, async () => {
    await trust(polls, trusted);
    const { context, page, complaints } = await open(browser, server, { key: keys.swiss, locale: 'de-CH' });
    await page.goto('/');
    await page.getByRole('navigation').getByRole('link', { name: 'Umfragen' }).click();
    const place = await inside(page);
    assert.equal(await page.locator('.ext iframe').count(), trusted ? 0 : 1);
    const question = `Passt der Donnerstag, ${how}?`;
    await place.getByRole('textbox', { name: 'Frage' }).fill(question);
    await place.getByRole('button', { name: 'Umfrage erstellen' }).click();
    await page.getByText('Die Umfrage ist offen.').waitFor();
    await place.getByRole('link', { name: question }).click();
    await page.waitForURL(new RegExp(`/e/${polls}/\\d+$`));
    await place.getByRole('heading', { level: 1, name: question }).waitFor();
    await page.waitForFunction((words) => document.title.startsWith(words), question);
    await place.getByLabel('Ja').check();
    await place.getByRole('button', { name: 'Abstimmen' }).click();
    await page.getByText('Ihre Stimme ist erfasst.').waitFor();
    await place.getByText('1 Stimme', { exact: true }).waitFor();
    await page.goBack();
    await place.getByRole('link', { name: question }).waitFor();
    await page.goForward();
    await page.reload();
    await (await inside(page)).getByRole('heading', { level: 1, name: question }).waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });
}
