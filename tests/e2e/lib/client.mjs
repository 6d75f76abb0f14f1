// A chat client for tests: sends lines and reads lines, and fails when an awaited line does not
// arrive.
import assert from 'node:assert/strict';
import { RawConnection } from './raw_connection.mjs';
import { frame } from './websocket_frames.mjs';

let pings = 0;

export class Client {
  #raw;
  #seen = [];  // recent lines, for failure messages

  constructor(raw) { this.#raw = raw; }

  /// Connects and reads the first NOTICE.
  static async connect(server, options = {}) {
    const client = new Client(await RawConnection.websocket(server, options));
    await client.expect(/^:\S+ NOTICE \* :.*\/descp/);
    return client;
  }
  /// Connects and describes itself. `description` may hold an id, a nick, caps …; for `options` see
  /// RawConnection.connect.
  static async described(server, description = {}, options = {}) {
    const client = await Client.connect(server, options);
    await client.describe(description);
    return client;
  }
  /// Returns several clients, described with these nicks and joined to the channel in this order.
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
  /// Sends all lines in one frame.
  send(...lines) { this.#raw.write(frame(lines.join('\n'))); }

  async line() {
    const text = await this.#raw.text(`a line after:\n${this.#seen.slice(-8).join('\n')}`);
    assert.notEqual(text, null, `the connection ended after:\n${this.#seen.slice(-8).join('\n')}`);
    this.#seen.push(text.slice(0, 300));
    if (this.#seen.length > 100) this.#seen.shift();
    return text;
  }
  /// Asserts that the next lines match these patterns in order; returns the last line.
  async expect(...patterns) {
    let line;
    for (const pattern of patterns) {
      line = await this.line();
      assert.match(line, pattern);
    }
    return line;
  }
  /// Reads up to a line that matches; returns all lines, the matching one last.
  async until(pattern) {
    const lines = [];
    for (;;) {
      lines.push(await this.line());
      if (pattern.test(lines.at(-1))) return lines;
    }
  }
  /// Sends lines and returns the next line.
  async ask(...lines) {
    this.send(...lines);
    return this.line();
  }
  /// Returns all lines that the server has sent up to the answer to a /ping.
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
    /// The secret of the session, and whether it is `new`, `resumed` or `returned`.
    [, this.secret, this.session] = lines.join('\n')
      .match(/ SESSION \S+ (\S+) \d+ (\w+) [0-9a-f]+:\d+$/m);
    this.nick = description.nick;
    /// The source in this client's lines.
    this.source = this.nick ? `${this.nick}!${this.id}` : this.id;
    return lines;
  }
  async join(channel) {
    this.send(`/join ${channel}`);
    return this.until(/ 366 /);
  }
  async closed(ms) { return this.#raw.closed('a close frame', ms); }
}
