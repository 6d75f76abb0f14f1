// Admission: connection limits, bans that apply before a request is read, and Origin checks.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { operators_file } from './lib/operators.mjs';
import { RawConnection } from './lib/raw_connection.mjs';
import { folder, serve } from './lib/server.mjs';
import { poll } from './lib/wait.mjs';

const Get = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

/// Sends a plain GET from the given local address and returns the response.
async function get(server, local, text = Get) {
  const raw = await RawConnection.connect(server, { local });
  raw.write(text);
  const answer = await raw.response();
  await raw.gone();
  return answer;
}
/// Opens a WebSocket from the given local address and returns how the server closes it.
async function closed(server, local) {
  const raw = await RawConnection.websocket(server, { local });
  return raw.closed();
}

describe('connections from one address', { concurrency: 8 }, () => {
  it('the limit is accepted, one more is refused', async (t) => {
    const server = await serve(t, '--set', 'net.address_connections=2');
    const first = await Client.connect(server, { local: '127.0.0.2' });
    await Client.connect(server, { local: '127.0.0.2' });
    const text = 'too many connections from 127.0.0.2: net.address_connections is 2';
    assert.deepEqual(await closed(server, '127.0.0.2'), { code: 3504, reason: text });
    const answer = await get(server, '127.0.0.2');
    assert.equal(answer.status, 429);
    assert.equal(answer.body, `${text}\n`);
    assert.equal(answer.headers['retry-after'], '5');
    assert.equal((await get(server, '127.0.0.3')).status, 200, 'somebody else');
    first.raw.destroy();
    await poll(async () => (await get(server, '127.0.0.2')).status === 200, 'a connection slot is free');
  });

  it('the connect rate is enforced and reported', async (t) => {
    const server = await serve(t, '--set', 'net.address_connect_rate=1', '--set',
      'net.address_connect_burst=2');
    const start = Date.now();
    for (let n = 0; n < 2; ++n) await Client.connect(server, { local: '127.0.0.2' });
    const { code, reason } = await closed(server, '127.0.0.2');
    assert.equal(code, 3504);
    const told = /^too many new connections from 127\.0\.0\.2: net\.address_connect_rate is 1; wait_ms=(\d+)$/;
    assert.match(reason, told);
    const wait_ms = Number(told.exec(reason)[1]);
    assert.ok(wait_ms > 0 && wait_ms <= 1_000, reason);
    const answer = await get(server, '127.0.0.2');
    assert.equal(answer.status, 429);
    assert.equal(answer.headers['retry-after'], '1');
    await Client.connect(server, { local: '127.0.0.3' });
    await poll(async () => (await get(server, '127.0.0.2')).status === 200, 'the wait is over');
    assert.ok(Date.now() - start >= 1_000, 'less than a second has passed');
  });

  it('400 refused connections get an answer and do not delay other clients', async (t) => {
    const server = await serve(t, '--set', 'net.address_connections=1');
    const honest = await Client.described(server, {}, { local: '127.0.0.3' });
    await Client.connect(server, { local: '127.0.0.2' });
    const answers = await Promise.all(Array.from({ length: 400 }, async () => {
      const raw = await RawConnection.connect(server, { local: '127.0.0.2' });
      raw.write(Get);
      const answer = await raw.response();
      raw.destroy();
      return answer;
    }));
    const refused = answers.filter((answer) => answer !== null);
    assert.ok(refused.length >= 200, `${refused.length} answers`);
    for (const answer of refused) {
      assert.equal(answer.status, 429);
      assert.match(answer.body, /net\.address_connections is 1\n$/);
    }
    assert.match(await honest.ask('/ping still'), / PONG .*still$/);
  });

  it('a full server answers 503, and its operations listener still works', async (t) => {
    const server = await serve(t, '--set', 'net.connections=2', '--operations', '127.0.0.1:0');
    const operations = Number(/listening for operations on http:\/\/127\.0\.0\.1:(\d+)/.exec(server.output)[1]);
    for (let n = 0; n < 2; ++n) await Client.connect(server);
    const answer = await get(server);
    assert.equal(answer.status, 503);
    assert.equal(answer.body, 'the server is full: net.connections is 2\n');
    assert.equal(answer.headers['retry-after'], '5');
    const there = { ...server, port: operations, on_stop: (end) => server.on_stop(end) };
    const ready = await get(there, undefined, 'GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n');
    assert.equal(ready.status, 200);
  });
});

describe('bans of addresses', () => {
  it('a banned address is refused with the reason before its request is read', async (t) => {
    const file = await operators_file({ name: 'root', password: 'pw' });
    const server = await serve(t, '--set', `operators_file=${file}`);
    const root = await Client.described(server);
    assert.match(await root.ask('/oper root pw'), / 381 /);
    root.send('/ban ip:127.0.0.2 * 10m too loud');
    await root.until(/ BAN /);
    assert.deepEqual(await closed(server, '127.0.0.2'), { code: 3507, reason: 'banned: too loud' });
    const answer = await get(server, '127.0.0.2');
    assert.equal(answer.status, 403);
    assert.equal(answer.body, 'banned: too loud\n');
    assert.equal(answer.headers['retry-after'], undefined);
    root.send('/unban ip:127.0.0.2 *');
    await root.until(/ UNBAN /);
    assert.equal((await get(server, '127.0.0.2')).status, 200);
  });
});

describe('the Origin header', { concurrency: 8 }, () => {
  const upgrade = async (server, headers) => (await RawConnection.connect(server)).upgrade({ headers });

  it('pages of the same origin may connect, others may not', async (t) => {
    const server = await serve(t);
    const Host = `localhost:${server.port}`;
    const status = async (Origin, host = Host) =>
      (await upgrade(server, { Host: host, Origin })).status;
    assert.equal(await status(`http://${Host}`), 101);
    assert.equal(await status(`http://${Host.toUpperCase()}`.replace('HTTP', 'http')), 101);
    assert.equal(await status(null), 101, 'who is no browser sends none');
    assert.equal(await status('http://example.org', 'example.org'), 101);
    assert.equal(await status('http://localhost'), 403, 'another port');
    assert.equal(await status('https://example.org', 'example.org'), 403, 'another scheme');
    assert.equal(await status('null'), 403);
    assert.equal(await status(''), 403);
  });

  it('the refusal names the origin and the configuration key', async (t) => {
    const server = await serve(t);
    const answer = await upgrade(server, { Origin: 'https://evil.example' });
    assert.equal(answer.status, 403);
    assert.equal(answer.body, 'Pages from https://evil.example may not connect here: net.origins ' +
      'does not list them\n');
    const raw = await RawConnection.connect(server);
    raw.write('GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
      `Origin: a\xc3\xa9<b>${'x'.repeat(500)}\r\n\r\n`);
    const { body } = await raw.response();
    assert.match(body, /^Pages from a[\\xa-f0-9]+\\x3cb\\x3ex+\.\.\. may/);
    assert.ok(body.length < 300);
  });

  it('a plain GET is allowed from every origin', async (t) => {
    const server = await serve(t);
    const text = Get.replace('\r\n\r\n', '\r\nOrigin: https://evil.example\r\n\r\n');
    assert.equal((await get(server, undefined, text)).status, 200);
  });

  it('a reload replaces the list of origins', async (t) => {
    const file = join(folder(), 'server.conf');
    const write = (list) => writeFileSync(file,
      `[[listen]]\naddress = "127.0.0.1:0"\n[net]\norigins = ${JSON.stringify(list)}\n`);
    write(['https://one.example', 'https://*.two.example']);
    const server = await serve(t, '--config', file);
    const status = async (Origin) => (await upgrade(server, { Origin })).status;
    assert.equal(await status('https://one.example'), 101);
    assert.equal(await status('https://a.two.example'), 101);
    assert.equal(await status('https://three.example'), 403);
    write(['https://three.example', 'null']);
    server.kill('SIGHUP');
    await poll(async () => (await status('https://three.example')) === 101, 'the reload');
    assert.equal(await status('https://one.example'), 403);
    assert.equal(await status('null'), 101);
    write(['three.example']);
    server.kill('SIGHUP');
    await poll(() => /net\.origins: 'three\.example' is not an origin/.test(server.output), 'the refusal of the configuration');
    assert.equal(await status('https://three.example'), 101, 'a wrong configuration changes nothing');
  });
});
