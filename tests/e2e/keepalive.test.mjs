// Keep-alive, unfinished messages and read limits.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { RawConnection } from './lib/raw_connection.mjs';
import { serve } from './lib/server.mjs';
import { poll } from './lib/wait.mjs';
import { Op, frame, fragments } from './lib/websocket_frames.mjs';

const quick = ['--set', 'net.ping_interval=200ms', '--set', 'net.pong_timeout=700ms'];
const set = (...settings) => settings.flatMap((one) => ['--set', one]);

async function next_ping(raw) {
  for (;;) {
    const got = await raw.frame('a ping');
    assert.notEqual(got, null, 'the connection ended');
    assert.notEqual(got.op, Op.close, 'the connection was closed');
    if (got.op === Op.ping) return got.payload;
  }
}

describe('pings', { concurrency: 4 }, () => {
  it('a client that answers pings stays connected', async (t) => {
    const server = await serve(t, ...quick);
    const ann = await Client.described(server);
    for (let n = 0; n < 8; ++n) ann.raw.write(frame(await next_ping(ann.raw), { op: Op.pong }));
    assert.match(await ann.ask('/ping here'), / PONG .*here$/);
  });

  it('a client that sends lines but no pongs stays connected', async (t) => {
    const server = await serve(t, ...quick);
    const ann = await Client.described(server);
    for (let n = 0; n < 8; ++n) {
      await next_ping(ann.raw);
      ann.send('/ping');
    }
  });

  it('a silent client is closed with 3012 and may resume', async (t) => {
    const server = await serve(t, ...quick);
    const [ann, bob] = await Client.joined(server, '#x', 'ann', 'bob');
    const answering = (async () => {
      for (;;) bob.raw.write(frame(await next_ping(bob.raw), { op: Op.pong }));
    })();
    answering.catch(() => {});
    const closed = await ann.closed();
    assert.equal(closed.code, 3012);
    assert.match(closed.reason, /no pong.*700 ms.*net\.pong_timeout/);
    const again = await Client.connect(server);
    await again.describe({ id: ann.id, secret: ann.secret });
    assert.equal(again.session, 'resumed');
  });

  it('a client that neither sends nor reads is suspended', async (t) => {
    const server = await serve(t, ...quick);
    const [ann, bob] = await Client.joined(server, '#x', 'ann', 'bob');
    bob.raw.stop_reading();  // without reading, bob sends no pong
    const gone = async () => {
      ann.raw.write(frame('', { op: Op.pong }));
      ann.send('/whois bob');
      return (await ann.until(/ 318 /)).some((line) => /"state":"suspended"/.test(line));
    };
    assert.ok(await poll(gone, 'bob is suspended'));
  });

  it('no timeout applies when pings are off', async (t) => {
    const server = await serve(t, ...set('net.ping_interval=0ms', 'net.pong_timeout=300ms'));
    const ann = await Client.described(server);
    await new Promise((resolve) => setTimeout(resolve, 900));
    assert.match(await ann.ask('/ping here'), / PONG .*here$/);
  });
});

describe('unfinished messages', { concurrency: 4 }, () => {
  it('a message that is never finished is closed with 3013', async (t) => {
    const server = await serve(t, ...set('net.message_timeout=300ms'));
    for (const start of [frame('/ping', { fin: false }), frame('/ping').subarray(0, 3),
      frame('/ping').subarray(0, 1), frame('/ping').subarray(0, 8)]) {
      const ann = await Client.described(server);
      ann.raw.write(start);
      const closed = await ann.closed();
      assert.equal(closed.code, 3013);
      assert.match(closed.reason, /not complete after 300 ms \(net\.message_timeout\)/);
    }
  });

  it('fragments that arrive slowly do not extend the deadline', async (t) => {
    const server = await serve(t, ...set('net.message_timeout=300ms'));
    const ann = await Client.described(server);
    ann.raw.write(frame('x', { fin: false }));
    const drip = setInterval(() => ann.raw.write(frame('x', { op: Op.more, fin: false })), 20);
    t.after(() => clearInterval(drip));
    assert.equal((await ann.closed()).code, 3013);
  });

  it('control frames between fragments do not extend the deadline', async (t) => {
    const server = await serve(t, ...set('net.message_timeout=300ms'));
    for (const op of [Op.ping, Op.pong]) {
      const ann = await Client.described(server);
      ann.raw.write(frame('x', { fin: false }));
      const drip = setInterval(() => ann.raw.write(frame('', { op })), 20);
      t.after(() => clearInterval(drip));
      assert.equal((await ann.closed()).code, 3013);
    }
  });

  it('finished messages in fragments are accepted in any number', async (t) => {
    const server = await serve(t, ...set('net.message_timeout=300ms', 'limits.cost_rate=0'));
    const ann = await Client.described(server);
    const until = Date.now() + 1500;
    for (let n = 0; Date.now() < until; ++n) {
      const [first, ...rest] = fragments([`/pi`, `ng ${n}`]);
      ann.raw.write(first);
      ann.raw.write(frame('', { op: Op.ping }));
      for (const piece of rest) ann.raw.write(piece);
      await ann.expect(new RegExp(` PONG .*\\b${n}$`));
    }
  });

  it('all unfinished messages have a common limit, the oldest are dropped', async (t) => {
    const server = await serve(t, ...set('net.message_bytes=1048576', 'limits.address_rate=0',
      'net.shards=1'));
    const honest = await Client.described(server);
    const hoarders = [];
    for (let n = 0; n < 8; ++n) {
      const one = await Client.described(server);
      one.raw.write(frame('x'.repeat(200_000), { fin: false }));
      hoarders.push(one);
      assert.match(await honest.ask(`/ping ${n}`), / PONG /);
    }
    for (const one of hoarders.slice(0, 3)) {
      const { code, reason } = await one.closed();
      assert.equal(code, 3013);
      assert.match(reason, /net\.message_bytes/);
    }
    const [first, last] = fragments(['/ping in ', 'two pieces']);
    honest.raw.write(first);
    honest.raw.write(last);
    await honest.expect(/ PONG .*in two pieces$/);
  });

  it('all requests have a common limit, the oldest is answered 503', async (t) => {
    const server = await serve(t,
      ...set('net.request_bytes=1048576', 'net.shards=1', 'net.handshake_timeout=1m'));
    const slow = [];
    for (let n = 0; n < 200; ++n) {
      const raw = await RawConnection.connect(server);
      raw.write(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(7_000)}`);
      slow.push(raw);
    }
    const answer = await slow[0].response();
    assert.equal(answer.status, 503);
    assert.match(answer.body, /net\.request_bytes/);
    assert.ok(answer.headers['retry-after']);
    const honest = await Client.described(server);
    assert.match(await honest.ask('/ping here'), / PONG .*here$/);
  });
});

describe('limits on reading', { concurrency: 4 }, () => {
  it('a client above net.read_rate is read more slowly and loses nothing', async (t) => {
    const server = await serve(t, ...set('net.read_rate=65536', 'limits.cost_rate=0'));
    const flood = await Client.described(server);
    const honest = await Client.described(server);
    const many = 600;  // each message counts as 256 bytes more than its size
    const started = Date.now();
    flood.send('/ping first');
    for (let n = 0; n < many; ++n) flood.send(`/ping ${n}`);
    assert.match(await honest.ask('/ping here'), / PONG .*here$/);
    await flood.until(new RegExp(` PONG .*\\b${many - 1}$`));
    assert.ok(Date.now() - started > 1_500, 'the server slowed it down');
  });

  it('pongs that the client does not read do not use memory', async (t) => {
    const server = await serve(t);
    const before = server.resident;
    const flood = await Client.described(server);
    flood.raw.stop_reading();
    const pings = Buffer.concat(Array.from({ length: 500 }, () =>
      frame('x'.repeat(125), { op: Op.ping })));
    let over = false;
    flood.raw.over.then(() => (over = true));
    flood.raw.socket.on('error', () => (over = true));
    for (let n = 0; n < 200 && !over; ++n) {
      await Promise.race([new Promise((resolve) => flood.raw.socket.write(pings, resolve)),
        new Promise((resolve) => setTimeout(resolve, 300))]);
    }
    assert.ok(server.resident - before < 20_000, `${server.resident - before} KiB`);
  });

  it('new connections are refused above net.memory', async (t) => {
    // The process always uses more memory than this limit.
    const server = await serve(t, ...set('net.memory=1000000'));
    const refused = async () => {
      const raw = await RawConnection.connect(server);
      const answer = await raw.upgrade();
      return answer.status === 503 && answer;
    };
    const answer = await poll(refused, 'a refusal');
    assert.ok(answer.headers['retry-after']);
    await poll(() => /above net\.memory \(1000000\): new connections are refused/.test(server.output),
      'a log line');
  });
});
