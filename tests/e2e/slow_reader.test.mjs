// A client that does not read uses a bounded amount of memory and does not affect others.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { is_connection_closed } from './lib/kernel.mjs';
import { Sanitized, Unlimited, serve } from './lib/server.mjs';
import { poll } from './lib/wait.mjs';

const Text = 'x'.repeat(50_000);
const Most = 800;  // 40 MB: far more than the kernel and an outbox hold

/// `talker` sends messages, each one after `reader` has received the last one, until `most` are
/// sent or these nicks have quit. No message may be lost.
async function talk(talker, reader, most, ...nicks) {
  const staying = new Set(nicks);
  for (let n = 0; n < most; ++n) {
    talker.send(`/pubmsg #busy ${n} ${Text}`);
    const lines = await reader.until(/ PUBMSG /);
    for (const line of lines) staying.delete(/^:(\w+)!\S+ QUIT/.exec(line)?.[1]);
    assert.ok(lines.at(-1).endsWith(` :${n} ${Text}`), lines.at(-1).slice(0, 80));
    if (nicks.length > 0 && staying.size === 0) return;
  }
  assert.equal(staying.size, 0, `still there: ${[...staying]}`);
}

/// Joins a talker and a reader to #busy; the talker gets no presence lines. There is no resume
/// window, so that QUIT tells when the server closed a slow reader.
async function busy(t, ...args) {
  const server = await serve(t, ...Unlimited, '--set', 'resume=1ms', ...args);
  const talker = await Client.described(server, { nick: 'talker', caps: ['no-presence'] });
  await talker.join('#busy');
  const reader = await Client.described(server, { nick: 'reader' });
  await reader.join('#busy');
  return { server, talker, reader };
}
async function deaf(server, nick) {
  const client = await Client.described(server, { nick });
  await client.join('#busy');
  client.raw.stop_reading();
  return client;
}

describe('slow readers', { concurrency: 4 }, () => {
  it('a slow reader that reads again gets 3008', async (t) => {
    // The close timeout is long, because the test may read late on a busy machine.
    const { server, talker, reader } = await busy(t, '--set', 'net.close_timeout=20s');
    const slow = await deaf(server, 'slow');
    await talk(talker, reader, Most, 'slow');
    slow.raw.read_again();
    const closed = await slow.closed();
    assert.equal(closed.code, 3008);
    assert.match(closed.reason, /slow/);
    await slow.raw.gone();
    await talk(talker, reader, 3);
    assert.deepEqual((await talker.lines_until_pong()).filter((line) => / PUBMSG /.test(line)), []);
  });

  it('a reader that never reads is disconnected, and memory is bounded', async (t) => {
    const { server, talker, reader } = await busy(t);
    const before = server.resident;
    const nicks = ['a', 'b', 'c', 'd', 'e', 'f'];
    const all = await Promise.all(nicks.map((nick) => deaf(server, nick)));
    await talk(talker, reader, Most, ...nicks);
    if (!Sanitized) {
      // Allows 1 MiB for each reader, the messages in flight, and the overhead of the allocator.
      const grown = server.resident - before;
      assert.ok(grown < 24 * 1024, `${grown} KiB more`);
    }
    await poll(() => all.every((slow) => is_connection_closed(server, slow.raw)), 'the cut', 8_000);
  });

  it('a pause shorter than the outbox loses nothing', async (t) => {
    const { server, talker, reader } = await busy(t);
    const slow = await deaf(server, 'slow');
    await talk(talker, reader, 10);
    slow.raw.read_again();
    for (let n = 0; n < 10; ++n) {
      const [line] = (await slow.until(/ PUBMSG /)).slice(-1);
      assert.ok(line.endsWith(` :${n} ${Text}`));
    }
  });

  for (const core of ['false', 'true']) it(
    `long replies never close a slow reader, core_thread=${core}`, async (t) => {
    const server = await serve(t, ...Unlimited, '--set', `net.core_thread=${core}`);
    const asker = await Client.described(server);
    asker.send(...Array.from({ length: 2_000 }, () => '/help'), '/ping end');
    await asker.until(/ PONG .*end$/);
  });
});
