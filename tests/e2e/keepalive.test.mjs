// Who is there, who is not, and who takes more than a share.
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

describe('alive or not', { concurrency: 4 }, () => {
  it('who answers pings stays, as a background tab does, for as long as it likes', async (t) => {
    const server = await serve(t, ...quick);
    const ann = await Client.described(server);
    for (let n = 0; n < 8; ++n) ann.raw.write(frame(await next_ping(ann.raw), { op: Op.pong }));
    assert.match(await ann.ask('/ping here'), / PONG .*here$/);
  });

  it('who talks stays, with or without pongs', async (t) => {
    const server = await serve(t, ...quick);
    const ann = await Client.described(server);
    for (let n = 0; n < 8; ++n) {
      await next_ping(ann.raw);
      ann.send('/ping');
    }
  });

  it('who is silent is closed with 3012, and may come back', async (t) => {
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

  it('a pulled cable is found: nothing comes, nothing is taken', async (t) => {
    const server = await serve(t, ...quick);
    const [ann, bob] = await Client.joined(server, '#x', 'ann', 'bob');
    bob.raw.stop_reading();  // and answers nothing
    const gone = async () => {
      ann.raw.write(frame('', { op: Op.pong }));
      ann.send('/whois bob');
      return (await ann.until(/ 318 /)).some((line) => /"state":"suspended"/.test(line));
    };
    assert.ok(await poll(gone, 'bob is suspended'));
  });

  it('without pings nobody is asked', async (t) => {
    const server = await serve(t, ...set('net.ping_interval=0ms', 'net.pong_timeout=300ms'));
    const ann = await Client.described(server);
    await new Promise((resolve) => setTimeout(resolve, 900));
    assert.match(await ann.ask('/ping here'), / PONG .*here$/);
  });
});

describe('what is unfinished', { concurrency: 4 }, () => {
  it('a message that never ends is closed with 3013', async (t) => {
    const server = await serve(t, ...set('net.message_timeout=300ms'));
    for (const start of [frame('/ping', { fin: false }), frame('/ping').subarray(0, 3),
      frame('/ping').subarray(0, 1), frame('/ping').subarray(0, 8)]) {
      const ann = await Client.described(server);
      ann.raw.write(start);
      const closed = await ann.closed();
      assert.equal(closed.code, 3013);
      assert.match(closed.reason, /not whole after 300 ms \(net\.message_timeout\)/);
    }
  });

  it('trickling does not help', async (t) => {
    const server = await serve(t, ...set('net.message_timeout=300ms'));
    const ann = await Client.described(server);
    ann.raw.write(frame('x', { fin: false }));
    const drip = setInterval(() => ann.raw.write(frame('x', { op: Op.more, fin: false })), 20);
    t.after(() => clearInterval(drip));
    assert.equal((await ann.closed()).code, 3013);
  });

  it('control frames in between do not help', async (t) => {
    const server = await serve(t, ...set('net.message_timeout=300ms'));
    for (const op of [Op.ping, Op.pong]) {
      const ann = await Client.described(server);
      ann.raw.write(frame('x', { fin: false }));
      const drip = setInterval(() => ann.raw.write(frame('', { op })), 20);
      t.after(() => clearInterval(drip));
      assert.equal((await ann.closed()).code, 3013);
    }
  });

  it('whole messages in pieces are welcome, however many', async (t) => {
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

  it('all unfinished messages together have a bound: the oldest go', async (t) => {
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

  it('requests together have a bound: the oldest goes', async (t) => {
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

describe('shares', { concurrency: 4 }, () => {
  it('who floods is read more slowly, and loses nothing', async (t) => {
    const server = await serve(t, ...set('net.read_rate=65536', 'limits.cost_rate=0'));
    const flood = await Client.described(server);
    const honest = await Client.described(server);
    const many = 600;  // each counts for 256 bytes and its own
    const started = Date.now();
    flood.send('/ping first');
    for (let n = 0; n < many; ++n) flood.send(`/ping ${n}`);
    assert.match(await honest.ask('/ping here'), / PONG .*here$/);
    await flood.until(new RegExp(` PONG .*\\b${many - 1}$`));
    assert.ok(Date.now() - started > 1_500, 'slowed down');
  });

  it('pings that nobody reads the answers of do not grow the server', async (t) => {
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

  it('above the memory watermark nobody new is let in', async (t) => {
    const server = await serve(t, ...set('net.memory=1000000'));  // it has more from the start
    const refused = async () => {
      const raw = await RawConnection.connect(server);
      const answer = await raw.upgrade();
      return answer.status === 503 && answer;
    };
    const answer = await poll(refused, 'a refusal');
    assert.ok(answer.headers['retry-after']);
    await poll(() => /above net\.memory \(1000000\): nobody new is let in/.test(server.output),
      'a word in the log');
  });
});
