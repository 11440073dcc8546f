import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

// Emits `/sw.js`: src/collab/service_worker.js with the list of built files before it. Its bytes change with the
// list, which is how a browser notices a new version.
export function serviceWorker(): Plugin {
  return {
    name: 'cluse:service-worker',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const files = Object.keys(bundle)
          .filter((name) => /^assets\/.+\.(js|css|woff2|svg)$/.test(name))
          .map((name) => `/${name}`)
          .sort();
        const text = readFileSync('src/collab/service_worker.js', 'utf8');
        const version = createHash('sha256').update(files.join()).update(text).digest('hex').slice(0, 12);
        const head = `const kVersion = ${JSON.stringify(version)};\nconst kFiles = ${JSON.stringify(files)};\n`;
        this.emitFile({ type: 'asset', fileName: 'sw.js', source: head + text });
      },
    },
  };
}
