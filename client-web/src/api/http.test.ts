// Failures as the screens meet them: the server's problem, a proxy's page, no answer at all.
import { afterEach, expect, it, vi } from 'vitest';
import { type ApiError, errorFrom, onReachability, onSignedOut, request } from './http';

const answer = (status: number, body: string, headers: Record<string, string> = {}) =>
  vi.stubGlobal('fetch', () =>
    Promise.resolve(new Response(status === 204 ? null : body, { status, headers })),
  );

afterEach(() => vi.unstubAllGlobals());

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error as ApiError,
  );

it('reads a problem: code, sentence, field, request', async () => {
  answer(
    422,
    JSON.stringify({
      code: 'field_too_long',
      detail: 'Raccourcissez le titre.',
      field: 'title',
      request_id: 'r1',
    }),
  );
  const error = await failure(request('PATCH', '/documents/d', { body: { title: 'x' } }));
  expect(error).toMatchObject({
    status: 422,
    code: 'field_too_long',
    field: 'title',
    detail: 'Raccourcissez le titre.',
    requestId: 'r1',
  });
});

it('reads all that is wrong, whatever a plugin wrote there', async () => {
  const errors = [{ field: 'email', code: 'email_wrong', detail: 'Sans domaine.' }, { field: 7 }, null];
  answer(422, JSON.stringify({ code: 'email_wrong', field: 'email', errors }));
  const error = await failure(request('POST', '/entries', { body: {} }));
  expect(error?.errors).toEqual([
    { field: 'email', code: 'email_wrong', detail: 'Sans domaine.' },
    { field: '', code: '', detail: '' },
    { field: '', code: '', detail: '' },
  ]);
  expect(errorFrom(422, '{"errors":"none"}', () => null).errors).toEqual([]);
  const endless = JSON.stringify({ errors: Array.from({ length: 1000 }, () => ({})) });
  expect(errorFrom(422, endless, () => null).errors).toHaveLength(200);
});

it('keeps the seconds to wait', () => {
  expect(
    errorFrom(429, '{"code":"too_many_requests"}', (name) => (name === 'Retry-After' ? '30' : null))
      .retryAfter,
  ).toBe(30);
});

it('makes do with a page of a proxy', async () => {
  answer(502, '<h1>Bad gateway</h1>');
  expect(await failure(request('GET', '/home'))).toMatchObject({ status: 502, code: 'unavailable' });
});

it('says when nobody answers, and when somebody does again', async () => {
  const seen: boolean[] = [];
  const stop = onReachability((reachable) => seen.push(reachable));
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')));
  expect(await failure(request('GET', '/home'))).toMatchObject({ offline: true });
  answer(204, '');
  await request('DELETE', '/session');
  stop();
  expect(seen).toEqual([false, true]);
});

it('tells the page that the session is over', async () => {
  const over = vi.fn();
  const stop = onSignedOut(over);
  answer(401, '{"code":"not_signed_in"}');
  await failure(request('GET', '/home'));
  stop();
  expect(over).toHaveBeenCalledOnce();
});
