import { setupI18n, type Messages } from '@lingui/core';
import type { Area } from './areas';

export const locales = ['fr-FR', 'fr-CH', 'de-CH'] as const;
export type Locale = (typeof locales)[number];
export type Language = 'fr' | 'de';

export const i18n = setupI18n();

type Catalogue = () => Promise<{ default: unknown }>;
const catalogues = import.meta.glob<{ default: unknown }>(['./*/*.json', '!./*/app.json', '!./*/ui.json']);
// Which files speak a locale, the later ones over the earlier: French of Switzerland only says again what differs.
const speakers: Record<Locale, readonly string[]> = {
  'fr-FR': ['fr'],
  'fr-CH': ['fr', 'fr-CH'],
  'de-CH': ['de'],
};
// What every screen says travels as one file for each locale.
const first: Record<Locale, Catalogue> = {
  'fr-FR': () => import('./first/fr'),
  'fr-CH': () => import('./first/fr-CH'),
  'de-CH': () => import('./first/de'),
};

const storageKey = 'cluse.locale';

export function isLocale(text: unknown): text is Locale {
  return typeof text === 'string' && (locales as readonly string[]).includes(text);
}

/** What this browser chose last, else the nearest to what it asks for. */
export function initialLocale(): Locale {
  try {
    const stored = localStorage.getItem(storageKey);
    if (isLocale(stored)) return stored;
  } catch {
    // Storage may be forbidden: the browser's languages decide.
  }
  for (const wanted of navigator.languages) {
    if (wanted.startsWith('de')) return 'de-CH';
    if (wanted === 'fr-CH') return 'fr-CH';
    if (wanted.startsWith('fr')) return 'fr-FR';
  }
  return 'fr-FR';
}

export function rememberLocale(locale: Locale): void {
  try {
    localStorage.setItem(storageKey, locale);
  } catch {
    // The choice then lasts as long as the page.
  }
}

const wanted = new Set<Area>();
const known: Record<Locale, Set<Area | 'first'>> = {
  'fr-FR': new Set(),
  'fr-CH': new Set(),
  'de-CH': new Set(),
};

/** The words of `locale` that are wanted and not here yet. */
async function learn(locale: Locale): Promise<void> {
  const missing = (['first', ...wanted] as const).filter((area) => !known[locale].has(area));
  const load = async (area: Area | 'first') => {
    const files =
      area === 'first'
        ? [first[locale]]
        : speakers[locale].flatMap((speaker) => catalogues[`./${speaker}/${area}.json`] ?? []);
    return (await Promise.all(files.map((file) => file()))).map((file) => file.default as Messages);
  };
  const messages = await Promise.all(missing.map(load));
  // The build has compiled each message (see vite/catalogue.ts): the JSON's declared type is that of its source.
  if (missing.length > 0) i18n.load(locale, Object.assign({}, ...messages.flat()) as Messages);
  for (const area of missing) known[locale].add(area);
}

let turn: Promise<void> = Promise.resolve();

/** One after the other, so that the last that was asked for is the one that stays, whichever arrives first. */
function inTurn(step: () => Promise<void>): Promise<void> {
  const done = turn.then(step);
  turn = done.catch(() => undefined);
  return done;
}

/** Loads the words of a locale, then shows them: the page is never half translated. */
export function activate(locale: Locale): Promise<void> {
  return inTurn(async () => {
    await learn(locale);
    i18n.activate(locale);
    document.documentElement.lang = locale;
  });
}

/** Loads the words that a screen says beside its code: `lazy(withWords(['mail'], () => import('…')))`. */
export function withWords<Module>(
  areas: readonly Area[],
  load: () => Promise<Module>,
): () => Promise<Module> {
  return async () => {
    for (const area of areas) wanted.add(area);
    const code = load();
    code.catch(() => undefined); // it is awaited below, after the words
    // Before the first locale is shown there is nothing to do: it will come with everything that is wanted by then.
    await inTurn(async () => (i18n.locale ? learn(i18n.locale as Locale) : undefined));
    return code;
  };
}
