// The command line: output, errors, start and end of the process.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync,
} from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { hash_of } from './lib/operators.mjs';
import { RawConnection } from './lib/raw_connection.mjs';
import { Binary, launch, run, serve } from './lib/server.mjs';
import { poll, within } from './lib/wait.mjs';

/// Whether this machine has IPv6.
function has_ipv6() {
  const probe = net.createServer();
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(0, '::1', () => probe.close(() => resolve(true)));
  });
}

/// Writes a file for one test and returns its path.
function file(t, name, text) {
  const folder = mkdtempSync(join(tmpdir(), 'signaller-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('output', { concurrency: 4 }, () => {
  it('--version prints the version', async () => {
    const { code, stdout } = await run('--version');
    assert.match(stdout, /^signaller \d+\.\d+\.\d+\n$/);
    assert.equal(code, 0);
  });

  it('--help names every option', async () => {
    const { code, stdout } = await run('--help');
    for (const option of ['--config', '--listen', '--store', '--set', '--operations',
      '--print-config', '--check', '--version', '--help']) {
      assert.ok(stdout.includes(option), `${option} in:\n${stdout}`);
    }
    assert.equal(code, 0);
  });

  it('--print-config prints a valid configuration', async (t) => {
    const printed = await run('--print-config');
    assert.equal(printed.code, 0);
    const checked = await run('--config', file(t, 'server.conf', printed.stdout), '--check');
    assert.equal(checked.code, 0, checked.stderr);
  });

  it('--check succeeds for a valid configuration', async () => {
    const { code, stderr } = await run('--check');
    assert.equal(code, 0, stderr);
  });
});

describe('errors', { concurrency: 4 }, () => {
  const refused = (name, pattern, ...args) => it(name, async () => {
    const { code, stdout, stderr } = await run(...args);
    assert.notEqual(code, 0);
    assert.match(stderr, pattern);
    assert.equal(stdout, '');
  });

  refused('an unknown option is an error', /--no-such-option/, '--no-such-option');
  refused('an unknown key is an error', /limits\.lines/, '--check', '--set', 'limits.lines=5');
  refused('a value that is not a number is an error', /limits\.line\b/, '--check', '--set', 'limits.line=many');
  refused('--set without a value is an error', /limits\.line/, '--check', '--set', 'limits.line');
  refused('an invalid address is an error', /nowhere/, '--listen', 'nowhere');
  refused('an invalid port is an error', /99999/, '--listen', '127.0.0.1:99999');
  refused('an unknown kind of store is an error', /store: .*"memory", "redis:/, '--store', 'paper://');
  refused('a missing configuration file is an error', /\/no\/such\.conf: cannot be read: No such file/, '--config', '/no/such.conf');

  it('an unknown key in a file is reported with its line', async (t) => {
    const path = file(t, 'server.conf', '\n[limits]\nlines = 5\n');
    const { code, stderr } = await run('--config', path, '--check');
    assert.notEqual(code, 0);
    assert.match(stderr, /lines/);
    assert.ok(stderr.includes(path), stderr);
  });
});

const Hash = /\$argon2id\$v=19\$m=\d+,t=\d+,p=1\$[^$\s]+\$[^$\s]+/;

describe('hash-password', { concurrency: 4 }, () => {
  it('hashes the first line of its input with a new salt', async () => {
    const [one, two] = [await hash_of('two words'), await hash_of('two words')];
    for (const hash of [one, two]) assert.match(hash, new RegExp(`^${Hash.source}$`));
    assert.notEqual(one, two);
  });

  it('refuses an empty password and one on the command line', async () => {
    const empty = launch(Binary, ['hash-password']);
    empty.child.stdin.end('\n');
    assert.notEqual((await empty.ended).code, 0);
    assert.match(empty.stderr, /no password/);
    const shown = await run('hash-password', 'swordfish');
    assert.notEqual(shown.code, 0);
    assert.doesNotMatch(shown.stdout, Hash);
  });

  /// Types both answers on a pseudo-terminal; returns the exit code and the screen.
  async function on_a_terminal(t, first, second) {
    const command = `tty; exec '${Binary}' hash-password`;
    const terminal = launch('script', ['-qfec', command, '/dev/null']);
    t.after(() => terminal.child.kill('SIGKILL'));
    // Input that comes before the echo is switched off is discarded.
    const asks = (what) => poll(() => {
      const [name] = /\/dev\/pts\/\d+/.exec(terminal.stdout) ?? [];
      return terminal.stdout.includes(what) &&
        execFileSync('stty', ['-F', name, '-a']).includes(' -echo ');
    }, `the terminal: ${what}`);
    await asks('Password: ');
    terminal.child.stdin.write(`${first}\r`);
    await asks('Again: ');
    terminal.child.stdin.write(`${second}\r`);
    const { code } = await within(terminal.ended, 'its end');
    return { code, shown: terminal.stdout };
  }

  it('asks twice on a terminal without echo', async (t) => {
    const { code, shown } = await on_a_terminal(t, 'swordfish', 'swordfish');
    assert.equal(code, 0, shown);
    assert.match(shown, Hash);
    assert.doesNotMatch(shown, /swordfish/);
  });

  it('refuses two different passwords', async (t) => {
    const { code, shown } = await on_a_terminal(t, 'swordfish', 'sword-fish');
    assert.notEqual(code, 0);
    assert.match(shown, /not the same/);
    assert.doesNotMatch(shown, Hash);
  });
});

describe('ports', { concurrency: 4 }, () => {
  it('a port in use is an error, and the first server goes on', async (t) => {
    const server = await serve(t);
    const second = await run('--listen', `127.0.0.1:${server.port}`);
    assert.notEqual(second.code, 0);
    assert.match(second.stderr, new RegExp(`127\\.0\\.0\\.1:${server.port}.*in use`, 'i'));
    await Client.described(server);
  });

  it('one port in use of several is an error', async (t) => {
    const server = await serve(t);
    const second = await run('--listen', '127.0.0.1:0', '--listen', `127.0.0.1:${server.port}`);
    assert.notEqual(second.code, 0);
  });

  it('0.0.0.0 and [::] with one port work together', async (t) => {
    if (!await has_ipv6()) return t.diagnostic('no IPv6 on this machine');
    const first = await serve(t);  // finds a free port
    const { port } = first;
    await first.terminate();
    const server = await serve(t, '--listen', `0.0.0.0:${port}`, '--listen', `[::]:${port}`);
    for (const host of ['127.0.0.1', '::1']) {
      const socket = net.connect({ host, port });
      await within(new Promise((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('error', reject);
      }), `a connection to ${host}`);
      socket.destroy();
    }
    assert.equal(server.ports.filter((one) => one === port).length, 2);
  });

  it('several listeners serve the same chat', async (t) => {
    const server = await serve(t, '--listen', '127.0.0.1:0');
    assert.equal(server.ports.length, 2);
    const [ann] = await Client.joined(server, '#x', 'ann');
    const bob = await Client.described({ ...server, port: server.ports[1],
      on_stop: (action) => server.on_stop(action) }, { nick: 'bob' });
    await bob.join('#x');
    await ann.expect(/^:bob!\S+ JOIN #x$/);
  });

  it('an IPv6 listener works', async (t) => {
    if (!await has_ipv6()) return t.diagnostic('no IPv6 on this machine');
    const server = await serve(t, '--listen', '[::1]:0');
    const socket = net.connect({ host: '::1', port: server.ports[1] });
    await within(new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    }), 'a connection to [::1]');
    socket.destroy();
  });
});

it('a configuration file that every user may change is reported', async (t) => {
  const path = file(t, 'server.conf', '[[listen]]\naddress = "127.0.0.1:0"\n');
  chmodSync(path, 0o646);
  const open = await serve(t, '--config', path);
  await poll(() => /server\.conf.*every user may change this file \(mode 0646\)/.test(open.output),
    'the warning');
  chmodSync(path, 0o600);
  const closed = await serve(t, '--config', path);
  await poll(() => /configuration file: /.test(closed.output), 'the start');
  assert.doesNotMatch(closed.output, /every user/);
});

describe('end of the process', { concurrency: 4 }, () => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT']) {
    it(`${signal} closes clients with 1001 and ends with exit code 0`, async (t) => {
      const server = await serve(t);
      const clients = await Client.joined(server, '#x', 'ann', 'bob', 'cleo');
      const undescribed = await Client.connect(server);
      const waiting = await RawConnection.connect(server);
      server.kill(signal);
      for (const client of [...clients, undescribed]) {
        assert.equal((await client.closed()).code, 1001);
        await client.raw.gone();
      }
      await waiting.gone();
      assert.deepEqual(await server.end(), { code: 0, signal: null });
    });
  }

  it('SIGUSR1 opens the log files again, and SIGUSR2 does nothing', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'signaller-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const [log, audit] = [join(folder, 'signaller.log'), join(folder, 'audit.log')];
    const server = await serve(t, '--set', `log.out_dir=${folder}`, '--set', `audit.file=${audit}`);
    const ann = await Client.described(server, { nick: 'ann' });
    await poll(() => existsSync(log) && existsSync(audit), 'both files');
    server.kill('SIGUSR2');
    for (const path of [log, audit]) renameSync(path, `${path}.1`);
    server.kill('SIGUSR1');
    await poll(() => existsSync(audit) && existsSync(log) &&
      /the log files were opened again/.test(readFileSync(log, 'utf8')), 'both files again');
    ann.send('/ping');
    await ann.expect(/ PONG /);
  });

  it('a client that does not read or answer does not delay the end', async (t) => {
    const server = await serve(t);
    const deaf = await Client.described(server);
    deaf.raw.stop_reading();
    // This client never answers the close frame.
    await RawConnection.websocket(server, { half_open: true });
    const start = Date.now();
    assert.deepEqual(await server.terminate(), { code: 0, signal: null });
    assert.ok(Date.now() - start < 10_000);
  });

  it('a second server can use the port at once', async (t) => {
    const first = await serve(t);
    await Client.described(first);
    await first.terminate();
    const second = await serve(t, '--listen', `127.0.0.1:${first.port}`);
    assert.ok(second.ports.includes(first.port));
  });
});
