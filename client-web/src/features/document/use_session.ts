import { useEffect, useState, useSyncExternalStore } from 'react';
import { openDocument, type DocumentSession, type SaveState, type Watchable } from '@/collab';

/** The open document, for as long as the page shows it. Changing `attempt` opens it afresh. */
export function useSession(
  document: string,
  person: string,
  mayWrite: boolean,
  attempt: number,
): DocumentSession | null {
  const [session, setSession] = useState<DocumentSession | null>(null);
  useEffect(() => {
    const lease = openDocument({ document, person, mayWrite });
    setSession(lease.session);
    return () => {
      setSession(null);
      lease.release();
    };
    // The right to write is only a first guess: the server tells it on the connection, and whenever it changes.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [document, person, attempt]);
  return session;
}

export function useWatched<T>(watchable: Watchable<T>): T {
  return useSyncExternalStore(watchable.subscribe, watchable.get);
}

export function useSaveState(session: DocumentSession): SaveState {
  return useWatched(session.state);
}
