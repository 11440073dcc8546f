// axe-core finds nothing on the screens, in both themes, at 1280 and 320 px, in French and German; nothing overflows.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { drawn, editorOf, launch, open, seeing, twoWriters, workspaceOf } from '../lib/browser.mjs';
import { demonstration } from '../lib/api.mjs';
import { discard, startDemo, startEmpty } from '../lib/server.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const keys = { ...twoWriters(), admin: demonstration().people.find(({ admin }) => admin).key };
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

const screens = {
  'sign-in': { path: () => '/', signedIn: false, ready: (page) => page.locator('input[type="password"]').waitFor() },
  'asking for an account': { path: () => '/demande', signedIn: false, ready: (page) => page.locator('textarea').waitFor() },
  'a role': {
    path: () => '/administration/roles',
    admin: true,
    ready: async (page) => {
      await page.getByRole('button', { name: /^(Créer un rôle|Rolle anlegen)$/ }).click();
      await page.getByRole('dialog').getByRole('checkbox').first().waitFor();
    },
  },
  home: { path: () => '/', ready: (page) => page.locator('main h1').waitFor() },
  workspace: { path: ({ workspace }) => `/espaces/${workspace.id}`, ready: (page) => page.locator('main table').first().waitFor() },
  document: {
    path: ({ workspace, document }) => `/espaces/${workspace.id}/documents/${document.id}`,
    ready: (page) => editorOf(page).locator('p').first().waitFor(),
  },
  'document, while one writes': {
    path: ({ workspace, document }) => `/espaces/${workspace.id}/documents/${document.id}`,
    ready: async (page, width) => {
      await editorOf(page).locator('p').first().click();
      await page.getByTestId(width < 960 ? 'phone-toolbar' : 'toolbar').waitFor();
    },
  },
  'document, its contents': {
    path: ({ workspace, document }) => `/espaces/${workspace.id}/documents/${document.id}`,
    ready: async (page) => {
      await editorOf(page).locator('p').first().waitFor();
      await page.getByRole('button', { name: /^(Sommaire|Inhalt)$/ }).click();
      await page.getByRole('dialog').getByRole('link').first().waitFor();
    },
  },
  'document in two languages': {
    path: ({ workspace, twins }) => `/espaces/${workspace.id}/documents/${twins.translation}?avec=${twins.source}`,
    ready: (page) => page.locator('.ProseMirror:visible p').first().waitFor(),
  },
  'document, a term explained': {
    path: ({ workspace, document }) => `/espaces/${workspace.id}/documents/${document.id}`,
    ready: async (page) => {
      await page.locator('.prose .term').first().click();
      await page.getByTestId('term-popover').waitFor();
    },
  },
  'document, its terms': {
    path: ({ workspace, document }) => `/espaces/${workspace.id}/documents/${document.id}`,
    ready: async (page) => {
      await page.locator('.prose .term').first().waitFor();
      await page.getByTestId('terms-menu').click();
      await page.getByRole('dialog').locator('summary').first().click();
    },
  },
  'a term, while one changes it': {
    path: () => '/administration/termes',
    admin: true,
    ready: async (page) => {
      await page.locator('tr[data-term-id] button').first().click();
      await page.getByTestId('term-form').waitFor();
    },
  },
  documents: { path: ({ workspace }) => `/espaces/${workspace.id}/documents`, ready: (page) => page.getByRole('treegrid').waitFor() },
  members: { path: ({ workspace }) => `/espaces/${workspace.id}/membres`, ready: (page) => page.locator('main h3').first().waitFor() },
  search: { path: () => '/recherche?q=Delle', ready: (page) => page.locator('main mark').first().waitFor() },
  journal: {
    path: () => '/administration/journal',
    admin: true,
    ready: (page) => page.locator('.jn-list li').first().waitFor(),
  },
  rights: {
    path: () => '/administration/droits',
    admin: true,
    ready: (page) => page.locator('main dl dd').first().waitFor(),
  },
  groups: {
    path: () => '/administration/groupes',
    admin: true,
    ready: async (page) => {
      await page.getByRole('button', { name: /^(Créer un groupe|Gruppe anlegen)$/ }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  why: { path: () => '/administration/pourquoi', admin: true, ready: (page) => page.locator('main h2').first().waitFor() },
  invitations: { path: () => '/administration/invitations', admin: true, ready: (page) => page.locator('main h2').first().waitFor() },
  'invitations, of an organisation': {
    path: () => '/administration/invitations',
    admin: true,
    ready: async (page) => {
      const card = page.getByTestId('invite-organisations');
      await card.getByRole('combobox').fill('grand belfort');
      await page.getByRole('option').first().click();
      await card.getByRole('button', { name: /^Enlever | entfernen$/ }).waitFor();
      await card.getByRole('button', { name: /^(Voir ce qui sera fait|Zeigen, was geschieht)$/ }).click();
      await page.locator('main table tbody tr').first().waitFor();
    },
  },
  person: {
    path: ({ me }) => `/administration/personnes/${me}`,
    admin: true,
    ready: (page) => page.getByRole('button', { name: /^(Transmettre|Übergeben)$/ }).waitFor(),
  },
  account: { path: () => '/compte', ready: (page) => page.locator('main h2').first().waitFor() },
  'a space and its territory': {
    path: () => '/espaces?creer',
    admin: true,
    ready: async (page) => {
      await page.getByRole('dialog').getByRole('button', { name: /Territoire|Gebiet/ }).click();
      await page.getByRole('option', { name: /^(Nouveau territoire|Neues Gebiet)/ }).click();
      await page.getByRole('dialog').locator('fieldset').waitFor();
      // The list gives its screen back.
      await page.getByRole('listbox').waitFor({ state: 'detached' });
    },
  },
  'not found': { path: () => '/nulle-part', ready: (page) => page.locator('main h1').waitFor() },
};

// These in every combination of language, theme and width; the others in each of them, though not in every combination.
const everywhere = ['sign-in', 'home', 'workspace', 'document'];

async function findings(page) {
  await drawn(page);
  // Through the debugger: the page's own policy would refuse a foreign script, and rightly so.
  await page.evaluate(axe);
  const { violations } = await page.evaluate((only) => window.axe.run(document, { runOnly: only }), tags);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).slice(0, 4).join(' | ')}`);
}

async function inspect(page, locale) {
  assert.equal(await page.evaluate(() => document.documentElement.lang.slice(0, 2)), locale.slice(0, 2));
  assert.deepEqual(await findings(page), []);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `the page scrolls sideways by ${overflow} px`);
}

/** Every screen that a list of links names: a new one is looked at without being written here. */
async function inspectLinked(t, page, start, links, locale) {
  await page.goto(start);
  await page.locator(links).first().waitFor();
  const paths = await page.locator(links).evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  for (const path of paths) {
    await t.test(path, async () => {
      await seeing(page, async () => {
        await page.goto(path);
        await page.locator('.adm-body :is(h1, h2), main h1').first().waitFor();
        await page.waitForFunction(() => !document.querySelector('main .sk'));
        await inspect(page, locale);
      });
    });
  }
}

for (const locale of ['fr-FR', 'de-CH']) {
  for (const theme of ['light', 'dark']) {
    for (const width of [1280, 320]) {
      test(`${locale}, ${theme}, ${width} px`, { timeout: 240_000 }, async (t) => {
        const look = { locale, theme, width };
        const visits = {
          nobody: await open(browser, server, look),
          writer: await open(browser, server, { key: keys.french, ...look }),
          admin: await open(browser, server, { key: keys.admin, ...look }),
        };
        t.after(() => Promise.all(Object.values(visits).map(({ context }) => context.close())));
        const place = { workspace: await workspaceOf(visits.writer.person, keys.workspace) };
        const { documents } = await visits.writer.person.get(`/workspaces/${place.workspace.id}/documents`);
        place.document = documents.find(({ kind }) => kind === 'document');
        const { sets } = await visits.writer.person.get(`/workspaces/${place.workspace.id}/twins`);
        place.twins = {
          source: sets[0].source_id,
          translation: sets[0].documents.find(({ id }) => id !== sets[0].source_id).id,
        };
        place.me = visits.writer.person.me.id;
        const crossed = (locale === 'fr-FR') !== (theme === 'light');
        for (const [name, screen] of Object.entries(screens)) {
          if (crossed && !everywhere.includes(name)) continue;
          await t.test(name, async () => {
            const { context } = visits[screen.signedIn === false ? 'nobody' : screen.admin ? 'admin' : 'writer'];
            const page = await context.newPage();
            await seeing(page, async () => {
              await page.goto(screen.path(place));
              await screen.ready(page, width);
              await inspect(page, locale);
            });
            await page.close();
          });
        }
        if (crossed) return;
        await inspectLinked(t, visits.admin.page, '/administration', '.adm-nav a', locale);
        await inspectLinked(t, visits.writer.page, '/reperes', 'main .tabs a', locale);
      });
    }
  }
}

// What one sees once in the life of an instance: it has a server of its own, that starts empty.
test('set-up', { timeout: 120_000 }, async () => {
  const empty = await startEmpty();
  try {
    for (const look of [{ locale: 'fr-FR', theme: 'light', width: 1280 }, { locale: 'de-CH', theme: 'dark', width: 320 }]) {
      const { context, page } = await open(browser, empty, look);
      await page.goto('/');
      await page.waitForURL(/\/demarrer$/);
      await page.locator('input[type="password"]').waitFor();
      assert.deepEqual(await findings(page), []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
      await context.close();
    }
  } finally {
    await discard(empty);
  }
});
