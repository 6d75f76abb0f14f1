// Encodes and decodes RFC 6455 frames, invalid ones included.
import { createHash, randomBytes } from 'node:crypto';

export const Op = { more: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

/// Returns one client frame. `length_form` is 7, 16 or 64, the width of the length field, by
/// default the shortest. `length` sets a wrong payload length.
export function frame(payload = '', options = {}) {
  const { op = Op.text, fin = true, rsv = 0, mask = true, length_form, length } = options;
  const body = Buffer.from(payload);
  const told = length ?? body.length;
  const form = length_form ?? (told < 126 ? 7 : told < 65_536 ? 16 : 64);
  const head = Buffer.alloc(form === 7 ? 2 : form === 16 ? 4 : 10);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | op;
  head[1] = (mask ? 0x80 : 0) | (form === 7 ? told : form === 16 ? 126 : 127);
  if (form === 16) head.writeUInt16BE(told, 2);
  if (form === 64) head.writeBigUInt64BE(BigInt(told), 2);
  if (!mask) return Buffer.concat([head, body]);
  const key = randomBytes(4);
  return Buffer.concat([head, key, body.map((byte, at) => byte ^ key[at & 3])]);
}

/// Returns a close frame; without a code its payload is empty.
export function close_frame(code, reason = '') {
  if (code === undefined) return frame('', { op: Op.close });
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code);
  payload.write(reason, 2);
  return frame(payload, { op: Op.close });
}

/// Returns a message as fragments.
export function fragments(parts, op = Op.text) {
  return parts.map((part, at) =>
    frame(part, { op: at === 0 ? op : Op.more, fin: at === parts.length - 1 }));
}

/// Removes one server frame from the front of `bytes`: {op, fin, payload, rest}, or null if the
/// frame is incomplete. Throws if a server must not send the frame.
export function take_frame(bytes) {
  if (bytes.length < 2) return null;
  if (bytes[0] & 0x70) throw new Error('the server set a reserved bit');
  if (bytes[1] & 0x80) throw new Error('the server masked a frame');
  let start = 2;
  let length = bytes[1] & 0x7f;
  if (length === 126) {
    if (bytes.length < 4) return null;
    length = bytes.readUInt16BE(2);
    start = 4;
  } else if (length === 127) {
    if (bytes.length < 10) return null;
    length = Number(bytes.readBigUInt64BE(2));
    start = 10;
  }
  if (bytes.length < start + length) return null;
  const payload = bytes.subarray(start, start + length);
  return { op: bytes[0] & 0x0f, fin: (bytes[0] & 0x80) !== 0, payload,
    rest: bytes.subarray(start + length) };
}

/// Decodes the payload of a close frame: {code, reason}; the code is 1005 if the payload is empty.
export function close_of(payload) {
  if (payload.length === 0) return { code: 1005, reason: '' };
  return { code: payload.readUInt16BE(0), reason: payload.toString('utf8', 2) };
}

export const new_key = () => randomBytes(16).toString('base64');

/// Returns the Sec-WebSocket-Accept for a key (RFC 6455 §4.2.2).
export const accept_of = (key) =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

/// Returns a handshake request as text. `headers` are added; a null value removes a header.
export function handshake({ path = '/', key = new_key(), method = 'GET', headers = {} } = {}) {
  const all = { Host: 'localhost', Upgrade: 'websocket', Connection: 'Upgrade',
    'Sec-WebSocket-Key': key, 'Sec-WebSocket-Version': '13', ...headers };
  const lines = Object.entries(all).filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${value}`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}
