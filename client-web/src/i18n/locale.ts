import { setupI18n, type Messages } from '@lingui/core';

export const locales = ['fr-FR', 'fr-CH', 'de-CH'] as const;
export type Locale = (typeof locales)[number];
export type Language = 'fr' | 'de';

export const i18n = setupI18n();

const catalogues: Record<Locale, () => Promise<{ default: unknown }>> = {
  'fr-FR': () => import('./fr'),
  'fr-CH': () => import('./fr-CH'),
  'de-CH': () => import('./de'),
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

let turn: Promise<void> = Promise.resolve();

/**
 * Loads the words of a locale, then shows them: the page is never half translated. One after the other, so that the
 * last that was asked for is the one that stays, whichever arrives first.
 */
export function activate(locale: Locale): Promise<void> {
  const shown = turn.then(() => show(locale));
  turn = shown.catch(() => undefined);
  return shown;
}

async function show(locale: Locale): Promise<void> {
  const catalogue = await catalogues[locale]();
  // The build has compiled each message (see vite/catalogue.ts): the JSON's declared type is that of its source.
  i18n.load(locale, catalogue.default as Messages);
  i18n.activate(locale);
  document.documentElement.lang = locale;
}
