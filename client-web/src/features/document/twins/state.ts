// What can be said of each block of a translation, from the two texts and what people have confirmed. The same as
// server/domain/twins/state.cpp; the same vectors hold both to it. Decision 0030.

/** What a person confirmed; kept in the translation, in its root map `twins`, by the id of the block. */
export interface Mark {
  /** Hashes of what the source and the translation said. */
  source: string;
  own: string;
  /** What the source said: to show what has changed since. */
  text: string;
  /** Somebody else shall read it. */
  review: boolean;
  /** Made by a machine, until a person has read it. */
  machine?: boolean;
  by: string;
  at: number;
  checked_by?: string;
  checked_at?: number;
}

export const kMarksRoot = 'twins';

export type TwinState = 'current' | 'stale' | 'review' | 'missing' | 'orphan' | 'extra';

interface Said {
  id: string;
  text: string;
  hash: string;
}

export interface Judged<U extends Said> {
  id: string;
  state: TwinState;
  source: U | null;
  own: U | null;
}

type Marks = ReadonlyMap<string, Pick<Mark, 'source' | 'own' | 'review'>>;

function stateOf<U extends Said>(source: U, own: U | null, mark: ReturnType<Marks['get']>): TwinState {
  if (!own?.text) return 'missing';
  if (!mark) return 'review';
  if (mark.source !== source.hash) return 'stale';
  return mark.review || mark.own !== own.hash ? 'review' : 'current';
}

/** One for each block of the source that has words, in its order; then what stands in the translation alone. */
export function judge<U extends Said>(
  source: readonly U[],
  translation: readonly U[],
  marks: Marks,
): Judged<U>[] {
  const twins = new Map<string, U>();
  for (const unit of translation) if (unit.id && !twins.has(unit.id)) twins.set(unit.id, unit);
  const known = new Set<string>();
  const judged: Judged<U>[] = [];
  for (const unit of source) {
    if (unit.id && known.has(unit.id)) continue;
    if (unit.id) known.add(unit.id);
    if (!unit.text) continue;
    const own = (unit.id && twins.get(unit.id)) || null;
    judged.push({ id: unit.id, state: stateOf(unit, own, marks.get(unit.id)), source: unit, own });
  }
  for (const unit of translation) {
    if (!unit.text || (unit.id && known.has(unit.id))) continue;
    if (unit.id) known.add(unit.id);
    judged.push({ id: unit.id, state: marks.has(unit.id) ? 'orphan' : 'extra', source: null, own: unit });
  }
  return judged;
}

export type Counts = Record<Exclude<TwinState, 'extra'>, number>;

export function count(judged: readonly { state: TwinState }[]): Counts {
  const counts: Counts = { current: 0, stale: 0, review: 0, missing: 0, orphan: 0 };
  for (const { state } of judged) if (state !== 'extra') counts[state] += 1;
  return counts;
}
