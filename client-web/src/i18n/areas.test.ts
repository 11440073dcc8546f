// Aim: no screen says something whose words are not there.
// Method: the sources are read: which module imports which, with which words each lazy import comes, and which ids each says.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const first = ['app', 'ui'];
const areaOf = new Map<string, string>();
for (const file of readdirSync('src/i18n/fr'))
  for (const id of Object.keys(JSON.parse(readFileSync(`src/i18n/fr/${file}`, 'utf8')) as object))
    areaOf.set(id, file.replace('.json', ''));

interface Step {
  module: string;
  areas: string[];
}
interface Module {
  steps: Step[];
  says: Map<string, string>;
}

function resolveImport(from: string, specifier: string): string | undefined {
  const path = specifier.startsWith('@/') ? join('src', specifier.slice(2)) : join(dirname(from), specifier);
  return [path, `${path}.ts`, `${path}.tsx`, `${path}/index.ts`, `${path}/index.tsx`].find(
    (file) => existsSync(file) && statSync(file).isFile(),
  );
}

/** The files that a glob of ours (`./<any>/section.ts`, `../features/document/index.{ts,tsx}`) finds. */
function resolveGlob(from: string, pattern: string): string[] {
  const [head, tail] = pattern.replace('{ts,tsx}', 'ts').split('*');
  const base = join(dirname(from), head ?? '');
  if (tail === undefined) return [base, `${base}x`].filter((file) => existsSync(file));
  return readdirSync(base)
    .map((name) => join(base, name, tail))
    .filter((file) => existsSync(file));
}

function read(file: string): Module {
  const text = readFileSync(file, 'utf8').replace(/(^|\s)\/\*[\s\S]*?\*\/|\/\/ .*/g, '');
  const steps: Step[] = [];
  const add = (specifier: string, areas: string[] = []): void => {
    const module = resolveImport(file, specifier);
    if (module) steps.push({ module, areas });
  };
  const words = /withWords\(\s*\[([^\]]*)\],\s*(?:\(\) =>\s*import\('([^']+)'\)|(\w+))/g;
  const come = new Map<string, string[]>();
  for (const [, names, specifier, variable] of text.matchAll(words))
    come.set(
      specifier ?? variable!,
      [...names!.matchAll(/'(\w+)'/g)].map(([, name]) => name!),
    );
  for (const [, specifier] of text.matchAll(/^(?:import|export)(?! type)[^'"`;]*['"]([^'"]+)['"]/gm))
    if (/^(\.|@\/)/.test(specifier!)) add(specifier!);
  for (const [, specifier] of text.matchAll(/import\('([^']+)'\)/g)) add(specifier!, come.get(specifier!));
  // A glob stands in `const <name> = Object.values(import.meta.glob(…))`; its words may be asked for by that name.
  const globs = /const (\w+) = Object\.values\(\s*import\.meta\.glob<[\s\S]*?>\(\s*'([^']+)'/g;
  for (const [, name, pattern] of text.matchAll(globs))
    for (const module of resolveGlob(file, pattern!)) steps.push({ module, areas: come.get(name!) ?? [] });
  const says = new Map<string, string>();
  // A verb of the journal may be spelled as a word is; its list says nothing.
  if (file === 'src/api/journal.ts') return { steps, says };
  for (const [, id, more] of text.matchAll(/['"`]([\w-]+(?:\.[\w-]+)*\.?)(['"`]|\$\{)/g)) {
    const prefix = more === '${';
    for (const [known, area] of prefix ? areaOf : [[id!, areaOf.get(id!)] as const])
      if (area && (prefix ? id!.includes('.') && known.startsWith(id!) : true)) says.set(known, area);
  }
  return { steps, says };
}

it('brings with each screen the words that it says', () => {
  const modules = new Map<string, Module>();
  const seen = new Set<string>();
  const missing = new Set<string>();
  const queue: Step[] = [{ module: 'src/main.tsx', areas: first }];
  for (let step = queue.pop(); step; step = queue.pop()) {
    const key = `${step.module} ${step.areas.join()}`;
    if (seen.has(key) || !/\.tsx?$/.test(step.module)) continue;
    seen.add(key);
    if (!modules.has(step.module)) modules.set(step.module, read(step.module));
    const { steps, says } = modules.get(step.module)!;
    for (const [id, area] of says)
      if (!step.areas.includes(area)) missing.add(`${step.module} says ${id} without the words of ${area}`);
    for (const next of steps)
      queue.push({ module: next.module, areas: [...new Set([...step.areas, ...next.areas])].sort() });
  }
  expect([...missing]).toEqual([]);
  // The walk has been everywhere: no screen was left out.
  const screens = readdirSync('src/features', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tsx') && !file.endsWith('.test.tsx'))
    .map((file) => join('src/features', file));
  expect(screens.filter((file) => !modules.has(file))).toEqual([]);
});
