import { request } from './http';
import type { Country, Id, Me, Person, Role } from './types';

export interface Provider {
  id: string;
  label_fr: string;
  label_de: string;
}

/** What a way in answers: who one is, or what is asked next. */
export type Entered = { me: Me; must_add_factor?: boolean } | { second: SecondStep };
export interface SecondStep {
  code: boolean;
  passkey: boolean;
}

export interface Identity {
  id: Id;
  provider: string | null;
  issuer: string;
  label: string;
  shown: string;
  created_at: string;
  last_used_at: string | null;
}
export interface PasskeyEntry {
  id: Id;
  name: string;
  created_at: string;
  last_used_at: string | null;
}
export interface SignInWays {
  has_password: boolean;
  identities: Identity[];
  passkeys: PasskeyEntry[];
  second_factor_since: string | null;
  recovery_codes_left: number;
}
export interface AccessRequest {
  id: Id;
  /** Empty: by the form. */
  provider: string;
  name: string;
  email: string;
  organisation: string;
  organisation_id: Id | null;
  message: string;
  language: 'fr' | 'de';
  created_at: string;
  email_confirmed: boolean;
  has_account: boolean;
}
export interface AccessForm {
  name: string;
  email: string;
  organisation: string;
  organisation_id: Id | null;
  message: string;
  language: 'fr' | 'de';
}
export interface AccessDecision {
  email?: string;
  organisation_id?: Id | null;
  function?: string;
  workspaces?: Record<Id, Role>;
}

/** Where the browser goes; it comes back signed in, linked, or to a page that says why not. */
export const depart = (
  provider: string,
  body: { purpose?: 'sign_in' | 'link'; invitation?: string; return_to?: string },
) => request<{ url: string }>('POST', `/identity/providers/${encodeURIComponent(provider)}`, { body });
export const getNewcomer = (signal?: AbortSignal) =>
  request<{ newcomer: { provider: string; name: string; email: string } | null }>(
    'GET',
    '/identity/newcomer',
    { signal },
  );

export const getWays = (signal?: AbortSignal) => request<SignInWays>('GET', '/me/sign-in', { signal });
export const getWaysOf = (person: Id, signal?: AbortSignal) =>
  request<SignInWays>('GET', `/people/${person}/sign-in`, { signal });
export const renameIdentity = (id: Id, label: string) =>
  request<void>('PATCH', `/me/identities/${id}`, { body: { label } });
export const removeIdentity = (id: Id) => request<void>('DELETE', `/me/identities/${id}`);
export const removeIdentityOf = (person: Id, id: Id) =>
  request<void>('DELETE', `/people/${person}/identities/${id}`);

export const beginFactor = () => request<{ secret: string; uri: string }>('POST', '/me/second-factor');
export const addFactor = (code: string) =>
  request<{ recovery_codes: string[] }>('PUT', '/me/second-factor', { body: { code } });
export const removeFactor = () => request<void>('DELETE', '/me/second-factor');
export const resetFactorOf = (person: Id) => request<void>('DELETE', `/people/${person}/second-factor`);
export const newRecoveryCodes = () => request<{ recovery_codes: string[] }>('POST', '/me/recovery-codes');

export interface PasskeyQuestion {
  challenge: string;
  rp_id: string;
  rp_name: string;
  known: string[];
  user_verification: 'required' | 'preferred';
  user: { id: string; name: string; shown: string };
}
export type PasskeyUse = 'sign_in' | 'second' | 'add' | 'prove';
export interface PasskeyAnswer {
  id: string;
  client_data: string;
  authenticator_data: string;
  signature: string;
  user_handle?: string;
}
export const askPasskey = (use: PasskeyUse, signal?: AbortSignal) =>
  request<PasskeyQuestion>('POST', '/passkeys/question', { body: { use }, signal });
export const signInWithPasskey = (body: PasskeyAnswer) =>
  request<Entered>('POST', '/session/passkey', { body });
export const answerSecond = (body: { code: string } | { passkey: PasskeyAnswer }) =>
  request<Entered>('POST', '/session/second', { body });
export const prove = (body: { password: string } | { passkey: PasskeyAnswer }) =>
  request<void>('POST', '/session/proof', { body });
export const addPasskey = (body: { name: string; client_data: string; authenticator_data: string }) =>
  request<void>('POST', '/me/passkeys', { body });
export const renamePasskey = (id: Id, name: string) =>
  request<void>('PATCH', `/me/passkeys/${id}`, { body: { name } });
export const removePasskey = (id: Id) => request<void>('DELETE', `/me/passkeys/${id}`);
export const removePasskeyOf = (person: Id, id: Id) =>
  request<void>('DELETE', `/people/${person}/passkeys/${id}`);

export const getAccessRequests = (signal?: AbortSignal) =>
  request<{ requests: AccessRequest[] }>('GET', '/access-requests', { signal });
export const getAccessForm = (signal?: AbortSignal) =>
  request<{ organisations: { id: Id; name: string; country: Country }[] }>('GET', '/access-requests/form', {
    signal,
  });
export const askAccess = (body: AccessForm) => request<void>('POST', '/access-requests', { body });
export const confirmAccess = (token: string) =>
  request<void>('POST', '/access-requests/confirm', { body: { token } });
export const grantAccess = (id: Id, body: AccessDecision) =>
  request<{ person: Person; was_sent: boolean; url: string | null }>('POST', `/access-requests/${id}`, {
    body,
  });
export const refuseAccess = (id: Id, message: string) =>
  request<void>('DELETE', `/access-requests/${id}`, { body: { message } });
/** A link that sets a password, to pass on by hand. */
export const makeRecoveryLink = (person: Id) =>
  request<{ token: string; expires_at: string }>('POST', `/people/${person}/recovery`, { body: {} });
