import { useSyncExternalStore } from 'react';

const wide = matchMedia('(min-width: 60.0625rem)');

function subscribe(changed: () => void): () => void {
  wide.addEventListener('change', changed);
  return () => wide.removeEventListener('change', changed);
}

/**
 * Whether the screen has room for what stands beside the text (the other side of `max-width: 60rem` in the style sheets).
 * What a phone never shows need not be built there.
 */
export function useWide(): boolean {
  return useSyncExternalStore(subscribe, () => wide.matches);
}
