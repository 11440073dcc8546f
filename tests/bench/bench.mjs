// ./dev bench: figures as ratios against a reference measured in the same run, since machines are noisy. Nothing is asserted.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CollabClient } from '../lib/collab.mjs';
import { demonstration, Person } from '../lib/api.mjs';
import { discard, executable, run, startBench, startDemo } from '../lib/server.mjs';

const rounds = 5;
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

function milliseconds(work) {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function residentMegabytes(server) {
  const status = readFileSync(`/proc/${server.process.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024;
}

/** Process start to ready, with the demonstration content, against the same executable doing nothing (`cluse version`). */
async function starting() {
  const nothing = [];
  const ready = [];
  let server = await startDemo();
  const data = server.data;
  let resident = 0;
  for (let i = 0; i < rounds; i += 1) {
    await server.stop();
    nothing.push(milliseconds(() => execFileSync(executable, ['version'])));
    const started = performance.now();
    server = await startDemo({ data });
    await fetch(`${server.url}/readyz`);
    ready.push(performance.now() - started);
    resident = Math.max(resident, residentMegabytes(server));
  }
  await discard(server);
  const [a, b] = [median(ready), median(nothing)];
  console.log(`ready to answer: ${a.toFixed(0)} ms, ${(a / b).toFixed(1)} × starting the executable (${b.toFixed(0)} ms); bar 300 ms`);
  console.log(`idle with demonstration content: ${resident.toFixed(1)} MB resident; bar 60 MB`);
}

/** A keystroke from one connection to another (through the disk), against a message that needs no disk (awareness query). */
async function typing() {
  const server = await startBench();
  const writer = await new CollabClient(`${server.ws}/collab/typing`).open();
  const reader = await new CollabClient(`${server.ws}/collab/typing`).open();
  await writer.saved();
  await reader.saved();
  const text = writer.doc.getText('text');
  const keystrokes = [];
  const questions = [];
  for (let i = 0; i < 200; i += 1) {
    const seen = reader.received.length;
    let started = performance.now();
    text.insert(i, 'x');
    await reader.until(() => reader.received.length > seen, 'the keystroke arrives');
    keystrokes.push(performance.now() - started);
    writer.awareness = undefined;
    started = performance.now();
    writer.raw(new Uint8Array([3]));
    await writer.until(() => writer.awareness !== undefined, 'the answer arrives');
    questions.push(performance.now() - started);
  }
  await writer.close();
  await reader.close();
  await discard(server);
  const [a, b] = [median(keystrokes), median(questions)];
  console.log(`a keystroke, saved and shown to another: ${a.toFixed(2)} ms, ${(a / b).toFixed(1)} × a round trip without the disk (${b.toFixed(2)} ms)`);
}

/** A small JSON answer for somebody who is signed in: of the core's (`/sessions`), of a plugin in the server, of one in a child. */
async function plugins() {
  const folder = join(dirname(dirname(executable)), 'plugins/hello');
  if (!existsSync(folder)) return;
  const medians = {};
  for (const direct of [true, false]) {
    const server = await startDemo({ env: direct ? { CLUSE_PLUGINS_DIRECT: 'org.example.hello' } : {} });
    const installed = await run(['plugin', 'install', folder, '--accept', '--data', server.data]);
    if (installed.code !== 0) throw new Error(installed.stderr);
    const { people, password } = demonstration();
    const person = await new Person(server.url).signIn(people[0].email, password);
    const paths = { core: '/api/v1/sessions', [direct ? 'direct' : 'child']: '/x/org.example.hello/hello' };
    const times = Object.fromEntries(Object.keys(paths).map((name) => [name, []]));
    for (let i = 0; i < 1500; i += 1) {
      for (const [name, path] of Object.entries(paths)) {
        const started = performance.now();
        const answer = await fetch(`${server.url}${path}`, { headers: { Cookie: person.cookie } });
        await answer.arrayBuffer();
        if (answer.status !== 200 && i > 200) throw new Error(`${path}: ${answer.status}`);
        if (i >= 500) times[name].push(performance.now() - started);
      }
    }
    for (const [name, list] of Object.entries(times)) medians[`${name}${direct ? '' : ' '}`] = median(list);
    await discard(server);
  }
  const micros = (ms) => `${(ms * 1000).toFixed(0)} µs`;
  console.log(`a route of a direct plugin: ${micros(medians.direct)}, ${(medians.direct / medians.core).toFixed(2)} × one of the core (${micros(medians.core)}); bar 1.3`);
  console.log(`a route of a child plugin: ${micros(medians['child '])}, ${micros(medians['child '] - medians['core '])} more than one of the core; bar 150 µs`);
  const program = join(dirname(executable), 'cluse_plugin_bench');
  if (existsSync(program)) process.stdout.write(execFileSync(program));
}

/** What an event of the journal adds to its transaction, and what a check of rights costs: programs of their own, built with the tests. */
function telling() {
  for (const name of ['cluse_journal_bench', 'cluse_rights_bench']) {
    const program = join(dirname(executable), name);
    if (existsSync(program)) process.stdout.write(execFileSync(program));
  }
}

await starting();
await typing();
await plugins();
telling();
