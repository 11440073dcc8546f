// The directories, driven in Chromium on a real server with their sample content: found in spite of a typo, changed and
// changed back, corrected by a member and reviewed, imported and undone, read by everybody; in two languages and widths.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { demonstration } from '../lib/api.mjs';
import { launch, open, twoWriters } from '../lib/browser.mjs';
import { discard, executable, run, startDemo } from '../lib/server.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const plugin = 'org.cluse.annuaires';
const folder = join(dirname(dirname(executable)), 'plugins', 'annuaires');
const missing = ['libannuaires.so', 'web/dist/page.js'].filter((file) => !existsSync(join(folder, file)));
const skip = missing.length > 0 && `annuaires is not built: ${folder} has no ${missing.join(' and no ')}`;
const keys = { ...twoWriters(), admin: demonstration().people.find(({ admin }) => admin).key };
let server;
let browser;

before(async () => {
  if (skip) return;
  server = await startDemo();
  browser = await launch();
  const { code, stderr } = await run(['plugin', 'install', folder, '--accept', '--data', server.data]);
  assert.equal(code, 0, stderr);
  const { context, person } = await open(browser, server, { key: keys.admin });
  await person.call('PUT', `/plugins/${plugin}`, { enabled: true });
  await person.call('PUT', `/plugins/${plugin}`, { trusted_ui: true });
  await context.close();
});
after(async () => {
  await browser?.close();
  if (server) await discard(server);
});

/** Opens a place of the page as somebody; `place` is what the plugin draws. */
async function visit(path, options) {
  const opened = await open(browser, server, options);
  const go = async (to) => {
    await opened.page.goto(`/e/${plugin}/${to}`);
    await opened.page.locator('.ext[data-state="ready"]').first().waitFor();
  };
  await go(path);
  return { ...opened, go, place: opened.page.locator('.ext-m') };
}

test('the sample content is loaded, and found in spite of a typo', { skip }, async () => {
  const { context, page, place, complaints } = await visit('', { key: keys.admin });
  await place.getByRole('button', { name: 'Charger l’exemple' }).click();
  await place.getByRole('link', { name: 'Organismes' }).click();
  await place.getByRole('link', { name: 'CA Grand Belfort' }).waitFor();
  await place.getByRole('searchbox').fill('belfrt');
  await page.waitForURL(/q=belfrt/);
  await place.getByText(/Résultats pour/).waitFor();
  await place.getByRole('link', { name: 'CA Grand Belfort' }).click();
  await place.getByRole('heading', { level: 1, name: 'CA Grand Belfort' }).waitFor();
  await page.goBack();
  await page.waitForURL(/q=belfrt/);
  assert.equal(await place.getByRole('searchbox').inputValue(), 'belfrt');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('an entry is changed, and changed back', { skip }, async () => {
  const { context, page, place, complaints } = await visit('organismes?q=grand%20belfort', { key: keys.admin });
  await place.getByRole('link', { name: 'CA Grand Belfort' }).click();
  await place.getByRole('link', { name: 'Modifier' }).click();
  await place.getByRole('textbox', { name: 'Population' }).fill('101 726');
  await place.getByRole('button', { name: 'Enregistrer' }).click();
  const value = place.locator('.an-values > div').filter({ hasText: 'Population' });
  await value.getByText(/101.726/).waitFor();
  await page.getByRole('button', { name: 'Annuler' }).first().click();
  await value.getByText(/101.725/).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a member proposes a correction, the secretariat accepts it', { skip }, async () => {
  const member = await visit('organismes?q=sud%20territoire', { key: keys.french, locale: 'fr-FR' });
  await member.place.getByRole('link', { name: 'CC du Sud Territoire' }).click();
  await member.place.getByRole('link', { name: 'Signaler une correction' }).first().click();
  await member.place.getByRole('textbox', { name: 'Population' }).fill('23 500');
  await member.place.getByRole('button', { name: 'Envoyer au secrétariat' }).click();
  await member.place.getByRole('heading', { level: 1, name: 'CC du Sud Territoire' }).waitFor();
  assert.deepEqual(member.complaints, []);
  await member.context.close();

  const { context, place, go, complaints } = await visit('organismes/demandes', { key: keys.admin });
  await place.locator('ins').getByText(/23.?500/).waitFor();
  await place.getByRole('button', { name: 'Tout accepter' }).click();
  await place.getByText('Aucune demande ici').waitFor();
  // Leaving sends what could still be taken back.
  await place.getByRole('link', { name: 'Fiches' }).click();
  await place.getByRole('link', { name: 'CC du Sud Territoire' }).waitFor();
  await go('organismes/demandes?etat=done');
  await place.getByText('Accepté').first().waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a file is imported with a preview, and undone', { skip }, async () => {
  const { context, page, place, complaints } = await visit('organismes/imports', { key: keys.admin });
  const csv = '\ufeffNom;Population\r\nSyndicat mixte des Deux Rives;12000\r\nVille de la Passerelle;abc\r\n';
  await place.locator('input[type="file"]').setInputFiles({ name: 'liste.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await page.waitForURL(/imports\/\d+/);
  await place.getByRole('button', { name: 'Vérifier les lignes' }).click();
  await place.getByText('Syndicat mixte des Deux Rives').waitFor();
  await place.getByText('Problème', { exact: true }).first().waitFor();
  await place.getByRole('button', { name: /Importer 1 ligne/ }).click();
  await place.getByRole('heading', { name: 'Import terminé' }).waitFor();
  await place.getByRole('button', { name: 'Annuler tout l’import' }).click();
  await place.getByRole('heading', { name: 'Import annulé' }).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

/** A square on each side of the border, for two territories of the sample content. */
function squares() {
  const square = (west) => [[west, 47.3], [west + 0.4, 47.3], [west + 0.4, 47.7], [west, 47.7], [west, 47.3]];
  const layer = (id, arc) => ({ type: 'GeometryCollection', geometries: [{ type: 'Polygon', id, arcs: [[arc]] }] });
  const objects = { epci: layer('200069052', 0), cantons: layer('JU', 1) };
  return { type: 'Topology', credit: 'Carrés de démonstration', bbox: [6, 47, 8, 48], arcs: [square(6.7), square(7.2)], objects };
}

test('a map is given by a file; what is chosen on it opens over it, and Escape closes', { skip }, async () => {
  const { context, page, place, complaints } = await visit('organismes/carte', { key: keys.admin });
  const file = { name: 'carte.topojson', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(squares())) };
  await place.locator('input[type="file"]').setInputFiles(file);
  await place.getByText('Carrés de démonstration').waitFor();
  await place.locator('.an-disc').first().click();
  await page.waitForURL(/fiche=ici/);
  const card = place.locator('.an-fiche');
  await card.getByRole('link', { name: 'Voir la fiche' }).waitFor();
  await page.keyboard.press('Escape');
  await card.waitFor({ state: 'detached' });
  await page.goto(`/e/${plugin}/organismes/carte`);
  const row = place.getByRole('link', { name: 'CA Grand Belfort' });
  await row.focus();
  await page.keyboard.press('Enter');
  await card.getByRole('heading', { name: 'CA Grand Belfort' }).waitFor();
  assert.equal(await row.getAttribute('aria-current'), 'true');
  assert.equal(await place.getByRole('button', { name: 'CA Grand Belfort', pressed: true }).count(), 1);
  await page.keyboard.press('Escape');
  await card.waitFor({ state: 'detached' });
  assert.ok(await row.evaluate((link) => link === document.activeElement), 'the focus is back where it was');
  assert.deepEqual(complaints.filter((text) => !/status of 404/.test(text)), []);
  await context.close();
});

test('all that is wrong with an entry is said at once', { skip }, async () => {
  const { context, place, complaints } = await visit('organismes/fiches/1/modifier', { key: keys.admin });
  await place.getByRole('textbox', { name: 'Courriel' }).fill('personne');
  await place.getByRole('textbox', { name: 'Téléphone' }).fill('abc');
  await place.getByRole('button', { name: 'Enregistrer' }).click();
  await place.getByText('2 champs sont à corriger.').waitFor();
  assert.equal(await place.locator('[aria-invalid="true"]').count(), 2);
  assert.ok(await place.locator('[aria-invalid="true"]').first().evaluate((field) => field === document.activeElement));
  assert.deepEqual(complaints.filter((text) => !/status of 422/.test(text)), []);
  await context.close();
});

test('everybody reads what is open, without an account', { skip }, async () => {
  const { context, page, complaints } = await open(browser, server, {});
  await page.goto(`/portail/e/${plugin}/organismes`);
  const place = page.locator('.ext-m');
  await place.getByRole('link', { name: 'CA Grand Belfort' }).click();
  await place.getByRole('heading', { level: 1, name: 'CA Grand Belfort' }).waitFor();
  // The keys of an entry are said in words, also to who has no account.
  const value = (label) => place.locator('.an-values > div').filter({ hasText: label });
  await value('Politiques').getByText('Développement économique, Aménagement, Mobilités, Habitat').waitFor();
  await value('Échelon').getByText('Intercommunalité').waitFor();
  assert.equal(await place.getByRole('link', { name: 'Modifier' }).count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

for (const way of [
  { locale: 'fr-FR', width: 1280, theme: 'light' },
  { locale: 'de-CH', width: 390, theme: 'dark' },
]) {
  test(`axe finds nothing, nothing runs over the edge: ${way.locale}, ${way.width} px, ${way.theme}`, { skip }, async () => {
    const { context, page, place, go, complaints } = await visit('', { key: keys.admin, touch: way.width < 600, ...way });
    const heading = { level: 1 };
    const paths = ['', 'organismes', 'organismes/carte', 'organismes/carte?fiche=1', 'organismes/organigramme', 'organismes/fiches/1', 'organismes/fiches/1/modifier', 'organismes/homologues', 'organismes/imports', 'organismes/exports', 'organismes/reglages'];
    for (const path of paths) {
      await go(path);
      await place.getByRole('heading', heading).waitFor();
      await page.waitForFunction(() => !document.querySelector('.an-waiting'));
      await page.evaluate(axe);
      const { violations } = await page.evaluate((runOnly) => globalThis.axe.run('.ext-m', { runOnly }), tags);
      assert.deepEqual(violations.map(({ id, nodes }) => [path, id, nodes[0]?.html]), []);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= way.width, `${path} runs over the edge`);
    }
    // axe brings a style of its own; a directory without a map asks for one and is told that there is none.
    assert.deepEqual(complaints.filter((text) => !/inline style|status of 404/.test(text)), []);
    await context.close();
  });
}
