// Messages, secrets, tokens and passwords never appear in a log, at any level.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { hash_of } from './lib/operators.mjs';
import { folder, serve } from './lib/server.mjs';
import { frame } from './lib/websocket_frames.mjs';

/// A marker in all private texts, so that any part of them can be found in a log.
const Mark = 'hushhush';
const secret = (name) => `${Mark}-${name}-0123456789abcdef`;

/// A configuration with a server password, an operator, and all logs at `debug`.
async function configuration(format, audit_file) {
  const place = folder();
  const path = join(place, 'server.conf');
  writeFileSync(path, `password = "${secret('server')}"
broadcast = "operators"
${audit_file ? '[audit]\nfile = "audit.log"\n' : ''}
[log]
level = "debug"
format = "${format}"
out_dir = "logs"

[[operator]]
name = "root"
hash = "${await hash_of(secret('operator'))}"
`);
  return { place, path };
}

/// Returns everything that the server has written, by file name.
function written(server, place) {
  const all = { stdout: server.run.stdout, stderr: server.run.stderr };
  const logs = readdirSync(place, { recursive: true }).filter((name) => name.endsWith('.log'));
  for (const name of logs) all[name] = readFileSync(join(place, name), 'utf8');
  return all;
}

const token = secret('server');

async function owner_returns(server) {
  const id = 'feedfacefeedfacefeedface';
  const ann = await Client.described(server, { id, secret: secret('own'), token, nick: 'ann' });
  await ann.join('#x');
  const thief = await Client.connect(server);
  thief.send(`/descp {id: ${id}, secret: "${secret('guess')}", token: "${token}"}`,
    `/descp {id: ${id}, secret: "${Mark}", token: "${token}"}`,
    `/descp {token: "${secret('guess')}"}`, `/descp {secret: "${secret('broken')}`,
    `/descp {"nick": "${secret('nick')} "}`);
  await thief.until(/ 432 /);
  ann.raw.destroy();
  const back = await Client.described(server, { id, secret: secret('own'), token,
    since: { '#x': '00000000:0', '*': '00000000:0' } });
  await back.until(/ REPLAY \* end$/);
  return back;
}

async function says(ann, bob) {
  await bob.join('#x');
  bob.send(`/privmsg ann ${secret('private')}`, `@label=${Mark} /privmsg ann ${secret('label')}`,
    `/privmsg nobody ${secret('nobody')}`, `/privmsg ${ann.id} {"sdp":"${secret('sdp')}"}`,
    `/pubmsg #x ${secret('public')}`, `/pubmsg #nowhere ${secret('nowhere')}`,
    `/privmsg ann ${secret('long')}${'x'.repeat(60_000)}`, `/privmsg ann ${secret('control')}\x01`,
    `/prvmsg ann ${secret('typo')}`, secret('no command'), `/block ann ${secret('too much')}`,
    `/away ${secret('away')}`, `/broadcast ${secret('refused')}`);
  await bob.lines_until_pong();
  ann.send('/block bob', `/descp {dm: "none"}`);
  await ann.lines_until_pong();
  bob.send(`/privmsg ann ${secret('blocked')}`, `/msg ann ${secret('unwanted')}`);
  await bob.lines_until_pong();
}

async function locks(ann, bob) {
  ann.send(`/join #locked ${secret('token')}`, `/mode #locked +k ${secret('key')}`,
    `/mode #locked +k ${secret('key')} ${secret('too much')}`, '/invite bob #locked');
  await ann.lines_until_pong();
  bob.send(`/join #locked ${secret('wrong')}`, `/join #locked ${secret('key')}`,
    `/join #none,${secret('bad name')} x`, `/mode #locked +k ${secret('refused')}`);
  await bob.lines_until_pong();
  await ann.lines_until_pong();
}

/// Sends lines of an operator, with invalid lines and misplaced secrets.
async function becomes_operator(ann) {
  for (const line of [`/oper root ${secret('guess')}`, `/oper ${secret('operator')} root`,
    `/oper ${secret('operator')}`, `/opper root ${secret('operator')}`]) {
    assert.match(await ann.ask(line), / (464|461|421) /);
  }
  assert.match(await ann.ask(`/oper root ${secret('operator')}`), / 381 /);
  ann.send(`/mode #locked +k ${secret('by the operator')}`, '/topic #locked known to all');
  await ann.until(/ TOPIC /);
}

/// The answer to /rehash may quote a wrong configuration, but no secret value in it.
async function reloads(server, ann, path) {
  assert.match((await ann.ask('/rehash')), / 382 /);
  const good = readFileSync(path, 'utf8');
  for (const wrong of [`password = ${secret('unquoted')}\n${good}`,
    `pasword = "${secret('misspelt')}"\n${good}`, good.replace(`"${token}"`, `"${token}`),
    `${good}from = ["${secret('no address')}"]\npassword = "${secret('in clear')}"\n`,
    good.replace('hash = "', `hash = "${secret('no hash')}`)]) {
    writeFileSync(path, wrong);
    const answer = await ann.ask('/rehash');
    assert.match(answer, / FAIL REHASH FAILED /);
    server.kill('SIGHUP');
  }
  writeFileSync(path, good);
  assert.match((await ann.ask('/rehash')), / 382 /);
}

async function breaks_rules(server) {
  const rude = await Client.described(server, { token });
  rude.raw.write(frame(Buffer.concat([Buffer.from(`/privmsg ann ${Mark}`), Buffer.from([0xff])])));
  await rude.closed();
  const long = await Client.connect(server);
  long.raw.write(frame(`/descp {secret: "${Mark.repeat(2_000)}"}`));
  await long.closed();
}

describe('private text appears in no log', { concurrency: 4 }, () => {
  for (const format of ['text', 'json']) for (const audit_file of [true, false]) it(
    `${format}, ${audit_file ? 'a separate audit log' : 'one log'}`, async (t) => {
    const { place, path } = await configuration(format, audit_file);
    const server = await serve(t, '--config', path, '--set', 'limits.cost_rate=0',
      '--set', 'oper.rate=0');
    const ann = await owner_returns(server);
    const bob = await Client.described(server, { token, nick: 'bob' });
    await says(ann, bob);
    await locks(ann, bob);
    await becomes_operator(ann);
    await reloads(server, ann, path);
    await breaks_rules(server);
    ann.send('/kill bob known to operators', '/audit 100', '/stats', '/bans');
    const shown = await ann.until(/ 368 /);
    assert.deepEqual(shown.filter((line) => line.includes(Mark)), []);
    await server.terminate();

    const logs = written(server, place);
    const all = Object.values(logs).join('\n');
    for (const known of [/connection \S+ opened from/,
      /\/oper from .{0,2}127\.0\.0\.1.{0,2}: the password for operator .{0,2}root.{0,2} was wrong/,
      /the configuration was not reloaded/, /known to operators/, /known to all/]) {
      assert.match(all, known);
    }
    assert.match(logs['logs/signaller.log'], /listening on/);
    if (audit_file) assert.match(logs['audit.log'], /known to operators/);
    for (const secret_of of [ann, bob]) assert.ok(!all.includes(secret_of.secret));
    for (const [name, text] of Object.entries(logs)) {
      assert.deepEqual(text.split('\n').filter((line) => line.includes(Mark)), [], name);
    }
  });
});
