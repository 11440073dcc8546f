// What the routes answer, as plugins/annuaires/docs/api.md says it.

export interface Both {
  fr: string;
  de: string;
}

export type Visibility = 'public' | 'members' | 'private';
export const visibilities: Visibility[] = ['public', 'members', 'private'];
export const fieldTypes = [
  'text',
  'long',
  'choice',
  'choices',
  'date',
  'number',
  'address',
  'phone',
  'email',
  'url',
  'language',
  'territory',
  'organisation',
] as const;
export type FieldType = (typeof fieldTypes)[number];
export type Kind = 'person' | 'organisation';

export interface Option {
  key: string;
  label: Both;
  count?: number;
}
export interface Field {
  key: string;
  type: FieldType;
  label: Both;
  help: Both;
  required: boolean;
  bilingual: boolean;
  visibility: Visibility;
  in_list: boolean;
  archived: boolean;
  options: Option[];
}
export interface Directory {
  id: number;
  slug: string;
  name: Both;
  description: Both;
  about: Kind;
  visibility: 'public' | 'members';
  public: boolean;
  review_months: number;
  entries: number;
  version: number;
  fields: Field[];
  position: number;
}
export interface Waiting {
  changes: number;
  duplicates: number;
  counterparts: number;
}
export interface Directories {
  directories: Directory[];
  may: { manage: boolean; create: boolean };
  waiting: Waiting | null;
}

export type Values = Record<string, unknown>;
export interface Address {
  street?: string;
  postcode?: string;
  city?: string;
  country?: string;
}
export interface Ref {
  id: number;
  name: Both;
  kind: Kind;
  directory: string;
}
export interface TerritoryRef {
  code: string;
  name: Both;
}
export interface Row {
  id: number;
  uid: string;
  directory: string;
  kind: Kind;
  name: Both;
  subtitle: string | Both | null;
  country: string[];
  level: string | null;
  policies: string[];
  competences: string[];
  languages: string[];
  territory: TerritoryRef[];
  organisation: { id: number; name: Both } | null;
  function: Both | string | null;
  values: Values;
  state: 'published' | 'archived' | 'draft';
  updated_at: string | null;
  checked_at: string | null;
  extract?: string | null;
}
export interface Link {
  id: number;
  kind: 'function' | 'member' | 'part_of';
  person: Ref | null;
  /** Of `part_of`: the organisation that is part of `organisation`. */
  part: Ref | null;
  organisation: Ref;
  function: Both | null;
  policy: string | null;
  from: string | null;
  until: string | null;
  current: boolean;
}
export interface Reason {
  code: 'same_policy' | 'same_level' | 'shared_competence' | 'shared_language' | 'near';
  detail: string;
}
export interface Counterpart {
  id: number;
  a: Ref;
  b: Ref;
  policy: string | null;
  level: string | null;
  state: 'proposed' | 'confirmed' | 'refused';
  score: number;
  reasons: Reason[];
  by: { id: string; name: string } | null;
  at: string | null;
  note: string | null;
}
export interface Consent {
  given: boolean;
  scope: string[];
  how: string | null;
  on: string | null;
  by: { id: string; name: string } | null;
}
export interface Entry extends Row {
  hidden: number;
  visibility: Visibility;
  /** What was chosen for single fields: for whoever keeps the entry. */
  field_visibility?: Record<string, Visibility>;
  account: { id: string; name: string } | null;
  consent: Consent | null;
  version: number;
  check_due_at: string | null;
  mail: 'ok' | 'bounced';
  links: Link[];
  counterparts: Counterpart[];
  may: { edit: boolean; propose: boolean; check: boolean; consent: boolean; history: boolean };
  merged_into: number | null;
  url: string;
  public_url: string | null;
  /** Of a public entry: the fields it has open values of, as the directory itself is not told to everybody. */
  fields?: Field[];
}
export interface Page {
  entries: Row[];
  total: number;
  next: string | null;
  corrected: string | null;
  facets?: Record<string, Record<string, number>>;
}
export interface Vocabulary {
  policies: Option[];
  competences: Option[];
  levels: Option[];
  languages: Option[];
  countries: Option[];
}
export interface Happening {
  id: number;
  at: string;
  by: { id: string; name: string } | null;
  action: string;
  batch?: number | null;
  changes: { field: string; label: Both; before: unknown; after: unknown }[];
  note?: string | null;
}
export interface ChangeItem {
  field: string;
  label: Both;
  before: unknown;
  now: unknown;
  after: unknown;
  state: 'open' | 'accepted' | 'refused';
}
export interface Change {
  id: number;
  entry: Ref | null;
  directory: string;
  by: { id: string; name: string } | null;
  via: 'account' | 'link';
  at: string;
  state: 'open' | 'done' | 'refused' | 'withdrawn';
  note: string | null;
  items: ChangeItem[];
  reason: string | null;
  decided_by: { id: string; name: string } | null;
  decided_at: string | null;
  stale: boolean;
}
export interface Mine {
  entries: Entry[];
  changes: Change[];
}
export interface ChartNode {
  id: number;
  kind: Kind;
  name: Both;
  parent: number | null;
  function: Both | null;
  policy: string | null;
  from: string | null;
  until: string | null;
}
export interface Area {
  code: string;
  name: Both | string;
  count: number;
  countries: string[];
}
export interface Territory {
  code: string;
  kind: string;
  name: Both;
  country: string;
  parent: string | null;
  population: number | null;
}
export interface Column {
  index: number;
  name: string;
  samples: string[];
  field: string | null;
}
export interface Import {
  id: number;
  directory: string;
  name: string;
  size: number;
  received: number;
  state:
    | 'receiving'
    | 'received'
    | 'preview'
    | 'checking'
    | 'checked'
    | 'applying'
    | 'applied'
    | 'undoing'
    | 'undone'
    | 'failed';
  at: string;
  by: { id: string; name: string } | null;
  format: 'csv' | 'xlsx' | 'vcard';
  encoding: string | null;
  separator: string | null;
  sheets: string[];
  sheet: string | null;
  header: boolean;
  columns: Column[];
  match: string[];
  on_match: 'skip' | 'fill' | 'replace' | 'ask';
  progress: { step: string; done: number; of: number };
  counts: Partial<Record<ImportCount, number>>;
  error: string | { code: string; detail: string } | null;
}
export type ImportCount =
  | 'rows'
  | 'new'
  | 'matched'
  | 'ambiguous'
  | 'problems'
  | 'skipped'
  | 'created'
  | 'changed'
  | 'unchanged'
  | 'kept';
export interface ImportRow {
  n: number;
  values: Values;
  state: 'new' | 'matched' | 'ambiguous' | 'problem' | 'skipped' | 'created' | 'changed' | 'unchanged';
  problems: { field: string; code: string; detail: string }[];
  matches: (Ref & { why: string })[];
  decision: 'create' | 'merge' | 'skip' | null;
  entry: number | null;
  changes: { field: string; before: unknown; after: unknown }[];
}
export interface DuplicateGroup {
  key: string;
  why: string[];
  score: number;
  entries: Entry[];
}
export interface Batch {
  id: number;
  kind: 'merge' | 'import';
  at: string;
  by: { id: string; name: string } | null;
  entries: number;
  undone: boolean;
}
export interface Reminders {
  due: number;
  sent: number;
  bounced: number;
  next_run_at: string | null;
  entries: Row[];
}
