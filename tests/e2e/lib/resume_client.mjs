// A client whose connection is cut again and again. It resumes each time with its secret and its
// last positions, sends unacknowledged messages again, and checks every line that it receives.
import WebSocket from 'ws';
import { SessionClient } from './session_client.mjs';

/// Verbs that no client may receive once all are in their channels.
const UnexpectedVerbs = new Set(['QUIT', 'PART', 'KICK', 'NICK', 'AWAY', 'DESCP', 'FAIL',
  'COUNT', 'SHED']);

export class ResumeClient extends SessionClient {
  #socket = null;
  #label = 0;
  #pending = new Map();  // label → unacknowledged message, in sending order
  #replay = null;        // {target, due, got} between REPLAY begin and end
  #awaited = 0;          // lists or replays that this connection still expects
  #places = new Map();   // channel or "*" → {epoch, seq, skipped}
  #attached = false;     // SESSION has come on this connection
  #seen = new Set();     // lines about visitors on this connection
  #resolve_connected = null;        // resolves the promise of `start` or `reconnect`
  #ping = null;

  /// `group` receives all events: see resume_clients.mjs.
  constructor(group, number, channels) {
    super(group, number, channels);
    this.acks = new Map();  // label → {target, msgid, seq}
    this.messages = [];     // {label, target, text}
  }

  get places() { return this.#places; }
  get unacknowledged() { return this.#pending.size; }
  /// Returns whether the state of this client on the server is certain: SESSION has come on this
  /// connection, or no connection is open.
  get is_known() {
    return this.#attached || !this.#socket || this.#socket.readyState === WebSocket.CONNECTING;
  }

  /// Resolves when the client is described and in its channels.
  start() {
    this.#awaited = this.channels.length;
    return this.#connect(() => {
      this.#write(`/descp ${JSON.stringify(this.#description())}`,
        ...this.channels.map((channel) => `/join ${channel}`));
    });
  }

  /// Cuts the connection without a close frame.
  drop_connection() {
    this.up = false;
    this.#replay = null;
    this.leave();
  }
  /// Closes the connection, if there is one, for good or until `reconnect`.
  leave() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.removeAllListeners('message').removeAllListeners('close').removeAllListeners('open');
    socket?.terminate();
  }

  /// Resumes the session on a new connection. `eager`: sends unacknowledged messages again at once,
  /// otherwise after all replays.
  async reconnect({ eager }) {
    const since = {};
    for (const [target, place] of this.#places) since[target] = `${place.epoch}:${place.seq}`;
    this.#awaited = this.#places.size;
    await this.#connect(() => {
      this.#write(`/descp ${JSON.stringify({ ...this.#description(), since })}`);
      if (eager) this.#resend_pending();
    });
    if (!eager) this.#resend_pending();
  }

  /// Sends a new message with a new label. `target` is a channel or another client.
  say(target) {
    const label = `m${++this.#label}`;
    const length = (this.#label * 997) % this.group.bytes;
    const text = `${this.number} ${this.#label} ${'x'.repeat(length)}`;
    const to = target instanceof ResumeClient ? target.id : target;
    const command = target instanceof ResumeClient ? 'privmsg' : 'pubmsg';
    const what = { label, target: to, text, line: `@label=${label} /${command} ${to} ${text}` };
    this.messages.push(what);
    this.#pending.set(label, { ...what, at: performance.now(), tries: 1 });
    this.#write(what.line);
  }

  /// Sends an old message again, acknowledged or not. The only effect must be the same ACK.
  repeat_message(what) {
    this.group.retried(1);
    this.#write(what.line);
  }

  /// Resolves when the server has answered all earlier lines.
  barrier() {
    return new Promise((resolve) => {
      this.#ping = { text: `barrier ${this.number}`, resolve };
      this.#write(`/ping ${this.#ping.text}`);
    });
  }

  #description() {
    return { id: this.id, secret: this.secret, name: `member ${this.number}`,
      caps: this.echo ? ['tags', 'echo'] : ['tags'] };
  }
  #write(...lines) { this.#socket.send(lines.join('\n')); }
  #resend_pending() {
    for (const what of this.#pending.values()) {
      ++what.tries;
      this.#write(what.line);
    }
    this.group.retried(this.#pending.size);
  }

  #connect(greet) {
    const socket = this.group.open(this.number);
    this.#socket = socket;
    this.#attached = false;
    this.#seen.clear();
    return new Promise((resolve) => {
      this.#resolve_connected = resolve;
      socket.on('open', greet);
      socket.on('message', (data) => this.on_line(String(data)));
      socket.on('error', (error) => { if (socket === this.#socket) this.#fail(error.message); });
      socket.on('close', (code, reason) => this.#fail(`closed ${code} ${reason}`));
    });
  }
  /// Counts the end of a list or replay.
  #list_or_replay_ended() {
    if (--this.#awaited !== 0) return;
    this.up = true;
    this.#resolve_connected();
  }
  #fail(what, line = '') { this.group.fail(`member ${this.number}: ${what} ${line}`); }

  on_session(line, text) {
    const [, , , how, inbox] = line.params;
    this.#attached = true;
    if (how !== (this.group.settled ? 'resumed' : 'new')) this.#fail('the wrong session', text);
    this.on_position('*', inbox, text);
  }
  /// Checks the position of a channel or the inbox. The first position is the start of this client.
  /// A later position may be ahead of this client, never behind.
  on_position(target, position, text) {
    const [epoch, seq] = position.split(':');
    const place = this.#places.get(target);
    if (!place) {
      this.#places.set(target, { epoch, seq: Number(seq), skipped: [], heard: 0 });
    } else if (place.epoch !== epoch || place.seq > Number(seq)) {
      this.#fail(`not after ${place.epoch}:${place.seq}`, text);
    }
  }
  on_join(line, text) {
    if (line.id === this.id || !this.group.settled) return;
    if (this.group.visitors.has(line.id)) return this.#saw(line, text);
    this.#fail('unexpected JOIN', text);
  }
  /// Records a line about a visitor. Receiving the same line twice is an error.
  #saw(line, text) {
    const what = [line.source, line.verb, ...line.params, line.text].join(' ');
    if (this.#seen.has(what)) this.#fail('twice', text);
    this.#seen.add(what);
    this.group.saw();
  }
  /// Checks that each number comes once and in order. Only own messages may be missing, without
  /// `echo`.
  on_message(target, line, text) {
    const seq = Number(line.tags.seq);
    const place = this.#places.get(target);
    if (!place || !(seq > place.seq)) return this.#fail(`not after ${place?.seq}`, text);
    for (let left = place.seq + 1; left < seq; ++left) place.skipped.push(left);
    place.seq = seq;
    ++place.heard;
    if (this.#replay?.target === target) ++this.#replay.got;
    this.group.heard(target === '*' ? this.id : target, seq,
      { from: line.id, msgid: line.tags.msgid, text: line.text }, Boolean(this.#replay));
  }
  on_replay(line, text) {
    const [target, word, count, recovered] = line.params;
    if (word === 'begin') {
      if (this.#replay || recovered !== '1') this.#fail('an incomplete replay', text);
      this.#replay = { target, due: Number(count), got: 0 };
      if (this.group.slow_reader) this.#pause();
      return;
    }
    const { due, got } = this.#replay;
    if (this.#replay.target !== target || due !== got) this.#fail(`${got} of ${due}`, text);
    this.#replay = null;
    this.#list_or_replay_ended();
  }
  /// Stops reading for a while, so that the server has to queue.
  #pause() {
    const socket = this.#socket;
    socket.pause();
    setTimeout(() => socket.resume(), 50);
  }
  on_ack(line, text) {
    const { label, msgid, seq } = line.tags;
    const ack = { target: line.params[0], msgid, seq: Number(seq) };
    const before = this.acks.get(label);
    if (before && (before.msgid !== msgid || before.seq !== ack.seq)) {
      this.#fail(`acknowledged before as ${before.msgid} ${before.seq}`, text);
    }
    const what = this.#pending.get(label);
    if (!before && !what) this.#fail('an ACK without a message', text);
    if (what) this.group.record_latency(performance.now() - what.at, what.tries);
    this.#pending.delete(label);
    this.acks.set(label, ack);
  }
  on_pong(text) {
    if (!this.#ping || !text.endsWith(this.#ping.text)) return this.#fail('an unexpected PONG', text);
    this.#ping.resolve();
  }
  on_other(line, text) {
    if (line.verb === '366') return this.group.settled ? undefined : this.#list_or_replay_ended();
    if (this.group.visitors.has(line.id)) return this.#saw(line, text);
    const refused = /^4\d\d$/.test(line.verb) && line.verb !== '422';
    const unexpected = UnexpectedVerbs.has(line.verb) && this.group.settled;
    if (refused || unexpected) this.#fail('unexpected', text);
  }
}
