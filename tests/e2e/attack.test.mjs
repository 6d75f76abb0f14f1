// Runs all kinds of attackers (bench/attack_kinds.cpp) beside well-behaved clients. The
// well-behaved clients lose nothing, and the server releases the resources that the attackers used.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client } from './lib/client.mjs';
import { operators_file } from './lib/operators.mjs';
import { Sanitized, launch, serve } from './lib/server.mjs';
import { pause, poll, within } from './lib/wait.mjs';

const Attack = process.env.SIGNALLER_ATTACK ??
  fileURLToPath(new URL('../../build/release/bench/signaller-attack', import.meta.url));
const Password = 'the right one';
const Seconds = Sanitized ? 4 : 6;
const Scale = Sanitized ? 0.02 : 0.1;
const People = 40;
const Talkers = 4;
const Pace = 100;  // ms between two messages of a talker
const Mib = 1024;  // KiB in a MiB

const descriptors = (server) => readdirSync(`/proc/${server.pid}/fd`).length;

/// Runs all kinds of attackers; returns their report.
function attack(t, server, seconds) {
  const run = launch(Attack, ['--url', server.url, '--seconds', seconds, '--scale', Scale,
    '--oper', 'root', '--password', Password]);
  t.after(() => run.child.kill('SIGKILL'));
  return within(run.ended, 'the end of the attack', 120_000).then(({ code }) => {
    assert.equal(code, 0, run.stderr);
    return JSON.parse(run.stdout).kinds;
  });
}

/// Each talker sends numbered messages until `over`; returns the number of messages of each talker.
async function talk(talkers, over) {
  const said = talkers.map(() => 0);
  while (!over()) {
    talkers.forEach((talker, at) => talker.send(`/pubmsg #bench ${at} ${said[at]++} honest`));
    await pause(Pace);
  }
  return said;
}

/// Asserts that `listener` receives every message once and in order, except its own messages.
async function hears_all(listener, own, said) {
  const next = said.map(() => 0);
  if (own < said.length) next[own] = said[own];
  while (next.some((count, at) => count < said[at])) {
    const line = await listener.line();
    const heard = / PUBMSG #bench :(\d+) (\d+) honest$/.exec(line);
    if (!heard) continue;
    const [, at, number] = heard.map(Number);
    assert.equal(number, next[at]++, `${own} heard ${line}`);
  }
  const late = (await listener.lines_until_pong()).filter((line) => / PUBMSG /.test(line));
  assert.deepEqual(late, [], 'nothing is delivered twice');
}

/// Asserts that each limit refused the attackers for which it is made.
function assert_refused(kinds) {
  const over = (kind, ...reasons) => reasons.reduce((sum, one) =>
    sum + (kinds[kind].over[one] ?? 0), 0);
  for (const [name, kind] of Object.entries(kinds)) assert.ok(kind.connections > 0, name);
  assert.ok(over('banned', '403', '3507') > 0, JSON.stringify(kinds.banned));
  // Leaves out the last attempt of each attacker: it may be unanswered at the end.
  const refused = over('banned', '403', '3507', 'cut');
  assert.ok(refused > 0 && refused >= kinds.banned.connections - kinds.banned.attackers,
    `nobody banned was let in: ${JSON.stringify(kinds.banned)}`);
  assert.ok(over('garbage', '1002', '1003', '1007') > 0, JSON.stringify(kinds.garbage));
  assert.ok(over('giants', '1009', '3013') > 0, JSON.stringify(kinds.giants));
  assert.ok(kinds.joins.refused_lines.RATE_LIMITED > 0, JSON.stringify(kinds.joins));
  const guesses = kinds.opers.refused_lines;
  assert.ok((guesses['464'] ?? 0) + (guesses.RATE_LIMITED ?? 0) > 0, JSON.stringify(kinds.opers));
}

describe('attackers of all kinds', { timeout: 300_000 }, () => {
  it('do not affect other clients, and memory is released', async (t) => {
    assert.ok(existsSync(Attack), `${Attack}: scripts/build release -DSIGNALLER_BENCH=ON ` +
      'signaller-attack builds it');
    const file = await operators_file({ name: 'root', password: Password });
    // The defaults, with a short resume window and small limits on held memory.
    const server = await serve(t, '--set', `operators_file=${file}`, '--set', 'resume=1s',
      '--set', 'limits.faults=100', '--set', 'limits.address_rate=200',
      '--set', 'net.address_connections=1000', '--set', 'net.address_connect_rate=50',
      '--set', 'net.message_bytes=2000000');
    const people = [];
    for (let n = 0; n < People; ++n) {
      people.push(await Client.described(server, { caps: ['no-presence'] }));
      await people.at(-1).join('#bench');
    }
    const files = descriptors(server);
    await attack(t, server, 2);  // warm-up: caches and buffers grow during this call
    // An argon2id check uses 64 MiB.
    if (!Sanitized) await poll(() => server.resident < 60 * Mib, 'no password check is running');
    const before = server.resident;

    let over = false;
    const attacked = attack(t, server, Seconds).finally(() => (over = true));
    const [kinds, said] = await Promise.all([attacked, talk(people.slice(0, Talkers), () => over)]);
    assert.ok(said.every((count) => count > (Seconds * 1_000) / Pace / 10), `${said}`);
    await Promise.all(people.map((one, at) => hears_all(one, at, said)));
    assert_refused(kinds);

    await poll(() => descriptors(server) <= files, 'all attackers are gone', 60_000);
    if (!Sanitized) {
      await poll(() => server.resident <= before * 1.1 + 4 * Mib,
        `memory is back at ${before} KiB`, 90_000);
    }
    t.diagnostic(JSON.stringify({ before, after: server.resident, said,
      over: Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, kind.over])) }));
    for (const one of people) one.raw.destroy();
    await poll(() => descriptors(server) <= files - People, 'all descriptors are closed');
  });
});
