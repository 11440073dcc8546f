// Answers for the fake host: a small directory with real organisations, and everything that can wait in it. People are
// roles: nobody who lives is named.
import type {
  Change,
  Counterpart,
  Directory,
  Entry,
  Field,
  Import,
  ImportRow,
  Link,
  Ref,
  Row,
  Territory,
  Vocabulary,
} from '@/app/model';
import { Refusal } from './fake_host';

const both = (fr: string, de = '') => ({ fr, de });
const option = (key: string, fr: string, de: string) => ({ key, label: both(fr, de) });

const field = (
  key: string,
  type: Field['type'],
  fr: string,
  de: string,
  more: Partial<Field> = {},
): Field => ({
  key,
  type,
  label: both(fr, de),
  help: both(''),
  required: false,
  bilingual: false,
  visibility: 'public',
  in_list: false,
  archived: false,
  options: [],
  ...more,
});

const fields: Field[] = [
  field('function', 'text', 'Fonction', 'Funktion', { bilingual: true, in_list: true }),
  field('organisation', 'organisation', 'Organisme', 'Organisation'),
  field('level', 'choice', 'Niveau', 'Ebene'),
  field('policies', 'choices', 'Politiques', 'Politikbereiche', { in_list: true }),
  field('competences', 'choices', 'Compétences', 'Kompetenzen'),
  field('languages', 'language', 'Langues parlées', 'Gesprochene Sprachen'),
  field('territory', 'territory', 'Territoire', 'Gebiet'),
  field('email', 'email', 'Courriel', 'E-Mail', { visibility: 'members' }),
  field('phone', 'phone', 'Téléphone', 'Telefon', { visibility: 'members' }),
  field('mobile', 'phone', 'Mobile', 'Mobiltelefon', {
    visibility: 'private',
    help: both('Pour les urgences seulement.', 'Nur für Notfälle.'),
  }),
  field('address', 'address', 'Adresse', 'Adresse'),
  field('website', 'url', 'Site', 'Website'),
  field('about', 'long', 'Présentation', 'Vorstellung', { bilingual: true }),
];

export const directory = (more: Partial<Directory> = {}): Directory => ({
  id: 1,
  slug: 'partenaires',
  name: both('Partenaires', 'Partner'),
  description: both(
    'Intercommunalités, cantons et organismes qui coopèrent dans l’Arc jurassien.',
    'Gemeindeverbände, Kantone und Organisationen, die im Jurabogen zusammenarbeiten.',
  ),
  about: 'organisation',
  visibility: 'public',
  public: true,
  review_months: 12,
  entries: 412,
  version: 3,
  fields,
  position: 1,
  ...more,
});

export const directories = {
  directories: [
    directory(),
    directory({
      id: 2,
      slug: 'techniciens',
      name: both('Techniciens par politique', 'Fachleute nach Politikbereich'),
      description: both(
        'Qui s’occupe de quoi, de chaque côté.',
        'Wer auf welcher Seite wofür zuständig ist.',
      ),
      about: 'person',
      public: false,
      entries: 86,
      position: 2,
    }),
    directory({
      id: 3,
      slug: 'interpretes',
      name: both('Interprètes', 'Dolmetschende'),
      description: both(
        'Français, allemand, et leurs domaines.',
        'Französisch, Deutsch und ihre Fachgebiete.',
      ),
      about: 'person',
      public: false,
      entries: 1,
      position: 3,
    }),
  ],
  may: { manage: true, create: true },
  waiting: { changes: 2, duplicates: 1, counterparts: 3 },
};

export const vocabulary: Vocabulary = {
  policies: [
    option('mobility', 'Mobilités', 'Mobilität'),
    option('health', 'Santé', 'Gesundheit'),
    option('industry', 'Industrie', 'Industrie'),
    option('planning', 'Aménagement', 'Raumplanung'),
  ],
  competences: [
    option('transport', 'Transport public', 'Öffentlicher Verkehr'),
    option('cycling', 'Vélo', 'Velo'),
  ],
  levels: [
    option('intercommunal', 'Intercommunalité', 'Gemeindeverband'),
    option('canton', 'Canton', 'Kanton'),
    option('department', 'Département', 'Departement'),
  ],
  languages: [option('fr', 'Français', 'Französisch'), option('de', 'Allemand', 'Deutsch')],
  countries: [option('FR', 'France', 'Frankreich'), option('CH', 'Suisse', 'Schweiz')],
};

export const territories: Territory[] = [
  {
    code: 'epci:200065647',
    kind: 'epci',
    name: both('Pays de Montbéliard Agglomération'),
    country: 'FR',
    parent: null,
    population: 138040,
  },
  {
    code: 'epci:200069052',
    kind: 'epci',
    name: both('Grand Belfort'),
    country: 'FR',
    parent: null,
    population: 101725,
  },
  {
    code: 'epci:249000241',
    kind: 'epci',
    name: both('CC du Sud Territoire'),
    country: 'FR',
    parent: null,
    population: 23481,
  },
  {
    code: 'epci:242504116',
    kind: 'epci',
    name: both('CC du Val de Morteau'),
    country: 'FR',
    parent: null,
    population: 21134,
  },
  { code: 'canton:JU', kind: 'canton', name: both('Jura'), country: 'CH', parent: null, population: 74548 },
  {
    code: 'canton:NE',
    kind: 'canton',
    name: both('Neuchâtel', 'Neuenburg'),
    country: 'CH',
    parent: null,
    population: 178291,
  },
  {
    code: 'canton:BE',
    kind: 'canton',
    name: both('Berne', 'Bern'),
    country: 'CH',
    parent: null,
    population: 1063533,
  },
];

const row = (id: number, name: ReturnType<typeof both>, more: Partial<Row>): Row => ({
  id,
  uid: id.toString(16).padStart(32, '0'),
  directory: 'partenaires',
  kind: 'organisation',
  name,
  subtitle: null,
  country: ['FR'],
  level: 'intercommunal',
  policies: [],
  competences: [],
  languages: ['fr'],
  territory: [],
  organisation: null,
  function: null,
  values: {},
  state: 'published',
  updated_at: '2026-10-02T08:30:00Z',
  checked_at: '2026-09-14T10:00:00Z',
  ...more,
});
const at = (code: string) =>
  territories.filter((one) => one.code === code).map(({ code: its, name }) => ({ code: its, name }));

export const rows: Row[] = [
  row(1, both('Pôle métropolitain Nord Franche-Comté'), {
    subtitle: 'Syndicat mixte, Montbéliard',
    policies: ['health', 'mobility', 'industry'],
    territory: at('epci:200065647'),
  }),
  row(2, both('Grand Belfort'), {
    subtitle: 'Communauté d’agglomération, Belfort',
    policies: ['mobility', 'planning'],
    territory: at('epci:200069052'),
  }),
  row(3, both('Pays de Montbéliard Agglomération'), {
    subtitle: 'Communauté d’agglomération, 73 communes',
    policies: ['industry', 'mobility'],
    territory: at('epci:200065647'),
  }),
  row(4, both('CC du Sud Territoire'), {
    subtitle: 'Communauté de communes, Delle',
    policies: ['mobility'],
    territory: at('epci:249000241'),
    checked_at: null,
  }),
  row(5, both('République et Canton du Jura', 'Republik und Kanton Jura'), {
    subtitle: 'Canton, Delémont',
    country: ['CH'],
    level: 'canton',
    policies: ['mobility', 'health'],
    territory: at('canton:JU'),
  }),
  row(6, both('OSTAJ'), {
    subtitle: 'Observatoire statistique transfrontalier',
    country: ['FR', 'CH'],
    policies: ['planning'],
    territory: at('canton:NE'),
  }),
  row(7, both('AUDAB'), { subtitle: 'Agence d’urbanisme, Besançon', policies: ['planning', 'industry'] }),
  row(8, both('CC du Val de Morteau'), {
    subtitle: 'Communauté de communes, Morteau',
    policies: ['industry'],
    territory: at('epci:242504116'),
  }),
  row(9, both('', 'Kanton Bern, Amt für öffentlichen Verkehr'), {
    subtitle: 'Kantonale Verwaltung',
    country: ['CH'],
    level: 'canton',
    policies: ['mobility'],
    territory: at('canton:BE'),
    languages: ['de'],
    state: 'draft',
  }),
];

const ref = (id: number, kind: Ref['kind'] = 'organisation'): Ref => ({
  id,
  name: rows.find((one) => one.id === id)?.name ?? both('Technicienne mobilité', 'Fachfrau Mobilität'),
  kind,
  directory: 'partenaires',
});

const link = (id: number, more: Partial<Link>): Link => ({
  id,
  kind: 'function',
  person: ref(20, 'person'),
  part: null,
  organisation: ref(1),
  function: both('Chargée de mission mobilité', 'Projektleiterin Mobilität'),
  policy: 'mobility',
  from: '2024-03-01',
  until: null,
  current: true,
  ...more,
});

export const counterparts: Counterpart[] = [
  {
    id: 1,
    a: ref(1),
    b: ref(5),
    policy: 'mobility',
    level: 'intercommunal',
    state: 'confirmed',
    score: 88,
    reasons: [
      { code: 'same_policy', detail: 'mobility' },
      { code: 'shared_language', detail: 'fr' },
    ],
    by: { id: 'p1', name: 'Secrétariat' },
    at: '2026-09-20T09:00:00Z',
    note: null,
  },
  {
    id: 2,
    a: ref(1),
    b: ref(9),
    policy: 'mobility',
    level: null,
    state: 'proposed',
    score: 61,
    reasons: [
      { code: 'same_policy', detail: 'mobility' },
      { code: 'near', detail: '42 km' },
    ],
    by: null,
    at: null,
    note: null,
  },
];

export const entry = (id: number, more: Partial<Entry> = {}): Entry => ({
  ...(rows.find((one) => one.id === id) ?? rows[0]!),
  hidden: 1,
  visibility: 'public',
  field_visibility: { phone: 'public' },
  account: null,
  consent: null,
  version: 4,
  check_due_at: '2026-11-14T10:00:00Z',
  mail: 'ok',
  links: [
    link(1, {}),
    link(2, {
      function: both('Directeur', 'Direktor'),
      policy: null,
      from: '2019-01-01',
      until: '2023-12-31',
      current: false,
    }),
    link(3, {
      kind: 'part_of',
      person: null,
      part: ref(1),
      organisation: ref(3),
      function: null,
      policy: null,
      from: '2016-09-01',
    }),
  ],
  counterparts,
  may: { edit: true, propose: true, check: true, consent: true, history: true },
  merged_into: null,
  url: `/e/org.cluse.annuaires/partenaires/fiches/${id}`,
  public_url: null,
  values: {
    level: 'intercommunal',
    policies: ['health', 'mobility', 'industry'],
    languages: ['fr'],
    territory: ['epci:200065647'],
    email: 'contact@pmnfc.example',
    phone: '+33 3 39 30 00 65',
    mobile: '+33 6 00 00 00 00',
    address: { street: '10 rue Frédéric-Japy', postcode: '25200', city: 'Montbéliard', country: 'FR' },
    website: 'https://www.pmnfc.example/',
    about: both(
      'Cinq intercommunalités. Porte le contrat local de santé, coordonne Territoires d’industrie et le Syndicat mixte des transports.',
      '',
    ),
  },
  ...more,
});

export const person = entry(20, {
  ...row(20, both('Technicienne mobilité', 'Fachfrau Mobilität'), {
    directory: 'techniciens',
    kind: 'person',
    function: both('Chargée de mission', 'Projektleiterin'),
    organisation: { id: 1, name: rows[0]!.name },
    policies: ['mobility'],
    country: ['FR'],
  }),
  consent: {
    given: true,
    scope: ['public'],
    how: 'formulaire signé',
    on: '2026-02-03',
    by: { id: 'p1', name: 'Secrétariat' },
  },
  account: { id: 'p2', name: 'Technicienne mobilité' },
  mail: 'bounced',
  links: [],
  values: {
    given: 'Technicienne',
    family: 'mobilité',
    email: 'mobilite@belfort.example',
    languages: ['fr', 'de'],
    policies: ['mobility'],
  },
});

const item = (key: string, now: unknown, after: unknown, more = {}) => ({
  field: key,
  label: fields.find((one) => one.key === key)!.label,
  before: now,
  now,
  after,
  state: 'open' as const,
  ...more,
});

export const changes: Change[] = [
  {
    id: 1,
    entry: ref(1),
    directory: 'partenaires',
    by: { id: 'p2', name: 'Technicienne mobilité' },
    via: 'account',
    at: '2026-11-20T08:12:00Z',
    state: 'open',
    note: 'Nous avons déménagé au 1er novembre.',
    items: [
      item('phone', '+33 3 39 30 00 65', '+33 3 39 30 00 70'),
      item(
        'about',
        both('Cinq intercommunalités. Porte le contrat local de santé.'),
        both('Cinq intercommunalités, 299 264 habitants. Porte le contrat local de santé.'),
      ),
      item('policies', ['health', 'mobility'], ['health', 'mobility', 'industry'], { before: ['health'] }),
    ],
    reason: null,
    decided_by: null,
    decided_at: null,
    stale: true,
  },
  {
    id: 2,
    entry: null,
    directory: 'partenaires',
    by: null,
    via: 'link',
    at: '2026-11-19T15:00:00Z',
    state: 'open',
    note: null,
    items: [item('email', null, 'info@verein.example')],
    reason: null,
    decided_by: null,
    decided_at: null,
    stale: false,
  },
];

const importOf = (more: Partial<Import>): Import => ({
  id: 7,
  directory: 'partenaires',
  name: 'partenaires-2026.csv',
  size: 84_213,
  received: 84_213,
  state: 'checked',
  at: '2026-11-22T09:00:00Z',
  by: { id: 'p1', name: 'Secrétariat' },
  format: 'csv',
  encoding: 'windows-1252',
  separator: ';',
  sheets: [],
  sheet: null,
  header: true,
  columns: [
    {
      index: 0,
      name: 'Organisme',
      samples: ['Grand Besançon', 'Ville de Delémont', 'CC Loue-Lison'],
      field: 'name',
    },
    {
      index: 1,
      name: 'Mail',
      samples: ['contact@besancon.example', 'stadt@delemont.example', ''],
      field: 'email',
    },
    { index: 2, name: 'Tél.', samples: ['03 81 00 00 00', '+41 32 000 00 00', '03'], field: 'phone' },
    { index: 3, name: 'Remarque', samples: ['à rappeler', '', ''], field: null },
  ],
  match: ['email'],
  on_match: 'ask',
  progress: { step: '', done: 0, of: 0 },
  counts: { rows: 214, new: 160, matched: 41, ambiguous: 2, problems: 9, skipped: 2 },
  error: null,
  ...more,
});

const importRows: ImportRow[] = [
  {
    n: 2,
    values: { name: 'Grand Besançon', email: 'contact@besancon.example' },
    state: 'new',
    problems: [],
    matches: [],
    decision: null,
    entry: null,
    changes: [],
  },
  {
    n: 3,
    values: { name: 'Grand Belfort', phone: '+33 3 84 54 24 24' },
    state: 'matched',
    problems: [],
    matches: [{ ...ref(2), why: 'email' }],
    decision: 'merge',
    entry: 2,
    changes: [{ field: 'phone', before: '03 84 54 24 00', after: '+33 3 84 54 24 24' }],
  },
  {
    n: 4,
    values: { name: 'CC du Sud Territoire' },
    state: 'ambiguous',
    problems: [],
    matches: [
      { ...ref(4), why: 'name' },
      { ...ref(2), why: 'phone' },
    ],
    decision: null,
    entry: null,
    changes: [],
  },
  {
    n: 5,
    values: { name: 'CC Loue-Lison', phone: '03' },
    state: 'problem',
    problems: [
      {
        field: 'phone',
        code: 'phone_wrong',
        detail: 'Ce numéro est trop court : il manque l’indicatif ou des chiffres.',
      },
    ],
    matches: [],
    decision: null,
    entry: null,
    changes: [],
  },
];

const importOfState: Record<string, Import> = {
  '7': importOf({}),
  '8': importOf({ id: 8, state: 'preview', counts: {} }),
  '9': importOf({ id: 9, state: 'applying', progress: { step: 'apply', done: 96, of: 201 } }),
  '10': importOf({
    id: 10,
    state: 'applied',
    counts: { rows: 214, created: 160, changed: 38, unchanged: 5, skipped: 2, problems: 9 },
  }),
};

const chart = [
  {
    id: 3,
    kind: 'organisation',
    name: rows[2]!.name,
    parent: null,
    function: null,
    policy: null,
    from: null,
    until: null,
  },
  {
    id: 1,
    kind: 'organisation',
    name: rows[0]!.name,
    parent: 3,
    function: null,
    policy: null,
    from: null,
    until: null,
  },
  {
    id: 20,
    kind: 'person',
    name: both('Technicienne mobilité', 'Fachfrau Mobilität'),
    parent: 1,
    function: both('Chargée de mission', 'Projektleiterin'),
    policy: 'mobility',
    from: '2024-03-01',
    until: null,
  },
  {
    id: 21,
    kind: 'person',
    name: both('Coordinateur santé', 'Koordinator Gesundheit'),
    parent: 1,
    function: both('Contrat local de santé', 'Lokaler Gesundheitsvertrag'),
    policy: 'health',
    from: null,
    until: null,
  },
  {
    id: 5,
    kind: 'organisation',
    name: rows[4]!.name,
    parent: null,
    function: null,
    policy: null,
    from: null,
    until: null,
  },
  {
    id: 22,
    kind: 'person',
    name: both('Cheffe du Service de la mobilité', 'Leiterin des Amts für Mobilität'),
    parent: 5,
    function: both('Cheffe de service', 'Amtsleiterin'),
    policy: 'mobility',
    from: null,
    until: null,
  },
];

function listed(query: URLSearchParams) {
  const words = (query.get('q') ?? '').toLowerCase();
  const found = rows
    .filter(
      (one) => !words || (one.name.fr + one.name.de + String(one.subtitle)).toLowerCase().includes(words),
    )
    .filter((one) => !query.get('country') || one.country.includes(query.get('country')!))
    .filter((one) => !query.get('policy') || one.policies.includes(query.get('policy')!))
    .filter(
      (one) => !query.get('territory') || one.territory.some(({ code }) => code === query.get('territory')),
    );
  const narrowed = found.length < rows.length;
  return {
    entries: found,
    total: narrowed ? found.length : 412,
    next: narrowed ? null : 'c2',
    corrected: null,
    facets: {
      country: { FR: 24, CH: 17 },
      policy: { mobility: 18, health: 7, industry: 11 },
      level: { intercommunal: 20, canton: 4 },
      language: { fr: 38, de: 6 },
      competence: { transport: 3 },
    },
  };
}

const areas = [
  { code: 'epci:200065647', name: both('Pays de Montbéliard Agglomération'), count: 2, countries: ['FR'] },
  { code: 'epci:200069052', name: both('Grand Belfort'), count: 14, countries: ['FR'] },
  { code: 'epci:249000241', name: both('CC du Sud Territoire'), count: 1, countries: ['FR'] },
  { code: 'epci:242504116', name: both('CC du Val de Morteau'), count: 1, countries: ['FR'] },
  { code: 'canton:JU', name: both('Jura'), count: 120, countries: ['CH'] },
  { code: 'canton:NE', name: both('Neuchâtel', 'Neuenburg'), count: 9, countries: ['FR', 'CH'] },
  { code: 'canton:BE', name: both('Berne', 'Bern'), count: 5, countries: ['CH'] },
];

/** What the routes of docs/api.md answer. `shapes`: the map, where the machine has one. */
export function answers(shapes: unknown = undefined) {
  const fixed: Record<string, unknown> = {
    '/directories': directories,
    '/vocabulary': vocabulary,
    '/me': {
      entries: [person],
      changes: [
        { ...changes[0], state: 'refused', reason: 'Le numéro est celui d’un autre service.' },
        changes[1],
      ],
    },
    '/map/shapes': shapes,
    '/batches': {
      batches: [
        {
          id: 3,
          kind: 'merge',
          at: '2026-11-21T10:00:00Z',
          by: { id: 'p1', name: 'Secrétariat' },
          entries: 2,
          undone: false,
        },
      ],
    },
    '/reminders': {
      due: 14,
      sent: 6,
      bounced: 1,
      next_run_at: '2026-12-01T06:00:00Z',
      entries: rows.slice(0, 4),
    },
    '/public/vocabulary': vocabulary,
    '/public/directories': { directories: directories.directories.slice(0, 1) },
    '/public/check/jeton': {
      entry: {
        name: person.name,
        directory: directories.directories[1]!.name,
        values: [
          {
            field: 'email',
            label: both('Courriel', 'E-Mail'),
            value: 'mobilite@belfort.example',
            raw: 'mobilite@belfort.example',
            type: 'email',
            bilingual: false,
          },
          {
            field: 'function',
            label: both('Fonction', 'Funktion'),
            value: 'Chargée de mission',
            raw: both('Chargée de mission', 'Projektleiterin'),
            type: 'text',
            bilingual: true,
          },
          {
            field: 'territory',
            label: both('Territoire', 'Gebiet'),
            value: 'CC Haut-Jura Saint-Claude',
            raw: ['epci:200026573'],
            type: 'territory',
            bilingual: false,
          },
          {
            field: 'address',
            label: both('Adresse', 'Adresse'),
            value: '4 place d’Armes, 90000 Belfort',
            raw: { street: '4 place d’Armes', postcode: '90000', city: 'Belfort', country: 'FR' },
            type: 'address',
            bilingual: false,
          },
        ],
      },
      expires_on: '2026-12-22',
      done: false,
    },
  };
  return (method: string, address: string, body: unknown): unknown => {
    const [path = '', search = ''] = address.split('?');
    const query = new URLSearchParams(search);
    if (method === 'CORE')
      return {
        people: [{ id: 'p2', name: 'Technicienne mobilité', organisation: { name: 'Grand Belfort' } }],
      };
    if (method !== 'GET') return written(method, path, body);
    if (path in fixed) return fixed[path];
    return matched(path, query);
  };
}

function matched(path: string, query: URLSearchParams): unknown {
  if (/^\/(public|directories)\/[^/]+\/entries$/.test(path) || path === '/entries') return listed(query);
  if (path === '/search') return { hits: listed(query).entries, corrected: null };
  if (path === '/territories') {
    const words = (query.get('q') ?? '').toLowerCase();
    return {
      territories: territories.filter(
        (one) => one.code === query.get('q') || (one.name.fr + one.name.de).toLowerCase().includes(words),
      ),
    };
  }
  if (path === '/map') return { layer: 'all', areas, elsewhere: 3 };
  if (path === '/chart') return { nodes: chart, root: null };
  if (path === '/counterparts')
    return { counterparts: counterparts.filter((one) => one.state === query.get('state')) };
  if (path === '/changes')
    return { changes: changes.filter((one) => one.state === query.get('state')), total: 2, next: null };
  if (path === '/duplicates') return { groups: [duplicates()], total: 1 };
  if (path === '/imports') return { imports: Object.values(importOfState) };
  const numbered = /^\/(?:public\/)?(entries|changes|imports)\/([^/]+)(\/\w+)?$/.exec(path);
  if (!numbered) return undefined;
  const [, what, id = '', part] = numbered;
  if (what === 'changes') return { change: changes.find((one) => String(one.id) === id) };
  if (what === 'imports')
    return part === '/rows'
      ? { rows: importRows, total: 4, next: null }
      : importOfState[id] && { import: importOfState[id] };
  if (part === '/history') return { history: happenings };
  if (id === '20') return { entry: person };
  const known = rows.find((one) => String(one.id) === id || one.uid === id);
  const open = path.startsWith('/public/') && { fields: directory().fields };
  return known && { entry: { ...entry(known.id), ...open } };
}

const happenings = [
  {
    id: 2,
    at: '2026-10-02T08:30:00Z',
    by: { id: 'p1', name: 'Secrétariat' },
    action: 'changed',
    changes: [
      {
        field: 'phone',
        label: both('Téléphone', 'Telefon'),
        before: '03 39 30 00 60',
        after: '+33 3 39 30 00 65',
      },
    ],
  },
  {
    id: 1,
    at: '2026-03-01T10:00:00Z',
    by: null,
    action: 'imported',
    batch: 1,
    changes: [],
    note: 'partenaires.csv',
  },
];

const duplicates = () => ({
  key: 'd1',
  why: ['email', 'name'],
  score: 92,
  entries: [
    entry(2, {
      values: { email: 'contact@grandbelfort.example', phone: '+33 3 84 54 24 24', policies: ['mobility'] },
    }),
    entry(3, {
      ...rows[1]!,
      id: 31,
      name: both('Grand Belfort Communauté d’Agglomération'),
      values: {
        email: 'contact@grandbelfort.example',
        website: 'https://grandbelfort.example',
        policies: ['mobility', 'planning'],
      },
    }),
  ],
});

function written(method: string, path: string, body: unknown): unknown {
  const sent = (body ?? {}) as { version?: number; values?: Record<string, unknown> };
  if (/^\/entries\/\d+$/.test(path) && method === 'PUT') {
    if (sent.version === 0) throw new Refusal(409, 'version_conflict', 'La fiche a changé.');
    if (sent.values?.['email'] === 'faux')
      throw new Refusal(422, 'email_wrong', 'Cette adresse n’a pas de domaine : ajoutez « @… ».', 'email');
    return { entry: entry(1, { version: 5 }) };
  }
  if (path.endsWith('/changes')) return { change: changes[0] };
  if (path.endsWith('/imports'))
    return { import: importOf({ id: 8, state: 'receiving' }), part_bytes: 524_288 };
  if (path === '/duplicates/merge') return { entry: entry(2), batch: 5 };
  if (path.endsWith('/counterparts/propose')) return { counterparts };
  if (path === '/reminders/send') return { sent: 2, without_address: 1 };
  if (/^\/directories(\/[^/]+)?$/.test(path)) return { directory: directory() };
  if (path.endsWith('/entries')) return { entry: entry(1) };
  return {};
}
