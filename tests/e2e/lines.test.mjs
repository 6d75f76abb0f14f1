// Invalid lines: each is answered with its error and changes nothing.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { serve } from './lib/server.mjs';

/// Starts a server for a group of tests, with two members of #x.
async function room(t, ...args) {
  const server = await serve(t, ...args);
  const [ann, bob] = await Client.joined(server, '#x', 'ann', 'bob');
  return { server, ann, bob };
}

describe('before /descp', { concurrency: 8 }, () => {
  it('451 for commands that need a description', async (t) => {
    const server = await serve(t);
    const client = await Client.connect(server);
    for (const line of ['/join #x', '/pubmsg #x hi', '/privmsg ann hi', '/whois ann', '/list',
      '/nick ann', '/kick ann #x', '/topic #x', '/peers #x', '/who #x', '/away', '/back']) {
      assert.match(await client.ask(line), / 451 /, line);
    }
    assert.deepEqual(await client.lines_until_pong(), []);
  });

  it('/help, /ping and /version are answered', async (t) => {
    const server = await serve(t);
    const client = await Client.connect(server);
    assert.match(await client.ask('/version'), / 351 /);
    client.send('/help');
    await client.until(/ 706 /);
    client.send('/help join');
    await client.until(/ 706 /);
  });

  it('invalid JSON is reported with its offset', async (t) => {
    const server = await serve(t);
    const client = await Client.connect(server);
    const mistakes = [['/descp {"id" 5}', 12], ['/descp {', 8], ['/descp [1]', 7], ['/descp x', 7],
      ['/descp {"a":1,,}', 14], ['@label=q /descp {"a":tru}', 21], ['/descp {} x', 10]];
    for (const [line, offset] of mistakes) {
      const answer = await client.ask(line);
      const told = / FAIL DESCP INVALID_JSON (\d+) :/.exec(answer);
      assert.ok(told, `${line}: ${answer}`);
      assert.ok(Math.abs(Number(told[1]) - offset) <= 3, `${line}: ${answer}, not near ${offset}`);
    }
  });

  it('deeply nested JSON is refused', async (t) => {
    const server = await serve(t);
    const client = await Client.connect(server);
    for (const open of ['[', '{"a":']) {
      const line = `/descp {"x":${open.repeat(Math.floor(8_000 / open.length))}`;
      assert.match(await client.ask(line), / FAIL DESCP INVALID_JSON \d+ :/);
    }
  });

  it('invalid values are named', async (t) => {
    const server = await serve(t);
    const client = await Client.connect(server);
    assert.match(await client.ask('/descp {id: "xyz"}'), / FAIL DESCP INVALID_VALUE id /);
    assert.match(await client.ask('/descp {nick: "a b"}'), / 432 /);
    assert.match(await client.ask('/descp {caps: 5}'), / FAIL DESCP INVALID_VALUE caps /);
    const long = `/descp {name: "${'x'.repeat(65)}"}`;
    assert.match(await client.ask(long), / FAIL DESCP INVALID_VALUE name /);
    await client.describe({});
  });

  it('relaxed JSON accepts an id that looks like a number', async (t) => {
    const server = await serve(t);
    const client = await Client.connect(server);
    client.send("/descp {id: 5e1000000000000000000001, name: 'peer name', nick: \"ann\"}");
    const lines = await client.until(/ (376|422) /);
    assert.match(lines[0], / 001 5e1000000000000000000001 /);
    const session = /^:\S+ SESSION 5e1000000000000000000001 \S{22,} \d+ new /;
    assert.ok(lines.some((line) => session.test(line)));
  });

  it('an id or nick in use is refused with 433, and another can be used', async (t) => {
    const server = await serve(t);
    const ann = await Client.described(server, { nick: 'ann' });
    const client = await Client.connect(server);
    assert.match(await client.ask(`/descp {id: ${ann.id}}`), / 433 /);
    assert.match(await client.ask('/descp {nick: "ANN"}'), / 433 /);
    await client.describe({ nick: 'bob' });
  });
});

describe('after /descp', { concurrency: 8 }, () => {
  it('unknown commands, lines without a slash, wrong arity', async (t) => {
    const { ann, bob } = await room(t);
    for (const [line, pattern] of [
      ['/nonsense', / 421 /], ['/', / 421 /], ['//', / 421 /], ['hello', / 421 /],
      ['/join', / 461 /], ['/pubmsg', / 461 /], ['/pubmsg #x', / 461 /], ['/privmsg bob', / 461 /],
      ['/kick', / 461 /], ['/quit lobby', / 461 /], ['/join x', / 476 /], ['/join #a,b', / 476 /],
      ['/pubmsg #none hi', / (403|442) /], ['/privmsg nobody hi', / 401 /],
      ['/whois nobody', / 401 /], ['/topic', / 461 /], ['/nick', / 461 /], ['/nick a!b', / 432 /],
      ['/kick nobody #x', / 401 /], ['/peers #none', / 403 /], ['/quit #none', / (403|442) /],
    ]) {
      assert.match(await bob.ask(line), pattern, line);
    }
    assert.deepEqual(await bob.lines_until_pong(), []);
    assert.deepEqual(await ann.lines_until_pong(), []);
  });

  it('control characters are refused with their offset', async (t) => {
    const { ann, bob } = await room(t);
    for (const [code, offset] of [[0, 13], [0x0d, 13], [0x1b, 13], [0x7f, 13], [0x07, 13],
      [0x85, 13], [0x9b, 13]]) {
      const bad = String.fromCharCode(code);
      const answer = await bob.ask(`/pubmsg #x hi${bad}there`);
      assert.match(answer, new RegExp(` FAIL PUBMSG INVALID_CHARACTER ${offset} :`), `U+${code}`);
      for (const line of [`/topic #x a${bad}b`, `/away a${bad}b`, `/join #a${bad}b`]) {
        assert.match(await bob.ask(line), / FAIL \S+ INVALID_CHARACTER \d+ :/, line);
      }
    }
    assert.deepEqual(await ann.lines_until_pong(), []);
  });

  it('TAB and formatting codes are accepted', async (t) => {
    const { ann, bob } = await room(t);
    const text = 'a\tb\x02c\x03d\x04e\x0ff\x11g\x16h\x1di\x1ej\x1fk';
    bob.send(`/pubmsg #x ${text}`);
    assert.ok((await ann.expect(/ PUBMSG #x :a/)).endsWith(text));
  });

  it('control characters in JSON strings are shown escaped', async (t) => {
    const { server, ann } = await room(t);
    const eve = await Client.connect(server);
    eve.send('/descp {"nick":"eve","name":"\\u001b[2J\\u0000\\r\\n:fake","bio":"\\u0007\\u009b"}');
    await eve.until(/ (376|422|FAIL) /);
    ann.send('/whois eve', '/ping end');
    for (const line of await ann.until(/ PONG .*end$/)) {
      // eslint-disable-next-line no-control-regex
      assert.doesNotMatch(line, /[\x00-\x08\x0a-\x1f\x7f-\x9f]/);
    }
  });

  it('values above their limit are refused with 417', async (t) => {
    const { ann, bob } = await room(t);
    assert.match(await bob.ask(`/pubmsg #x ${'x'.repeat(60_001)}`), / 417 /);
    assert.match(await bob.ask(`/ping ${'x'.repeat(65_536)}`), / 417 /);
    assert.match(await bob.ask(`/away ${'x'.repeat(513)}`), / 417 /);
    assert.deepEqual(await ann.lines_until_pong(), []);
    bob.send(`/pubmsg #x ${'y'.repeat(60_000)}`);
    await ann.expect(/ PUBMSG #x :y{60000}$/);
  });

  it('one invalid line does not affect the lines beside it', async (t) => {
    const { ann, bob } = await room(t);
    bob.send('/pubmsg #x one', '/nonsense', '/pubmsg #x two', 'three', '/pubmsg #x four');
    await ann.expect(/ :one$/, / :two$/, / :four$/);
    await bob.expect(/ 421 /, / 421 /);
  });

  it('arguments cannot inject lines', async (t) => {
    const { ann, bob } = await room(t);
    bob.send('/pubmsg #x :ann!0 KICK #x :ann', '/topic #x :fake 001');
    await ann.expect(new RegExp(`^:${bob.source} PUBMSG #x ::ann!0 KICK #x :ann$`));
    assert.deepEqual(await ann.lines_until_pong(), []);
  });

  it('each labelled command ends with one ACK, FAIL or numeric', async (t) => {
    const { ann, bob } = await room(t);
    assert.match(await bob.ask('@label=a1 /pubmsg #x hi'), /^@(\S*;)?label=a1(;\S*)? :\S+ ACK #x$/);
    assert.match(await bob.ask('@label=a2 /nonsense'), /^@label=a2 :\S+ 421 /);
    assert.match(await bob.ask('@label=bad! /ping x'), / FAIL \S+ INVALID_LABEL /);
    bob.send('@label=a3 /whois ann');
    const lines = await bob.until(/ ACK /);
    for (const line of lines) assert.match(line, /^@(\S*;)?label=a3[; ]/);
    await ann.expect(/ PUBMSG #x :hi$/);
  });
});
