// The operations listener: metrics, /info and /readyz.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { get, metrics, serve_with_operations } from './lib/operations.mjs';
import { RawConnection } from './lib/raw_connection.mjs';
import { poll } from './lib/wait.mjs';

const Docs = new URL('../../docs/operations.rst', import.meta.url);

describe('the operations listener', { concurrency: 4 }, () => {
  it('/metrics counts events', async (t) => {
    const server = await serve_with_operations(t);
    const before = await metrics(server);
    const [ann, bob] = await Client.joined(server, '#x', 'ann', 'bob');
    ann.send('/pubmsg #x one', '/pubmsg #x two', `/privmsg bob hi`, '/nonsense');
    await bob.until(/ PRIVMSG .* :hi$/);
    await ann.until(/ 421 /);
    bob.raw.write(Buffer.from([0xff, 0xff]));  // sets reserved bits
    assert.equal((await bob.closed()).code, 1002);
    const lost = await RawConnection.connect(server);
    lost.write('GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n');
    assert.equal((await lost.response()).status, 404);
    const now = await metrics(server);
    const gained = (name) => now[`signaller_${name}`] - (before[`signaller_${name}`] ?? 0);
    assert.equal(gained('messages_total{kind="channel"}'), 2);
    assert.equal(gained('messages_total{kind="private"}'), 1);
    assert.equal(gained('commands_total{command="join"}'), 2);
    assert.equal(gained('closes_total{code="1002"}'), 1);
    assert.equal(gained('http_responses_total{status="404"}'), 1);
    assert.equal(now['signaller_refused_total{code="421"}'], 1);
    assert.equal(now['signaller_peers{state="live"}'], 1);
    assert.equal(now['signaller_peers{state="suspended"}'], 1);
    assert.equal(now.signaller_channels, 1);
    assert.ok(gained('received_messages_total') >= 5);
    assert.ok(gained('received_bytes_total') > 100);
    assert.ok(gained('deliveries_total') > 10);
    assert.ok(gained('turn_seconds_count') > 5);
    assert.ok(now.signaller_unfinished_request_bytes >= 0);
    assert.ok(now.process_resident_memory_bytes > 1_000_000);
    assert.ok(now.process_open_fds > 3);
  });

  it('every metric is documented in docs/operations.rst', async (t) => {
    const server = await serve_with_operations(t);
    const docs = readFileSync(Docs, 'utf8');
    const { body } = await get(server, '/metrics');
    const names = [...body.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name);
    assert.ok(names.length > 25, `${names}`);
    for (const name of names) assert.ok(docs.includes(`\`\`${name}\`\``), name);
  });

  it('/info describes the server', async (t) => {
    const server = await serve_with_operations(t, '--set', 'server_name="chat.example"');
    const info = JSON.parse((await get(server, '/info')).body);
    assert.equal(info.name, 'signaller');
    assert.equal(info.server_name, 'chat.example');
    assert.match(info.version, /^\d+\.\d+\.\d+$/);
    assert.match(info.boot, /^[0-9a-f]{8}$/);
    assert.equal(info.store, 'memory');
    assert.equal(info.durable, false);
    assert.ok(info.uptime >= 0);
  });

  it('HEAD, other methods, WebSocket and other paths', async (t) => {
    const server = await serve_with_operations(t);
    const head = await get(server, '/metrics', { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(head.body, '');
    assert.equal((await get(server, '/metrics', { method: 'POST' })).status, 405);
    assert.equal((await get(server, '/')).status, 404);
    const upgrade = await get(server, '/metrics', { headers: 'Connection: Upgrade\r\n' +
      'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n' });
    assert.equal(upgrade.status, 400);
    assert.match(upgrade.body, /does not support WebSocket/);
    // The public listener never serves these paths.
    for (const path of ['/metrics', '/info', '/readyz']) {
      const raw = await RawConnection.connect(server);
      raw.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
      assert.equal((await raw.response()).status, 404);
    }
  });

  it('/readyz reports that memory is short', async (t) => {
    const server = await serve_with_operations(t, '--set', 'net.memory=1000000');
    // Memory is short, so the listener may also refuse the connection itself; both answers are 503.
    await poll(async () => (await get(server, '/readyz')).status === 503, 'not ready');
  });
});
