// Clients talk while the server, Redis or both are killed, stopped, paused, replaced or restarted.
// No acknowledged message is lost or duplicated, and nobody sees a QUIT. scripts/crash-test does
// the same for longer.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Scenarios } from './lib/scenarios.mjs';
import { Sanitized } from './lib/server.mjs';
import { run_scenario } from './lib/scenario_run.mjs';

const DefaultShape = { members: Sanitized ? 20 : 40, channels: 5, interval: 250, loss_rate: 0.1,
  talk_ms: 1_200, seed: Number(process.env.SIGNALLER_CRASH_SEED ?? 20) };
/// Short timeouts, so that Redis soon counts as unreachable and NOT_STORED comes soon.
const ShortTimeouts = ['store_timeout=300ms', 'ack_timeout=700ms'];

const sizes = {
  server: { times: 5 },
  redis: { times: 2, outage_ms: 1_200, settings: ShortTimeouts },
  pause: { times: 2, outage_ms: 800, settings: ShortTimeouts },
  stop: { times: 1, outage_ms: 2_000, settings: ShortTimeouts },
  fenced: { times: 3, settings: ['lease_ttl=1s', 'store_timeout=300ms'] },
  both: { times: 2, outage_ms: 500 },
  upgrade: { times: 2, members: Sanitized ? 40 : 100, interval: 1_000 },
};

/// The minimum number of resumes for each client. (A server may be killed again before all clients
/// resume.)
const all_come_back = { server: 1, fenced: 3, both: 2, upgrade: 2 };

describe('clients that talk all the time', { concurrency: 2, timeout: 400_000 }, () => {
  for (const [name, { meaning }] of Object.entries(Scenarios)) it(
    `survive ${meaning}`, async (t) => {
    const figures = await run_scenario(t, name, { ...DefaultShape, ...sizes[name] });
    const { problems, acknowledged, said, clients, resumed, not_stored } = figures;
    t.diagnostic(JSON.stringify(figures));
    assert.deepEqual(problems, []);
    assert.ok(said > clients && acknowledged === said);
    assert.ok(resumed >= clients * (all_come_back[name] ?? 0), `${resumed} resumed`);
    if (name === 'stop') assert.ok(not_stored > 0, 'NOT_STORED was never sent');
    if (name === 'upgrade' && !Sanitized) assert.ok(figures.gap_p99 < 10_000);
  });
});
