import { useEffect, useState, useSyncExternalStore } from 'react';
import type { DocumentSession } from '@/collab';
import { TwinPair, type Row } from '../twins/pair';

const kNone: readonly Row[] = [];

/**
 * The pair of two open documents; none of one document alone. `settled`: both are as the server has them, and both may
 * be written.
 */
export function usePair(source: DocumentSession, own: DocumentSession, settled: boolean): TwinPair | null {
  const [pair, setPair] = useState<TwinPair | null>(null);
  useEffect(() => {
    if (source === own) return undefined;
    const made = new TwinPair(source.doc, own.doc);
    setPair(made);
    return () => {
      setPair(null);
      made.destroy();
    };
  }, [source, own]);
  useEffect(() => {
    if (pair && settled) pair.prepare();
  }, [pair, settled]);
  return pair;
}

export function useRows(pair: TwinPair | null): readonly Row[] {
  return useSyncExternalStore(
    (listener) => pair?.subscribe(listener) ?? (() => undefined),
    () => pair?.get() ?? kNone,
  );
}
