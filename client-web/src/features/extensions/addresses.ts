// Which addresses a module may ask for, and where its paths lead. Kept apart because the session depends on it.

const kScreens = ['administration', 'compte', 'e', 'espaces', 'portail', 'recherche', 'reperes'];

/** `path` as an address below `base`, or null where it would leave it ("/../..", another host, what is the host's own). */
function below(base: string, path: string): string | null {
  if (!path.startsWith('/')) return null;
  const url = new URL(`${base}${path}`, location.origin);
  const inside = url.origin === location.origin && url.pathname.startsWith(`${base}/`);
  // A server may undo the encoding before it looks: nothing that could become a step up.
  if (!inside || /%2e|%2f|%5c|\\/i.test(url.pathname)) return null;
  return `${url.pathname}${url.search}`;
}

/** One of the plugin's own routes. What begins with ~ is the host's. */
export function routeUrl(plugin: string, path: string): string | null {
  const url = below(`/x/${plugin}`, path);
  return url?.startsWith(`/x/${plugin}/~`) ? null : url;
}

export function coreUrl(path: string): string | null {
  return below('/api/v1', path);
}

/**
 * What a module that is not trusted may read as the reader: what it was opened beside, and what is no secret inside.
 * Everything else its own server part asks for, within its grants.
 */
export function isOpenToFrames(url: string, context: { workspace?: string; document?: string }): boolean {
  const path = url.replace(/^\/api\/v1/, '').replace(/\?.*$/, '');
  const open = /^\/(organisations|territories|territorial-units|rates|rules|terms|calendar)(\/|$)/;
  if (open.test(path)) return true;
  return (
    (context.workspace !== undefined && path === `/workspaces/${context.workspace}`) ||
    (context.document !== undefined && path === `/documents/${context.document}`)
  );
}

/** Whether a module means a screen of Cluse's rather than a place below its own address. */
export function isScreen(path: string): boolean {
  return kScreens.includes(path.split(/[/?#]/)[1] ?? '');
}

/** The address of `path` below `base`. */
export function placeOf(base: string, path: string): string {
  const tail = path.startsWith('/') ? path : `/${path}`;
  return tail === '/' ? base : `${base}${tail.startsWith('/?') ? tail.slice(1) : tail}`;
}

/** The other way round: where one is below `base`. */
export function pathBelow(base: string, address: { pathname: string; search: string }): string {
  const rest = address.pathname.startsWith(base) ? address.pathname.slice(base.length) : '';
  return `${rest.startsWith('/') ? rest : `/${rest}`}${address.search}`;
}
