// Attacks of a hostile client, each on new connections. An attack ends when the server has handled
// it; other tests assert the result of each attack.
import { randomBytes } from 'node:crypto';
import { Client } from './client.mjs';
import { is_connection_closed } from './kernel.mjs';
import { RawConnection } from './raw_connection.mjs';
import { poll, turn } from './wait.mjs';
import { Op, close_frame, fragments, frame, handshake } from './websocket_frames.mjs';

const ended = (raw) => raw.gone('the end of a hostile connection', 40_000);

/// Sends bytes on a described connection and waits until the server closes it.
const fatal = (...pieces) => async (server) => {
  const { raw } = await Client.described(server);
  raw.write(Buffer.concat(pieces));
  await ended(raw);
};
/// Sends lines that are answered or ignored, and disconnects.
const lines = (...texts) => async (server) => {
  const client = await Client.described(server);
  for (const text of texts) client.send(text);
  await client.lines_until_pong();
  client.raw.destroy();
};
/// Sends bytes instead of a handshake.
const instead = (bytes) => async (server) => {
  const raw = await RawConnection.connect(server);
  raw.write(bytes);
  raw.half_close();
  await ended(raw);
};

async function cut_at_every_byte(server) {
  const client = await Client.described(server);
  const bytes = frame('/pubmsg #nowhere 直播间');
  for (let cut = 1; cut < bytes.length; ++cut) {
    await client.raw.write_pieces([bytes.subarray(0, cut), bytes.subarray(cut)]);
  }
  await client.lines_until_pong();
  client.raw.socket.resetAndDestroy();
}

async function fragments_and_pings(server) {
  const client = await Client.described(server);
  const pieces = fragments(Array.from('/ping in pieces', (char) => char));
  for (const piece of pieces) client.raw.write(Buffer.concat([piece, frame('p', { op: Op.ping })]));
  await client.until(/ PONG .*in pieces$/);
  client.raw.write(pieces[0]);  // the message is never finished
  client.raw.half_close();
  await ended(client.raw);
}

async function never_reads(server) {
  const client = await Client.described(server);
  await client.join('#busy');
  client.raw.stop_reading();
  await poll(() => is_connection_closed(server, client.raw),
    'the server closes a client that does not read', 60_000);
  client.raw.destroy();
}

async function half_closed(server) {
  const raw = await RawConnection.websocket(server, { half_open: true });
  raw.write(frame('/descp {}\n/join #half\n/pubmsg #half x'));
  raw.half_close();
  await ended(raw);
}

async function reset_in_the_handshake(server) {
  const raw = await RawConnection.connect(server);
  raw.write(handshake().slice(0, 40));
  await turn();
  raw.socket.resetAndDestroy();
}

async function before_describing(server) {
  const client = await Client.connect(server);
  client.send('/join #x', '/pubmsg #x y', '/kick a b', '/descp {', '/descp {"id":1e999}', 'x');
  client.send(`/descp {"a":${'['.repeat(4_000)}`);
  await client.until(/ FAIL DESCP INVALID_JSON /);
  client.raw.write(frame('x'.repeat(8_193)));
  await ended(client.raw);
}

async function same_identity(server) {
  const [one, two] = await Promise.all([Client.connect(server), Client.connect(server)]);
  const twin = '/descp {id: 0123456789abcdef01234567, nick: "twin"}';
  for (const client of [one, two]) client.send(twin);
  await Promise.all([one, two].map((client) => client.until(/ (376|422|433) /)));
  for (const client of [one, two]) client.raw.destroy();
}

async function churn(server) {
  const client = await Client.described(server);
  for (let n = 0; n < 60; ++n) {
    const channel = `#churn${n % 7}`;
    client.send(`/join ${channel}`, `/topic ${channel} t${n}`,
      `/nick churn${client.id.slice(18)}${n}`, `/who ${channel}`, `/pubmsg ${channel} x`,
      `/quit ${channel} bye`);
  }
  await client.lines_until_pong();
  client.send('/quit :enough');
  await ended(client.raw);
}

async function disconnects_during_replies(server) {
  const client = await Client.described(server);
  client.send('/join #busy', '/help', '/list', '/who #busy');
  client.raw.socket.resetAndDestroy();
}

/// Moves one session from connection to connection; most connections end without a close frame.
async function relay(server) {
  const secret = randomBytes(16).toString('hex');
  const first = await Client.described(server, { secret });
  await first.join(`#relay${first.id}`);
  const all = [first];
  for (let n = 0; n < 10; ++n) {
    const next = await Client.connect(server);
    all.push(next);
    next.send(`/descp {id: ${first.id}, secret: "${secret}", since: {"*": "00000000:0"}}`);
    if (n % 3 === 0) await next.until(/ REPLAY \* end$/);
    // In every second round the new connection is cut. Otherwise it stays open, and the next round
    // takes the session over from it.
    if (n % 2 === 1) next.raw.destroy();
  }
  for (const one of all) one.raw.destroy();  // any of the last two may have the session
}

/// Connects peers with a secret that describe themselves, join and disconnect.
async function owners(server) {
  for (let n = 0; n < 10; ++n) {
    const owner = await Client.described(server, { secret: randomBytes(16).toString('hex') });
    await owner.join(`#of${n}`);
    owner.raw.socket.resetAndDestroy();
  }
}

/// Sends positions that are invalid or unknown.
async function odd_positions(server) {
  const { id, secret, raw } = await Client.described(server);
  raw.destroy();
  const all = [{ '#x': '00000000:18446744073709551615' }, { '*': 'ffffffff:9007199254740993' },
    { '#x': 'x' }, { '*': '00000000:-1' }, { x: '00000000:1' }, { '#x': null }, [], 'x', 1e99,
    Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`#n${n}`, '00000000:1']))];
  for (const since of all) {
    const client = await Client.connect(server);
    client.send(`/descp ${JSON.stringify({ id, secret, since })}`, '/ping x');
    await client.until(/ PONG /);
    client.raw.destroy();
  }
}

/// Sends more private messages to a suspended peer than its inbox can hold.
async function mail_bombs(server) {
  const victim = await Client.described(server);
  await victim.join(`#mail${victim.id}`);
  victim.raw.destroy();
  const bomber = await Client.described(server);
  for (let n = 0; n < 80; ++n) bomber.send(`/privmsg ${victim.id} ${n} ${'x'.repeat(8_000)}`);
  // The inbox is full, or the peer has left.
  await bomber.until(/ FAIL PRIVMSG MAILBOX_FULL | 401 /);
  bomber.raw.destroy();
}

const bytes = (hex) => Buffer.from(hex, 'hex');

export const Attacks = {
  cut_at_every_byte, fragments_and_pings, never_reads, half_closed, reset_in_the_handshake,
  before_describing, same_identity, churn, disconnects_during_replies, relay, owners, odd_positions,
  mail_bombs,
  ten_megabytes: fatal(frame('x'.repeat(10_000_000))),
  endless_fragments: fatal(frame('x', { fin: false }),
    ...Array.from({ length: 60 }, () => frame('x'.repeat(5_000), { op: Op.more, fin: false }))),
  invalid_utf8: fatal(frame(bytes('2f70696e6720ff'))),
  invalid_utf8_across: fatal(...fragments([bytes('2f70696e6720f09f'), bytes('41')])),
  binary: fatal(frame('/ping', { op: Op.binary })),
  unmasked: fatal(frame('/ping', { mask: false })),
  reserved: fatal(frame('/ping', { rsv: 5, op: 6 })),
  lying_length: fatal(frame('', { length: 2 ** 40 })),
  invalid_close: fatal(close_frame(1005)),
  many_lines: lines(Array.from({ length: 3_000 }, (_, n) => `/ping ${n}`).join('\n')),
  nonsense: lines('/x', 'hello', '/', '/join', '/join #a,b', '/privmsg', '/kick * *', '/quit x'),
  controls: lines('/pubmsg #x a\rb', '/topic #x \x1b[2J', '/nick \x00', '/join #\x07', '\x00'),
  without_rights: lines('/kill ann', '/stats', '/rehash', '/audit 9', '/broadcast x', '/bans *',
    '/ban ann * 1s', '/ban ip:::/0 *', '/ban ann #honest 9d x', '/kick ann #honest', '/kick ann *',
    '/mode #honest +m', '/op ann #honest', '/deop ann #honest', '/mute ann #honest', '/oper root x',
    '/unban ann #honest', '/invite ann #honest', '/history #honest', '/topic #honest x',
    '/descp #honest {name: "x"}'),
  odd_modes: lines('/join #odd', '/mode #odd +', '/mode #odd +kkkk a b', '/mode #odd +lSH 1 1',
    '/mode #odd -lSH', '/mode #odd +l 99999999999999999999', '/mode #odd +é', '/mode #odd ++--+',
    '/mode #odd +k ' + 'x'.repeat(257), '/mute nobody #odd 99999999999999999999d', '/quit #odd'),
  flood_of_pings: lines(...Array.from({ length: 300 }, () => '/ping x')),
  unknown_protocol: instead(Buffer.alloc(30_000, 0xfe)),
  long_header: instead(`GET / HTTP/1.1\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`),
  wrong_handshake: instead(handshake({ headers: { 'Sec-WebSocket-Version': '7' } })),
};
