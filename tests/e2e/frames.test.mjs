// WebSocket frames, valid and invalid (RFC 6455 §5, §8.1).
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { RawConnection } from './lib/raw_connection.mjs';
import { serve } from './lib/server.mjs';
import { turn } from './lib/wait.mjs';
import { Op, fragments, frame } from './lib/websocket_frames.mjs';

/// Returns a described client and its connection: {raw, client, server}.
async function chatting(t, ...args) {
  const server = await serve(t, ...args);
  const client = await Client.described(server, { nick: 'ann' });
  return { server, client, raw: client.raw };
}
/// Asserts that the server still answers the client.
const alive = (client) => client.lines_until_pong();

describe('valid frames', { concurrency: 8 }, () => {
  it('several lines in one frame, with empty lines and \\r\\n', async (t) => {
    const { client, raw } = await chatting(t);
    raw.write(frame('/ping a\n\n\r\n/ping b\r\n\n/ping c\n'));
    await client.expect(/PONG .*a$/, /PONG .*b$/, /PONG .*c$/);
    assert.deepEqual(await alive(client), []);
  });

  it('several frames in one TCP segment', async (t) => {
    const { client, raw } = await chatting(t);
    raw.write(Buffer.concat([1, 2, 3].map((n) => frame(`/ping n${n}`))));
    await client.expect(/PONG .*n1$/, /PONG .*n2$/, /PONG .*n3$/);
  });

  it('one byte at a time', async (t) => {
    const { client, raw } = await chatting(t);
    await raw.trickle(frame(`/ping ${'x'.repeat(200)}`));
    await client.expect(/PONG .*x{200}$/);
  });

  it('two frames, split at every byte', async (t) => {
    const { client, raw } = await chatting(t, '--set', 'limits.cost_rate=0');
    const bytes = Buffer.concat([frame('/ping 直播间'), frame(`/ping ${'y'.repeat(130)}`)]);
    for (let cut = 1; cut < bytes.length; ++cut) {
      await raw.write_pieces([bytes.subarray(0, cut), bytes.subarray(cut)]);
      await client.expect(/PONG .*直播间$/, /PONG .*y{130}$/);
    }
  });

  it('a ping between fragments is answered at once', async (t) => {
    const { client, raw } = await chatting(t);
    const pieces = fragments(['/pi', 'ng', '', ' who', 'le']);
    for (const [at, piece] of pieces.entries()) {
      raw.write(piece);
      if (at === pieces.length - 1) break;
      raw.write(frame(`p${at}`, { op: Op.ping }));
      const pong = await raw.frame();
      assert.deepEqual([pong.op, pong.payload.toString()], [Op.pong, `p${at}`]);
    }
    await client.expect(/PONG .*whole$/);
  });

  it('one byte in each fragment, code points split', async (t) => {
    const { client, raw } = await chatting(t);
    const bytes = Buffer.from('/ping 直播😀');
    raw.write(Buffer.concat(fragments(Array.from(bytes, (byte) => Buffer.from([byte])))));
    await client.expect(/PONG .*直播😀$/);
  });

  it('pings with 0 and 125 bytes, unsolicited pongs', async (t) => {
    const { client, raw } = await chatting(t);
    for (const text of ['', 'x'.repeat(125)]) {
      raw.write(frame(text, { op: Op.ping }));
      const pong = await raw.frame();
      assert.deepEqual([pong.op, pong.payload.toString()], [Op.pong, text]);
    }
    raw.write(frame('unasked', { op: Op.pong }));
    assert.deepEqual(await alive(client), []);
  });

  it('an empty message contains no line', async (t) => {
    const { client, raw } = await chatting(t);
    raw.write(frame(''));
    assert.deepEqual(await alive(client), []);
  });

  it('every frame of the server is final and holds one line', async (t) => {
    const { raw } = await chatting(t);
    raw.write(frame('/help'));
    for (;;) {
      const got = await raw.frame();
      assert.deepEqual([got.op, got.fin], [Op.text, true]);
      assert.doesNotMatch(got.payload.toString(), /[\r\n]/);
      if (/ 706 /.test(got.payload.toString())) break;
    }
  });

  it('lines around the limits of 7, 16 and 64 bit lengths', async (t) => {
    const { server, client, raw } = await chatting(t, '--set', 'limits.line=200000',
      '--set', 'limits.content=150000');
    const bob = await Client.described(server, { nick: 'bob' });
    for (const size of [1, 100, 125, 126, 127, 1_000, 65_000, 65_535, 65_536, 70_000, 140_000]) {
      raw.write(frame(`/privmsg bob ${'x'.repeat(size)}`));
      const line = await bob.expect(/ PRIVMSG /);
      assert.equal(line.length, `:${client.source} PRIVMSG ${bob.id} :`.length + size);
    }
  });
});

describe('invalid frames', { concurrency: 8 }, () => {
  /// The frame closes its sender with this code and a reason; other clients are not affected.
  const closes = (name, code, ...pieces) => it(`${code}: ${name}`, async (t) => {
    const { server, raw } = await chatting(t);
    const other = await Client.described(server, { nick: 'bob' });
    raw.write(Buffer.concat(pieces));
    const closed = await raw.closed();
    assert.equal(closed.code, code);
    assert.ok(Buffer.byteLength(closed.reason) <= 123);
    await raw.gone();
    assert.deepEqual(await alive(other), []);
  });
  const text = (hex) => Buffer.from(hex, 'hex');

  closes('binary', 1003, frame('/ping x', { op: Op.binary }));
  closes('binary in fragments', 1003, ...fragments(['/ping', ' x'], Op.binary));
  closes('an empty binary message', 1003, frame('', { op: Op.binary }));

  closes('not masked', 1002, frame('/ping x', { mask: false }));
  for (const rsv of [1, 2, 4]) closes(`reserved bit ${rsv}`, 1002, frame('/ping x', { rsv }));
  for (const op of [3, 4, 5, 6, 7]) closes(`reserved opcode ${op}`, 1002, frame('x', { op }));
  for (const op of [11, 12, 13, 14, 15]) closes(`reserved control ${op}`, 1002, frame('', { op }));
  closes('a continuation of nothing', 1002, frame('x', { op: Op.more }));
  closes('a message inside a message', 1002, frame('/ping', { fin: false }), frame('/ping'));
  closes('a ping in fragments', 1002, frame('x', { op: Op.ping, fin: false }));
  closes('a ping of 126 bytes', 1002, frame('x'.repeat(126), { op: Op.ping }));
  closes('a close of 126 bytes', 1002, frame('x'.repeat(126), { op: Op.close }));
  closes('16 bits for a length that fits 7', 1002, frame('/ping x', { length_form: 16 }));
  closes('64 bits for a length that fits 16', 1002, frame('x'.repeat(300), { length_form: 64 }));

  closes('a lone continuation byte', 1007, frame(text('2f70696e672080')));
  closes('an overlong slash', 1007, frame(text('c0af')));
  closes('a surrogate', 1007, frame(text('2f70696e6720eda080')));
  closes('above U+10FFFF', 1007, frame(text('2f70696e6720f4908080')));
  closes('a code point that is cut at the end', 1007, frame(text('2f70696e6720e79b')));
  closes('an invalid byte in the second fragment', 1007, ...fragments(['/ping ', text('ff')]));
  closes('a code point that the next fragment does not finish', 1007,
    ...fragments([text('2f70696e6720e79b'), 'x']));
  closes('a code point that the last fragment leaves open', 1007,
    ...fragments(['/ping ', text('f09f98')]));

  it('1002 or 1009: a length with its highest bit set', async (t) => {
    const { raw } = await chatting(t);
    raw.write(Buffer.from('81ffffffffffffffffff00000000', 'hex'));
    assert.ok([1002, 1009].includes((await raw.closed()).code));
    await raw.gone();
  });
});

describe('frames above the size limit', { concurrency: 8 }, () => {
  const before = 8_192;
  const after = 262_144;

  it('before /descp, a frame above 8,192 bytes is closed with 1009', async (t) => {
    const server = await serve(t);
    const fits = await Client.connect(server);
    fits.raw.write(frame(`${'\n'.repeat(before - 7)}/ping x`));
    await fits.expect(/PONG .*x$/);
    const above = await Client.connect(server);
    above.raw.write(frame(`${'\n'.repeat(before - 6)}/ping x`));
    const closed = await above.closed();
    assert.equal(closed.code, 1009);
    assert.match(closed.reason, /limited to 8192 bytes \(limits\.frame_undescribed/);
  });

  it('after /descp, a frame above 262,144 bytes is closed with 1009', async (t) => {
    const { client, raw } = await chatting(t);
    raw.write(frame(`${'\n'.repeat(after - 7)}/ping x`));
    await client.expect(/PONG .*x$/);
    raw.write(frame(`${'\n'.repeat(after - 6)}/ping x`));
    const closed = await raw.closed();
    assert.equal(closed.code, 1009);
    assert.match(closed.reason, /limited to 262144 bytes \(.*limits\.frame\)/);
    await raw.gone();
  });

  it('1009 for a header that announces too much', async (t) => {
    const { raw } = await chatting(t);
    raw.write(frame('', { length: 1 << 30 }));
    assert.equal((await raw.closed()).code, 1009);
  });

  it('1009 for fragments whose sum is too large', async (t) => {
    const { raw } = await chatting(t);
    raw.write(frame('\n'.repeat(200_000), { fin: false }));
    raw.write(frame('\n'.repeat(100_000), { op: Op.more, fin: false }));
    assert.equal((await raw.closed()).code, 1009);
  });

  it('10 MB without a newline do not use memory', async (t) => {
    const { server, raw } = await chatting(t);
    const other = await Client.described(server);
    const start = server.resident;
    raw.write(frame('x'.repeat(10_000_000)));
    assert.equal((await raw.closed()).code, 1009);
    await raw.gone();
    assert.deepEqual(await other.lines_until_pong(), []);
    assert.ok(server.resident - start < 16_384, `${start} KiB, then ${server.resident} KiB`);
  });

  it('many small fragments of one endless message', async (t) => {
    const { server, raw } = await chatting(t);
    const other = await Client.described(server);
    const piece = frame('x', { op: Op.more, fin: false });
    raw.write(frame('x', { fin: false }));
    const many = Buffer.concat(Array.from({ length: 5_000 }, () => piece));
    for (let at = 0; at < 60 && raw.socket.writable; ++at) {
      raw.write(many);
      await turn();
    }
    assert.equal((await raw.closed()).code, 1009);
    assert.deepEqual(await other.lines_until_pong(), []);
  });
});
