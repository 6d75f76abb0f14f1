// A peer whose connections die and who comes back each time, as a page does: with its secret, with
// what it saw last, and with everything that nobody has acknowledged. It knows what it must see.
import { randomBytes } from 'node:crypto';
import WebSocket from 'ws';
import { parse_line } from './line_parser.mjs';

/// What may never join_all once everybody is there: nobody comes, nobody goes, nothing is refused.
const UnexpectedVerbs = new Set(['QUIT', 'PART', 'KICK', 'NICK', 'AWAY', 'DESCP', 'FAIL', 'COUNT', 'SHED']);

export class ResumeClient {
  #socket = null;
  #label = 0;
  #pending = new Map();  // what was said and not acknowledged, in this order: label → what
  #replay = null;        // {target, due, got} between REPLAY begin and end
  #awaited = 0;          // ends of lists or replays that this connection still gets
  #places = new Map();   // channel or "*" → {epoch, seq, skipped}
  #seated = false;       // this connection has been told so by SESSION
  #seen = new Set();     // what this connection has been told of visitors
  #resolve_connected = null;        // of the promise that `start` and `come_back` give
  #ping = null;

  /// `group` is told all that happens: see group.mjs.
  constructor(group, number, channels) {
    this.group = group;
    this.number = number;
    this.channels = channels;
    this.echo = number % 2 === 0;
    this.id = randomBytes(12).toString('hex');
    this.secret = randomBytes(16).toString('hex');
    this.up = false;
    this.acks = new Map();  // label → {target, msgid, seq}
    this.messages = [];         // {label, target, text}
  }

  get places() { return this.#places; }
  get unacknowledged() { return this.#pending.size; }
  /// Whether it is certain what the server makes of its connection: nothing yet, or this member's.
  get is_known() {
    return this.#seated || !this.#socket || this.#socket.readyState === WebSocket.CONNECTING;
  }

  /// Described and in its channels.
  start() {
    this.#awaited = this.channels.length;
    return this.#connect(() => {
      this.#write(`/descp ${JSON.stringify(this.#description())}`,
        ...this.channels.map((channel) => `/join ${channel}`));
    });
  }

  /// The connection dies, without a word to the server.
  drop_connection() {
    this.up = false;
    this.#replay = null;
    this.leave();
  }
  /// For good, or until it comes back; there may be no connection.
  leave() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.removeAllListeners('message').removeAllListeners('close').removeAllListeners('open');
    socket?.terminate();
  }

  /// A new connection takes the session up. `eager`: what was not acknowledged is said again in the
  /// same breath, otherwise once everything that was missed has come.
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

  /// Says something new under a label of its own. `target` is a channel or another member.
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

  /// Says an old thing again, acknowledged or not; nothing may come of it but the same ACK.
  repeat_message(what) {
    this.group.retried(1);
    this.#write(what.line);
  }

  /// Everything that the server had to say to it by now has come.
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
    this.#seated = false;
    this.#seen.clear();
    return new Promise((resolve) => {
      this.#resolve_connected = resolve;
      socket.on('open', greet);
      socket.on('message', (data) => this.#on_line(String(data)));
      socket.on('error', (error) => { if (socket === this.#socket) this.#fail(error.message); });
      socket.on('close', (code, reason) => this.#fail(`closed ${code} ${reason}`));
    });
  }
  /// One of the lists or replays that it waits for has ended.
  #list_or_replay_ended() {
    if (--this.#awaited !== 0) return;
    this.up = true;
    this.#resolve_connected();
  }
  #fail(what, line = '') { this.group.fail(`member ${this.number}: ${what} ${line}`); }

  #on_line(text) {
    const line = parse_line(text);
    switch (line.verb) {
      case 'PUBMSG': return this.#on_message(line.params[0], line, text);
      case 'PRIVMSG': return this.#on_message('*', line, text);
      case 'ACK': return this.#acknowledged(line, text);
      case 'REPLAY': return this.#replayed(line, text);
      case 'SESSION': return this.#session(line, text);
      case 'CHANNEL': return this.#placed(line.params[0], line.params[1], text);
      case 'JOIN': return this.#joined(line, text);
      case 'PONG': return this.#ponged(text);
      case '366': return this.group.settled ? undefined : this.#list_or_replay_ended();
      default: return this.#other(line, text);
    }
  }
  #session(line, text) {
    const [, , , how, inbox] = line.params;
    this.#seated = true;
    if (how !== (this.group.settled ? 'resumed' : 'new')) this.#fail('the wrong session', text);
    this.#placed('*', inbox, text);
  }
  /// Where a channel or the inbox stands. At first that is where it begins for this member; later
  /// it may be ahead of what this member has seen, never behind.
  #placed(target, position, text) {
    const [epoch, seq] = position.split(':');
    const place = this.#places.get(target);
    if (!place) {
      this.#places.set(target, { epoch, seq: Number(seq), skipped: [], heard: 0 });
    } else if (place.epoch !== epoch || place.seq > Number(seq)) {
      this.#fail(`not after ${place.epoch}:${place.seq}`, text);
    }
  }
  #joined(line, text) {
    if (line.id === this.id || !this.group.settled) return;
    if (this.group.visitors.has(line.id)) return this.#saw(line, text);
    this.#fail('somebody came', text);
  }
  /// A line that tells of a visitor: there are no two like it.
  #saw(line, text) {
    const what = [line.source, line.verb, ...line.params, line.text].join(' ');
    if (this.#seen.has(what)) this.#fail('twice', text);
    this.#seen.add(what);
    this.group.saw();
  }
  /// Each number once, in order; left out are at most the member's own, if it has no `echo`.
  #on_message(target, line, text) {
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
  #replayed(line, text) {
    const [target, word, count, recovered] = line.params;
    if (word === 'begin') {
      if (this.#replay || recovered !== '1') this.#fail('a replay that is not whole', text);
      this.#replay = { target, due: Number(count), got: 0 };
      if (this.group.slow_reader) this.#pause();
      return;
    }
    const { due, got } = this.#replay;
    if (this.#replay.target !== target || due !== got) this.#fail(`${got} of ${due}`, text);
    this.#replay = null;
    this.#list_or_replay_ended();
  }
  /// Reads nothing for a while, so that the server has to wait with what it has for it.
  #pause() {
    const socket = this.#socket;
    socket.pause();
    setTimeout(() => socket.resume(), 50);
  }
  #acknowledged(line, text) {
    const { label, msgid, seq } = line.tags;
    const ack = { target: line.params[0], msgid, seq: Number(seq) };
    const before = this.acks.get(label);
    if (before && (before.msgid !== msgid || before.seq !== ack.seq)) {
      this.#fail(`acknowledged before as ${before.msgid} ${before.seq}`, text);
    }
    const what = this.#pending.get(label);
    if (!before && !what) this.#fail('what was never said is acknowledged', text);
    if (what) this.group.record_latency(performance.now() - what.at, what.tries);
    this.#pending.delete(label);
    this.acks.set(label, ack);
  }
  #ponged(text) {
    if (!this.#ping || !text.endsWith(this.#ping.text)) return this.#fail('an odd PONG', text);
    this.#ping.resolve();
  }
  #other(line, text) {
    if (this.group.visitors.has(line.id)) return this.#saw(line, text);
    const refused = /^4\d\d$/.test(line.verb) && line.verb !== '422';
    if (refused || (UnexpectedVerbs.has(line.verb) && this.group.settled)) this.#fail('never', text);
  }
}

/// A connection from an address that it shares with few others, as people at home have it.
/// `options`: see ws.
export function open(url, number, options = {}) {
  return new WebSocket(url, { perMessageDeflate: false,
    localAddress: `127.0.1.${1 + (number % 50)}`, ...options });
}
