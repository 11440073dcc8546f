// Has the server tell the language of a text that nobody named one for, once there is enough of it.
import { useEffect, useRef } from 'react';
import type { DocumentSession, SaveState } from '@/collab';

/** Fewer characters are not worth the question; the server wants so many letters. */
const kCharactersMin = 80;
/** Asked when the writing pauses, and then only once there is half as much again. */
const kPause_ms = 1_500;
const kGrowth = 1.5;

export function useDetection(
  session: DocumentSession,
  save: SaveState,
  wanted: boolean,
  detect: () => Promise<void>,
): void {
  const asked = useRef(0);
  const { savedAt, unsent, synced } = save;
  useEffect(() => {
    if (!wanted || !synced || unsent > 0) return undefined;
    const timer = setTimeout(() => {
      const { length } = session.doc
        .getXmlFragment('default')
        .toString()
        .replace(/<[^>]*>/g, '');
      if (length < kCharactersMin || length < asked.current * kGrowth) return;
      asked.current = length;
      // A guess that fails is no trouble to anybody: it is made again when there is more.
      detect().catch(() => undefined);
    }, kPause_ms);
    return () => clearTimeout(timer);
  }, [session, wanted, synced, unsent, savedAt, detect]);
}
