// A hundred hostile clients at once do not affect well-behaved ones.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Attacks } from './lib/attacks.mjs';
import { Client } from './lib/client.mjs';
import { descriptors } from './lib/kernel.mjs';
import { Unlimited, serve } from './lib/server.mjs';
import { poll } from './lib/wait.mjs';

const Hostile = 100;
const Each = 4;  // number of attacks of each client, one after the other

/// Runs the attacks of one hostile client. Its number determines where it begins in the list.
async function attack(server, number) {
  const all = Object.entries(Attacks);
  for (let n = 0; n < Each; ++n) {
    const [name, run] = all[(number * Each + n) % all.length];
    await run(server).catch((error) => {
      throw new Error(`${name}: ${error.message}`, { cause: error });
    });
  }
}

async function members_of(server, channel, ...nicks) {
  const members = [];
  for (const nick of nicks) {
    const member = await Client.described(server, { nick, caps: ['tags', 'no-presence'] });
    await member.join(channel);
    members.push(member);
  }
  return members;
}

/// In each round every member sends one message and reads the messages of the other members, until
/// `over`.
async function honest_talk(members, over) {
  let round = 0;
  const last = new Map(members.map((member) => [member, 0]));
  for (; round < 20 || !over(); ++round) {
    members.forEach((member, at) => member.send(`@label=r${round} /pubmsg #honest ${at} ${round}`));
    for (const [at, member] of members.entries()) {
      // One entry for each member whose message is due; the member's own entry stands for the ACK
      // of its message.
      const due = new Set(members.keys());
      while (due.size > 0) {
        const line = await member.line();
        const said = / PUBMSG #honest :(\d+) (\d+)$/.exec(line);
        const acked = new RegExp(`[@;]label=r${round}\\b.* ACK #honest$`).test(line);
        assert.ok(acked || Number(said?.[2]) === round, `round ${round}: ${line}`);
        assert.ok(due.delete(acked ? at : Number(said[1])), `twice: ${line}`);
        if (acked) continue;  // the ACK may come before or after other messages of the same turn
        const seq = Number(/[@;]seq=(\d+)/.exec(line)[1]);
        assert.ok(seq > last.get(member), `after ${last.get(member)}: ${line}`);
        last.set(member, seq);
      }
    }
  }
  return round;
}

/// Sends large messages to a channel with members that do not read; the reader gets all of them.
async function busy_talk([talker, reader], over) {
  for (let n = 0; !over(); ++n) {
    talker.send(`/pubmsg #busy ${n} ${'x'.repeat(50_000)}`);
    assert.match(await reader.line(), new RegExp(` PUBMSG #busy :${n} x+$`));
  }
}

async function channels(asker) {
  asker.send('/list');
  const lines = await asker.until(/ 323 /);
  return lines.flatMap((line) => / 322 \S+ (\S+) /.exec(line)?.[1] ?? []);
}

describe('a hundred hostile clients', () => {
  for (const core of ['false', 'true']) it(
    `do not affect other clients, core_thread=${core}`, { timeout: 400_000 }, async (t) => {
    const server = await serve(t, '--set', 'net.shards=2', '--set', `net.core_thread=${core}`,
      ...Unlimited, '--set', 'resume=500ms');
    const honest = await members_of(server, '#honest', 'ann', 'bob', 'cleo', 'dan', 'eve', 'fay');
    const busy = await members_of(server, '#busy', 'talker', 'reader');
    const before = descriptors(server);
    let over = false;
    const all = Array.from({ length: Hostile }, (_, at) => attack(server, at));
    const attacks = Promise.allSettled(all).finally(() => (over = true));
    const [done, rounds] = await Promise.all([attacks, honest_talk(honest, () => over),
      busy_talk(busy, () => over)]);
    t.diagnostic(`${Hostile * Each} attacks during ${rounds} rounds of honest talk`);
    assert.deepEqual(done.map((one) => one.reason?.message).filter(Boolean), []);

    for (const member of honest) assert.deepEqual(await member.lines_until_pong(), []);
    await poll(() => descriptors(server) <= before, 'all descriptors come back');
    await poll(async () => `${await channels(honest[0])}` === '#busy,#honest',
      'channels of the lost go with them');
  });
});
