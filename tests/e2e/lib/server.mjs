// Starts the real binary, on a separate port for each test.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve as absolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultTimeout, within } from './wait.mjs';

export const Binary = absolute(process.env.SIGNALLER_BINARY ??
  fileURLToPath(new URL('../../../build/release/signaller', import.meta.url)));
/// Memory and speed are not measured under a sanitizer.
export const Sanitized = /(asan|tsan)/.test(Binary);

/// For tests in which one client exceeds its rate limits.
export const Unlimited = ['--set', 'limits.cost_rate=0', '--set', 'limits.channel_rate=0'];

const SanitizerReport = /(Address|Leak|Thread)Sanitizer|runtime error:|Assertion .* failed/;
const running = new Map();
const scratch = mkdtempSync(join(tmpdir(), 'signaller-e2e-'));
process.on('exit', () => {
  for (const child of running.values()) child.kill('SIGKILL');
  rmSync(scratch, { recursive: true, force: true });
});

/// Creates a folder that is removed at the end of this test file.
export const folder = () => mkdtempSync(join(scratch, 'of-'));

/// The environment without configuration keys.
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('SIGNALLER_')));

/// Starts a program that is killed when this process ends, and keeps its output.
export function launch(program, args, options = {}) {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args],
    { stdio: ['pipe', 'pipe', 'pipe'], cwd: scratch, env: environment, ...options });
  running.set(child.pid, child);
  const run = { child, pid: child.pid, stdout: '', stderr: '', args };
  child.stdout.setEncoding('utf8').on('data', (text) => (run.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (run.stderr += text));
  child.stdin.on('error', () => {});  // the program may end before it reads its input
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

  /// The server runs in a new folder, without a configuration file and with a new key.
  constructor(args, before = []) {
    this.folder = folder();
    const [program, ...all] = [...before, Binary, ...args];
    this.run = launch(program, all, { cwd: this.folder });
    this.pid = this.run.pid;
  }
  /// Resolves when the server has printed its listeners.
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

  /// Registers an action that runs before the server is stopped, such as closing a connection.
  on_stop(action) { this.#stops.push(action); }
  kill(signal) { this.run.child.kill(signal); }
  /// Sends a signal and waits for the end: {code, signal}.
  async terminate(signal = 'SIGTERM') {
    this.kill(signal);
    return this.end();
  }
  async end() {
    return within(this.run.ended, () => `the server's end: ${this.output}`);
  }
  /// Kills the process without a clean end.
  async crash() {
    this.crashed = true;
    this.kill('SIGKILL');
    return this.end();
  }
  /// Ends the server after a test and asserts a clean end without a sanitizer report.
  async stop() {
    for (const action of this.#stops.splice(0)) action();
    if (this.crashed) return assert.doesNotMatch(this.output, SanitizerReport);
    const end = this.run.child.exitCode === null && this.run.child.signalCode === null
      ? await this.terminate().catch((error) => { this.kill('SIGKILL'); throw error; })
      : await this.run.ended;
    assert.doesNotMatch(this.output, SanitizerReport);
    assert.deepEqual(end, { code: 0, signal: null }, this.output);
  }
  /// Resident memory in KiB.
  get resident() {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))[1]);
  }
  /// Processor time of the server, user and system, in ms, with a resolution of 10 ms.
  get processor_time() {
    const stat = readFileSync(`/proc/${this.pid}/stat`, 'utf8');
    const [user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 13);
    return 10 * (Number(user) + Number(system));
  }
}

const end_actions = new WeakMap();

/// Registers an action for the end of a test; the last one runs first, so that a server ends before
/// its Redis.
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

/// Limits that tests exceed, because all their clients share an address and make errors.
const LiftedLimits = ['limits.address_rate=0', 'limits.faults=0', 'net.address_connections=0',
  'net.address_connect_rate=0'];

/// Starts a server for one test and asserts its clean end. Limits that the test does not set are
/// the defaults, except `LiftedLimits`. The server listens on a free port, unless its file
/// (`--config`) or a `--listen` with a port gives one; other listeners are added.
export async function serve(t, ...args) {
  // If the first argument is an array, it is the command that runs the binary, such as prlimit.
  const before = Array.isArray(args[0]) ? args.shift() : [];
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

/// As `serve`, with this configuration text, which contains the listeners.
export async function serve_config(t, text, ...args) {
  const file = join(folder(), 'server.conf');
  writeFileSync(file, text);
  return serve(t, '--config', file, ...args);
}
