// Client addresses on IPv4 and dual-stack listeners: /whois, bans by address, and the addresses
// that an operator may connect from.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { operators_file } from './lib/operators.mjs';
import { RawConnection } from './lib/raw_connection.mjs';
import { serve } from './lib/server.mjs';
import { poll } from './lib/wait.mjs';
import { Op } from './lib/websocket_frames.mjs';

/// Starts a server with an operator who may log in from 127.0.0.1 only. Returns `server`, the same
/// with the port of its last listener (`both`), and the operator `root`.
async function serve_with_operator(t, ...settings) {
  const file = await operators_file({ name: 'root', password: 'pw', from: ['127.0.0.1'] });
  const server = await serve(t, '--set', `operators_file=${file}`, ...settings);
  const both = { ...server, port: server.ports.at(-1), on_stop: (end) => server.on_stop(end) };
  const root = await Client.described(both);
  assert.match(await root.ask('/oper root pw'), / 381 /);
  return { server, both, root };
}

const Listeners = [['an IPv4 listener']];
const has_ipv6 = existsSync('/proc/net/if_inet6') && readFileSync('/proc/net/if_inet6').length > 0;
if (has_ipv6) Listeners.push(['a listener for both', '--listen', '[::]:0']);

for (const [name, ...listeners] of Listeners) describe(`addresses, ${name}`, () => {
  it('server operators see addresses in their usual notation', async (t) => {
    const { both, root } = await serve_with_operator(t, ...listeners);
    const bob = await Client.described(both, { nick: 'bob' }, { local: '127.0.0.2' });
    root.send('/whois bob');
    await root.until(new RegExp(` 378 \\S+ ${bob.id} 127\\.0\\.0\\.2 :`));
    bob.send('/whois bob');
    assert.ok((await bob.until(/ 318 /)).every((line) => !line.includes('127.0.0')));
  });

  it('/oper is refused from an address that the operator may not use', async (t) => {
    const { both } = await serve_with_operator(t, ...listeners);
    const elsewhere = await Client.described(both, {}, { local: '127.0.0.2' });
    assert.match(await elsewhere.ask('/oper root pw'), / 464 /);
  });

  it('a ban closes connections from the range on every listener', async (t) => {
    const { server, both, root } = await serve_with_operator(t, ...listeners);
    const bob = await Client.described(both, {}, { local: '127.0.0.2' });
    const silent = await Client.connect(both, { local: '127.0.0.2' });
    const eve = await Client.described(both, {}, { local: '127.0.0.3' });
    root.send('/ban ip:127.0.0.2/31 * 10m spam');
    await root.until(/ BAN \* 127\.0\.0\.2\/31 \d+ :spam$/);
    for (const client of [bob, silent, eve]) {
      assert.deepEqual(await client.closed(), { code: 3507, reason: 'banned: spam' });
    }
    for (const port of server.ports) {
      const raw = await RawConnection.websocket({ ...both, port }, { local: '127.0.0.2' });
      assert.deepEqual(await raw.closed(), { code: 3507, reason: 'banned: spam' });
    }
    await Client.described(both, {}, { local: '127.0.0.4' });
    root.send('/unban ip:127.0.0.2/31 *');
    await root.until(/ UNBAN \* 127\.0\.0\.2\/31$/);
    await Client.described(both, {}, { local: '127.0.0.2' });
  });

  it('a ban ends after its duration', async (t) => {
    const { both, root } = await serve_with_operator(t, ...listeners);
    root.send('/ban ip:127.0.0.2 * 1s');
    await root.until(/ BAN /);
    const raw = await RawConnection.websocket(both, { local: '127.0.0.2' });
    assert.equal((await raw.closed()).code, 3507);
    await poll(async () => {
      const again = await RawConnection.websocket(both, { local: '127.0.0.2' });
      const { op } = await again.frame();
      again.destroy();
      return op === Op.text;  // skips the greeting
    }, 'the end of a ban');
  });

  it('a ban that covers the operator itself is refused', async (t) => {
    const { root } = await serve_with_operator(t, ...listeners);
    assert.match(await root.ask('/ban ip:127.0.0.0/8 * 10m me too'), / FAIL BAN INVALID_VALUE ip /);
    root.send('/bans *');
    await root.expect(/ 368 /);
  });
});
