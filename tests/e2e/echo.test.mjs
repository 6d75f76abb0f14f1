// The echo protocol, which conformance suites use, with clients of other authors.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { on, once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import WebSocket from 'ws';
import { folder, launch, serve } from './lib/server.mjs';
import { within } from './lib/wait.mjs';

const Wscat = fileURLToPath(new URL('./node_modules/.bin/wscat', import.meta.url));

/// Starts a server that also serves the echo protocol.
function echoing(t, ...args) {
  const file = join(folder(), 'server.conf');
  writeFileSync(file,
    '[[listen]]\naddress = "127.0.0.1:0"\npaths = { "/" = "slash", "/echo" = "echo" }\n');
  return serve(t, '--config', file, '--set', 'net.read_rate=0', ...args);
}

async function connected(t, server, options = {}) {
  const socket = new WebSocket(`${server.url}/echo`, options);
  t.after(() => socket.terminate());
  socket.messages = on(socket, 'message');
  await within(once(socket, 'open'), 'the handshake');
  return socket;
}
/// Returns the next message: [bytes, whether it is binary].
const heard = async (socket) => (await within(socket.messages.next(), 'an echo')).value;

describe('echo', { concurrency: 8 }, () => {
  it('is served only where a listener mounts it', async (t) => {
    const server = await serve(t);
    const answer = await fetch(`http://127.0.0.1:${server.port}/echo`);
    assert.equal(answer.status, 404);
    assert.doesNotMatch(await answer.text(), /echo/);
    const mounted = await echoing(t);
    assert.equal((await fetch(`http://127.0.0.1:${mounted.port}/echo`)).status, 426);
    assert.equal((await fetch(`http://127.0.0.1:${mounted.port}/`)).status, 200);
  });

  it('ws: text, binary and fragmented messages come back unchanged', async (t) => {
    const socket = await connected(t, await echoing(t), { perMessageDeflate: true });
    assert.equal(socket.extensions, '');
    const says = async (data, binary) => {
      socket.send(data, { binary });
      assert.deepEqual(await heard(socket), [Buffer.from(data), binary]);
    };
    await says('hello', false);
    await says('', false);
    await says('你好 😀', false);
    await says(randomBytes(70_000), true);
    await says(Buffer.alloc(0), true);
    socket.send('in ', { fin: false, binary: false });
    socket.ping();
    socket.send('three ', { fin: false });
    socket.send('parts', { fin: true });
    assert.deepEqual(await heard(socket), [Buffer.from('in three parts'), false]);
    const closed = once(socket, 'close');
    socket.close(4321, 'bye');
    assert.equal((await within(closed, 'the close'))[0], 4321);
  });

  it('ws: a message of 16 MiB comes back, whole or in fragments', async (t) => {
    const server = await echoing(t);
    const large = randomBytes(16 * 1024 * 1024);
    const socket = await connected(t, server, { maxPayload: 0 });
    socket.send(large);
    assert.ok((await heard(socket))[0].equals(large));
    const piece = 1024 * 1024;
    for (let at = 0; at < large.length; at += piece) {
      socket.send(large.subarray(at, at + piece), { fin: at + piece === large.length });
    }
    socket.send('and this');
    assert.ok((await heard(socket))[0].equals(large));
    assert.equal(String((await heard(socket))[0]), 'and this');
  });

  it('ws: the chat on the same listener refuses binary messages', async (t) => {
    const server = await echoing(t);
    const socket = new WebSocket(server.url);
    await within(once(socket, 'open'), 'the handshake');
    const closed = once(socket, 'close');
    socket.send(Buffer.from('/ping'));
    assert.equal((await within(closed, 'the close'))[0], 1003);
  });

  it('wscat: input comes back', async (t) => {
    const server = await echoing(t);
    const run = launch(process.execPath,
      [Wscat, '-c', `${server.url}/echo`, '-x', 'hello echo', '-w', '1']);
    t.after(() => run.child.kill('SIGKILL'));
    await within(run.ended, 'wscat’s end');
    assert.match(run.stdout, /hello echo/);
  });
});
