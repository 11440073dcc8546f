// SPDX-License-Identifier: Apache-2.0
//
// A proxy in front of a running Cluse that serves one plugin's files below web/ from a folder: the same pages, the same
// session, the same content policy, with the modules that are being written.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, watch } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { forBrowser, forServer } from './cookies.mjs';

const types = {
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};
const changes = '/@cluse-sdk/changes';
const script = '/@cluse-sdk/reload.js';
// The client asks anew which modules there are when one comes back to the window.
const reload = `new EventSource('${changes}').onmessage = () => dispatchEvent(new Event('visibilitychange'));\n`;

function idOf(folder) {
  const manifest = join(folder, 'plugin.toml');
  if (!existsSync(manifest)) throw new Error(`${manifest} is not there: give the folder of a plugin`);
  const id = /^\s*id\s*=\s*"([^"]+)"/m.exec(readFileSync(manifest, 'utf8'))?.[1];
  if (!id) throw new Error(`${manifest} names no id`);
  return id;
}

/** Changes with any file below web/ or i18n/. */
function stateOf(folder) {
  const hash = createHash('sha256');
  for (const part of ['web', 'i18n']) {
    if (!existsSync(join(folder, part))) continue;
    for (const name of readdirSync(join(folder, part), { recursive: true }).sort()) {
      const file = join(folder, part, name);
      const { mtimeMs, size } = statSync(file);
      hash.update(`${part}/${name} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

function messagesOf(folder, language) {
  const file = join(folder, 'i18n', `${language.startsWith('de') ? 'de' : 'fr'}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** Starts it; `url` is where it listens, `close()` ends it. `say` is given what its author should know. */
export async function serve({ folder: given, server, port, say = console.error }) {
  const folder = resolve(given);
  const plugin = idOf(folder);
  const target = new URL(server);
  const prefix = `/x/${plugin}/~`;
  const listeners = new Set();

  const ours = (request, response) => {
    const path = decodeURIComponent(new URL(request.url, target).pathname);
    const name = normalize(path.slice(prefix.length).replace(/^[^/]*\//, ''));
    const file = join(folder, name);
    if (!name.startsWith(`web${sep}`) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'Content-Type': types[extname(file)] ?? 'application/octet-stream',
      'Cache-Control': 'no-store',
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    response.end(readFileSync(file));
  };

  let isMissed = false;
  const withOurModules = (text, { 'accept-language': language = 'fr', cookie }) => {
    const list = JSON.parse(text);
    const one = list.extensions.find(({ id }) => id === plugin);
    // Before one has signed in, it may just be nobody's business.
    if (!one && cookie && !isMissed) say(`${plugin} is not among what ${target.origin} shows you: install it there, and sign in`);
    isMissed = !one && Boolean(cookie);
    if (!one) return text;
    const state = stateOf(folder);
    const moved = (address) => address && address.replace(/\/~[0-9a-f]+\//, `/~${state}/`);
    for (const part of one.ui) Object.assign(part, { module: moved(part.module), style: moved(part.style) });
    one.messages = messagesOf(folder, language);
    return JSON.stringify(list);
  };

  /** What the browser says of itself, as if it stood in front of the server. */
  const asTarget = (said) => {
    const headers = { ...said, host: target.host };
    if (headers.origin) headers.origin = target.origin;
    if (headers.cookie) headers.cookie = forServer(headers.cookie, target.protocol === 'https:');
    return headers;
  };

  const pass = (request, response) => {
    const isList = request.url.startsWith('/api/v1/extensions');
    const isPage = (request.headers.accept ?? '').includes('text/html') && !/^\/(api|x)\//.test(request.url);
    const headers = asTarget(request.headers);
    if (isList || isPage) delete headers['accept-encoding'];
    const ask = (target.protocol === 'https:' ? https : http).request(
      { host: target.hostname, port: target.port, method: request.method, path: request.url, headers },
      (answer) => {
        const out = { ...answer.headers };
        delete out['strict-transport-security'];
        if (out['set-cookie']) out['set-cookie'] = out['set-cookie'].map(forBrowser);
        if (answer.statusCode !== 200 || (!isList && !isPage)) {
          response.writeHead(answer.statusCode, out);
          answer.pipe(response);
          return;
        }
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () => {
          let text = Buffer.concat(parts).toString('utf8');
          if (isList) text = withOurModules(text, request.headers);
          else text = text.replace('</head>', `<script src="${script}" defer></script></head>`);
          delete out['content-length'];
          delete out.etag;
          response.writeHead(200, { ...out, 'cache-control': 'no-store' });
          response.end(text);
        });
      },
    );
    ask.on('error', (error) => {
      response.writeHead(502, { 'Content-Type': 'text/plain; charset=utf-8' });
      response.end(`${target.origin} does not answer: ${error.message}\n`);
    });
    request.pipe(ask);
  };

  const listening = http.createServer((request, response) => {
    if (request.url === script) {
      response.writeHead(200, { 'Content-Type': types['.js'], 'Cache-Control': 'no-store' });
      response.end(reload);
    } else if (request.url === changes) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      response.write(':\n\n');
      listeners.add(response);
      request.on('close', () => listeners.delete(response));
    } else if (request.url.startsWith(prefix) && !request.url.startsWith(`${prefix}frame`)) ours(request, response);
    else pass(request, response);
  });

  // Documents and live channels are WebSockets: they go through as they are.
  listening.on('upgrade', (request, socket, head) => {
    const open = target.protocol === 'https:' ? tls.connect : net.connect;
    const port = Number(target.port || (target.protocol === 'https:' ? 443 : 80));
    const far = open({ host: target.hostname, port, servername: target.hostname });
    const headers = asTarget(request.headers);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    far.write([`${request.method} ${request.url} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
    far.write(head);
    far.pipe(socket).pipe(far);
    for (const end of [far, socket]) end.on('error', () => [far, socket].forEach((each) => each.destroy()));
  });

  const watchers = ['web', 'i18n']
    .map((part) => join(folder, part))
    .filter(existsSync)
    .map((path) =>
      watch(path, { recursive: true }, () => {
        for (const each of listeners) each.write('data: changed\n\n');
      }),
    );
  await new Promise((ready, refuse) => listening.once('error', refuse).listen(port, '127.0.0.1', ready));
  return {
    plugin,
    folder,
    url: `http://127.0.0.1:${listening.address().port}`,
    close: () => {
      for (const each of watchers) each.close();
      listening.closeAllConnections();
      listening.close();
    },
  };
}
