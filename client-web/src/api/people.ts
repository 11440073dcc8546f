import { request } from './http';
import type {
  Country,
  Id,
  Invitation,
  MadeInvitation,
  Me,
  Organisation,
  Person,
  Role,
  Territory,
  UiLocale,
} from './types';

export const makeInvitation = (body: { workspace_id?: Id; role?: Role; email?: string; language?: string }) =>
  request<MadeInvitation>('POST', '/invitations', { body });

export const getInvitation = (token: string, signal?: AbortSignal) =>
  request<Invitation>('GET', `/invitations/${encodeURIComponent(token)}`, { signal });

export type NewPerson = {
  name: string;
  function: string;
  email: string;
  ui_locale: UiLocale;
} & ({ password: string } | { with_identity: true }) &
  ({ organisation_id: Id } | { organisation: { name: string; country: Country; kind: string } });

export const acceptInvitation = (token: string, body: NewPerson | Record<string, never>) =>
  request<{ me: Me; workspace_id: Id | null }>('POST', `/invitations/${encodeURIComponent(token)}/accept`, {
    body,
  });

export const findOrganisations = (q: string, invitation?: string, signal?: AbortSignal) =>
  request<{ organisations: Organisation[] }>('GET', '/organisations', { query: { q, invitation }, signal });

export const findPeople = (q: string, signal?: AbortSignal) =>
  request<{ people: Person[] }>('GET', '/people', { query: { q }, signal });

export const getTerritories = (signal?: AbortSignal) =>
  request<{ territories: Territory[] }>('GET', '/territories', { signal });

/** Answers with the territory that is there already, if one has this name. */
export const createTerritory = (body: { name: string; short: string }) =>
  request<Territory>('POST', '/territories', { body });
