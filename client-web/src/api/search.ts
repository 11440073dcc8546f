import { request } from './http';
import type { Id } from './types';

/** A piece of a text; `hit`: it is what was searched. */
export interface TextRun {
  text: string;
  hit: boolean;
}
export const searchKinds = ['document', 'workspace', 'person', 'organisation', 'object'] as const;
export type SearchKind = (typeof searchKinds)[number];
export interface Finding {
  kind: SearchKind | 'folder';
  id: Id;
  title: TextRun[];
  excerpt: TextRun[];
  language: string | null;
  workspace: { id: Id; name: string } | null;
  updated_at: string | null;
  /** Of a plugin's: who shows it, what it calls it, and where. */
  plugin?: { id: string; name: string };
  object_kind?: string;
  url?: string;
}
export interface Findings {
  found: Finding[];
  total: number;
  /** The words that were searched because those that were asked for are nowhere. */
  instead: string | null;
}
export interface SearchRequest {
  q: string;
  kind?: SearchKind | undefined;
  workspace?: Id | undefined;
  limit?: number;
  offset?: number;
}

export const search = (
  { q, kind, workspace, limit, offset }: SearchRequest,
  signal?: AbortSignal,
): Promise<Findings> => {
  const query: Record<string, string> = { q };
  if (kind) query.kind = kind;
  if (workspace) query.workspace_id = workspace;
  if (limit) query.limit = String(limit);
  if (offset) query.offset = String(offset);
  return request<Findings>('GET', '/search', { query, signal });
};
