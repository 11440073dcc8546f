// Who else is in the document, and who of them is writing.
import { useEffect, useState } from 'react';
import type { Transaction } from 'yjs';
import type { DocumentSession } from '@/collab';

/** How long after their last letter somebody still counts as writing. */
const kWritingMs = 4_000;
const kCheckMs = 1_000;

export interface Present {
  id: string;
  name: string;
  initials: string;
  organisation: string | null;
  country: 'F' | 'CH' | null;
  colour: number;
  writing: boolean;
}

function readOthers(session: DocumentSession, wroteAt: ReadonlyMap<number, number>): Present[] {
  const now = Date.now();
  const people = new Map<string, Present>();
  for (const [client, state] of session.awareness.getStates()) {
    const user = state.user as Partial<Present> | undefined;
    if (client === session.doc.clientID || !user?.id || user.id === session.person) continue;
    const writing = now - (wroteAt.get(client) ?? 0) < kWritingMs;
    const known = people.get(user.id);
    // One person with two tabs is one person.
    people.set(user.id, {
      id: String(user.id),
      name: String(user.name ?? ''),
      initials: String(user.initials ?? '').slice(0, 3),
      organisation: user.organisation ? String(user.organisation) : null,
      country: user.country === 'F' || user.country === 'CH' ? user.country : null,
      colour: user.colour && user.colour >= 1 && user.colour <= 6 ? Math.trunc(user.colour) : 6,
      writing: writing || (known?.writing ?? false),
    });
  }
  return [...people.values()];
}

export function usePresence(session: DocumentSession): Present[] {
  const [others, setOthers] = useState<Present[]>([]);
  useEffect(() => {
    const wroteAt = new Map<number, number>();
    let last = '';
    const look = (): void => {
      const now = readOthers(session, wroteAt);
      const text = JSON.stringify(now);
      if (text === last) return;
      last = text;
      setOthers(now);
    };
    const wrote = (transaction: Transaction): void => {
      if (transaction.local) return;
      for (const [client, clock] of transaction.afterState) {
        // What arrives with the first sync was not written now.
        if (clock > (transaction.beforeState.get(client) ?? 0) && session.awareness.getStates().has(client))
          wroteAt.set(client, Date.now());
      }
      look();
    };
    session.awareness.on('change', look);
    session.doc.on('afterTransaction', wrote);
    const timer = setInterval(look, kCheckMs);
    look();
    return () => {
      session.awareness.off('change', look);
      session.doc.off('afterTransaction', wrote);
      clearInterval(timer);
    };
  }, [session]);
  return others;
}
