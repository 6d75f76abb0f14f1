// How connections end (RFC 6455 §7), and which lines other clients then receive.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { RawConnection } from './lib/raw_connection.mjs';
import { serve } from './lib/server.mjs';
import { poll } from './lib/wait.mjs';
import { close_frame, frame } from './lib/websocket_frames.mjs';

/// Starts a server that keeps suspended peers for 1 ms only.
const forgetful = (t) => serve(t, '--set', 'resume=1ms');

describe('close frames of the client', { concurrency: 8 }, () => {
  const answered = (start, name, sent, code) => it(`${name}: is answered with ${code}`, async (t) => {
    const server = await start(t);
    const [ann, bob] = await Client.joined(server, '#x', 'ann', 'bob');
    bob.raw.write(sent);
    assert.equal((await bob.closed()).code, code);
    await bob.raw.gone();
    await ann.expect(/^:bob!\S+ QUIT :connection (closed|lost)$/);
  });

  // A close frame ends the session at once, whatever the resume window.
  answered(serve, 'code 1000', close_frame(1000, 'bye'), 1000);
  answered(serve, 'no code', close_frame(), 1005);
  answered(serve, 'the longest reason', close_frame(1000, 'x'.repeat(123)), 1000);
  for (const code of [1001, 1003, 1007, 1011, 3000, 3999, 4000, 4999]) {
    answered(forgetful, `code ${code}`, close_frame(code, 'bye'), code);
  }
  for (const code of [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535]) {
    answered(forgetful, `invalid code ${code}`, close_frame(code), 1002);
  }
  answered(forgetful, 'half a code', frame('\x03', { op: 8 }), 1002);
  answered(forgetful, 'a reason that is not UTF-8',
    frame(Buffer.from('03e8ff', 'hex'), { op: 8 }), 1007);

  for (const setting of ['net.shards=1', 'net.shards=2', 'net.core_thread=true']) {
    it(`a close frame is processed after the commands before it, ${setting}`, async (t) => {
      const server = await serve(t, '--set', setting);
      const ends = [[close_frame(1000), 1000], [frame('', { op: 2 }), 1003], [frame('x', { op: 3 }), 1002]];
      for (let i = 0; i < 24; ++i) {
        const ann = await Client.described(server, {});
        const [end, code] = ends[i % ends.length];
        ann.raw.write(Buffer.concat([frame('/nosuch'), frame('/ping a'), end, frame('/ping b')]));
        await ann.expect(/ 421 /);
        await ann.expect(/ PONG .*:a$/);
        assert.equal((await ann.closed()).code, code);
        await ann.raw.gone();
      }
    });
  }

  it('data after a close frame is ignored', async (t) => {
    const server = await serve(t);
    const [ann, bob] = await Client.joined(server, '#x', 'ann', 'bob');
    bob.raw.write(Buffer.concat([close_frame(1000), frame('/pubmsg #x ghost')]));
    await ann.expect(/^:bob!\S+ QUIT/);
    assert.deepEqual(await ann.lines_until_pong(), []);
  });
});

/// Returns whether a peer is suspended, according to the answer that `asker` gets.
async function is_suspended(asker, nick) {
  asker.send(`/whois ${nick}`);
  const lines = await asker.until(/ (318|401) /);
  return lines.some((line) => / 311 .*"state":"suspended"/.test(line));
}

describe('lost connections', { concurrency: 8 }, () => {
  const lost = (name, end) => {
    it(`${name}: the channel gets QUIT after the resume window`, async (t) => {
      const server = await forgetful(t);
      const [ann, bob] = await Client.joined(server, '#x', 'ann', 'bob');
      end(bob.raw);
      await ann.expect(/^:bob!\S+ QUIT :connection lost$/);
      // The nick is free again, so the session has ended.
      await Client.described(server, { nick: 'bob' });
    });
    it(`${name}: no QUIT is sent within the resume window`, async (t) => {
      const server = await serve(t);
      const [ann, bob] = await Client.joined(server, '#x', 'ann', 'bob');
      const asker = await Client.described(server);
      end(bob.raw);
      await poll(() => is_suspended(asker, 'bob'), 'the loss is noticed');
      const back = await Client.described(server, { id: bob.id, secret: bob.secret });
      assert.equal(back.session, 'resumed');
      await back.until(/ 366 \S+ #x /);
      assert.deepEqual(await ann.lines_until_pong(), []);
      back.send('/pubmsg #x still here');
      await ann.expect(/^:bob!\S+ PUBMSG #x :still here$/);
    });
  };

  lost('FIN', (raw) => raw.half_close());
  lost('RST', (raw) => raw.socket.resetAndDestroy());
  lost('FIN in the middle of a frame', (raw) => {
    raw.write(frame('/pubmsg #x cut').subarray(0, 9));
    raw.half_close();
  });
  lost('FIN in the middle of a message', (raw) => {
    raw.write(frame('/pubmsg #x cut', { fin: false }));
    raw.half_close();
  });
  lost('a page that is refreshed', (raw) => raw.write(close_frame(1001)));
  lost('a close frame with a bad code', (raw) => raw.write(close_frame(999)));
  lost('a breach of the rules', (raw) => raw.write(frame('/ping', { mask: false })));

  it('a half-closed socket is answered or closed', async (t) => {
    const server = await forgetful(t);
    const raws = await Promise.all(Array.from({ length: 50 }, () =>
      RawConnection.websocket(server, { half_open: true })));
    for (const raw of raws) {
      raw.write(frame('/descp {}\n/join #x\n/ping last'));
      raw.half_close();
    }
    await Promise.all(raws.map((raw) => raw.gone('the server’s end of a half-closed socket')));
    const client = await Client.described(server);
    await poll(async () => / 403 /.test(await client.ask('/whois #x')), 'no peer is left');
  });

  it('a socket may be half-closed before and within the handshake', async (t) => {
    const server = await serve(t);
    for (const text of ['', 'GET / HT', 'GET / HTTP/1.1\r\nHost: x\r\n']) {
      const raw = await RawConnection.connect(server, { half_open: true });
      raw.write(text);
      raw.half_close();
      await raw.gone(`the end after ${JSON.stringify(text)}`, 4_000);
    }
  });
});

describe('/quit', { concurrency: 8 }, () => {
  it('/quit sends QUIT to other clients and closes with 1000', async (t) => {
    const server = await serve(t);
    const [ann, bob] = await Client.joined(server, '#x', 'ann', 'bob');
    bob.send('/quit :see you');
    assert.equal((await bob.closed()).code, 1000);
    await bob.raw.gone();
    await ann.expect(/^:bob!\S+ QUIT :see you$/);
  });

  it('lines after /quit in the same message are ignored', async (t) => {
    const server = await serve(t);
    const [ann, bob] = await Client.joined(server, '#x', 'ann', 'bob');
    bob.send('/pubmsg #x first', '/quit', '/pubmsg #x ghost');
    await ann.expect(/ PUBMSG #x :first$/, /^:bob!\S+ QUIT/);
    assert.deepEqual(await ann.lines_until_pong(), []);
  });

  it('/quit works before /descp', async (t) => {
    const server = await serve(t);
    const client = await Client.connect(server);
    client.send('/quit');
    assert.equal((await client.closed()).code, 1000);
  });

  it('a client that does not answer the close frame is disconnected', async (t) => {
    const server = await serve(t);
    const raw = await RawConnection.websocket(server, { half_open: true });
    raw.write(frame('/quit'));
    assert.equal((await raw.closed()).code, 1000);
    await raw.gone('the cut after an unacknowledged close', 8_000);
  });
});

describe('the deadline for /descp', { concurrency: 8 }, () => {
  it('a client that does not describe itself is closed with 3502', async (t) => {
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
    assert.deepEqual(await good.lines_until_pong(), []);
  });
});
