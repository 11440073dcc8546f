// ./dev bench build: what a developer waits for. Without ccache, against one small file compiled alone in the same run.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cluse-build-'));
const env = { ...process.env, CCACHE_DISABLE: '1' };
const seconds = (command, ...args) => {
  const started = performance.now();
  execFileSync(command, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
  return (performance.now() - started) / 1000;
};
const build = () => seconds('cmake', '--build', folder, '-j', String(availableParallelism()), '--target', 'cluse');
const touched = (path) => utimesSync(join(root, path), new Date(), new Date());

try {
  const one = seconds('g++', '-std=c++23', '-O2', '-I', root, '-c', 'server/base/id.cpp', '-o', join(folder, 'one.o'));
  seconds('cmake', '-S', root, '-B', folder, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Release');
  const clean = build();
  console.log(`clean release build: ${(clean / 60).toFixed(1)} min, ${(clean / one).toFixed(0)} × one small file (${one.toFixed(1)} s); bar 12 min`);
  for (const path of ['server/domain/workspaces/members.cpp', 'server/domain/documents/documents.cpp']) {
    touched(path);
    const again = build();
    console.log(`${path} changed: ${again.toFixed(1)} s, ${(again / one).toFixed(1)} × that file; bar 30 s`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
