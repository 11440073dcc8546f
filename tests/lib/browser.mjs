// A real Chromium, driven by Playwright. Pages that log an error or break the content security policy fail their test.
import { chromium } from 'playwright-core';
import { Person, demonstration } from './api.mjs';

export async function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
}

/** What a page may say on its console although nothing is wrong: the network was cut on purpose. */
const expected = [/ERR_INTERNET_DISCONNECTED/, /ERR_CONNECTION_REFUSED/, /ERR_CONNECTION_RESET/, /WebSocket connection/];

/**
 * A browser context of one signed-in person of the demonstration. `key` as in config/demo/demo.toml; none: nobody.
 * Without `profile` the language and the theme of the account stay what they are. `touch`: a phone.
 */
export async function open(
  browser, server, { key, locale = 'fr-FR', theme = 'light', width = 1280, height = 900, touch = false, profile = true } = {}) {
  const context = await browser.newContext({
    baseURL: server.url,
    locale,
    colorScheme: theme,
    viewport: { width, height },
    hasTouch: touch,
    isMobile: touch,
    reducedMotion: 'reduce',
    timezoneId: 'Europe/Zurich',
  });
  context.setDefaultTimeout(15_000);
  let person = null;
  if (key) {
    const { people, password } = demonstration();
    const account = people.find((one) => one.key === key);
    person = await new Person(server.url).signIn(account.email, password);
    if (profile) await person.call('PATCH', '/me', { ui_locale: locale, theme });
    const [name, value] = person.cookie.split('=');
    await context.addCookies([{ name, value, url: server.url, httpOnly: true, sameSite: 'Lax' }]);
  }
  const complaints = [];
  context.on('page', (page) => {
    page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
    page.on('console', (message) => {
      const text = message.text();
      if (message.type() === 'error' && !expected.some((pattern) => pattern.test(text))) complaints.push(text);
    });
  });
  return { context, person, complaints, page: await context.newPage() };
}

/** Does `work` on `page`; where that fails, the error tells what the page shows: a time limit alone says nothing. */
export async function seeing(page, work) {
  try {
    return await work();
  } catch (error) {
    const text = await page.evaluate(() => document.body.innerText).catch((gone) => `(${gone.message})`);
    error.message += `\n${page.url()} shows:\n${text.slice(0, 1500)}`;
    throw error;
  }
}

/** Waits until the application has drawn a screen in place of the mark of index.html. */
export async function drawn(page) {
  await page.waitForFunction(() => !document.querySelector('.boot'));
}

/** Keys of two writers of the first demonstration workspace, one from each side, and the workspace's name. */
export function twoWriters() {
  const { people, workspaces } = demonstration();
  const writers = workspaces[0].members
    .filter(({ role }) => role === 'editor' || role === 'manager')
    .map(({ person }) => people.find(({ key }) => key === person));
  const german = writers.find(({ locale }) => locale !== 'fr-FR');
  const french = writers.find(({ locale }) => locale === 'fr-FR');
  return { french: french.key, swiss: german.key, workspace: workspaces[0].name };
}

export async function workspaceOf(person, name) {
  return (await person.get('/workspaces')).workspaces.find((one) => one.name === name);
}

export function editorOf(page) {
  return page.getByTestId('editor');
}

/** Waits until the page says that everything is on the server's disk. */
export async function saved(page) {
  await page.locator('[data-testid="save-state"][data-state="saved"][data-unsent="0"]').waitFor();
}

/** The document's blocks as text, without what only this reader sees (carets of others, placeholders). */
export async function textOf(page) {
  return editorOf(page).evaluate((editor) => {
    const copy = editor.cloneNode(true);
    for (const drawn of copy.querySelectorAll('.ProseMirror-widget, .ProseMirror-separator, [class*="caret"]')) drawn.remove();
    return [...copy.children].map((block) => block.textContent.replace(/[\u2060\ufeff]/g, ''));
  });
}
