import { queryOptions } from '@tanstack/react-query';
import { find, getDocument, getDocuments, getHome, getTrash } from './documents';
import { getInvitation, getTerritories } from './people';
import { getBootstrap, getSessions } from './session';
import type { Id } from './types';
import { getMembers, getWorkspace, getWorkspaces } from './workspaces';

// Every cached answer and its key, in one place: a change invalidates by the same names.

export const queries = {
  bootstrap: () =>
    queryOptions({
      queryKey: ['bootstrap'],
      queryFn: ({ signal }) => getBootstrap(signal),
      staleTime: Infinity,
    }),
  home: () => queryOptions({ queryKey: ['home'], queryFn: ({ signal }) => getHome(signal) }),
  sessions: () => queryOptions({ queryKey: ['sessions'], queryFn: ({ signal }) => getSessions(signal) }),
  territories: () =>
    queryOptions({
      queryKey: ['territories'],
      queryFn: ({ signal }) => getTerritories(signal),
      staleTime: 3_600_000,
    }),
  invitation: (token: string) =>
    queryOptions({
      queryKey: ['invitation', token],
      queryFn: ({ signal }) => getInvitation(token, signal),
      retry: false,
    }),
  workspaces: () =>
    queryOptions({ queryKey: ['workspaces'], queryFn: ({ signal }) => getWorkspaces(signal) }),
  workspace: (id: Id) =>
    queryOptions({ queryKey: ['workspace', id], queryFn: ({ signal }) => getWorkspace(id, signal) }),
  members: (id: Id) =>
    queryOptions({ queryKey: ['workspace', id, 'members'], queryFn: ({ signal }) => getMembers(id, signal) }),
  documents: (workspace: Id) =>
    queryOptions({
      queryKey: ['workspace', workspace, 'documents'],
      queryFn: ({ signal }) => getDocuments(workspace, signal),
    }),
  trash: (workspace: Id) =>
    queryOptions({
      queryKey: ['workspace', workspace, 'trash'],
      queryFn: ({ signal }) => getTrash(workspace, signal),
    }),
  document: (id: Id) =>
    queryOptions({ queryKey: ['document', id], queryFn: ({ signal }) => getDocument(id, signal) }),
  find: (q: string) =>
    queryOptions({ queryKey: ['find', q], queryFn: ({ signal }) => find(q, signal), staleTime: 10_000 }),
};
