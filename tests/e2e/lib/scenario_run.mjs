// One run of a scenario, from the first connection to the check of all deliveries.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { prng } from './prng.mjs';
import { ServerChain } from './server_chain.mjs';
import { get, serve_with_operations } from './operations.mjs';
import { Scenarios } from './scenarios.mjs';
import { redis } from './redis.mjs';
import { CrashClients, quantile } from './crash_clients.mjs';
import { assert_final_state } from './assertions.mjs';
import { pause, poll } from './wait.mjs';

/// Logs and inboxes keep all messages; the other limits are the defaults.
const Settings = ['history.messages=1000000', 'history.bytes=268435456', 'limits.inbox=100000',
  'limits.inbox_bytes=67108864', 'limits.faults=100', 'limits.address_rate=200'];

class ScenarioRun {
  downtimes = [];

  /// `shape`: see CrashClients. The scenario is repeated `times` times, each after up to `talk_ms`
  /// ms of talk; `outage_ms` is the length of its outages. `settings` are for the server.
  constructor(t, name, options) {
    const { times, outage_ms = 1_000, talk_ms = 2_000, settings = [], seed, ...shape } = options;
    Object.assign(this, { t, name, times, outage_ms, talk_ms, settings, seed, shape });
    this.scenario = Scenarios[name];
    this.random = prng(seed ^ 0x5eed);
  }
  get server() { return this.chain.server; }

  async begin() {
    this.store = await redis(this.t);
    this.chain = new ServerChain(this.t, this.store, [...Settings, ...this.settings]);
    await this.chain.next(serve_with_operations);
    this.group = new CrashClients(this.server.url, { seed: this.seed, ...this.shape });
    this.group.expect_whole_replays = !this.scenario.may_repeat;
    this.t.after(() => this.group.leave());
    await this.group.join_all(this.store);
    this.group.start_talking();
  }
  /// Lets the clients talk for a random time.
  talk_for_a_while() { return pause(this.random() * this.talk_ms); }
  wait_until_ready() {
    const status = async () => (await get(this.server, '/readyz')).status;
    const is_ready = async () => await status().catch(() => 0) === 200;  // the server may be busy
    return poll(is_ready, 'the server is ready', 60_000);
  }

  async run() {
    const begin = performance.now();
    await this.begin();
    this.arrived_ms = performance.now() - begin;
    if (this.name === 'upgrade') await this.measure_reconnect_only();
    const delay = monitorEventLoopDelay({ resolution: 10 });
    const cpu = process.cpuUsage();
    const started = performance.now();
    delay.enable();
    for (let n = 0; n < this.times; ++n) {
      await this.talk_for_a_while();
      await this.scenario.go(this, n);
    }
    await this.talk_for_a_while();
    delay.disable();
    this.seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    this.client = { busy: (user + system) / 1e6 / this.seconds, delay: delay.percentile(99) / 1e6 };
    await this.group.wait_until_idle();
    await assert_final_state({ server: this.server, store: this.store, group: this.group,
      may_repeat: this.scenario.may_repeat });
    return this.figures();
  }
  /// Measures how long clients need to reconnect if the server does not restart: all of them lose
  /// their connections, and reconnect at random times, as after a restart.
  async measure_reconnect_only() {
    await this.talk_for_a_while();
    for (const one of this.group.members) one.drop_connection(this.random() * 2_000);
    await this.group.wait_until_connected();
    this.reconnect_gaps = this.group.gaps.splice(0);
  }

  figures() {
    const { group, name, times, seconds, client, downtimes } = this;
    const { gaps, latencies, counts, faults, members, said, acknowledged, problems } = group;
    return { name, times, seconds, clients: members.length, said, acknowledged, ...counts,
      resumed: gaps.length, gap_p50: quantile(gaps, 0.5), gap_p99: quantile(gaps, 0.99),
      ack_p50: quantile(latencies, 0.5), ack_p99: quantile(latencies, 0.99),
      reconnect_p99: this.reconnect_gaps && quantile(this.reconnect_gaps, 0.99),
      down: Math.max(0, ...downtimes), busy: client.busy, delay: client.delay,
      ...faults, problems };
  }
}

export const run_scenario = (t, name, options) => new ScenarioRun(t, name, options).run();
