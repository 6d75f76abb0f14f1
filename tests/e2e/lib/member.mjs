// A peer whose connections die and who comes back each time, as a page does: with its secret, with
// what it saw last, and with everything that nobody has acknowledged. It knows what it must see.
import { randomBytes } from 'node:crypto';
import WebSocket from 'ws';
import { parse } from './line.mjs';

/// What may never arrive once everybody is there: nobody comes, nobody goes, nothing is refused.
const Never = new Set(['QUIT', 'PART', 'KICK', 'NICK', 'AWAY', 'DESCP', 'FAIL', 'COUNT', 'SHED']);

export class Member {
  #socket = null;
  #label = 0;
  #pending = new Map();  // what was said and not acknowledged, in this order: label → what
  #replay = null;        // {target, due, got} between REPLAY begin and end
  #awaited = 0;          // ends of lists or replays that this connection still gets
  #places = new Map();   // channel or "*" → {epoch, seq, skipped}
  #seated = false;       // this connection has been told so by SESSION
  #seen = new Set();     // what this connection has been told of visitors
  #settle = null;        // of the promise that `start` and `come_back` give
  #ping = null;

  /// `crowd` is told all that happens: see crowd.mjs.
  constructor(crowd, number, channels) {
    this.crowd = crowd;
    this.number = number;
    this.channels = channels;
    this.echo = number % 2 === 0;
    this.id = randomBytes(12).toString('hex');
    this.secret = randomBytes(16).toString('hex');
    this.up = false;
    this.acks = new Map();  // label → {target, msgid, seq}
    this.said = [];         // {label, target, text}
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
  die() {
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
  async come_back({ eager }) {
    const since = {};
    for (const [target, place] of this.#places) since[target] = `${place.epoch}:${place.seq}`;
    this.#awaited = this.#places.size;
    await this.#connect(() => {
      this.#write(`/descp ${JSON.stringify({ ...this.#description(), since })}`);
      if (eager) this.#say_again();
    });
    if (!eager) this.#say_again();
  }

  /// Says something new under a label of its own. `target` is a channel or another member.
  say(target) {
    const label = `m${++this.#label}`;
    const length = (this.#label * 997) % this.crowd.bytes;
    const text = `${this.number} ${this.#label} ${'x'.repeat(length)}`;
    const to = target instanceof Member ? target.id : target;
    const command = target instanceof Member ? 'privmsg' : 'pubmsg';
    const what = { label, target: to, text, line: `@label=${label} /${command} ${to} ${text}` };
    this.said.push(what);
    this.#pending.set(label, { ...what, at: performance.now(), tries: 1 });
    this.#write(what.line);
  }

  /// Says an old thing again, acknowledged or not; nothing may come of it but the same ACK.
  say_twice(what) {
    this.crowd.retried(1);
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
  #say_again() {
    for (const what of this.#pending.values()) {
      ++what.tries;
      this.#write(what.line);
    }
    this.crowd.retried(this.#pending.size);
  }

  #connect(greet) {
    const socket = this.crowd.open(this.number);
    this.#socket = socket;
    this.#seated = false;
    this.#seen.clear();
    return new Promise((resolve) => {
      this.#settle = resolve;
      socket.on('open', greet);
      socket.on('message', (data) => this.#take(String(data)));
      socket.on('error', (error) => { if (socket === this.#socket) this.#wrong(error.message); });
      socket.on('close', (code, reason) => this.#wrong(`closed ${code} ${reason}`));
    });
  }
  /// One of the lists or replays that it waits for has ended.
  #one_less() {
    if (--this.#awaited !== 0) return;
    this.up = true;
    this.#settle();
  }
  #wrong(what, line = '') { this.crowd.wrong(`member ${this.number}: ${what} ${line}`); }

  #take(text) {
    const line = parse(text);
    switch (line.verb) {
      case 'PUBMSG': return this.#hear(line.params[0], line, text);
      case 'PRIVMSG': return this.#hear('*', line, text);
      case 'ACK': return this.#acknowledged(line, text);
      case 'REPLAY': return this.#replayed(line, text);
      case 'SESSION': return this.#session(line, text);
      case 'CHANNEL': return this.#placed(line.params[0], line.params[1], text);
      case 'JOIN': return this.#joined(line, text);
      case 'PONG': return this.#ponged(text);
      case '366': return this.crowd.settled ? undefined : this.#one_less();
      default: return this.#other(line, text);
    }
  }
  #session(line, text) {
    const [, , , how, inbox] = line.params;
    this.#seated = true;
    if (how !== (this.crowd.settled ? 'resumed' : 'new')) this.#wrong('the wrong session', text);
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
      this.#wrong(`not after ${place.epoch}:${place.seq}`, text);
    }
  }
  #joined(line, text) {
    if (line.id === this.id || !this.crowd.settled) return;
    if (this.crowd.visitors.has(line.id)) return this.#saw(line, text);
    this.#wrong('somebody came', text);
  }
  /// A line that tells of a visitor: there are no two like it.
  #saw(line, text) {
    const what = [line.source, line.verb, ...line.params, line.text].join(' ');
    if (this.#seen.has(what)) this.#wrong('twice', text);
    this.#seen.add(what);
    this.crowd.saw();
  }
  /// Each number once, in order; left out are at most the member's own, if it has no `echo`.
  #hear(target, line, text) {
    const seq = Number(line.tags.seq);
    const place = this.#places.get(target);
    if (!place || !(seq > place.seq)) return this.#wrong(`not after ${place?.seq}`, text);
    for (let left = place.seq + 1; left < seq; ++left) place.skipped.push(left);
    place.seq = seq;
    ++place.heard;
    if (this.#replay?.target === target) ++this.#replay.got;
    this.crowd.heard(target === '*' ? this.id : target, seq,
      { from: line.id, msgid: line.tags.msgid, text: line.text }, Boolean(this.#replay));
  }
  #replayed(line, text) {
    const [target, word, count, recovered] = line.params;
    if (word === 'begin') {
      if (this.#replay || recovered !== '1') this.#wrong('a replay that is not whole', text);
      this.#replay = { target, due: Number(count), got: 0 };
      if (this.crowd.sluggish) this.#pause();
      return;
    }
    const { due, got } = this.#replay;
    if (this.#replay.target !== target || due !== got) this.#wrong(`${got} of ${due}`, text);
    this.#replay = null;
    this.#one_less();
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
      this.#wrong(`acknowledged before as ${before.msgid} ${before.seq}`, text);
    }
    const what = this.#pending.get(label);
    if (!before && !what) this.#wrong('what was never said is acknowledged', text);
    if (what) this.crowd.took(performance.now() - what.at, what.tries);
    this.#pending.delete(label);
    this.acks.set(label, ack);
  }
  #ponged(text) {
    if (!this.#ping || !text.endsWith(this.#ping.text)) return this.#wrong('an odd PONG', text);
    this.#ping.resolve();
  }
  #other(line, text) {
    if (this.crowd.visitors.has(line.id)) return this.#saw(line, text);
    const refused = /^4\d\d$/.test(line.verb) && line.verb !== '422';
    if (refused || (Never.has(line.verb) && this.crowd.settled)) this.#wrong('never', text);
  }
}

/// A connection from an address that it shares with few others, as people at home have it.
/// `options`: see ws.
export function open(url, number, options = {}) {
  return new WebSocket(url, { perMessageDeflate: false,
    localAddress: `127.0.1.${1 + (number % 50)}`, ...options });
}
