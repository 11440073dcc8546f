// The first hour of an instance: set-up, territory, workspace, document, a word; and all of it is there after signing in again.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { editorOf, launch, open, saved, textOf } from '../lib/browser.mjs';
import { Person } from '../lib/api.mjs';
import { discard, startEmpty } from '../lib/server.mjs';

const long = 90_000;
const email = 'administration@exemple.fr';
const password = 'quatre mots pour une clé';
const space = 'Nord Franche-Comté – Jura';
let server;
let browser;

before(async () => {
  server = await startEmpty();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await discard(server);
});

/** With PICTURES=folder each step is photographed. */
async function picture(page, name) {
  const folder = process.env.PICTURES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `first-run-${name}.png`) });
}

test('the first administrator goes from the token to a word that stays', { timeout: long }, async () => {
  const { context, page, complaints } = await open(browser, server, {
    width: Number(process.env.WIDTH ?? 1280), theme: process.env.THEME ?? 'light',
  });

  await page.goto('/');
  await page.getByRole('heading', { name: 'Premier démarrage' }).waitFor();
  assert.equal(new URL(page.url()).pathname, '/demarrer');
  await picture(page, '1-set-up');
  await page.getByLabel('Code d’installation').fill('pas-le-bon');
  await page.getByLabel('Nom affiché').fill('Administration');
  await page.getByLabel('Adresse électronique').fill(email);
  await page.getByLabel('Mot de passe', { exact: true }).fill(password);
  await page.getByLabel('Organisation').fill('Conférence TransJurassienne');
  await page.locator('label', { hasText: 'France' }).click();
  await page.getByRole('button', { name: 'Ouvrir le compte' }).click();
  // The wrong token is told at its field, and nothing that was typed is lost.
  await page.locator('.field[data-invalid]').getByLabel('Code d’installation').waitFor();
  assert.equal(await page.getByLabel('Nom affiché').inputValue(), 'Administration');
  await picture(page, '2-wrong-token');
  complaints.length = 0; // the refusal of the wrong token
  await page.getByLabel('Code d’installation').fill(await server.setupToken);
  await page.getByRole('button', { name: 'Ouvrir le compte' }).click();

  await page.getByText('Bienvenue dans Cluse').waitFor();
  await picture(page, '3-home');
  await page.getByRole('link', { name: 'Créer un espace' }).click();
  const dialog = page.getByRole('dialog', { name: 'Créer un espace' });
  await dialog.getByLabel('Nom de l’espace').waitFor();
  await picture(page, '4-dialog');
  const create = dialog.getByRole('button', { name: 'Créer l’espace' });
  assert.ok(await create.isDisabled(), 'a space needs a name and a territory');
  await dialog.getByLabel('Nom de l’espace').fill(space);
  await dialog.getByLabel('Nom du territoire').fill(space);
  await picture(page, '5-dialog-filled');
  await create.click();

  await page.getByRole('heading', { level: 1, name: space }).waitFor();
  await page.waitForURL(/\/espaces\/[0-9a-f-]{36}$/);
  await page.getByText('Les documents de l’espace viendront ici.').waitFor();
  await picture(page, '6-space');
  await page.getByRole('button', { name: 'Nouveau document' }).first().click();
  const fresh = page.getByRole('dialog', { name: 'Nouveau document' });
  await fresh.getByLabel('Titre').fill('Première séance');
  await picture(page, '7-new-document');
  await fresh.getByRole('button', { name: 'Créer' }).click();
  await editorOf(page).click();
  await page.keyboard.type('Bienvenue.');
  await saved(page);
  await picture(page, '8-document');
  const address = page.url();

  const account = () => page.getByRole('button', { name: 'Mon compte' });
  await account().click();
  await page.getByRole('menuitem', { name: 'Se déconnecter' }).click();
  await page.getByRole('heading', { name: 'Se connecter' }).waitFor();
  await picture(page, '9-signed-out');
  assert.equal(page.url(), address, 'the address stays');
  await page.getByLabel('Adresse électronique').fill(email);
  await page.getByLabel('Mot de passe', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await editorOf(page).getByText('Bienvenue.').waitFor();
  await saved(page);
  assert.deepEqual(await textOf(page), ['Bienvenue.']);
  assert.deepEqual(complaints, [], 'the console is quiet');
  await context.close();
});

test('the second space chooses the territory, or makes another', { timeout: long }, async () => {
  const administrator = await new Person(server.url).signIn(email, password);
  const { context, page } = await open(browser, server);
  const [name, value] = administrator.cookie.split('=');
  await context.addCookies([{ name, value, url: server.url, httpOnly: true, sameSite: 'Lax' }]);
  await page.goto('/espaces?creer');
  const dialog = page.getByRole('dialog', { name: 'Créer un espace' });
  await dialog.getByLabel('Nom de l’espace').fill('Horlogerie');
  await dialog.getByRole('button', { name: /Territoire/ }).click();
  assert.deepEqual(await page.getByRole('option').allInnerTexts(), [space, 'Nouveau territoire…']);
  await picture(page, '10-second-space');
  await page.getByRole('option', { name: 'Nouveau territoire…' }).click();
  await dialog.getByLabel('Nom du territoire').fill('Doubs horloger');
  await dialog.getByLabel('Sigle').fill('DH');
  await dialog.getByRole('button', { name: 'Créer l’espace' }).click();
  await page.getByRole('heading', { level: 1, name: 'Horlogerie' }).waitFor();
  const { territories } = await administrator.get('/territories');
  assert.deepEqual(territories.map((each) => [each.name, each.short]), [['Doubs horloger', 'DH'], [space, 'NJ']]);
  await page.goBack();
  assert.equal(await page.getByRole('dialog').count(), 0, 'going back does not open the dialog again');
  await context.close();
});

test('whoever does not administer is told whom to ask', { timeout: long }, async () => {
  const administrator = await new Person(server.url).signIn(email, password);
  const { token } = await administrator.call('POST', '/invitations', { email: 'technique@canton.example' });
  const { context, page } = await open(browser, server, { locale: 'fr-CH' });
  await page.goto(`/invitation/${token}`);
  await page.getByLabel('Nom affiché').fill('Service technique');
  await page.getByRole('combobox', { name: 'Organisation' }).fill('Canton du Jura');
  await page.locator('label', { hasText: 'Suisse' }).click();
  await page.getByLabel('Mot de passe', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Ouvrir mon compte' }).click();
  await page.getByText('Vous n’êtes dans aucun espace').first().waitFor();
  await picture(page, '11-home-of-a-newcomer');
  await page.goto('/espaces?creer');
  await page.getByRole('dialog', { name: 'Créer un espace' }).getByText('administration de cette instance').waitFor();
  await picture(page, '12-whom-to-ask');
  await context.close();
});
