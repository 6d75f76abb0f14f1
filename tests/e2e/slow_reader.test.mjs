// A client that does not read costs a bounded amount of memory, and nobody else notices.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { forgotten, serves } from './lib/kernel.mjs';
import { Sanitized, serve } from './lib/server.mjs';
import { poll } from './lib/wait.mjs';

const Text = 'x'.repeat(50_000);
const Most = 800;  // 40 MB: far above what the kernel and an outbox can hold

/// `talker` talks, each message waiting until `reader` has it, until `done`; none may be lost.
async function talk_until(talker, reader, done) {
  for (let n = 0; n < Most; ++n) {
    talker.send(`/pubmsg #busy ${n} ${Text}`);
    const [line] = (await reader.until(/ PUBMSG /)).slice(-1);
    assert.ok(line.endsWith(` :${n} ${Text}`), line.slice(0, 80));
    if (done()) return n + 1;
  }
  return assert.fail(`not done after ${Most} messages`);
}

/// A talker and a reader in #busy, where nobody's coming and going is shown to the talker.
async function busy(t) {
  const server = await serve(t, '--set', 'limits.cost_rate=0');
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
    const { server, talker, reader } = await busy(t);
    const slow = await deaf(server, 'slow');
    await talk_until(talker, reader, () => !serves(server, slow.raw));
    slow.raw.read_again();
    const closed = await slow.closed();
    assert.equal(closed.code, 3008);
    assert.match(closed.reason, /slow/);
    await slow.raw.gone();
    await talk_until(talker, reader, () => true);
    assert.deepEqual((await talker.pending()).filter((line) => / PUBMSG /.test(line)), []);
  });

  it('who does not is cut; the channel is told; memory is bounded', async (t) => {
    const { server, talker, reader } = await busy(t);
    const before = server.resident;
    const all = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((nick) => deaf(server, nick)));
    await talk_until(talker, reader, () => all.every((slow) => !serves(server, slow.raw)));
    if (!Sanitized) {
      // 1 MiB for each, what the others have in flight, and what the allocator keeps.
      const grown = server.resident - before;
      assert.ok(grown < 24 * 1024, `${grown} KiB more`);
    }
    await poll(() => all.every((slow) => forgotten(server, slow.raw)), 'the cut', 8_000);
    const gone = new Set();
    while (gone.size < all.length) {
      const quit = /^:([a-f])!\S+ QUIT/.exec(await reader.line());
      if (quit) gone.add(quit[1]);
    }
  });

  it('a pause that the outbox can bridge costs nothing', async (t) => {
    const { server, talker, reader } = await busy(t);
    const slow = await deaf(server, 'slow');
    let sent = 0;
    await talk_until(talker, reader, () => ++sent === 10);
    slow.raw.read_again();
    for (let n = 0; n < 10; ++n) {
      const [line] = (await slow.until(/ PUBMSG /)).slice(-1);
      assert.ok(line.endsWith(` :${n} ${Text}`));
    }
  });

  it('answers to oneself do not fill it: what is asked for waits', async (t) => {
    const { server, talker, reader } = await busy(t);
    const asker = await deaf(server, 'asker');
    const many = Array.from({ length: 500 }, () => '/help').join('\n');
    for (let n = 0; n < 40; ++n) asker.send(many);
    await talk_until(talker, reader, () => true);
    asker.raw.read_again();
    for (let n = 0; n < 2_000; ++n) await asker.until(/ 706 /);
  });
});
