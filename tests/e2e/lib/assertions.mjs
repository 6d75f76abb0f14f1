// Checks at the end of a scenario: every message exists once, every member is in its channels, and
// nothing is left after /quit.
import { Client } from './client.mjs';
import { parse_line } from './line_parser.mjs';
import { metrics } from './operations.mjs';
import { poll } from './wait.mjs';

/// Requires that the clients are idle and all messages acknowledged. `may_repeat`: see
/// DeliveryLedger.
export async function assert_final_state({ server, store, group, may_repeat }) {
  await group.ledger.check(store, { may_repeat });
  const observers = [];
  for (const [at, channel] of group.channels.entries()) {
    const observer = await take_place(server, group.members[at], channel);
    observers.push(observer);
    group.ledger.compare_replay(channel, observer.log);
    await check_members(group, channel, observer);
  }
  await check_away(group, observers[0]);
  await group.quit();
  for (const observer of observers) {
    observer.send('/quit');
    await observer.closed();
  }
  await check_ghosts(server, store, group);
}

/// Takes over a member's session in the channel and requests the whole log of the channel: `log`.
async function take_place(server, member, channel) {
  const { epoch } = member.places.get(channel);
  member.leave();
  const client = await Client.connect(server);
  const { id, secret } = member;
  const since = { [channel]: `${epoch}:0` };
  client.send(`/descp ${JSON.stringify({ id, secret, caps: ['tags'], since })}`);
  const lines = (await client.until(new RegExp(` REPLAY ${channel} end$`))).map(parse_line);
  client.log = lines.filter(({ verb, params }) => verb === 'PUBMSG' && params[0] === channel)
    .map(({ tags, id: from, text }) => ({ seq: Number(tags.seq), msgid: tags.msgid, from, text }));
  return client;
}

async function check_members(group, channel, observer) {
  observer.send(`/peers ${channel}`);
  const lines = (await observer.until(/ 366 /)).map(parse_line);
  const names = lines.filter((line) => line.verb === '353').flatMap((line) => line.text.split(' '));
  const are = names.sort().join(' ');
  const must_be = group.names(channel);
  if (are !== must_be) group.fail('state', `${channel}: ${are}, not ${must_be}`);
}

async function check_away(group, observer) {
  for (const member of group.members.filter((one) => one.away).slice(0, 30)) {
    observer.send(`/whois ${member.id}`);
    const lines = (await observer.until(/ 318 /)).map(parse_line);
    const away = lines.find((line) => line.verb === '301')?.text;
    if (away !== member.away) group.fail('state', `${member.away}: ${away}`);
  }
}

/// Asserts that no peer or channel is left on the server or in Redis.
async function check_ghosts(server, store, group) {
  const left = async () => {
    const all = await metrics(server);
    const [live, suspended] =
      ['live', 'suspended'].map((state) => all[`signaller_peers{state="${state}"}`]);
    const channels = (await store.ask('KEYS', 'signaller:channel:*')).split('\n').filter(Boolean);
    return { live, suspended, channels: all.signaller_channels, stored: channels.length };
  };
  const is_empty = async () => Object.values(await left()).every((count) => count === 0);
  await poll(is_empty, 'nobody is left').catch(async () =>
    group.fail('ghosts', JSON.stringify(await left())));
  const here = await store.ask_all(
    group.members.map((one) => `HGET signaller:peer:${one.id} here`));
  here.forEach((is_here, at) => {
    if (is_here) group.fail('ghosts', `${group.members[at].number} is here in Redis`);
  });
}
