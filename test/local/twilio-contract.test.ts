import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { projectRoot } from '../../config/env.ts';

/** The command as npm runs it: its exit code and what it prints. */
const command = (...words: string[]) =>
  new Promise<[number, string]>((resolve) => {
    execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(projectRoot, 'local', 'twilio-contract.ts'), ...words],
      (error, stdout) => resolve([Number(error?.code ?? 0), stdout]),
    );
  });

test('the command names what a document lacks, and fails', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'lipei-contract-'));
  const path = join(directory, 'other.json');
  await writeFile(path, JSON.stringify({ openapi: '3.0.1', paths: {}, components: { schemas: {} } }));
  const [code, printed] = await command(path);
  await rm(directory, { recursive: true });
  expect(code).toBe(1);
  expect(printed).toContain(
    'create: the document has no POST /2010-04-01/Accounts/{AccountSid}/Messages.json\n',
  );
  expect(printed).toContain('3 differences in 0 fields.');
});

test('the command wants to know where the document is', async () => {
  expect(await command()).toEqual([2, '']);
});
