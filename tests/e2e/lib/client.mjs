// A chat client for tests: lines out, lines in, and what is not there is noticed.
import assert from 'node:assert/strict';
import { RawConnection } from './raw_connection.mjs';
import { frame } from './websocket_frames.mjs';

let pings = 0;

export class Client {
  #raw;
  #seen = [];  // for the messages of failures

  constructor(raw) { this.#raw = raw; }

  /// Connects and reads the greeting.
  static async connect(server, options = {}) {
    const client = new Client(await RawConnection.websocket(server, options));
    await client.expect(/^:\S+ NOTICE \* :.*\/descp/);
    return client;
  }
  /// Connects and describes itself; `description` may hold an id, a nick, caps …; for `options`
  /// see RawConnection.connect.
  static async described(server, description = {}, options = {}) {
    const client = await Client.connect(server, options);
    await client.describe(description);
    return client;
  }
  /// Several, described with these nicks and joined to the channel in this order.
  static async joined(server, channel, ...nicks) {
    const clients = [];
    for (const nick of nicks) {
      const client = await Client.described(server, { nick });
      await client.join(channel);
      for (const other of clients) await other.until(new RegExp(` JOIN ${channel}$`));
      clients.push(client);
    }
    return clients;
  }

  get raw() { return this.#raw; }
  /// All lines in one frame.
  send(...lines) { this.#raw.write(frame(lines.join('\n'))); }

  async line() {
    const text = await this.#raw.text(`a line after:\n${this.#seen.slice(-8).join('\n')}`);
    assert.notEqual(text, null, `the connection ended after:\n${this.#seen.slice(-8).join('\n')}`);
    this.#seen.push(text.slice(0, 300));
    if (this.#seen.length > 100) this.#seen.shift();
    return text;
  }
  /// The next lines must be these, in this order; the last one is returned.
  async expect(...patterns) {
    let line;
    for (const pattern of patterns) {
      line = await this.line();
      assert.match(line, pattern);
    }
    return line;
  }
  /// Skips to a line like this; returns all that came, it being the last.
  async until(pattern) {
    const lines = [];
    for (;;) {
      lines.push(await this.line());
      if (pattern.test(lines.at(-1))) return lines;
    }
  }
  /// Sends a line and returns the first line that answers it.
  async ask(...lines) {
    this.send(...lines);
    return this.line();
  }
  /// Everything that the server has to say to us by now.
  async lines_until_pong() {
    const text = `quiet${++pings}`;
    this.send(`/ping ${text}`);
    return (await this.until(new RegExp(` PONG .*${text}$`))).slice(0, -1);
  }

  async describe(description = {}) {
    this.send(`/descp ${JSON.stringify(description)}`);
    const lines = await this.until(/^(@\S+ )?:\S+ (376|422|4\d\d|FAIL) /);
    assert.match(lines.at(-1), / (376|422) /);
    this.id = / 001 (\S+) /.exec(lines[0])[1];
    /// What opens this id again, and whether this was `new`, `resumed` or `returned`.
    [, this.secret, this.session] = lines.join('\n')
      .match(/ SESSION \S+ (\S+) \d+ (\w+) [0-9a-f]+:\d+$/m);
    this.nick = description.nick;
    /// How the others see us.
    this.source = this.nick ? `${this.nick}!${this.id}` : this.id;
    return lines;
  }
  async join(channel) {
    this.send(`/join ${channel}`);
    return this.until(/ 366 /);
  }
  async closed(ms) { return this.#raw.closed('a close frame', ms); }
}
