// The real binary, each test with one of its own on a port of its own.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve as absolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultTimeout, within } from './wait.mjs';

export const Binary = absolute(process.env.SIGNALLER_BINARY ??
  fileURLToPath(new URL('../../../build/release/signaller', import.meta.url)));
/// Under a sanitizer memory and speed say nothing.
export const Sanitized = /(asan|tsan)/.test(Binary);

/// For who says more than one client may, because something else is meant.
export const Unlimited = ['--set', 'limits.cost_rate=0', '--set', 'limits.channel_rate=0'];

const SanitizerReport = /(Address|Leak|Thread)Sanitizer|runtime error:|Assertion .* failed/;
const running = new Map();
const scratch = mkdtempSync(join(tmpdir(), 'signaller-e2e-'));
process.on('exit', () => {
  for (const child of running.values()) child.kill('SIGKILL');
  rmSync(scratch, { recursive: true, force: true });
});

/// A new folder, which goes when the tests of this file have ended.
export const folder = () => mkdtempSync(join(scratch, 'of-'));

/// What a server of a test is started with: no key of its configuration comes from outside.
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('SIGNALLER_')));

/// Starts a program that dies with this one, whatever ends it, and keeps what it prints.
export function launch(program, args, options = {}) {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args],
    { stdio: ['pipe', 'pipe', 'pipe'], cwd: scratch, env: environment, ...options });
  running.set(child.pid, child);
  const run = { child, pid: child.pid, stdout: '', stderr: '', args };
  child.stdout.setEncoding('utf8').on('data', (text) => (run.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (run.stderr += text));
  child.stdin.on('error', () => {});  // it may be gone before what we write to it is read
  run.ended = new Promise((resolve) => child.on('close', (code, signal) => {
    running.delete(child.pid);
    resolve({ code, signal });
  }));
  return run;
}

/// Runs the binary to its end: {code, stdout, stderr}.
export function run(...args) {
  return new Promise((resolve) => {
    execFile(Binary, args,
      { cwd: scratch, env: environment, timeout: DefaultTimeout, killSignal: 'SIGKILL',
        maxBuffer: 1 << 24 },
      (error, stdout, stderr) => resolve({ code: error ? error.code ?? -1 : 0, stdout, stderr }));
  });
}

class Server {
  #stops = [];

  /// It runs in a folder of its own: no configuration is found there, and its key is its own.
  constructor(args, before = []) {
    this.folder = folder();
    const [program, ...all] = [...before, Binary, ...args];
    this.run = launch(program, all, { cwd: this.folder });
    this.pid = this.run.pid;
  }
  /// Ready once it says where it listens.
  async ready() {
    const said = new Promise((resolve) => {
      const look = () => {
        const found = [...this.run.stdout.matchAll(/listening on (wss?):\/\/\S+:(\d+)\b.*\n/g)];
        if (found.length > 0) resolve(found.map(([, scheme, port]) => [scheme, Number(port)]));
      };
      this.run.child.stdout.on('data', look);
      look();
    });
    const died = this.run.ended.then(({ code }) => {
      throw new Error(`the server ended with ${code}: ${this.run.stderr}${this.run.stdout}`);
    });
    died.catch(() => {});
    const found =
      await within(Promise.race([said, died]), () => `the server's start: ${this.output}`);
    this.ports = found.map(([, port]) => port);
    this.port = this.ports[0];
    this.tls_port = found.find(([scheme]) => scheme === 'wss')?.[1];
    this.url = `ws://127.0.0.1:${this.port}`;
  }
  get output() { return this.run.stdout + this.run.stderr; }

  /// Called before the server is asked to stop, to let go of what a test still holds.
  on_stop(action) { this.#stops.push(action); }
  kill(signal) { this.run.child.kill(signal); }
  /// Asks it to end, and waits: {code, signal}.
  async terminate(signal = 'SIGTERM') {
    this.kill(signal);
    return this.end();
  }
  async end() {
    return within(this.run.ended, () => `the server's end: ${this.output}`);
  }
  /// The end that nobody has prepared for.
  async crash() {
    this.crashed = true;
    this.kill('SIGKILL');
    return this.end();
  }
  /// What a test leaves behind: connections cut, the server ended, well and without a report.
  async stop() {
    for (const action of this.#stops.splice(0)) action();
    if (this.crashed) return assert.doesNotMatch(this.output, SanitizerReport);
    const end = this.run.child.exitCode === null && this.run.child.signalCode === null
      ? await this.terminate().catch((error) => { this.kill('SIGKILL'); throw error; })
      : await this.run.ended;
    assert.doesNotMatch(this.output, SanitizerReport);
    assert.deepEqual(end, { code: 0, signal: null }, this.output);
  }
  /// Resident memory, in KiB.
  get resident() {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))[1]);
  }
  /// Processor time that it has taken, user and system, in ms: the kernel counts in steps of 10.
  get processor_time() {
    const stat = readFileSync(`/proc/${this.pid}/stat`, 'utf8');
    const [user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 13);
    return 10 * (Number(user) + Number(system));
  }
}

const end_actions = new WeakMap();

/// What is done when a test has ended, the last first: a server goes before what it stands on.
export function at_end(t, action) {
  if (!end_actions.has(t)) {
    end_actions.set(t, []);
    t.after(async () => {
      const failed = [];
      for (const one of end_actions.get(t).reverse()) {
        await Promise.resolve().then(one).catch((error) => failed.push(error));
      }
      if (failed.length > 0) throw failed[0];
    });
  }
  end_actions.get(t).push(action);
}

/// A test's clients all come from one address, and err on purpose.
const LiftedLimits = ['limits.address_rate=0', 'limits.faults=0', 'net.address_connections=0',
  'net.address_connect_rate=0'];

/// A server for one test, which also has to end well with it. Limits that the test does not set
/// itself are those of the configuration, but for `unlimited`. It listens on a free port, unless
/// its file (`--config`) or a `--listen` with a port says where; others come beside that one.
export async function serve(t, ...args) {
  const before = Array.isArray(args[0]) ? args.shift() : [];  // a program that runs the binary
  const given = (setting) => args.some((one) => one.startsWith(setting.split('=')[0]));
  const lifted = LiftedLimits.filter((setting) => !given(setting)).flatMap((one) => ['--set', one]);
  const silent = given('--operations') ? [] : ['--operations', 'off'];
  const file = given('--config') && args[args.indexOf('--config') + 1];
  const file_has_listener = file && readFileSync(file, 'utf8').includes('[[listen]]');
  const has_port = args.some((one) => /^127\.0\.0\.1:[1-9]/.test(one));
  const listen = file_has_listener || has_port ? [] : ['--listen', '127.0.0.1:0'];
  const server = new Server([...listen, ...silent, ...lifted, ...args], before);
  at_end(t, () => server.stop());
  await server.ready();
  return server;
}

/// The same; `text` is its configuration, with its listeners.
export async function serve_config(t, text, ...args) {
  const file = join(folder(), 'server.conf');
  writeFileSync(file, text);
  return serve(t, '--config', file, ...args);
}
