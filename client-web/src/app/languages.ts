// Languages of what people write and read; that of the interface is another matter (i18n/locale.ts).

/** Written on both sides of the border, then what visitors bring. */
export const contentLanguages = ['fr', 'fr-CH', 'de', 'de-CH', 'it', 'rm', 'en'];

/** A language by its own name: «Deutsch (Schweiz)», « français ». */
export function languageName(tag: string): string {
  try {
    const name =
      new Intl.DisplayNames([tag], { type: 'language', languageDisplay: 'standard' }).of(tag) ?? tag;
    return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
  } catch {
    return tag;
  }
}

const primary = (tag: string): string => tag.split('-')[0] ?? tag;

/** How much a reader wants a language, 0 the most; the same as the server's order (server/domain/twins/preferred.h). */
export function preference(wanted: readonly string[], language: string): number {
  const exact = wanted.indexOf(language);
  if (exact >= 0) return 2 * exact;
  const near = wanted.findIndex((each) => primary(each) === primary(language));
  return near >= 0 ? 2 * near + 1 : 2 * wanted.length;
}
