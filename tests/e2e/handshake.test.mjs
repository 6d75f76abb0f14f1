// The WebSocket handshake (RFC 6455 §4.2).
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { RawConnection } from './lib/raw_connection.mjs';
import { serve } from './lib/server.mjs';
import { frame, handshake } from './lib/websocket_frames.mjs';

/// Sends a handshake with these options and returns the response.
async function answer(server, options) {
  const raw = await RawConnection.connect(server);
  return raw.upgrade(options);
}

describe('the handshake', { concurrency: 8 }, () => {
  it('is answered with 101 and the right key', async (t) => {
    const server = await serve(t);
    const got = await answer(server, { key: 'dGhlIHNhbXBsZSBub25jZQ==' });
    assert.equal(got.status, 101);
    assert.equal(got.headers['sec-websocket-accept'], 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    assert.equal(got.headers.upgrade.toLowerCase(), 'websocket');
    assert.match(got.headers.connection, /upgrade/i);
  });

  it('accepts all headers of a browser', async (t) => {
    const server = await serve(t);
    const got = await answer(server, { headers: {
      Connection: 'keep-alive, Upgrade', Upgrade: 'WebSocket', Origin: 'http://localhost',
      'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits',
      'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36', Pragma: 'no-cache',
      Cookie: 'a=b; c=d', 'Accept-Language': 'en,de;q=0.9' } });
    assert.equal(got.status, 101);
    // permessage-deflate is never negotiated.
    assert.equal(got.headers['sec-websocket-extensions'], undefined);
  });

  it('ignores a query after the path', async (t) => {
    const server = await serve(t);
    assert.equal((await answer(server, { path: '/?who=ann' })).status, 101);
  });

  it('accepts the subprotocol signaller and no other', async (t) => {
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

  it('404 for an unknown path', async (t) => {
    const server = await serve(t);
    const got = await answer(server, { path: '/no/such' });
    assert.equal(got.status, 404);
    assert.match(got.body, /(^|\s)\/(\s|$)/m);
  });

  it('426 names the supported version', async (t) => {
    const server = await serve(t);
    for (const version of ['8', '12', '14', 'x']) {
      const got = await answer(server, { headers: { 'Sec-WebSocket-Version': version } });
      assert.equal(got.status, 426, `version ${version}`);
      assert.equal(got.headers['sec-websocket-version'], '13');
      assert.equal(got.headers.upgrade, 'websocket');
      assert.match(got.headers.connection, /upgrade/i);
    }
  });

  it('400 without a key, with an invalid key, or with two keys', async (t) => {
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

  it('400 for duplicate headers and folded lines', async (t) => {
    const server = await serve(t);
    for (const twice of ['Upgrade: websocket', 'Host: evil.example', 'Sec-WebSocket-Version: 13',
      'Origin: http://a\r\nOrigin: http://b', 'Content-Length: 5', 'Transfer-Encoding: x\r\n y',
      'X: a\nOrigin: http://b']) {
      const raw = await RawConnection.connect(server);
      raw.write(handshake().replace('\r\n\r\n', `\r\n${twice}\r\n\r\n`));
      assert.equal((await raw.response()).status, 400, twice);
    }
  });

  it('405 for other methods than GET', async (t) => {
    const server = await serve(t);
    const got = await answer(server, { method: 'POST' });
    assert.ok([400, 405].includes(got.status), got.first);
  });

  it('may be split at every byte', async (t) => {
    const server = await serve(t);
    const raw = await RawConnection.connect(server);
    await raw.trickle(handshake());
    assert.equal((await raw.response()).status, 101);
    assert.match(await raw.text(), / NOTICE \* /);
  });

  it('may be followed by frames in the same segment', async (t) => {
    const server = await serve(t);
    const raw = await RawConnection.connect(server);
    raw.write(Buffer.concat([Buffer.from(handshake()), frame('/ping early'), frame('/ping too')]));
    assert.equal((await raw.response()).status, 101);
    assert.match(await raw.text(), / NOTICE \* /);
    assert.match(await raw.text(), / PONG .*early/);
    assert.match(await raw.text(), / PONG .*too/);
  });

  it('succeeds for hundreds of clients at once', async (t) => {
    const server = await serve(t);
    const clients = await Promise.all(Array.from({ length: 300 }, () => Client.described(server)));
    assert.equal(new Set(clients.map((client) => client.id)).size, 300);
  });
});
