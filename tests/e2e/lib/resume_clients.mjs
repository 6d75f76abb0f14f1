// Many clients in a few channels that talk all the time while connections are cut and resumed, and
// a check of all deliveries at the end.
import { prng } from './prng.mjs';
import { ResumeClient } from './resume_client.mjs';
import { pause, poll, within } from './wait.mjs';

const MaxProblems = 20;  // number of problems that are reported in full
const Retriable = 200;  // messages that may be sent again; the server remembers 256 labels

export class ResumeClients {
  #url;
  #loss_rate;
  #random;
  #logs = new Map();  // channel or id → seq → the message as first delivered
  #latencies = [];
  #returning = new Set();
  #reject_waits = null;
  #trouble = new Promise((_, reject) => (this.#reject_waits = reject));

  /// `members` clients in all, `per_channel` of them in each channel; one client in
  /// `second_channel_every` is also in the next channel. A message has up to `bytes` bytes. Each
  /// second the share `loss_rate` of the connections is cut. `slow_reader`: a client pauses within
  /// each replay.
  constructor(url, { members, per_channel, seed, ...shape }) {
    const { second_channel_every = 5, bytes = 60, loss_rate = 0.1, slow_reader = false } = shape;
    this.#url = url;
    this.#loss_rate = loss_rate;
    this.bytes = bytes;
    this.slow_reader = slow_reader;
    // Without a handler, node would end the process. The methods that wait report the rejection.
    this.#trouble.catch(() => {});
    this.#random = prng(seed);
    this.settled = false;
    this.visitors = new Set();  // ids of clients that may join and leave
    this.problems = [];
    this.counts = { messages: 0, deliveries: 0, replayed: 0, kills: 0, retries: 0, seen: 0 };
    this.channels = Array.from({ length: Math.ceil(members / per_channel) }, (_, at) => `#c${at}`);
    this.members = Array.from({ length: members }, (_, number) => {
      const at = Math.floor(number / per_channel);
      const channels = [this.channels[at]];
      if (number % second_channel_every === 0) {
        channels.push(this.channels[(at + 1) % this.channels.length]);
      }
      return new ResumeClient(this, number, [...new Set(channels)]);
    });
  }

  open(number) { return ResumeClient.open(this.#url, number); }
  fail(what) {
    if (this.problems.length < MaxProblems) this.problems.push(what.slice(0, 400));
    this.#reject_waits(new Error(this.problems[0]));
  }
  saw() { ++this.counts.seen; }
  retried(count) { this.counts.retries += count; }
  record_latency(ms, tries) { if (tries === 1) this.#latencies.push(ms); }

  /// Records a delivery; every delivery of one number must be the same message.
  heard(where, seq, what, in_replay) {
    ++this.counts.deliveries;
    if (in_replay) ++this.counts.replayed;
    const log = this.#logs.get(where) ?? this.#logs.set(where, new Map()).get(where);
    const known = log.get(seq);
    if (!known) log.set(seq, what);
    else if (known.msgid !== what.msgid || known.text !== what.text || known.from !== what.from) {
      this.fail(`${where} ${seq} is ${JSON.stringify(known)} and ${JSON.stringify(what)}`);
    }
  }

  /// Connects all clients; resolves when each client has seen all others.
  async join_all() {
    for (let at = 0; at < this.members.length; at += 50) {
      await this.#all(this.members.slice(at, at + 50).map((member) => member.start()));
    }
    await this.#all(this.members.map((member) => member.barrier()));
    this.settled = true;
  }

  /// For this number of seconds every client sends a message each `interval` ms on average,
  /// connections are cut, and visitors join and leave.
  async run(seconds, interval, visitors) {
    const until = performance.now() + seconds * 1000;
    const visits = visitors.map((visitor) => this.#visit(visitor, until, interval / 4));
    await Promise.all(
      [this.#send_messages(until, interval), this.#drop_connections(until), ...visits]);
  }

  /// Waits until all clients are connected and everything is acknowledged.
  async wait_until_idle() {
    const troubled = () => this.problems.length > 0;
    await poll(() => troubled() || this.#returning.size === 0, 'all clients are connected', 60_000);
    const open = () => this.members.some((member) => member.unacknowledged > 0);
    await poll(() => troubled() || !open(), 'all messages are acknowledged', 60_000);
    await this.#all(this.members.map((member) => member.barrier()));
  }

  latency(part) {
    const sorted = this.#latencies.sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
  }

  /// Compares all deliveries with all messages sent.
  check_deliveries() {
    for (const member of this.members) this.#check_acks(member);
    for (const channel of this.channels) this.#check_channel(channel);
    for (const member of this.members) this.#check_inbox(member);
  }

  /// Waits for all promises, or throws the first problem.
  #all(promises) {
    return within(Promise.race([Promise.all(promises), this.#trouble]), 'all clients', 60_000);
  }
  #pick(list) { return list[Math.floor(this.#random() * list.length)]; }

  async #send_messages(until, interval) {
    const step = 10;
    const begin = performance.now();
    let spoken = 0;
    for (let now = begin; now < until && this.problems.length === 0; now = performance.now()) {
      const due = Math.floor(((now - begin) / interval) * this.members.length);
      for (; spoken < due; ++spoken) this.#speak(this.#pick(this.members));
      await pause(step);
    }
  }
  #speak(member) {
    if (!member.up) return;
    ++this.counts.messages;
    member.say(this.#random() < 0.3 ? this.#correspondent() : this.#pick(member.channels));
    if (this.#random() < 0.1) member.repeat_message(this.#pick(member.messages.slice(-Retriable)));
  }

  /// A visitor joins and leaves two channels again and again, each time with a new nick, so that
  /// each line about the visitor is unique.
  async #visit(visitor, until, ms) {
    this.visitors.add(visitor.id);
    const [one, two] = this.channels;
    for (let n = 0; performance.now() < until && this.problems.length === 0; ++n) {
      visitor.send(`/join ${one}`, `/join ${two}`, `/nick ${visitor.nick}${n}`, `/away ${n}`,
        `/quit ${one}`, `/quit ${two}`);
      await visitor.until(new RegExp(` PART ${two}$`));
      await pause(ms);
    }
  }

  /// Picks a receiver, often a client that has no connection.
  #correspondent() {
    const absent = [...this.#returning];
    return this.#pick(absent.length > 0 && this.#random() < 0.5 ? absent : this.members);
  }

  async #drop_connections(until) {
    const begin = performance.now();
    let dead = 0;
    for (let now = begin; now < until && this.problems.length === 0; now = performance.now()) {
      const due = Math.floor(((now - begin) / 1000) * this.members.length * this.#loss_rate);
      for (; dead < due; ++dead) {
        const up = this.members.filter((member) => member.up);
        if (up.length > 0) this.#kill(this.#pick(up));
      }
      await pause(20);
    }
  }
  /// Cuts connections. A third of the clients reconnect at once, before the server notices the
  /// loss; some are cut again during the replay. (Not called between /descp and its answer: the
  /// server might read that /descp after the /descp of the next connection.)
  #kill(member) {
    if (this.#random() < 0.5) this.#speak(member);  // the ACK of this message will be lost
    ++this.counts.kills;
    member.drop_connection();
    this.#returning.add(member);
    const wait = this.#random() < 0.33 ? 0 : this.#random() * 900;
    const again = this.#random() < 0.15;
    setTimeout(() => this.#return(member, again), wait);
  }
  async #return(member, again) {
    if (this.problems.length > 0) return;  // the test is over
    let is_back = false;
    const back = member.reconnect({ eager: this.#random() < 0.5 }).then(() => (is_back = true));
    if (again) {
      await pause(this.#random() * 30);
      await poll(() => is_back || member.is_known, 'the session is known', 60_000);
      if (!is_back) {
        ++this.counts.kills;
        member.drop_connection();
        await pause(this.#random() * 100);
        return this.#return(member, false);
      }
    }
    await back;
    this.#returning.delete(member);
  }

  /// Checks that each label has one ACK, and that every delivery of the message has the position in
  /// its ACK.
  #check_acks(member) {
    for (const { label, target, text } of member.messages) {
      const ack = member.acks.get(label);
      if (!ack) { this.fail(`${member.number} ${label} has no ACK`); continue; }
      const there = this.#logs.get(target)?.get(ack.seq);
      const same = there?.text === text && there.msgid === ack.msgid && there.from === member.id;
      if (ack.target !== target || !same) {
        this.fail(`${member.number} ${label} to ${target}: ${JSON.stringify({ ack, there })}`);
      }
    }
  }
  /// Checks that the channel has exactly one message for each ACK, in the order of each sender, and
  /// that every member received all of these messages. A member without `echo` may miss its own.
  #check_channel(channel) {
    const log = this.#logs.get(channel) ?? new Map();
    const said = this.members.flatMap((member) =>
      member.messages.filter((what) => what.target === channel)).length;
    if (log.size !== said) this.fail(`${channel}: ${said} were said, ${log.size} are there`);
    this.#check_order(channel, log);
    for (const member of this.members.filter((one) => one.channels.includes(channel))) {
      const place = member.places.get(channel);
      const missed = [...place.skipped];
      for (let seq = place.seq + 1; seq <= said; ++seq) missed.push(seq);
      const lost = missed.filter((seq) => member.echo || log.get(seq)?.from !== member.id);
      if (lost.length > 0) this.fail(`${member.number} in ${channel} has not heard ${lost}`);
      if (place.heard + missed.length !== said) this.fail(`${member.number}: ${place.heard}`);
    }
  }
  #check_inbox(member) {
    const log = this.#logs.get(member.id) ?? new Map();
    const said = this.members.flatMap((from) =>
      from.messages.filter((what) => what.target === member.id)).length;
    const { seq, skipped, heard } = member.places.get('*');
    if (log.size !== said || seq !== said || heard !== said || skipped.length > 0) {
      this.fail(`inbox of ${member.number}: ${heard} of ${said}, up to ${seq}, not ${skipped}`);
    }
    this.#check_order(`inbox of ${member.number}`, log);
  }
  #check_order(where, log) {
    const last = new Map();
    for (const seq of [...log.keys()].sort((a, b) => a - b)) {
      const { from, text } = log.get(seq);
      const [, number] = text.split(' ').map(Number);
      if (number <= (last.get(from) ?? 0)) this.fail(`${where} ${seq}: out of order`);
      last.set(from, number);
    }
  }
}
