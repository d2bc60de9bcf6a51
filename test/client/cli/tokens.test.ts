import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { ensureLocalKeyring, loadKeys } from '../../../security/key-folder.ts';
import { readToken } from '../../../security/tokens.ts';
import { lipei, valueOf } from '../../support/lipei.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const keys = join(temporaryDirectory(), 'keys');
ensureLocalKeyring(keys);
const issued = z.object({ staff: z.string(), id: z.string(), token: z.string() });
const types = (...words: string[]) => lipei(['tokens', ...words], { env: { LIPEI_KEYS: keys } });

test('a token for the codec server is short, for nothing else, and has an id that revokes it', async () => {
  const { id, token } = valueOf(await types('codec', 'U-901', '--hours', '2', '--json'), issued);
  const { aud, iat = 0, exp = 0, jti } = decodeJwt(token);
  expect([aud, exp - iat, jti]).toEqual(['lipei-codec', 2 * 3_600, id]);
  const { publicKey } = loadKeys({ directory: keys }).token;
  const at = { now: new Date(), audience: 'lipei-codec' as const };
  expect(await readToken(publicKey, token, { ...at, revoked: new Set() })).toMatchObject({ staff: 'U-901' });
  expect(await readToken(publicKey, token, { ...at, revoked: new Set([id]) })).toMatchObject({
    why: 'revoked',
  });
});

test('it is for eight hours unless somebody says otherwise, and for a day at most', async () => {
  const { iat = 0, exp = 0 } = decodeJwt(valueOf(await types('codec', 'U-901', '--json'), issued).token);
  expect(exp - iat).toBe(8 * 3_600);
  for (const hours of ['0', '25', 'x'])
    expect(await types('codec', 'U-901', '--hours', hours)).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('a number of hours from 1 to 24'),
    });
});
