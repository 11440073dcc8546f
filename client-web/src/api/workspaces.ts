import { request } from './http';
import type { Id, Member, Role, Workspace } from './types';

export const getWorkspaces = (signal?: AbortSignal) =>
  request<{ workspaces: Workspace[] }>('GET', '/workspaces', { signal });
export const getWorkspace = (id: Id, signal?: AbortSignal) =>
  request<Workspace>('GET', `/workspaces/${id}`, { signal });

export interface NewWorkspace {
  name: string;
  description?: string;
  territory_id: Id;
  language?: string;
}
export const createWorkspace = (body: NewWorkspace) => request<Workspace>('POST', '/workspaces', { body });
export type SpaceChange = Partial<Pick<Workspace, 'name' | 'description' | 'language'>>;
export const changeWorkspace = (id: Id, body: SpaceChange) =>
  request<Workspace>('PATCH', `/workspaces/${id}`, { body });

export const getMembers = (id: Id, signal?: AbortSignal) =>
  request<{ members: Member[] }>('GET', `/workspaces/${id}/members`, { signal });
export const setMember = (id: Id, person: Id, role: Role) =>
  request<Member>('PUT', `/workspaces/${id}/members/${person}`, { body: { role } });
export const removeMember = (id: Id, person: Id) =>
  request<void>('DELETE', `/workspaces/${id}/members/${person}`);
