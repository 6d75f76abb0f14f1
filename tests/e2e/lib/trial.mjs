// One ordeal, from the arrival of the clients to the account of what they heard.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { dice } from './prng.mjs';
import { Line } from './server_chain.mjs';
import { get, watched } from './operations.mjs';
import { Ordeals } from './scenarios.mjs';
import { redis } from './redis.mjs';
import { Survivors, quantile } from './survivors.mjs';
import { judge } from './assertions.mjs';
import { pause, poll } from './wait.mjs';

/// All that is said must still be there in the end; the limits of honest clients are the defaults.
const Settings = ['history.messages=1000000', 'history.bytes=268435456', 'limits.inbox=100000',
  'limits.inbox_bytes=67108864', 'limits.faults=100', 'limits.address_rate=200'];

class Trial {
  downtimes = [];

  /// `shape`: of the crowd (survivors.mjs). `times` the ordeal is repeated, for `hold` ms (where it
  /// has a length), each after a talk of up to `calm` ms. `settings` of the server.
  constructor(t, name, { times, hold = 1_000, calm = 2_000, settings = [], seed, ...shape }) {
    Object.assign(this, { t, name, times, hold, calm, settings, seed, shape });
    this.ordeal = Ordeals[name];
    this.random = dice(seed ^ 0x5eed);
  }
  get server() { return this.line.server; }

  async begin() {
    this.store = await redis(this.t);
    this.line = new Line(this.t, this.store, [...Settings, ...this.settings]);
    await this.line.next(watched);
    this.crowd = new Survivors(this.server.url, { seed: this.seed, ...this.shape });
    this.crowd.sure = !this.ordeal.may_repeat;
    this.t.after(() => this.crowd.leave());
    await this.crowd.arrive(this.store);
    this.crowd.talk();
  }
  /// They talk for a random while.
  moment() { return pause(this.random() * this.calm); }
  is_stored_again() {
    const status = async () => (await get(this.server, '/readyz')).status;
    const is_ready = async () => await status().catch(() => 0) === 200;  // it may be busy
    return poll(is_ready, 'the server is ready', 60_000);
  }

  async run() {
    const begin = performance.now();
    await this.begin();
    this.arrived_ms = performance.now() - begin;
    if (this.name === 'upgrade') await this.compare();
    const delay = monitorEventLoopDelay({ resolution: 10 });
    const cpu = process.cpuUsage();
    const started = performance.now();
    delay.enable();
    for (let n = 0; n < this.times; ++n) {
      await this.moment();
      await this.ordeal.go(this, n);
    }
    await this.moment();
    delay.disable();
    this.seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    this.client = { busy: (user + system) / 1e6 / this.seconds, delay: delay.percentile(99) / 1e6 };
    await this.crowd.come_to_rest();
    await judge({ server: this.server, store: this.store, crowd: this.crowd,
      may_repeat: this.ordeal.may_repeat });
    return this.figures();
  }
  /// What a loss of all connections costs alone, with clients that come back as spread as after a
  /// restart, but to a server that has been there all the time.
  async compare() {
    await this.moment();
    for (const one of this.crowd.members) one.die(this.random() * 2_000);
    await this.crowd.come_back();
    this.compared = this.crowd.gaps.splice(0);
  }

  figures() {
    const { crowd, name, times, seconds, client, downtimes } = this;
    const { gaps, latencies, counts, faults, members, said, acknowledged, problems } = crowd;
    return { name, times, seconds, clients: members.length, said, acknowledged, ...counts,
      resumed: gaps.length, gap_p50: quantile(gaps, 0.5), gap_p99: quantile(gaps, 0.99),
      ack_p50: quantile(latencies, 0.5), ack_p99: quantile(latencies, 0.99),
      compared_p99: this.compared && quantile(this.compared, 0.99),
      down: Math.max(0, ...downtimes), busy: client.busy, delay: client.delay,
      ...faults, problems };
  }
}

export const try_ordeal = (t, name, options) => new Trial(t, name, options).run();
