import type { Plugin } from 'vite';

// react-aria ships thirty languages; the client speaks two (and English is the library's own fallback).
const languages = /^(fr-FR|de-DE|en-US)$/;

// Two of its files do what our content policy forbids (assign innerHTML, add a style element). The edits are
// exact: when a new version no longer holds the text, the build stops and says so.
const edits: readonly { file: string; from: string | RegExp; to: string }[] = [
  { file: 'live-announcer/LiveAnnouncer.mjs', from: /\.innerHTML = ''/g, to: '.replaceChildren()' },
  { file: 'overlays/usePreventScroll.mjs', from: 'document.head.prepend(style);', to: '' },
];

export function reactAria(): Plugin {
  return {
    name: 'cluse:react-aria',
    enforce: 'pre',
    transform(code, id) {
      const path = id.split('?')[0] ?? id;
      if (!path.includes('/node_modules/react-aria')) return null;
      const language = /\/intl\/[\w-]+\/([a-z]{2}-[A-Z]{2})\.mjs$/.exec(path)?.[1];
      if (language) return languages.test(language) ? null : { code: 'export default {};', map: null };
      const edit = edits.find(({ file }) => path.endsWith(`/react-aria/dist/private/${file}`));
      if (!edit) return null;
      const edited = code.replace(edit.from, edit.to);
      if (edited === code)
        this.error(`${edit.file} has changed: look again at what it does under the content policy`);
      return { code: edited, map: null };
    },
  };
}
