import { request } from './http';
import type { Document, Id } from './types';

export interface TwinCounts {
  current: number;
  stale: number;
  review: number;
  missing: number;
  orphan: number;
}

export interface TwinDocument {
  id: Id;
  title: string;
  language: string;
  /** Of a translation; null for the source, and until somebody counts. */
  counts: TwinCounts | null;
}

export interface TwinSet {
  source_id: Id;
  /** `none`, `all` or the id of a document of the set. */
  authentic: string;
  /** The source first. */
  documents: TwinDocument[];
}

export const getTwins = (workspace: Id, signal?: AbortSignal) =>
  request<{ sets: TwinSet[] }>('GET', `/workspaces/${workspace}/twins`, { signal });
export const createTwin = (document: Id, body: { language: string; title?: string; copy?: boolean }) =>
  request<Document>('POST', `/documents/${document}/twins`, { body });
export const linkTwin = (document: Id, source: Id) =>
  request<void>('PUT', `/documents/${document}/twin`, { body: { source_id: source } });
export const unlinkTwin = (document: Id) => request<void>('DELETE', `/documents/${document}/twin`);
export const setAuthentic = (document: Id, authentic: string) =>
  request<void>('PUT', `/documents/${document}/authentic`, { body: { authentic } });

/** How many passages of a translation wait for somebody. */
export const waitingIn = (counts: TwinCounts | null): number =>
  counts ? counts.stale + counts.review + counts.missing + counts.orphan : 0;
export const passagesIn = (counts: TwinCounts): number =>
  counts.current + counts.stale + counts.review + counts.missing;
