// A well-behaved client. After each loss of its connection it resumes with its secret, requests the
// messages that it missed, and sends unacknowledged messages again under the same label.
import { SessionClient } from './session_client.mjs';

/// Verbs that no client may receive once all are in their channels.
const UnexpectedVerbs = new Set(['QUIT', 'PART', 'KICK', 'BAN', 'NICK', 'AWAY', 'DESCP', 'MODE',
  'COUNT', 'SHED']);
const Retriable = new Set(['NOT_STORED', 'RATE_LIMITED']);
const RetryDelay = 300;  // ms until a message is sent again after NOT_STORED; doubled each time
const MaxRetryDelay = 3_000;
const Handshake = 20_000;
const Resume = 600;    // resume window in s

export class CrashClient extends SessionClient {
  #socket = null;
  #label = 0;
  #pending = new Map();  // label → unacknowledged message, in sending order
  #places = new Map();   // channel or "*" → {epoch, seq, heard: [seq…]}
  #replay = null;        // {target, due, got} between REPLAY begin and end
  #awaited = 0;          // replays that this connection still expects
  #names = [];           // names of the list being read
  #lost_at = 0;  // time when the connection was lost; 0: connected
  #failures = 0;
  #end = '';             // close code and reason of the last connection
  #resolve_connected = null;        // resolves the promise of `start`
  #barrier = null;
  #pings = 0;

  /// `group` receives all events: see crash_clients.mjs.
  constructor(group, number, channels) {
    super(group, number, channels);
    this.away = number % 7 === 3 ? `away ${number}` : null;
    this.leaving = false;
    this.messages = [];  // {label, target, text, refused, ack: {target, msgid, seq}}
  }

  get places() { return this.#places; }
  /// A description for failure messages.
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

  /// Resolves when the client is described; it has joined no channel yet.
  start() {
    return new Promise((resolve) => {
      this.#resolve_connected = resolve;
      this.#connect();
    });
  }
  /// Sends lines; resolves when the server has answered them.
  tell(...lines) {
    return new Promise((resolve) => {
      this.#barrier = { text: `barrier ${this.number} ${++this.#pings}`, resolve };
      this.#write(...lines, `/ping ${this.#barrier.text}`);
    });
  }
  /// Cuts the connection without a close frame and reconnects. (Not called between /descp and its
  /// answer: the server might read that /descp after the /descp of the next connection.)
  drop_connection(wait = this.group.delay(1006, '')) {
    if (this.#socket === null) return;  // the client is reconnecting already
    this.#drop();
    this.#lost(wait);
  }
  /// Disconnects for good without a close frame.
  leave() {
    this.leaving = true;
    this.up = false;
    this.#drop();
  }
  /// Sends /quit and disconnects for good.
  quit() {
    this.leaving = true;
    this.up = false;
    return new Promise((resolve) => {
      this.#resolve_connected = resolve;
      this.#write('/quit');
    });
  }

  /// Sends a new message with a new label. `target` is a channel or another client.
  say(target) {
    const number = ++this.#label;
    const length = (number * 997) % this.group.bytes;
    const text = `${this.number} ${number} ${'x'.repeat(length)}`;
    const to = target instanceof CrashClient ? target.id : target;
    const command = target instanceof CrashClient ? 'privmsg' : 'pubmsg';
    const label = `m${number}`;
    const what = { label, number, target: to, text, refused: false, ack: null, tries: 0, at: 0,
      line: `@label=${label} /${command} ${to} ${text}` };
    this.messages.push(what);
    this.#pending.set(label, what);
    this.#send(what);
  }

  #send(...all) {
    for (const what of all) {
      what.sent = performance.now();
      if (what.tries++ === 0) what.at = what.sent;
      else ++this.group.counts.retries;
    }
    if (all.length > 0) this.#write(...all.map((what) => what.line));
  }
  #resend_pending() { this.#send(...this.#pending.values()); }
  #write(...lines) { this.#socket?.send(lines.join('\n')); }
  #fail(kind, what, line = '') {
    this.group.fail(kind, `client ${this.number}: ${what} ${line}`);
  }

  #connect() {
    if (this.leaving) return;
    const socket = SessionClient.open(this.group.url, this.number, { handshakeTimeout: Handshake });
    this.#socket = socket;
    this.#replay = null;
    this.#names = [];
    socket.on('open', () => this.#send_description());
    socket.on('message', (data) => this.on_line(String(data)));
    socket.on('error', () => {});  // the close event follows
    socket.on('close', (code, reason) => {
      if (socket === this.#socket) this.#closed(code, String(reason));
    });
  }
  /// Half of the clients send unacknowledged messages again at once, the others after all replays.
  #send_description() {
    const since = {};
    for (const [target, place] of this.#places) since[target] = `${place.epoch}:${place.seq}`;
    this.#awaited = this.#places.size;
    const description = { id: this.id, secret: this.secret, name: `client ${this.number}`,
      resume: Resume, caps: this.echo ? ['tags', 'echo'] : ['tags'], since };
    this.#write(`/descp ${JSON.stringify(description)}`);
    if (this.#resends_at_once) this.#resend_pending();
  }
  get #resends_at_once() { return this.number % 4 < 2 && this.#awaited > 0; }
  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.removeAllListeners('message').removeAllListeners('open');
    socket?.terminate();
  }
  #closed(code, reason) {
    if (this.leaving) return this.#resolve_connected?.();
    ++this.#failures;
    this.#end = `${code} ${reason}`;
    const wait = this.group.delay(code, reason);
    if (wait === null) this.#fail('other', `closed ${code} ${reason}`);
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
    if (!this.#resends_at_once) this.#resend_pending();
  }

  on_session(line, text) {
    const [, , , how, inbox] = line.params;
    const first = this.#places.size === 0;
    if (how !== (first ? 'new' : 'resumed')) this.#fail('state', 'the wrong session', text);
    this.on_position('*', inbox, text);
    if (this.#lost_at > 0) this.group.resumed(performance.now() - this.#lost_at);
    this.#lost_at = 0;
    this.#failures = 0;
    if (!first) return;
    this.up = true;
    this.#resolve_connected();
  }
  /// Checks the position of a channel or the inbox. The server may be ahead of this client, never
  /// behind.
  on_position(target, position, text) {
    const [epoch, seq] = position.split(':');
    const place = this.#places.get(target);
    if (!place) this.#places.set(target, { epoch, seq: Number(seq), heard: [] });
    else if (place.epoch !== epoch) this.#fail('state', `not ${place.epoch}`, text);
    else if (place.seq > Number(seq)) this.#fail('disordered', `not after ${place.seq}`, text);
  }
  /// Checks that the list contains every member with its rank.
  #listed(channel) {
    const names = this.#names.sort().join(' ');
    this.#names = [];
    if (this.group.settled && names !== this.group.names(channel)) {
      this.#fail('state', `in ${channel} are ${names}, not ${this.group.names(channel)}`);
    }
  }
  on_join(line, text) {
    if (this.group.settled && line.id !== this.id) this.#fail('false', 'unexpected JOIN', text);
  }

  /// Checks that each sequence number comes once and in order.
  on_message(target, line, text) {
    const seq = Number(line.tags.seq);
    const place = this.#places.get(target);
    if (!(seq > place.seq)) {
      const kind = place.heard.includes(seq) ? 'doubled' : 'disordered';
      return this.#fail(kind, `at ${place.seq}`, text);
    }
    place.seq = seq;
    place.heard.push(seq);
    if (this.#replay) ++this.group.counts.replayed;
    if (this.#replay?.target === target) ++this.#replay.got;
    this.group.heard(target === '*' ? this.id : target, seq,
      { from: line.id, msgid: line.tags.msgid, text: line.text });
  }
  on_replay(line, text) {
    const [target, word, count, recovered] = line.params;
    if (word === 'begin') {
      if (this.#replay) this.#fail('other', 'a replay within another one', text);
      if (recovered !== '1') this.group.report_incomplete_replay(`client ${this.number}: ${text}`);
      this.#replay = { target, due: Number(count), got: 0 };
      return;
    }
    const { due, got } = this.#replay ?? {};
    if (this.#replay?.target !== target || due !== got) {
      this.#fail('lost', `${got} of ${due}`, text);
    }
    this.#replay = null;
    if (--this.#awaited === 0) this.#is_back();
  }
  on_ack(line, text) {
    const { label, msgid, seq } = line.tags;
    const what = this.messages[Number(label?.slice(1)) - 1];
    if (!what) return this.#fail('other', 'an ACK without a message', text);
    const ack = { target: line.params[0], msgid, seq: Number(seq) };
    const first = what.ack ?? ack;
    if (first.msgid !== msgid || first.seq !== ack.seq) {
      return this.#fail('doubled', `acknowledged before as ${first.msgid} ${first.seq}`, text);
    }
    if (!what.ack) this.group.record_latency(performance.now() - what.at, what.tries);
    what.ack = ack;
    this.#pending.delete(label);
  }
  /// Handles NOT_STORED and RATE_LIMITED: sends the message again after a growing delay, or after
  /// the delay in the reply. A message that was sent twice in one session may be acknowledged
  /// before its second copy is refused.
  #failed(line, text) {
    const [, code, wait] = line.params;
    const what = this.messages[Number(line.tags.label?.slice(1)) - 1];
    if (!what || !Retriable.has(code)) return this.#fail('other', 'FAIL', text);
    ++this.group.counts[code === 'NOT_STORED' ? 'not_stored' : 'limited'];
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
    const delay = Math.min(RetryDelay * 2 ** (what.tries - 1), MaxRetryDelay);
    setTimeout(again, least + this.group.pause(delay));
  }
  on_pong(text) {
    if (this.#barrier && text.endsWith(this.#barrier.text)) this.#barrier.resolve();
  }
  on_other(line, text) {
    switch (line.verb) {
      case 'FAIL': return this.#failed(line, text);
      case '353': return void this.#names.push(...line.text.split(' '));
      case '366': return this.#listed(line.params[1]);
    }
    if (/^4\d\d$/.test(line.verb) && line.verb !== '422') this.#fail('other', 'an error', text);
    if (UnexpectedVerbs.has(line.verb) && this.group.settled && !this.leaving) {
      this.#fail('false', 'unexpected', text);
    }
  }
}
