// A process has a limit of descriptors. Connections above it are refused, and the operations
// listener still works.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from './lib/client.mjs';
import { get, metrics, serve_with_operations } from './lib/operations.mjs';
import { RawConnection } from './lib/raw_connection.mjs';
import { poll } from './lib/wait.mjs';

const Descriptors = 200;
const Possible = Descriptors - 64 - 64;  // less those reserved for operations and for files

describe('the descriptor limit', () => {
  it('bounds connections and leaves descriptors for operations', async (t) => {
    const server =
      await serve_with_operations(t, ['prlimit', `--nofile=${Descriptors}:${Descriptors}`]);
    const told = /100000, but the limit of open files allows only 72 connections: raise ulimit/;
    await poll(() => told.test(server.output), 'the log line');
    const people = [];
    while (people.length < Possible) people.push(await Client.described(server));
    for (let n = 0; n < 2 * Descriptors; ++n) {
      const raw = await RawConnection.connect(server);
      const { status, body } = await raw.response();
      assert.equal(status, 503);
      assert.match(body, /no more than 72 connections \(ulimit -n\)/);
    }
    assert.equal((await get(server, '/readyz')).status, 200);
    assert.ok((await metrics(server)).process_open_fds < Descriptors);
    assert.match(await people[0].ask('/ping still'), / PONG /);
  });
});
