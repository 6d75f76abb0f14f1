// Clients that send messages all the time, in channels and in private, even while the server is
// down.
import { DeliveryLedger } from './delivery_ledger.mjs';
import { prng } from './prng.mjs';
import { CrashClient } from './crash_client.mjs';
import { pause, poll, within } from './wait.mjs';

const MaxProblems = 20;  // number of problems that are reported in full
const MaxPending = 20;  // number of unacknowledged messages above which a client sends no new ones
const Patience = 120_000;

export class CrashClients {
  #random;
  #ledger = new DeliveryLedger(this);
  #talk = null;
  #names = new Map();  // channel → its sorted list of names

  /// `members` clients, each in two of the `channels`. Each client sends a message of up to `bytes`
  /// bytes every `interval` ms; a third of the messages are private. Each second the share
  /// `loss_rate` of the connections is cut.
  constructor(url, { members, channels, seed, interval, loss_rate = 0, bytes = 60 }) {
    this.url = url;
    this.bytes = bytes;
    this.interval = interval;
    this.loss_rate = loss_rate;
    this.#random = prng(seed);
    this.settled = false;
    this.expect_whole_replays = true;  // whether every replay has to be complete
    this.counts =
      { deliveries: 0, replayed: 0, retries: 0, not_stored: 0, limited: 0, seen_again: 0 };
    this.gaps = [];       // ms from the loss of a connection to the resumed session
    this.latencies = [];  // ms from a message to its ACK, without retries
    this.problems = [];
    this.faults = { lost: 0, doubled: 0, disordered: 0, false: 0, state: 0, ghosts: 0, other: 0 };
    this.channels = Array.from({ length: channels }, (_, at) => `#c${at}`);
    this.members = Array.from({ length: members }, (_, number) => {
      const other = (number + 1 + Math.floor(number / channels) % (channels - 1)) % channels;
      const both = [this.channels[number % channels], this.channels[other]];
      return new CrashClient(this, number, both);
    });
  }

  get said() { return this.members.reduce((sum, one) => sum + one.messages.length, 0); }
  get acknowledged() {
    const acknowledged = (one) => one.messages.filter((what) => what.ack).length;
    return this.members.reduce((sum, one) => sum + acknowledged(one), 0);
  }
  /// All channels and ids that messages are sent to.
  get targets() { return [...this.channels, ...this.members.map((one) => one.id)]; }
  get ledger() { return this.#ledger; }
  names(channel) { return this.#names.get(channel); }
  of(channel) { return this.members.filter((one) => one.channels.includes(channel)); }

  // Events of the members.
  fail(kind, what) {
    ++this.faults[kind];
    if (this.problems.length < MaxProblems) this.problems.push(`${kind}: ${what.slice(0, 400)}`);
  }
  heard(where, seq, what) {
    ++this.counts.deliveries;
    this.#ledger.heard(where, seq, what);
  }
  record_latency(ms, tries) { if (tries === 1) this.latencies.push(ms); }
  resumed(ms) { this.gaps.push(ms); }
  report_incomplete_replay(what) {
    if (this.expect_whole_replays) this.fail('lost', `incomplete replay: ${what}`);
  }
  /// Varies a delay, so that clients do not act at the same time.
  pause(ms) { return ms * (0.75 + this.#random() / 2); }
  /// Returns the delay before a reconnect; null if this close was unexpected.
  delay(code, reason) {
    const [, told] = /^retry_ms=(\d+) /.exec(reason) ?? [];
    if (code === 1012 && told) return Number(told);
    return code === 1006 ? 50 + this.#random() * 200 : null;
  }

  /// Joins all members to their channels; some get a rank, some are away. Waits until Redis has
  /// stored everything.
  async join_all(store) {
    for (let at = 0; at < this.members.length; at += 50) {
      await this.#all(this.members.slice(at, at + 50).map((one) => one.start()));
    }
    await this.#all(this.channels.map((channel, at) => this.members[at].tell(`/join ${channel}`)));
    const joins = (one) => one.channels.filter((channel) => this.#creator(channel) !== one)
      .map((channel) => `/join ${channel}`);
    await this.#all(this.members.map((one) =>
      one.tell(...joins(one), ...(one.away ? [`/away ${one.away}`] : []))));
    await this.#all(this.channels.map((channel) => this.#give_ranks(channel)));
    await this.#all(this.members.map((one) => one.tell()));
    await this.#is_stored(store);
    this.settled = true;
  }
  #creator(channel) { return this.members[this.channels.indexOf(channel)]; }
  #rank(channel, member) {
    if (member === this.#creator(channel)) return '@';
    return ['', '@', '+', '', ''][this.of(channel).indexOf(member) % 5];
  }
  #give_ranks(channel) {
    const creator = this.#creator(channel);
    const ranked = this.of(channel).map((one) => [this.#rank(channel, one), one]);
    this.#names.set(channel, ranked.map(([rank, one]) => rank + one.id).sort().join(' '));
    const others = ranked.filter(([rank, one]) => rank && one !== creator);
    return creator.tell(...others.map(([rank, one]) =>
      `/${rank === '@' ? 'op' : 'voice'} ${one.id} ${channel}`));
  }
  async #is_stored(store) {
    const away = this.members.filter((one) => one.away);
    await poll(async () => {
      const hashes = await store.ask_all(
        this.channels.map((channel) => `HGETALL signaller:channel:${channel}`));
      const texts = await store.ask_all(away.map((one) => `HGET signaller:peer:${one.id} away`));
      return away.every((one, at) => texts[at] === one.away) && this.channels.every((channel, at) =>
        this.of(channel).every((one) => hashes[at][`m:${one.id}`] === this.#rank(channel, one)));
    }, 'Redis has all members');
  }

  /// Starts sending messages.
  start_talking() {
    this.#talk = { ends: false };
    this.#talk.over = this.#speak(this.#talk);
  }
  async stop_talking() {
    const talk = this.#talk;
    this.#talk = null;
    if (!talk) return;
    talk.ends = true;
    await talk.over;
  }
  async #speak(talk) {
    const step = 10;
    let before = performance.now();
    let due = 0;
    let deaths = 0;
    while (!talk.ends) {
      await pause(step);
      const now = performance.now();
      due += ((now - before) / this.interval) * this.members.length;
      deaths += ((now - before) / 1000) * this.loss_rate * this.members.length;
      before = now;
      for (; due >= 1; --due) this.#say(this.#pick(this.members));
      for (; deaths >= 1; --deaths) this.#kill(this.#pick(this.members));
    }
  }
  #say(member) {
    if (!member.up || member.unacknowledged >= MaxPending) return;
    member.say(this.#random() < 0.33 ? this.#pick(this.members) : this.#pick(member.channels));
  }
  #kill(member) { if (member.up) member.drop_connection(); }
  #pick(list) { return list[Math.floor(this.#random() * list.length)]; }

  /// Moves this share of the clients to another server.
  move(url, share = 1) {
    this.url = url;
    for (const one of this.members) {
      if (share === 1 || this.#random() < share) one.drop_connection();
    }
  }
  /// Waits until every client has reconnected since this call; it may lose the connection again
  /// meanwhile.
  async wait_until_connected() {
    let away = this.members;
    const is_over = () => (away = away.filter((one) => !one.up)).length === 0;
    await poll(is_over, 'all clients are connected', Patience).catch((error) => {
      throw new Error(`${error.message}: ${away.length} are not connected, ${away[0].state}`);
    });
  }
  /// Stops sending and waits until everything is acknowledged.
  async wait_until_idle() {
    await this.stop_talking();
    try {
      await this.wait_until_connected();
      const is_open = (one) => one.unacknowledged > 0;
      await poll(() => !this.members.some(is_open), 'all messages are acknowledged', Patience);
      await this.#all(this.members.map((one) => one.tell()));
    } catch (error) {
      const open = this.members.filter((one) => one.unacknowledged > 0);
      const sum = open.reduce((all, one) => all + one.unacknowledged, 0);
      this.fail('other', `${error.message}; ${sum} messages have no ACK; ${open[0]?.state}`);
    }
  }
  /// Sends /quit on all clients whose sessions were not taken over.
  async quit() {
    this.settled = false;
    await this.#all(this.members.filter((one) => !one.leaving).map((one) => one.quit()));
  }
  leave() {
    if (this.#talk) this.#talk.ends = true;
    for (const one of this.members) one.leave();
  }
  #all(promises) { return within(Promise.all(promises), 'all clients', Patience); }
}

/// Returns the quantile: the share `part` (0 to 1) of the values lies below it.
export function quantile(values, part) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}
