// Holds the budget of the first screen: what index.html loads, plus what the route of the home page adds, plus one language.
// Sizes are brotli, as served. Run after `npm run build`.
import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';

const budget = { js: 180_000, css: 30_000 };
const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'));
const first = ['index.html', 'src/i18n/first/fr.ts', 'src/features/home/index.ts'];

const files = { js: new Set(), css: new Set() };
const seen = new Set();
function visit(key) {
  const chunk = manifest[key];
  if (!chunk || seen.has(key)) return;
  seen.add(key);
  if (chunk.file.endsWith('.js')) files.js.add(chunk.file);
  for (const sheet of chunk.css ?? []) files.css.add(sheet);
  for (const next of chunk.imports ?? []) visit(next);
}
first.forEach(visit);

const size = (file) => brotliCompressSync(readFileSync(`dist/${file}`)).length;
let failed = false;
for (const kind of ['js', 'css']) {
  const sizes = [...files[kind]].map((file) => [file, size(file)]).sort((a, b) => b[1] - a[1]);
  const sum = sizes.reduce((total, [, bytes]) => total + bytes, 0);
  console.log(`${kind}: ${(sum / 1000).toFixed(1)} kB of ${budget[kind] / 1000} kB (brotli)`);
  for (const [file, bytes] of sizes) console.log(`  ${(bytes / 1000).toFixed(1).padStart(6)}  ${file}`);
  if (sum > budget[kind]) failed = true;
}
if (failed) {
  console.error('over budget');
  process.exit(1);
}
