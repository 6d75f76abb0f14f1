// --check names the wrong key and the accepted values.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { folder, run } from './lib/server.mjs';

describe('configuration errors', () => {
  it('name the key and the accepted values', async () => {
    const file = join(folder(), 'server.conf');
    for (const [text, why] of [
      ['[net]\ntrusted_proxies = ["nginx"]', /net\.trusted_proxies: 'nginx' is neither an address nor a CIDR/],
      ['[net]\norigins = ["example.org"]', /net\.origins: 'example\.org' is not an origin/],
      ['[net]\naddress_connect_burst = 0', /net\.address_connect_burst must be at least 1/],
      ['[[listen]]\naddress = "127.0.0.1:0"\nproxy = true', /listen: proxy = true .*trusted_proxies/],
      ['[[listen]]\naddress = "127.0.0.1:0"\nproxy = 1', /listen: 'proxy' is an unknown key or has a value of the wrong type/],
      ['[[listen]]\naddress = "127.0.0.1:0"\npaths = {"x" = "slash"}', /'x' = 'slash' must be a path/],
      ['[[listen]]\naddress = "127.0.0.1:0"\npaths = {"/x" = 5}', /must be a path .* and the name of a protocol/],
      ['[[listen]]\naddress = "127.0.0.1:0"\npaths = {"/x{y}" = "slash"}',
        /listen: path \/x\{y\}: must have the form \/a\/path, \/a\/\{name\}/],
      ['[net]\nbody_bytes = 2000000\nrequest_bytes = 2000000\nshards = 1',
        /net\.body_bytes \(2000000\) and net\.head_bytes \(8192\) together must not be larger than the part of net\.request_bytes/],
      ['[net]\nhead_bytes = 20000', /net\.head_bytes must be at most 16000/],
      ['[net]\nmessage_timeout = "0s"', /net\.message_timeout must be at least 1ms/],
      ['[net]\npong_timeout = "60d"', /net\.pong_timeout must be at most 7d/],
      ['[tls]\ncert = "x"', /did you mean 'tls\.certificate'/],
      ['[tls]\ncertificate = "/nowhere.pem"\nkey = "/nowhere.key"', /nowhere\.pem: there is no such file/],
      ['[[listen]]\naddress = "127.0.0.1:0"\npaths = {"/x" = "slahs"}',
        /path \/x: there is no protocol 'slahs', only echo, .*slash/],
      ['[limits]\nchannel_burst = 100', /limits\.channel_burst must not be smaller than limits\.content/]]) {
      writeFileSync(file, `${text}\n`);
      const { code, stderr } = await run('--config', file, '--check');
      assert.notEqual(code, 0, text);
      assert.match(stderr, why);
    }
  });
});
