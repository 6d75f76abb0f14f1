// A client that does not read costs a bounded amount of memory, and nobody else notices.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { is_connection_closed } from './lib/kernel.mjs';
import { Sanitized, Unlimited, serve } from './lib/server.mjs';
import { poll } from './lib/wait.mjs';

const Text = 'x'.repeat(50_000);
const Most = 800;  // 40 MB: far above what the kernel and an outbox can hold

/// `talker` says so many things, each when `reader` has the last one, or fewer if these nicks have
/// quit before: then the server has given up on them. None may be lost.
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

/// A talker and a reader in #busy, where nobody's coming and going is shown to the talker. Who is
/// given up has no place to come back to, so that its QUIT tells when.
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
  it('who reads again in time sees 3008', async (t) => {
    // On a busy machine two seconds are over before the test has heard of the end.
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

  it('who does not is cut; the channel is told; memory is bounded', async (t) => {
    const { server, talker, reader } = await busy(t);
    const before = server.resident;
    const nicks = ['a', 'b', 'c', 'd', 'e', 'f'];
    const all = await Promise.all(nicks.map((nick) => deaf(server, nick)));
    await talk(talker, reader, Most, ...nicks);
    if (!Sanitized) {
      // 1 MiB for each, what the others have in flight, and what the allocator keeps.
      const grown = server.resident - before;
      assert.ok(grown < 24 * 1024, `${grown} KiB more`);
    }
    await poll(() => all.every((slow) => is_connection_closed(server, slow.raw)), 'the cut', 8_000);
  });

  it('a pause that the outbox can bridge costs nothing', async (t) => {
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
    `the server’s own answers make nobody too slow, core_thread=${core}`, async (t) => {
    const server = await serve(t, ...Unlimited, '--set', `net.core_thread=${core}`);
    const asker = await Client.described(server);
    asker.send(...Array.from({ length: 2_000 }, () => '/help'), '/ping end');
    await asker.until(/ PONG .*end$/);
  });
});
