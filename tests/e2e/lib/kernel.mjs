// What the kernel knows of the server: the states of its connections, its descriptors.
import { readFileSync, readdirSync } from 'node:fs';

const hex = (port) => port.toString(16).toUpperCase().padStart(4, '0');
const Established = '01';

/// The state of the server's end of a connection (net/tcp_states.h, two digits), or null if the
/// kernel has forgotten it.
function state_of(server, local_port) {
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n')) {
    const [, here, there, state] = line.trim().split(/\s+/);
    if (here?.endsWith(`:${hex(server.port)}`) && there.endsWith(`:${hex(local_port)}`)) return state;
  }
  return null;
}
/// The server still writes to this client.
export const serves = (server, raw) => state_of(server, raw.local_port) === Established;
/// Nothing of the connection is left on the server's side.
export const forgotten = (server, raw) => state_of(server, raw.local_port) === null;

export const descriptors = (server) => readdirSync(`/proc/${server.pid}/fd`).length;
