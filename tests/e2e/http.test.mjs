// Plain HTTP on the chat port: requests of browsers, health checks and scanners.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RawConnection as Raw } from './lib/raw_connection.mjs';
import { serve } from './lib/server.mjs';
import { pause } from './lib/wait.mjs';

const request = (method, path, ...headers) =>
  `${[`${method} ${path} HTTP/1.1`, 'Host: localhost', ...headers].join('\r\n')}\r\n\r\n`;

/// Sends one request on a new connection.
async function ask(server, text, options) {
  const raw = await Raw.connect(server);
  raw.write(text);
  return raw.response(`the answer to ${JSON.stringify(String(text).slice(0, 60))}`, options);
}

describe('accepted requests', { concurrency: 8 }, () => {
  it('GET / is a plain page with the line to paste', async (t) => {
    const server = await serve(t);
    const page = await ask(server, request('GET', '/'));
    assert.equal(page.status, 200);
    assert.match(page.headers['content-type'], /^text\/html; *charset=utf-8$/i);
    assert.equal(Number(page.headers['content-length']), Buffer.byteLength(page.body));
    assert.match(page.body, /wscat -c ws:\/\/localhost/);
  });

  it('the page does not repeat an invalid Host header', async (t) => {
    const server = await serve(t);
    const page = await ask(server, 'GET / HTTP/1.1\r\nHost: <script>alert(1)</script>\r\n\r\n');
    assert.doesNotMatch(page.body, /<script>alert/);
  });

  it('HEAD / has the same headers and no body', async (t) => {
    const server = await serve(t);
    const page = await ask(server, request('GET', '/'));
    const raw = await Raw.connect(server);
    raw.write(request('HEAD', '/'));
    const head = await raw.response('HEAD', { head: true });
    assert.equal(head.status, 200);
    assert.equal(head.headers['content-length'], page.headers['content-length']);
    assert.equal(head.headers['content-type'], page.headers['content-type']);
  });

  it('GET /livez is 200, also with a query', async (t) => {
    const server = await serve(t);
    assert.equal((await ask(server, request('GET', '/livez'))).status, 200);
    assert.equal((await ask(server, request('GET', '/livez?from=test'))).status, 200);
  });

  it('HTTP/1.0 is answered, as health checks of proxies use it', async (t) => {
    const server = await serve(t);
    for (const text of ['GET /livez HTTP/1.0\r\n\r\n', 'HEAD / HTTP/1.0\r\n\r\n',
      'GET / HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n']) {
      const raw = await Raw.connect(server);
      raw.write(text);
      const answer = await raw.response(text, { head: text.startsWith('HEAD') });
      assert.equal(answer.status, 200, text);
      assert.equal(answer.headers.connection, 'close');
      await raw.gone();
    }
  });

  it('OPTIONS * is answered, also with an empty Host', async (t) => {
    const server = await serve(t);
    const answer = await ask(server, 'OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n');
    assert.equal(answer.status, 200);
    assert.ok(Math.abs(Date.parse(answer.headers.date) - Date.now()) < 60_000, answer.headers.date);
  });

  it('404 lists the existing paths', async (t) => {
    const server = await serve(t);
    for (const path of ['/no/such', '/..', '/%2e%2e/etc/passwd', '//']) {
      const answer = await ask(server, request('GET', path));
      assert.equal(answer.status, 404, path);
      assert.match(answer.body, /\/livez/);
      assert.match(answer.body, /(^|\s)\/(\s|$)/m);
    }
  });

  it('405 names the allowed methods', async (t) => {
    const server = await serve(t);
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await ask(server, request(method, '/', 'Content-Length: 0'));
      assert.equal(answer.status, 405, method);
      assert.match(answer.headers.allow, /GET/);
    }
  });

  it('OPTIONS names the allowed methods', async (t) => {
    const server = await serve(t);
    const answer = await ask(server, request('OPTIONS', '/', 'Connection: close'));
    assert.equal(answer.status, 204);
    assert.equal(answer.headers.allow, 'GET, HEAD, OPTIONS');
    assert.equal(answer.headers['content-length'], undefined);
  });

  it('a connection is kept for later requests and for a handshake', async (t) => {
    const server = await serve(t);
    const raw = await Raw.connect(server);
    for (let count = 0; count < 20; count += 1) {
      raw.write(request('GET', '/'));
      const page = await raw.response(`page ${count}`);
      assert.equal(page.status, 200);
      assert.equal(page.headers.connection, 'keep-alive');
      assert.equal(page.headers['keep-alive'], 'timeout=60');
    }
    assert.equal((await raw.upgrade()).status, 101);
    assert.match(String((await raw.frame()).payload), /Welcome/);
  });

  it('pipelined requests are answered in order', async (t) => {
    const server = await serve(t);
    const raw = await Raw.connect(server);
    raw.write(request('GET', '/').repeat(50) + request('GET', '/livez'));
    for (let count = 0; count < 50; count += 1) {
      assert.match((await raw.response(`page ${count}`)).body, /wscat/);
    }
    const last = await raw.response('the last');
    assert.equal(last.body, 'alive\n');
    assert.equal(last.headers.connection, 'close');
    await raw.gone();
  });

  it('a page costs its address one unit, and 429 says when to come back', async (t) => {
    const server = await serve(t, '--set', 'limits.address_rate=0.5',
      '--set', 'limits.address_burst=100');
    const raw = await Raw.connect(server);
    let page = { status: 200 };
    for (let count = 0; count < 200 && page.status === 200; count += 1) {
      raw.write(request('GET', '/'));
      page = await raw.response(`page ${count}`);
    }
    assert.equal(page.status, 429);
    assert.match(page.body, /limits\.address_rate; wait_ms=\d+/);
    assert.match(page.headers['retry-after'], /^[12]$/);
  });

  it('a request may be cut at every byte', async (t) => {
    const server = await serve(t);
    const raw = await Raw.connect(server);
    await raw.trickle(request('GET', '/livez'));
    assert.equal((await raw.response()).status, 200);
  });
});

describe('refused requests', { concurrency: 8 }, () => {
  const refused = (name, status, text) => it(`${status}: ${name}`, async (t) => {
    const server = await serve(t);
    const raw = await Raw.connect(server);
    raw.write(text);
    const answer = await raw.response(name);
    assert.equal(answer?.status, status);
    await raw.gone();
    assert.equal((await ask(server, request('GET', '/livez'))).status, 200);
  });

  refused('a line that is no request', 400, 'hello\r\n\r\n');
  refused('a header without a colon', 400, 'GET / HTTP/1.1\r\nHost: localhost\r\nnonsense\r\n\r\n');
  refused('no Host', 400, 'GET / HTTP/1.1\r\n\r\n');
  refused('an IRC client', 400, 'NICK ann\r\nUSER ann 0 * :ann\r\n\r\n');
  refused('one header above 8 KiB', 431, request('GET', '/', `X: ${'x'.repeat(8_300)}`));
  refused('many headers above 8 KiB', 431,
    request('GET', '/', ...Array.from({ length: 500 }, (_, at) => `X-${at}: ${'x'.repeat(20)}`)));
  refused('a path above 8 KiB', 414, request('GET', `/${'x'.repeat(9_000)}`));
  refused('a header that never ends', 431, `GET / HTTP/1.1\r\nX: ${'x'.repeat(1 << 20)}`);

  refused('a Host that is none', 400, 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n');
  refused('two Hosts', 400, request('GET', '/', 'Host: other'));
  refused('a folded header', 400, request('GET', '/', 'X: a', ' b'));
  refused('a space before a colon', 400, request('GET', '/', 'Content-Length : 5'));
  refused('lines that end with LF', 400, 'GET / HTTP/1.1\nHost: localhost\n\n');
  refused('a control character', 400, request('GET', '/', 'X: \x1b[2J'));
  refused('two lengths', 400, request('GET', '/', 'Content-Length: 0', 'Content-Length: 5'));
  refused('a length and chunks', 400,
    request('GET', '/', 'Content-Length: 5', 'Transfer-Encoding: chunked'));
  refused('chunks', 501, request('GET', '/', 'Transfer-Encoding: chunked'));
  refused('the whole address of another kind', 400, request('GET', 'ftp://localhost/'));
  refused('HTTP/2.0', 505, 'GET / HTTP/2.0\r\nHost: localhost\r\n\r\n');
  refused('an unknown method', 501, request('BREW', '/'));

  it('request smuggling fails', async (t) => {
    const server = await serve(t);
    const hidden = request('GET', '/livez');
    for (const [count, first] of [
      [1, request('GET', '/', 'Connection: close')],
      [1, request('HEAD', '/', 'Connection: foo, Close')],
      // The declared body ends 10 bytes before the end of `hidden`. The server takes these 10 bytes
      // for a second request and refuses it.
      [2, request('GET', '/', `Content-Length: ${hidden.length - 10}`)],
      [1, request('POST', '/', 'Transfer-Encoding: chunked') + '0\r\n\r\n'],
      [1, request('GET', '/', 'Upgrade: websocket', 'Connection: Upgrade')],
      [1, request('GET', '/no/such')]]) {
      const raw = await Raw.connect(server);
      const said = [];
      raw.socket.on('data', (data) => said.push(data));
      raw.write(first + hidden);
      await raw.gone();
      const text = Buffer.concat(said).toString('latin1');
      assert.equal(text.match(/HTTP\/1\.1 \d/g)?.length, count, text);
      assert.match(text, /^Connection: close(, Upgrade)?\r$/m);
      assert.doesNotMatch(text, /alive\n/);
    }
  });

  it('headers just below the limit are accepted', async (t) => {
    const server = await serve(t);
    const bare = request('GET', '/livez', 'X: ').length;
    const answer = await ask(server, request('GET', '/livez', `X: ${'x'.repeat(8_000 - bare)}`));
    assert.equal(answer.status, 200);
  });

  it('bytes that are not text are refused, for example TLS', async (t) => {
    const server = await serve(t);
    const hello = Buffer.from('16030100a5010000a10303', 'hex');
    for (const bytes of [hello, Buffer.alloc(600), Buffer.alloc(20_000, 0xff)]) {
      const raw = await Raw.connect(server);
      raw.write(bytes);
      raw.half_close();
      await raw.gone('the end for bytes that are no HTTP');
    }
    assert.equal((await ask(server, request('GET', '/livez'))).status, 200);
  });

  it('a request that announces a large body is answered at once', async (t) => {
    const server = await serve(t);
    const raw = await Raw.connect(server);
    raw.write(request('POST', '/', 'Content-Length: 99999999999'));
    const answer = await raw.response();
    assert.ok([400, 405, 413].includes(answer.status), answer.first);
    await raw.gone();
  });
});

describe('slow requests', { concurrency: 8 }, () => {
  /// Expects the server to cut the connection after 5 s, even if bytes still arrive.
  async function cut(server, feed) {
    const raw = await Raw.connect(server);
    const start = Date.now();
    const feeding = feed(raw);
    await raw.gone('the end of a slow handshake', 15_000);
    const took = Date.now() - start;
    await feeding;
    assert.ok(took > 4_000 && took < 12_000, `${took} ms`);
  }

  it('are closed at the deadline', async (t) => {
    const server = await serve(t);
    await Promise.all([
      cut(server, async () => {}),
      cut(server, async (raw) => raw.write('GET / HTTP/1.1\r\nHost: localhost\r\n')),
      cut(server, async (raw) => {
        raw.write('GET / HTTP/1.1\r\n');
        for (let at = 0; at < 60 && raw.socket.writable; ++at) {
          raw.write(`X-${at}: x\r\n`);
          await pause(200);
        }
      }),
    ]);
  });

  it('the deadline can be set', async (t) => {
    const server = await serve(t, '--set', 'net.handshake_timeout=300ms');
    const raw = await Raw.connect(server);
    const start = Date.now();
    await raw.gone('the end of a slow handshake', 4_000);
    assert.ok(Date.now() - start < 3_500);
  });
});
