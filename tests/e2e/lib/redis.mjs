// A Redis server for one test, with its own folder and socket.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { at_end, folder, launch } from './server.mjs';
import { within } from './wait.mjs';

const execute = promisify(execFile);

class Redis {
  constructor(settings) {
    this.folder = folder();
    this.socket = join(this.folder, 's');
    this.url = `redis+unix://${this.socket}`;
    this.settings = settings;
  }
  /// Starts Redis; resolves when its append-only file is loaded.
  async start() {
    this.run = launch('redis-server', ['--port', '0', '--unixsocket', this.socket,
      '--dir', this.folder, '--save', '', '--appendonly', 'yes', '--appendfsync', 'always', ...this.settings]);
    const ready = new Promise((resolve) => {
      const look = () => {
        if (/ready to accept connections/i.test(this.run.stdout)) resolve(true);
      };
      this.run.child.stdout.on('data', look);
      look();
    });
    const died = this.run.ended.then(() => {
      throw new Error(`redis-server: ${this.run.stdout}`);
    });
    died.catch(() => {});
    await within(Promise.race([ready, died]), 'the start of redis-server');
  }
  kill(signal) { this.run.child.kill(signal); }
  async end(signal = 'SIGKILL') {
    this.kill(signal);
    await within(this.run.ended, 'the end of redis-server');
  }
  /// Returns the answer of redis-cli to one command.
  async ask(...words) {
    const { stdout } = await execute('redis-cli', ['-s', this.socket, ...words.map(String)],
      { maxBuffer: 1 << 28 });
    return stdout.trimEnd();
  }
  /// Returns the answers to many commands as values. A command is one line without quotes.
  async ask_all(lines) {
    if (lines.length === 0) return [];
    const asked = execute('redis-cli', ['-s', this.socket, '--json'], { maxBuffer: 1 << 30 });
    asked.child.stdin.end(`${lines.join('\n')}\n`);
    const { stdout } = await asked;
    return stdout.trimEnd().split('\n').map((line) => JSON.parse(line));
  }
}

export async function redis(t, ...settings) {
  const one = new Redis(settings);
  await one.start();
  at_end(t, async () => {
    one.kill('SIGCONT');
    await one.end();
  });
  return one;
}
