import { request } from './http';
import type {
  CheckedNumber,
  Country,
  Id,
  Mandate,
  Me,
  OrganisationDetail,
  Person,
  Quality,
  RegistryKind,
  Seat,
  TerritorialUnit,
} from './types';

export interface OrganisationContent {
  name: string;
  short_name: string;
  country: Country;
  kind: string;
  territory_id: Id | null;
  parent_id: Id | null;
  numbers: Partial<Record<RegistryKind, string>>;
}
export interface Days {
  first_day: string;
  last_day: string;
}
export interface MandateContent extends Days {
  function: string;
  quality: Quality;
  seat: Seat;
}

export const getOrganisation = (id: Id, signal?: AbortSignal) =>
  request<OrganisationDetail>('GET', `/organisations/${id}`, { signal });

export const addOrganisation = (body: OrganisationContent) =>
  request<OrganisationDetail>('POST', '/organisations', { body });

/** What is empty is taken away. */
export const changeOrganisation = (id: Id, body: OrganisationContent) =>
  request<OrganisationDetail>('PUT', `/organisations/${id}`, { body });

export const addMembership = (id: Id, body: Days & { body_id: Id }) =>
  request<OrganisationDetail>('POST', `/organisations/${id}/memberships`, { body });

export const changeMembership = (id: Id, membership: Id, body: Days) =>
  request<OrganisationDetail>('PUT', `/organisations/${id}/memberships/${membership}`, { body });

export const getPerson = (id: Id, signal?: AbortSignal) =>
  request<Person>('GET', `/people/${id}`, { signal });

export const getMandates = (person: Id, signal?: AbortSignal) =>
  request<{ mandates: Mandate[] }>('GET', `/people/${person}/mandates`, { signal });

export const addMandate = (person: Id, body: MandateContent & { organisation_id: Id }) =>
  request<Mandate>('POST', `/people/${person}/mandates`, { body });

export const changeMandate = (id: Id, body: MandateContent) =>
  request<Mandate>('PUT', `/mandates/${id}`, { body });

export const setAdministrator = (person: Id, is_admin: boolean) =>
  request<Person>('PUT', `/people/${person}/administrator`, { body: { is_admin } });

export const wearHat = (mandate: Id) =>
  request<{ me: Me }>('PUT', '/session/hat', { body: { mandate_id: mandate } });

export const findTerritorialUnits = (q: string, signal?: AbortSignal) =>
  request<{ units: TerritorialUnit[] }>('GET', '/territorial-units', { query: { q }, signal });

export const checkNumber = (kind: RegistryKind, number: string, signal?: AbortSignal) =>
  request<CheckedNumber>('GET', `/registry-numbers/${kind}`, { query: { number }, signal });
