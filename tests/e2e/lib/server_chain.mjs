// Servers that follow one another on the same Redis.
import net from 'node:net';
import { join } from 'node:path';
import { folder, serve } from './server.mjs';

const Each = 20;  // number of ports for each process
let taken = 0;

/// Returns a port below the ephemeral range, so that it stays free for the next server. Test
/// processes that run at the same time have different pids, and so different ports.
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
  /// `settings`: KEY=VALUE, for all servers.
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
  /// Starts the next server on the same port, or on a new one if `port` is 0.
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
