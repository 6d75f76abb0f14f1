// Five hundred people talk, a tenth of them lose their connection each second and take it up again;
// and nobody misses, repeats or notices anything.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Crowd } from './lib/crowd.mjs';
import { descriptors } from './lib/kernel.mjs';
import { Sanitized, serve } from './lib/server.mjs';
import { poll } from './lib/wait.mjs';

/// How long, in seconds: SIGNALLER_SOAK_SECONDS=60 for a whole minute.
const Seconds = Number(process.env.SIGNALLER_SOAK_SECONDS ?? 8);
const Seed = Number(process.env.SIGNALLER_SOAK_SEED ?? Date.now() % 2 ** 31);
const Members = Sanitized ? 150 : 500;
const Pace = 2_000;  // ms between two things that one of them says, on average

describe('a crowd in which connections die', { timeout: (Seconds + 300) * 1000 }, () => {
  for (const core of ['false', 'true']) it(
    `hears everything once and in order, core_thread=${core}`, async (t) => {
    const server = await serve(t, '--set', `net.core_thread=${core}`,
      '--set', 'limits.inbox=1000');  // nobody's is full, however slowly this machine returns them
    const crowd = new Crowd(server.url, { members: Members, each: Members / 10, seed: Seed });
    server.on_stop(() => { for (const member of crowd.members) member.leave(); });
    const begin = performance.now();
    await crowd.arrive();
    const settled = performance.now();
    const open = descriptors(server);
    await crowd.live(Seconds, Pace);
    await crowd.come_to_rest();
    await poll(() => descriptors(server) <= open, 'the dead connections are gone');
    const end = performance.now();
    crowd.settle_accounts();
    const { messages, deliveries, replayed, kills, retries } = crowd.counts;
    t.diagnostic(`seed ${Seed}: ${Members} arrived in ${Math.round(settled - begin)} ms; ` +
      `${messages} messages, ${deliveries} deliveries (${replayed} replayed), ${kills} kills, ` +
      `${retries} retries in ${((end - settled) / 1000).toFixed(1)} s; ` +
      `ACK p50 ${crowd.latency(0.5).toFixed(2)} ms, p99 ${crowd.latency(0.99).toFixed(2)} ms`);
    assert.deepEqual(crowd.problems, []);
    assert.ok(kills > 0 && retries > 0 && replayed > 0 && deliveries > messages);
  });
});
