// Clients talk while the server, Redis or both are killed, stopped, paused, replaced or restarted;
// and nobody loses what was acknowledged, hears it twice, or sees anybody go. scripts/crash-test
// does the same at length.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Ordeals } from './lib/scenarios.mjs';
import { Sanitized } from './lib/server.mjs';
import { try_ordeal } from './lib/trial.mjs';

const Crowd = { members: Sanitized ? 20 : 40, channels: 5, pace: 250, share: 0.1, calm: 1_200,
  seed: Number(process.env.SIGNALLER_CRASH_SEED ?? 20) };
/// Redis counts as away soon, and who waits for it is told so soon.
const Impatient = ['store_timeout=300ms', 'ack_timeout=700ms'];

const sizes = {
  server: { times: 5 },
  redis: { times: 2, hold: 1_200, settings: Impatient },
  pause: { times: 2, hold: 800, settings: Impatient },
  stop: { times: 1, hold: 2_000, settings: Impatient },
  fenced: { times: 3, settings: ['lease_ttl=1s', 'store_timeout=300ms'] },
  both: { times: 2, hold: 500 },
  upgrade: { times: 2, members: Sanitized ? 40 : 100, pace: 1_000 },
};

/// How often each of them has come back at least. (A server may be killed again before that.)
const all_come_back = { server: 1, fenced: 3, both: 2, upgrade: 2 };

describe('clients who talk all the time', { concurrency: 2, timeout: 400_000 }, () => {
  for (const [name, { meaning }] of Object.entries(Ordeals)) it(`survive ${meaning}`, async (t) => {
    const figures = await try_ordeal(t, name, { ...Crowd, ...sizes[name] });
    const { problems, acknowledged, said, clients, resumed, not_stored } = figures;
    t.diagnostic(JSON.stringify(figures));
    assert.deepEqual(problems, []);
    assert.ok(said > clients && acknowledged === said);
    assert.ok(resumed >= clients * (all_come_back[name] ?? 0), `${resumed} resumed`);
    if (name === 'stop') assert.ok(not_stored > 0, 'some were told NOT_STORED, and retried');
    if (name === 'upgrade' && !Sanitized) assert.ok(figures.gap_p99 < 10_000);
  });
});
