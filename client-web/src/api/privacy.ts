// Contact details, the register of processing, retention.
import { queryOptions } from '@tanstack/react-query';
import { request } from './http';
import type { Id } from './types';

export const contactKinds = ['phone', 'mobile', 'email', 'address'] as const;
export type ContactKind = (typeof contactKinds)[number];
export const audiences = ['nobody', 'spaces', 'everyone'] as const;
export type Audience = (typeof audiences)[number];

export interface ContactDetail {
  kind: ContactKind;
  value: string;
  audience: Audience;
  /** Null while nobody else may see it. */
  consented_at: string | null;
}

export const activityIds = [
  'accounts',
  'sign_in',
  'contacts',
  'mandates',
  'invitations',
  'work',
  'journal',
  'notifications',
  'references',
  'translation',
] as const;
export type ActivityId = (typeof activityIds)[number];
export type ClockId =
  'sessions' | 'places' | 'links' | 'invitations' | 'opened' | 'devices' | 'notifications';

export interface RetentionClock {
  id: ClockId;
  days: number;
}

export interface ProcessingRegister {
  controller: string;
  contact: string;
  activities: { id: ActivityId; clocks: RetentionClock[]; recipient?: string }[];
}

export interface Retention {
  clocks: (RetentionClock & { held: number })[];
  last_sweep: string | null;
  dormant: { id: Id; name: string; email: string; last_seen: string }[];
}

type Contact = { contact: ContactDetail[] };

export const setContact = (kind: ContactKind, body: { value: string; audience: Audience }) =>
  request<Contact>('PUT', `/me/contact/${kind}`, { body });

/** Administrators; nothing takes it back. */
export const erasePerson = (person: Id) => request<undefined>('POST', `/people/${person}/erase`);

export const privacyQueries = {
  mine: () =>
    queryOptions({
      queryKey: ['contact', 'mine'],
      queryFn: ({ signal }) => request<Contact>('GET', '/me/contact', { signal }),
    }),
  contact: (person: Id) =>
    queryOptions({
      queryKey: ['contact', person],
      queryFn: ({ signal }) => request<Contact>('GET', `/people/${person}/contact`, { signal }),
    }),
  register: () =>
    queryOptions({
      queryKey: ['privacy', 'register'],
      queryFn: ({ signal }) => request<ProcessingRegister>('GET', '/privacy/register', { signal }),
    }),
  retention: () =>
    queryOptions({
      queryKey: ['privacy', 'retention'],
      queryFn: ({ signal }) => request<Retention>('GET', '/privacy/retention', { signal }),
    }),
};
