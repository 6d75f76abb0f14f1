// Limits of outboxes. At a limit nothing is lost. Above the limit one reader is closed with a
// reason, and no other client is affected. The server's metrics tell how much is queued. The test
// fills the buffers of the kernel first, because they do not count.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { metrics, serve_with_operations } from './lib/operations.mjs';
import { Unlimited } from './lib/server.mjs';
import { Op, close_of, frame } from './lib/websocket_frames.mjs';

const Step = 4_096;      // bytes of a frame
const Fill = 8 * Step;   // bytes of a frame that fills the buffers of the kernel
const Pong = 64;
const Most = 1_000;  // number of steps after which the test gives up
const Head = 4;          // bytes of the header of a frame with 126 to 65535 bytes

/// A talker without presence lines, and a reader that receives everything.
class Room {
  #gone = new Set();
  #said = new Map();  // channel → messages that its members must receive
  #pings = new Map();
  #index = 0;  // bytes of the index entry of one frame

  static async open(t, channels, ...settings) {
    const room = new Room();
    // One shard, so that its metrics include all earlier writes. No pings, because they would be
    // queued as signals. No resume window, so that QUIT tells when the reader is closed, and a long
    // close timeout, so that the reader can read the reason.
    const all = ['net.shards=1', 'net.ping_interval=0ms', 'resume=1ms', 'net.close_timeout=20s',
      ...settings];
    room.server = await serve_with_operations(t, ...Unlimited, ...all.flatMap((one) => ['--set', one]));
    room.talker = await Client.described(room.server, { nick: 'talker', caps: ['no-presence'] });
    room.reader = await Client.described(room.server, { nick: 'reader' });
    for (const channel of channels) {
      await room.talker.join(channel);
      await room.reader.join(channel);
      room.#said.set(channel, []);
    }
    return room;
  }

  /// A member of the channel that has read everything so far and stops reading.
  async deaf(nick, channel) {
    const client = await Client.described(this.server, { nick, caps: ['no-presence'] });
    await client.join(channel);
    await client.lines_until_pong();
    client.raw.stop_reading();
    return client;
  }

  /// Returns the bytes queued for all readers and the number of readers closed as too slow.
  async state() {
    const now = await metrics(this.server);
    return { held: now.signaller_outbox_bytes, closed: now.signaller_slow_readers_total };
  }

  async #heard(pattern) {
    const lines = await this.reader.until(pattern);
    for (const line of lines) this.#gone.add(/^:(\w+)!\S+ QUIT /.exec(line)?.[1]);
    return lines.at(-1);
  }
  async quit(nick) {
    while (!this.#gone.has(nick)) await this.#heard(/ QUIT /);
  }

  /// Sends one line to the channel as a frame of this size; resolves when the reader has it.
  async say(channel, bytes) {
    const said = this.#said.get(channel);
    const start = `:${this.talker.source} PUBMSG ${channel} :`;
    const text = `${said.length} `.padEnd(bytes - Head - start.length, 'x');
    this.talker.send(`/pubmsg ${channel} ${text}`);
    const line = await this.#heard(/ PUBMSG /);
    assert.ok(line === start + text, `not what was said: ${line.slice(0, 80)}`);
    said.push(line);
  }

  /// Sends pings whose pongs stay unread; resolves when the server has handled them.
  async ping(client, count) {
    const from = this.#pings.get(client) ?? 0;
    this.#pings.set(client, from + count);
    const pings = Array.from({ length: count },
      (_, at) => frame(`${from + at} `.padEnd(Pong - 2, 'p'), { op: Op.ping }));
    client.raw.write(Buffer.concat(pings));
    client.send('/privmsg reader that was all');
    await this.#heard(/ PRIVMSG .* :that was all$| QUIT /);
  }

  /// Sends until exactly one frame is queued.
  async fill(channel) {
    const before = (await this.state()).held;
    for (let n = 0; ; ++n) {
      assert.ok(n < Most, 'the kernel takes everything');
      await this.say(channel, Fill);
      const { held } = await this.state();
      if (held <= before) continue;
      this.#index ||= held - before - Fill;
      return;
    }
  }
  async say_all(channel, bytes) {
    for (let left = bytes; left > 0; left -= Fill) await this.say(channel, Math.min(left, Fill));
  }
  /// Sends until exactly this many bytes are queued for all readers, index entries included.
  async fill_up_to(channel, limit) {
    for (;;) {
      const left = limit - (await this.state()).held;
      if (left === 0) return;
      assert.ok(left > 0, `${-left} bytes too much`);
      if (left > Fill) await this.say(channel, left > 2 * Fill ? Fill : Fill / 2);
      else await this.say(channel, left - this.#index);
    }
  }
  /// Sends further frames until a reader is closed; normally the first frame is enough.
  async until_closed(step) {
    for (let n = 0; (await this.state()).closed === 0; ++n) {
      assert.ok(n < Most, 'nobody is given up');
      await step();
    }
    assert.equal((await this.state()).closed, 1);
  }

  /// Resumes reading: all messages of the channel and all pongs must be there.
  async has_all(client, channel) {
    const said = this.#said.get(channel);
    const { lines, pongs } = await this.#read(client, said.length, this.#pings.get(client) ?? 0);
    assert.equal(lines.length, said.length);
    assert.equal(pongs, this.#pings.get(client) ?? 0);
    assert.match(await client.ask('/ping still'), / PONG .*still$/);
  }
  /// Resumes reading: no message may be missing before the close frame, whose reason names the
  /// limit.
  async is_told(client, channel) {
    const { lines, pongs, closed } = await this.#read(client, Infinity, Infinity);
    assert.ok(lines.length < this.#said.get(channel).length ||
      pongs < this.#pings.get(client), 'nothing was too much');
    assert.equal(closed.code, 3008);
    await client.raw.gone();
    return closed.reason;
  }
  /// Each line and each pong must be the next expected one.
  async #read(client, most_lines, most_pongs) {
    client.raw.read_again();
    const lines = [];
    let pongs = 0;
    while (lines.length < most_lines || pongs < most_pongs) {
      const got = await client.raw.frame();
      assert.ok(got, 'the connection ended without a word');
      if (got.op === Op.close) return { lines, pongs, closed: close_of(got.payload) };
      const payload = got.payload.toString();
      if (got.op === Op.pong) {
        assert.ok(payload.startsWith(`${pongs++} `), payload);
      } else {
        const channel = / PUBMSG (#\w+) /.exec(payload)[1];
        assert.ok(payload === this.#said.get(channel)[lines.length], payload.slice(0, 80));
        lines.push(payload);
      }
    }
    return { lines, pongs };
  }

  /// Asserts that the talker and the reader still work.
  async goes_on(channel) {
    await this.say(channel, Step);
    assert.deepEqual((await this.talker.lines_until_pong()).filter((line) => / PUBMSG /.test(line)), []);
  }
}

/// For each limit of one reader: `reach` fills the outbox exactly to the limit, and `step` exceeds
/// it.
const Bounds = {
  'outbox.chat': {
    limit: 262_144,
    reach: (room) => room.say_all('#busy', 262_144 - Fill),
    step: (room) => room.say('#busy', Step),
  },
  'outbox.signals': {
    limit: 65_536,
    reach: (room, slow) => room.ping(slow, 65_536 / Pong),
    step: (room, slow) => room.ping(slow, 1),
  },
  'outbox.all': {
    limit: 131_072,
    // These two limits of one reader are high, so that outbox.all is reached first.
    more: ['outbox.chat=131072', 'outbox.signals=131072'],
    reach: async (room, slow) => {
      await room.ping(slow, 32_768 / Pong);
      await room.say_all('#busy', 131_072 - 32_768 - Fill);
    },
    step: (room) => room.say('#busy', Step),
  },
};

describe('limits of one reader', { concurrency: 4 }, () => {
  for (const [key, { limit, more = [], reach, step }] of Object.entries(Bounds)) {
    const open = async (t) => {
      const room = await Room.open(t, ['#busy'], `${key}=${limit}`, ...more);
      const slow = await room.deaf('slow', '#busy');
      await room.fill('#busy');
      await reach(room, slow);
      assert.equal((await room.state()).closed, 0);
      return { room, slow };
    };

    it(`${key}: at the limit nothing is lost`, async (t) => {
      const { room, slow } = await open(t);
      await room.has_all(slow, '#busy');
      await room.goes_on('#busy');
      assert.deepEqual(await room.state(), { held: 0, closed: 0 });
    });

    it(`${key}: above the limit that reader alone is closed with the reason`, async (t) => {
      const { room, slow } = await open(t);
      await room.until_closed(() => step(room, slow));
      await room.quit('slow');
      assert.equal(await room.is_told(slow, '#busy'),
        `too slow: more than ${key} (${limit} bytes) of unread data waits for you`);
      await room.goes_on('#busy');
      assert.deepEqual(await room.state(), { held: 0, closed: 1 });
    });
  }
});

describe('the limit of all readers: outbox.process', { concurrency: 4 }, () => {
  const All = 1_048_576;
  const Half = All / 2;
  /// Two slow readers in #one, where the shared batch counts once, and one slow reader in #two.
  async function full(t) {
    const room = await Room.open(t, ['#one', '#two'], `outbox.process=${All}`);
    const [one, same] = [await room.deaf('one', '#one'), await room.deaf('same', '#one')];
    await room.fill('#one');
    await room.fill_up_to('#one', Half);
    const two = await room.deaf('two', '#two');
    await room.fill('#two');
    await room.fill_up_to('#two', All);
    assert.equal((await room.state()).closed, 0);
    return { room, one, same, two };
  }

  it('at the limit nothing is lost, and a shared batch counts once', async (t) => {
    const { room, one, same, two } = await full(t);
    await room.has_all(one, '#one');
    await room.has_all(same, '#one');
    await room.has_all(two, '#two');
    assert.deepEqual(await room.state(), { held: 0, closed: 0 });
  });

  it('above the limit the affected reader is closed with the reason', async (t) => {
    const { room, one, same, two } = await full(t);
    await room.until_closed(() => room.say('#two', Step));
    await room.quit('two');
    assert.equal(await room.is_told(two, '#two'),
      `too slow: more than outbox.process (${All} bytes) of unread data waits for all readers`);
    await room.goes_on('#two');
    await room.goes_on('#one');  // memory is available again, so the room works
    await room.has_all(one, '#one');
    await room.has_all(same, '#one');
    assert.deepEqual(await room.state(), { held: 0, closed: 1 });
  });
});
