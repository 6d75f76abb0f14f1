// Server operators for tests, with hashes from `signaller hash-password`.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Binary, folder, launch } from './server.mjs';
import { within } from './wait.mjs';

export async function hash_of(password) {
  const run = launch(Binary, ['hash-password']);
  run.child.stdin.end(`${password}\n`);
  const { code } = await within(run.ended, 'the end of hash-password');
  assert.equal(code, 0, run.stderr);
  return run.stdout.trim();
}

/// Writes a file for `operators_file` and returns its path; `all` are {name, password, from}.
export async function operators_file(...all) {
  const tables = await Promise.all(all.map(async ({ name, password, from }) =>
    `[[operator]]\nname = "${name}"\nhash = "${await hash_of(password)}"\n` +
    (from ? `from = ${JSON.stringify(from)}\n` : '')));
  const path = join(folder(), 'operators.toml');
  writeFileSync(path, tables.join('\n'), { mode: 0o600 });
  return path;
}
