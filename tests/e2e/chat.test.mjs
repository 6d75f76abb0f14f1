// Basic chat with the `ws` client library.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import WebSocket from 'ws';
import { Client } from './lib/client.mjs';
import { serve } from './lib/server.mjs';
import { Queue, within } from './lib/wait.mjs';

/// A chat client on the `ws` library, written like the script of a web page.
async function page(server, description, ...protocols) {
  const socket = new WebSocket(server.url, protocols);
  server.on_stop(() => socket.terminate());
  const lines = new Queue();
  const closed = new Promise((resolve) => {
    socket.on('close', (code, reason) => {
      lines.end();
      resolve({ code, reason: String(reason) });
    });
  });
  socket.on('message', (data, binary) => lines.push(binary ? null : String(data)));
  await within(new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  }), 'an open WebSocket');
  const until = async (pattern) => {
    for (;;) {
      const line = await lines.next(`a line like ${pattern}`);
      if (line === null || pattern.test(line)) return line;
    }
  };
  socket.send(`/descp ${JSON.stringify(description)}`);
  await until(/ (376|422) /);
  return { socket, closed, until, say: (text) => socket.send(text) };
}

describe('chat', { concurrency: 8 }, () => {
  it('two clients talk, one is kicked and joins again', async (t) => {
    const server = await serve(t);
    const ann = await page(server, { nick: 'ann' }, 'signaller');
    assert.equal(ann.socket.protocol, 'signaller');
    const bob = await page(server, { nick: 'bob' });
    ann.say('/join #直播间');
    await ann.until(/ 366 /);
    bob.say('/join #直播间');
    await ann.until(/^:bob!\S+ JOIN #直播间$/);
    ann.say('/pubmsg #直播间 你好, bob');
    assert.match(await bob.until(/ PUBMSG /), /^:ann!\S+ PUBMSG #直播间 :你好, bob$/);
    bob.say('/privmsg ann hi');
    assert.match(await ann.until(/ PRIVMSG /), /^:bob!\S+ PRIVMSG \S+ :hi$/);
    ann.say('/kick bob #直播间 too loud');
    await bob.until(/^:ann!\S+ KICK #直播间 \S+ :too loud$/);
    bob.say('/pubmsg #直播间 still here?');
    await bob.until(/ 442 /);
    bob.say('/join #直播间');
    await ann.until(/^:bob!\S+ JOIN #直播间$/);
    bob.say('/quit :good night');
    assert.equal((await bob.closed).code, 1000);
    await ann.until(/^:bob!\S+ QUIT :good night$/);
  });

  it('every member gets every message once and in the same order', async (t) => {
    const server = await serve(t, '--set', 'limits.cost_rate=0');
    const nicks = Array.from({ length: 12 }, (_, at) => `peer${at}`);
    const members = [];
    for (const nick of nicks) {
      const client = await Client.described(server, { nick, caps: ['echo', 'no-presence'] });
      await client.join('#x');
      members.push(client);
    }
    const each = 50;
    for (let n = 0; n < each; ++n) {
      for (const member of members) member.send(`/pubmsg #x ${member.nick} ${n}`);
    }
    const orders = await Promise.all(members.map(async (member) => {
      const got = [];
      while (got.length < each * nicks.length) {
        const said = / PUBMSG #x :(.*)$/.exec(await member.line());
        if (said) got.push(said[1]);
      }
      return got;
    }));
    for (const order of orders) assert.deepEqual(order, orders[0]);
    for (const nick of nicks) {
      assert.deepEqual(orders[0].filter((text) => text.startsWith(`${nick} `)),
        Array.from({ length: each }, (_, n) => `${nick} ${n}`));
    }
  });

  for (const core of ['false', 'true']) it(
    `works the same on several shards, core_thread=${core}`, async (t) => {
    const server = await serve(t, '--set', 'net.shards=3', '--set', `net.core_thread=${core}`);
    const clients = await Client.joined(server, '#x', 'a', 'b', 'c', 'd', 'e', 'f', 'g');
    for (const [at, client] of clients.entries()) {
      client.send(`/pubmsg #x from ${at}`);
      for (const other of clients) {
        if (other !== client) await other.expect(new RegExp(` PUBMSG #x :from ${at}$`));
      }
    }
    clients[0].send('/kick d #x');
    for (const client of clients) await client.expect(/^:a!\S+ KICK #x \S+/);
    clients[0].send('/pubmsg #x without d');
    await clients[6].expect(/ :without d$/);
    assert.deepEqual(await clients[3].lines_until_pong(), []);
  });

  it('a long /list reaches a reader that pauses', async (t) => {
    const server = await serve(t, '--set', 'limits.cost_rate=0', '--set', 'limits.channels=200');
    const maker = await Client.described(server, { caps: ['no-names'] });
    const names = Array.from({ length: 200 }, (_, at) => `#c${at}`);
    const topic = 't'.repeat(500);
    for (const name of names) maker.send(`/join ${name}`, `/topic ${name} ${topic}`);
    await maker.lines_until_pong();
    const reader = await Client.described(server);
    reader.raw.stop_reading();
    const lists = 40;  // 5 MB, more than one outbox holds
    for (let n = 0; n < lists; ++n) reader.send('/list');
    await maker.lines_until_pong();
    reader.raw.read_again();
    for (let n = 0; n < lists; ++n) {
      const listed = (await reader.until(/ 323 /)).filter((line) => / 322 /.test(line));
      assert.equal(listed.length, names.length);
      assert.ok(listed.every((line) => line.endsWith(` 1 :${topic}`)));
    }
  });

  it('/broadcast reaches everybody if broadcast=peers', async (t) => {
    const server = await serve(t, '--set', 'broadcast=peers');
    const [ann, bob] = await Client.joined(server, '#x', 'ann', 'bob');
    const cleo = await Client.described(server, { nick: 'cleo' });
    ann.send('/broadcast hello all');
    for (const client of [bob, cleo]) await client.expect(/^:ann!\S+ BROADCAST \* :hello all$/);
  });
});
