import { request } from './http';
import type { Id, Person } from './types';

export const journalVerbs = [
  'instance.set_up',
  'session.started',
  'session.ended',
  'session.revoked',
  'password.changed',
  'profile.changed',
  'person.added',
  'person.exported',
  'person.erased',
  'organisation.added',
  'invitation.created',
  'invitation.accepted',
  'territory.added',
  'workspace.created',
  'workspace.changed',
  'member.added',
  'member.role_changed',
  'member.removed',
  'document.created',
  'document.renamed',
  'document.language_changed',
  'document.moved',
  'document.trashed',
  'document.restored',
  'document.purged',
  'document.imported',
  'document.exported',
  'document.edited',
  'image.added',
  'journal.exported',
  'territories.loaded',
  'contact.changed',
  'retention.applied',
  'identity.linked',
  'identity.renamed',
  'identity.removed',
  'access.requested',
  'access.granted',
  'access.refused',
  'second_factor.added',
  'second_factor.removed',
  'second_factor.reset',
  'recovery_codes.made',
  'recovery_code.used',
  'passkey.added',
  'passkey.renamed',
  'passkey.removed',
  'app_password.added',
  'app_password.removed',
  'administrator.added',
  'administrator.removed',
  'grant.added',
  'grant.changed',
  'grant.removed',
  'group.created',
  'group.renamed',
  'group.member_added',
  'group.member_removed',
  'group.deleted',
  'person.suspended',
  'person.reactivated',
  'person.handed_over',
  'belonging.confirmed',
  'mandate.added',
  'mandate.changed',
  'document.twin_linked',
  'document.twin_unlinked',
  'document.authentic_changed',
  'term.added',
  'term.changed',
  'term.withdrawn',
  'term.restored',
  'document.machine_translated',
  'role.added',
  'role.changed',
  'role.removed',
  'plugin.installed',
  'plugin.updated',
  'plugin.enabled',
  'plugin.disabled',
  'plugin.removed',
  'plugin.switched_off',
  'plugin.trusted',
  'plugin.untrusted',
] as const;
export type JournalVerb = (typeof journalVerbs)[number];

export interface JournalEvent {
  sequence: number;
  at: string;
  verb: JournalVerb;
  /** Null: the system. */
  actor: Person | null;
  hat_id: Id | null;
  object: { kind: string; id: Id; name: string } | null;
  workspace: { id: Id; name: string } | null;
  request: string;
  details: Record<string, string>;
  details_erased: boolean;
}

export interface JournalFilter {
  person?: Id | undefined;
  object?: Id | undefined;
  workspace?: Id | undefined;
  verb?: JournalVerb | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export const journalFaults = [
  'altered',
  'missing',
  'moved',
  'cut',
  'detail_altered',
  'detail_missing',
] as const;

export interface JournalState {
  events: number;
  erased: number;
  head: string;
  finding: { fault: (typeof journalFaults)[number]; sequence: number; found_at: number } | null;
}

export const getJournal = (filter: JournalFilter, before: number | null, signal?: AbortSignal) =>
  request<{ events: JournalEvent[]; before: number | null }>('GET', '/journal', {
    query: { ...filter, before: before === null ? undefined : String(before) },
    signal,
  });

export const getJournalState = (signal?: AbortSignal) =>
  request<JournalState>('GET', '/journal/state', { signal });

export const journalExportUrl = '/api/v1/journal/export';
export const myExportUrl = '/api/v1/me/export';
