import { existsSync, readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { projectRoot } from '../../config/env.ts';
import { freePortBase } from '../../local/processes/ports.ts';
import { recordedProcess } from '../../local/processes/process-record.ts';
import { lipei } from '../support/lipei.ts';
import { allFree, eventually } from '../support/local-stack.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test.each<[string, { words?: string[]; env?: Record<string, string> }, RegExp]>([
  [
    'a pace that is not there',
    { words: ['--pace', 'speedy'] },
    /^There is no pace "speedy"; there are any-hour, demo, ordinary\.\n$/,
  ],
  [
    'the same in the environment',
    { env: { LIPEI_PACE: 'speedy' } },
    /^There is no pace "speedy"; there are any-hour, demo, ordinary\.\n$/,
  ],
  [
    'an address that is none',
    { env: { TEMPORAL_ADDRESS: 'nonsense' } },
    /^TEMPORAL_ADDRESS \("nonsense"\) is wrong: it should be host:port, such as [\w.:]+\.\n$/,
  ],
  [
    'a secret that is wrong, without repeating it',
    { env: { SMTP_URL: 'http://user:secret@host' } },
    /^SMTP_URL is wrong: it should look like (?!.*secret).+\.\n$/,
  ],
  [
    'half of what belongs together',
    { env: { TWILIO_FROM: '+15005550006' } },
    /^TWILIO_ACCOUNT_SID is missing: TWILIO_FROM needs it\.\nTWILIO_AUTH_TOKEN is missing: TWILIO_FROM needs it\.\n$/,
  ],
  [
    'production without what production needs',
    { env: { LIPEI_PRODUCTION: 'true' } },
    /^DATABASE_URL is missing: production needs it\.\n(?:[A-Z_]+ is missing: production needs it\.\n)+$/,
  ],
  [
    'production, where no stand-in may run',
    {
      env: {
        LIPEI_PRODUCTION: 'true',
        DATABASE_URL: 'postgresql://127.0.0.1:9/lipei',
        TEMPORAL_ADDRESS: '127.0.0.1:9',
        PUBLIC_URL: 'https://claims.example.com',
        LIPEI_KEYS: temporaryDirectory(),
      },
    },
    /^LIPEI_PRODUCTION is true, and this command runs Lipei with stand-ins and samples on one machine\. /,
  ],
  [
    'a database that does not answer',
    { env: { DATABASE_URL: 'postgresql://somebody:secret@127.0.0.1:9/lipei' } },
    /\nThe database that DATABASE_URL names cannot be used: (?!.*secret).+\.\n$/,
  ],
  [
    'a Temporal that does not answer',
    { env: { TEMPORAL_ADDRESS: '127.0.0.1:9' } },
    /\nTemporal does not answer at 127\.0\.0\.1:9: see TEMPORAL_ADDRESS\.\n$/,
  ],
])(
  '%s stops the start with a sentence, and nothing keeps running',
  async (_, { words = [], env = {} }, sentence) => {
    const [dataDir, base] = [temporaryDirectory(), await freePortBase()];
    const ended = await lipei(['up', '--json', '--data', dataDir, '--port-base', String(base), ...words], {
      env,
    });

    expect(ended).toMatchObject({ exitCode: 1, out: '', err: expect.stringMatching(sentence) });
    // What had not finished starting ends by itself a moment later.
    await eventually('all ports free', () => allFree({ portBase: base }), Boolean);
    await eventually(
      'nothing left running',
      async () => leftIn(dataDir),
      (pids) => pids.length === 0,
    );
  },
);

test('a port that is taken is named, with what it was for and what to do', async () => {
  const base = await freePortBase();
  const other = await listening(base + 7);
  const ended = await lipei(['up', '--json', '--data', temporaryDirectory(), '--port-base', String(base)]);
  other.close();
  expect(ended).toMatchObject({
    exitCode: 1,
    out: '',
    err: `Port ${base + 7} (the SMS stand-in) is taken: end what uses it, or choose other ports with --port-base, for instance --port-base ${base + 100}.\n`,
  });
});

test('a file is no data directory', async () => {
  const ended = await lipei([
    'up',
    '--json',
    '--data',
    join(projectRoot, 'package.json'),
    '--port-base',
    String(await freePortBase()),
  ]);
  expect(ended).toMatchObject({
    exitCode: 1,
    out: '',
    err: expect.stringMatching(
      /package\.json cannot be the data directory \(.+\): choose one that you may write to with --data\.\n$/,
    ),
  });
});

function leftIn(dataDir: string): number[] {
  const run = join(dataDir, 'run');
  return existsSync(run) ? readdirSync(run).flatMap((name) => recordedProcess(join(run, name)) ?? []) : [];
}

function listening(port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen({ port, host: '127.0.0.1' }, () => resolve(server));
  });
}
