// The filters of a list and the address that says them. What stands in the address is all there is: a link shows the
// same list to whoever opens it. Values that mean nothing (no choice, page 1) are left out.

export const sorts = ['name', '-name', 'updated', '-updated', 'checked', '-checked', 'relevance'] as const;
export type Sort = (typeof sorts)[number];
export const kinds = ['person', 'organisation'] as const;

/** What the routes call them, and what the address does: words of the product's own language, as in its other addresses. */
const names = {
  q: 'q',
  kind: 'genre',
  country: 'pays',
  level: 'niveau',
  territory: 'territoire',
  policy: 'politique',
  competence: 'competence',
  language: 'langue',
  organisation: 'organisme',
  state: 'etat',
  stale: 'a-verifier',
  bounced: 'retours',
} as const;
export type FilterKey = keyof typeof names;
const keys = Object.keys(names) as FilterKey[];

export interface Filters extends Record<FilterKey, string> {
  /** Choices of the directory's own fields, by the field's key. */
  own: Record<string, string>;
  sort: Sort | '';
  page: number;
  /** The cursor of a page that lies too deep for a number. */
  after: string;
  /** What is open over the map: the id of an entry, `cardOfPlace` for those of the territory, nothing. */
  card: string;
}

export const cardOfPlace = 'ici';

export const noFilters: Filters = {
  q: '',
  kind: '',
  country: '',
  level: '',
  territory: '',
  policy: '',
  competence: '',
  language: '',
  organisation: '',
  state: '',
  stale: '',
  bounced: '',
  own: {},
  sort: '',
  page: 1,
  after: '',
  card: '',
};

export const pageSize = 50;
/** The server counts pages up to here (docs/api.md: `offset`); what lies deeper is reached from page to page. */
export const deepestPage = 10_000 / pageSize;
const longestValue = 200;
const mostOwn = 20;

/** For the address of the screen. */
export function toQuery(filters: Filters): string {
  const query = new URLSearchParams();
  for (const key of keys) if (filters[key]) query.set(names[key], filters[key]);
  for (const [key, value] of Object.entries(filters.own)) if (value) query.set(`f.${key}`, value);
  if (filters.sort) query.set('tri', filters.sort);
  if (filters.after) query.set('suite', filters.after);
  else if (filters.page > 1) query.set('page', String(filters.page));
  if (filters.card) query.set('fiche', filters.card);
  return query.toString();
}

export function fromQuery(text: string): Filters {
  const query = new URLSearchParams(text);
  const value = (name: string) => (query.get(name) ?? '').slice(0, longestValue);
  const filters: Filters = { ...noFilters, own: {} };
  for (const key of keys) filters[key] = value(names[key]);
  if (!(kinds as readonly string[]).includes(filters.kind)) filters.kind = '';
  const own = [...query.keys()].filter((name) => name.startsWith('f.')).slice(0, mostOwn);
  for (const name of own) filters.own[name.slice(2)] = value(name);
  const sort = value('tri') as Sort;
  filters.sort = sorts.includes(sort) ? sort : '';
  const page = Number(value('page'));
  filters.page = Number.isInteger(page) && page > 0 ? Math.min(page, deepestPage) : 1;
  filters.after = value('suite');
  filters.card = /^(ici|\d{1,15})$/.test(value('fiche')) ? value('fiche') : '';
  return filters;
}

/** For the routes: what narrows, without order and page. */
export function narrowingQuery(filters: Filters): URLSearchParams {
  const query = new URLSearchParams();
  for (const key of keys) if (filters[key]) query.set(key, filters[key]);
  for (const [key, value] of Object.entries(filters.own)) if (value) query.set(`f.${key}`, value);
  return query;
}

export function pageQuery(filters: Filters): URLSearchParams {
  const query = narrowingQuery(filters);
  if (filters.sort) query.set('sort', filters.sort);
  query.set('limit', String(pageSize));
  if (filters.after) query.set('cursor', filters.after);
  else if (filters.page > 1) query.set('offset', String((filters.page - 1) * pageSize));
  return query;
}

/** With some of them changed: a different list begins on its first page, with nothing open. */
export function changed(filters: Filters, change: Partial<Filters>): Filters {
  return { ...filters, page: 1, after: '', card: '', ...change };
}

/** How many narrow the list besides the words one searches. */
export function narrowing(filters: Filters): number {
  return (
    keys.filter((key) => key !== 'q' && filters[key]).length +
    Object.values(filters.own).filter(Boolean).length
  );
}

/** Pages to offer around the current one; 0 stands for a gap. */
export function pagesAround(current: number, last: number): number[] {
  const wanted = new Set(
    [1, last, current - 1, current, current + 1].filter((page) => page >= 1 && page <= last),
  );
  const pages: number[] = [];
  for (const page of [...wanted].sort((a, b) => a - b)) {
    const before = pages.at(-1);
    if (before && page - before > 1) pages.push(0);
    pages.push(page);
  }
  return pages;
}
