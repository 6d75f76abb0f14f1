// Reverse proxies: which headers are trusted, and which address the client then has.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { new_pair } from './lib/certificate.mjs';
import { Client } from './lib/client.mjs';
import { operators_file } from './lib/operators.mjs';
import { RawConnection } from './lib/raw_connection.mjs';
import { Sanitized, folder, serve, serve_config } from './lib/server.mjs';
import { pause, turn } from './lib/wait.mjs';
import { frame, handshake } from './lib/websocket_frames.mjs';

const Proxy = '127.0.0.9';

/// Returns an operator with a direct connection.
async function operator(server) {
  const root = await Client.described(server);
  assert.match(await root.ask('/oper root pw'), / 381 /);
  return root;
}
/// Starts a server that trusts `Proxy`; returns it with a directly connected operator.
async function proxied(t, ...args) {
  const file = await operators_file({ name: 'root', password: 'pw' });
  const server = await serve(t, '--set', `operators_file=${file}`, '--set',
    `net.trusted_proxies=["${Proxy}"]`, ...args);
  return { server, root: await operator(server) };
}
/// Starts a server whose second listener, of this scheme, expects PROXY headers.
async function with_header_at(t, scheme, ...settings) {
  const operators = await operators_file({ name: 'root', password: 'pw' });
  const server = await serve_config(t, `
    [[listen]]
    address = "127.0.0.1:0"
    [[listen]]
    address = "${scheme}127.0.0.1:0"
    proxy = true`,
    '--set', `operators_file=${operators}`, '--set', `net.trusted_proxies=["${Proxy}"]`,
    ...settings);
  const behind = { ...server, port: server.ports.at(-1), on_stop: (end) => server.on_stop(end) };
  return { server, behind };
}
const with_header = (t, ...settings) => with_header_at(t, '', ...settings);
function with_header_and_tls(t, ...settings) {
  const { certificate, key } = new_pair();
  return with_header_at(t, 'wss://', '--set', `tls.certificate=${certificate}`, '--set',
    `tls.key=${key}`, ...settings);
}
/// Starts a TLS proxy that sends this header and then forwards bytes unread. The header comes in
/// one piece with the first bytes of the client, or byte by byte.
async function passing_on(server, header, { trickled = false } = {}) {
  const proxy = net.createServer((client) => {
    const onward = net.connect({ host: '127.0.0.1', port: server.tls_port, localAddress: Proxy,
      noDelay: true });
    const both = () => client.pipe(onward).pipe(client);
    client.on('error', () => onward.destroy()).on('close', () => onward.destroy());
    onward.on('error', () => client.destroy()).on('close', () => client.destroy());
    onward.once('connect', async () => {
      if (trickled) {
        for (const byte of Buffer.from(header)) {
          onward.write(Buffer.from([byte]));
          await turn();
        }
        both();
      } else {
        client.once('data', (first) => {
          onward.write(Buffer.concat([Buffer.from(header), first]));
          both();
        });
      }
    });
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  server.on_stop(() => proxy.close());
  return { tls_port: proxy.address().port, on_stop: (end) => server.on_stop(end) };
}
/// Returns a described client with the given forwarding header.
const client_of = (server, forwarded, description = {}) => Client.described(server, description,
  { local: Proxy, headers: { 'X-Forwarded-For': forwarded } });
/// Returns the address of a peer, as an operator sees it.
async function address_of(root, who) {
  root.send(`/whois ${who}`);
  const lines = await root.until(/ 318 /);
  return / 378 \S+ \S+ (\S+) :/.exec(lines.join('\n'))[1];
}

/// Returns a binary PROXY header. `family`: 0x11 or 0x21; `parts`: addresses and ports, as bytes.
function binary(command, family, ...parts) {
  const body = Buffer.concat(parts);
  const head = Buffer.from('0d0a0d0a000d0a515549540a00000000', 'hex');
  head[12] = command;
  head[13] = family;
  head.writeUInt16BE(body.length, 14);
  return Buffer.concat([head, body]);
}
const V4 = Buffer.from('cb007107' + '0a000001' + '1000' + '01bb', 'hex');  // 203.0.113.7
const V6 = Buffer.from('20010db8000000000000000000000007'.repeat(2) + '100001bb', 'hex');
const Text = 'PROXY TCP4 203.0.113.7 10.0.0.1 4096 443\r\n';

/// Sends a header and a handshake from the proxy; returns the described client.
async function behind_header(server, header, { trickled = false, local = Proxy } = {}) {
  const raw = await RawConnection.connect(server, { local });
  if (trickled) await raw.trickle(header);
  else raw.write(header);
  const answer = await raw.upgrade();
  assert.equal(answer.status, 101);
  const client = new Client(raw);
  await client.expect(/ NOTICE \* /);
  await client.describe({});
  return client;
}

describe('X-Forwarded-For', { concurrency: 8 }, () => {
  it('a trusted proxy sets the address of the client', async (t) => {
    const { server, root } = await proxied(t);
    const told = async (header) => address_of(root, (await client_of(server, header)).id);
    assert.equal(await told('203.0.113.7'), '203.0.113.7');
    assert.equal(await told('198.51.100.1, 203.0.113.7'), '203.0.113.7', 'the rightmost');
    assert.equal(await told('203.0.113.7, 127.0.0.9'), '203.0.113.7', 'a proxy is skipped');
    assert.equal(await told('[2001:db8::7]:4096'), '2001:db8::7');
    assert.equal(await told('203.0.113.7, nonsense'), Proxy, 'the last trusted hop');
  });

  it('the header is ignored from any other address', async (t) => {
    const { server, root } = await proxied(t);
    const liar = await Client.described(server, {},
      { local: '127.0.0.2', headers: { 'X-Forwarded-For': '203.0.113.7' } });
    assert.equal(await address_of(root, liar.id), '127.0.0.2');
  });

  it('a ban applies to the client, not to others behind the proxy', async (t) => {
    const { server, root } = await proxied(t);
    const victim = await client_of(server, '203.0.113.7');
    const other = await client_of(server, '203.0.113.8');
    root.send('/ban ip:203.0.113.7 * 10m spam');
    await root.until(/ BAN /);
    assert.equal((await victim.closed()).code, 3507);
    const again = await RawConnection.websocket(server,
      { local: Proxy, headers: { 'X-Forwarded-For': '203.0.113.7' } });
    assert.deepEqual(await again.closed(), { code: 3507, reason: 'banned: spam' });
    const raw = await RawConnection.connect(server, { local: Proxy });
    raw.write('GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n');
    assert.equal((await raw.response()).status, 403);
    assert.match(await other.ask('/ping still'), / PONG /);
    await client_of(server, '203.0.113.9');
  });

  it('the proxy cannot be banned', async (t) => {
    const { root } = await proxied(t);
    for (const range of [Proxy, '127.0.0.8/30']) {
      assert.match(await root.ask(`/ban ip:${range} *`),
        / FAIL BAN INVALID_VALUE ip :net\.trusted_proxies contains 127\.0\.0\.9: /);
    }
  });

  it('a ban from before the proxy was trusted does not apply to it', async (t) => {
    const operators = await operators_file({ name: 'root', password: 'pw' });
    const file = join(folder(), 'server.conf');
    writeFileSync(file, '[net]\ntrusted_proxies = []\n');
    const server = await serve(t, '--config', file, '--set', `operators_file=${operators}`);
    const root = await Client.described(server);
    assert.match(await root.ask('/oper root pw'), / 381 /);
    root.send(`/ban ip:${Proxy} * 1h`);
    await root.until(/ BAN /);
    const banned = await RawConnection.websocket(server, { local: Proxy });
    assert.equal((await banned.closed()).code, 3507);
    writeFileSync(file, `[net]\ntrusted_proxies = ["${Proxy}"]\n`);
    root.send('/rehash');
    await root.until(/ 382 /);
    const proxy = await Client.described(server, {}, { local: Proxy });
    assert.equal(await address_of(root, proxy.id), Proxy);
  });

  it('limits of an address apply to the client, not to the proxy', async (t) => {
    const { server } = await proxied(t, '--set', 'net.address_connections=1');
    await client_of(server, '203.0.113.7');
    await client_of(server, '203.0.113.8');
    const raw = await RawConnection.websocket(server,
      { local: Proxy, headers: { 'X-Forwarded-For': '203.0.113.7' } });
    assert.deepEqual(await raw.closed(),
      { code: 3504, reason: 'too many connections from 203.0.113.7: net.address_connections is 1' });
  });

  it('the Origin check uses the scheme of the forwarded request', async (t) => {
    const { server } = await proxied(t);
    const status = async (local, headers) => {
      const raw = await RawConnection.connect(server, { local });
      return (await raw.upgrade({ headers: { Host: 'example.org', ...headers } })).status;
    };
    const Origin = 'https://example.org';
    assert.equal(await status(Proxy, { Origin }), 101);
    assert.equal(await status(Proxy, { Origin, 'X-Forwarded-Proto': 'https' }), 101);
    assert.equal(await status(Proxy, { Origin, 'X-Forwarded-Proto': 'http' }), 403);
    assert.equal(await status(Proxy, { Origin: 'https://evil.example' }), 403);
    assert.equal(await status('127.0.0.2', { Origin, 'X-Forwarded-Proto': 'https' }), 403);
  });
});

describe('PROXY headers', { concurrency: 8 }, () => {
  it('set the client address: both versions, in one piece and byte by byte', async (t) => {
    const { server, behind } = await with_header(t);
    const root = await operator(server);
    for (const trickled of [false, true]) {
      for (const [header, address] of [[Text, '203.0.113.7'], [binary(0x21, 0x11, V4), '203.0.113.7'],
        [binary(0x21, 0x21, V6), '2001:db8::7'], [binary(0x20, 0, Buffer.alloc(0)), Proxy],
        ['PROXY UNKNOWN\r\n', Proxy],
        [binary(0x21, 0x11, V4, Buffer.from('04000300'.padEnd(12, '0'), 'hex')), '203.0.113.7']]) {
        const client = await behind_header(behind, header, { trickled });
        assert.equal(await address_of(root, client.id), address);
      }
    }
  });

  it('may share a segment with the handshake and messages', async (t) => {
    const { behind } = await with_header(t);
    const raw = await RawConnection.connect(behind, { local: Proxy });
    raw.write(Buffer.concat([binary(0x21, 0x11, V4), Buffer.from(handshake()), frame('/ping early')]));
    assert.equal((await raw.response()).status, 101);
    await raw.text();
    assert.match(await raw.text(), / PONG .*early$/);
  });

  it('are required: 400 tells what is wrong', async (t) => {
    const { behind } = await with_header(t);
    for (const [bytes, why] of [['GET / HTTP/1.1\r\nHost: x\r\n\r\n',
      /does not begin with the PROXY signature/],
      ['PROXY TCP4 x y 1 2\r\n', /address/], [binary(0x21, 0x12, V4), /family/],
      [binary(0x21, 0x11, V4.subarray(1)), /shorter/], [`PROXY UNKNOWN ${'x'.repeat(200)}`, /107/]]) {
      const raw = await RawConnection.connect(behind, { local: Proxy });
      raw.write(bytes);
      const answer = await raw.response();
      assert.equal(answer.status, 400);
      assert.match(answer.body, /^A PROXY header must come first here \(proxy = true\): /);
      assert.match(answer.body, why);
    }
  });

  it('must be complete within the deadline of the request', async (t) => {
    const { behind, server } = await with_header(t, '--set', 'net.handshake_timeout=1s');
    const raw = await RawConnection.connect(behind, { local: Proxy });
    raw.write('PROXY TCP4 203.');
    await raw.gone('the end of half a header', 4_000);
    await Client.connect(server);
  });

  it('are accepted from trusted proxies only', async (t) => {
    const { server, behind } = await with_header(t);
    const raw = await RawConnection.connect(behind, { local: '127.0.0.2' });
    raw.write(Text);
    const answer = await raw.response();
    assert.equal(answer.status, 403);
    assert.match(answer.body, /net\.trusted_proxies/);
    // On a listener without PROXY headers, such a header is an invalid request.
    const direct = await RawConnection.connect(server, { local: Proxy });
    direct.write(`${Text}GET / HTTP/1.1\r\nHost: x\r\n\r\n`);
    assert.equal((await direct.response()).status, 400);
  });

  it('bans and limits apply to the address in the header', async (t) => {
    const { server, behind } = await with_header(t, '--set', 'net.address_connections=1');
    const root = await operator(server);
    await behind_header(behind, Text);
    const second = await RawConnection.connect(behind, { local: Proxy });
    second.write(Text);
    await second.upgrade();
    assert.equal((await second.closed()).code, 3504);
    root.send('/ban ip:2001:db8::/32 * 1h');
    await root.until(/ BAN /);
    const banned = await RawConnection.connect(behind, { local: Proxy });
    banned.write(binary(0x21, 0x21, V6));
    banned.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    assert.equal((await banned.response()).status, 403);
  });

  it('without an address (LOCAL) allow the request to name the client', async (t) => {
    const { server, behind } = await with_header(t);
    const root = await Client.described(server);
    assert.match(await root.ask('/oper root pw'), / 381 /);
    for (const header of ['PROXY UNKNOWN\r\n', binary(0x20, 0, Buffer.alloc(0))]) {
      const raw = await RawConnection.connect(behind, { local: Proxy });
      raw.write(header);
      assert.equal((await raw.upgrade({ headers: { 'X-Forwarded-For': '203.0.113.7' } })).status, 101);
      const client = new Client(raw);
      await client.expect(/ NOTICE /);
      await client.describe({});
      assert.equal(await address_of(root, client.id), Proxy);
    }
  });

  it('of an outer proxy may be followed by X-Forwarded-For of an inner one', async (t) => {
    const { server, behind } = await with_header(t);
    const root = await operator(server);
    const raw = await RawConnection.connect(behind, { local: Proxy });
    raw.write(`PROXY TCP4 ${Proxy} 10.0.0.1 1 2\r\n`);
    await raw.upgrade({ headers: { 'X-Forwarded-For': '203.0.113.7' } });
    const client = new Client(raw);
    await client.expect(/ NOTICE /);
    await client.describe({});
    assert.equal(await address_of(root, client.id), '203.0.113.7');
  });
});

describe('PROXY headers before TLS', { concurrency: 8 }, () => {
  it('set the client address: both versions, in one piece and byte by byte', async (t) => {
    const { server } = await with_header_and_tls(t);
    const root = await operator(server);
    for (const trickled of [false, true]) {
      for (const [header, address] of [[Text, '203.0.113.7'],
        [binary(0x21, 0x11, V4), '203.0.113.7'], [binary(0x21, 0x21, V6), '2001:db8::7'],
        [binary(0x20, 0, Buffer.alloc(0)), Proxy]]) {
        const proxy = await passing_on(server, header, { trickled });
        const client = await Client.described(proxy, {}, { secure: {} });
        assert.equal(await address_of(root, client.id), address);
      }
    }
  });

  it('are required: an error is answered without TLS', async (t) => {
    const { server, behind } = await with_header_and_tls(t);
    const hello = Buffer.from('16030100ff010000fb0303', 'hex');
    for (const bytes of [hello, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'PROXY TCP4 x y 1 2\r\n',
      binary(0x21, 0x12, V4), Buffer.alloc(5_000, 0xff)]) {
      const raw = await RawConnection.connect(behind, { local: Proxy });
      raw.write(bytes);
      const answer = await raw.response();
      assert.equal(answer.status, 400);
      assert.match(answer.body, /^A PROXY header must come first here \(proxy = true\): /);
      await raw.gone();
    }
    await assert.rejects(RawConnection.connect(server, { local: Proxy, secure: {} }), /SSL|ECONNRESET/);
  });

  it('must be followed by TLS', async (t) => {
    const { behind } = await with_header_and_tls(t);
    const lost = await RawConnection.connect(behind, { local: Proxy });
    lost.write(`${Text}GET / HTTP/1.1\r\nHost: x\r\n\r\n`);
    const answer = await lost.response();
    assert.equal(answer.status, 400);
    assert.match(answer.body, /wss:\/\//);
    const nonsense = await RawConnection.connect(behind, { local: Proxy });
    nonsense.write(Buffer.concat([binary(0x21, 0x11, V4), Buffer.alloc(5_000, 0xff)]));
    await nonsense.gone();
  });

  it('are accepted from trusted proxies only, and bans apply to the address in the header', async (t) => {
    const { server, behind } = await with_header_and_tls(t);
    const root = await operator(server);
    const liar = await RawConnection.connect(behind, { local: '127.0.0.2' });
    liar.write(Text);
    await liar.gone();
    const proxy = await passing_on(server, Text);
    const victim = await Client.described(proxy, {}, { secure: {} });
    const other = await Client.described(await passing_on(server, binary(0x21, 0x21, V6)), {},
      { secure: {} });
    root.send('/ban ip:203.0.113.7 * 10m spam');
    await root.until(/ BAN /);
    assert.equal((await victim.closed()).code, 3507);
    const again = await RawConnection.websocket(proxy, { secure: {} });
    assert.deepEqual(await again.closed(), { code: 3507, reason: 'banned: spam' });
    assert.match(await other.ask('/ping still'), / PONG .*still$/);
  });
});

describe('an incomplete PROXY header uses no processor time', () => {
  const idle = async (server, wait) => {
    const before = server.processor_time;
    await wait();
    const took = server.processor_time - before;
    if (!Sanitized) assert.ok(took <= 100, `${took} ms`);
  };
  for (const [name, open] of [['plain', with_header], ['TLS', with_header_and_tls]]) {
    it(`half a header and nothing more, ${name}`, async (t) => {
      const { server, behind } = await open(t, '--set', 'net.handshake_timeout=1500ms');
      const hello = Buffer.from('160301', 'hex');
      for (const bytes of ['PROXY TCP4 203.', binary(0x21, 0x21, V6).subarray(0, 30),
        ...(name === 'TLS' ? [Buffer.concat([Buffer.from(Text), hello])] : [])]) {
        const raw = await RawConnection.connect(behind, { local: Proxy });
        raw.write(bytes);
        await idle(server, () => raw.gone());
      }
    });

    it(`one byte every few ms, ${name}`, async (t) => {
      const { server, behind } = await open(t);
      // A TLV without effect.
      const more = Buffer.concat([Buffer.from('0400c8', 'hex'), Buffer.alloc(200)]);
      const header = binary(0x21, 0x21, V6, more);
      const raw = await RawConnection.connect(behind, { local: Proxy });
      await idle(server, async () => {
        for (let at = 0; at < header.length; ++at) {
          raw.write(header.subarray(at, at + 1));
          await pause(4);
        }
      });
      raw.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      assert.equal((await raw.response()).status, name === 'TLS' ? 400 : 200);
    });
  }
});
