// Aim: terms are found as people write them, and nothing else is. Method: sentences of minutes, a few terms.
import { expect, it } from 'vitest';
import type { Term, TermLanguage } from '@/api';
import { missingCounterparts, speaks, TermMatcher } from './match';

const term = (
  id: string,
  words: Partial<Record<TermLanguage, string[]>>,
  renderings: string[] = [],
): Term => ({
  id,
  field: 'institutions',
  wordings: Object.entries(words).map(([language, [word = '', ...forms]]) => ({
    language: language as TermLanguage,
    word,
    forms,
    rendering: renderings.includes(language),
    definition: '',
    source: '',
  })),
  confused_with: [],
  warning: null,
  shipped: true,
  changed: false,
  withdrawn_at: null,
});

const terms = [
  term('council-fr', { 'fr-FR': ['conseil général', 'conseils généraux'], 'de-CH': ['Departementsrat'] }, [
    'de-CH',
  ]),
  term('council-ch', { 'fr-CH': ['conseil général', 'conseils généraux'], 'de-CH': ['Generalrat'] }),
  term('epci', { 'fr-FR': ['établissement public', 'EPCI'], 'de-CH': ['Gemeindeverbund'] }, ['de-CH']),
  term('net', { 'fr-FR': ['hors taxes', 'HT'] }),
  term('state', { 'fr-CH': ["conseiller d'État", "conseillers d'État"], 'de-CH': ['Regierungsrat'] }),
];
const found = (language: string, text: string): string[] =>
  new TermMatcher(terms, language)
    .find(text)
    .map((each) => `${text.slice(each.from, each.to)}=${each.terms.map(({ id }) => id).join('+')}`);

it('finds whole words, whatever their accents, case and apostrophes', () => {
  expect(found('fr-FR', 'Le CONSEIL GENERAL et les conseils\u00a0généraux.')).toEqual([
    'CONSEIL GENERAL=council-fr',
    'conseils\u00a0généraux=council-fr',
  ]);
  expect(found('fr-CH', 'Les conseillers d’État')).toEqual(['conseillers d’État=state']);
  expect(found('fr-FR', 'conseil. Général ; conseil, général')).toEqual([]);
  expect(found('fr-FR', 'un déconseil général')).toEqual([]);
});

it('takes an abbreviation in capitals only, and an ending only of longer words', () => {
  expect(found('fr-FR', '35 000 € HT, ht, EPCI et epci')).toEqual(['HT=net', 'EPCI=epci']);
  expect(found('de-CH', 'des Generalrats und des Gemeindeverbunds')).toEqual(['Generalrats=council-ch']);
});

it('keeps to the language of the text, and in French of no country knows both', () => {
  expect(found('fr-FR', 'le conseil général')).toEqual(['conseil général=council-fr']);
  expect(found('fr', 'le conseil général')).toEqual(['conseil général=council-fr+council-ch']);
  expect(found('it', 'conseil général')).toEqual([]);
  expect(speaks({ language: 'fr-FR' }, 'fr-CH')).toBe(false);
});

it('says what a translation does not say, and is content with either meaning', () => {
  const said = (source: string, own: string) =>
    missingCounterparts(terms, { text: source, language: 'fr' }, { text: own, language: 'de-CH' }).map(
      (each) => `${each.said}: ${each.expected.word}`,
    );
  expect(said('Le conseil général a voté.', 'Der Rat hat abgestimmt.')).toEqual([
    'conseil général: Departementsrat',
  ]);
  expect(said('Le conseil général a voté.', 'Der Generalrat hat abgestimmt.')).toEqual([]);
  expect(said('Un EPCI, deux EPCI, HT.', 'Zwei Verbünde.')).toEqual(['EPCI: Gemeindeverbund']);
});

it('reads a text of 58 kB with a thousand terms without being noticed', () => {
  const many = Array.from({ length: 1000 }, (_, at) => term(`t${at}`, { 'fr-FR': [`terme numéro ${at}`] }));
  const text = Array.from({ length: 3000 }, (_, at) => `Le terme numéro ${at} compte.`).join(' ');
  expect(text.length).toBeGreaterThan(58_000);
  expect(new TermMatcher(many, 'fr-FR').find(text)).toHaveLength(1000);
});
