// The terms of the base in an open text, and whether this person wants to see them.
import type { Editor } from '@tiptap/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { termQueries, type Term } from '@/api';
import { TermMatcher } from '@/features/terms';
import { placedTerms, setTermFinder, type TermFinder } from '../editor/term_marks';
import { useEditorValue } from '../editor/use_editor_value';

const listeners = new Set<() => void>();
const keyOf = (person: string): string => `cluse.terms.${person}`;

function isOn(person: string): boolean {
  try {
    return localStorage.getItem(keyOf(person)) !== 'off';
  } catch {
    return true;
  }
}

/** Whether this person has terms marked; on until she says no. Remembered in this browser. */
export function useMarking(person: string): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isOn(person),
  );
  const set = (wanted: boolean): void => {
    try {
      localStorage.setItem(keyOf(person), wanted ? 'on' : 'off');
    } catch {
      // Storage may be forbidden: then it stays as it is.
    }
    for (const listener of [...listeners]) listener();
  };
  return [on, set];
}

const kNone: readonly Term[] = [];

/** Marks the terms of `language` in the text of `editor` while `on`. Answers all terms there are. */
export function useTermMarks(editor: Editor, language: string, on: boolean): readonly Term[] {
  const terms = useQuery(termQueries.terms()).data?.terms ?? kNone;
  const finder = useMemo<TermFinder | null>(() => {
    if (!on || terms.length === 0) return null;
    const matcher = new TermMatcher(terms, language);
    return (text) =>
      matcher.find(text).map((found) => ({
        from: found.from,
        to: found.to,
        ids: found.terms.map(({ id }) => id),
        isFalse: found.terms.some(({ warning }) => warning !== null),
      }));
  }, [terms, language, on]);
  useEffect(() => {
    setTermFinder(editor, finder);
    return () => setTermFinder(editor, null);
  }, [editor, finder]);
  return terms;
}

/** The terms that are marked in the text, each once: false friends first, then as they come. */
export function useTermsHere(editor: Editor, terms: readonly Term[]): Term[] {
  const ids = useEditorValue(editor, idsIn);
  return useMemo(() => {
    const here = new Set(ids.split('\n'));
    return terms.filter((each) => here.has(each.id));
  }, [ids, terms]);
}

const idsIn = (editor: Editor): string =>
  [...new Set(placedTerms(editor.state).flatMap(({ ids }) => [...ids]))].sort().join('\n');
