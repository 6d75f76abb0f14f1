// Servers that follow one another on one Redis.
import net from 'node:net';
import { join } from 'node:path';
import { folder, serve } from './server.mjs';

const Each = 20;  // ports of a process
let taken = 0;

/// A port below those that the kernel gives to connections: it is still free for the next server.
/// Processes that run at the same time have pids close to one another, and so ports of their own.
async function free_port() {
  for (;;) {
    const port = 20_000 + (process.pid % 500) * Each + (taken++ % Each);
    const probe = net.createServer();
    const is_free = await new Promise((resolve) => {
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => resolve(true));
    });
    await new Promise((resolve) => probe.close(resolve));
    if (is_free) return port;
  }
}

export class ServerChain {
  /// `settings`: KEY=VALUE, for all of them.
  constructor(t, store, settings) {
    this.t = t;
    this.store = store;
    this.key = join(folder(), 'key');
    this.settings = settings;
    this.port = 0;
  }
  get args() {
    return ['--listen', `127.0.0.1:${this.port}`, '--set', `store=${this.store.url}`, '--set',
      `secret_key_file=${this.key}`, ...this.settings.flatMap((one) => ['--set', one])];
  }
  /// All of them on the same port, unless `port` is set to 0 before.
  async next(how = serve) {
    this.port ||= await free_port();
    this.server = await how(this.t, ...this.args);
    return this.server;
  }
  async crash() {
    await this.server.crash();
    return this.next();
  }
}
