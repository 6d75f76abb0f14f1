// The end of a trial: whether everything is there once, and everybody in their place, and no ghost.
import { Client } from './client.mjs';
import { parse } from './line.mjs';
import { metrics } from './operations.mjs';
import { poll } from './wait.mjs';

/// Nobody speaks any more and all are acknowledged. `may_repeat`: see Accounts.
export async function judge({ server, store, crowd, may_repeat }) {
  await crowd.accounts.settle(store, { may_repeat });
  const witnesses = [];
  for (const [at, channel] of crowd.channels.entries()) {
    const witness = await take_place(server, crowd.members[at], channel);
    witnesses.push(witness);
    crowd.accounts.compare_replay(channel, witness.log);
    await check_members(crowd, channel, witness);
  }
  await check_away(crowd, witnesses[0]);
  await crowd.quit();
  for (const witness of witnesses) {
    witness.send('/quit');
    await witness.closed();
  }
  await check_ghosts(server, store, crowd);
}

/// Takes the place of a member of a channel, and asks for all that was ever said there: `log`.
async function take_place(server, member, channel) {
  const { epoch } = member.places.get(channel);
  member.leave();
  const client = await Client.connect(server);
  const { id, secret } = member;
  const since = { [channel]: `${epoch}:0` };
  client.send(`/descp ${JSON.stringify({ id, secret, caps: ['tags'], since })}`);
  const lines = (await client.until(new RegExp(` REPLAY ${channel} end$`))).map(parse);
  client.log = lines.filter(({ verb, params }) => verb === 'PUBMSG' && params[0] === channel)
    .map(({ tags, id: from, text }) => ({ seq: Number(tags.seq), msgid: tags.msgid, from, text }));
  return client;
}

async function check_members(crowd, channel, witness) {
  witness.send(`/peers ${channel}`);
  const lines = (await witness.until(/ 366 /)).map(parse);
  const names = lines.filter((line) => line.verb === '353').flatMap((line) => line.text.split(' '));
  const are = names.sort().join(' ');
  const must_be = crowd.names(channel);
  if (are !== must_be) crowd.wrong('state', `${channel}: ${are}, not ${must_be}`);
}

async function check_away(crowd, witness) {
  for (const member of crowd.members.filter((one) => one.away).slice(0, 30)) {
    witness.send(`/whois ${member.id}`);
    const lines = (await witness.until(/ 318 /)).map(parse);
    const away = lines.find((line) => line.verb === '301')?.text;
    if (away !== member.away) crowd.wrong('state', `${member.away}: ${away}`);
  }
}

/// Neither on the server nor in Redis is anybody left.
async function check_ghosts(server, store, crowd) {
  const left = async () => {
    const all = await metrics(server);
    const [live, suspended] =
      ['live', 'suspended'].map((state) => all[`signaller_peers{state="${state}"}`]);
    const channels = (await store.ask('KEYS', 'signaller:channel:*')).split('\n').filter(Boolean);
    return { live, suspended, channels: all.signaller_channels, stored: channels.length };
  };
  const is_empty = async () => Object.values(await left()).every((count) => count === 0);
  await poll(is_empty, 'nobody is left').catch(async () =>
    crowd.wrong('ghosts', JSON.stringify(await left())));
  const here = await store.ask_all(
    crowd.members.map((one) => `HGET signaller:peer:${one.id} here`));
  here.forEach((is_here, at) => {
    if (is_here) crowd.wrong('ghosts', `${crowd.members[at].number} is here in Redis`);
  });
}
