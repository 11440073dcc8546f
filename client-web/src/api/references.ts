import { queryOptions } from '@tanstack/react-query';
import { request, upload } from './http';
import type { Id } from './types';

// Rule packs, delays, rates of exchange, territories: what everybody may look up.

export type Outcome = 'met' | 'warned' | 'unknown' | 'broken';

export interface RuleSource {
  reference: string;
  words: string;
  language: string;
  /** False: a summary, not a quotation. */
  verbatim: boolean;
}

export interface Rule {
  id: string;
  kind: string;
  title: string;
  convention: string;
  source: RuleSource;
  parameters: { key: string; label: string; value: string }[];
  /** What is sent and when, if the rule is about a delay. */
  notice: { what: string; occasion: string } | null;
}

export interface Question {
  path: string;
  kind: 'amount' | 'date' | 'count' | 'yes_no' | 'choice' | 'choices';
  label: string;
  options: { value: string; words: string }[];
}

export interface PackSummary {
  id: string;
  version: string;
  hash: string;
  name: string;
  valid_from: string;
  valid_until: string | null;
  jurist: { confirmed: boolean; words: string };
}

export interface Pack extends PackSummary {
  in_force: boolean;
  rules: Rule[];
  questions: Question[];
  note: string;
  zone: string;
  holidays: { id: string; name: string } | null;
}

export interface Verdict {
  stamp: { id: string; version: string; hash: string };
  outcome: Outcome;
  summary: string;
  pack: string;
  jurist: string;
  rules: {
    rule: string;
    outcome: Outcome;
    title: string;
    sentences: string[];
    convention: string;
    source: RuleSource;
  }[];
}

export interface DelayAnswer {
  lawful: boolean | null;
  sent_on: string | null;
  session_on: string | null;
  earliest_session: string | null;
  last_lawful_day: string | null;
  zone: string;
  verdict: Verdict | null;
  rule: Rule;
  pack: PackSummary;
  holidays: { date: string; name: string; skipped: boolean; disputed: boolean }[];
}

export interface DelayQuestion {
  pack: string;
  what: string;
  occasion: string;
  sent_on: string | null;
  session_on: string | null;
}

export type RateSource = 'ecb' | 'infoeuro';
export interface Rate {
  date: string;
  chf_per_eur: string;
}
export interface Rates {
  tables: { source: RateSource; first: string; last: string; count: number; latest: Rate }[];
  imports: { source: RateSource; file_name: string; added: number; at: string; by: string }[];
  rates?: Rate[];
}
export interface RateImport {
  source: RateSource;
  first: string | null;
  last: string | null;
  known: number;
  added: number;
  newest: Rate[];
  refused: { line: number; code: string; words: string; detail: string }[];
}
export interface Money {
  minor: number;
  currency: string;
  text: string;
}
export interface Conversion {
  original: Money;
  converted: Money;
  stamp: {
    source: string;
    date: string;
    chf_per_eur: string;
    /** Of a fixed rate: who decided it. */
    decision: string;
    direction: string;
    words: string;
  };
}
export interface ConversionQuestion {
  amount: string;
  currency: string;
  to: string;
  on: string;
  source: string;
  /** Of source `fixed`: francs for one euro, and the words of the decision. */
  rate?: string;
  decision?: string;
}

export interface Unit {
  id: Id;
  kind: string;
  country: 'F' | 'CH' | null;
  language: string;
  name: string;
  code: { scheme: string; code: string } | null;
}
export interface Population {
  basis: string;
  vintage: number;
  perimeter: number;
  inhabitants: number;
  communes: number | null;
  source: string;
}
export interface UnitDetail extends Unit {
  on: string;
  ancestors: (Unit & { distance: number })[];
  children: Unit[];
  history: {
    what: 'code' | 'name' | 'parent';
    value: string;
    parent_id: Id | null;
    from: string | null;
    until: string | null;
    source: string;
  }[];
  populations: Population[];
  totals: {
    of: string;
    basis: string;
    vintage: number;
    inhabitants: number;
    units: number;
    missing: string[];
    sources: string[];
  }[];
}
export interface Contributions {
  unit: Unit;
  amount: Money;
  basis: string;
  vintage: number;
  inhabitants: number;
  shares: { unit: Unit; population: Population; amount: Money }[];
}

export const evaluateRules = (id: string, version: string, facts: object) =>
  request<Verdict>('POST', `/rules/${encodeURIComponent(id)}/evaluate`, { body: { version, facts } });
export const evaluateDelay = (body: DelayQuestion) =>
  request<DelayAnswer>('POST', '/delays/evaluate', { body });
export const convertAmount = (query: ConversionQuestion) =>
  request<Conversion>('GET', '/rates/convert', { query: { ...query } });
export const sendRates = (file: File, options: { preview: boolean; month: string | null }) =>
  upload<RateImport>('/rates', file, {
    contentType: file.name.endsWith('.xml') ? 'application/xml' : 'text/csv',
    query: { filename: file.name, preview: String(options.preview), month: options.month },
  });
export const splitContributions = (query: { unit: Id; vintage: number; basis: string; amount: string }) =>
  request<Contributions>('GET', '/contributions', { query });

export const referenceQueries = {
  rules: () =>
    queryOptions({
      queryKey: ['rules'],
      queryFn: ({ signal }) => request<{ packs: Pack[]; today: string }>('GET', '/rules', { signal }),
      staleTime: 600_000,
    }),
  rates: (source: RateSource | null) =>
    queryOptions({
      queryKey: ['rates', source],
      queryFn: ({ signal }) => request<Rates>('GET', '/rates', { signal, query: { source } }),
    }),
  units: (q: string, kind: string) =>
    queryOptions({
      queryKey: ['units', q, kind],
      queryFn: ({ signal }) =>
        request<{ units: Unit[] }>('GET', '/territories/units', { signal, query: { q, kind: kind || null } }),
    }),
  unit: (id: Id, on: string) =>
    queryOptions({
      queryKey: ['unit', id, on],
      queryFn: ({ signal }) =>
        request<UnitDetail>('GET', `/territories/units/${id}`, { signal, query: { on: on || null } }),
    }),
};
