// The HTTP API as a signed-in person uses it, and the demonstration accounts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './server.mjs';

/** {password, people: [{key, email, admin, organisation}], workspaces: [{key, name, members: [{person, role}]}]} of config/demo. */
export function demonstration() {
  const toml = readFileSync(join(root, 'config/demo/demo.toml'), 'utf8');
  const value = (block, key) => new RegExp(`^${key}\\s*=\\s*"((?:[^"\\\\]|\\\\.)*)"`, 'm').exec(block)?.[1];
  const blocks = toml.split(/^(?=\[\[)/m);
  const people = [];
  const workspaces = [];
  for (const block of blocks) {
    if (block.startsWith('[[person]]')) {
      people.push({
        key: value(block, 'key'),
        email: value(block, 'email'),
        name: value(block, 'name'),
        organisation: value(block, 'organisation'),
        locale: value(block, 'ui_locale'),
        admin: /^admin\s*=\s*true/m.test(block),
      });
    } else if (block.startsWith('[[workspace]]')) {
      workspaces.push({ key: value(block, 'key'), name: value(block, 'name'), members: [] });
    } else if (block.startsWith('[[workspace.member]]')) {
      workspaces.at(-1).members.push({ person: value(block, 'person'), role: value(block, 'role') });
    }
  }
  return { password: value(blocks[0], 'password'), people, workspaces };
}

export class ApiError extends Error {
  constructor(status, problem) {
    super(`${status} ${problem?.code ?? ''} ${problem?.detail ?? ''}`);
    this.status = status;
    this.code = problem?.code;
    this.problem = problem;
  }
}

export class Person {
  constructor(url, language = 'fr') {
    this.url = url;
    this.language = language;
    this.cookie = '';
  }

  async call(method, path, body, { type, headers = {} } = {}) {
    const raw = type !== undefined;
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        Origin: this.url,
        'Accept-Language': this.language,
        ...(this.cookie ? { Cookie: this.cookie } : {}),
        ...(body === undefined ? {} : { 'Content-Type': raw ? type : 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : raw ? body : JSON.stringify(body),
      redirect: 'manual',
    });
    const set = response.headers.getSetCookie().find((line) => line.includes('cluse_session='));
    if (set) this.cookie = set.split(';')[0];
    const type_ = response.headers.get('content-type') ?? '';
    const content = type_.includes('json') ? await response.json() : await response.text();
    if (!response.ok) throw new ApiError(response.status, type_.includes('json') ? content : null);
    this.last = response;
    return content;
  }

  get(path) {
    return this.call('GET', path);
  }

  async signIn(email, password) {
    this.me = (await this.call('POST', '/session', { email, password })).me;
    return this;
  }
}
