// Starts the real server for a test and stops it again. Everything runs on loopback with a temporary data directory.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const executable = process.env.CLUSE ?? join(root, 'build/release/bin/cluse');

function requireExecutable() {
  if (existsSync(executable)) return;
  throw new Error(`there is no server at ${executable}: run ./dev build, or set CLUSE`);
}

export async function temporaryDirectory() {
  return mkdtemp(join(tmpdir(), 'cluse-test-'));
}

/** A server process. `url` is http://127.0.0.1:port, `lines` what it has logged (parsed JSON). */
export class Server {
  /** `prefix`: words that stand before the executable, such as a command that enters a namespace. */
  constructor(args, env = {}, prefix = []) {
    this.args = args;
    this.lines = [];
    this.env = env;
    this.prefix = prefix;
    this.scheme = env.CLUSE_SERVER_CERTIFICATE ? 's' : '';
  }

  async start() {
    requireExecutable();
    const [command, ...args] = [...this.prefix, executable, ...this.args];
    this.process = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...this.env },
    });
    // On stdout there is one thing only: the token that makes the first administrator.
    this.setupToken = new Promise((accept) => {
      createInterface({ input: this.process.stdout }).on('line', (text) => {
        const token = /make the first administrator: (\S+)$/.exec(text)?.[1];
        if (token) accept(token);
      });
    });
    this.exited = once(this.process, 'exit');
    const listening = new Promise((accept, refuse) => {
      createInterface({ input: this.process.stderr }).on('line', (text) => {
        let line;
        try {
          line = JSON.parse(text);
        } catch {
          line = { event: 'not_json', text };
        }
        this.lines.push(line);
        if (this.lines.length > 5000) this.lines.splice(0, 1000);
        if (line.event === 'ready') accept(Number(line.port));
      });
      this.process.on('exit', (code, signal) => {
        refuse(new Error(`the server ended (${code ?? signal}) before it listened: ${JSON.stringify(this.lines.slice(-5))}`));
      });
    });
    this.port = await listening;
    this.url = `http${this.scheme}://127.0.0.1:${this.port}`;
    this.ws = `ws${this.scheme}://127.0.0.1:${this.port}`;
    return this;
  }

  /** Resolves with the first line logged from now on for which `chosen(line)` holds. */
  async logged(chosen, timeoutMs = 15_000) {
    const from = this.lines.length;
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const line = this.lines.slice(from).find(chosen);
      if (line) return line;
      if (Date.now() > deadline) throw new Error(`not logged: ${chosen}`);
      await new Promise((turn) => setTimeout(turn, 10));
    }
  }

  /** The value of a metric by its full name, labels included; 0 if it is not there. */
  async metric(name) {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const line = text.split('\n').find((one) => one.startsWith(`${name} `));
    return line ? Number(line.slice(name.length + 1)) : 0;
  }

  /** {rssMegabytes, descriptors} of the process. */
  usage() {
    const status = readFileSync(`/proc/${this.process.pid}/status`, 'utf8');
    return {
      rssMegabytes: Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024,
      descriptors: readdirSync(`/proc/${this.process.pid}/fd`).length,
    };
  }

  /** kill -9: no chance to write anything more. */
  async kill() {
    this.process.kill('SIGKILL');
    await this.exited;
  }

  /** SIGTERM and wait; the exit status. */
  async stop() {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return this.process.exitCode;
    this.process.kill('SIGTERM');
    const [code] = await this.exited;
    return code;
  }
}

/** `cluse serve --bench` on a free port (or on `port`, to come back on the same one). */
export async function startBench({ data, port = 0, env = {}, client } = {}) {
  const directory = data ?? (await temporaryDirectory());
  const files = client ? ['--static', client] : [];
  const server = await new Server(['serve', '--bench', '--port', String(port), '--data', directory, ...files], env).start();
  server.data = directory;
  return server;
}

/** Runs `cluse` with `args` to its end. */
export async function run(args, { input = '', env = {} } = {}) {
  requireExecutable();
  const child = spawn(executable, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (bytes) => (stdout += bytes));
  child.stderr.on('data', (bytes) => (stderr += bytes));
  child.stdin.end(input);
  const [code] = await once(child, 'exit');
  return { code, stdout, stderr };
}

/** A full instance with the demonstration content; `accounts` and `password` from the import. */
export async function startDemo({ data, port = 0, env = {}, prefix = [], client } = {}) {
  const directory = data ?? (await temporaryDirectory());
  if (!data) {
    const imported = await run(['import', join(root, 'config/demo'), '--data', directory]);
    if (imported.code !== 0) throw new Error(`import failed: ${imported.stderr}${imported.stdout}`);
  }
  const server = await new Server(
    ['serve', '--data', directory, '--port', String(port), '--static', client ?? process.env.CLUSE_STATIC ?? join(root, 'client-web/dist')],
    { CLUSE_INSTANCE_DEMO: 'true', ...env },
    prefix,
  ).start();
  server.data = directory;
  return server;
}

/** A full instance as one gets it: no account, no territory, no workspace. `await server.setupToken` opens it. */
export async function startEmpty() {
  const directory = await temporaryDirectory();
  const server = await new Server([
    'serve', '--data', directory, '--port', '0', '--static', process.env.CLUSE_STATIC ?? join(root, 'client-web/dist'),
  ]).start();
  server.data = directory;
  return server;
}

export async function discard(server) {
  await server.stop();
  await rm(server.data, { recursive: true, force: true });
}
