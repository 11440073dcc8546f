import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

// The theme must be known before the first paint, and the content policy forbids inline scripts: a tiny
// blocking file does it. It is not a module (modules wait), so it is emitted here and not by the bundler.
export function earlyTheme(): Plugin {
  const source = 'src/app/early_theme.js';
  const text = readFileSync(source, 'utf8').replace(/^\s*\/\/.*\n/gm, '');
  const hash = createHash('sha256').update(text).digest('base64url').slice(0, 8);
  const fileName = `assets/early_theme-${hash}.js`;
  let building = false;
  return {
    name: 'cluse:early-theme',
    configResolved(config) {
      building = config.command === 'build';
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName, source: text });
    },
    transformIndexHtml: {
      order: 'post',
      handler: (html) =>
        html.replace('<!-- early theme -->', `<script src="/${building ? fileName : source}"></script>`),
    },
  };
}
