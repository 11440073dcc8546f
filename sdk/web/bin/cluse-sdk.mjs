#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
import { parseArgs } from 'node:util';
import { serve } from './dev.mjs';

const usage = `cluse-sdk dev [FOLDER] [--server URL] [--port N]

Serves a running Cluse with the modules of one plugin as they lie in FOLDER (where plugin.toml and web/ are; default: here).
Each file that is saved is shown at once. The plugin itself must be installed there: its routes and its data are its own.

  --server URL   where Cluse runs (default http://127.0.0.1:8080)
  --port N       where this listens (default 5180)
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { server: { type: 'string' }, port: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
});
if (values.help || positionals[0] !== 'dev') {
  console.log(usage);
  process.exit(values.help ? 0 : 2);
}
try {
  const dev = await serve({
    folder: positionals[1] ?? '.',
    server: values.server ?? 'http://127.0.0.1:8080',
    port: Number(values.port ?? 5180),
  });
  console.log(`${dev.plugin} from ${dev.folder}, on ${dev.url}`);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
