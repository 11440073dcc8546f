// Lets the application open without a network: the built files, the page itself, and the few answers of the server
// that a document needs on screen. The text of documents is not here but in the local copies (local_copy.ts).
//
// The build puts two constants before this file (vite/service_worker.ts): `kFiles`, the paths of all built files, and
// `kVersion`, which changes with them. Built files have a hash in their name and never change, so they come from the
// cache; everything else comes from the network first.
/* global self, caches, fetch, Headers, Request, Response, URL, setTimeout, clearTimeout, kFiles, kVersion */

const kShell = `cluse-shell-${kVersion}`;
const kData = 'cluse-data-1';
const kPage = '/';
/** After this a page that is in the cache is shown rather than waited for. */
const kPatienceMs = 4_000;
const kImagesMax = 300;

const kDocument = /^\/api\/v1\/documents\/[^/]+$/;
const kImage = /^\/api\/v1\/documents\/[^/]+\/images\/[^/]+$/;
const kKept = [
  /^\/api\/v1\/bootstrap$/,
  /^\/api\/v1\/home$/,
  /^\/api\/v1\/workspaces$/,
  /^\/api\/v1\/workspaces\/[^/]+$/,
  /^\/api\/v1\/workspaces\/[^/]+\/documents$/,
  kDocument,
];

self.addEventListener('install', (event) => {
  event.waitUntil(fillShell().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOldShells().then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === 'DELETE' && url.pathname === '/api/v1/session') {
    event.respondWith(signOut(request));
  } else if (request.method !== 'GET') {
    return;
  } else if (request.mode === 'navigate') {
    if (!/^\/(api|collab|live|x|metrics|healthz|readyz)(\/|$)/.test(url.pathname))
      event.respondWith(page(request));
  } else if (url.pathname.startsWith('/assets/')) {
    event.respondWith(builtFile(request));
  } else if (kImage.test(url.pathname)) {
    event.respondWith(image(request));
  } else if (kKept.some((pattern) => pattern.test(url.pathname))) {
    event.respondWith(answer(request, url.pathname));
  }
});

// The first visit reads everything before this worker exists. The page then names what it has read.
self.addEventListener('message', (event) => {
  const { data } = event;
  if (data?.kind !== 'read' || !Array.isArray(data.paths)) return;
  event.waitUntil(
    Promise.all(
      data.paths.map(async (path) => {
        const request = new Request(path, {
          credentials: 'same-origin',
          headers: { Accept: 'application/json' },
        });
        if (kImage.test(path)) await image(request);
        else if (kKept.some((pattern) => pattern.test(path))) await answer(request, path);
      }),
    ).catch(() => undefined),
  );
});

// One file that is missing (a deployment is under way) must not keep the rest from working offline.
async function fillShell() {
  const cache = await caches.open(kShell);
  await cache.add(kPage);
  await Promise.all(
    kFiles.map(async (file) => {
      const known = await caches.match(file);
      if (known) await cache.put(file, known);
      else await cache.add(file).catch(() => undefined);
    }),
  );
}

async function dropOldShells() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith('cluse-') && name !== kShell && name !== kData);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function page(request) {
  const cache = await caches.open(kShell);
  const known = await cache.match(kPage);
  try {
    const fresh = await patiently(fetch(request), known ? kPatienceMs : null);
    const html = (fresh.headers.get('Content-Type') ?? '').startsWith('text/html');
    if (fresh.ok && html && !fresh.redirected) await cache.put(kPage, fresh.clone());
    // A proxy before a server that is down answers 502 to 504: the page we have says more.
    return known && fresh.status >= 502 && fresh.status <= 504 ? known : fresh;
  } catch (error) {
    if (known) return known;
    throw error;
  }
}

async function builtFile(request) {
  const known = await caches.match(request);
  if (known) return known;
  const fresh = await fetch(request);
  if (fresh.ok) await (await caches.open(kShell)).put(request, fresh.clone());
  return fresh;
}

async function image(request) {
  const cache = await caches.open(kData);
  const known = await cache.match(request);
  if (known) return known;
  const fresh = await fetch(request);
  if (fresh.ok) {
    await cache.put(request, fresh.clone());
    const images = (await cache.keys()).filter(({ url }) => kImage.test(new URL(url).pathname));
    for (const old of images.slice(0, Math.max(0, images.length - kImagesMax))) await cache.delete(old);
  }
  return fresh;
}

async function answer(request, path) {
  const cache = await caches.open(kData);
  try {
    const fresh = await fetch(request);
    if (fresh.ok) {
      if (path === '/api/v1/bootstrap' && (await fresh.clone().json()).me === null)
        await caches.delete(kData);
      else await cache.put(request, fresh.clone());
    } else if (fresh.status >= 400 && fresh.status < 500 && fresh.status !== 429) {
      // What one may no longer see offline either.
      await cache.delete(request);
    }
    return fresh;
  } catch (error) {
    const known = await cache.match(request);
    if (known) return marked(known);
    throw error;
  }
}

// Says that the answer is an old one, so that nobody takes it for a sign that the server is within reach.
function marked(response) {
  const headers = new Headers(response.headers);
  headers.set('X-From-Cache', '1');
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

async function signOut(request) {
  const response = await fetch(request);
  if (response.ok || response.status === 401) await caches.delete(kData);
  return response;
}

function patiently(promise, ms) {
  if (ms === null) return promise;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('slow')), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
