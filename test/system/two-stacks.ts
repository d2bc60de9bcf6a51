import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { sampleNames } from '../../local/samples.ts';
import { allFree, eventually, type LocalStack } from '../support/local-stack.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { aNotice, fileOf } from './notices.ts';

const claims = z.array(
  z.looseObject({
    claim: z.string(),
    waitingOn: z.array(z.looseObject({ from: z.string(), due: z.iso.datetime() })),
  }),
);
const filed = z.strictObject({ kind: z.literal('filed'), claim: z.string() });

export function twoStacks(stack: () => LocalStack, beside: () => LocalStack): void {
  test('the ordinary one has filed the samples; without samples there are people and policies, and no claims', async () => {
    expect(claims.parse(await stack().asks('claims', 'list'))).toHaveLength(sampleNames().length);
    expect(await beside().asks('claims', 'list', '--all')).toEqual([]);
    expect(await beside().asks('work', '--as', 'S-201')).toEqual([]);
  });

  test('a claim filed with one is unknown to the other, and under rules of seconds is soon overdue', async () => {
    const { claim } = filed.parse(
      await beside().asks('claims', 'file', fileOf(temporaryDirectory(), 'notice.json', aNotice('beside'))),
    );
    const overdue = await eventually(
      'overdue',
      async () => claims.parse(await beside().asks('claims', 'list', '--overdue')),
      (list) => list.length > 0,
    );

    expect(overdue.map((each) => each.claim)).toEqual([claim]);
    expect(overdue[0]?.waitingOn.some(({ due }) => due < new Date().toISOString())).toBe(true);
    expect(await stack().types('claims', 'show', claim)).toMatchObject({
      exitCode: 1,
      err: `There is no claim ${claim}.\n`,
    });
    expect(await stack().asks('claims', 'list', '--overdue')).toEqual([]);
  });

  test('everything is where the line of up --json says', async () => {
    const {
      addresses: { api, temporalUi, mail, sms },
      portBase,
    } = beside();
    expect(api).toBe(`http://127.0.0.1:${portBase}`);
    expect(
      await Promise.all(
        [temporalUi, mail, sms].map(
          async (url) => (await fetch(url, { headers: { accept: 'text/html' } })).status,
        ),
      ),
    ).toEqual([200, 200, 200]);
  });

  test('a data directory is one stack’s: another that is started on it says so and ends', async () => {
    const second = await beside().types('up', '--json', '--port-base', String(beside().portBase));
    expect(second).toMatchObject({
      exitCode: 1,
      out: '',
      err: expect.stringContaining(`Lipei already runs on ${beside().dataDir}`),
    });
  });

  test('one stops within seconds, with exit code 0 and nothing but its line on standard output; it leaves nothing running, and the other goes on', async () => {
    const stopped = await beside().stop();
    expect(stopped).toMatchObject({ exitCode: 0, out: `${JSON.stringify(beside().addresses)}\n` });
    expect(stopped.tookMs).toBeLessThan(15_000);
    expect(existsSync(join(beside().dataDir, 'stack.json'))).toBe(false);
    expect(readdirSync(join(beside().dataDir, 'run'))).toEqual([]);
    expect(await allFree(beside())).toBe(true);
    expect(claims.parse(await stack().asks('claims', 'list'))).toHaveLength(sampleNames().length);
  });
}
