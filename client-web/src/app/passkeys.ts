import { addPasskey, askPasskey, type PasskeyAnswer, type PasskeyUse } from '@/api';

// What browsers want of passkeys, and how the server takes it: octets here, base64url there.

function octets(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(raw, (each) => each.charCodeAt(0));
}

function base64url(buffer: ArrayBuffer): string {
  const raw = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(raw).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

const listed = (known: string[]) => known.map((id) => ({ type: 'public-key' as const, id: octets(id) }));

/** Whether this browser can propose passkeys beside the field of the address. */
export async function proposesPasskeys(): Promise<boolean> {
  const { PublicKeyCredential: browser } = window as { PublicKeyCredential?: typeof PublicKeyCredential };
  return (await browser?.isConditionalMediationAvailable?.().catch(() => false)) ?? false;
}

/** Asks the devices for a passkey. Throws what the browser says when nobody answers (`NotAllowedError`), or an ApiError. */
export async function answerWithPasskey(
  use: PasskeyUse,
  { quietly, signal }: { quietly?: boolean; signal?: AbortSignal } = {},
): Promise<PasskeyAnswer> {
  const asked = await askPasskey(use, signal);
  const found = (await navigator.credentials.get({
    ...(quietly ? { mediation: 'conditional' as const } : {}),
    ...(signal ? { signal } : {}),
    publicKey: {
      challenge: octets(asked.challenge),
      rpId: asked.rp_id,
      userVerification: asked.user_verification,
      allowCredentials: listed(asked.known),
      timeout: 300_000,
    },
  })) as PublicKeyCredential;
  const answer = found.response as AuthenticatorAssertionResponse;
  return {
    id: base64url(found.rawId),
    client_data: base64url(answer.clientDataJSON),
    authenticator_data: base64url(answer.authenticatorData),
    signature: base64url(answer.signature),
    ...(answer.userHandle ? { user_handle: base64url(answer.userHandle) } : {}),
  };
}

/** Makes a passkey in one of the devices and registers it under `name`. */
export async function createPasskey(name: string): Promise<void> {
  const asked = await askPasskey('add');
  const made = (await navigator.credentials.create({
    publicKey: {
      challenge: octets(asked.challenge),
      rp: { id: asked.rp_id, name: asked.rp_name },
      user: { id: octets(asked.user.id), name: asked.user.name, displayName: asked.user.shown },
      pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })),
      excludeCredentials: listed(asked.known),
      authenticatorSelection: {
        residentKey: 'required',
        requireResidentKey: true,
        userVerification: 'required',
      },
      attestation: 'none',
      timeout: 300_000,
    },
  })) as PublicKeyCredential;
  const answer = made.response as AuthenticatorAttestationResponse;
  await addPasskey({
    name,
    client_data: base64url(answer.clientDataJSON),
    authenticator_data: base64url(answer.getAuthenticatorData()),
  });
}

/** Somebody closed the browser's window, or let it stand: no failure to tell. */
export function isDismissed(error: unknown): boolean {
  return error instanceof DOMException && ['NotAllowedError', 'AbortError'].includes(error.name);
}
