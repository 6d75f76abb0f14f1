// Ends of connections, of every kind (RFC 6455 §7), and what others see of them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { Raw } from './lib/raw.mjs';
import { serve } from './lib/server.mjs';
import { close_frame, frame } from './lib/wire.mjs';

describe('close frames of the client', { concurrency: 8 }, () => {
  const answered = (name, sent, code) => it(`${name}: answered ${code}`, async (t) => {
    const server = await serve(t);
    const [ann, bob] = await Client.joined(server, '#x', 'ann', 'bob');
    bob.raw.write(sent);
    assert.equal((await bob.closed()).code, code);
    await bob.raw.gone();
    await ann.expect(/^:bob!\S+ QUIT/);
  });

  for (const code of [1000, 1001, 1003, 1007, 1011, 3000, 3999, 4000, 4999]) {
    answered(`code ${code}`, close_frame(code, 'bye'), code);
  }
  answered('no code', close_frame(), 1005);
  answered('the longest reason', close_frame(1000, 'x'.repeat(123)), 1000);
  for (const code of [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535]) {
    answered(`invalid code ${code}`, close_frame(code), 1002);
  }
  answered('half a code', frame('\x03', { op: 8 }), 1002);
  answered('a reason that is not UTF-8',
    frame(Buffer.from('03e8ff', 'hex'), { op: 8 }), 1007);

  it('what comes after a close frame is not read', async (t) => {
    const server = await serve(t);
    const [ann, bob] = await Client.joined(server, '#x', 'ann', 'bob');
    bob.raw.write(Buffer.concat([close_frame(1000), frame('/pubmsg #x ghost')]));
    await ann.expect(/^:bob!\S+ QUIT/);
    assert.deepEqual(await ann.pending(), []);
  });
});

describe('ends without a close frame', { concurrency: 8 }, () => {
  const quits = (name, end) => it(`${name}: a QUIT to the channel`, async (t) => {
    const server = await serve(t);
    const [ann, bob] = await Client.joined(server, '#x', 'ann', 'bob');
    end(bob.raw);
    await ann.expect(/^:bob!\S+ QUIT/);
    await Client.described(server, { nick: 'bob' });  // the nick is free again
  });

  quits('FIN', (raw) => raw.half_close());
  quits('RST', (raw) => raw.socket.resetAndDestroy());
  quits('FIN in the middle of a frame', (raw) => {
    raw.write(frame('/pubmsg #x cut').subarray(0, 9));
    raw.half_close();
  });
  quits('FIN in the middle of a message', (raw) => {
    raw.write(frame('/pubmsg #x cut', { fin: false }));
    raw.half_close();
  });

  it('a half-closed socket: is answered or cut, never held', async (t) => {
    const server = await serve(t);
    const raws = await Promise.all(Array.from({ length: 50 }, () =>
      Raw.websocket(server, { half_open: true })));
    for (const raw of raws) {
      raw.write(frame('/descp {}\n/join #x\n/ping last'));
      raw.half_close();
    }
    await Promise.all(raws.map((raw) => raw.gone('the server’s end of a half-closed socket')));
    const client = await Client.described(server);
    client.send('/peers #x');
    assert.match(await client.line(), / (403|366) /);  // nobody stayed behind
  });

  it('half-closed before and within the handshake', async (t) => {
    const server = await serve(t);
    for (const text of ['', 'GET / HT', 'GET / HTTP/1.1\r\nHost: x\r\n']) {
      const raw = await Raw.connect(server, { half_open: true });
      raw.write(text);
      raw.half_close();
      await raw.gone(`the end after ${JSON.stringify(text)}`, 4_000);
    }
  });
});

describe('/quit', { concurrency: 8 }, () => {
  it('closes with 1000 after the others were told', async (t) => {
    const server = await serve(t);
    const [ann, bob] = await Client.joined(server, '#x', 'ann', 'bob');
    bob.send('/quit :see you');
    assert.equal((await bob.closed()).code, 1000);
    await bob.raw.gone();
    await ann.expect(/^:bob!\S+ QUIT :see you$/);
  });

  it('what follows in the same frame is not done', async (t) => {
    const server = await serve(t);
    const [ann, bob] = await Client.joined(server, '#x', 'ann', 'bob');
    bob.send('/pubmsg #x first', '/quit', '/pubmsg #x ghost');
    await ann.expect(/ PUBMSG #x :first$/, /^:bob!\S+ QUIT/);
    assert.deepEqual(await ann.pending(), []);
  });

  it('works before /descp', async (t) => {
    const server = await serve(t);
    const client = await Client.connect(server);
    client.send('/quit');
    assert.equal((await client.closed()).code, 1000);
  });

  it('a client that never acknowledges is cut all the same', async (t) => {
    const server = await serve(t);
    const raw = await Raw.websocket(server, { half_open: true });
    raw.write(frame('/quit'));
    assert.equal((await raw.closed()).code, 1000);
    await raw.gone('the cut after an unacknowledged close', 8_000);
  });
});

describe('the deadline for /descp', { concurrency: 8 }, () => {
  it('3502 when nobody describes itself', async (t) => {
    const server = await serve(t, '--set', 'describe_timeout=1s');
    const silent = await Client.connect(server);
    const wrong = await Client.connect(server);
    wrong.send('/descp {', '/join #x', '/ping x');
    const start = Date.now();
    const good = await Client.described(server, { nick: 'ann' });
    for (const client of [silent, wrong]) {
      const closed = await client.closed(8_000);
      assert.equal(closed.code, 3502);
      assert.match(closed.reason, /descp/);
    }
    assert.ok(Date.now() - start > 500);
    assert.deepEqual(await good.pending(), []);
  });
});
