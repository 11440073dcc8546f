import { useEffect } from 'react';
import type { Translate } from '@/i18n';
import { KeyReader, takesLetters } from './actions';

/** Listens to the keys of the whole page. Single letters act only outside fields, and can be switched off (WCAG 2.1.4). */
export function useKeys(singleKeys: boolean): void {
  useEffect(() => {
    const reader = new KeyReader();
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.repeat) return;
      const letters = singleKeys && !takesLetters(event.target);
      const action = reader.read(event, event.timeStamp, { letters });
      if (!action) return;
      event.preventDefault();
      action.run();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [singleKeys]);
}

const mac = /Mac|iPhone|iPad/.test(navigator.platform);

/** `g a` → « G puis A », `Mod+k` → « Ctrl K ». */
export function keyWords(keys: string, t: Translate): string {
  return keys
    .split(' ')
    .map((part) =>
      part
        .split('+')
        .map((name) => (name === 'Mod' ? (mac ? '⌘' : t('keys.ctrl')) : name.toUpperCase()))
        .join(' '),
    )
    .join(` ${t('keys.then')} `);
}
