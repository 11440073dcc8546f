// The terms of the base in an open text.
import type { Editor } from '@tiptap/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { termQueries, type Term } from '@/api';
import { TermMatcher } from '@/features/terms';
import { placedTerms, setTermFinder, type TermFinder } from '../editor/term_marks';
import { useEditorValue } from '../editor/use_editor_value';

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
