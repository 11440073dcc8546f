import { useSyncExternalStore } from 'react';
import { getBootstrap, onReachability } from '@/api';
import { queryClient } from './query_client';

// Is the server within reach? The browser says when the network is gone; a request that found nobody says the rest,
// and from then on we knock every few seconds until somebody answers.

const knock_ms = 5_000;
const listeners = new Set<() => void>();
let reachable = true;
let timer: ReturnType<typeof setTimeout> | undefined;

function set(next: boolean) {
  if (next === reachable) return;
  reachable = next;
  clearTimeout(timer);
  if (next) void queryClient.invalidateQueries({ predicate: (query) => query.state.status === 'error' });
  else timer = setTimeout(knock, knock_ms);
  for (const listener of listeners) listener();
}

function knock() {
  getBootstrap().catch(() => {
    timer = setTimeout(knock, knock_ms);
  });
}

onReachability(set);
addEventListener('offline', () => set(false));
addEventListener('online', knock);

export function useReachable(): boolean {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => reachable,
  );
}
