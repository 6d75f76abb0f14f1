// A TCP connection on which a test can send any bytes.
import net from 'node:net';
import tls from 'node:tls';
import { Queue, within, turn } from './wait.mjs';
import { Op, accept_of, close_of, handshake, new_key, take_frame } from './websocket_frames.mjs';

/// Parses the head of an HTTP response: {status, first, headers}; header names in lower case.
function parse_head(text) {
  const [first, ...lines] = text.split('\r\n');
  const headers = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { status: Number(first.split(' ')[1]), first, headers };
}

export class RawConnection {
  #bytes = Buffer.alloc(0);
  #mode = 'http';
  #awaits_head = false;
  #frames = new Queue();
  #responses = new Queue();

  constructor(socket) {
    this.socket = socket;
    this.error = null;
    socket.setNoDelay(true);
    socket.on('data', (data) => this.#take(data));
    socket.on('error', (error) => (this.error = error));
    /// Resolves when the server has ended its side by FIN or RST.
    this.over = new Promise((resolve) => {
      const finish = () => {
        this.#finish_response();
        this.#frames.end();
        this.#responses.end();
        resolve();
      };
      socket.on('end', finish);
      socket.on('close', finish);
    });
  }

  /// `half_open`: the test's side stays open when the server ends its own. `local`: the test's
  /// address. `secure`: TLS, with these options of node's tls.connect.
  static async connect(server, { half_open = false, local, secure } = {}) {
    const place = { host: '127.0.0.1', localAddress: local, allowHalfOpen: half_open };
    const socket = secure
      ? tls.connect({ ...place, port: server.tls_port, rejectUnauthorized: false, ...secure })
      : net.connect({ ...place, port: server.port });
    const raw = new RawConnection(socket);
    server.on_stop(() => socket.destroy());
    await within(new Promise((resolve, reject) => {
      socket.once(secure ? 'secureConnect' : 'connect', resolve);
      socket.once('error', reject);
    }), 'a connection');
    return raw;
  }

  /// Connects and completes a handshake.
  static async websocket(server, options = {}) {
    const raw = await RawConnection.connect(server, options);
    const answer = await raw.upgrade(options);
    if (answer.status !== 101) throw new Error(`no handshake: ${answer.first}`);
    return raw;
  }

  /// Sends a handshake and returns the response; checks Sec-WebSocket-Accept of a 101.
  async upgrade(options = {}) {
    const key = options.key ?? new_key();
    this.write(handshake({ ...options, key }));
    const answer = await this.response('the answer to a handshake');
    if (answer.status === 101 && answer.headers['sec-websocket-accept'] !== accept_of(key)) {
      throw new Error(`wrong Sec-WebSocket-Accept: ${answer.headers['sec-websocket-accept']}`);
    }
    return answer;
  }

  write(bytes) {
    if (this.socket.writable) this.socket.write(bytes);
  }
  /// Sends each piece in a separate segment.
  async write_pieces(pieces) {
    for (const piece of pieces) {
      this.write(piece);
      await turn();
    }
  }
  /// Sends each byte in a separate segment.
  async trickle(bytes) {
    const all = Buffer.from(bytes);
    await this.write_pieces(Array.from(all, (_, at) => all.subarray(at, at + 1)));
  }
  /// Waits until the kernel has accepted everything, or the connection has ended.
  async drained() {
    const empty = new Promise((resolve) => this.socket.write('', resolve));
    await within(Promise.race([empty, this.over]), 'the kernel takes what is written');
  }
  half_close() { this.socket.end(); }
  destroy() { this.socket.destroy(); }
  stop_reading() { this.socket.pause(); }
  read_again() { this.socket.resume(); }
  get local_port() { return this.socket.localPort; }

  /// Returns the next HTTP response: {status, first, headers, body}; null at the end of the
  /// connection. `head`: the response answers a HEAD and has no body.
  async response(what = 'an HTTP response', { head = false, ms } = {}) {
    this.#awaits_head = head;
    return this.#responses.next(what, ms);
  }
  /// Returns the next frame, {op, fin, payload}; null at the end of the connection.
  async frame(what = 'a frame', ms) { return this.#frames.next(what, ms); }

  /// Skips to the close frame and returns {code, reason}; `code` is 1006 if the connection ends
  /// without a close frame.
  async closed(what = 'a close frame', ms) {
    for (;;) {
      const got = await this.frame(what, ms);
      if (!got) return { code: 1006, reason: this.error?.code ?? 'end' };
      if (got.op === Op.close) return close_of(got.payload);
    }
  }
  /// Skips to the next text message and returns its text; null at the end.
  async text(what = 'a message') {
    for (;;) {
      const got = await this.frame(what);
      if (!got) return null;
      if (got.op === Op.close) {
        throw new Error(`${what}: closed ${JSON.stringify(close_of(got.payload))}`);
      }
      if (got.op === Op.text) return got.payload.toString();
    }
  }
  /// Waits for the end of the TCP connection.
  async gone(what = 'the end of the connection', ms) { return within(this.over, what, ms); }

  #take(data) {
    this.#bytes = this.#bytes.length > 0 ? Buffer.concat([this.#bytes, data]) : data;
    while (this.#mode === 'http' ? this.#take_response() : this.#take_frame());
  }
  #take_frame() {
    const got = take_frame(this.#bytes);
    if (!got) return false;
    this.#bytes = got.rest;
    this.#frames.push({ op: got.op, fin: got.fin, payload: got.payload });
    return true;
  }
  #take_response() {
    const end = this.#bytes.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const head = parse_head(this.#bytes.toString('latin1', 0, end));
    const bodiless = head.status === 101 || this.#awaits_head;
    const length = bodiless ? 0 : Number(head.headers['content-length']);
    if (Number.isNaN(length) || this.#bytes.length < end + 4 + length) return false;
    this.#respond(head, end + 4, length);
    return true;
  }
  #respond(head, start, length) {
    const body = this.#bytes.toString('utf8', start, start + length);
    this.#bytes = this.#bytes.subarray(start + length);
    if (head.status === 101) this.#mode = 'frames';
    this.#responses.push({ ...head, body });
  }
  /// Finishes a response without Content-Length, whose body ends with the connection.
  #finish_response() {
    const end = this.#mode === 'http' ? this.#bytes.indexOf('\r\n\r\n') : -1;
    if (end < 0) return;
    const head = parse_head(this.#bytes.toString('latin1', 0, end));
    this.#respond(head, end + 4, this.#bytes.length - end - 4);
  }
}
