// A client as it should be: whatever happens to its connection it comes back with its secret, asks
// for what it missed, and says again under the same label what nobody has acknowledged.
import { randomBytes } from 'node:crypto';
import { parse } from './line.mjs';
import { open } from './member.mjs';

/// What nobody may see once everybody is there: nobody comes, nobody goes, nothing changes.
const Never = new Set(['QUIT', 'PART', 'KICK', 'BAN', 'NICK', 'AWAY', 'DESCP', 'MODE', 'COUNT',
  'SHED']);
const Retriable = new Set(['NOT_STORED', 'RATE_LIMITED']);
const Unstored = 300;  // ms until what was NOT_STORED is said again; twice as long each time
const MostPause = 3_000;
const Handshake = 20_000;
const Resume = 600;    // s

export class Survivor {
  #socket = null;
  #label = 0;
  #pending = new Map();  // label → what was said and not acknowledged, in this order
  #places = new Map();   // channel or "*" → {epoch, seq, heard: [seq…]}
  #replay = null;        // {target, due, got} between REPLAY begin and end
  #awaited = 0;          // replays that this connection still gets
  #names = [];           // of the list under way
  #lost_at = 0;          // when this connection was lost; 0: it is there
  #failures = 0;
  #end = '';             // what the last connection ended with
  #settle = null;        // of the promise that `start` gives
  #barrier = null;
  #pings = 0;

  /// `crowd` is told all that happens: see survivors.mjs.
  constructor(crowd, number, channels) {
    this.crowd = crowd;
    this.number = number;
    this.channels = channels;
    this.echo = number % 2 === 0;
    this.away = number % 7 === 3 ? `away ${number}` : null;
    this.id = randomBytes(12).toString('hex');
    this.secret = randomBytes(16).toString('hex');
    this.up = false;
    this.leaving = false;
    this.said = [];  // {label, target, text, refused, ack: {target, msgid, seq}}
  }

  get places() { return this.#places; }
  /// For who wonders why it is not back.
  get state() {
    const since = (at) => at ? `${Math.round(performance.now() - at)} ms ago` : 'never';
    const open = [...this.#pending.values()].map(({ label, tries, sent, failed }) =>
      `${label} sent ${tries} times and ${since(sent)}, refused ${since(failed)}; `);
    return `client ${this.number}: ${open.slice(0, 3).join('')}` +
      `connection ${this.#socket?.readyState ?? 'none'}, ` +
      `${this.#lost_at > 0 ? 'no' : 'a'} session, ` +
      `${this.#awaited} replays to come, ${this.#failures} lost, the last with ${this.#end}`;
  }
  get unacknowledged() { return this.#pending.size; }

  /// Described, in no channel yet.
  start() {
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#connect();
    });
  }
  /// Sends these lines; everything that they brought has come then.
  tell(...lines) {
    return new Promise((resolve) => {
      this.#barrier = { text: `barrier ${this.number} ${++this.#pings}`, resolve };
      this.#write(...lines, `/ping ${this.#barrier.text}`);
    });
  }
  /// The connection dies without a word to the server, and a new one is made. (Not between /descp
  /// and its answer: the same server might read it after that of the next connection.)
  die(wait = this.crowd.delay(1006, '')) {
    if (this.#socket === null) return;  // it is on its way back
    this.#drop();
    this.#lost(wait);
  }
  /// For good; the server is told nothing.
  leave() {
    this.leaving = true;
    this.up = false;
    this.#drop();
  }
  /// For good: everybody hears of it.
  quit() {
    this.leaving = true;
    this.up = false;
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#write('/quit');
    });
  }

  /// Says something new under a label of its own. `target` is a channel or another survivor.
  say(target) {
    const number = ++this.#label;
    const length = (number * 997) % this.crowd.bytes;
    const text = `${this.number} ${number} ${'x'.repeat(length)}`;
    const to = target instanceof Survivor ? target.id : target;
    const command = target instanceof Survivor ? 'privmsg' : 'pubmsg';
    const label = `m${number}`;
    const what = { label, number, target: to, text, refused: false, ack: null, tries: 0, at: 0,
      line: `@label=${label} /${command} ${to} ${text}` };
    this.said.push(what);
    this.#pending.set(label, what);
    this.#send(what);
  }

  #send(...all) {
    for (const what of all) {
      what.sent = performance.now();
      if (what.tries++ === 0) what.at = what.sent;
      else ++this.crowd.counts.retries;
    }
    if (all.length > 0) this.#write(...all.map((what) => what.line));
  }
  #say_again() { this.#send(...this.#pending.values()); }
  #write(...lines) { this.#socket?.send(lines.join('\n')); }
  #wrong(kind, what, line = '') {
    this.crowd.wrong(kind, `client ${this.number}: ${what} ${line}`);
  }

  #connect() {
    if (this.leaving) return;
    const socket = open(this.crowd.url, this.number, { handshakeTimeout: Handshake });
    this.#socket = socket;
    this.#replay = null;
    this.#names = [];
    socket.on('open', () => this.#greet());
    socket.on('message', (data) => this.#take(String(data)));
    socket.on('error', () => {});  // it closes
    socket.on('close', (code, reason) => {
      if (socket === this.#socket) this.#closed(code, String(reason));
    });
  }
  /// Half of them say in the same breath again what was not acknowledged, the others once
  /// everything that they missed has come.
  #greet() {
    const since = {};
    for (const [target, place] of this.#places) since[target] = `${place.epoch}:${place.seq}`;
    this.#awaited = this.#places.size;
    const description = { id: this.id, secret: this.secret, name: `client ${this.number}`,
      resume: Resume, caps: this.echo ? ['tags', 'echo'] : ['tags'], since };
    this.#write(`/descp ${JSON.stringify(description)}`);
    if (this.#is_eager) this.#say_again();
  }
  get #is_eager() { return this.number % 4 < 2 && this.#awaited > 0; }
  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.removeAllListeners('message').removeAllListeners('open');
    socket?.terminate();
  }
  #closed(code, reason) {
    if (this.leaving) return this.#settle?.();
    ++this.#failures;
    this.#end = `${code} ${reason}`;
    const wait = this.crowd.delay(code, reason);
    if (wait === null) this.#wrong('other', `closed ${code} ${reason}`);
    this.#lost(wait ?? 0);
  }
  #lost(wait) {
    this.#socket = null;
    this.up = false;
    this.#lost_at ||= performance.now();
    setTimeout(() => this.#connect(), wait);
  }
  #is_back() {
    this.up = true;
    if (!this.#is_eager) this.#say_again();
  }

  #take(text) {
    const line = parse(text);
    switch (line.verb) {
      case 'PUBMSG': return this.#hear(line.params[0], line, text);
      case 'PRIVMSG': return this.#hear('*', line, text);
      case 'ACK': return this.#acknowledged(line, text);
      case 'FAIL': return this.#failed(line, text);
      case 'REPLAY': return this.#replayed(line, text);
      case 'SESSION': return this.#session(line, text);
      case 'CHANNEL': return this.#placed(line.params[0], line.params[1], text);
      case '353': return void this.#names.push(...line.text.split(' '));
      case '366': return this.#listed(line.params[1]);
      case 'JOIN': return this.#joined(line, text);
      case 'PONG': return this.#ponged(text);
      default: return this.#other(line, text);
    }
  }
  #session(line, text) {
    const [, , , how, inbox] = line.params;
    const first = this.#places.size === 0;
    if (how !== (first ? 'new' : 'resumed')) this.#wrong('state', 'the wrong session', text);
    this.#placed('*', inbox, text);
    if (this.#lost_at > 0) this.crowd.resumed(performance.now() - this.#lost_at);
    this.#lost_at = 0;
    this.#failures = 0;
    if (!first) return;
    this.up = true;
    this.#settle();
  }
  /// Where a channel or the inbox stands: it may be ahead of what has come here, never behind.
  #placed(target, position, text) {
    const [epoch, seq] = position.split(':');
    const place = this.#places.get(target);
    if (!place) this.#places.set(target, { epoch, seq: Number(seq), heard: [] });
    else if (place.epoch !== epoch) this.#wrong('state', `not ${place.epoch}`, text);
    else if (place.seq > Number(seq)) this.#wrong('disordered', `not after ${place.seq}`, text);
  }
  /// Everybody is there, with the rank that they have.
  #listed(channel) {
    const names = this.#names.sort().join(' ');
    this.#names = [];
    if (this.crowd.settled && names !== this.crowd.names(channel)) {
      this.#wrong('state', `in ${channel} are ${names}, not ${this.crowd.names(channel)}`);
    }
  }
  #joined(line, text) {
    if (this.crowd.settled && line.id !== this.id) this.#wrong('false', 'nobody came', text);
  }

  /// Each number once, in order.
  #hear(target, line, text) {
    const seq = Number(line.tags.seq);
    const place = this.#places.get(target);
    if (!(seq > place.seq)) {
      const kind = place.heard.includes(seq) ? 'doubled' : 'disordered';
      return this.#wrong(kind, `at ${place.seq}`, text);
    }
    place.seq = seq;
    place.heard.push(seq);
    if (this.#replay) ++this.crowd.counts.replayed;
    if (this.#replay?.target === target) ++this.#replay.got;
    this.crowd.heard(target === '*' ? this.id : target, seq,
      { from: line.id, msgid: line.tags.msgid, text: line.text });
  }
  #replayed(line, text) {
    const [target, word, count, recovered] = line.params;
    if (word === 'begin') {
      if (this.#replay) this.#wrong('other', 'a replay within another one', text);
      if (recovered !== '1') this.crowd.unsure(`client ${this.number}: ${text}`);
      this.#replay = { target, due: Number(count), got: 0 };
      return;
    }
    const { due, got } = this.#replay ?? {};
    if (this.#replay?.target !== target || due !== got) {
      this.#wrong('lost', `${got} of ${due}`, text);
    }
    this.#replay = null;
    if (--this.#awaited === 0) this.#is_back();
  }
  #acknowledged(line, text) {
    const { label, msgid, seq } = line.tags;
    const what = this.said[Number(label?.slice(1)) - 1];
    if (!what) return this.#wrong('other', 'an ACK for nothing', text);
    const ack = { target: line.params[0], msgid, seq: Number(seq) };
    const first = what.ack ?? ack;
    if (first.msgid !== msgid || first.seq !== ack.seq) {
      return this.#wrong('doubled', `acknowledged before as ${first.msgid} ${first.seq}`, text);
    }
    if (!what.ack) this.crowd.took(performance.now() - what.at, what.tries);
    what.ack = ack;
    this.#pending.delete(label);
  }
  /// Not stored, or too fast: it is said again, after a while that grows, or when it may be. What
  /// was said twice in one session may have been acknowledged before its second time is refused.
  #failed(line, text) {
    const [, code, wait] = line.params;
    const what = this.said[Number(line.tags.label?.slice(1)) - 1];
    if (!what || !Retriable.has(code)) return this.#wrong('other', 'FAIL', text);
    ++this.crowd.counts[code === 'NOT_STORED' ? 'not_stored' : 'limited'];
    const socket = this.#socket;
    if (what.ack || what.waits === socket) return;
    what.failed = performance.now();
    what.refused ||= code === 'RATE_LIMITED';
    what.waits = socket;
    const again = () => {
      if (what.waits === socket) what.waits = null;
      if (socket === this.#socket && !what.ack) this.#send(what);
    };
    const least = code === 'NOT_STORED' ? 0 : Number(wait);
    setTimeout(again, least + this.crowd.pause(Math.min(Unstored * 2 ** (what.tries - 1), MostPause)));
  }
  #ponged(text) {
    if (this.#barrier && text.endsWith(this.#barrier.text)) this.#barrier.resolve();
  }
  #other(line, text) {
    if (/^4\d\d$/.test(line.verb) && line.verb !== '422') this.#wrong('other', 'refused', text);
    if (Never.has(line.verb) && this.crowd.settled && !this.leaving) {
      this.#wrong('false', 'never', text);
    }
  }
}
