import { compileMessage } from '@lingui/message-utils/compileMessage';
import type { Plugin } from 'vite';

// The catalogues (`src/i18n/<locale>/<area>.json`: id → ICU MessageFormat) are compiled while building,
// so that no message parser ships to the browser. JSON goes in and JSON comes out: Vite does the rest.
export function catalogue(): Plugin {
  return {
    name: 'cluse:catalogue',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/src\/i18n\/[\w-]+\/[\w-]+\.json$/.test(id)) return null;
      const source = JSON.parse(code) as Record<string, string>;
      const compiled = Object.fromEntries(
        Object.entries(source).map(([key, message]) => [key, compileMessage(message)]),
      );
      return { code: JSON.stringify(compiled), map: null };
    },
  };
}
