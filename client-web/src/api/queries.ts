import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { find, getDocument, getDocuments, getHome, getText, getTrash } from './documents';
import { getAccessRequests, getWays, getWaysOf } from './identity';
import { findOrganisations, findPeople, getInvitation, getTerritories } from './people';
import { findTerritorialUnits, getMandates, getOrganisation, getPerson } from './organisations';
import { getBootstrap, getSessions } from './session';
import { getTwins } from './twins';
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
  ways: () => queryOptions({ queryKey: ['ways'], queryFn: ({ signal }) => getWays(signal) }),
  waysOf: (person: Id) =>
    queryOptions({ queryKey: ['ways', person], queryFn: ({ signal }) => getWaysOf(person, signal) }),
  accessRequests: () =>
    queryOptions({ queryKey: ['access-requests'], queryFn: ({ signal }) => getAccessRequests(signal) }),
  territories: () =>
    queryOptions({
      queryKey: ['territories'],
      queryFn: ({ signal }) => getTerritories(signal),
      staleTime: 3_600_000,
    }),
  organisations: (q: string) =>
    queryOptions({
      queryKey: ['organisations', q],
      queryFn: ({ signal }) => findOrganisations(q, undefined, signal),
      placeholderData: keepPreviousData,
    }),
  organisation: (id: Id) =>
    queryOptions({ queryKey: ['organisation', id], queryFn: ({ signal }) => getOrganisation(id, signal) }),
  people: (q: string) =>
    queryOptions({
      queryKey: ['people', q],
      queryFn: ({ signal }) => findPeople(q, signal),
      placeholderData: keepPreviousData,
    }),
  person: (id: Id) =>
    queryOptions({ queryKey: ['person', id], queryFn: ({ signal }) => getPerson(id, signal) }),
  mandates: (person: Id) =>
    queryOptions({ queryKey: ['mandates', person], queryFn: ({ signal }) => getMandates(person, signal) }),
  territorialUnits: (q: string) =>
    queryOptions({
      queryKey: ['territorial-units', q],
      queryFn: ({ signal }) => findTerritorialUnits(q, signal),
      placeholderData: keepPreviousData,
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
  twins: (workspace: Id) =>
    queryOptions({
      queryKey: ['workspace', workspace, 'twins'],
      queryFn: ({ signal }) => getTwins(workspace, signal),
    }),
  document: (id: Id) =>
    queryOptions({ queryKey: ['document', id], queryFn: ({ signal }) => getDocument(id, signal) }),
  /** For the moment before the live text is there: never kept, since it is old as soon as that comes. */
  text: (id: Id) =>
    queryOptions({
      queryKey: ['document', id, 'text'],
      queryFn: ({ signal }) => getText(id, signal),
      retry: false,
      gcTime: 10_000,
    }),
  find: (q: string) =>
    queryOptions({ queryKey: ['find', q], queryFn: ({ signal }) => find(q, signal), staleTime: 10_000 }),
};
