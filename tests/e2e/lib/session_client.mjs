// The common part of the clients that resume: their ids and secrets, and one method for each kind
// of line.
import { randomBytes } from 'node:crypto';
import WebSocket from 'ws';
import { parse_line } from './line_parser.mjs';

/// A subclass has the methods that `on_line` calls.
export class SessionClient {
  /// `group` receives all events.
  constructor(group, number, channels) {
    this.group = group;
    this.number = number;
    this.channels = channels;
    this.echo = number % 2 === 0;
    this.id = randomBytes(12).toString('hex');
    this.secret = randomBytes(16).toString('hex');
    this.up = false;
  }

  /// Opens a connection from an address that few other clients share. `options`: see ws.
  static open(url, number, options = {}) {
    return new WebSocket(url, { perMessageDeflate: false,
      localAddress: `127.0.1.${1 + (number % 50)}`, ...options });
  }

  /// Calls the method of the subclass that handles this kind of line. For a private message the
  /// first argument of `on_message` is "*" instead of a channel.
  on_line(text) {
    const line = parse_line(text);
    switch (line.verb) {
      case 'PUBMSG': return this.on_message(line.params[0], line, text);
      case 'PRIVMSG': return this.on_message('*', line, text);
      case 'ACK': return this.on_ack(line, text);
      case 'REPLAY': return this.on_replay(line, text);
      case 'SESSION': return this.on_session(line, text);
      case 'CHANNEL': return this.on_position(line.params[0], line.params[1], text);
      case 'JOIN': return this.on_join(line, text);
      case 'PONG': return this.on_pong(text);
      default: return this.on_other(line, text);
    }
  }
}
