// Crash scenarios of a server with Redis, each while its clients talk.
import { stored } from './delivery_ledger.mjs';
import { serve_with_operations } from './operations.mjs';
import { pause, within } from './wait.mjs';

/// Each scenario is {meaning, may_repeat, go(run, n)}. `may_repeat`: the server is killed, so that
/// unacknowledged messages may be delivered again. ScenarioRun calls `go` several times.
export const Scenarios = {
  server: {
    meaning: 'kill -9 of the server',
    may_repeat: true,
    async go(run) {
      await run.chain.server.crash();
      await run.chain.next(serve_with_operations);
      // sometimes the server is killed again at once
      if (run.random() < 0.75) await run.group.wait_until_connected();
    },
  },
  redis: {
    meaning: 'kill -9 of Redis',
    async go(run) {
      await run.store.end();
      await pause(run.random() * run.outage_ms);
      await run.store.start();
      await run.wait_until_ready();
    },
  },
  pause: {
    meaning: 'CLIENT PAUSE, ALL and WRITE',
    async go(run, n) {
      const ms = Math.round((0.5 + run.random()) * run.outage_ms);
      await run.store.ask('CLIENT', 'PAUSE', ms, n % 2 === 0 ? 'ALL' : 'WRITE');
      await pause(ms);
      await run.wait_until_ready();
    },
  },
  stop: {
    meaning: 'SIGSTOP and SIGCONT of Redis',
    async go(run) {
      run.store.kill('SIGSTOP');
      await pause(run.outage_ms);
      run.store.kill('SIGCONT');
      await run.wait_until_ready();
    },
  },
  fenced: {
    meaning: 'SIGSTOP of the server, SIGCONT when another one has its place',
    may_repeat: true,
    go: replace,
  },
  both: {
    meaning: 'kill -9 of server and Redis at once',
    may_repeat: true,
    async go(run) {
      await Promise.all([run.chain.server.crash(), run.store.end()]);
      const next = run.chain.next(serve_with_operations);  // the next server waits for Redis
      await pause(run.random() * run.outage_ms);
      await run.store.start();
      await next;
      await run.group.wait_until_connected();
    },
  },
  upgrade: {
    meaning: 'SIGTERM and a new start of the server',
    async go(run) {
      const begin = performance.now();
      const { code } = await run.chain.server.terminate();
      if (code !== 0) run.group.fail('other', `the server ended with ${code}`);
      await run.chain.next(serve_with_operations);
      run.downtimes.push(performance.now() - begin);
      await run.group.wait_until_connected();
    },
  },
};

/// The older server is stopped while clients talk, while they are idle, or after its connection to
/// Redis was cut, so that its next WATCH comes after its successor has taken the lease. Half of the
/// clients move to the successor at once, the others when the older server closes them.
async function replace(run, n) {
  const { chain, store, group } = run;
  const how = ['talk', 'rest', 'cut'][n % 3];
  if (how === 'rest') await group.wait_until_idle();
  const older = chain.server;
  const [boot] = (await store.ask('GET', 'signaller:lease')).split(' ');
  older.kill('SIGSTOP');
  if (how === 'cut') await store.ask('CLIENT', 'KILL', 'TYPE', 'normal');
  chain.port = 0;
  const server = await chain.next(serve_with_operations);
  group.move(server.url, 0.5);
  if (how === 'rest') group.start_talking();
  await run.wait_until_ready();
  await run.talk_for_a_while();
  const before = await written_by(run, boot);
  older.kill('SIGCONT');
  older.crashed = true;  // the older server must end with an error
  const { code } =
    await within(older.run.ended, () => `the end of the fenced server: ${older.output}`);
  if (code !== 1 || !/another server has taken over/.test(older.output)) {
    group.fail('other', `the fenced server ended with ${code}: ${older.output}`);
  }
  const after = await written_by(run, boot);
  if (after !== before) group.fail('doubled', `fenced after ${how}, it wrote: ${after}`);
  await group.wait_until_connected();
}

/// Returns the ids of all messages in Redis that this server process has created.
async function written_by({ store, group }, boot) {
  const all = [...(await stored(store, group.targets)).values()].flat();
  return all.map((one) => one.msgid).filter((msgid) => msgid.includes(`-${boot}-`)).join(' ');
}
