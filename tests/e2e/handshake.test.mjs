// The WebSocket handshake (RFC 6455 §4.2).
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { RawConnection } from './lib/raw_connection.mjs';
import { serve } from './lib/server.mjs';
import { frame, handshake } from './lib/websocket_frames.mjs';

/// The answer to a handshake with these options.
async function answer(server, options) {
  const raw = await RawConnection.connect(server);
  return raw.upgrade(options);
}

describe('handshakes', { concurrency: 8 }, () => {
  it('is answered with 101 and the right key', async (t) => {
    const server = await serve(t);
    const got = await answer(server, { key: 'dGhlIHNhbXBsZSBub25jZQ==' });
    assert.equal(got.status, 101);
    assert.equal(got.headers['sec-websocket-accept'], 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    assert.equal(got.headers.upgrade.toLowerCase(), 'websocket');
    assert.match(got.headers.connection, /upgrade/i);
  });

  it('a browser’s, with all its headers', async (t) => {
    const server = await serve(t);
    const got = await answer(server, { headers: {
      Connection: 'keep-alive, Upgrade', Upgrade: 'WebSocket', Origin: 'http://localhost',
      'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits',
      'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36', Pragma: 'no-cache',
      Cookie: 'a=b; c=d', 'Accept-Language': 'en,de;q=0.9' } });
    assert.equal(got.status, 101);
    // Compression is never agreed.
    assert.equal(got.headers['sec-websocket-extensions'], undefined);
  });

  it('a query is no part of the path', async (t) => {
    const server = await serve(t);
    assert.equal((await answer(server, { path: '/?who=ann' })).status, 101);
  });

  it('answers the subprotocol signaller and no other', async (t) => {
    const server = await serve(t);
    const asked = async (names) => {
      const got = await answer(server, { headers: { 'Sec-WebSocket-Protocol': names } });
      assert.equal(got.status, 101);
      return got.headers['sec-websocket-protocol'];
    };
    assert.equal(await asked('signaller'), 'signaller');
    assert.equal(await asked('chat, signaller, irc'), 'signaller');
    assert.equal(await asked('chat'), undefined);
    assert.equal(await asked('signaller2'), undefined);
  });

  it('404 on a path that nobody serves', async (t) => {
    const server = await serve(t);
    const got = await answer(server, { path: '/no/such' });
    assert.equal(got.status, 404);
    assert.match(got.body, /(^|\s)\/(\s|$)/m);
  });

  it('426 with the version that it speaks', async (t) => {
    const server = await serve(t);
    for (const version of ['8', '12', '14', 'x']) {
      const got = await answer(server, { headers: { 'Sec-WebSocket-Version': version } });
      assert.equal(got.status, 426, `version ${version}`);
      assert.equal(got.headers['sec-websocket-version'], '13');
    }
  });

  it('400 without a key, with an ill-formed one, or with two', async (t) => {
    const server = await serve(t);
    for (const key of [null, '', 'short', 'x'.repeat(24), 'dGhlIHNhbXBsZSBub25jZQ== x']) {
      const raw = await RawConnection.connect(server);
      raw.write(handshake({ headers: { 'Sec-WebSocket-Key': key } }));
      assert.equal((await raw.response()).status, 400, `key ${key}`);
    }
    const raw = await RawConnection.connect(server);
    const second = 'Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==';
    raw.write(handshake().replace('\r\n\r\n', `\r\n${second}\r\n\r\n`));
    assert.equal((await raw.response()).status, 400);
  });

  it('400 for what is there twice, or goes on where it must not', async (t) => {
    const server = await serve(t);
    for (const twice of ['Upgrade: websocket', 'Host: evil.example', 'Sec-WebSocket-Version: 13',
      'Origin: http://a\r\nOrigin: http://b', 'Content-Length: 5', 'Transfer-Encoding: x\r\n y',
      'X: a\nOrigin: http://b']) {
      const raw = await RawConnection.connect(server);
      raw.write(handshake().replace('\r\n\r\n', `\r\n${twice}\r\n\r\n`));
      assert.equal((await raw.response()).status, 400, twice);
    }
  });

  it('only GET can be upgraded', async (t) => {
    const server = await serve(t);
    const got = await answer(server, { method: 'POST' });
    assert.ok([400, 405].includes(got.status), got.first);
  });

  it('a handshake cut at every byte', async (t) => {
    const server = await serve(t);
    const raw = await RawConnection.connect(server);
    await raw.trickle(handshake());
    assert.equal((await raw.response()).status, 101);
    assert.match(await raw.text(), / NOTICE \* /);
  });

  it('frames in the same segment as the handshake are read', async (t) => {
    const server = await serve(t);
    const raw = await RawConnection.connect(server);
    raw.write(Buffer.concat([Buffer.from(handshake()), frame('/ping early'), frame('/ping too')]));
    assert.equal((await raw.response()).status, 101);
    assert.match(await raw.text(), / NOTICE \* /);
    assert.match(await raw.text(), / PONG .*early/);
    assert.match(await raw.text(), / PONG .*too/);
  });

  it('101 and the greeting can be followed by hundreds of others at once', async (t) => {
    const server = await serve(t);
    const clients = await Promise.all(Array.from({ length: 300 }, () => Client.described(server)));
    assert.equal(new Set(clients.map((client) => client.id)).size, 300);
  });
});
