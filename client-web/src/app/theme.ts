import { useSyncExternalStore } from 'react';
import type { Theme } from '@/api';

// The choice (system, light, dark) is kept in this browser too, for `early_theme.js` to read before the first paint.

const storageKey = 'cluse.theme';
const dark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();
let chosen: Theme = stored();

function stored(): Theme {
  try {
    const text = localStorage.getItem(storageKey);
    if (text === 'light' || text === 'dark') return text;
  } catch {
    // Storage may be forbidden.
  }
  return 'system';
}

function apply() {
  document.documentElement.dataset.theme = chosen === 'system' ? (dark.matches ? 'dark' : 'light') : chosen;
}

dark.addEventListener('change', apply);

export function setTheme(theme: Theme): void {
  chosen = theme;
  try {
    localStorage.setItem(storageKey, theme);
  } catch {
    // The choice then lasts as long as the page.
  }
  apply();
  for (const listener of listeners) listener();
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => chosen,
  );
}
