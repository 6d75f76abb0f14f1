// Ownership of an id: attacks without its secret, session take-over with it, two take-overs at
// once, and the late end of a replaced connection.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { RawConnection } from './lib/raw_connection.mjs';
import { serve } from './lib/server.mjs';
import { poll, turn } from './lib/wait.mjs';
import { Op, close_frame, close_of, frame } from './lib/websocket_frames.mjs';

const Rounds = 200;
const Id = '5f0c3e0123456789abcdef01';
const Secret = 'the-owner-s-own-secret-of-22-or-more';

/// Returns two members of #x: the owner of Id, and an observer that must see no JOIN or QUIT of Id.
async function owner_and_observer(server, description = {}) {
  const observer = await Client.described(server, { nick: 'observer' });
  await observer.join('#x');
  const owner = await Client.described(server, { id: Id, secret: Secret, nick: 'owner',
    ...description });
  await owner.join('#x');
  await observer.until(/ JOIN #x$/);
  return { observer, owner };
}

/// Attempts of an attacker that knows the id, which is public, but not the secret.
const Attempts = {
  'no secret': { id: Id },
  'the id in capitals': { id: Id.toUpperCase() },
  'an empty secret': { id: Id, secret: '' },
  'a null secret': { id: Id, secret: null },
  'a short secret': { id: Id, secret: 'x' },
  'another secret': { id: Id, secret: randomBytes(16).toString('hex') },
  'a beginning of the secret': { id: Id, secret: Secret.slice(0, -1) },
  'more than the secret': { id: Id, secret: `${Secret}x` },
  'the secret in capitals': { id: Id, secret: Secret.toUpperCase() },
  'the id as secret': { id: Id, secret: Id },
  'the longest secret': { id: Id, secret: 'x'.repeat(256) },
  'a wish to resume': { id: Id, resume: 600, since: { '#x': '00000000:0', '*': '00000000:0' } },
  'another nick': { id: Id, nick: 'other', name: 'Owner', dm: 'none' },
};

/// Makes all attempts on one connection. Afterwards this connection may still describe itself with
/// another id.
async function attack(server) {
  const attacker = await Client.connect(server);
  for (const [name, attempt] of Object.entries(Attempts)) {
    const answer = await attacker.ask(`/descp ${JSON.stringify(attempt)}`);
    assert.match(answer, new RegExp(` 433 \\S+ ${Id} :`), name);
  }
  assert.match(await attacker.ask('/pubmsg #x as if I were you'), / 451 /);
  await attacker.describe();
  assert.notEqual(attacker.id, Id);
  return attacker;
}

async function state_of(asker, peer) {
  asker.send(`/whois ${peer}`);
  const lines = await asker.until(/ (318|401) /);
  const line = lines.find((one) => / 311 /.test(one));
  return line ? JSON.parse(line.slice(line.indexOf(' :{') + 2)) : null;
}

describe('without the secret', { concurrency: 8 }, () => {
  it('a live id is refused, and its owner is not affected', async (t) => {
    const server = await serve(t);
    const { observer, owner } = await owner_and_observer(server);
    const before = await state_of(observer, 'owner');
    const attacker = await attack(server);
    assert.deepEqual(await state_of(attacker, 'owner'), before);
    assert.deepEqual(await owner.lines_until_pong(), []);
    assert.deepEqual(await observer.lines_until_pong(), []);
    owner.send('/pubmsg #x still me');
    await observer.expect(/^:owner!\S+ PUBMSG #x :still me$/);
  });

  it('a live id without a secret of its own is refused', async (t) => {
    const server = await serve(t);
    const { observer, owner } = await owner_and_observer(server, { secret: undefined });
    await attack(server);
    assert.deepEqual(await owner.lines_until_pong(), []);
    assert.deepEqual(await observer.lines_until_pong(), []);
  });

  it('a suspended id is refused, and its owner can resume', async (t) => {
    const server = await serve(t);
    const { observer, owner } = await owner_and_observer(server);
    owner.raw.destroy();
    await poll(async () => (await state_of(observer, Id))?.state === 'suspended', 'the loss');
    const attacker = await attack(server);
    attacker.send(`/privmsg ${Id} for your eyes only`);
    assert.deepEqual(await attacker.lines_until_pong(), []);
    const back = await Client.described(server, { id: Id, secret: Secret });
    assert.equal(back.session, 'resumed');
    await back.until(/ PRIVMSG \S+ :for your eyes only$/);
    assert.deepEqual(await observer.lines_until_pong(), []);
  });

  it('an id of an ended session is refused, and its owner can return', async (t) => {
    const server = await serve(t);
    const { observer, owner } = await owner_and_observer(server);
    owner.send('/quit :later');
    await owner.closed();
    await observer.expect(/^:owner!\S+ QUIT :later$/);
    await attack(server);
    const back = await Client.described(server, { id: Id, secret: Secret });
    assert.equal(back.session, 'returned');
    assert.deepEqual(await observer.lines_until_pong(), []);
  });

  it('a hundred attackers at once are refused', async (t) => {
    const server = await serve(t, '--set', 'net.shards=2', '--set', 'net.core_thread=true');
    const { observer, owner } = await owner_and_observer(server);
    await Promise.all(Array.from({ length: 100 }, () => attack(server)));
    assert.deepEqual(await owner.lines_until_pong(), []);
    assert.deepEqual(await observer.lines_until_pong(), []);
  });
});

const Mine = `/descp ${JSON.stringify({ id: Id, secret: Secret })}`;

/// Opens a connection that describes itself with the id; returns the outcome.
function follow(client) {
  const lines = [];
  const ended = (async () => {
    for (;;) {
      const got = await client.raw.frame('a frame or the end', 60_000);
      if (got?.op === Op.text) lines.push(got.payload.toString());
      else if (got === null) return { code: 1006 };
      else if (got.op === Op.close) return close_of(got.payload);
    }
  })();
  ended.catch(() => {});  // the test itself ends the last winner's connection
  return { client, lines, ended };
}

describe('with the secret', { concurrency: 4 }, () => {
  it('the older connection is closed with 3503, and others see nothing', async (t) => {
    const server = await serve(t);
    const { observer, owner } = await owner_and_observer(server);
    const newer = await Client.described(server, { id: Id, secret: Secret });
    assert.equal(newer.session, 'resumed');
    const closed = await owner.closed();
    assert.equal(closed.code, 3503);
    assert.match(closed.reason, /newer connection/);
    await owner.raw.gone();
    newer.send('/pubmsg #x here now');
    await observer.expect(/^:owner!\S+ PUBMSG #x :here now$/);
    observer.send('/pubmsg #x welcome');
    await newer.until(/ PUBMSG #x :welcome$/);
  });

  for (const core of ['false', 'true']) it(
    `one of two simultaneous take-overs wins, ${Rounds} times, core_thread=${core}`, async (t) => {
    const server = await serve(t, '--set', 'net.shards=2', '--set', `net.core_thread=${core}`,
      '--set', 'limits.cost_rate=0');
    const { observer, owner } = await owner_and_observer(server);
    let holder = follow(owner);
    for (let round = 0; round < Rounds; ++round) {
      const takers = await Promise.all([Client.connect(server), Client.connect(server)]);
      const [a, b] = takers.map(follow);
      for (const { client } of round % 2 ? [a, b] : [b, a]) client.send(Mine);
      assert.equal((await holder.ended).code, 3503);
      const [winner, loser] = await Promise.race([
        a.ended.then(() => [b, a]), b.ended.then(() => [a, b])]);
      assert.equal((await loser.ended).code, 3503);
      winner.client.send(`/pubmsg #x round ${round}`);
      await observer.expect(new RegExp(`^:owner!${Id} PUBMSG #x :round ${round}$`));
      if (round > 0) assert.ok(holder.lines.some((line) => / SESSION .* resumed /.test(line)));
      holder = winner;
    }
    assert.deepEqual(await observer.lines_until_pong(), []);
  });
});

/// Ways in which a replaced connection that ignores the close frame may end.
const Deaths = {
  FIN: (raw) => raw.half_close(),
  RST: (raw) => raw.socket.resetAndDestroy(),
  'a late /quit': (raw) => raw.write(frame('/quit :bye')),
  'late words': (raw) => raw.write(frame('/pubmsg #x ghost\n/quit #x\n/nick ghost\n/away ghost')),
  'a close frame with 1000': (raw) => raw.write(close_frame(1000)),
  'a breach of the rules': (raw) => raw.write(frame('/ping', { mask: false })),
  'nothing: the server cuts it': () => {},
};

describe('the late end of a replaced connection changes nothing', { concurrency: 8 }, () => {
  for (const [name, die] of Object.entries(Deaths)) it(name, async (t) => {
    const server = await serve(t, '--set', 'net.close_timeout=300ms');
    const { observer } = await owner_and_observer(server);
    // The older connection never answers the close frame and reads late.
    const older = new Client(await RawConnection.websocket(server, { half_open: true }));
    older.send(Mine);
    await older.until(/ 366 /);
    older.raw.stop_reading();
    const newer = await Client.described(server, { id: Id, secret: Secret });
    await newer.until(/ 366 /);
    die(older.raw);
    await turn();
    older.raw.read_again();
    await older.raw.gone();
    older.raw.destroy();
    newer.send('/pubmsg #x unharmed');
    await observer.expect(/^:owner!\S+ PUBMSG #x :unharmed$/);
    observer.send('/pubmsg #x good');
    await newer.expect(/^:observer!\S+ PUBMSG #x :good$/);
    assert.equal((await state_of(observer, Id)).state, 'live');
  });

  it('lines in flight on the replaced connection are executed completely or not at all', async (t) => {
    const server = await serve(t, '--set', 'limits.cost_rate=0');
    const { observer, owner } = await owner_and_observer(server);
    let older = owner;
    for (let n = 0; n < 50; ++n) {
      const newer = await Client.connect(server);
      // Both frames are in flight at once; the server handles all lines of the older client's frame
      // or none.
      older.send(...Array.from({ length: 5 }, (_, at) => `/pubmsg #x ${n} ${at}`));
      newer.send(Mine, `/pubmsg #x ${n} new`);
      const said = (await observer.until(new RegExp(` PUBMSG #x :${n} new$`)))
        .map((line) => / PUBMSG #x :(.*)$/.exec(line)?.[1] ?? line);
      const whole = [...Array.from({ length: 5 }, (_, at) => `${n} ${at}`), `${n} new`];
      assert.deepEqual(said, said.length === 1 ? whole.slice(5) : whole);
      assert.equal((await older.closed()).code, 3503);
      older = newer;
    }
    assert.deepEqual(await observer.lines_until_pong(), []);
  });
});
