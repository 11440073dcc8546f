// A document and its translation side by side, in two real browsers: people on both sides write, each block knows its
// twin, and one edited block turns its twin and no other.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, twoWriters, workspaceOf } from '../lib/browser.mjs';
import { discard, startDemo } from '../lib/server.mjs';

const long = 90_000;
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

const left = (page) => page.locator('.bi-left [data-testid="editor"]');
const right = (page) => page.locator('.bi-right [data-testid="editor"]');
const states = (page) => page.locator('.bi-s').evaluateAll((all) => all.map(({ dataset }) => dataset.state));
const saved = (page) =>
  page.waitForFunction(() => {
    const all = [...document.querySelectorAll('[data-testid="save-state"]')];
    return all.length > 0 && all.every(({ dataset }) => dataset.state === 'saved' && dataset.unsent === '0');
  });
/** Waits until the lines under the blocks say just this. */
const waitStates = (page, expected) =>
  page.waitForFunction(
    (wanted) =>
      JSON.stringify([...document.querySelectorAll('.bi-s')].map(({ dataset }) => dataset.state)) === wanted,
    JSON.stringify(expected),
  );

async function write(page, editor, lines) {
  await editor.click();
  for (const [at, line] of lines.entries()) {
    if (at > 0) await page.keyboard.press('Enter');
    await page.keyboard.insertText(line);
  }
}

async function pairOf(person, title) {
  const workspace = await workspaceOf(person, keys.workspace);
  const source = await person.call('POST', `/workspaces/${workspace.id}/documents`, { title, language: 'fr' });
  const own = await person.call('POST', `/documents/${source.id}/twins`, { language: 'de-CH', title: `${title} (de)` });
  return { workspace, source, own, path: `/espaces/${workspace.id}/documents/${own.id}?avec=${source.id}` };
}

test('one edited block turns its twin and no other, for both who read', { timeout: long }, async () => {
  const french = await open(browser, server, { key: keys.french });
  const swiss = await open(browser, server, { key: keys.swiss });
  const { path, workspace, own } = await pairOf(french.person, 'Aide');
  await french.page.goto(path);
  await write(french.page, left(french.page), ['Un', 'Deux', 'Trois']);
  await waitStates(french.page, ['missing', 'missing', 'missing']);
  await saved(french.page);

  // The translator begins where nothing stands, confirms, and goes on to the next: with the keyboard.
  await swiss.page.goto(path);
  await waitStates(swiss.page, ['missing', 'missing', 'missing']);
  for (const [at, word] of ['Eins', 'Zwei', 'Drei'].entries()) {
    await swiss.page.locator('.bi-s[data-state="missing"]').first().getByRole('button').click();
    await swiss.page.keyboard.type(word);
    await waitStates(swiss.page, ['review', ...['missing', 'missing'].slice(at)]);
    await swiss.page.keyboard.press('Control+Enter');
    await waitStates(swiss.page, ['missing', 'missing'].slice(at));
  }
  assert.equal(await right(swiss.page).innerText().then((text) => text.split(/\n+/).join(' ')), 'Eins Zwei Drei');
  await french.page.getByTestId('progress').getByText('3').first().waitFor();
  await waitStates(french.page, []);

  // One letter in the source: one twin is stale, in both browsers.
  await left(french.page).getByText('Deux').click();
  await french.page.keyboard.press('End');
  await french.page.keyboard.type(' bis');
  for (const { page } of [french, swiss]) {
    await waitStates(page, ['stale']);
    const block = await page.locator('.bi-s').getAttribute('data-block');
    assert.equal(await right(page).locator(`[data-block="${block}"]`).innerText(), 'Zwei');
  }
  await swiss.page.locator('.bi-s').getByRole('button').first().click();
  await swiss.page.getByTestId('what-changed').locator('ins').waitFor();
  assert.equal(await swiss.page.getByTestId('what-changed').locator('ins').innerText(), 'bis');
  await swiss.page.keyboard.press('Escape');

  // The lists know it too, without anybody counting.
  await saved(french.page);
  const { sets } = await french.person.get(`/workspaces/${workspace.id}/twins`);
  const counts = sets.flatMap(({ documents }) => documents).find(({ id }) => id === own.id).counts;
  assert.deepEqual(counts, { current: 2, stale: 1, review: 0, missing: 0, orphan: 0 });

  await swiss.page.locator('.bi-s').getByRole('button').last().click();
  await waitStates(french.page, []);
  for (const { context, complaints } of [french, swiss]) {
    await context.close();
    assert.deepEqual(complaints, []);
  }
});

test('twins stand at one height; the keyboard goes from one to the other; without a network all goes on', { timeout: long }, async () => {
  const { page, person, context } = await open(browser, server, { key: keys.french });
  const { path } = await pairOf(person, 'Hauteurs');
  await page.goto(path);
  const words = 'La ligne Belfort–Delle et l’autoroute Transjurane structurent déjà les déplacements. ';
  await write(page, left(page), [words.repeat(4), 'Court', words.repeat(2)]);
  await waitStates(page, ['missing', 'missing', 'missing']);
  for (const text of ['Kurz', words.repeat(5), 'Ende']) {
    await page.locator('.bi-s[data-state="missing"]').first().getByRole('button').click();
    await page.keyboard.type(text);
    await page.keyboard.press('Control+Enter');
  }
  await waitStates(page, []);
  // Measured once the room has been made: the condition itself is waited for.
  await page.waitForFunction(() => {
    const tops = (side) => [...document.querySelectorAll(`.bi-${side} .prose > p`)].map((each) => each.getBoundingClientRect().top);
    const [a, b] = [tops('left'), tops('right')];
    return a.length === 3 && b.length === 3 && a.every((top, at) => Math.abs(top - b[at]) < 1.5);
  });

  await left(page).getByText('Court').click();
  await page.keyboard.press('Control+Shift+Enter');
  await page.locator('.bi-right .ProseMirror-focused').waitFor();
  await page.keyboard.type('«');
  assert.match(await right(page).locator('p').nth(1).innerText(), /^«La ligne/);

  await saved(page);
  await context.setOffline(true);
  await left(page).getByText('Court').click();
  await page.keyboard.press('End');
  await page.keyboard.type(' et bref');
  await waitStates(page, ['stale']);
  await page.reload();
  await waitStates(page, ['stale']);
  await context.setOffline(false);
  await saved(page);
  await context.close();
});

test('texts that were written apart are linked on the screen, paired in order, and corrected', { timeout: long }, async () => {
  const { page, person, context, complaints } = await open(browser, server, { key: keys.french });
  const workspace = await workspaceOf(person, keys.workspace);
  const make = async (title, language, lines) => {
    const made = await person.call('POST', `/workspaces/${workspace.id}/documents`, { title, language });
    await page.goto(`/espaces/${workspace.id}/documents/${made.id}`);
    await write(page, page.getByTestId('editor'), lines);
    await saved(page);
    return made;
  };
  await make('Spesen', 'de-CH', ['Spesen von 500 Euro', 'Ende']);
  await make('Frais', 'fr', ['Aide de 6000 euros', 'Frais de 500 euros', 'Fin']);
  await page.getByRole('button', { name: 'Traductions' }).click();
  await page.getByRole('menuitem', { name: /Lier/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: /Document qui traduit/ }).click();
  await page.getByRole('option', { name: /Spesen/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Lier', exact: true }).click();
  await waitStates(page, ['missing', 'review', 'review']);
  const paired = await page.locator('.bi-s[data-state="review"]').first().getAttribute('data-block');
  assert.equal(await left(page).locator(`[data-block="${paired}"]`).innerText(), 'Frais de 500 euros');

  // Apart, and then beside the other: what a person does when the machine was wrong.
  await right(page).getByText('Spesen').click();
  await page.getByRole('button', { name: 'Séparer de la source' }).click();
  await page.locator('.bi-s[data-state="extra"]').waitFor();
  assert.deepEqual((await states(page)).sort(), ['extra', 'missing', 'missing', 'review']);
  await page.locator('.bi-s[data-state="extra"]').getByRole('button').click();
  await page.getByRole('menuitem', { name: /Aide de 6000/ }).click();
  await page.waitForFunction(() => !document.querySelector('.bi-s[data-state="extra"]'));
  const corrected = await right(page).getByText('Spesen').getAttribute('data-block');
  assert.equal(await left(page).locator(`[data-block="${corrected}"]`).innerText(), 'Aide de 6000 euros');
  await context.close();
  assert.deepEqual(complaints, []);
});

test('two translations stand side by side, each measured by the source that neither is', { timeout: long }, async () => {
  const { page, person, context, complaints } = await open(browser, server, { key: keys.french });
  const { path, workspace, source, own: german } = await pairOf(person, 'Trois langues');
  const italian = await person.call('POST', `/documents/${source.id}/twins`, { language: 'it', title: 'Tre lingue' });
  const document = (id, other) => `/espaces/${workspace.id}/documents/${id}?avec=${other}`;
  const translate = async (address, words) => {
    await page.goto(address);
    await page.locator('.bi-s[data-state="missing"]').nth(words.length - 1).waitFor();
    for (const word of words) {
      await page.locator('.bi-s[data-state="missing"]').first().getByRole('button').click();
      await page.keyboard.type(word);
      await page.keyboard.press('Control+Enter');
    }
    await waitStates(page, []);
    await saved(page);
  };
  await page.goto(path);
  await write(page, left(page), ['Un', 'Deux', 'Trois']);
  await saved(page);
  await translate(path, ['Eins', 'Zwei', 'Drei']);
  await translate(document(italian.id, source.id), ['Uno', 'Due', 'Tre']);

  // The source changes; then the two translations, from the menu of one of them.
  await left(page).getByText('Deux').click();
  await page.keyboard.press('End');
  await page.keyboard.type(' bis');
  await waitStates(page, ['stale']);
  await saved(page);
  await page.getByRole('button', { name: 'Traductions' }).click();
  await page.getByRole('menuitemradio', { name: 'Deutsch (Schweiz)' }).click();
  await page.waitForURL(`**${document(italian.id, german.id)}`);
  await waitStates(page, ['stale']);
  assert.equal((await left(page).innerText()).split(/\n+/).join(' '), 'Eins Zwei Drei');
  assert.equal((await right(page).innerText()).split(/\n+/).join(' '), 'Uno Due Tre');
  await page.waitForFunction(() => {
    const tops = (side) => [...document.querySelectorAll(`.bi-${side} .prose > p`)].map((each) => each.getBoundingClientRect().top);
    const [a, b] = [tops('left'), tops('right')];
    return a.length === 3 && b.length === 3 && a.every((top, at) => Math.abs(top - b[at]) < 1.5);
  });
  await page.locator('.bi-s').getByRole('button').first().click();
  assert.equal(await page.getByTestId('what-changed').locator('ins').innerText(), 'bis');
  await page.keyboard.press('Escape');

  // Each is confirmed by itself; what is written in one does not touch the other.
  await right(page).getByText('Due').click({ position: { x: 8, y: 8 } });
  await page.keyboard.press('End');
  await page.keyboard.type(' bis');
  await page.getByTestId('confirm').click();
  await waitStates(page, []);
  await left(page).getByText('Zwei').click();
  await page.getByTestId('row-state').getByText('Source modifiée').waitFor();
  await page.getByTestId('confirm').click();
  await page.getByTestId('row-state').getByText('À jour').waitFor();
  await saved(page);
  const { sets } = await person.get(`/workspaces/${workspace.id}/twins`);
  const counts = sets.flatMap(({ documents }) => documents).filter(({ id }) => [german.id, italian.id].includes(id));
  assert.deepEqual(counts.map((each) => each.counts.current), [3, 3]);

  // A passage that neither has is translated beside the source; one that the left has can be begun here.
  await page.goto(document(german.id, source.id));
  await left(page).getByText('Trois').click();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Quatre');
  await page.locator('.bi-s[data-state="missing"]').getByRole('button').first().click();
  await page.keyboard.type('Vier');
  await page.keyboard.press('Control+Enter');
  await waitStates(page, []);
  await saved(page);
  await page.goto(document(italian.id, german.id));
  await waitStates(page, ['missing']);
  await page.locator('.bi-s').getByRole('button').first().click();
  await page.keyboard.type('Quattro');
  await waitStates(page, ['review']);
  await page.keyboard.press('Control+Enter');
  await waitStates(page, []);
  await saved(page);
  await context.close();
  assert.deepEqual(complaints, []);
});

test('on a phone one side at a time, and the switch keeps the passage', { timeout: long }, async () => {
  const desk = await open(browser, server, { key: keys.french });
  const { path } = await pairOf(desk.person, 'Au téléphone');
  await desk.page.goto(path);
  const lines = Array.from({ length: 12 }, (_, at) => `Passage ${at} ${'mot '.repeat(40)}`);
  await write(desk.page, left(desk.page), lines);
  for (let at = 0; at < 3; at += 1) {
    await desk.page.locator('.bi-s[data-state="missing"]').first().getByRole('button').click();
    await desk.page.keyboard.type(`Abschnitt ${at}`);
    await desk.page.keyboard.press('Control+Enter');
  }
  await saved(desk.page);
  await desk.context.close();
  const phone = await open(browser, server, { key: keys.swiss, width: 390, height: 800, touch: true });
  await phone.page.goto(path);
  await right(phone.page).getByText('Abschnitt 2').tap();
  assert.equal(await left(phone.page).isVisible(), false);
  await phone.page.locator('.bi-switch').getByRole('button', { name: 'fr', exact: true }).tap();
  await left(phone.page).getByText('Passage 2').waitFor();
  await phone.page.waitForFunction(() => {
    const box = document.querySelectorAll('.bi-left .prose > p')[2].getBoundingClientRect();
    return box.top < innerHeight && box.bottom > 0;
  });
  assert.equal(await right(phone.page).isVisible(), false);
  const { scrollWidth, clientWidth } = await phone.page.evaluate(() => document.documentElement);
  assert.ok(!(scrollWidth > clientWidth));
  await phone.context.close();
});
