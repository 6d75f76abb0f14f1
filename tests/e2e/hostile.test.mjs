// A hundred hostile clients at once, while honest ones talk, lose nothing and notice nothing.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Attacks } from './lib/attacks.mjs';
import { Client } from './lib/client.mjs';
import { descriptors } from './lib/kernel.mjs';
import { serve } from './lib/server.mjs';
import { poll } from './lib/wait.mjs';

const Hostile = 100;
const Each = 4;  // attacks, one after the other

/// The attacks of one hostile client: where it begins in the list is its number.
async function attack(server, number) {
  const all = Object.entries(Attacks);
  for (let n = 0; n < Each; ++n) {
    const [name, run] = all[(number * Each + n) % all.length];
    await run(server).catch((error) => {
      throw new Error(`${name}: ${error.message}`, { cause: error });
    });
  }
}

/// Rounds in which each says one thing and hears what each other said, until `over`.
async function honest_talk(server, over) {
  const members = [];
  for (const nick of ['ann', 'bob', 'cleo', 'dan', 'eve', 'fay']) {
    const member = await Client.described(server, { nick, caps: ['tags'] });
    await member.join('#honest');
    for (const other of members) await other.until(/ JOIN #honest$/);
    members.push(member);
  }
  let round = 0;
  const last = new Map(members.map((member) => [member, 0]));
  for (; round < 20 || !over(); ++round) {
    members.forEach((member, at) => member.send(`@label=r${round} /pubmsg #honest ${at} ${round}`));
    for (const [at, member] of members.entries()) {
      const due = new Set(members.keys());  // its own: the ACK
      while (due.size > 0) {
        const line = await member.line();
        const [, said] = / PUBMSG #honest :(\d+) /.exec(line) ?? [];
        const from = said === undefined ? at : Number(said);
        if (said === undefined) assert.match(line, new RegExp(`^@\\S*label=r${round}\\b\\S* :\\S+ ACK #honest$`));
        else assert.match(line, new RegExp(` PUBMSG #honest :${from} ${round}$`));
        assert.ok(due.delete(from), `twice: ${line}`);
        const seq = Number(/[@;]seq=(\d+)/.exec(line)[1]);
        // Its own ACK may come before or after what others said in the same turn.
        if (said !== undefined) {
          assert.ok(seq > last.get(member), line);
          last.set(member, seq);
        }
      }
    }
  }
  return { members, round };
}

/// A busy channel that those who do not read sit in; its reader gets everything.
async function busy_talk(server, over) {
  const talker = await Client.described(server, { nick: 'talker', caps: ['no-presence'] });
  await talker.join('#busy');
  const reader = await Client.described(server, { nick: 'reader', caps: ['no-presence'] });
  await reader.join('#busy');
  for (let n = 0; !over(); ++n) {
    talker.send(`/pubmsg #busy ${n} ${'x'.repeat(50_000)}`);
    assert.match(await reader.line(), new RegExp(` PUBMSG #busy :${n} x+$`));
  }
}

describe('a hundred hostile clients', () => {
  it('harm nobody', { timeout: 400_000 }, async (t) => {
    const server = await serve(t, '--set', 'net.shards=2', '--set', 'limits.cost_rate=0');
    const watcher = await Client.described(server, { nick: 'watcher' });
    const before = descriptors(server);
    let over = false;
    const honest = honest_talk(server, () => over);
    const busy = busy_talk(server, () => over);
    const attacks = Promise.allSettled(Array.from({ length: Hostile }, (_, at) => attack(server, at)));
    const failed = (await attacks).filter((one) => one.status === 'rejected');
    over = true;
    const [{ members, round }] = await Promise.all([honest, busy]);
    t.diagnostic(`${Hostile * Each} attacks during ${round} rounds of honest talk`);
    assert.deepEqual(failed.map((one) => one.reason.message), []);

    for (const member of members) assert.deepEqual(await member.pending(), []);
    await poll(() => descriptors(server) <= before + members.length + 2, 'descriptors come back');
    watcher.send('/list');
    const left = (await watcher.until(/ 323 /)).filter((line) => / 322 /.test(line));
    assert.deepEqual(left.map((line) => / 322 \S+ (\S+) /.exec(line)[1]), ['#busy', '#honest']);
  });
});
