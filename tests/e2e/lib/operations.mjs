// The operations listener of a server.
import assert from 'node:assert/strict';
import { RawConnection } from './raw_connection.mjs';
import { serve } from './server.mjs';
import { poll } from './wait.mjs';

/// Starts a server with an operations listener.
export async function serve_with_operations(t, ...args) {
  const before = Array.isArray(args[0]) ? [args.shift()] : [];
  const server = await serve(t, ...before, '--operations', '127.0.0.1:0', ...args);
  const port = () => /listening for operations on http:\/\/127\.0\.0\.1:(\d+)/.exec(server.output)?.[1];
  server.operations = Number(await poll(port, 'the operations listener'));
  return server;
}

export async function get(server, path, { method = 'GET', headers = '' } = {}) {
  const raw = await RawConnection.connect(
    { port: server.operations, on_stop: (action) => server.on_stop(action) });
  raw.write(`${method} ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`);
  const answer = await raw.response('an answer', { head: method === 'HEAD' });
  raw.destroy();
  return answer;
}

/// Returns {name{label="value"}: number}.
export async function metrics(server) {
  const { status, headers, body } = await get(server, '/metrics');
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  const lines = body.split('\n').filter((line) => line && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => {
    const space = line.lastIndexOf(' ');
    return [line.slice(0, space), Number(line.slice(space + 1))];
  }));
}
