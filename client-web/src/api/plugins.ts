// Plugins: the administrator's list of them.
import { queryOptions } from '@tanstack/react-query';
import { request } from './http';

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
}

export interface PluginList {
  plugins: Plugin[];
  safe_mode: boolean;
}

export const switchPlugin = ({ id, enabled }: { id: string; enabled: boolean }) =>
  request<PluginList>('PUT', `/plugins/${id}`, { body: { enabled } });

export const pluginQueries = {
  list: () =>
    queryOptions({
      queryKey: ['plugins'],
      queryFn: ({ signal }) => request<PluginList>('GET', '/plugins', { signal }),
      refetchInterval: 10_000,
    }),
};
