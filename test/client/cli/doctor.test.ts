import { z } from 'zod';
import { lipei, valueOf } from '../../support/lipei.ts';
import { ownDatabase } from '../../support/runtime.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const verdict = z.object({
  healthy: z.boolean(),
  parts: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});

const production = {
  LIPEI_PRODUCTION: 'true',
  DATABASE_URL: 'postgresql://127.0.0.1:9/lipei',
  TEMPORAL_ADDRESS: '127.0.0.1:9',
  PUBLIC_URL: 'https://claims.example.com',
  LIPEI_KEYS: temporaryDirectory(),
};

const examined = async (env: Record<string, string>) => {
  const ended = await lipei(['doctor', '--json', '--data', temporaryDirectory()], { env });
  return { exitCode: ended.exitCode, ...valueOf(ended, verdict) };
};

test('doctor names each setting that is too weak for production (R16)', async () => {
  const found = await examined({ ...production, LIPEI_PACE: 'demo', PUBLIC_URL: 'http://localhost:7400' });
  expect(found).toMatchObject({
    exitCode: 1,
    healthy: false,
    parts: [
      { name: 'settings', ok: false, detail: expect.stringMatching(/^PUBLIC_URL is too weak/) },
      { name: 'settings', ok: false, detail: expect.stringMatching(/^LIPEI_PACE is too weak/) },
    ],
  });
});

test('doctor names a role of the records that is too strong', async () => {
  const found = await examined({ ...production, DATABASE_URL: await ownDatabase() });
  expect(found.parts).toEqual([
    { name: 'records', ok: false, detail: expect.stringMatching(/is a superuser/) },
  ]);
});

test('outside production doctor says so, and settings are well', async () => {
  expect((await examined({})).parts).toContainEqual({
    name: 'settings',
    ok: true,
    detail: 'for one machine: LIPEI_PRODUCTION is not set',
  });
});
