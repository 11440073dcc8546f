// A real OpenID provider (npm oidc-provider) on loopback, a server of ours that is configured for it, and a browser without a
// screen that goes through the provider's forms.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createProbe } from 'node:net';
import { join } from 'node:path';
import { Provider } from 'oidc-provider';
import { Server, root, run, temporaryDirectory } from './server.mjs';

export async function freePort() {
  const probe = createProbe().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

function newKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomBytes(8).toString('hex'), use: 'sig', alg: 'RS256' };
}

export class IdentityProvider {
  /** `people`: claims by login. `client`: what we are to it, besides what every test needs. */
  constructor({ people = {}, port = 0 } = {}) {
    this.people = people;
    this.wanted = port;
    this.keys = [newKey()];
    this.asked = []; // paths, in their order
  }

  /** `app`: where our server is. */
  async start(app) {
    this.app = app;
    this.server = createServer((request, response) => {
      this.asked.push(request.url.split('?')[0]);
      if (this.answer?.(request, response)) return;
      this.callback(request, response);
    });
    this.server.listen(this.wanted, '127.0.0.1');
    await once(this.server, 'listening');
    this.wanted = this.server.address().port;
    this.issuer = `http://127.0.0.1:${this.wanted}`;
    this.build();
    return this;
  }

  build() {
    this.provider = new Provider(this.issuer, {
      clients: [{
        client_id: 'cluse',
        client_secret: 'a secret of the tests',
        redirect_uris: [`${this.app}/api/v1/identity/callback`],
        post_logout_redirect_uris: [`${this.app}/`],
        backchannel_logout_uri: `${this.app}/api/v1/identity/providers/agents/logout`,
        backchannel_logout_session_required: true,
      }],
      jwks: { keys: this.keys },
      cookies: { keys: ['tests'] },
      pkce: { required: () => true },
      // Its own would refuse our server, which is on loopback.
      fetch: (url, { dispatcher, ...options }) => fetch(url, { ...options, signal: AbortSignal.timeout(5000) }),
      features: {
        devInteractions: { enabled: true },
        backchannelLogout: { enabled: true },
        rpInitiatedLogout: { enabled: true },
      },
      claims: { openid: ['sub'], profile: ['name'], email: ['email'], organisation: ['siret', 'country'] },
      scopes: ['openid', 'profile', 'email', 'organisation'],
      findAccount: (context, sub) => ({ accountId: sub, claims: async () => ({ sub, ...this.people[sub] }) }),
    });
    this.provider.on('server_error', (context, error) => console.error('provider:', error.message));
    this.provider.on('backchannel.error', (context, error) => console.error('provider:', error.message, error.cause ?? ''));
    this.callback = this.provider.callback();
  }

  /** From now on it signs with another key, and publishes that one alone. */
  rotate() {
    this.keys = [newKey()];
    this.build();
  }

  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** `cluse serve` with the demonstration content, configured for `provider` (or none). `more`: lines of its table; `config`: others. */
export async function startWithProvider(provider, { port, more = '', config = '', host = '127.0.0.1', data, client } = {}) {
  const directory = data ?? (await temporaryDirectory());
  if (!data) {
    const imported = await run(['import', join(root, 'config/demo'), '--data', directory]);
    if (imported.code !== 0) throw new Error(`import failed: ${imported.stderr}${imported.stdout}`);
  }
  const file = join(directory, 'cluse.toml');
  writeFileSync(file, `
[server]
public_url = "http://${host}:${port}"
${config}
${provider ? `
[[identity.providers]]
id = "agents"
label_fr = "Portail des agents"
label_de = "Portal der Mitarbeitenden"
issuer = "${provider.issuer}"
client_id = "cluse"
client_secret = "a secret of the tests"
scopes = ["openid", "profile", "email", "organisation"]
${more}` : ''}
`);
  const server = await new Server([
    'serve', '--config', file, '--data', directory, '--port', String(port),
    '--static', client ?? process.env.CLUSE_STATIC ?? join(root, 'client-web/dist'),
  ]).start();
  server.data = directory;
  return server;
}

/** What a browser does between pages: cookies by host, redirects one by one, forms. */
export class Visitor {
  constructor(language = 'fr') {
    this.jars = new Map();
    this.language = language;
  }

  jar(url) {
    const { host } = new URL(url);
    if (!this.jars.has(host)) this.jars.set(host, new Map());
    return this.jars.get(host);
  }

  async go(url, { method = 'GET', form, json, headers = {} } = {}) {
    const jar = this.jar(url);
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: {
        'Accept-Language': this.language,
        ...(jar.size > 0 ? { Cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') } : {}),
        ...(form ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}),
        ...(json ? { 'Content-Type': 'application/json', Origin: new URL(url).origin } : {}),
        ...headers,
      },
      body: form ? new URLSearchParams(form).toString() : json ? JSON.stringify(json) : undefined,
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair] = line.split(';');
      const [name, ...value] = pair.split('=');
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, value.join('='));
    }
    const location = response.headers.get('location');
    return { status: response.status, location: location && new URL(location, url).href, text: await response.text(), response };
  }

  /** Through the provider's sign-in and consent as `login`, up to the address that it sends back to (not followed). */
  async identify(start, app, login) {
    let at = await this.go(start);
    for (let steps = 0; steps < 12; ++steps) {
      if (at.location) {
        if (at.location.startsWith(app)) return at.location;
        at = await this.go(at.location);
        continue;
      }
      const action = /<form[^>]*action="([^"]+)"/.exec(at.text)?.[1];
      const prompt = /name="prompt" value="(\w+)"/.exec(at.text)?.[1];
      if (!action) throw new Error(`no form: ${at.status} ${at.text.slice(0, 300)}`);
      at = await this.go(action, { method: 'POST', form: prompt === 'login' ? { prompt, login, password: 'any' } : { prompt } });
    }
    throw new Error('the provider never sent back');
  }
}
