// Recovery from Redis after a crash or restart of the server.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { ServerChain } from './lib/server_chain.mjs';
import { get, serve_with_operations } from './lib/operations.mjs';
import { operators_file } from './lib/operators.mjs';
import { redis } from './lib/redis.mjs';
import { folder, run, serve } from './lib/server.mjs';
import { poll, within } from './lib/wait.mjs';

async function start_chain(t, ...settings) {
  const chain = new ServerChain(t, await redis(t), settings);
  await chain.next();
  return chain;
}

const tagged = { caps: ['tags', 'echo'] };

/// Returns a new client that resumes the session of `one` with its secret.
async function back(server, one, more = {}) {
  const client = await Client.connect(server);
  await client.describe({ id: one.id, secret: one.secret, ...more });
  return client;
}
async function say(client, label, target, text) {
  client.send(`@label=${label} /${target.startsWith('#') ? 'pubmsg' : 'privmsg'} ${target} ${text}`);
  const lines = await client.until(new RegExp(`label=${label}\\b.* (ACK|FAIL) `));
  const [, msgid, seq] = /msgid=([^;]+);seq=(\d+)/.exec(lines.at(-1)) ?? [];
  return { line: lines.at(-1), msgid, seq: Number(seq) };
}

describe('after kill -9', { concurrency: 2 }, () => {
  it('peers resume with channels, ranks and away, and others see nothing', async (t) => {
    const chain = await start_chain(t);
    const [ann, bob] = await Client.joined(chain.server, '#x', 'ann', 'bob');
    ann.send('/topic #x what was', '/op bob #x', '/away out');
    await ann.until(/ 306 /);
    assert.match((await say(ann, 'a', '#x', 'stored')).line, / ACK #x$/);
    const server = await chain.crash();
    const ann2 = await back(server, ann);
    const bob2 = await back(server, bob);
    assert.equal(ann2.session, 'resumed');
    assert.equal(bob2.session, 'resumed');
    const burst = await bob2.lines_until_pong();
    assert.ok(burst.some((one) => / 332 \S+ #x :what was$/.test(one)), burst.join('\n'));
    const names = burst.find((one) => / 353 /.test(one));
    for (const one of [ann, bob]) assert.ok(names.includes(`@${one.id}`), names);
    await ann2.lines_until_pong();
    ann2.send(`/whois ${bob.id}`);
    assert.ok((await ann2.until(/ 318 /)).some((one) => /"nick":"bob"/.test(one)));
    bob2.send('/privmsg ann hello');
    assert.match(await bob2.line(), / 301 .*:out$/);
    assert.match(await ann2.line(), / PRIVMSG \S+ :hello$/);
    assert.deepEqual(await ann2.lines_until_pong(), [], 'no QUIT, no JOIN');
  });

  it('an acknowledged message is logged once, and a retry gets the same ACK', async (t) => {
    const chain = await start_chain(t);
    const [ann, bob] = await Client.joined(chain.server, '#x', 'ann', 'bob');
    const before = await say(ann, 'one', '#x', 'said once');
    const private_one = await say(ann, 'two', bob.id, 'in private');
    const server = await chain.crash();
    const ann2 = await back(server, ann, tagged);
    await ann2.lines_until_pong();
    assert.deepEqual({ ...await say(ann2, 'one', '#x', 'said once'), line: '' }, { ...before, line: '' });
    assert.deepEqual({ ...await say(ann2, 'two', bob.id, 'in private'), line: '' },
      { ...private_one, line: '' });
    ann2.send('/history #x');
    const log = (await ann2.until(/ REPLAY #x end/)).filter((one) => / PUBMSG /.test(one));
    assert.equal(log.length, 1);
    assert.match(log[0], new RegExp(`msgid=${before.msgid};seq=${before.seq}.* :said once$`));
    const after = await say(ann2, 'three', '#x', 'later');
    assert.ok(after.seq > before.seq + 1_000, 'numbers leap, since some may have been given out');
  });

  it('a resume reports an incomplete replay and gets every stored message', async (t) => {
    const chain = await start_chain(t);
    const [ann, bob] = await Client.joined(chain.server, '#x', 'ann', 'bob');
    await say(ann, 'a', '#x', 'first');
    const { seq } = await say(ann, 'b', '#x', 'second');
    bob.send('/join #x');
    ann.send('/quit');
    await bob.until(/ QUIT/);
    const server = await chain.crash();
    const bob2 = await Client.connect(server);
    bob2.send(`/descp ${JSON.stringify({ id: bob.id, secret: bob.secret, ...tagged })}`);
    const [, epoch] = / CHANNEL #x ([0-9a-f]+):/.exec((await bob2.lines_until_pong()).join('\n'));
    bob2.raw.destroy();
    const bob3 = await Client.connect(server);
    bob3.send(`/descp ${JSON.stringify({ id: bob.id, secret: bob.secret, ...tagged,
      since: { '#x': `${epoch}:${seq - 1}` } })}`);
    const lines = await bob3.until(/ REPLAY #x end/);
    assert.ok(lines.some((one) => / REPLAY #x begin 1 0$/.test(one)), lines.join('\n'));
    assert.ok(lines.some((one) => / PUBMSG #x :second$/.test(one)));
  });

  it('records that could not be loaded are not inherited by another owner', async (t) => {
    const chain = await start_chain(t);
    const [ann, bob] = await Client.joined(chain.server, '#z', 'ann', 'bob');
    await say(ann, 'a', '#z', 'among us');
    await say(ann, 'b', bob.id, 'between us');
    const { store } = chain;
    await chain.server.crash();
    for (const index of (await store.ask('KEYS', 'signaller:channels:*')).split('\n')) {
      await store.ask('SREM', index, '#z');
    }
    const peers = `signaller:peers:${bob.id.slice(-2)}`;
    await store.ask('SREM', peers, bob.id);
    const server = await chain.next();
    const mal = await Client.described(server, { nick: 'mal', resume: 60 });
    await mal.join('#z');
    const taker = await Client.described(server, { id: bob.id });
    assert.equal(taker.session, 'new');
    await poll(async () => (await store.ask('HEXISTS', 'signaller:channel:#z', `m:${mal.id}`)) === '1' &&
      (await store.ask('SISMEMBER', peers, bob.id)) === '1', 'stored');
    const fields = (await store.ask('HKEYS', 'signaller:channel:#z')).split('\n');
    assert.deepEqual(fields.filter((one) => one.startsWith('m:')), [`m:${mal.id}`]);
    assert.equal(await store.ask('EXISTS', 'signaller:log:#z', `signaller:mail:${bob.id}`), '0');
  });

  it('a peer that does not resume leaves after its window with one QUIT', async (t) => {
    const chain = await start_chain(t, 'resume=700ms', 'resume_most=60s');
    const ann = await Client.described(chain.server, { nick: 'ann', resume: 60 });
    await ann.join('#x');
    const bob = await Client.described(chain.server, { nick: 'bob' });
    await bob.join('#x');
    await say(bob, 'l', '#x', 'x');
    const ann2 = await back(await chain.crash(), ann);
    const lines = await ann2.until(/ QUIT :connection lost$/);
    assert.match(lines.at(-1), /^(@\S+ )?:bob!/);
    assert.deepEqual(await ann2.lines_until_pong(), []);
  });

  it('bans, inboxes, persistent channels and the audit log are restored', async (t) => {
    const file = await operators_file({ name: 'root', password: 'pw' });
    const chain = await start_chain(t, `operators_file=${file}`);
    const root = await Client.described(chain.server, { nick: 'root', resume: 60 });
    assert.match(await root.ask('/oper root pw'), / 381 /);
    await root.join('#kept');
    root.send('/mode #kept +P', '/ban ip:203.0.113.0/24 * 1h spam');
    await root.until(/ BAN /);
    const bob = await Client.described(chain.server, { nick: 'bob', resume: 60 });
    await bob.join('#x');
    bob.raw.destroy();
    await poll(async () => {
      root.send('/whois bob');
      return /"state":"suspended"/.test((await root.until(/ 318 /)).join('\n'));
    }, 'bob is suspended');
    assert.match((await say(root, 'm', bob.id, 'for later')).line, / ACK /);
    root.send('/quit #kept');
    await root.until(/ PART /);
    await say(root, 'n', root.id, 'so that all of it is stored');
    const server = await chain.crash();
    const bob2 = await back(server, bob);
    assert.ok((await bob2.lines_until_pong()).some((one) => / PRIVMSG \S+ :for later$/.test(one)));
    const root2 = await Client.described(server, { nick: 'root2' });
    assert.match(await root2.ask('/oper root pw'), / 381 /);
    root2.send('/bans *');
    assert.ok((await root2.until(/ 368 /)).some((one) => /203\.0\.113\.0\/24/.test(one)));
    root2.send('/list');
    assert.ok((await root2.until(/ 323 /)).some((one) => / #kept /.test(one)));
    root2.send('/audit');
    const audit = (await root2.until(/ ACK | 219 | AUDIT .*oper/)).join('\n');
    assert.match(audit, /AUDIT/);
  });
});

describe('a restart', { concurrency: 2 }, () => {
  it('closes with 1012, and sequence numbers continue without a gap', async (t) => {
    const chain = await start_chain(t);
    const [ann, bob] = await Client.joined(chain.server, '#x', 'ann', 'bob');
    const { seq } = await say(ann, 'a', '#x', 'before');
    chain.server.kill('SIGTERM');
    for (const one of [ann, bob]) {
      await one.until(/ NOTICE \* :The server is restarting$/);
      const { code, reason } = await one.closed();
      assert.equal(code, 1012);
      assert.match(reason, /^retry_ms=\d+ /);
    }
    assert.deepEqual(await chain.server.end(), { code: 0, signal: null });
    const server = await chain.next();
    const bob2 = await Client.connect(server);
    bob2.send(`/descp ${JSON.stringify({ id: bob.id, secret: bob.secret, ...tagged })}`);
    const lines = await bob2.lines_until_pong();
    const [, epoch, at] = / CHANNEL #x ([0-9a-f]+):(\d+)/.exec(lines.join('\n'));
    assert.equal(Number(at), seq);
    const ann2 = await back(server, ann);
    await ann2.lines_until_pong();
    assert.equal((await say(ann2, 'b', '#x', 'after')).seq, seq + 1);
    bob2.raw.destroy();
    const bob3 = await Client.connect(server);
    bob3.send(`/descp ${JSON.stringify({ id: bob.id, secret: bob.secret, ...tagged,
      since: { '#x': `${epoch}:${seq}` } })}`);
    assert.ok((await bob3.until(/ REPLAY #x end/)).some((one) => / REPLAY #x begin 1 1$/.test(one)));
    assert.deepEqual((await ann2.lines_until_pong()).filter((one) => / (QUIT|JOIN|PART) /.test(one)), []);
  });

  it('sequence numbers do not repeat after an earlier crash', async (t) => {
    const chain = await start_chain(t);
    const ann = await Client.described(chain.server, { nick: 'ann', resume: 60 });
    await ann.join('#x');
    let last = (await say(ann, 'a', '#x', 'x')).seq;
    let client = ann;
    for (const crash of [false, true, true, false]) {
      if (crash) await chain.server.crash();
      else await chain.server.terminate();
      client = await back(await chain.next(), ann);
      await client.lines_until_pong();
      const { seq } = await say(client, `l${last}`, '#x', 'x');
      assert.ok(seq > last, `${seq} after ${last}`);
      last = seq;
    }
  });
});

describe('while Redis is unreachable', { concurrency: 2 }, () => {
  it('the server continues, reports the outage, and stores everything later', async (t) => {
    const file = await operators_file({ name: 'root', password: 'pw' });
    const store = await redis(t);
    const chain = new ServerChain(t, store, ['ack_timeout=600ms', 'store_timeout=300ms', `operators_file=${file}`]);
    const server = await chain.next(serve_with_operations);
    const [ann, bob] = await Client.joined(server, '#x', 'ann', 'bob');
    const root = await Client.described(server, { nick: 'root' });
    assert.match(await root.ask('/oper root pw'), / 381 /);
    assert.equal((await get(server, '/readyz')).status, 200);
    await store.end();
    await root.until(/ NOTICE \* :The store is unavailable: /);
    const degraded = await get(server, '/readyz');
    assert.equal(degraded.status, 503);
    assert.match(degraded.body, /degraded/);
    assert.equal((await get(server, '/livez')).status, 200);
    const refused = await say(ann, 'a', '#x', 'hello');
    assert.match(refused.line, / FAIL PUBMSG NOT_STORED /);
    assert.match(await bob.line(), / PUBMSG #x :hello$/);
    await store.start();
    await root.until(/ NOTICE \* :The store is available again/);
    const retried = await say(ann, 'a', '#x', 'hello');
    assert.match(retried.line, / ACK #x$/);
    assert.deepEqual(await bob.lines_until_pong(), [], 'not delivered twice');
    await poll(async () => (await get(server, '/readyz')).status === 200, 'ready again');
    await chain.server.crash();
    const ann2 = await back(await chain.next(), ann);
    await ann2.lines_until_pong();
    ann2.send('/history #x');
    assert.equal((await ann2.until(/ REPLAY #x end/)).filter((one) => /hello/.test(one)).length, 1);
  });

  it('an empty Redis is filled again', async (t) => {
    const chain = await start_chain(t);
    const [ann] = await Client.joined(chain.server, '#x', 'ann', 'bob');
    await say(ann, 'a', '#x', 'hello');
    await chain.store.ask('FLUSHALL');
    await chain.store.end();
    await chain.store.start();
    await poll(async () => (await chain.store.ask('HGET', `signaller:peer:${ann.id}`, 'nick')) === 'ann' &&
      Number(await chain.store.ask('XLEN', 'signaller:log:#x')) === 1, 'everything is there again');
  });

  it('an unresponsive Redis is detected', async (t) => {
    const chain = await start_chain(t, 'store_timeout=300ms', 'ack_timeout=500ms');
    const [ann] = await Client.joined(chain.server, '#x', 'ann', 'bob');
    chain.store.kill('SIGSTOP');
    assert.match((await say(ann, 'a', '#x', 'hello')).line, / FAIL PUBMSG NOT_STORED /);
    chain.store.kill('SIGCONT');
    await poll(async () => / ACK /.test((await say(ann, 'a', '#x', 'hello')).line), 'it is stored');
    assert.equal(Number(await chain.store.ask('XLEN', 'signaller:log:#x')), 1);
  });
});

describe('access to the store', { concurrency: 2 }, () => {
  it('a different secret key is refused, and its file is named', async (t) => {
    const chain = await start_chain(t);
    await Client.described(chain.server);  // from now on the store knows the key
    await chain.server.crash();
    const { key } = chain;
    chain.key = join(folder(), 'other-key');
    for (const again of [false, true]) {
      const { code, stderr, stdout } = await run(...chain.args, '--operations', 'off');
      assert.equal(code, 1);
      assert.match(stderr + stdout, /key file \S*other-key does not exist/, `again: ${again}`);
    }
    chain.key = key;
    await Client.described(await chain.next());
  });

  it('a key file that appears while the server waits is not overwritten', async (t) => {
    const store = await redis(t);
    await store.end();
    const chain = new ServerChain(t, store, []);
    const server = await chain.next();
    server.crashed = true;  // the server must end with an error
    const key = randomBytes(32);
    writeFileSync(chain.key, key, { mode: 0o600 });
    await store.start();
    const { code } = await within(server.run.ended, 'its end');
    assert.equal(code, 1);
    assert.match(server.output, /key: was created by another process after/);
    assert.deepEqual(readFileSync(chain.key), key);
    assert.equal(await store.ask('EXISTS', 'signaller:key'), '0');
  });

  it('a server that waits for a lease says so', async (t) => {
    const store = await redis(t);
    await store.end();
    const chain = new ServerChain(t, store, ['lease_ttl=10s']);
    const server = await chain.next(serve_with_operations);
    const says = (what) => poll(async () => {
      const { status, body } = await get(server, '/readyz');
      return status === 503 && what.test(body);
    }, String(what));
    await says(/^loading, or shutting down; the store: .*(refused|No such file)/);
    await store.start();
    await poll(async () => (await get(server, '/readyz')).status === 200, 'it is ready');
    await server.crash();
    await store.ask('SET', 'signaller:lease', 'bootX elsewhere 77 1 far-away', 'PX', 60_000);
    const next = await chain.next(serve_with_operations);
    server.operations = next.operations;
    await says(/the store: waiting until the lease of process 77 on elsewhere expires/);
    await poll(() => /waiting until the lease of process 77/.test(next.output), 'its log');
    await store.ask('DEL', 'signaller:lease');
    await poll(async () => (await get(next, '/readyz')).status === 200, 'it is ready');
  });

  it('a fenced server sends its clients to its successor', async (t) => {
    const chain = await start_chain(t, 'lease_ttl=1s', 'store_timeout=300ms');
    const ann = await Client.described(chain.server, { nick: 'ann', resume: 60 });
    await ann.join('#x');
    await say(ann, 'a', '#x', 'hello');
    const older = chain.server;
    older.kill('SIGSTOP');
    chain.port = 0;
    const server = await chain.next();
    const ann2 = await back(server, ann);
    assert.equal(ann2.session, 'resumed');
    await ann2.lines_until_pong();
    older.kill('SIGCONT');
    assert.equal((await ann.closed()).code, 1012);
    const { code } = await older.end();
    assert.notEqual(code, 0);
    older.crashed = true;  // the older server must end with an error
    assert.match(older.output, /another server has taken over/);
    assert.match((await say(ann2, 'b', '#x', 'here')).line, / ACK /);
  });

  it('the memory store is reported in the log and to clients', async (t) => {
    const server = await serve(t);
    await poll(() => /store: memory \(nothing survives a restart\)/.test(server.output), 'its log');
    const ann = await Client.connect(server);
    assert.ok((await ann.describe({})).some((one) => /\bDURABLE=0\b/.test(one)));
    const with_operations = await serve_with_operations(t);
    const ready = /^ready; store: memory: nothing survives/;
    await poll(async () => ready.test((await get(with_operations, '/readyz')).body), 'it is ready');
    assert.equal(JSON.parse((await get(with_operations, '/info')).body).durable, false);
  });
});
