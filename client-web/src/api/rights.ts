import { request, upload } from './http';
import type { Id, Mandate, Person } from './types';

/** One of seven words (reader, commenter, editor, manager, secretary, auditor, administrator), or the id of one made here. */
export type RightsRole = string;
export type ScopeKind = 'instance' | 'territory' | 'workspace' | 'document';
export type HolderKind = 'person' | 'mandate' | 'organisation' | 'group';
export type Permission =
  | 'content.read'
  | 'content.comment'
  | 'content.write'
  | 'content.purge'
  | 'workspace.change'
  | 'members.manage'
  | 'grants.manage'
  | 'workspace.create'
  | 'groups.manage'
  | 'people.invite'
  | 'people.manage'
  | 'people.suspend'
  | 'organisations.manage'
  | 'references.manage'
  | 'journal.read'
  | 'administrators.manage'
  | 'terms.manage';

export interface NamedHolder {
  kind: HolderKind;
  id: Id;
  name: string;
}
export interface NamedScope {
  kind: ScopeKind;
  id: Id | null;
  name: string;
}
export type GrantState = 'holds' | 'not_yet' | 'ended' | 'mandate_not_yet' | 'mandate_ended';

export interface Grant {
  id: Id;
  role: RightsRole;
  holder: NamedHolder;
  scope: NamedScope;
  first_day: string | null;
  last_day: string | null;
  state: GrantState;
  granted_at: string;
  granted_by: Person | null;
}
export interface PermissionInfo {
  id: Permission;
  words: string;
}
export interface RoleInfo {
  id: RightsRole;
  /** In the reader's language. */
  name: string;
  name_fr: string;
  name_de: string;
  /** Made here: may be changed. */
  is_own: boolean;
  grant_count: number;
  permissions: PermissionInfo[];
}
export interface RoleText {
  name_fr: string;
  name_de: string;
  permissions: Permission[];
}
export interface RolePreview {
  permissions: PermissionInfo[];
  added: PermissionInfo[];
  removed: PermissionInfo[];
  grant_count: number;
  people_count: number;
  effects: { person: Person; scope: NamedScope; gains: PermissionInfo[]; loses: PermissionInfo[] }[];
  is_complete: boolean;
}
export interface NewGrant {
  role: RightsRole;
  holder: { kind: HolderKind; id: Id };
  scope: { kind: ScopeKind; id?: Id };
  first_day: string;
  last_day: string;
}
export interface Group {
  id: Id;
  name: string;
  territory: NamedScope | null;
  responsible: Person | null;
  member_count: number;
  grant_count: number;
}
export interface GroupDetail extends Group {
  members: NamedHolder[];
  grants: Grant[];
  people_count: number;
}
export interface Explanation {
  person: Person;
  object: NamedScope;
  permissions: Permission[];
  is_suspended: boolean;
  allowed: boolean | null;
  sentence: string;
  reasons: {
    kind: 'administrator' | 'member' | 'grant';
    state: GrantState;
    role: RightsRole;
    scope: NamedScope;
    path: NamedHolder[];
    first_day: string | null;
    last_day: string | null;
    grant_id: Id | null;
    sentence: string;
  }[];
}
export interface DirectoryEntry extends Person {
  email: string;
  organisation_confirmed: boolean;
  suspended_at: string | null;
  suspended_reason: string;
}
export interface Responsibilities {
  workspaces: { id: Id; name: string; is_last: boolean }[];
  groups: { id: Id; name: string; is_last: boolean }[];
  mandates: Mandate[];
  invitations: number;
  is_last_administrator: boolean;
}

export const getRoles = (signal?: AbortSignal) =>
  request<{ roles: RoleInfo[]; permissions: PermissionInfo[] }>('GET', '/roles', { signal });

export const addRole = (body: RoleText) => request<RoleInfo>('POST', '/roles', { body });

export const changeRole = (id: string, body: RoleText) => request<RoleInfo>('PUT', `/roles/${id}`, { body });

export const removeRole = (id: string) => request<void>('DELETE', `/roles/${id}`);

export const previewRole = (id: string, permissions: Permission[]) =>
  request<RolePreview>('POST', `/roles/${id}/preview`, { body: { permissions } });

export const getGrants = (query: { holder?: Id; scope?: string; before?: Id }, signal?: AbortSignal) =>
  request<{ grants: Grant[]; before: Id | null }>('GET', '/grants', { query, signal });

export const giveGrant = (body: NewGrant) => request<Grant>('POST', '/grants', { body });

export const changeGrant = (id: Id, body: { first_day: string; last_day: string }) =>
  request<Grant>('PUT', `/grants/${id}`, { body });

export const withdrawGrant = (id: Id) => request<void>('DELETE', `/grants/${id}`);

export const explainRights = (
  query: { person: Id; object: string; permission?: Permission },
  signal?: AbortSignal,
) => request<Explanation>('GET', '/rights/explain', { query, signal });

export const getGroups = (signal?: AbortSignal) => request<{ groups: Group[] }>('GET', '/groups', { signal });

export const getGroup = (id: Id, signal?: AbortSignal) =>
  request<GroupDetail>('GET', `/groups/${id}`, { signal });

export const addGroup = (body: { name: string; territory_id: Id | null }) =>
  request<GroupDetail>('POST', '/groups', { body });

export const renameGroup = (id: Id, name: string) =>
  request<GroupDetail>('PUT', `/groups/${id}`, { body: { name } });

export const removeGroup = (id: Id) => request<void>('DELETE', `/groups/${id}`);

export const addGroupMember = (id: Id, body: { kind: HolderKind; id: Id }) =>
  request<GroupDetail>('POST', `/groups/${id}/members`, { body });

export const removeGroupMember = (id: Id, member: Id) =>
  request<GroupDetail>('DELETE', `/groups/${id}/members/${member}`);

export const getDirectoryEntry = (id: Id, signal?: AbortSignal) =>
  request<DirectoryEntry>('GET', `/directory/${id}`, { signal });

export const getDirectory = (
  query: { q: string; status?: string; after?: string | undefined },
  signal?: AbortSignal,
) => request<{ people: DirectoryEntry[]; after: string | null }>('GET', '/directory', { query, signal });

export const suspendPerson = (id: Id, reason: string) =>
  request<DirectoryEntry>('PUT', `/people/${id}/suspension`, { body: { reason } });

export const reactivatePerson = (id: Id) => request<DirectoryEntry>('DELETE', `/people/${id}/suspension`);

export const confirmOrganisation = (id: Id, organisation_id: Id | null) =>
  request<DirectoryEntry>('PUT', `/people/${id}/organisation`, { body: { organisation_id } });

export const getResponsibilities = (id: Id, signal?: AbortSignal) =>
  request<Responsibilities>('GET', `/people/${id}/responsibilities`, { signal });

export const handOver = (id: Id, body: { to: Id; last_day: string }) =>
  request<Responsibilities>('POST', `/people/${id}/hand-over`, { body });

export interface BatchRow {
  line: number;
  email: string;
  name: string;
  function: string;
  organisation: string;
  outcome: 'invite' | 'renew' | 'add' | 'already_invited' | 'already_here' | 'refused';
  code: string | null;
  /** Why it was refused, in the reader's language. */
  why: string | null;
  was_sent: boolean;
  /** To pass on by hand, where no mail carried it. */
  url: string | null;
}

export const inviteMany = (
  list: File,
  query: { preview?: string | undefined; workspace?: Id; role?: string },
) =>
  upload<{ rows: BatchRow[]; done: boolean }>('/invitations/batch', list, { contentType: 'text/csv', query });

export const inviteOrganisations = (
  body: { organisations: Id[]; workspace_id?: Id; role?: string },
  preview: boolean,
) =>
  request<{ rows: BatchRow[]; done: boolean }>('POST', '/invitations/organisations', {
    body,
    query: preview ? { preview: 'true' } : {},
  });
