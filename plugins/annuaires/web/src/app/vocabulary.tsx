// Labels of policies, competences, levels, languages and countries: asked for once, and again when something changed here.
import { createContext, type ComponentChildren } from 'preact';
import { useContext, useMemo } from 'preact/hooks';
import { useAnswer, useApp } from './context';
import type { Option, Vocabulary } from './model';

export type Lists = keyof Vocabulary;
const none: Vocabulary = { policies: [], competences: [], levels: [], languages: [], countries: [] };
const Context = createContext<Vocabulary>(none);

export function VocabularyProvider({ children }: { children: ComponentChildren }) {
  const { publicly } = useApp();
  const { data } = useAnswer<Vocabulary>(publicly ? '/public/vocabulary' : '/vocabulary');
  return <Context.Provider value={data ?? none}>{children}</Context.Provider>;
}

export function useVocabulary() {
  const { say } = useApp();
  const lists = useContext(Context);
  return useMemo(
    () => ({ lists, label: (list: Lists, key: string) => labelOf(lists[list], key, say) }),
    [lists, say],
  );
}

/** A key without a label is shown as words: nothing is hidden because a list has lost it. */
export function labelOf(options: Option[], key: string, say: (label: Option['label']) => string): string {
  const option = options.find((one) => one.key === key);
  return (option && say(option.label)) || key.replaceAll(/[_-]/g, ' ');
}
