import { request } from './http';
import type { Id } from './types';

/** A password for a program that knows no other way to sign in. */
export interface AppPassword {
  id: Id;
  name: string;
  created_at: string;
  last_used_at: string | null;
}

export const getAppPasswords = (signal?: AbortSignal) =>
  request<{ app_passwords: AppPassword[] }>('GET', '/me/app-passwords', { signal });
/** The secret is answered once and never again. */
export const addAppPassword = (name: string) =>
  request<AppPassword & { secret: string }>('POST', '/me/app-passwords', { body: { name } });
export const removeAppPassword = (id: Id) => request<void>('DELETE', `/me/app-passwords/${id}`);
