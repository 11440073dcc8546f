// Languages as people meet them: terms that are explained where they stand and kept by the secretariat, a text whose language is
// told, the language one would rather read, and passages that a machine proposes and a person reads.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { demonstration } from '../lib/api.mjs';
import { editorOf, launch, open, saved, twoWriters, workspaceOf } from '../lib/browser.mjs';
import { LibreTranslate } from '../lib/libre_translate.mjs';
import { discard, startDemo } from '../lib/server.mjs';

const long = 90_000;
const keys = { ...twoWriters(), admin: demonstration().people.find(({ admin }) => admin).key };
let provider;
let server;
let browser;

before(async () => {
  provider = await new LibreTranslate({
    known: { 'Le comité métropolitain vote.': 'Der Metropolausschuss stimmt ab.' },
  }).start();
  server = await startDemo({ env: { CLUSE_TRANSLATION_URL: provider.url } });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await provider?.stop();
  await discard(server);
});

async function documentOf(person, body) {
  const workspace = await workspaceOf(person, keys.workspace);
  const document = await person.call('POST', `/workspaces/${workspace.id}/documents`, body);
  return { workspace, document, path: `/espaces/${workspace.id}/documents/${document.id}` };
}
async function write(page, editor, lines) {
  await editor.click();
  for (const [at, line] of lines.entries()) {
    if (at > 0) await page.keyboard.press('Enter');
    await page.keyboard.insertText(line);
  }
}
const popover = (page) => page.getByTestId('term-popover');
const marked = (page) => page.locator('.prose .term').evaluateAll((all) => all.map(({ textContent }) => textContent));

test('a term is explained by pointer, press and keyboard, stays out of the document, and can be switched off', { timeout: long }, async () => {
  const { page, person, context, complaints } = await open(browser, server, { key: keys.french });
  const { path, document } = await documentOf(person, { title: 'Termes', language: 'fr' });
  await page.goto(path);
  await write(page, editorOf(page), ['Rien ici.', 'Le conseil general et un EPCI.']);
  await page.locator('.term.false').waitFor();
  assert.deepEqual(await marked(page), ['conseil general', 'EPCI']);

  await page.locator('.term.false').hover();
  await popover(page).waitFor();
  assert.match(await popover(page).innerText(), /Faux ami/);
  assert.match(await popover(page).innerText(), /Generalrat/);
  assert.match(await popover(page).innerText(), /département/);
  await page.mouse.move(5, 5);
  await popover(page).waitFor({ state: 'detached' });
  await page.locator('.term', { hasText: 'EPCI' }).click();
  await popover(page).getByText('intercommunale', { exact: false }).first().waitFor();
  await page.keyboard.press('Escape');
  await popover(page).waitFor({ state: 'detached' });

  // From the first line, Alt Enter goes to the next term, and on it opens what it means.
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Alt+Enter');
  await page.keyboard.press('Alt+Enter');
  await popover(page).waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-testid') === 'term-popover');
  await page.keyboard.press('Escape');
  await popover(page).waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-testid') === 'editor');
  await saved(page);
  const text = await (await fetch(`${server.url}/api/v1/documents/${document.id}/export?format=html`, { headers: { Cookie: person.cookie } })).text();
  assert.match(text, /Le conseil general et un EPCI\./, 'nothing of it is in the document');

  await page.getByTestId('terms-menu').click();
  await page.getByRole('dialog').locator('summary').first().waitFor();
  await page.getByRole('switch').click({ force: true });
  await page.locator('.prose .term').first().waitFor({ state: 'detached' });
  await page.reload();
  await editorOf(page).getByText('EPCI').waitFor();
  await page.getByTestId('terms-menu').waitFor();
  assert.deepEqual(await marked(page), [], 'remembered');
  // It is the person's, not the browser's.
  const elsewhere = await open(browser, server, { key: keys.french });
  await elsewhere.page.goto(path);
  await editorOf(elsewhere.page).getByText('EPCI').waitFor();
  await elsewhere.page.getByTestId('terms-menu').click();
  await elsewhere.page.getByRole('switch').waitFor();
  assert.equal(await elsewhere.page.getByRole('switch').isChecked(), false);
  assert.deepEqual(await marked(elsewhere.page), []);
  await elsewhere.page.goto('/compte');
  await elsewhere.page.getByRole('switch', { name: /Marquer les termes/ }).click({ force: true });
  await elsewhere.page.waitForFunction(async () => (await (await fetch('/api/v1/bootstrap')).json()).me.marks_terms);
  await elsewhere.context.close();
  await page.reload();
  await page.locator('.term.false').waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('in a text of 58 kB every key is answered at once', { timeout: long }, async () => {
  const { page, person, context } = await open(browser, server, { key: keys.french });
  const sentence = 'Le conseil général et chaque EPCI prennent une délibération après convocation, selon le quorum. ';
  const workspace = await workspaceOf(person, keys.workspace);
  const body = Array.from({ length: 150 }, () => sentence.repeat(4)).join('\n\n');
  assert.ok(body.length > 57_000);
  const document = await person.call('POST', `/workspaces/${workspace.id}/import?filename=long.txt&language=fr`, body, { type: 'text/plain' });
  await page.goto(`/espaces/${workspace.id}/documents/${document.id}`);
  await page.locator('.prose .term').nth(2000).waitFor();
  const { changed, all } = await page.evaluate(async () => {
    const editor = window.document.querySelector('[data-testid="editor"]');
    let nodes = 0;
    const observer = new MutationObserver((records) => { nodes += records.length; });
    observer.observe(editor, { childList: true, subtree: true, characterData: true, attributes: true });
    window.getSelection().collapse(editor.querySelector('p:nth-child(70)'), 0);
    editor.focus();
    window.document.execCommand('insertText', false, 'x');
    await new Promise((turn) => requestAnimationFrame(() => requestAnimationFrame(turn)));
    observer.disconnect();
    return { changed: nodes, all: editor.querySelectorAll('*').length };
  });
  assert.ok(all > 2000);
  assert.ok(changed < 60, `one letter drew ${changed} of ${all} elements anew`);
  await context.close();
});

test('the secretariat adds a term, everybody finds it without accents, and it can be withdrawn', { timeout: long }, async () => {
  const admin = await open(browser, server, { key: keys.admin });
  const { page } = admin;
  await page.goto('/administration/termes');
  await page.getByRole('button', { name: 'Ajouter un terme' }).click();
  const form = page.getByTestId('term-form');
  await form.getByLabel('Mot').nth(1).fill('assemblée de l’Arc');
  await form.getByLabel('Définition').nth(1).fill('Réunion des élus des deux côtés.');
  await form.getByLabel('Mot').nth(2).fill('Jurabogenversammlung');
  await form.getByLabel('Définition').nth(2).fill('Treffen der Gewählten beider Seiten.');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await form.waitFor({ state: 'detached' });

  const reader = await open(browser, server, { key: keys.swiss, locale: 'de-CH' });
  await reader.page.goto('/reperes/termes');
  await reader.page.getByTestId('terms').locator('[data-term-id]').first().waitFor();
  await reader.page.getByRole('searchbox').fill('assemblee de larc');
  await reader.page.getByText('Kein Begriff', { exact: false }).waitFor();
  await reader.page.getByRole('searchbox').fill('ASSEMBLEE arc');
  await reader.page.getByText('Jurabogenversammlung').waitFor();
  assert.equal(await reader.page.locator('[data-term-id]').count(), 1);

  await page.getByRole('searchbox').fill('jurabogen');
  const line = page.locator('tr[data-term-id]');
  await line.getByRole('button', { name: /^Retirer/ }).click();
  await line.getByRole('button', { name: /^Rétablir/ }).waitFor();
  await reader.page.reload();
  await reader.page.getByRole('searchbox').fill('arc');
  await reader.page.getByRole('status').filter({ hasText: /\d/ }).waitFor();
  assert.equal(await reader.page.getByText('Jurabogenversammlung').count(), 0);
  for (const { context, complaints } of [admin, reader]) {
    await context.close();
    assert.deepEqual(complaints, []);
  }
});

test('the language of a text that nobody named is told, shown, and changed at will', { timeout: long }, async () => {
  const { page, person, context, complaints } = await open(browser, server, { key: keys.french });
  const { path, document } = await documentOf(person, { title: 'Ohne Sprache' });
  await page.goto(path);
  const choice = page.getByRole('button', { name: /Langue du document|par défaut|Deutsch/ });
  await choice.filter({ hasText: 'par défaut' }).waitFor();
  await write(page, editorOf(page), [
    'Die Steuerungsgruppe tagt zweimal im Jahr. Verhinderte Mitglieder erteilen eine schriftliche Vollmacht.',
  ]);
  await choice.filter({ hasText: 'Deutsch (détecté)' }).waitFor();
  assert.equal((await person.get(`/documents/${document.id}`)).language_origin, 'detected');
  await choice.click();
  await page.getByRole('option', { name: 'Deutsch (Schweiz)' }).click();
  await choice.filter({ hasText: /^Deutsch \(Schweiz\)$/ }).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a machine proposes lists, breaks, bold and links as they stand', { timeout: long }, async () => {
  const { page, person, context, complaints } = await open(browser, server, { key: keys.french });
  const workspace = await workspaceOf(person, keys.workspace);
  const body = [
    '# Ordre du jour',
    'Le **comité** lit [le rapport](https://example.org/rapport?jeton=1).',
    'Mairie  \nSalle 2',
    '- Mobilité\n  - Vélo\n- Budget',
    '> Une citation',
    '| Poste | Montant |\n| --- | --- |\n| Transport | 500 |',
  ].join('\n\n');
  const source = await person.call('POST', `/workspaces/${workspace.id}/import?filename=odj.md&language=fr`, body, { type: 'text/markdown' });
  const own = await person.call('POST', `/documents/${source.id}/twins`, { language: 'de-CH', title: 'Tagesordnung' });
  await page.goto(`/espaces/${workspace.id}/documents/${own.id}?avec=${source.id}`);
  await page.locator('.bi-s[data-state="missing"]').nth(6).waitFor();
  const before = provider.asked.length;
  await page.getByTestId('propose-all').click();
  await page.getByRole('button', { name: 'Envoyer et traduire' }).click();
  await page.locator('.bi-s[data-state="review"]').nth(6).waitFor();
  const right = page.locator('.bi-right [data-testid="editor"]');
  assert.equal(await right.locator('a').getAttribute('href'), 'https://example.org/rapport?jeton=1');
  assert.equal(await right.locator('strong').innerText(), 'comité');
  assert.equal(await right.locator('ul ul li').innerText(), '[de] Vélo');
  assert.equal(await right.locator('blockquote').innerText(), '[de] Une citation');
  assert.equal(await right.locator('table tr').count(), 2);
  assert.equal(await right.locator('p', { hasText: 'Mairie' }).locator('br:not(.ProseMirror-trailingBreak)').count(), 1);
  const asked = provider.asked.slice(before);
  assert.ok(asked.every(({ format }) => format === 'html'));
  assert.ok(!JSON.stringify(asked).includes('jeton'), 'where a link leads stays here');
  await page.waitForFunction(() =>
    [...document.querySelectorAll('[data-testid="save-state"]')].every(({ dataset }) => dataset.unsent === '0'));
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a machine proposes after one has agreed, a person reads, and the other language is one entry away', { timeout: long }, async () => {
  const { page, person, context, complaints } = await open(browser, server, { key: keys.french });
  const { path, document, workspace } = await documentOf(person, { title: 'Compte rendu bilingue', language: 'fr' });
  const own = await person.call('POST', `/documents/${document.id}/twins`, { language: 'de-CH', title: 'Zweisprachiges Protokoll' });
  await page.goto(`/espaces/${workspace.id}/documents/${own.id}?avec=${document.id}`);
  await write(page, page.locator('.bi-left [data-testid="editor"]'), ['Le comité métropolitain vote.', 'La délibération est prise.']);
  await page.locator('.bi-s[data-state="missing"]').nth(1).waitFor();
  const before = provider.asked.length;
  await page.getByTestId('propose-all').click();
  assert.match(await page.getByTestId('consent').innerText(), /127\.0\.0\.1/);
  assert.equal(provider.asked.length, before, 'nothing leaves before somebody agrees');
  await page.getByRole('button', { name: 'Envoyer et traduire' }).click();
  await page.locator('.bi-right').getByText('Der Metropolausschuss stimmt ab.').waitFor();
  await page.locator('.bi-right').getByText('[de] La délibération est prise.').waitFor();
  await page.locator('.bi-s[data-state="review"]').nth(1).waitFor();
  assert.match(await page.locator('.bi-s').first().innerText(), /automatique/);

  // The base knows a word for it, and the machine did not say it: a hint, until somebody does.
  await page.locator('.bi-right').getByText('[de] La délibération').click({ position: { x: 20, y: 8 } });
  await page.getByTestId('missing-terms').getByText('Beratung').waitFor();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await page.keyboard.insertText('Der Beschluss ist gefasst.');
  await page.getByTestId('missing-terms').waitFor({ state: 'detached' });
  assert.match(await page.locator('.bi-s').nth(1).innerText(), /automatique/, 'a machine’s until somebody says that it was read');
  await page.keyboard.press('Control+Enter');
  await page.waitForFunction(() => document.querySelectorAll('.bi-s').length === 1);
  await page.waitForFunction(() =>
    [...document.querySelectorAll('[data-testid="save-state"]')].every(({ dataset }) => dataset.unsent === '0'));

  await page.goto('/compte');
  const card = page.getByTestId('content-languages');
  await card.getByRole('button', { name: /Ajouter une langue/ }).click();
  await page.getByRole('option', { name: 'Deutsch (Schweiz)' }).click();
  await card.locator('li').waitFor();
  await page.goto('/');
  await page.getByRole('link', { name: 'Zweisprachiges Protokoll' }).first().waitFor();
  assert.equal(await page.locator('main table').getByRole('link', { name: 'Compte rendu bilingue' }).count(), 0);
  await page.locator('tr', { hasText: 'Zweisprachiges Protokoll' }).getByRole('link', { name: 'Ouvrir en Français' }).first().click();
  await page.waitForURL(`**${path}`);
  const marks = page.locator(`.dtree [data-testid="twin-marks"] [data-state]`);
  await marks.first().waitFor();
  assert.ok((await marks.evaluateAll((all) => all.map(({ dataset }) => dataset.state))).includes('review'));
  assert.deepEqual(complaints, []);
  await context.close();
});
