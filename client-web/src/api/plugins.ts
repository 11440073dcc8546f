// Plugins: the administrator's list of them.
import { queryOptions } from '@tanstack/react-query';
import { apiUrl, request, upload } from './http';

export type PluginState = 'starting' | 'running' | 'waiting' | 'off' | 'stopped';

export interface Plugin {
  id: string;
  version: string;
  name: { fr?: string; de?: string };
  /** "route GET /hello", "notice document.purged", "ask document.create …", "job close" */
  grants: string[];
  host: 'child' | 'direct';
  enabled: boolean;
  /** Why it does not start, in English; empty: nothing is wrong. */
  refused: string;
  /** Hooks it was late for three times in a minute: not asked for a minute. */
  not_asked: string[];
  state: PluginState;
  calls: number;
  failures: number;
  timeouts: number;
  deaths: number;
  dropped_lines: number;
  passed_over: number;
  memory_bytes: number;
  last_error: string;
  /** How many versions of it, or starts, this server has seen. */
  generation: number;
  restarts: number;
  latency: { p50_us: number; p95_us: number; p99_us: number };
  limits: {
    database_bytes: number;
    database_bytes_max: number;
    memory_bytes_max: number;
    calls_waiting_max: number;
  };
  /** The key; empty: not signed. */
  signer: string;
  /** Its screens run in the page itself; `trusted_by_operator`: the configuration says so. */
  trusted_ui: boolean;
  trusted_by_operator: boolean;
  ui: { slot: string; name: string }[];
}

/** What was sent in, before anything of it is accepted. */
export interface PluginUpload {
  upload: string;
  id: string;
  version: string;
  present_version?: string;
  name: { fr?: string; de?: string };
  signer: string;
  known_signer: boolean;
  grants: string[];
  added_grants: string[];
  removed_grants: string[];
  host_default: 'child' | 'direct';
}

export interface PluginLogLine {
  at: number;
  level: string | number;
  line: string;
}

export interface PluginList {
  plugins: Plugin[];
  safe_mode: boolean;
}

export const switchPlugin = ({ id, ...change }: { id: string; enabled?: boolean; trusted_ui?: boolean }) =>
  request<PluginList>('PUT', `/plugins/${id}`, { body: change });

export const sendPlugin = (file: File, onProgress: (share: number) => void) =>
  upload<PluginUpload>('/plugins/uploads', file, { contentType: 'application/octet-stream', onProgress });
export const acceptPlugin = (key: string, host?: 'child') =>
  request<Plugin>('POST', `/plugins/uploads/${key}/accept`, { body: host ? { host } : {} });
export const dropPlugin = (key: string) => request<void>('DELETE', `/plugins/uploads/${key}`);
export const reloadPlugin = (id: string) => request<Plugin>('POST', `/plugins/${id}/reload`, { body: {} });
export const removePlugin = (id: string, data: boolean) =>
  request<void>('DELETE', `/plugins/${id}`, { query: { data: data ? 'remove' : 'keep' } });
export const pluginExportUrl = (id: string) => apiUrl(`/plugins/${id}/export`);

export const pluginQueries = {
  list: () =>
    queryOptions({
      queryKey: ['plugins'],
      queryFn: ({ signal }) => request<PluginList>('GET', '/plugins', { signal }),
      refetchInterval: 10_000,
    }),
  logs: (id: string) =>
    queryOptions({
      queryKey: ['plugins', id, 'logs'],
      queryFn: ({ signal }) =>
        request<{ lines: PluginLogLine[]; next: number }>('GET', `/plugins/${id}/logs`, { signal }),
      refetchInterval: 5_000,
    }),
};
