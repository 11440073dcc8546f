// The document's page beside its text: contents and deep links, the toolbar of the phone, the widths of columns.
import assert from 'node:assert/strict';
import { after, before as beforeAll, test } from 'node:test';
import { editorOf, launch, open, saved, textOf, twoWriters, workspaceOf } from '../lib/browser.mjs';
import { discard, startDemo } from '../lib/server.mjs';

const long = 60_000;
const keys = twoWriters();
let server;
let browser;

beforeAll(async () => {
  server = await startDemo();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await discard(server);
});

const phone = { width: 390, height: 844, touch: true };

/** A person in front of a new document made from Markdown. */
async function reading(markdown, look = {}) {
  const one = await open(browser, server, { key: keys.french, ...look });
  const workspace = await workspaceOf(one.person, keys.workspace);
  const document = await one.person.call(
    'POST', `/workspaces/${workspace.id}/import?filename=essai.md&language=fr`, markdown, { type: 'text/markdown' });
  const path = `/espaces/${workspace.id}/documents/${document.id}`;
  const go = async (hash = '') => {
    await one.page.goto(path + hash);
    await saved(one.page);
  };
  const close = async () => {
    await one.context.close();
    assert.deepEqual(one.complaints, [], 'the console is quiet');
  };
  return { ...one, path, go, close };
}

const filler = Array.from({ length: 40 }, (_, line) => `Ligne ${line} pour éloigner la suite.`).join('\n\n');
const chapters = `# Cadre\n\n${filler}\n\n## Tracés comparés\n\n${filler}\n\n## Calendrier\n\n${filler}\n\n## Calendrier\n\nFin.`;

/** Waits until the heading stands in the upper half of what one sees, and below the bars. */
const inView = (page, id) =>
  page.waitForFunction((name) => {
    const box = document.getElementById(name)?.getBoundingClientRect();
    return box && box.top > 40 && box.top < window.innerHeight / 2;
  }, id);

test('the contents lead to a heading by keyboard, and the address with it', { timeout: long }, async () => {
  const { page, go, close } = await reading(chapters);
  await go();
  await page.getByRole('button', { name: 'Sommaire' }).focus();
  await page.keyboard.press('Enter');
  const contents = page.getByRole('navigation', { name: 'Sommaire' });
  assert.deepEqual(await contents.getByRole('link').allInnerTexts(), ['Cadre', 'Tracés comparés', 'Calendrier', 'Calendrier']);
  await contents.getByRole('link', { name: 'Tracés comparés' }).focus();
  await page.keyboard.press('Enter');
  await inView(page, 's-traces-compares');
  assert.equal(new URL(page.url()).hash, '#s-traces-compares');
  // The caret is at the heading: what is typed goes there.
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-testid') === 'editor');
  await page.keyboard.type('Les ');
  await page.getByRole('heading', { name: 'Les Tracés comparés' }).waitFor();
  await saved(page);
  await close();
});

test('a deep link opens at its heading, also the second of a name; back and forth too', { timeout: long }, async () => {
  const { page, go, close } = await reading(chapters);
  await go('#s-calendrier-2');
  await inView(page, 's-calendrier-2').catch(() => undefined);
  // The last heading cannot come to the top: there is nothing below it. It is to be seen.
  assert.ok(await page.locator('#s-calendrier-2').evaluate((heading) => {
    const { top, bottom } = heading.getBoundingClientRect();
    return top > 0 && bottom < window.innerHeight;
  }));
  await page.evaluate(() => (location.hash = 's-traces-compares'));
  await inView(page, 's-traces-compares');
  await page.goBack();
  await page.waitForFunction(() => document.getElementById('s-calendrier-2').getBoundingClientRect().top < window.innerHeight);
  await page.evaluate(() => (location.hash = 's-nulle-part'));
  await page.evaluate(() => (location.hash = '%E0%A4%A'));
  assert.equal(await editorOf(page).count(), 1, 'an address that names nothing changes nothing');
  await close();
});

test('the contents of a phone do not call the keyboard', { timeout: long }, async () => {
  const { page, go, close } = await reading(chapters, phone);
  await go();
  await page.getByRole('button', { name: 'Sommaire' }).tap();
  await page.getByRole('link', { name: 'Tracés comparés' }).tap();
  await inView(page, 's-traces-compares');
  assert.ok(await page.getByTestId('phone-toolbar').isHidden());
  assert.equal(await page.evaluate(() => document.activeElement?.closest('[contenteditable="true"]')), null);
  await close();
});

test('the toolbar of the phone: there while one writes, and it writes', { timeout: long }, async () => {
  const { page, go, close } = await reading('Une ligne.\n', phone);
  await go();
  const bar = page.getByTestId('phone-toolbar');
  const tabs = page.getByRole('navigation', { name: 'Navigation mobile' });
  assert.ok(await bar.isHidden());
  await editorOf(page).locator('p').first().tap();
  await bar.waitFor();
  assert.ok(await tabs.isHidden(), 'the bar takes the place of the navigation');
  const small = await bar.getByRole('button').evaluateAll((buttons) =>
    buttons.filter((each) => each.offsetWidth < 44 || each.offsetHeight < 44).map((each) => each.getAttribute('aria-label')));
  assert.deepEqual(small, [], 'every target has 44 px');
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));

  await page.keyboard.press('Control+End');
  await page.keyboard.press('Enter');
  await bar.getByRole('button', { name: 'Liste de tâches' }).tap();
  await bar.getByRole('button', { name: 'Gras' }).tap();
  assert.ok(await editorOf(page).evaluate((editor) => editor.contains(document.activeElement)), 'the caret stays in the text');
  await page.keyboard.type('Relire');
  await editorOf(page).locator('ul[data-type="taskList"] strong', { hasText: 'Relire' }).waitFor();
  await bar.getByRole('button', { name: 'Annuler la dernière modification' }).tap();
  await page.waitForFunction(() => !document.querySelector('[data-testid="editor"]').textContent.includes('Relire'));
  await bar.getByRole('button', { name: 'Rétablir' }).tap();
  await editorOf(page).getByText('Relire', { exact: true }).waitFor();

  // The kind of the paragraph: the bar stays while its menu is open.
  await editorOf(page).locator('p').first().tap();
  await bar.getByRole('button', { name: /^Style/ }).tap();
  await page.getByRole('menuitemradio', { name: 'Intertitre' }).tap();
  await page.getByRole('heading', { name: 'Une ligne.' }).waitFor();
  await bar.waitFor();
  await bar.getByRole('button', { name: 'Lien' }).tap();
  await page.getByRole('dialog').getByLabel('Adresse').fill('https://www.arcjurassien.ch');
  await page.getByRole('dialog').getByRole('button', { name: 'Appliquer' }).tap();
  await editorOf(page).getByRole('link').first().waitFor();
  await saved(page);
  assert.equal((await textOf(page)).length, 2);

  await page.getByRole('button', { name: 'Exporter' }).focus();
  await bar.waitFor({ state: 'hidden' });
  assert.ok(await tabs.isVisible());
  await close();
});

const table = '| Poste | EUR | CHF |\n|---|---|---|\n| Étude | 18 400,00 | 17 130.40 |\n';
const widths = (page) => editorOf(page).locator('tr').first().locator('th, td').evaluateAll((cells) => cells.map((each) => Math.round(each.offsetWidth)));

test('columns: dragged, stepped by the menu, evened; the other person sees it and undo takes it back', { timeout: long }, async () => {
  const { page, go, path, close } = await reading(table, { width: 1280 });
  await go();
  const other = await open(browser, server, { key: keys.swiss });
  await other.page.goto(path);
  await saved(other.page);
  const before = await widths(page);
  const [first] = before;

  const box = await editorOf(page).locator('th').first().boundingBox();
  const edge = { x: box.x + box.width - 1, y: box.y + box.height / 2 };
  await page.mouse.move(edge.x - 30, edge.y);
  await page.mouse.move(edge.x, edge.y, { steps: 4 });
  await page.locator('.column-resize-handle').first().waitFor();
  await page.mouse.down();
  await page.mouse.move(edge.x - 60, edge.y, { steps: 5 });
  await page.mouse.up();
  await saved(page);
  const [dragged] = await widths(page);
  assert.ok(Math.abs(dragged - (first - 60)) <= 3, `${first} became ${dragged}`);
  await other.page.waitForFunction((wanted) => {
    const cell = document.querySelector('[data-testid="editor"] th');
    return cell && Math.abs(cell.offsetWidth - wanted) <= 3;
  }, dragged);

  await editorOf(page).locator('th').first().click();
  const menu = async (name) => {
    await page.getByTestId('toolbar').getByRole('button', { name: 'Modifier le tableau' }).click();
    await page.getByRole('menuitem', { name }).click();
  };
  await menu('Élargir la colonne');
  const [wider] = await widths(page);
  assert.ok(Math.abs(wider - (dragged + 40)) <= 3, `${dragged} became ${wider}`);
  await menu('Largeurs égales');
  const [even] = await widths(page);
  assert.ok(Math.abs(even - first) <= 3, `${wider} became ${even}, and not ${first} as at the start`);
  await menu('Rétrécir la colonne');
  assert.ok((await widths(page))[0] < first - 30);
  // What follows at once is undone at once: how many steps there are is a matter of time, where they lead is not.
  const undo = page.getByTestId('toolbar').getByRole('button', { name: 'Annuler la dernière modification' });
  while (await undo.isEnabled()) await undo.click();
  assert.deepEqual(await widths(page), before);
  await saved(page);
  await other.context.close();
  await close();
});
