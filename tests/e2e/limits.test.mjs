// Rate limits of a client and of an address.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { serve } from './lib/server.mjs';

describe('limits', { concurrency: 8 }, () => {
  for (const core of [false, true]) {
    const setting = ['--set', `net.core_thread=${core}`];

    it(`too many errors close the connection, core_thread=${core}`, async (t) => {
      const server = await serve(t, '--set', 'limits.faults=100', ...setting);
      const [ann, bob] = await Client.joined(server, '#x', 'ann', 'bob');
      bob.send(...Array(150).fill('/nonsense'));
      for (let i = 0; i < 100; ++i) await bob.expect(/^:\S+ 421 \S+ nonsense :/);
      assert.deepEqual(await bob.closed(),
        { code: 3508, reason: 'too many errors within a minute: limits.faults' });
      await ann.expect(/^:bob!\S+ QUIT :too many errors$/);
    });

    it(`all clients of one address share a limit, core_thread=${core}`, async (t) => {
      // The rate of an address is that of a client, and the rest of its burst is smaller than a client's
      // burst. So the limit of the address is reached first, on a slow machine also.
      const server = await serve(t, ...setting, '--set', 'limits.faults=100',
        '--set', 'limits.address_rate=20', '--set', 'limits.address_burst=120');
      const ann = await Client.described(server, { nick: 'ann' });
      const other = await Client.described(server, { nick: 'eve' }, { local: '127.0.0.2' });
      ann.send(...Array(90).fill('/ping'));
      for (let i = 0; i < 90; ++i) await ann.expect(/ PONG /);
      const bob = await Client.described(server, { nick: 'bob' });
      bob.send(...Array(400).fill('/ping'));
      const refused = (await bob.until(/ FAIL PING RATE_LIMITED /)).at(-1);
      const [, wait_ms] = /RATE_LIMITED (\d+) limits\.address_rate :/.exec(refused);
      assert.ok(Number(wait_ms) >= 1 && Number(wait_ms) <= 50, refused);
      other.send('/ping');
      await other.expect(/ PONG /);
    });
  }

  it('a client above the limit is told how long to wait, and succeeds after that', async (t) => {
    const server = await serve(t, '--set', 'limits.cost_rate=50', '--set', 'limits.faults=0');
    const ann = await Client.described(server, { nick: 'ann' });
    ann.send(...Array(400).fill('/ping'));
    const refused = (await ann.until(/ FAIL PING RATE_LIMITED /)).at(-1);
    const wait_ms = Number(/RATE_LIMITED (\d+) limits\.cost_rate :/.exec(refused)[1]);
    assert.ok(wait_ms >= 1);
    const start = Date.now();
    for (;;) {
      ann.send('/ping again');
      const answer = (await ann.until(/ (PONG \S+ :again|FAIL PING RATE_LIMITED .*)$/)).at(-1);
      if (/PONG/.test(answer)) break;
      assert.ok(Date.now() - start < 5_000, answer);
    }
  });
});
