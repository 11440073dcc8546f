// The terminology base, and machine translation.
import { queryOptions } from '@tanstack/react-query';
import { request } from './http';
import type { Document, Id } from './types';

export const termLanguages = ['fr-FR', 'fr-CH', 'de-CH'] as const;
export type TermLanguage = (typeof termLanguages)[number];
export const termFields = ['institutions', 'people', 'sessions', 'money', 'projects'] as const;
export type TermField = (typeof termFields)[number];

/** How a notion is named in one language. */
export interface Wording {
  language: TermLanguage;
  word: string;
  /** Plurals, abbreviations, other names. */
  forms: string[];
  /** The notion does not exist on that side: how it is to be said there. */
  rendering: boolean;
  definition: string;
  source: string;
}

export interface Term {
  /** Of what is shipped a word, else a UUID. */
  id: string;
  field: TermField;
  wordings: Wording[];
  confused_with: string[];
  /** What makes it a false friend. */
  warning: { fr: string; de: string } | null;
  shipped: boolean;
  /** Shipped, and said otherwise here. */
  changed: boolean;
  withdrawn_at: string | null;
}

export interface TermContent {
  field: TermField;
  wordings: Partial<Record<TermLanguage, Omit<Wording, 'language'>>>;
  confused_with: string[];
  warning: { fr: string; de: string } | null;
}

const path = (id: string) => `/terms/${encodeURIComponent(id)}`;
export const addTerm = (body: TermContent) => request<Term>('POST', '/terms', { body });
export const changeTerm = (id: string, body: TermContent) => request<Term>('PUT', path(id), { body });
export const withdrawTerm = (id: string) => request<void>('DELETE', path(id));
export const restoreTerm = (id: string) => request<Term>('POST', `${path(id)}/restore`, { body: {} });

/** Tells the language from the text, where nobody has chosen one. */
export const detectLanguage = (document: Id) =>
  request<Document>('POST', `/documents/${document}/language`, { body: {} });

export interface TranslationProvider {
  /** Where passages go. */
  host: string;
  languages: string[];
}
/** For a translation: from the language of its source into its own. Passages are lines with tags of inline marks. */
export const translatePassages = (document: Id, passages: string[]) =>
  request<{ passages: string[] }>('POST', `/documents/${document}/translation`, {
    body: { passages, format: 'html' },
  });

export const termQueries = {
  /** All that readers see, false friends first. */
  terms: () =>
    queryOptions({
      queryKey: ['terms'],
      queryFn: ({ signal }) => request<{ terms: Term[] }>('GET', '/terms', { signal }),
      staleTime: 600_000,
    }),
  /** With those that were withdrawn. */
  allTerms: () =>
    queryOptions({
      queryKey: ['terms', 'all'],
      queryFn: ({ signal }) =>
        request<{ terms: Term[] }>('GET', '/terms', { signal, query: { withdrawn: 'true' } }),
    }),
  translation: () =>
    queryOptions({
      queryKey: ['translation'],
      queryFn: ({ signal }) =>
        request<{ provider: TranslationProvider | null }>('GET', '/translation', { signal }),
      staleTime: 600_000,
    }),
};
