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

export interface Person {
  id: Id;
  name: string;
  function: string;
  initials: string;
  organisation: Organisation | null;
  is_admin?: boolean;
}

export interface Me extends Person {
  email: string;
  ui_locale: UiLocale;
  theme: Theme;
  single_keys: boolean;
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
  position: number;
  created_at: string;
  created_by: Person | null;
  updated_at: string;
  updated_by: Person | null;
  trashed_at: string | null;
  writers: Person[];
  my_role?: Role;
}

export type PlacedDocument = Document & { workspace: { id: Id; name: string } };

export interface Bootstrap {
  instance: {
    name: string;
    version: string;
    needs_setup: boolean;
    demo: boolean;
    mail: boolean;
    sign_in_links: boolean;
  };
  me: Me | null;
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
