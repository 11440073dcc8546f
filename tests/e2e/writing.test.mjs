// The main job in two real browsers: people on both sides of the border write one document, and nothing is lost.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { editorOf, launch, open, saved, textOf, twoWriters, workspaceOf } from '../lib/browser.mjs';
import { demonstration } from '../lib/api.mjs';
import { discard, root, startDemo } from '../lib/server.mjs';

const source = join(root, '../shared/sources/003_d987e9617ee8c276.txt');
const long = 45_000;
const keys = twoWriters();
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

async function pair(documentPath) {
  const left = await open(browser, server, { key: keys.french });
  const right = await open(browser, server, { key: keys.swiss });
  await left.page.goto(documentPath);
  await right.page.goto(documentPath);
  for (const { page } of [left, right]) {
    await editorOf(page).waitFor();
    await saved(page);
  }
  return { left, right };
}

async function newDocument(person, title) {
  const workspace = await workspaceOf(person, keys.workspace);
  const document = await person.call('POST', `/workspaces/${workspace.id}/documents`, { title, language: 'fr' });
  return { workspace, document, path: `/espaces/${workspace.id}/documents/${document.id}` };
}

async function close(...people) {
  for (const { context, complaints } of people) {
    await context.close();
    assert.deepEqual(complaints, [], 'the console is quiet');
  }
}

test('a person signs in with the keyboard alone and sees her spaces', { timeout: long }, async () => {
  const { people, password } = demonstration();
  const nobody = await open(browser, server);
  const { page } = nobody;
  await page.goto('/');
  await page.getByLabel(/électronique/).fill(people.find(({ key }) => key === keys.french).email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation').first().waitFor();
  await page.getByText(keys.workspace).first().waitFor();
  nobody.complaints.length = 0; // before signing in, the API says 401 to nobody in particular
  await close(nobody);
});

test('two people write in one document and see each other', { timeout: long }, async () => {
  const opener = await open(browser, server, { key: keys.french });
  const { path } = await newDocument(opener.person, 'À quatre mains');
  await opener.context.close();
  const { left, right } = await pair(path);
  await editorOf(left.page).click();
  await left.page.keyboard.type('De Delle à Porrentruy');
  await right.page.getByText('De Delle à Porrentruy').waitFor();
  await right.page.getByTestId('editor').locator('[class*="caret"]').first().waitFor();
  assert.ok((await right.page.getByTestId('presence').first().innerText()).length > 0, 'presence shows somebody');
  await editorOf(right.page).click();
  await right.page.keyboard.press('Control+End');
  await right.page.keyboard.press('Enter');
  await right.page.keyboard.type('## Von Pruntrut nach Delle');
  await left.page.getByRole('heading', { name: 'Von Pruntrut nach Delle' }).waitFor();
  await saved(left.page);
  await saved(right.page);
  await close(left, right);
});

test('one goes offline, both edit the same paragraph, it comes back, both agree', { timeout: 3 * long }, async (t) => {
  if (!existsSync(source)) return t.skip('the source document is not here');
  const importer = await open(browser, server, { key: keys.french });
  const workspace = await workspaceOf(importer.person, keys.workspace);
  const document = await importer.person.call(
    'POST', `/workspaces/${workspace.id}/import?filename=feuille-de-route.txt&language=fr`, readFileSync(source),
    { type: 'text/plain' });
  await importer.context.close();
  const { left, right } = await pair(`/espaces/${workspace.id}/documents/${document.id}`);
  const paragraph = (page) => editorOf(page).locator('p').nth(3);
  const before = (await paragraph(left.page).innerText()).trim();
  assert.ok(before.length > 20, 'the import has paragraphs');

  await left.context.setOffline(true);
  await paragraph(left.page).click();
  await left.page.keyboard.press('Home');
  await left.page.keyboard.type('[hors ligne] ');
  await left.page.locator('[data-testid="save-state"][data-state="offline"]').waitFor();
  const unsent = Number(await left.page.getByTestId('save-state').getAttribute('data-unsent'));
  assert.ok(unsent > 0, 'unsent changes are counted');

  await paragraph(right.page).click();
  await right.page.keyboard.press('End');
  await right.page.keyboard.type(' [en ligne]');
  await saved(right.page);

  await left.context.setOffline(false);
  await saved(left.page);
  await right.page.getByText('[hors ligne]').first().waitFor();
  await left.page.getByText('[en ligne]').first().waitFor();
  assert.deepEqual(await textOf(left.page), await textOf(right.page));
  await close(left, right);
});

test('a reload while offline keeps the edits, and they arrive on return', { timeout: 2 * long }, async () => {
  const opener = await open(browser, server, { key: keys.french });
  const { path } = await newDocument(opener.person, 'Dans le train');
  await opener.context.close();
  const { left, right } = await pair(path);
  await left.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await left.page.reload();
  await saved(left.page);
  await left.context.setOffline(true);
  await editorOf(left.page).click();
  await left.page.keyboard.type('Écrit dans le tunnel');
  await left.page.locator('[data-testid="save-state"][data-state="offline"]').waitFor();
  await left.page.waitForFunction(() => !document.querySelector('[data-testid="save-state"]').textContent.includes('page'));
  left.page.on('dialog', (dialog) => dialog.accept());
  await left.page.reload();
  await left.page.getByText('Écrit dans le tunnel').waitFor();
  const unsent = Number(await left.page.getByTestId('save-state').getAttribute('data-unsent'));
  assert.ok(unsent > 0, 'the reloaded page still knows of unsent changes');
  await left.context.setOffline(false);
  await right.page.getByText('Écrit dans le tunnel').waitFor();
  await saved(left.page);
  await close(left, right);
});

test('the server is killed in mid-sentence; nothing that was seen is lost', { timeout: 2 * long }, async () => {
  const own = await startDemo();
  const others = { left: await open(browser, own, { key: keys.french }), right: await open(browser, own, { key: keys.swiss }) };
  const workspace = await workspaceOf(others.left.person, keys.workspace);
  const document = await others.left.person.call('POST', `/workspaces/${workspace.id}/documents`, { title: 'Coupure', language: 'fr' });
  for (const { page } of Object.values(others)) {
    await page.goto(`/espaces/${workspace.id}/documents/${document.id}`);
    await editorOf(page).waitFor();
    await saved(page);
  }
  await editorOf(others.left.page).click();
  await others.left.page.keyboard.type('Une phrase que la machine ');
  await others.right.page.getByText('Une phrase que la machine').waitFor();
  await own.kill();
  await others.left.page.keyboard.type('interrompt sans prévenir.');
  const again = await startDemo({ data: own.data, port: own.port });
  await others.right.page.getByText('Une phrase que la machine interrompt sans prévenir.').waitFor();
  await saved(others.left.page);
  for (const { context } of Object.values(others)) await context.close();
  await discard(again);
});

test('a reader reads, and cannot write', { timeout: long }, async () => {
  const manager = await open(browser, server, { key: keys.french });
  const { document, workspace, path } = await newDocument(manager.person, 'À lire');
  const { people, workspaces } = demonstration();
  const outsider = people.find(({ key, admin }) => !admin && !workspaces[0].members.some(({ person }) => person === key));
  assert.ok(outsider, 'somebody is not in the first workspace');
  const admin = await open(browser, server, { key: people.find(({ admin: yes }) => yes).key });
  const reader = await open(browser, server, { key: outsider.key });
  await assert.rejects(reader.person.get(`/documents/${document.id}`), /404 document_not_found/);
  await admin.person.call('PUT', `/workspaces/${workspace.id}/members/${reader.person.me.id}`, { role: 'reader' });
  await reader.page.goto(path);
  await editorOf(reader.page).waitFor();
  assert.equal(await editorOf(reader.page).getAttribute('contenteditable'), 'false');
  for (const one of [manager, admin, reader]) await one.context.close();
});
