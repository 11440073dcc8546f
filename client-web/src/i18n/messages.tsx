import { I18nProvider as LinguiProvider, Trans, useLingui } from '@lingui/react';
import { useMemo, type ReactElement, type ReactNode } from 'react';
import type admin from './fr/admin.json';
import type app from './fr/app.json';
import type asking from './fr/asking.json';
import type document from './fr/document.json';
import type journal from './fr/journal.json';
import type mail from './fr/mail.json';
import type people from './fr/people.json';
import type privacy from './fr/privacy.json';
import type references from './fr/references.json';
import type requests from './fr/requests.json';
import type roles from './fr/roles.json';
import type signin from './fr/signin.json';
import type rights from './fr/rights.json';
import type twins from './fr/twins.json';
import type ui from './fr/ui.json';
import { formats, type Formats } from './formats';
import { i18n, type Language, type Locale } from './locale';

/** Every sentence of the interface has an id in `fr/*.json`; a wrong id does not compile. */
export type MessageId =
  | keyof typeof admin
  | keyof typeof app
  | keyof typeof asking
  | keyof typeof document
  | keyof typeof journal
  | keyof typeof mail
  | keyof typeof people
  | keyof typeof privacy
  | keyof typeof references
  | keyof typeof requests
  | keyof typeof roles
  | keyof typeof signin
  | keyof typeof rights
  | keyof typeof twins
  | keyof typeof ui;
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
