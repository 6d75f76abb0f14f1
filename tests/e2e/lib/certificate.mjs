// TLS certificates for tests, made by scripts/dev-cert.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folder } from './server.mjs';

const DevCert = fileURLToPath(new URL('../../../scripts/dev-cert', import.meta.url));

/// Creates a new pair of files.
export function new_pair() {
  const place = folder();
  execFileSync(DevCert, [place], { stdio: 'ignore' });
  return { certificate: join(place, 'certificate.pem'), key: join(place, 'key.pem') };
}
