// Bundles each module that plugin.toml names to dist/, with what it needs: nothing is fetched from elsewhere when it runs.
import { build } from 'esbuild';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));

export const options = {
  absWorkingDir: folder,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  alias: { '@': './src' },
  legalComments: 'none',
  banner: { js: '/* Preact, d3-geo, topojson-client, Lucide: MIT and ISC, see docs/web.md */' },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await rm(`${folder}dist`, { recursive: true, force: true });
  await build({
    ...options,
    entryPoints: {
      page: 'src/page.tsx',
      portal: 'src/portal.tsx',
      dashboard: 'src/dashboard.tsx',
      command: 'src/command.tsx',
      style: 'src/style.css',
    },
    outdir: 'dist',
    minify: true,
    logLevel: 'warning',
  });
}
