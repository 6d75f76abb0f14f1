// The ledger of messages: sent, acknowledged, stored and delivered, each once and in one order.

/// Decodes a message as Redis stores it: see docs/redis.rst.
function unpack(packed) {
  const [, msgid, from, label, name] = packed.split(' ', 5);
  const start = packed.split(' ', 5).join(' ').length + 1;
  const line = packed.slice(start + Number(label) + Number(name));
  return { msgid, from: from.split(':')[0], label: packed.slice(start, start + Number(label)),
    text: line.slice(line.indexOf(' :') + 2) };
}

/// Returns the messages in Redis of these channels and ids: target → [{seq, msgid, from, label,
/// text}].
export async function stored(store, targets) {
  const key = (target) => `signaller:${target.startsWith('#') ? 'log' : 'mail'}:${target}`;
  const all = await store.ask_all(targets.map((target) => `XRANGE ${key(target)} - +`));
  return new Map(all.map((entries, at) => [targets[at], entries.map(([id, [, packed]]) =>
    ({ seq: Number(id.split('-')[0]), ...unpack(packed) }))]));
}

export class DeliveryLedger {
  #group;
  #heard = new Map();  // channel or id → seq → the message as first delivered
  #all = new Map();    // channel or id → acknowledged messages by seq

  constructor(group) { this.#group = group; }

  /// Records a delivery. Every delivery of one number must be the same message.
  heard(where, seq, what) {
    const log = this.#heard.get(where) ?? this.#heard.set(where, new Map()).get(where);
    const known = log.get(seq);
    if (!known) return void log.set(seq, what);
    if (known.msgid === what.msgid && known.text === what.text && known.from === what.from) return;
    const both = `${JSON.stringify(known)} and ${JSON.stringify(what)}`;
    this.#fail('disordered', `${where} ${seq} is ${both}`);
  }

  /// Compares the acknowledged messages with all deliveries and with Redis. `may_repeat`: a message
  /// that was not acknowledged may have been delivered before its retry.
  async check(store, { may_repeat }) {
    const group = this.#group;
    this.#sort_acknowledged();
    const kept = await stored(store, group.targets);
    for (const channel of group.channels) {
      const all = this.#acknowledged(channel);
      this.#compare(channel, all, kept.get(channel), 'in Redis');
      for (const member of group.members.filter((one) => one.channels.includes(channel))) {
        this.#check_heard(member, channel, channel, all, may_repeat);
      }
    }
    for (const member of group.members) {
      const all = this.#acknowledged(member.id);
      this.#compare(member.id, all, kept.get(member.id), 'in Redis');
      this.#check_heard(member, '*', member.id, all, may_repeat);
    }
  }

  /// Compares a whole log from a replay; each entry is {seq, msgid, from, text}.
  compare_replay(channel, entries) {
    this.#compare(channel, this.#acknowledged(channel), entries, 'in the log');
  }

  #fail(kind, what) { this.#group.fail(kind, what); }

  /// Sorts the acknowledged messages of each target by number.
  #sort_acknowledged() {
    for (const target of this.#group.targets) this.#all.set(target, []);
    for (const member of this.#group.members) {
      for (const what of member.messages) {
        const { target, label, ack } = what;
        if (!ack) this.#fail('lost', `${member.number} ${label} to ${target} has no ACK`);
        else if (ack.target !== target) this.#fail('other', `${label}: ACK of ${ack.target}`);
        else this.#all.get(target).push({ ...ack, from: member.id, what });
      }
    }
    for (const [target, all] of this.#all) {
      all.sort((a, b) => a.seq - b.seq);
      this.#check_order(target, all);
      this.#all.set(target, new Map(all.map((one) => [one.seq, one])));
    }
  }
  /// Checks that messages of one sender keep their order. An exception is a refused message, whose
  /// retry came later.
  #check_order(target, all) {
    const last = new Map();
    all.forEach(({ seq, from, what }, at) => {
      const where = `${target} ${seq}: ${what.text}`;
      if (at > 0 && all[at - 1].seq === seq) this.#fail('doubled', `number of two: ${where}`);
      if (what.refused) return;
      if (what.number < (last.get(from) ?? 0)) this.#fail('disordered', where);
      last.set(from, what.number);
    });
  }
  #acknowledged(target) { return this.#all.get(target); }

  /// Checks that a log contains exactly the acknowledged messages, each at its number.
  #compare(target, all, entries, where) {
    let last = 0;
    const seen = new Set();
    for (const { seq, msgid, from, text } of entries) {
      if (seq <= last) this.#fail('disordered', `${target} ${where}: ${seq} after ${last}`);
      last = seq;
      const said = all.get(seq);
      const fits = said?.msgid === msgid && said.from === from && said.what.text === text;
      if (!fits) this.#fail('doubled', `${target} ${where}: ${seq} ${msgid} ${text} has no ACK`);
      if (seen.has(msgid)) this.#fail('doubled', `${target} ${where}: ${msgid}`);
      seen.add(msgid);
    }
    for (const { seq, msgid, what } of all.values()) {
      if (!seen.has(msgid)) this.#fail('lost', `${target} ${where}: ${seq} ${msgid} ${what.text}`);
    }
  }

  /// Checks that the member received every message to the target; a member without `echo` may miss
  /// its own messages. Other messages are errors, except repeats if `may_repeat`.
  #check_heard(member, place, target, all, may_repeat) {
    const { heard } = member.places.get(place);
    const had = new Set(heard);
    for (const { seq, from, what } of all.values()) {
      const may_miss = from === member.id && !member.echo && place !== '*';
      if (!had.has(seq) && !may_miss) {
        this.#fail('lost', `${member.number} has not heard ${target} ${seq} ${what.text}`);
      }
    }
    for (const seq of heard) {
      if (all.has(seq)) continue;
      ++this.#group.counts.seen_again;
      if (may_repeat) continue;
      const { msgid, text } = this.#heard.get(target).get(seq);
      this.#fail('doubled', `${member.number} heard ${target} ${seq} ${msgid} ${text}`);
    }
  }
}
