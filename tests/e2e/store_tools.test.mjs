// `signaller inspect` and `signaller gc` on the stores of running and dead servers.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { redis } from './lib/redis.mjs';
import { folder, launch, run, serve, Binary } from './lib/server.mjs';
import { poll, within } from './lib/wait.mjs';

const digest = (store) => store.ask('DEBUG', 'DIGEST');

/// A Redis whose whole content can be reported as one value.
const digestible = (t, ...settings) => redis(t, '--enable-debug-command', 'yes', ...settings);

/// Starts a server on this Redis; the next server uses the same key file.
async function server_on(t, store, key = join(folder(), 'key')) {
  const server = await serve(t, '--store', store.url, '--set', `secret_key_file=${key}`);
  server.key = key;
  return server;
}

/// Creates two members of #x, one of them with private messages; resolves when all is stored.
async function talk(server) {
  const [ann, bob] = await Client.joined(server, '#x', 'ann', 'bob');
  for (const [label, line] of [['a', '/pubmsg #x stored'], ['b', `/privmsg ${bob.id} for you`]]) {
    ann.send(`@label=${label} ${line}`);
    await ann.until(new RegExp(`label=${label}\\b.* ACK `));
  }
  return [ann, bob];
}

async function inspect(store, ...args) {
  const { code, stdout, stderr } = await run('inspect', '--store', store.url, '--json', ...args);
  return { code, stderr, ...JSON.parse(stdout) };
}
async function gc(store, ...args) {
  const { code, stdout, stderr } = await run('gc', '--store', store.url, '--json', ...args);
  return { code, stderr, ...JSON.parse(stdout) };
}

const prefix = 'signaller:';
const Nobody = '00000000000000000000000a';

/// Adds unreachable records; returns the counts.
async function plant_orphans(store) {
  await store.ask('SADD', `${prefix}peers:0a`, Nobody);
  await store.ask('HSET', `${prefix}peer:00000000000000000000000b`, 'nick', 'unlisted');
  await store.ask('HSET', `${prefix}channel:#x`, `m:${Nobody}`, '@');
  await store.ask('XADD', `${prefix}log:#gone`, '1-0', 'd', '1 m - 0 0 x');
  await store.ask('HSET', `${prefix}standing:#gone`, `x:${Nobody}`, '0');
  await store.ask('XADD', `${prefix}mail:${Nobody}`, '1-0', 'd', '1 m - 0 0 x');
  return { listings: 1, peers: 1, members: 1, logs: 1, standings: 1, mail: 1 };
}
const not_zero = (counts) => Object.fromEntries(Object.entries(counts).filter(([, n]) => n > 0));

describe('inspect', { concurrency: 2 }, () => {
  it('shows the server and the content while it runs', async (t) => {
    const store = await digestible(t);
    const server = await server_on(t, store);
    const [ann, bob] = await talk(server);
    const found = await inspect(store);
    assert.equal(found.code, 0, found.stderr);
    assert.deepEqual(found.faults, []);
    assert.equal(found.lease.state, 'alive');
    assert.equal(found.lease.pid, server.pid);
    assert.ok(found.lease.left_ms > 0 && found.lease.left_ms <= 10_000, found.lease.left_ms);
    assert.equal(found.schema, '1');
    assert.match(found.key, /^[0-9a-f]{64}$/);
    assert.equal(found.sealed, false);
    assert.equal(found.peers.here, 2);
    assert.deepEqual(found.channels, { total: 1, members: 2 });
    assert.equal(found.logs.messages, 1);
    assert.equal(found.mail.messages, 1);
    assert.ok(found.redis.used_memory > 100_000);
    const [channel] = found.largest_channels;
    assert.equal(channel.name, '#x');
    assert.equal(channel.members, 2);
    assert.deepEqual(found.ghosts.map(({ nick }) => nick).sort(), ['ann', 'bob']);
    const { code, stdout } = await run('inspect', '--store', store.url);
    assert.equal(code, 0);
    assert.match(stdout,
      new RegExp(`^lease +process ${server.pid} on \\S+, .*: alive, \\d+\\.\\d s left$`, 'm'));
    assert.match(stdout, /^peers +2: 2 here \(live or suspended\), 0 kept identities; /m);
    assert.match(stdout, /^#x +2 +1 +\d+ +\d+ +[0-9a-f]{8} +0 +20\d\d-/m);
    assert.match(stdout, new RegExp(`^${bob.id} +bob +1 +1 `, 'm'));
    ann.send('@label=c /pubmsg #x goes on');
    await ann.until(/label=c\b.* ACK /);
  });

  it('shows sessions of a dead server and its lease after kill -9', async (t) => {
    const store = await digestible(t);
    const server = await server_on(t, store);
    const [, bob] = await talk(server);
    await server.crash();
    const before = await digest(store);
    const { code, stdout } = await run('inspect', '--store', store.url);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^lease +process ${server.pid} on \\S+, .*: dead, `, 'm'));
    assert.match(stdout, /^written .*not sealed: it crashed/m);
    assert.match(stdout, /2 here \(ghosts\)/);
    assert.match(stdout, /^ghost +nick +channels/m);
    assert.match(stdout, new RegExp(`^${bob.id} +bob `, 'm'));
    assert.equal(await digest(store), before);
    const next = await server_on(t, store, server.key);
    const again = await Client.connect(next);
    await again.describe({ id: bob.id, secret: bob.secret });
    assert.equal(again.session, 'resumed');
  });

  it('shows a clean shutdown and no lease after SIGTERM', async (t) => {
    const store = await redis(t);
    const server = await server_on(t, store);
    await talk(server);
    await server.terminate();
    const found = await inspect(store);
    assert.equal(found.sealed, true);
    assert.equal(found.lease, null);
    assert.equal(found.ghosts.length, 2);
  });

  it('escapes stored text, and exits with 2 for faults', async (t) => {
    const store = await redis(t);
    const server = await server_on(t, store);
    await talk(server);
    await server.crash();
    const evil = '\u001b]0;owned\u0007\u009b2J\u202e';
    await store.ask('SADD', `${prefix}peers:00`, evil);
    await store.ask('HSET', `${prefix}peer:${evil}`, 'here', '1', 'nick', evil, 'owned', '1');
    await store.ask('HSET', `${prefix}channel:#x`, 'topic', evil, 'epoch', evil, `m:${evil}x`, '');
    await store.ask('SET', `${prefix}lease`, `${evil} ${evil} 1 1 ${evil}`);
    for (const args of [[], ['--json']]) {
      const { code, stdout, stderr } = await run('inspect', '--store', store.url, ...args);
      assert.equal(code, 2, stderr);
      assert.doesNotMatch(stdout + stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }
  });

  it('names the records that a start leaves out, as the start does', async (t) => {
    const store = await redis(t);
    const server = await server_on(t, store);
    const [ann, bob] = await talk(server);
    await server.crash();
    await store.ask('HSET', `${prefix}peer:${bob.id}`, 'nick', 'two words', 'away', 'a\r\nb');
    await store.ask('HSET', `${prefix}channel:#x`, 'modes', 'zzz');
    const { code, faults } = await inspect(store);
    assert.equal(code, 2);
    const must = [`${prefix}peer:${bob.id}: its nick is invalid`, `${prefix}peer:${bob.id}: its field 'away'`,
      `${prefix}channel:#x: its name, creator, epoch, modes or token is invalid`,
      `${prefix}channel:#x: the member ${ann.id} has no peer record`];
    for (const one of must) assert.ok(faults.some((line) => line.startsWith(one)), `${one}: ${faults}`);
    const next = await server_on(t, store, server.key);
    for (const line of faults) await poll(() => next.output.includes(`not loaded from the store: ${line}`), line);
  });

  it('bounds its lists', async (t) => {
    const store = await redis(t);
    const server = await server_on(t, store);
    const ann = await Client.described(server, { nick: 'ann' });
    for (const name of ['#a', '#b', '#c']) await ann.join(name);
    await poll(async () => (await inspect(store)).channels.total === 3, 'three channels');
    assert.equal((await inspect(store, '--channels', '2')).largest_channels.length, 2);
    assert.equal((await inspect(store, '--ghosts', '0')).ghosts.length, 0);
    const { stdout } = await run('inspect', '--store', store.url, '--channels', '1');
    assert.match(stdout, /^and 2 more \(--channels N\)$/m);
  });

  it('finds the store by the same rules as the server', async (t) => {
    const store = await redis(t);
    const place = folder();
    const file = join(place, 'server.conf');
    writeFileSync(file, `store = "${store.url}"\nstore_prefix = "mine:"\npassword_file = "/no/such"\n`);
    const server = await serve(t, '--store', store.url, '--set', 'store_prefix=mine:');
    await Client.described(server, { nick: 'ann' });
    await poll(async () => {
      const { code, stdout, stderr } = await run('inspect', '--json', '--config', file);
      assert.equal(code, 0, stderr);
      const found = JSON.parse(stdout);
      assert.equal(found.prefix, 'mine:');
      return found.peers.total === 1;
    }, 'ann is stored');
    assert.equal((await inspect(store, '--prefix', 'mine:')).peers.total, 1);
    const other = await inspect(store);
    assert.deepEqual([other.code, other.schema], [0, null]);
    const set = await run('inspect', '--set', `store=${store.url}`, '--set', 'store_prefix=mine:');
    assert.match(set.stdout, /^peers +1: /m);
  });
});

describe('stores that a tool cannot read', { concurrency: 4 }, () => {
  const both = (name, pattern, args) => {
    for (const tool of ['inspect', 'gc']) {
      it(`${tool}: ${name}`, async (t) => {
        const words = await (typeof args === 'function' ? args(t) : args);
        const { code, stdout, stderr } = await run(tool, ...words);
        assert.equal(code, 1, stdout);
        assert.match(stderr, pattern);
        assert.doesNotMatch(stdout + stderr, /swordfish/);
        const json = await run(tool, ...words, '--json');
        assert.equal(json.code, 1);
        assert.doesNotMatch(json.stdout + json.stderr, /swordfish/);
      });
    }
  };
  both('Redis is not running', /^signaller: redis:\/\/127\.0\.0\.1:1\/0: Connection refused\n$/,
    ['--store', 'redis://:swordfish@127.0.0.1:1']);
  both('Redis requires a password', /NOAUTH/, async (t) =>
    ['--store', (await redis(t, '--requirepass', 'sesame')).url]);
  both('the password is wrong', /WRONGPASS/, async (t) => {
    const store = await redis(t, '--requirepass', 'sesame');
    return ['--store', store.url.replace('://', '://:swordfish@')];
  });
  both('a newer schema', /signaller:schema is '?7'?: the data was written by another version/, async (t) => {
    const store = await redis(t);
    await store.ask('SET', `${prefix}schema`, '7');
    return ['--store', store.url];
  });
  both('Redis does not answer', /Redis has not answered for \d+ ms/, async (t) => {
    const store = await redis(t);
    store.kill('SIGSTOP');
    return ['--store', store.url, '--timeout', '200ms'];
  });
  for (const tool of ['inspect', 'gc']) {
    it(`${tool}: the memory store and invalid URLs`, async () => {
      assert.match((await run(tool)).stderr, /"memory"/);
      const odd = await run(tool, '--store', 'redis://:swordfish@');
      assert.equal(odd.code, 1);
      assert.match(odd.stderr, /store: /);
      assert.doesNotMatch(odd.stderr, /swordfish/);
      assert.match((await run(tool, '--timeout', 'soon', '--store', 'redis://x')).stderr, /store_timeout/);
    });
  }

  it('two tools in one command are refused', async () => {
    const { code, stdout } = await run('inspect', 'gc', '--store', 'redis://127.0.0.1:1');
    assert.notEqual(code, 0);
    assert.equal(stdout, '');
  });

  it('--help documents the exit codes', async () => {
    const all = await run('--help');
    for (const tool of ['inspect', 'gc']) {
      assert.match(all.stdout, new RegExp(`^ +${tool} +`, 'm'));
      const { code, stdout } = await run(tool, '--help');
      assert.equal(code, 0);
      for (const option of ['--store', '--prefix', '--config', '--json', '--timeout']) {
        assert.ok(stdout.includes(option), stdout);
      }
    }
  });
});

describe('gc', { concurrency: 2 }, () => {
  it('refuses beside a running server, and a dry run changes nothing', async (t) => {
    const store = await digestible(t);
    const server = await server_on(t, store);
    const [ann] = await talk(server);
    const planted = await plant_orphans(store);
    const lease = await store.ask('GET', `${prefix}lease`);
    const refused = await gc(store);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, new RegExp(`process ${server.pid} on \\S+ holds the lease`));
    assert.equal(refused.removed, 0);
    const looked = await gc(store, '--dry-run');
    assert.equal(looked.code, 0);
    assert.deepEqual(not_zero(looked.counts), planted);
    assert.equal(looked.removed, 0);
    assert.equal(await store.ask('EXISTS', `${prefix}log:#gone`), '1');
    assert.equal(await store.ask('GET', `${prefix}lease`), lease);
    ann.send('@label=c /pubmsg #x goes on');
    await ann.until(/label=c\b.* ACK /);
  });

  it('removes orphans, and the next server restores everything', async (t) => {
    const store = await redis(t);
    const server = await server_on(t, store);
    const [ann, bob] = await talk(server);
    await server.crash();
    const { peers, channels, logs, mail } = await inspect(store);
    const planted = await plant_orphans(store);
    await store.ask('SET', `${prefix}backup`, 'of somebody');
    await store.ask('SET', 'signaller', 'not below the prefix');
    assert.equal((await inspect(store)).code, 2, 'a member that is not here');
    const done = await gc(store);
    assert.equal(done.code, 2, 'it has left what it does not know');
    assert.deepEqual(not_zero(done.counts), planted);
    assert.equal(done.removed, done.found);
    assert.deepEqual(done.unknown, { total: 1, keys: [`${prefix}backup`] });
    assert.equal(await store.ask('EXISTS', 'signaller', `${prefix}backup`), '2');
    const after = await inspect(store);
    assert.equal(after.code, 0);
    assert.deepEqual([after.peers, after.channels, after.logs, after.mail],
      [peers, channels, logs, mail]);
    assert.equal(after.lease, null, 'the next server need not wait');
    const next = await server_on(t, store, server.key);
    assert.doesNotMatch(next.output, /not loaded from the store/);
    for (const one of [ann, bob]) {
      const again = await Client.connect(next);
      await again.describe({ id: one.id, secret: one.secret, caps: ['tags', 'echo'] });
      assert.equal(again.session, 'resumed');
      assert.ok((await again.lines_until_pong()).some((line) => / 353 .* #x /.test(line)));
      again.send('/history #x');
      assert.ok((await again.until(/ REPLAY #x end/)).some((line) => / PUBMSG #x :stored$/.test(line)));
    }
  });

  it('keeps the seal of a clean shutdown', async (t) => {
    const store = await redis(t);
    const server = await server_on(t, store);
    await talk(server);
    await server.terminate();
    await plant_orphans(store);
    const { code, stdout } = await run('gc', '--store', store.url);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^result +6 removed$/m);
    assert.match(stdout, /^logs without a channel: 1\n {2}signaller:log:#gone$/m);
    assert.equal((await inspect(store)).sealed, true);
    assert.match((await run('gc', '--store', store.url)).stdout, /^result +nothing to remove$/m);
  });

  it('keeps unreadable records unless asked to remove them', async (t) => {
    const store = await redis(t);
    const server = await server_on(t, store);
    await talk(server);
    await server.terminate();
    await store.ask('XADD', `${prefix}log:#x`, '999999999999-0', 'd', 'hostile \u001b[31m');
    const left = await gc(store);
    assert.equal(left.code, 2);
    assert.equal(left.unreadable.keys[0].key, `${prefix}log:#x`);
    const done = await gc(store, '--corrupt');
    assert.equal(done.code, 0);
    assert.deepEqual(not_zero(done.counts), { corrupt: 1 });
    assert.equal((await inspect(store)).code, 0);
  });

  it('waits until a foreign lease has expired', async (t) => {
    const store = await redis(t);
    const server = await server_on(t, store);
    await talk(server);
    await server.terminate();
    await store.ask('SET', `${prefix}lease`, 'boot elsewhere 1 1 far-away');
    const waiting = launch(Binary, ['gc', '--store', store.url]);
    await poll(() => /waiting until the lease of process 1 on elsewhere/.test(waiting.stderr), 'it waits');
    await store.ask('DEL', `${prefix}lease`);
    const { code } = await within(waiting.ended, 'its end');
    assert.equal(code, 0, waiting.stderr);
    assert.equal(await store.ask('EXISTS', `${prefix}lease`), '0');
  });
});
