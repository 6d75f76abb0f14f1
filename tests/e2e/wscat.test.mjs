// The real wscat from npm, used as the README shows.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch, serve } from './lib/server.mjs';
import { within } from './lib/wait.mjs';

const Wscat = fileURLToPath(new URL('./node_modules/.bin/wscat', import.meta.url));

/// Runs wscat with a pipe as keyboard and keeps its screen.
function wscat(t, server, ...args) {
  const run = launch(process.execPath, [Wscat, '-c', server.url, ...args]);
  t.after(async () => {
    run.child.kill('SIGKILL');
    await run.ended;
  });
  let from = 0;
  return {
    run,
    type: (...lines) => { for (const line of lines) run.child.stdin.write(`${line}\n`); },
    /// Waits until the screen shows this text below the last awaited one.
    sees: (pattern) => within(new Promise((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(run.stdout.slice(from));
        if (!found) return;
        from += found.index + found[0].length;
        resolve(found[0]);
      };
      run.child.stdout.on('data', look);
      run.child.on('close',
        () => reject(new Error(`wscat ended before ${pattern}: ${run.stdout}`)));
      look();
    }), () => `${pattern} on the screen:\n${run.stdout}\n${run.stderr}`),
  };
}

describe('wscat', { concurrency: 8 }, () => {
  it('two users chat, and one is kicked', async (t) => {
    const server = await serve(t);
    const ann = wscat(t, server);
    const bob = wscat(t, server);
    await Promise.all([ann.sees(/ NOTICE \* :.*\/descp/), bob.sees(/ NOTICE \* :.*\/descp/)]);
    ann.type('/descp {nick: "ann"}', '/join #lobby');
    await ann.sees(/ 001 [0-9a-f]{24} /);
    await ann.sees(/ 366 /);
    bob.type("/descp {nick: 'bob', name: 'Bob B.'}", '/join #lobby');
    await bob.sees(/ 366 /);
    await ann.sees(/:bob!\S+ JOIN #lobby\n/);
    ann.type('/pubmsg #lobby hello bob');
    await bob.sees(/:ann!\S+ PUBMSG #lobby :hello bob\n/);
    bob.type('/say #lobby hello ann', '/privmsg ann just you');
    await ann.sees(/:bob!\S+ PUBMSG #lobby :hello ann\n/);
    await ann.sees(/:bob!\S+ PRIVMSG \S+ :just you\n/);
    bob.type('/kick ann #lobby');
    await bob.sees(/ 482 /);
    ann.type('/kick bob #lobby too loud');
    await bob.sees(/:ann!\S+ KICK #lobby \S+ :too loud\n/);
    await ann.sees(/:ann!\S+ KICK #lobby \S+ :too loud\n/);
    bob.type('/pubmsg #lobby anybody?');
    await bob.sees(/ 442 /);
    bob.type('/quit :bye');
    assert.equal((await within(bob.run.ended, 'wscat’s end')).code, 0);
  });

  it('-x sends several lines at once and prints the answers', async (t) => {
    const server = await serve(t);
    const lines = '/descp {}\n/join #x\n/topic #x hello\n/whois #x';
    const { run } = wscat(t, server, '-x', lines, '-w', '1');
    await within(run.ended, 'wscat’s end');
    for (const part of [/ 001 /, / JOIN #x$/m, / TOPIC #x :hello$/m,
      / CHANNEL #x .*"topic":"hello"/]) {
      assert.match(run.stdout, part);
    }
  });

  it('-x may be given several times', async (t) => {
    const server = await serve(t);
    const { run } = wscat(t, server, '-x', '/descp {}', '-x', '/ping one', '-x', '/ping two',
      '-w', '1');
    await within(run.ended, 'wscat’s end');
    assert.match(run.stdout, / PONG .*one\n[^]* PONG .*two\n/);
  });

  it('the subprotocol can be requested', async (t) => {
    const server = await serve(t);
    const ann = wscat(t, server, '-s', 'signaller');
    await ann.sees(/ NOTICE \* /);
  });

  it('/help explains how to begin', async (t) => {
    const server = await serve(t);
    const ann = wscat(t, server);
    await ann.sees(/ NOTICE \* /);
    ann.type('/help');
    const help = await ann.sees(/ 704 [^]* 706 .*\n/);
    for (const command of ['/descp', '/join', '/pubmsg', '/privmsg', '/quit']) {
      assert.ok(help.includes(command), `${command} in ${help}`);
    }
  });

  it('a terminal shows the reason of a disconnect', async (t) => {
    const server = await serve(t);
    const run = launch('script', ['-qfec', `'${process.execPath}' '${Wscat}' -c ${server.url}`,
      '/dev/null'], { env: { ...process.env, TERM: 'dumb' } });
    t.after(() => run.child.kill('SIGKILL'));
    const shows = (pattern) => within(new Promise((resolve) => {
      const look = () => { if (pattern.test(run.stdout)) resolve(); };
      run.child.stdout.on('data', look);
      look();
    }), () => `${pattern} on the terminal:\n${run.stdout}`);
    await shows(/ NOTICE \* /);
    run.child.stdin.write('/descp {}\r');
    await shows(/ 001 /);
    await server.terminate();
    await shows(/Disconnected \(code: 1001, reason: "[^"]+"\)/);
  });
});
