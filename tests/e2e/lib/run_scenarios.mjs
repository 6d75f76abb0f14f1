// A program that runs crash scenarios one after the other and prints the results as rows of a table
// `what|case|case…`. Writes problems to standard error, and exits with 1 if there were any.
//   node run_scenarios.mjs [--quick] [--seed N] [CASE]...
import { Scenarios } from './scenarios.mjs';
import { run_scenario } from './scenario_run.mjs';

const DefaultShape = { members: 200, channels: 20, interval: 500, loss_rate: 0.02, talk_ms: 3_000 };
const QuickShape = { members: 60, channels: 6, talk_ms: 1_500 };
const sizes = {
  server: { times: 20 },
  redis: { times: 8, outage_ms: 2_000 },
  pause: { times: 8, outage_ms: 3_000 },
  stop: { times: 3, outage_ms: 10_000 },
  fenced: { times: 9, settings: ['lease_ttl=2s', 'store_timeout=1s'] },
  both: { times: 8, outage_ms: 1_500 },
  upgrade: { times: 3, members: 2_000, channels: 100, interval: 8_000, loss_rate: 0.002 },
};
const quick = {
  server: { times: 6 }, redis: { times: 2 }, pause: { times: 2 },
  stop: { times: 1, outage_ms: 6_000 },
  fenced: { times: 3 }, both: { times: 3 },
  upgrade: { times: 1, members: 300, channels: 15, interval: 2_000 },
};
/// In ms. Return: the value of net.return_within. Restart: the time that a restart may take in
/// addition.
const Return = 2_000;
const Restart = 2_000;

const round = (value, digits = 0) => (Number.isFinite(value) ? value.toFixed(digits) : '–');
const share = (value) => round(value, 2);
const upgrade_only = (value) => (one) => (one.name === 'upgrade' ? value(one) : '–');
const target = (one) => `${Return + Restart} ${one.gap_p99 <= Return + Restart ? 'met' : 'missed'}`;
const Rows = {
  'times': (one) => one.times,
  'clients': (one) => one.clients,
  'seconds': (one) => round(one.seconds),
  'messages acknowledged': (one) => one.acknowledged,
  'deliveries': (one) => one.deliveries,
  'of them replayed': (one) => one.replayed,
  'sessions resumed': (one) => one.resumed,
  'retries': (one) => one.retries,
  'NOT_STORED': (one) => one.not_stored,
  'RATE_LIMITED': (one) => one.limited,
  'seen again after a retry': (one) => one.seen_again,
  'lost': (one) => one.lost,
  'doubled': (one) => one.doubled,
  'out of order': (one) => one.disordered,
  'false JOIN, PART or QUIT': (one) => one.false,
  'wrong channel, rank or away': (one) => one.state,
  'ghosts': (one) => one.ghosts,
  'other trouble': (one) => one.other,
  'ACK p50: ms': (one) => round(one.ack_p50, 1),
  'ACK p99: ms': (one) => round(one.ack_p99, 1),
  'gap p50: ms': (one) => round(one.gap_p50),
  'gap p99: ms': (one) => round(one.gap_p99),
  'at most: ms': upgrade_only(target),
  'gap p99 without a restart: ms': upgrade_only((one) => round(one.reconnect_p99)),
  'no server for at most: ms': upgrade_only((one) => round(one.down)),
  "clients' share of a core": (one) => share(one.busy),
  "clients' own delay p99: ms": (one) => round(one.delay, 1),
};
const ProblemKinds = ['lost', 'doubled', 'disordered', 'false', 'state', 'ghosts', 'other'];
const NoFigures = Object.fromEntries([...ProblemKinds.map((kind) => [kind, 0]), ['times', 0]]);

const print_error = (text) => process.stderr.write(`${text}\n`);

/// Collects the clean-up actions of a run, as node:test does for a test.
class CleanUp {
  #actions = [];
  after(action) { this.#actions.unshift(action); }
  async run(failed) {
    for (const action of this.#actions) await Promise.resolve(action()).catch(failed);
  }
}

async function run(name, options) {
  const clean_up = new CleanUp();
  let figures = { ...NoFigures, name, problems: [] };
  const failed = (error) => {
    ++figures.other;
    figures.problems.push(error.stack);
  };
  print_error(`${name}: ${Scenarios[name].meaning}, ${options.times} times, ${options.members} clients`);
  try {
    figures = await run_scenario(clean_up, name, options);
  } catch (error) {
    failed(error);
  }
  await clean_up.run(failed);
  for (const problem of figures.problems) print_error(`  ${problem}`);
  return figures;
}

function read_arguments(words) {
  const options = { seed: Date.now() % 2 ** 31, quick: false, names: [] };
  for (let at = 0; at < words.length; ++at) {
    if (words[at] === '--quick') options.quick = true;
    else if (words[at] === '--seed') options.seed = Number(words[++at]);
    else if (Scenarios[words[at]]) options.names.push(words[at]);
    else throw new Error(`no such case: ${words[at]}`);
  }
  if (!Number.isSafeInteger(options.seed)) throw new Error('--seed needs a number');
  if (options.names.length === 0) options.names = Object.keys(Scenarios);
  return options;
}

async function main() {
  const { seed, quick: is_quick, names } = read_arguments(process.argv.slice(2));
  print_error(`seed ${seed}`);
  const all = [];
  for (const name of names) {
    const small = is_quick ? { ...QuickShape, ...quick[name] } : {};
    all.push(await run(name, { seed, ...DefaultShape, ...sizes[name], ...small }));
  }
  console.log(['what', ...names].join('|'));
  for (const [what, value] of Object.entries(Rows)) {
    console.log([what, ...all.map((one) => value(one) ?? '–')].join('|'));
  }
  return all.some((one) => ProblemKinds.some((kind) => one[kind] > 0)) ? 1 : 0;
}

process.exitCode = await main().catch((error) => {
  print_error(error.message);
  return 2;
});
