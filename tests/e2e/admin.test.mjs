// Runs docs/admin.rst as it is written, with a real shell, wscat and server.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client } from './lib/client.mjs';
import { operators_file } from './lib/operators.mjs';
import { Binary, folder, launch, run, serve } from './lib/server.mjs';
import { matches_shown, read_code_blocks } from './lib/code_blocks.mjs';
import { poll, within } from './lib/wait.mjs';
import { Op, close_of } from './lib/websocket_frames.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const Page = readFileSync(here('../../docs/admin.rst'), 'utf8');
const Blocks = read_code_blocks(Page);
const Url = 'ws://127.0.0.1:3012';  // the URL in docs/admin.rst

/// Creates the folder of an administrator and starts a server in it.
async function start(t) {
  const place = folder();
  mkdirSync(join(place, 'bin'));
  symlinkSync(Binary, join(place, 'bin', 'signaller'));
  symlinkSync(here('node_modules/.bin/wscat'), join(place, 'bin', 'wscat'));
  const { stdout } = await run('--print-config');
  const conf = stdout.replace('operators_file = ""', 'operators_file = "operators.toml"');
  writeFileSync(join(place, 'server.conf'), conf);
  const operators = await operators_file({ name: 'root', password: 'swordfish' });
  writeFileSync(join(place, 'operators.toml'), readFileSync(operators));
  chmodSync(join(place, 'operators.toml'), 0o600);
  writeFileSync(join(place, 'night.password'), 'kingfisher\n', { mode: 0o600 });
  const server = await serve(t, '--config', join(place, 'server.conf'), '--set', 'oper.rate=0');
  return { server, place };
}

/// A client that docs/admin.rst mentions; it keeps the lines that it receives.
class Bystander {
  #lines = [];
  #rounds = 0;

  constructor(client) {
    this.client = client;
    this.#listen();
  }
  async #listen() {
    for (;;) {
      const got = await this.client.raw.frame('what a bystander sees', 600_000).catch(() => null);
      if (got?.op === Op.text) this.#lines.push(got.payload.toString());
      if (got?.op === Op.close) {
        const { code, reason } = close_of(got.payload);
        this.#lines.push(`Disconnected (code: ${code}, reason: "${reason}")`);
      }
      if (got === null || got.op === Op.close) break;
    }
    this.gone = true;
    this.client.raw.destroy();
  }
  /// Returns all lines since the last call.
  async seen() {
    const mark = `bystander ${++this.#rounds}`;
    this.client.send(`/ping ${mark}`);
    const is_mark = (line) => line.endsWith(mark);
    await poll(() => this.gone || this.#lines.some(is_mark), 'what a bystander has to see');
    return this.#lines.splice(0).filter((line) => !is_mark(line));
  }
}

/// Prepares the state that the page assumes.
async function stage(server, people, { who, text }) {
  if (!people.has(who) || people.get(who).gone) {
    people.set(who, new Bystander(await Client.connect(server)));
  }
  people.get(who).client.send(text);
  const lines = await people.get(who).seen();
  assert.deepEqual(lines.filter((line) => /^:\S+ (4(?!22)\d\d|FAIL) /.test(line)), []);
}

/// Runs the commands of a block in a shell and returns the output. Each wscat gets `-x /quit`, so
/// that it ends by itself, and waits longer than it does by default: on a busy machine the check of a
/// password takes some seconds.
async function shell(t, { server, place }, block) {
  const quits = (line) => (/^wscat|^ {4}-x/.test(line) && !line.endsWith('\\')
    && block.typed.length === 0 ? `${line} -x /quit -w 30` : line);
  const script = block.script.map(quits).join('\n').replaceAll(Url, server.url);
  const env = { ...process.env, PATH: `${join(place, 'bin')}:${process.env.PATH}` };
  for (const name of Object.keys(env)) if (name.startsWith('SIGNALLER_')) delete env[name];
  const shell_run = launch('bash', ['-c', `exec 2>&1\n${script}`], { cwd: place, env });
  t.after(() => shell_run.child.kill('SIGKILL'));
  if (block.typed.length > 0) {
    await poll(() => shell_run.stdout.includes('\n'), 'the first line in wscat');
    shell_run.child.stdin.write([...block.typed, '/quit', ''].join('\n'));
  }
  await within(shell_run.ended, () => `the end of:\n${script}\n${shell_run.stdout}`, 60_000);
  return shell_run.stdout.split('\n').map((line) => line.replace(/^(> )+/, ''))
    .filter((line) => line !== '');
}

describe('docs/admin.rst', { timeout: 300_000 }, () => {
  it('contains no command that this test skips', () => {
    const commands = (lines) => lines.filter((line) => /^( {4}\$ )?(wscat|signaller) /.test(line));
    const run_lines = Blocks.flatMap((part) => part.script ?? []);
    assert.ok(commands(run_lines).length > 15);
    assert.equal(commands(run_lines).length, commands(Page.split('\n')).length);
  });

  it('shows the output that its commands give', async (t) => {
    const world = await start(t);
    const people = new Map();
    for (const part of Blocks) {
      if (part.kind === 'stage') {
        await stage(world.server, people, part);
        continue;
      }
      for (const one of people.values()) if (!one.gone) await one.seen();
      const lines = await shell(t, world, part);
      const where = `docs/admin.rst:${part.line}`;
      assert.ok(matches_shown(part.shown, lines),
        `${where} shows\n${part.shown.join('\n')}\nbut it is\n${lines.join('\n')}`);
      for (const [who, shown] of Object.entries(part.seen)) {
        const seen = await people.get(who).seen();
        assert.ok(matches_shown(shown, seen), `${where}: ${who} sees\n${seen.join('\n')}`);
      }
    }
  });
});
