import { apiUrl, request, upload } from './http';
import type { Document, Found, Home, Id } from './types';

export const getDocuments = (workspace: Id, signal?: AbortSignal) =>
  request<{ documents: Document[] }>('GET', `/workspaces/${workspace}/documents`, { signal });
export const getTrash = (workspace: Id, signal?: AbortSignal) =>
  request<{ documents: Document[] }>('GET', `/workspaces/${workspace}/trash`, { signal });

export interface NewDocument {
  title: string;
  kind?: 'document' | 'folder';
  parent_id?: Id | null;
  language?: string;
  after_id?: Id | null;
}
export const createDocument = (workspace: Id, body: NewDocument) =>
  request<Document>('POST', `/workspaces/${workspace}/documents`, { body });

export const getDocument = (id: Id, signal?: AbortSignal) =>
  request<Document>('GET', `/documents/${id}`, { signal });
/** A node of ProseMirror, as docs/document-schema.md has them. */
export interface TextNode {
  type: string;
  attrs?: Record<string, unknown>;
  content?: TextNode[];
  text?: string;
  marks?: { type: string; attrs?: Record<string, unknown> }[];
}
/** The beginning of a text as it is on disk. */
export const getText = (id: Id, signal?: AbortSignal) =>
  request<{ language: string; blocks: TextNode[]; more: boolean }>('GET', `/documents/${id}/text`, {
    signal,
  });
export const changeDocument = (id: Id, body: { title?: string; language?: string }) =>
  request<Document>('PATCH', `/documents/${id}`, { body });
export const moveDocument = (id: Id, body: { parent_id: Id | null; after_id: Id | null }) =>
  request<Document>('POST', `/documents/${id}/move`, { body });
export const trashDocument = (id: Id) => request<void>('DELETE', `/documents/${id}`);
export const deleteDocument = (id: Id) =>
  request<void>('DELETE', `/documents/${id}`, { query: { permanent: 'true' } });
export const restoreDocument = (id: Id) =>
  request<Document>('POST', `/documents/${id}/restore`, { body: {} });

export const importTypes: Record<string, string> = {
  txt: 'text/plain',
  md: 'text/markdown',
  markdown: 'text/markdown',
  html: 'text/html',
  htm: 'text/html',
};
export const import_bytes_max = 10 * 1024 * 1024;

export function importFile(
  workspace: Id,
  file: File,
  options: {
    parent_id?: Id | null;
    language?: string;
    onProgress?: (share: number) => void;
    signal?: AbortSignal;
  },
) {
  const ending = file.name.split('.').pop()?.toLowerCase() ?? '';
  const { parent_id, language, ...rest } = options;
  return upload<Document>(`/workspaces/${workspace}/import`, file, {
    contentType: importTypes[ending] ?? 'text/plain',
    query: { filename: file.name, parent_id, language },
    ...rest,
  });
}

export const exportUrl = (id: Id, format: 'md' | 'html') => apiUrl(`/documents/${id}/export`, { format });

export interface UploadedImage {
  id: Id;
  url: string;
  width: number;
  height: number;
  bytes: number;
}
export const uploadImage = (
  id: Id,
  file: Blob,
  options: { onProgress?: (share: number) => void; signal?: AbortSignal } = {},
) => upload<UploadedImage>(`/documents/${id}/images`, file, { contentType: file.type, ...options });

export const getHome = (signal?: AbortSignal) => request<Home>('GET', '/home', { signal });
export const find = (q: string, signal?: AbortSignal) =>
  request<Found>('GET', '/find', { query: { q }, signal });
