// Five hundred people talk, a tenth of them lose their connection each second and take it up again;
// and nobody misses, repeats or notices anything. Then few who say much.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { ResumeClients } from './lib/resume_clients.mjs';
import { descriptors } from './lib/kernel.mjs';
import { Sanitized, serve } from './lib/server.mjs';
import { poll } from './lib/wait.mjs';

/// How long, in seconds: SIGNALLER_SOAK_SECONDS=60 for a whole minute.
const Seconds = Number(process.env.SIGNALLER_SOAK_SECONDS ?? 8);
const Seed = Number(process.env.SIGNALLER_SOAK_SEED ?? Date.now() % 2 ** 31);
const Members = Sanitized ? 150 : 500;
const Pace = 2_000;  // ms between two things that one of them says, on average

/// Lives through it and accounts for all that was said. `shape`: see ResumeClients.
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
  await poll(() => descriptors(server) <= open, 'the dead connections are gone');
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

// Nobody's inbox is full and no log too short, however slowly this machine brings them back.
const Room = ['limits.inbox=1000', 'limits.inbox_bytes=16777216', 'history.bytes=16777216'];

describe('a group in which connections die', { timeout: (Seconds + 300) * 1000 }, () => {
  for (const core of ['false', 'true']) it(
    `hears everything once and in order, core_thread=${core}`, (t) =>
      run_load(t, { members: Members, per_channel: Members / 10 }, Pace, `net.core_thread=${core}`, ...Room));

  it('also where much was missed, in several channels, and is read slowly', (t) =>
    run_load(t, { members: 40, per_channel: 20, second_channel_every: 1, bytes: Sanitized ? 2_000 : 8_000, loss_rate: 0.3,
      slow_reader: true }, 200,
      'limits.cost_rate=0', 'limits.channel_rate=0', 'net.shards=2', ...Room));
});
