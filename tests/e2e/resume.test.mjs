// Five hundred people talk, a tenth of them lose their connection each second and take it up again;
// and nobody misses, repeats or notices anything. Then few who say much.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { Crowd } from './lib/crowd.mjs';
import { descriptors } from './lib/kernel.mjs';
import { Sanitized, serve } from './lib/server.mjs';
import { poll } from './lib/wait.mjs';

/// How long, in seconds: SIGNALLER_SOAK_SECONDS=60 for a whole minute.
const Seconds = Number(process.env.SIGNALLER_SOAK_SECONDS ?? 8);
const Seed = Number(process.env.SIGNALLER_SOAK_SEED ?? Date.now() % 2 ** 31);
const Members = Sanitized ? 150 : 500;
const Pace = 2_000;  // ms between two things that one of them says, on average

/// Lives through it and accounts for all that was said. `shape`: see Crowd.
async function live(t, shape, pace, ...settings) {
  const server = await serve(t, ...settings.flatMap((one) => ['--set', one]));
  const crowd = new Crowd(server.url, { seed: Seed, ...shape });
  server.on_stop(() => { for (const member of crowd.members) member.leave(); });
  const begin = performance.now();
  await crowd.arrive();
  const settled = performance.now();
  const visitors = await Promise.all(
    ['vi', 'wu'].map((nick) => Client.described(server, { nick })));
  const open = descriptors(server);
  await crowd.live(Seconds, pace, visitors);
  await crowd.come_to_rest();
  await poll(() => descriptors(server) <= open, 'the dead connections are gone');
  const end = performance.now();
  crowd.settle_accounts();
  const { messages, deliveries, replayed, kills, retries, seen } = crowd.counts;
  t.diagnostic(`seed ${Seed}: ${crowd.members.length} arrived in ` +
    `${Math.round(settled - begin)} ms; ${messages} messages, ${deliveries} deliveries ` +
    `(${replayed} replayed), ${seen} lines of visitors, ${kills} kills, ${retries} retries in ` +
    `${((end - settled) / 1000).toFixed(1)} s; ACK p50 ${crowd.latency(0.5).toFixed(2)} ms, ` +
    `p99 ${crowd.latency(0.99).toFixed(2)} ms`);
  assert.deepEqual(crowd.problems, []);
  assert.ok(kills > 0 && retries > 0 && replayed > 0 && seen > 0 && deliveries > messages);
}

// Nobody's inbox is full and no log too short, however slowly this machine brings them back.
const Room = ['limits.inbox=1000', 'limits.inbox_bytes=16777216', 'history.bytes=16777216'];

describe('a crowd in which connections die', { timeout: (Seconds + 300) * 1000 }, () => {
  for (const core of ['false', 'true']) it(
    `hears everything once and in order, core_thread=${core}`, (t) =>
      live(t, { members: Members, each: Members / 10 }, Pace, `net.core_thread=${core}`, ...Room));

  it('also where much was missed, in several channels, and is read slowly', (t) =>
    live(t, { members: 40, each: 20, bridges: 1, bytes: Sanitized ? 2_000 : 8_000, share: 0.3,
      sluggish: true }, 200,
      'limits.cost_rate=0', 'limits.channel_rate=0', 'net.shards=2', ...Room));
});
