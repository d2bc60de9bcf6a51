import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The path of the local codec server: `/` and 128 random bits, made once for a data directory. The Web UI of
 * the development server sends no token, so the path itself is the secret.
 */
export function secretPath(dataDir: string): string {
  const file = join(dataDir, 'codec-path');
  if (!existsSync(file)) writeFileSync(file, `/${randomBytes(16).toString('base64url')}\n`, { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}
