// Many members in a handful of channels who talk all the time while some of them always die and
// come back; and in the end the account of who must have heard what.
import { prng } from './prng.mjs';
import { ResumeClient, open } from './resume_client.mjs';
import { pause, poll, within } from './wait.mjs';

const MaxProblems = 20;      // problems that are told
const Retriable = 200;  // last things that somebody may say again: the server knows 256

export class ResumeClients {
  #url;
  #loss_rate;
  #random;
  #logs = new Map();  // channel or id → what stands at each number, says who heard it first
  #latencies = [];
  #returning = new Set();
  #reject_waits = null;
  #trouble = new Promise((_, reject) => (this.#reject_waits = reject));

  /// `members` in all, `each` in a channel, every `second_channel_every`-th in the next channel too; they say
  /// up to `bytes`, and such a `loss_rate` of them dies each second. `slow_reader`: who comes back pauses
  /// in the middle of what it missed.
  constructor(url, { members, per_channel, seed, ...shape }) {
    const { second_channel_every = 5, bytes = 60, loss_rate = 0.1, slow_reader = false } = shape;
    this.#url = url;
    this.#loss_rate = loss_rate;
    this.bytes = bytes;
    this.slow_reader = slow_reader;
    this.#trouble.catch(() => {});  // whoever waits for something else hears of it
    this.#random = prng(seed);
    this.settled = false;
    this.visitors = new Set();  // ids of those who may come and go
    this.problems = [];
    this.counts = { messages: 0, deliveries: 0, replayed: 0, kills: 0, retries: 0, seen: 0 };
    this.channels = Array.from({ length: Math.ceil(members / each) }, (_, at) => `#c${at}`);
    this.members = Array.from({ length: members }, (_, number) => {
      const at = Math.floor(number / per_channel);
      const channels = [this.channels[at]];
      if (number % second_channel_every === 0) channels.push(this.channels[(at + 1) % this.channels.length]);
      return new ResumeClient(this, number, [...new Set(channels)]);
    });
  }

  open(number) { return open(this.#url, number); }
  fail(what) {
    if (this.problems.length < MaxProblems) this.problems.push(what.slice(0, 400));
    this.#reject_waits(new Error(this.problems[0]));
  }
  saw() { ++this.counts.seen; }
  retried(count) { this.counts.retries += count; }
  record_latency(ms, tries) { if (tries === 1) this.#latencies.push(ms); }

  /// Somebody has heard this; all who hear that number must hear the same.
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

  /// All are there, and all of them know it.
  async join_all() {
    for (let at = 0; at < this.members.length; at += 50) {
      await this.#all(this.members.slice(at, at + 50).map((member) => member.start()));
    }
    await this.#all(this.members.map((member) => member.barrier()));
    this.settled = true;
  }

  /// For so long everybody speaks every `interval` ms, and some die, while `visitors` come and go.
  async run(seconds, interval, visitors) {
    const until = performance.now() + seconds * 1000;
    const visits = visitors.map((visitor) => this.#visit(visitor, until, interval / 4));
    await Promise.all([this.#send_messages(until, interval), this.#drop_connection(until), ...visits]);
  }

  /// Nobody dies any more; what is under way comes to its end.
  async wait_until_idle() {
    const troubled = () => this.problems.length > 0;
    await poll(() => troubled() || this.#returning.size === 0, 'all are back', 60_000);
    const open = () => this.members.some((member) => member.unacknowledged > 0);
    await poll(() => troubled() || !open(), 'all is acknowledged', 60_000);
    await this.#all(this.members.map((member) => member.barrier()));
  }

  latency(part) {
    const sorted = this.#latencies.sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
  }

  /// Compares what everybody heard with what everybody said.
  check_deliveries() {
    for (const member of this.members) this.#check_acks(member);
    for (const channel of this.channels) this.#check_channel(channel);
    for (const member of this.members) this.#check_inbox(member);
  }

  /// All of them come, or the first thing that went wrong is thrown.
  #all(promises) {
    return within(Promise.race([Promise.all(promises), this.#trouble]), 'everybody', 60_000);
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

  /// Somebody who walks through two channels again and again, each time with a new nick, so that no
  /// two of the lines that tell of it are the same.
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

  /// Whom one writes to: often somebody who is not there just now.
  #correspondent() {
    const absent = [...this.#returning];
    return this.#pick(absent.length > 0 && this.#random() < 0.5 ? absent : this.members);
  }

  async #drop_connection(until) {
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
  /// A third comes back at once, when the server knows of no loss yet; some die again while they
  /// catch up. (UnexpectedVerbs between /descp and its answer: it might be read after that of the next
  /// connection, and win.)
  #kill(member) {
    if (this.#random() < 0.5) this.#speak(member);  // it will not see the ACK
    ++this.counts.kills;
    member.drop_connection();
    this.#returning.add(member);
    const wait = this.#random() < 0.33 ? 0 : this.#random() * 900;
    const again = this.#random() < 0.15;
    setTimeout(() => this.#return(member, again), wait);
  }
  async #return(member, again) {
    if (this.problems.length > 0) return;  // it is over
    let is_back = false;
    const back = member.reconnect({ eager: this.#random() < 0.5 }).then(() => (is_back = true));
    if (again) {
      await pause(this.#random() * 30);
      await poll(() => is_back || member.is_known, 'who the server takes it for', 60_000);
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

  /// Each label has one ACK, and it tells where the message stands, for all who heard it.
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
  /// As many as were acknowledged, none twice; who said several said them in this order; whoever
  /// was there heard all, its own perhaps left out.
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
