// Serves the screens with a fake host on http://127.0.0.1:5180/#path=/partenaires&langue=de&theme=dark, under the policy
// of the product. The map comes from $CLUSE_SHARED_DATA where that is set. With ANNUAIRES=build/dev/bin/annuaires_serve and
// &real in the address, the plugin's own routes answer.
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { options } from '../build.mjs';

const folder = fileURLToPath(new URL('..', import.meta.url));
const sdk = process.env.CLUSE_SDK_WEB ?? join(folder, '../../../sdk/web');
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
};

/** Asks the plugin in its test host: a line for each request, a line for each answer, in order. */
function plugin(program) {
  const child = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.(JSON.parse(line)));
  const ask = (request) =>
    new Promise((answer) => {
      waiting.push(answer);
      child.stdin.write(`${JSON.stringify(request)}\n`);
    });
  return { ask, end: () => child.kill() };
}

async function passOn(routes, request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = { 'accept-language': request.headers['accept-language'] ?? 'fr' };
  const answer = await routes.ask({
    method: request.method,
    path: request.url.slice(2),
    body: Buffer.concat(chunks).toString(),
    headers,
  });
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

export async function serve(port = 5180) {
  await build({
    ...options,
    entryPoints: { dev: 'dev/main.ts', style: 'src/style.css' },
    outdir: 'node_modules/.dev',
    logLevel: 'warning',
  });
  const places = [
    [/^\/sdk\/([\w.-]+)$/, (name) => join(sdk, name)],
    [/^\/dist\/([\w.-]+)$/, (name) => join(folder, 'node_modules/.dev', name)],
    [/^\/dev\/([\w.-]+)$/, (name) => join(folder, 'dev', name)],
    [/^\/shapes\.json$/, () => join(process.env.CLUSE_SHARED_DATA ?? '/nowhere', 'arc-jurassien.topojson')],
  ];
  const routes = process.env.ANNUAIRES ? plugin(process.env.ANNUAIRES) : null;
  const server = createServer((request, response) => {
    if (routes && request.url.startsWith('/x/')) return void passOn(routes, request, response);
    const path = new URL(request.url, 'http://here').pathname;
    const found = places.map(([pattern, file]) => [pattern.exec(path), file]).find(([match]) => match);
    const file = found ? found[1](...found[0].slice(1)) : join(folder, 'dev/index.html');
    if (request.url === '/shapes.json' && !existsSync(file)) return response.writeHead(200).end('null');
    if (!existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, {
      'Content-Type': types[extname(file)] ?? 'application/json',
      'Content-Security-Policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; require-trusted-types-for 'script'",
    });
    createReadStream(file).pipe(response);
  });
  await new Promise((ready) => server.listen(port, '127.0.0.1', ready));
  server.on('close', () => routes?.end());
  return server;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await serve(Number(process.env.PORT ?? 5180));
