// Signing in through a real OpenID provider, on the wire: who comes in, who does not and why; what is used once; keys that
// change; a provider that is away or is another; signing out on either side.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac, createPrivateKey, randomUUID, sign } from 'node:crypto';
import { join } from 'node:path';
import { after, test } from 'node:test';
import WebSocket from 'ws';
import { Person, demonstration } from '../lib/api.mjs';
import { IdentityProvider, Visitor, freePort, startWithProvider } from '../lib/oidc.mjs';
import { discard } from '../lib/server.mjs';

const { password, people } = demonstration();
const admin = people.find((one) => one.admin);
const [known, other] = people.filter((one) => !one.admin);
const siret = '20006787600014';
const provider = new IdentityProvider({
  people: {
    known: { name: 'Agente connue', email: known.email, siret },
    other: { name: 'Autre agente', email: 'other@example.org', siret },
    newcomer: { name: 'Nouvelle agente', email: 'newcomer@example.org', siret },
    double: { name: 'La même adresse', email: known.email, siret },
    foreign: { name: 'Autre organisme', email: 'foreign@example.org', siret: '11111111100011' },
  },
});
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
await provider.start(url);
const more = 'organisation_claim = "siret"\norganisations = ["200067876"]\n';
const server = await startWithProvider(provider, { port, more: `${more}newcomers = "request"\n` });
after(async () => {
  await discard(server);
  await provider.stop();
});

/** A visitor who is signed in with her password. */
async function signedIn(account) {
  const visitor = new Visitor();
  const answer = await visitor.go(`${url}/api/v1/session`, { method: 'POST', json: { email: account.email, password } });
  assert.equal(answer.status, 200);
  return visitor;
}

async function depart(visitor, body = {}) {
  const answer = await visitor.go(`${url}/api/v1/identity/providers/agents`, { method: 'POST', json: body });
  return answer.status === 200 ? JSON.parse(answer.text).url : assert.fail(answer.text);
}

/** Through the provider as `login`; the answer to coming back. */
async function come(visitor, login, body) {
  return visitor.go(await visitor.identify(await depart(visitor, body), url, login));
}

const me = async (visitor) => JSON.parse((await visitor.go(`${url}/api/v1/bootstrap`)).text).me;
const ways = async (visitor) => JSON.parse((await visitor.go(`${url}/api/v1/me/sign-in`)).text);

test('an identity that names an address of an account is not that account', { timeout: 60_000 }, async () => {
  const visitor = new Visitor();
  const back = await come(visitor, 'known');
  assert.equal(back.location, `${url}/connexion#waiting`, 'it waits for an administrator, and nobody is signed in');
  assert.equal(await me(visitor), null);
});

test('linked by its owner it signs in, and is listed, named and used', { timeout: 60_000 }, async () => {
  const owner = await signedIn(known);
  const linked = await come(owner, 'known', { purpose: 'link', return_to: '/compte' });
  assert.equal(linked.location, `${url}/compte`);
  const [identity] = (await ways(owner)).identities;
  assert.equal(identity.provider, 'agents');
  const named = await owner.go(`${url}/api/v1/me/identities/${identity.id}`, { method: 'PATCH', json: { label: 'Mairie' } });
  assert.equal(named.status, 204);
  const visitor = new Visitor();
  const back = await come(visitor, 'known', { return_to: '/reperes' });
  assert.equal(back.location, `${url}/reperes`);
  assert.equal((await me(visitor)).email, known.email);
  assert.equal((await ways(visitor)).identities[0].label, 'Mairie');
  const administrator = await signedIn(admin);
  const seen = JSON.parse((await administrator.go(`${url}/api/v1/people/${(await me(visitor)).id}/sign-in`)).text);
  assert.ok(seen.identities[0].last_used_at);
});

test('one identity belongs to one person', { timeout: 60_000 }, async () => {
  const second = await signedIn(other);
  const taken = await come(second, 'known', { purpose: 'link', return_to: '/compte' });
  assert.equal(taken.location, `${url}/connexion#identity_taken`);
  assert.deepEqual((await ways(second)).identities, []);
});

test('linking is for those who are signed in, in the session that asked', { timeout: 60_000 }, async () => {
  const nobody = new Visitor();
  const refused = await nobody.go(`${url}/api/v1/identity/providers/agents`, { method: 'POST', json: { purpose: 'link' } });
  assert.equal(refused.status, 401);
  const visitor = await signedIn(other);
  const callback = await visitor.identify(await depart(visitor, { purpose: 'link' }), url, 'other');
  await visitor.go(`${url}/api/v1/session`, { method: 'POST', json: { email: known.email, password } });
  assert.equal((await visitor.go(callback)).location, `${url}/connexion#sign_in_step_over`);
});

test('a state is of one browser, and good once', { timeout: 60_000 }, async () => {
  const visitor = new Visitor();
  const start = await depart(visitor);
  const cookie = visitor.jar(url).get('cluse_oidc');
  const callback = await visitor.identify(start, url, 'known');
  assert.equal((await new Visitor().go(callback)).location, `${url}/connexion#sign_in_step_over`, 'another browser');
  const forged = new Visitor();
  await depart(forged);
  assert.equal((await forged.go(callback)).location, `${url}/connexion#sign_in_step_over`, 'the state of somebody else');
  assert.equal((await visitor.go(callback)).location, `${url}/`);
  visitor.jar(url).set('cluse_oidc', cookie);
  assert.equal((await visitor.go(callback)).location, `${url}/connexion#sign_in_step_over`, 'replayed, with its cookie');
});

test('a token in answer to another question is not believed', { timeout: 60_000 }, async () => {
  // What an attacker does who has a code of hers: it is put into a sign-in of somebody else.
  const [first, second] = [new Visitor(), new Visitor()];
  const stolen = new URL(await first.identify(await depart(first), url, 'known')).searchParams.get('code');
  const callback = new URL(await second.identify(await depart(second), url, 'known'));
  callback.searchParams.set('code', stolen);
  assert.equal((await second.go(callback.href)).location, `${url}/connexion#identity_refused`, 'PKCE');
  assert.equal(await me(second), null);
});

test('somebody who cancels is told so, and nothing is made', { timeout: 60_000 }, async () => {
  const visitor = new Visitor();
  const state = new URL(await depart(visitor)).searchParams.get('state');
  const back = await visitor.go(`${url}/api/v1/identity/callback?error=access_denied&state=${state}`);
  assert.equal(back.location, `${url}/connexion#identity_cancelled`);
});

test('another organisation stays outside, also where newcomers may ask', { timeout: 60_000 }, async () => {
  const back = await come(new Visitor(), 'foreign');
  assert.equal(back.location, `${url}/connexion#identity_organisation`);
  const administrator = await new Person(url).signIn(admin.email, password);
  const { requests } = await administrator.get('/access-requests');
  assert.deepEqual(requests, [], 'and the one that was linked meanwhile waits no more');
});

test('who waits is let in by an administrator, once', { timeout: 60_000 }, async () => {
  const visitor = new Visitor();
  assert.equal((await come(visitor, 'newcomer')).location, `${url}/connexion#waiting`);
  assert.equal((await come(visitor, 'newcomer')).location, `${url}/connexion#waiting`);
  assert.equal((await come(new Visitor(), 'double')).location, `${url}/connexion#waiting`);
  const administrator = await new Person(url).signIn(admin.email, password);
  const { requests } = await administrator.get('/access-requests');
  const waiting = requests.filter(({ email }) => email === 'newcomer@example.org');
  assert.equal(waiting.length, 1);
  const conflict = requests.find(({ email }) => email === known.email);
  await assert.rejects(administrator.call('POST', `/access-requests/${conflict.id}`, {}), { code: 'email_taken' });
  await administrator.call('DELETE', `/access-requests/${conflict.id}`);
  await administrator.call('POST', `/access-requests/${waiting[0].id}`, {});
  assert.equal((await come(visitor, 'newcomer')).location, `${url}/`);
  assert.equal((await me(visitor)).name, 'Nouvelle agente');
  // Without a password it is her only way in.
  const only = (await ways(visitor)).identities[0].id;
  const kept = await visitor.go(`${url}/api/v1/me/identities/${only}`, { method: 'DELETE', json: {} });
  assert.equal(JSON.parse(kept.text).code, 'last_way_in');
});

test('an invitation that is open in the browser lets an unknown identity in, without a password', { timeout: 60_000 }, async () => {
  const administrator = await new Person(url).signIn(admin.email, password);
  const { token } = await administrator.call('POST', '/invitations', {});
  const visitor = new Visitor();
  const back = await come(visitor, 'other', { invitation: token });
  assert.equal(back.location, `${url}/invitation/${token}`);
  const proposed = JSON.parse((await visitor.go(`${url}/api/v1/identity/newcomer`)).text);
  assert.deepEqual(proposed.newcomer, { provider: 'agents', name: 'Autre agente', email: 'other@example.org' });
  const accepted = await visitor.go(`${url}/api/v1/invitations/${token}/accept`, {
    method: 'POST',
    json: { name: 'Autre agente', email: 'other@example.org', with_identity: true, organisation: { name: 'Ville', country: 'F', kind: '' } },
  });
  assert.equal(accepted.status, 200, accepted.text);
  const again = new Visitor();
  await come(again, 'other');
  assert.equal((await me(again)).email, 'other@example.org');
  assert.equal((await ways(again)).has_password, false);
});

test('keys that change are fetched again, for a key nobody has seen and at most once a minute', { timeout: 60_000 }, async () => {
  provider.rotate();
  const before = provider.asked.filter((path) => path === '/jwks').length;
  assert.equal((await come(new Visitor(), 'known')).location, `${url}/`);
  const asked = provider.asked.filter((path) => path === '/jwks').length;
  assert.equal(asked, before + 1);
  provider.rotate();
  assert.equal((await come(new Visitor(), 'known')).location, `${url}/connexion#identity_token_invalid`, 'within the minute');
  assert.equal(provider.asked.filter((path) => path === '/jwks').length, asked);
});

const sqlite = (data, sql) =>
  execFileSync('sqlite3', ['-cmd', '.timeout 10000', join(data, 'cluse.db'), sql], { encoding: 'utf8' }).trim();

test('past a thousand requests that wait, one more is told so and nothing is kept', { timeout: 60_000 }, async () => {
  const busy = await freePort();
  const home = `http://127.0.0.1:${busy}`;
  const full = new IdentityProvider({ people: { late: { name: 'Trop tard', email: 'late@example.org' }, early: { name: 'Déjà là', email: 'early@example.org' } } });
  await full.start(home);
  const cluse = await startWithProvider(full, { port: busy, more: 'newcomers = "request"\n' });
  const comes = async (login) => {
    const visitor = new Visitor();
    const departure = await visitor.go(`${home}/api/v1/identity/providers/agents`, { method: 'POST', json: {} });
    return (await visitor.go(await visitor.identify(JSON.parse(departure.text).url, home, login))).location;
  };
  try {
    assert.equal(await comes('early'), `${home}/connexion#waiting`);
    // As many who came before: a thousand arrivals through the provider would say no more and take a minute.
    sqlite(cluse.data, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
      INSERT INTO access_request (id, provider, issuer, subject, name, email, organisation, ui_locale, created_at)
      SELECT printf('019aa000-0000-7000-8000-%012x', i), 'agents', '${full.issuer}', 'before ' || i, 'Demande', i || '@example.org', '', 'fr-FR', ${Date.now()} FROM n`);
    assert.equal(await comes('late'), `${home}/connexion#too_many_requests`);
    assert.equal(await comes('early'), `${home}/connexion#waiting`, 'who waits already still waits');
    const administrator = await new Person(home).signIn(admin.email, password);
    const { requests } = await administrator.get('/access-requests');
    assert.ok(requests.some(({ email }) => email === 'early@example.org'));
    assert.equal(sqlite(cluse.data, "SELECT COUNT(*) FROM access_request WHERE email = 'late@example.org'"), '0');
    const [{ id }] = requests.filter(({ email }) => email !== 'early@example.org');
    await administrator.call('DELETE', `/access-requests/${id}`);
    assert.equal(await comes('late'), `${home}/connexion#waiting`, 'there is room again');
  } finally {
    await discard(cluse);
    await full.stop();
  }
});

test('a provider that is away, or calls itself another, is said to be so', { timeout: 60_000 }, async () => {
  const away = new IdentityProvider({ people: {} });
  const second = await freePort();
  await away.start(`http://127.0.0.1:${second}`);
  const cluse = await startWithProvider(away, { port: second });
  const ask = async () => {
    const answer = await new Visitor().go(`http://127.0.0.1:${second}/api/v1/identity/providers/agents`, { method: 'POST', json: {} });
    return [answer.status, JSON.parse(answer.text).code];
  };
  try {
    away.answer = (request, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ issuer: 'https://somebody.example' }));
      return true;
    };
    assert.deepEqual(await ask(), [503, 'identity_provider_wrong']);
    away.answer = (request, response) => {
      response.writeHead(302, { Location: `http://127.0.0.1:${second}/healthz` });
      response.end();
      return true;
    };
    assert.deepEqual(await ask(), [403, 'identity_refused'], 'redirects are not followed');
    away.answer = (request, response) => response.end('x'.repeat(600 << 10)) && true;
    assert.deepEqual(await ask(), [503, 'identity_provider_down'], 'an answer without an end');
    await away.stop();
    assert.deepEqual(await ask(), [503, 'identity_provider_down']);
  } finally {
    await discard(cluse);
  }
});

test('signing out here ends the session there, and signing out there ends it here, with its connections', { timeout: 60_000 }, async () => {
  const visitor = await signedIn(known);
  const identity = (await ways(visitor)).identities[0];
  assert.ok(identity);
  // A fresh server: the key that signs now has not been refused within the minute.
  await server.stop();
  const fresh = await startWithProvider(provider, { port, more, data: server.data });
  server.process = fresh.process;
  server.exited = fresh.exited;
  const here = new Visitor();
  assert.equal((await come(here, 'known')).location, `${url}/`);
  const left = await here.go(`${url}/api/v1/session`, { method: 'DELETE', json: {} });
  const end = new URL(JSON.parse(left.text).end_session_url);
  assert.equal(end.origin, provider.issuer);
  assert.ok(end.searchParams.get('id_token_hint'));
  assert.equal(end.searchParams.get('post_logout_redirect_uri'), `${url}/`);
  assert.equal(await me(here), null);

  const there = new Visitor();
  assert.equal((await come(there, 'known')).location, `${url}/`);
  const { workspaces } = JSON.parse((await there.go(`${url}/api/v1/workspaces`)).text);
  const { documents } = JSON.parse((await there.go(`${url}/api/v1/workspaces/${workspaces[0].id}/documents`)).text);
  const open = documents.find(({ kind }) => kind === 'document');
  const socket = new WebSocket(`${url.replace('http', 'ws')}/collab/${open.id}`, {
    headers: { Cookie: `cluse_session=${there.jar(url).get('cluse_session')}` },
  });
  await new Promise((ready, failed) => socket.once('open', ready).once('error', failed));
  const closed = new Promise((done) => socket.once('close', (code) => done(code)));
  const page = await there.go(`${provider.issuer}/session/end`);
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)[1];
  const done = await there.go(`${provider.issuer}/session/end/confirm`, { method: 'POST', form: { xsrf, logout: 'yes' } });
  assert.ok(done.status < 400, done.text);
  assert.equal(await closed, 4401);
  assert.equal(await me(there), null);
});

test('a logout that the provider did not sign ends nothing', { timeout: 60_000 }, async () => {
  const say = (token) => new Visitor().go(`${url}/api/v1/identity/providers/agents/logout`, { method: 'POST', form: { logout_token: token } });
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: provider.issuer, aud: 'cluse', sub: 'known', iat: Math.floor(Date.now() / 1000), exp: Math.floor(Date.now() / 1000) + 60,
    jti: 'x', events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  };
  const unsigned = `${part({ alg: 'HS256', kid: provider.keys[0].kid })}.${part(claims)}`;
  const forged = `${unsigned}.${createHmac('sha256', 'a secret of the tests').update(unsigned).digest('base64url')}`;
  assert.equal((await say(forged)).status, 400);
  assert.equal((await say('')).status, 400);
});

test('a logout that was heard once is not heard again', { timeout: 60_000 }, async () => {
  const say = (token) => new Visitor().go(`${url}/api/v1/identity/providers/agents/logout`, { method: 'POST', form: { logout_token: token } });
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const [key] = provider.keys;
  const now = Math.floor(Date.now() / 1000);
  const text = `${part({ alg: 'RS256', kid: key.kid, typ: 'logout+jwt' })}.${part({
    iss: provider.issuer, aud: 'cluse', sub: 'known', iat: now, exp: now + 60, jti: randomUUID(),
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  })}`;
  const token = `${text}.${sign('sha256', Buffer.from(text), createPrivateKey({ key, format: 'jwk' })).toString('base64url')}`;
  const first = new Visitor();
  assert.equal((await come(first, 'known')).location, `${url}/`);
  assert.equal((await say(token)).status, 204);
  assert.equal(await me(first), null);
  const second = new Visitor();
  assert.equal((await come(second, 'known')).location, `${url}/`);
  assert.equal((await say(token)).status, 400, 'a second time');
  assert.notEqual(await me(second), null, 'and ends nothing');
});

test('an address may leave for the provider so many times, and is then told to wait', { timeout: 60_000 }, async () => {
  // The last test of this file: it uses up what there is.
  const visitor = new Visitor();
  let answer;
  for (let departures = 0; departures <= 300; ++departures) {
    answer = await visitor.go(`${url}/api/v1/identity/providers/agents`, { method: 'POST', json: {} });
    if (answer.status !== 200) break;
  }
  assert.equal(answer.status, 429);
  assert.equal(JSON.parse(answer.text).code, 'too_many_attempts');
  assert.ok(Number(answer.response.headers.get('retry-after')) > 0);
});
