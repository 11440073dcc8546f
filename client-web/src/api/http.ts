import { i18n } from '@/i18n';

/** One of several things that are wrong with what was sent. */
export interface FieldFailure {
  field: string;
  code: string;
  detail: string;
}

/** An answer that is not a success: `code` for the program, `detail` for the reader, `field` for the form. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly field: string | null;
  /** All that is wrong, where the answer names more than the first. */
  readonly errors: FieldFailure[];
  readonly requestId: string | null;
  /** Seconds to wait, when the server says so. */
  readonly retryAfter: number | null;

  constructor(fields: {
    status: number;
    code: string;
    detail: string;
    field?: string | null;
    errors?: FieldFailure[];
    requestId?: string | null;
    retryAfter?: number | null;
  }) {
    super(`${fields.status} ${fields.code}`);
    this.name = 'ApiError';
    this.status = fields.status;
    this.code = fields.code;
    this.detail = fields.detail;
    this.field = fields.field ?? null;
    this.errors = fields.errors ?? [];
    this.requestId = fields.requestId ?? null;
    this.retryAfter = fields.retryAfter ?? null;
  }

  /** No answer at all: the network, or the server, is away. */
  get offline(): boolean {
    return this.code === 'offline';
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Listener = (reachable: boolean) => void;

const listeners = new Set<Listener>();

/** Tells whether requests get through: false after one found no server, true after the next that did. */
export function onReachability(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function report(reachable: boolean) {
  for (const listener of listeners) listener(reachable);
}

const signedOutListeners = new Set<() => void>();

/** Called when an answer says that the session has ended. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

export interface RequestOptions {
  body?: unknown;
  signal?: AbortSignal | undefined;
  query?: Record<string, string | number | null | undefined>;
}

export function apiUrl(path: string, query?: RequestOptions['query']): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined) parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return `/api/v1${path}${text ? `?${text}` : ''}`;
}

/** `errors` of a problem, as far as it is what it should be: a plugin may have written it. */
function failuresOf(errors: unknown): FieldFailure[] {
  if (!Array.isArray(errors)) return [];
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return errors.slice(0, mostFailures).map((one: Partial<Record<keyof FieldFailure, unknown>> | null) => ({
    field: text(one?.field),
    code: text(one?.code),
    detail: text(one?.detail),
  }));
}
const mostFailures = 200;

export function errorFrom(status: number, text: string, headers: (name: string) => string | null): ApiError {
  let problem: Record<string, unknown> = {};
  try {
    problem = JSON.parse(text) as Record<string, unknown>;
  } catch {
    // A proxy may have answered with a page of its own: the status alone is left.
  }
  const word = (name: string) => (typeof problem[name] === 'string' ? problem[name] : null);
  const wait = Number(headers('Retry-After'));
  return new ApiError({
    status,
    code: word('code') ?? (status === 502 || status === 503 || status === 504 ? 'unavailable' : 'internal'),
    detail: word('detail') ?? '',
    field: word('field'),
    errors: failuresOf(problem['errors']),
    requestId: word('request_id') ?? headers('X-Request-Id'),
    retryAfter: Number.isFinite(wait) && wait > 0 ? wait : null,
  });
}

/** One request. Throws `ApiError`, or the abort of its signal. */
export async function request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(method, apiUrl(path, options.query), {
    ...(options.body === undefined ? {} : { type: 'application/json', body: JSON.stringify(options.body) }),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** What `request` rests on, for addresses beside `/api/v1` and bodies that are no JSON. Only successes come back. */
export async function send(
  method: string,
  url: string,
  { type, body, signal }: { type?: string | undefined; body?: BodyInit; signal?: AbortSignal } = {},
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      credentials: 'same-origin',
      headers: {
        Accept: 'application/json',
        'Accept-Language': i18n.locale || 'fr',
        ...(type ? { 'Content-Type': type } : {}),
      },
      ...(body === undefined ? {} : { body }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    report(false);
    throw new ApiError({ status: 0, code: 'offline', detail: '' });
  }
  // An answer that the service worker kept says nothing about the server.
  report(response.headers.get('X-From-Cache') === null);
  if (response.ok) return response;
  const failure = errorFrom(response.status, await response.text(), (name) => response.headers.get(name));
  if (failure.code === 'not_signed_in') for (const listener of signedOutListeners) listener();
  throw failure;
}

/** Sends a file and tells how far it has got (fetch cannot). */
export function upload<T>(
  path: string,
  file: Blob,
  options: {
    contentType: string;
    query?: RequestOptions['query'];
    onProgress?: (share: number) => void;
    signal?: AbortSignal;
  },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open('POST', apiUrl(path, options.query));
    call.setRequestHeader('Content-Type', options.contentType);
    call.setRequestHeader('Accept', 'application/json');
    call.setRequestHeader('Accept-Language', i18n.locale || 'fr');
    call.upload.onprogress = (event) => {
      if (event.lengthComputable) options.onProgress?.(event.loaded / event.total);
    };
    call.onload = () => {
      report(true);
      if (call.status >= 200 && call.status < 300) resolve(JSON.parse(call.responseText) as T);
      else reject(errorFrom(call.status, call.responseText, (name) => call.getResponseHeader(name)));
    };
    call.onerror = () => {
      report(false);
      reject(new ApiError({ status: 0, code: 'offline', detail: '' }));
    };
    call.onabort = () => reject(new DOMException('upload stopped', 'AbortError'));
    options.signal?.addEventListener('abort', () => call.abort());
    call.send(file);
  });
}
