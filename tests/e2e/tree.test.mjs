// The tree of a space, by mouse and by keyboard, on the real server: create, rename, move, trash, restore, undo. What the
// screen shows is compared with what the server has.
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

/** A person in front of a fresh folder «name» with the documents a, b, c, beside a folder «name, archives». */
async function bench(name, { hears = true } = {}) {
  const person = await open(browser, server, { key: keys.french, height: 1800 });
  // Who does not hear of changes sees what was there.
  if (!hears) await person.page.routeWebSocket(/\/live$/, () => {});
  const workspace = await workspaceOf(person.person, keys.workspace);
  const make = (title, parent_id = null, kind = 'document') =>
    person.person.call('POST', `/workspaces/${workspace.id}/documents`, { title, kind, parent_id, language: 'fr' });
  const folder = await make(name, null, 'folder');
  const archives = await make(`${name}, archives`, null, 'folder');
  for (const title of ['a', 'b', 'c']) await make(`${name} ${title}`, folder.id);
  await person.page.goto(`/espaces/${workspace.id}/documents`);
  const tree = person.page.getByRole('treegrid', { name: 'Documents de l’espace' });
  await tree.waitFor();
  const row = (title) => tree.getByRole('row', { name: title, exact: true });
  await row(name).waitFor();
  for (const title of [name, `${name}, archives`]) {
    if ((await row(title).getAttribute('aria-expanded')) === 'false') {
      await row(title).click();
    }
  }
  await row(`${name} a`).waitFor();
  /** Titles under a folder as the server has them. */
  const under = async (parent) => {
    const { documents } = await person.person.get(`/workspaces/${workspace.id}/documents`);
    return documents.filter((each) => each.parent_id === parent.id).sort((x, y) => x.position - y.position).map((each) => each.title);
  };
  /** Does something that sends one request to the server, and waits until it has answered. */
  const sent = async (method, act) => {
    const answer = person.page.waitForResponse((each) => each.request().method() === method && each.url().includes('/api/v1/documents/'));
    await act();
    const { status, ok } = await answer.then((each) => ({ status: each.status(), ok: each.ok() }));
    assert.ok(ok, `${method} is answered with ${status}`);
  };
  const close = async () => {
    await person.context.close();
    assert.deepEqual(person.complaints, [], 'the console is quiet');
  };
  return { ...person, workspace, folder, archives, tree, row, under, sent, close };
}

/** Titles of the rows on the screen, in their order. */
const shown = (tree, prefix) =>
  tree.getByRole('row').evaluateAll((rows, start) => rows.map((each) => each.getAttribute('aria-label')).filter((each) => each?.startsWith(start)), prefix);

test('create and rename', { timeout: long }, async () => {
  const { page, row, under, sent, folder, close } = await bench('Nommer');
  await row('Nommer').hover();
  await row('Nommer').getByRole('button', { name: 'Actions pour « Nommer »' }).click();
  await page.getByRole('menuitem', { name: 'Nouveau dossier ici' }).click();
  const dialog = page.getByRole('dialog', { name: 'Nouveau dossier' });
  await dialog.getByLabel('Titre').fill('Annexes');
  await dialog.getByRole('button', { name: 'Créer' }).click();
  await row('Annexes').waitFor();
  assert.deepEqual(await under(folder), ['Nommer a', 'Nommer b', 'Nommer c', 'Annexes']);

  await row('Nommer b').focus();
  await page.keyboard.press('F2');
  await page.getByLabel('Nouveau nom de « Nommer b »').fill('Nommer bis');
  await sent('PATCH', () => page.keyboard.press('Enter'));
  await row('Nommer bis').waitFor();
  // The keyboard is back on the row it came from.
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Nommer bis');
  assert.deepEqual(await under(folder), ['Nommer a', 'Nommer bis', 'Nommer c', 'Annexes']);

  await page.keyboard.press('F2');
  await page.keyboard.type('Non');
  await page.keyboard.press('Escape');
  await row('Nommer bis').waitFor();
  await close();
});

/** Drags a row with the mouse to a share of the height of another: 0 is above it, 0.5 is into it, 1 is below it. */
async function drag(page, from, to, share) {
  await from.hover();
  const start = await from.locator('.tree-grip').boundingBox();
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  const end = await to.boundingBox();
  const y = end.y + Math.min(end.height - 2, Math.max(2, end.height * share));
  // A drag starts after some movement, and a target is told by a movement over it.
  await page.mouse.move(start.x + 20, start.y + 10, { steps: 4 });
  await page.mouse.move(end.x + end.width / 3, y, { steps: 8 });
  await page.mouse.move(end.x + end.width / 3 + 2, y, { steps: 2 });
  await page.mouse.up();
}

test('move with the mouse: among siblings, into a folder, not into itself', { timeout: long }, async () => {
  const { page, tree, row, under, sent, folder, archives, close } = await bench('Glisser');
  await sent('POST', () => drag(page, row('Glisser c'), row('Glisser a'), 0));
  assert.deepEqual(await under(folder), ['Glisser c', 'Glisser a', 'Glisser b']);
  assert.deepEqual(await shown(tree, 'Glisser '), ['Glisser c', 'Glisser a', 'Glisser b']);

  await sent('POST', () => drag(page, row('Glisser a'), row('Glisser, archives'), 0.5));
  assert.deepEqual(await under(folder), ['Glisser c', 'Glisser b']);
  assert.deepEqual(await under(archives), ['Glisser a']);
  // The folder has opened, so that one sees where it went.
  await row('Glisser a').waitFor();

  await drag(page, row('Glisser'), row('Glisser c'), 0.5);
  await row('Glisser c').waitFor();
  assert.deepEqual(await under(folder), ['Glisser c', 'Glisser b'], 'a folder does not go into itself');
  await close();
});

test('move with the keyboard: by the grip, by the menu, by the dialog', { timeout: long }, async () => {
  const { page, row, under, sent, folder, archives, close } = await bench('Porter');
  // The grip: Enter takes it, the arrows walk over the places, Enter drops it.
  await row('Porter c').focus();
  await row('Porter c').locator('.tree-grip').focus();
  await page.keyboard.press('Enter');
  let reached = false;
  for (let presses = 0; presses < 60; presses += 1) {
    const name = await page.evaluate(() => {
      const ids = document.activeElement?.getAttribute('aria-labelledby')?.split(' ') ?? [];
      const words = ids.map((id) => document.getElementById(id)).map((each) => each?.textContent || each?.getAttribute('aria-label'));
      return document.activeElement?.getAttribute('aria-label') ?? words.join(' ');
    });
    reached = name.trim() === 'Déposer sur Porter, archives';
    if (reached) break;
    await page.keyboard.press('ArrowDown');
  }
  assert.ok(reached, 'the arrows lead to the folder');
  await sent('POST', () => page.keyboard.press('Enter'));
  assert.deepEqual(await under(archives), ['Porter c']);

  // The menu: one step up.
  await row('Porter b').focus();
  await page.keyboard.press('Tab');
  await row('Porter b').getByRole('button', { name: 'Actions pour « Porter b »' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Monter' }).focus();
  await sent('POST', () => page.keyboard.press('Enter'));
  assert.deepEqual(await under(folder), ['Porter b', 'Porter a']);

  // The dialog: to a place chosen from a list.
  await row('Porter b').getByRole('button', { name: 'Actions pour « Porter b »' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Déplacer vers…' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Déplacer « Porter b »' });
  await dialog.getByRole('option', { name: 'Porter, archives' }).focus();
  await page.keyboard.press('Space');
  await dialog.getByRole('button', { name: 'Déplacer' }).focus();
  await sent('POST', () => page.keyboard.press('Enter'));
  assert.deepEqual(await under(archives), ['Porter c', 'Porter b']);
  await close();
});

test('trash, undo, restore', { timeout: long }, async () => {
  const { page, row, under, sent, folder, workspace, close } = await bench('Jeter');
  await row('Jeter b').focus();
  await sent('DELETE', () => page.keyboard.press('Delete'));
  await row('Jeter b').waitFor({ state: 'detached' });
  assert.deepEqual(await under(folder), ['Jeter a', 'Jeter c']);
  await sent('POST', () => page.getByRole('button', { name: 'Annuler', exact: true }).click());
  await row('Jeter b').waitFor();
  assert.deepEqual((await under(folder)).sort(), ['Jeter a', 'Jeter b', 'Jeter c']);

  // A folder goes with what is in it, and comes back with it.
  await row('Jeter').hover();
  await row('Jeter').getByRole('button', { name: 'Actions pour « Jeter »' }).click();
  await sent('DELETE', () => page.getByRole('menuitem', { name: 'Mettre à la corbeille' }).click());
  await row('Jeter a').waitFor({ state: 'detached' });
  assert.deepEqual(await under(folder), []);
  await page.goto(`/espaces/${workspace.id}/corbeille`);
  await sent('POST', () => page.getByRole('button', { name: 'Rétablir « Jeter »' }).click());
  await page.getByText('« Jeter » est rétabli').waitFor();
  assert.deepEqual((await under(folder)).sort(), ['Jeter a', 'Jeter b', 'Jeter c']);
  await close();
});

test('a move that the server refuses is put back, with the reason', { timeout: long }, async () => {
  const { page, row, under, folder, tree, close, complaints } = await bench('Refuser', { hears: false });
  // Somebody else has put the target into the trash a moment ago.
  const other = await open(browser, server, { key: keys.swiss });
  const { documents } = await other.person.get(`/workspaces/${folder.workspace_id}/documents`);
  const gone = documents.find(({ title }) => title === 'Refuser, archives');
  await other.person.call('DELETE', `/documents/${gone.id}`);
  await other.context.close();
  await drag(page, row('Refuser a'), row('Refuser, archives'), 0.5);
  await page.getByText('« Refuser a » n’a pas été déplacé').waitFor();
  await row('Refuser, archives').waitFor({ state: 'detached' });
  assert.deepEqual(await shown(tree, 'Refuser '), ['Refuser a', 'Refuser b', 'Refuser c']);
  assert.deepEqual(await under(folder), ['Refuser a', 'Refuser b', 'Refuser c']);
  complaints.length = 0; // the refusal
  await close();
});
