// Five hundred clients talk; each second a tenth of them lose the connection and resume. No message
// is missed or duplicated, and nobody sees a QUIT. A second test uses few clients and large
// messages.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { ResumeClients } from './lib/resume_clients.mjs';
import { descriptors } from './lib/kernel.mjs';
import { Sanitized, serve } from './lib/server.mjs';
import { poll } from './lib/wait.mjs';

/// Duration in seconds; SIGNALLER_SOAK_SECONDS=60 runs a whole minute.
const Seconds = Number(process.env.SIGNALLER_SOAK_SECONDS ?? 8);
const Seed = Number(process.env.SIGNALLER_SOAK_SEED ?? Date.now() % 2 ** 31);
const Members = Sanitized ? 150 : 500;
const Pace = 2_000;  // mean ms between two messages of a client

/// Runs the load and checks all deliveries. `shape`: see ResumeClients.
async function run_load(t, shape, interval, ...settings) {
  const server = await serve(t, ...settings.flatMap((one) => ['--set', one]));
  const group = new ResumeClients(server.url, { seed: Seed, ...shape });
  server.on_stop(() => { for (const member of group.members) member.leave(); });
  const begin = performance.now();
  await group.join_all();
  const settled = performance.now();
  const visitors = await Promise.all(
    ['vi', 'wu'].map((nick) => Client.described(server, { nick })));
  const open = descriptors(server);
  await group.run(Seconds, interval, visitors);
  await group.wait_until_idle();
  await poll(() => descriptors(server) <= open, 'dead connections are closed');
  const end = performance.now();
  group.check_deliveries();
  const { messages, deliveries, replayed, kills, retries, seen } = group.counts;
  t.diagnostic(`seed ${Seed}: ${group.members.length} arrived in ` +
    `${Math.round(settled - begin)} ms; ${messages} messages, ${deliveries} deliveries ` +
    `(${replayed} replayed), ${seen} lines of visitors, ${kills} kills, ${retries} retries in ` +
    `${((end - settled) / 1000).toFixed(1)} s; ACK p50 ${group.latency(0.5).toFixed(2)} ms, ` +
    `p99 ${group.latency(0.99).toFixed(2)} ms`);
  assert.deepEqual(group.problems, []);
  assert.ok(kills > 0 && retries > 0 && replayed > 0 && seen > 0 && deliveries > messages);
}

// Inboxes and logs are large enough for slow machines.
const Room = ['limits.inbox=1000', 'limits.inbox_bytes=16777216', 'history.bytes=16777216'];

describe('clients whose connections are cut', { timeout: (Seconds + 300) * 1000 }, () => {
  for (const core of ['false', 'true']) it(
    `receive every message once and in order, core_thread=${core}`, (t) =>
      run_load(t, { members: Members, per_channel: Members / 10 }, Pace,
        `net.core_thread=${core}`, ...Room));

  it('large replays of several channels reach slow readers', (t) =>
    run_load(t, { members: 40, per_channel: 20, second_channel_every: 1,
      bytes: Sanitized ? 2_000 : 8_000, loss_rate: 0.3, slow_reader: true }, 200,
      'limits.cost_rate=0', 'limits.channel_rate=0', 'net.shards=2', ...Room));
});
