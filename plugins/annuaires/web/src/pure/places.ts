// Every screen has an address; this file is the only one that knows how it is written.

export const views = ['list', 'map', 'chart'] as const;
export type View = (typeof views)[number];
export const desks = [
  'reviews',
  'counterparts',
  'imports',
  'duplicates',
  'settings',
  'checks',
  'exports',
] as const;
export type Desk = (typeof desks)[number];

export type Place =
  | { screen: 'directories' }
  | { screen: 'mine' }
  | { screen: 'create' }
  | { screen: 'view'; directory: string; view: View | null; query: string }
  | { screen: 'entry' | 'edit' | 'correct'; directory: string; entry: string }
  | { screen: 'add'; directory: string; query: string }
  | { screen: 'desk'; directory: string; desk: Desk; item: string; query: string }
  | { screen: 'check'; token: string }
  | { screen: 'nowhere' };

const viewNames: Record<View, string> = { list: 'liste', map: 'carte', chart: 'organigramme' };
const deskNames: Record<Desk, string> = {
  reviews: 'demandes',
  counterparts: 'homologues',
  imports: 'imports',
  duplicates: 'doublons',
  settings: 'reglages',
  checks: 'verifications',
  exports: 'exports',
};
const found = <T extends string>(map: Record<T, string>, name: string) =>
  (Object.keys(map) as T[]).find((key) => map[key] === name);

const others = ['mes-fiches', 'nouveau', 'verifier', 'fiches', 'nouvelle', 'modifier', 'corriger'];
/** What no directory may be called; the server refuses these and the names of its own routes. */
export const screenNames = [...Object.values(viewNames), ...Object.values(deskNames), ...others];

export function toPath(place: Place): string {
  switch (place.screen) {
    case 'directories':
    case 'nowhere':
      return '';
    case 'mine':
      return 'mes-fiches';
    case 'create':
      return 'nouveau';
    case 'check':
      return `verifier/${encodeURIComponent(place.token)}`;
    case 'view': {
      const view = place.view ? `/${viewNames[place.view]}` : '';
      return `${encodeURIComponent(place.directory)}${view}${tail(place.query)}`;
    }
    case 'entry':
      return entryPath(place);
    case 'edit':
      return `${entryPath(place)}/modifier`;
    case 'correct':
      return `${entryPath(place)}/corriger`;
    case 'add':
      return `${encodeURIComponent(place.directory)}/fiches/nouvelle${tail(place.query)}`;
    case 'desk':
      return `${encodeURIComponent(place.directory)}/${deskNames[place.desk]}${place.item ? `/${encodeURIComponent(place.item)}` : ''}${tail(place.query)}`;
  }
}

const tail = (query: string) => (query ? `?${query}` : '');
const entryPath = ({ directory, entry }: { directory: string; entry: string }) =>
  `${encodeURIComponent(directory)}/fiches/${encodeURIComponent(entry)}`;

export function toPlace(path: string): Place {
  const [way = '', query = ''] = split(path, '?');
  const parts = way.split('/').filter(Boolean).map(decoded);
  const [first, second, third, fourth] = parts;
  if (!first) return { screen: 'directories' };
  if (parts.length === 1 && first === 'mes-fiches') return { screen: 'mine' };
  if (parts.length === 1 && first === 'nouveau') return { screen: 'create' };
  if (first === 'verifier' && second && parts.length === 2) return { screen: 'check', token: second };
  if (!second) return { screen: 'view', directory: first, view: null, query };
  const view = found(viewNames, second);
  if (view && parts.length === 2) return { screen: 'view', directory: first, view, query };
  if (second === 'fiches' && third) return entryPlace(first, third, fourth, parts.length, query);
  const desk = found(deskNames, second);
  if (desk && parts.length <= 3) return { screen: 'desk', directory: first, desk, item: third ?? '', query };
  return { screen: 'nowhere' };
}

function entryPlace(
  directory: string,
  entry: string,
  rest: string | undefined,
  length: number,
  query: string,
): Place {
  if (entry === 'nouvelle' && length === 3) return { screen: 'add', directory, query };
  if (length === 3) return { screen: 'entry', directory, entry };
  if (length === 4 && rest === 'modifier') return { screen: 'edit', directory, entry };
  if (length === 4 && rest === 'corriger') return { screen: 'correct', directory, entry };
  return { screen: 'nowhere' };
}

function split(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** A malformed escape is shown as it is: it leads to "nowhere" or "not found", never to an exception. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
