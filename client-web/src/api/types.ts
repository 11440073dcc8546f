import type { Provider } from './identity';
// The shapes of docs/api.md, as they travel.

export type Id = string;
export type Country = 'F' | 'CH';
export type Role = 'reader' | 'commenter' | 'editor' | 'manager';
export type UiLocale = 'fr-FR' | 'fr-CH' | 'de-CH';
export type Theme = 'system' | 'light' | 'dark';

export interface Organisation {
  id: Id;
  name: string;
  short_name: string;
  country: Country;
  kind: string;
}

export type Quality = 'elected' | 'technician';
export type Seat = 'titular' | 'substitute';

/** A function that a person holds in an organisation; days are ISO dates, both included. */
export interface Mandate {
  id: Id;
  organisation: Organisation;
  function: string;
  quality: Quality;
  seat: Seat;
  first_day: string;
  last_day: string | null;
  is_current: boolean;
}

export interface Membership {
  id: Id;
  /** The other one: the body, or the member. */
  organisation: Organisation;
  first_day: string | null;
  last_day: string | null;
  is_current: boolean;
}

export interface TerritorialUnit {
  id: Id;
  kind: 'commune' | 'epci' | 'department' | 'region' | 'canton' | 'district' | 'cooperation';
  country: Country | null;
  name: string;
  code: { scheme: string; code: string } | null;
}

export type RegistryKind = 'siren' | 'siret' | 'rna' | 'uid';

export interface OrganisationDetail extends Organisation {
  territory: TerritorialUnit | null;
  parent: Organisation | null;
  children: Organisation[];
  numbers: Partial<Record<RegistryKind, string>>;
  bodies: Membership[];
  members: Membership[];
  mandates: (Mandate & { person: Person })[];
}

export type CheckedNumber =
  | { valid: true; normalised: string; display: string }
  | {
      valid: false;
      code: string;
      suspect: { group: string; from: number; length: number } | null;
      corrected: string | null;
    };

export interface Person {
  id: Id;
  name: string;
  function: string;
  initials: string;
  organisation: Organisation | null;
  is_admin?: boolean;
  /** On who wrote something: under which mandate. */
  hat?: Mandate | null;
}

export interface Me extends Person {
  /** On the whole instance: words such as "people.manage". */
  permissions: string[];
  email: string;
  ui_locale: UiLocale;
  theme: Theme;
  single_keys: boolean;
  /** In which one would rather read, the first first; apart from the language of the interface. */
  content_languages: string[];
  /** Terms of the base are marked in texts. */
  marks_terms: boolean;
  hat: Mandate | null;
  mandates: Mandate[];
}

export interface Territory {
  id: Id;
  name: string;
  short: string;
  country: null;
}

export interface Workspace {
  id: Id;
  name: string;
  description: string;
  territory: Territory;
  language: string;
  my_role: Role;
  counts: { documents: number; members: number; members_f: number; members_ch: number };
  updated_at: string;
}

export interface Member extends Person {
  role: Role;
  joined_at: string;
}

export interface Document {
  id: Id;
  workspace_id: Id;
  parent_id: Id | null;
  kind: 'document' | 'folder';
  title: string;
  language: string;
  language_origin: 'chosen' | 'assumed' | 'detected';
  position: number;
  created_at: string;
  created_by: Person | null;
  updated_at: string;
  updated_by: Person | null;
  trashed_at: string | null;
  writers: Person[];
  my_role?: Role;
}

export type PlacedDocument = Document & {
  workspace: { id: Id; name: string };
  /** All that say the same in other languages, itself among them, the source first; none if it stands alone. */
  versions: { id: Id; language: string }[];
};

export interface Bootstrap {
  instance: {
    name: string;
    version: string;
    needs_setup: boolean;
    demo: boolean;
    mail: boolean;
    sign_in_links: boolean;
    /** Whether one asks for an account from the sign-in page. */
    access_requests: boolean;
    providers: Provider[];
    passkeys: boolean;
  };
  me: Me | null;
  /** The instance asks for a second factor, and one has none: nothing else is open. */
  must_add_factor: boolean;
}

export interface Session {
  id: Id;
  created_at: string;
  last_seen_at: string;
  device: string;
  current: boolean;
}

export interface Invitation {
  workspace: { id: Id; name: string } | null;
  role: Role | null;
  invited_by: Person;
  email: string | null;
  expires_at: string;
}

export interface MadeInvitation {
  id: Id;
  url: string;
  token: string;
  /** The address it was mailed to; null where the link is to be passed on by hand. */
  sent_to: string | null;
  expires_at: string;
}

export interface Home {
  recent: PlacedDocument[];
  writing_now: PlacedDocument[];
  workspaces: Workspace[];
}

export interface Found {
  documents: PlacedDocument[];
  workspaces: Workspace[];
  people: Person[];
}

const ranks: Role[] = ['reader', 'commenter', 'editor', 'manager'];

export function mayEdit(role: Role | undefined): boolean {
  return role !== undefined && ranks.indexOf(role) >= ranks.indexOf('editor');
}

export function mayManage(role: Role | undefined): boolean {
  return role === 'manager';
}
