import { I18nProvider as LinguiProvider, Trans, useLingui } from '@lingui/react';
import { useMemo, type ReactElement, type ReactNode } from 'react';
import type { MessageId } from './areas';
import { formats, type Formats } from './formats';
import { i18n, type Language, type Locale } from './locale';

export type Values = Record<string, string | number | null>;
export type Translate = (id: MessageId, values?: Values) => string;

/** For code outside React (toasts, actions). In components use `useI18n`, which follows a change of language. */
export const t: Translate = (id, values) => i18n._(id, values);

export interface I18n {
  t: Translate;
  locale: Locale;
  language: Language;
  format: Formats;
}

export function useI18n(): I18n {
  const { i18n: current } = useLingui();
  const locale = current.locale as Locale;
  return useMemo(
    () => ({
      t: (id, values) => current._(id, values),
      locale,
      language: locale.startsWith('de') ? 'de' : 'fr',
      format: formats(locale),
    }),
    [current, locale],
  );
}

export function I18nProvider({ children }: { children: ReactNode }) {
  return <LinguiProvider i18n={i18n}>{children}</LinguiProvider>;
}

/** A sentence with elements inside: `<T id="…" values={…} parts={{ b: <b /> }} />` for « … <b>…</b> ». */
export function T({
  id,
  values,
  parts,
}: {
  id: MessageId;
  values?: Values;
  parts?: Record<string, ReactElement>;
}) {
  return <Trans id={id} values={values} components={parts} />;
}
