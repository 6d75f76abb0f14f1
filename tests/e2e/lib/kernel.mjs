// Reads from /proc: TCP connections and open descriptors of the server.
import { readFileSync, readdirSync } from 'node:fs';

const hex = (port) => port.toString(16).toUpperCase().padStart(4, '0');

let connections = new Set();
let read_at = 0;

/// Returns all TCP connections over IPv4, as "PORT PORT". Reads at most ten times a second, because
/// the file is long.
function known() {
  if (Date.now() - read_at < 100) return connections;
  connections = new Set(readFileSync('/proc/net/tcp', 'utf8').split('\n').map((line) => {
    const [, here, there] = line.trim().split(/\s+/);
    return `${here?.slice(-4)} ${there?.slice(-4)}`;
  }));
  read_at = Date.now();
  return connections;
}

/// Returns whether the server's end of a connection is gone, with its unsent data.
export const is_connection_closed = (server, raw) =>
  !known().has(`${hex(server.port)} ${hex(raw.local_port)}`);

export const descriptors = (server) => readdirSync(`/proc/${server.pid}/fd`).length;
