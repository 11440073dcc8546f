// Takes the pictures of docs/screenshots from a fresh demonstration. Run by hand: node tests/e2e/screenshots.mjs [FOLDER]
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { editorOf, launch, open, saved, twoWriters, workspaceOf } from '../lib/browser.mjs';
import { discard, root, startDemo } from '../lib/server.mjs';

const folder = process.argv[2] ?? join(root, 'docs/screenshots');
mkdirSync(folder, { recursive: true });
const keys = twoWriters();
const server = await startDemo();
const browser = await launch();

async function shoot(name, { path, key = keys.french, ready, fullPage = false, ...look }) {
  const { context, page, person } = await open(browser, server, { key, width: 1440, height: 900, ...look });
  const place = {};
  if (person) {
    place.workspace = await workspaceOf(person, keys.workspace);
    const { documents } = await person.get(`/workspaces/${place.workspace.id}/documents`);
    place.document = documents.find(({ kind, title }) => kind === 'document' && /cyclable/.test(title)) ?? documents.find(({ kind }) => kind === 'document');
  }
  await page.goto(path(place));
  await ready(page);
  await page.waitForLoadState('networkidle').catch(() => {});
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
  return { context, page };
}

const signIn = { path: () => '/', key: null, ready: (page) => page.locator('input[type="password"]').waitFor() };
const home = { path: () => '/', ready: (page) => page.locator('main h1').waitFor() };
const space = { path: ({ workspace }) => `/espaces/${workspace.id}`, ready: (page) => page.locator('main table').first().waitFor() };
const tree = { path: ({ workspace }) => `/espaces/${workspace.id}/documents`, ready: (page) => page.locator('main h1').waitFor() };
const document = {
  path: ({ workspace, document: one }) => `/espaces/${workspace.id}/documents/${one.id}`,
  ready: async (page) => {
    await editorOf(page).locator('p').first().waitFor();
    await saved(page).catch(() => {});
  },
};
const phone = { width: 390, height: 844 };
const german = { locale: 'de-CH' };
const dark = { theme: 'dark' };

// Somebody from the other side has the document open, so that presence and carets show.
const other = await open(browser, server, { key: keys.swiss, locale: 'de-CH', width: 1440, height: 900 });
const place = { workspace: await workspaceOf(other.person, keys.workspace) };
const { documents } = await other.person.get(`/workspaces/${place.workspace.id}/documents`);
place.document = documents.find(({ kind, title }) => kind === 'document' && /cyclable/.test(title)) ?? documents.find(({ kind }) => kind === 'document');
await other.page.goto(document.path(place));
await document.ready(other.page);
await editorOf(other.page).locator('p').nth(1).click();
await other.page.keyboard.press('End');

for (const [name, screen] of Object.entries({ 'sign-in': signIn, home, workspace: space, 'workspace-documents': tree, document })) {
  const wide = await shoot(name, screen);
  if (name === 'home') {
    await wide.page.keyboard.press('Control+k');
    await wide.page.keyboard.type('mob');
    await wide.page.waitForTimeout(700);
    await wide.page.screenshot({ path: join(folder, 'palette.png') });
  }
  await wide.context.close();
  for (const [suffix, look] of Object.entries({ phone, german, dark })) {
    await (await shoot(`${name}-${suffix}`, { ...screen, ...look })).context.close();
  }
}
await browser.close();
await discard(server);
