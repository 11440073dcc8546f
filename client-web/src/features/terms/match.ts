// Finds the terms of the base in a text: whole words, whatever their case and accents, in the forms that the base names.
import type { Term, Wording } from '@/api';

/** A term in a text, by its place there. */
export interface FoundTerm {
  from: number;
  to: number;
  /** More than one where the same word means different things. */
  terms: Term[];
}

interface Node {
  next: Map<string, Node>;
  terms: Term[];
}

interface Word {
  folded: string;
  raw: string;
  from: number;
  to: number;
}

/** So many words a form has at most. */
const kWordsMax = 12;
const kEndings: Record<string, readonly string[]> = { fr: ['s', 'e', 'es'], de: ['s', 'n', 'en', 'es', 'e'] };
/** Shorter words change too much with an ending: « PV », « élu ». */
const kInflectedMin = 5;

export function foldWord(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/œ/g, 'oe').replace(/ß/g, 'ss');
}

function wordsOf(text: string): Word[] {
  return [...text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)].map((found) => ({
    raw: found[0],
    folded: foldWord(found[0]),
    from: found.index,
    to: found.index + found[0].length,
  }));
}

/** An abbreviation means itself in capitals only: « HT », not « ht ». */
const keyOf = ({ raw, folded }: Word): string =>
  raw.length > 1 && raw.length <= 5 && raw === raw.toUpperCase() && /\p{Lu}/u.test(raw) ? raw : folded;

const primary = (language: string): string => language.split('-')[0] ?? language;

/** Whether `wording` is what a text in `language` may say: « fr » is both kinds of French. */
export function speaks(wording: Pick<Wording, 'language'>, language: string): boolean {
  if (wording.language === language) return true;
  if (primary(wording.language) !== primary(language)) return false;
  return language !== 'fr-FR' && language !== 'fr-CH';
}

export class TermMatcher {
  private readonly root: Node = { next: new Map(), terms: [] };
  private readonly endings: readonly string[];

  /** `renderings`: also what is only a way to name a notion of the other side. */
  constructor(terms: readonly Term[], language: string, renderings = false) {
    this.endings = kEndings[primary(language)] ?? [];
    for (const term of terms)
      for (const wording of term.wordings)
        if (speaks(wording, language) && (renderings || !wording.rendering))
          for (const form of [wording.word, ...wording.forms]) this.learn(form, term);
  }

  /** In the order of the text; the longest where one holds another. */
  find(text: string): FoundTerm[] {
    const words = wordsOf(text);
    const found: FoundTerm[] = [];
    for (let at = 0; at < words.length; at += 1) {
      const hit = this.longest(text, words, at);
      if (!hit) continue;
      found.push({ from: words[at]!.from, to: words[hit.last]!.to, terms: hit.terms });
      at = hit.last;
    }
    return found;
  }

  private learn(form: string, term: Term): void {
    let node = this.root;
    for (const word of wordsOf(form).slice(0, kWordsMax)) {
      const key = keyOf(word);
      const next = node.next.get(key) ?? { next: new Map<string, Node>(), terms: [] };
      node.next.set(key, next);
      node = next;
    }
    if (node !== this.root && !node.terms.includes(term)) node.terms.push(term);
  }

  private longest(text: string, words: Word[], start: number): { last: number; terms: Term[] } | null {
    let best: { last: number; terms: Term[] } | null = null;
    let node: Node | undefined = this.root;
    for (let at = start; at < words.length; at += 1) {
      const word = words[at]!;
      if (at > start && !/^[\s'’‑-]+$/.test(text.slice(words[at - 1]!.to, word.from))) break;
      const ended = this.step(node, word, true);
      if (ended && ended.terms.length > 0) best = { last: at, terms: ended.terms };
      node = this.step(node, word, true);
      if (!node) break;
    }
    return best;
  }

  private step(node: Node, word: Word, inflected: boolean): Node | undefined {
    const exact = node.next.get(word.raw) ?? node.next.get(word.folded);
    if (exact || !inflected) return exact;
    for (const ending of this.endings) {
      const stem = word.folded.slice(0, -ending.length);
      if (stem.length >= kInflectedMin && word.folded.endsWith(ending)) {
        const found = node.next.get(stem);
        if (found) return found;
      }
    }
    return undefined;
  }
}

/** A term of the source whose counterpart a translation does not say. */
export interface MissingCounterpart {
  term: Term;
  /** As the source says it. */
  said: string;
  expected: Wording;
}

/**
 * What a translation from `source` into `target` should say and does not. A word that means several things is fine as
 * soon as one of its counterparts stands there.
 */
export function missingCounterparts(
  terms: readonly Term[],
  source: { text: string; language: string },
  own: { text: string; language: string },
): MissingCounterpart[] {
  const there = new Set(
    new TermMatcher(terms, own.language, true).find(own.text).flatMap((each) => each.terms),
  );
  const missing: MissingCounterpart[] = [];
  const seen = new Set<string>();
  for (const found of new TermMatcher(terms, source.language).find(source.text)) {
    if (found.terms.some((term) => there.has(term) || seen.has(term.id))) continue;
    for (const term of found.terms) {
      const expected = term.wordings.find((each) => speaks(each, own.language));
      if (!expected) continue;
      seen.add(term.id);
      missing.push({ term, said: source.text.slice(found.from, found.to), expected });
      break;
    }
  }
  return missing;
}
