// The load generator (bench/load.cpp) measures correctly and detects lost messages.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { redis } from './lib/redis.mjs';
import { Unlimited, folder, launch, serve } from './lib/server.mjs';
import { within } from './lib/wait.mjs';

const Load = process.env.SIGNALLER_LOAD ??
  fileURLToPath(new URL('../../build/release/bench/signaller-load', import.meta.url));
assert.ok(existsSync(Load), `${Load}: scripts/build release -DSIGNALLER_BENCH=ON signaller-load ` +
  'builds it');

/// Runs the load generator to its end and returns {code, …figures}.
async function load(t, server, ...args) {
  const run = launch(Load, ['--json', '--url', server.url, '--pid', server.pid, ...args]);
  t.after(() => run.child.kill('SIGKILL'));
  const { code } = await within(run.ended, () => `the load's end: ${run.stderr}`, 60_000);
  assert.equal(run.stderr, '');
  return { code, ...JSON.parse(run.stdout) };
}

async function mirrored(t, ...settings) {
  const store = await redis(t);
  const key = join(folder(), 'key');
  const start = () => serve(t, ...Unlimited, '--set', `store=${store.url}`,
    '--set', `secret_key_file=${key}`, ...settings.flatMap((one) => ['--set', one]));
  return { store, start, server: await start() };
}

const brief = ['--wait', '--warm-up', '0.1', '--seconds', '0.3'];

describe('signaller-load', { concurrency: 2 }, () => {
  it('counts a labelled message until its ACK has come', async (t) => {
    const { server } = await mirrored(t);
    const figures = await load(t, server, 'fanout', '--labelled', '--receivers', 5, '--senders', 2,
      '--in-flight', 4, ...brief);
    assert.equal(figures.code, 0, figures.trouble);
    assert.equal(figures.labelled, 1);
    assert.equal(figures.misacknowledged, 0);
    assert.ok(figures.deliveries > 0);
  });

  it('gets one ACK for each message and measures its latency', async (t) => {
    const { server } = await mirrored(t);
    const figures = await load(t, server, 'acks', '--peers', 20, '--channel-size', 5, '--rate', 200,
      ...brief);
    assert.equal(figures.code, 0, figures.trouble);
    assert.ok(figures.sent >= 60, `${figures.sent} of 80`);
    assert.ok(figures.ack_p50_us > 0);
    assert.ok(figures.ack_p50_us <= figures.ack_p99_us && figures.ack_p99_us <= figures.ack_max_us);
    assert.deepEqual([figures.missing, figures.doubled, figures.lost], [0, 0, 0]);
  });

  it('fails if messages are not stored', async (t) => {
    const { store, server } = await mirrored(t, 'ack_timeout=200ms');
    const talk = ['acks', '--peers', 2, '--channel-size', 2, '--rate', 20, ...brief];
    assert.equal((await load(t, server, ...talk)).code, 0);
    store.kill('SIGSTOP');
    const figures = await load(t, server, ...talk);
    store.kill('SIGCONT');
    assert.equal(figures.code, 1);
    assert.match(figures.trouble, / FAIL PUBMSG NOT_STORED /);
  });

  it('resumes its peers after a crash and misses nothing', async (t) => {
    const { server, start } = await mirrored(t);
    const people = ['--peers', 30, '--channel-size', 5, '--entries', 12];
    const before = await load(t, server, 'populate', ...people);
    assert.equal(before.code, 0, before.trouble);
    await server.crash();
    const after = await load(t, await start(), 'return', ...people, '--sample', 10);
    assert.equal(after.code, 0, after.trouble);
    assert.equal(after.whole, 10);
  });

  it('fails if no session can be resumed', async (t) => {
    const figures = await load(t, await serve(t), 'return', '--peers', 30, '--channel-size', 5,
      '--entries', 12, '--sample', 10);
    assert.equal(figures.code, 1);
    assert.equal(figures.whole, 0);
  });
});
