import { request } from './http';
import type { Entered } from './identity';
import type { Bootstrap, Country, Id, Me, Session, Theme, UiLocale } from './types';

export const getBootstrap = (signal?: AbortSignal) => request<Bootstrap>('GET', '/bootstrap', { signal });

export interface Setup {
  token: string;
  name: string;
  email: string;
  password: string;
  organisation: { name: string; country: Country };
  ui_locale: UiLocale;
}
export const setUp = (body: Setup) => request<{ me: Me }>('POST', '/setup', { body });

export const signIn = (body: { email: string; password: string }) =>
  request<Entered>('POST', '/session', { body });
/** With an address: where the browser goes to sign out of the provider that one came from. */
export const signOut = () => request<{ end_session_url?: string } | undefined>('DELETE', '/session');

export const getSessions = (signal?: AbortSignal) =>
  request<{ sessions: Session[] }>('GET', '/sessions', { signal });
export const endSession = (id: Id) => request<void>('DELETE', `/sessions/${id}`);

export interface MeChange {
  name?: string;
  function?: string;
  ui_locale?: UiLocale;
  theme?: Theme;
  single_keys?: boolean;
  content_languages?: string[];
  marks_terms?: boolean;
}
export const changeMe = (body: MeChange) => request<{ me: Me }>('PATCH', '/me', { body });
export const changePassword = (body: { current: string; password: string }) =>
  request<void>('POST', '/me/password', { body });

export type LinkPurpose = 'password' | 'sign_in';
/** Answers the same for every address. */
export const askForLink = (body: { email: string; purpose: LinkPurpose }) =>
  request<Record<string, never>>('POST', '/recovery', { body });
export const lookAtLink = (token: string, signal?: AbortSignal) =>
  request<{ purpose: LinkPurpose; expires_at: string }>('POST', '/recovery/link', {
    body: { token },
    signal,
  });
export const openLink = (body: { token: string; password?: string }) =>
  request<Entered>('POST', '/recovery/session', { body });
