// What a server with a Redis may have to go through, each while its clients talk.
import { stored } from './delivery_ledger.mjs';
import { watched } from './operations.mjs';
import { pause, within } from './wait.mjs';

/// Each is {meaning, may_repeat, go(trial, n)}. `may_repeat`: a server ends without a word, so what
/// it had delivered and not acknowledged may be heard again. `go` is done several times: trial.mjs.
export const Ordeals = {
  server: {
    meaning: 'kill -9 of the server',
    may_repeat: true,
    async go(trial) {
      await trial.line.server.crash();
      await trial.line.next(watched);
      if (trial.random() < 0.75) await trial.crowd.come_back();  // or it is hit again before that
    },
  },
  redis: {
    meaning: 'kill -9 of Redis',
    async go(trial) {
      await trial.store.end();
      await pause(trial.random() * trial.hold);
      await trial.store.start();
      await trial.is_stored_again();
    },
  },
  pause: {
    meaning: 'CLIENT PAUSE, ALL and WRITE',
    async go(trial, n) {
      const ms = Math.round((0.5 + trial.random()) * trial.hold);
      await trial.store.ask('CLIENT', 'PAUSE', ms, n % 2 === 0 ? 'ALL' : 'WRITE');
      await pause(ms);
      await trial.is_stored_again();
    },
  },
  stop: {
    meaning: 'SIGSTOP and SIGCONT of Redis',
    async go(trial) {
      trial.store.kill('SIGSTOP');
      await pause(trial.hold);
      trial.store.kill('SIGCONT');
      await trial.is_stored_again();
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
    async go(trial) {
      await Promise.all([trial.line.server.crash(), trial.store.end()]);
      const next = trial.line.next(watched);  // it waits for Redis
      await pause(trial.random() * trial.hold);
      await trial.store.start();
      await next;
      await trial.crowd.come_back();
    },
  },
  upgrade: {
    meaning: 'SIGTERM and a new start of the server',
    async go(trial) {
      const begin = performance.now();
      const { code } = await trial.line.server.terminate();
      if (code !== 0) trial.crowd.wrong('other', `it ended with ${code}`);
      await trial.line.next(watched);
      trial.downtimes.push(performance.now() - begin);
      await trial.crowd.come_back();
    },
  },
};

/// The older server is stopped under talk, or at rest, or loses its connection to Redis meanwhile,
/// so that its next WATCH comes after its successor has taken the lease. Half of the clients go to
/// the successor at once, the others when the older one sends them away.
async function replace(trial, n) {
  const { line, store, crowd } = trial;
  const how = ['talk', 'rest', 'cut'][n % 3];
  if (how === 'rest') await crowd.come_to_rest();
  const older = line.server;
  const [boot] = (await store.ask('GET', 'signaller:lease')).split(' ');
  older.kill('SIGSTOP');
  if (how === 'cut') await store.ask('CLIENT', 'KILL', 'TYPE', 'normal');
  line.port = 0;
  const server = await line.next(watched);
  crowd.move(server.url, 0.5);
  if (how === 'rest') crowd.talk();
  await trial.is_stored_again();
  await trial.moment();
  const before = await written_by(trial, boot);
  older.kill('SIGCONT');
  older.crashed = true;  // it has to end with an error
  const { code } = await within(older.run.ended, () => `the end of who was fenced: ${older.said}`);
  if (code !== 1 || !/another server has taken over/.test(older.said)) {
    crowd.wrong('other', `who was fenced ended with ${code}: ${older.said}`);
  }
  const after = await written_by(trial, boot);
  if (after !== before) crowd.wrong('doubled', `fenced after ${how}, it wrote: ${after}`);
  await crowd.come_back();
}

/// The ids of all messages in Redis that a server has made.
async function written_by({ store, crowd }, boot) {
  const all = [...(await stored(store, crowd.targets)).values()].flat();
  return all.map((one) => one.msgid).filter((msgid) => msgid.includes(`-${boot}-`)).join(' ');
}
