// First translations by a machine, where the instance has a provider: asked for passage by passage, put into the text as
// something that a person must still read.
import type { Editor } from '@tiptap/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { errorText, termQueries, translatePassages, type Document } from '@/api';
import { useMe } from '@/app/session';
import { useI18n } from '@/i18n';
import { toast } from '@/ui';
import type { Row, TwinPair } from '../twins/pair';
import { fill, nodeOf } from './blocks_at';
import { Consent } from './Consent';
import { passagesOf, translated } from './machine_text';

// One question to the provider; the server has limits that are a little wider.
const kPassagesMax = 40;
const kCharactersMax = 12_000;
const kPassageMax = 4_000;

const primary = (language: string): string => language.split('-')[0] ?? language;
const consentKey = (person: string, host: string): string => `cluse.machine.${person}.${host}`;

function hasConsented(key: string): boolean {
  try {
    return localStorage.getItem(key) === 'yes';
  } catch {
    return false;
  }
}

function remember(key: string): void {
  try {
    localStorage.setItem(key, 'yes');
  } catch {
    // Storage may be forbidden: then it is asked again.
  }
}

/** Passages in questions that are not too long, in their order. */
export function questionsOf<T extends { text: string }>(passages: readonly T[]): T[][] {
  const questions: T[][] = [];
  let characters = 0;
  for (const each of passages) {
    const last = questions.at(-1);
    if (!last || last.length >= kPassagesMax || characters + each.text.length > kCharactersMax) {
      questions.push([each]);
      characters = each.text.length;
    } else {
      last.push(each);
      characters += each.text.length;
    }
  }
  return questions;
}

export interface Machine {
  /** Which rows a machine may be asked about. */
  rows: readonly Row[];
  busy: boolean;
  propose(ids: readonly string[]): void;
  /** What is asked before the first time. */
  dialog: ReactNode;
}

interface MachineParts {
  pair: TwinPair | null;
  rows: readonly Row[];
  source: { document: Document; editor: Editor | null };
  own: { document: Document; editor: Editor | null; editable: boolean };
}

const kNone: readonly Row[] = [];

export function useMachine({ pair, rows, source, own }: MachineParts): Machine {
  const { t } = useI18n();
  const me = useMe();
  const provider = useQuery(termQueries.translation()).data?.provider;
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState<readonly string[] | null>(null);
  const [from, to] = [primary(source.document.language), primary(own.document.language)];
  const offered =
    provider?.languages.includes(from) && provider.languages.includes(to) && from !== to && own.editable;
  const mine = offered
    ? rows.filter(({ state, source: unit }) => {
        const node = state === 'missing' && unit ? nodeOf(source.editor, unit.id) : null;
        const passages = node ? passagesOf(node) : [];
        return passages.length > 0 && passages.every((each) => each.length <= kPassageMax);
      })
    : kNone;

  const run = async (ids: readonly string[]): Promise<void> => {
    const blocks = mine.flatMap(({ id }) => {
      const node = ids.includes(id) ? nodeOf(source.editor, id) : null;
      return node ? [{ id, node, asked: passagesOf(node), said: [] as string[] }] : [];
    });
    setBusy(true);
    let done = 0;
    try {
      for (const question of questionsOf(
        blocks.flatMap((block) => block.asked.map((text) => ({ block, text }))),
      )) {
        const answer = await translatePassages(
          own.document.id,
          question.map(({ text }) => text),
        );
        question.forEach(({ block }, at) => {
          block.said.push(answer.passages[at] ?? '');
          if (block.said.length < block.asked.length || !source.editor || !own.editor) return;
          // What was changed meanwhile is another question.
          if (!nodeOf(source.editor, block.id)?.eq(block.node)) return;
          const said = translated(block.node, block.said);
          if (!said || !fill(source.editor, own.editor, block.id, said)) return;
          pair?.propose(block.id, me.id, Date.now());
          done += 1;
        });
      }
    } catch (error) {
      toast({ text: errorText(error), kind: 'failure' });
    }
    setBusy(false);
    if (done > 0) toast({ text: t('translation.done', { count: done }) });
  };
  const key = consentKey(me.id, provider?.host ?? '');
  return {
    rows: mine,
    busy,
    propose: (ids) => {
      if (hasConsented(key)) void run(ids);
      else setAsked(ids);
    },
    dialog: asked && provider && (
      <Consent
        host={provider.host}
        onClose={() => setAsked(null)}
        onAgree={() => {
          remember(key);
          setAsked(null);
          void run(asked);
        }}
      />
    ),
  };
}
