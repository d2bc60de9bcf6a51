import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { z } from 'zod';
import { recordedProcess } from '../../local/processes/process-record.ts';
import { allFree, samplesStand, startLocalStack, type LocalStack } from '../support/local-stack.ts';

const key = z.object({ id: z.string() });

/** The keys that a claim's history is encrypted with, in the order of their first use. */
async function keysOf(stack: LocalStack, claim: string): Promise<string[]> {
  const connection = await Connection.connect({ address: stack.addresses.temporalAddress });
  const { history } = await connection.workflowService.getWorkflowExecutionHistory({
    namespace: 'default',
    execution: { workflowId: `claim-${claim}` },
  });
  await connection.close();
  const named = JSON.stringify(history).matchAll(/"encryption-key-id":"([^"]+)"/g);
  return [...new Set([...named].map(([, id = '']) => Buffer.from(id, 'base64').toString()))];
}

const claims = z.array(z.looseObject({ claim: z.string() }));

export function restart(stack: () => LocalStack, now: (again: LocalStack) => void): void {
  test('it stops within seconds on SIGTERM with exit code 0, and the next start finds all claims, journals, messages and mails', async () => {
    const seen = async () => {
      const all = await stack().asks('claims', 'list', '--all');
      const numbers = claims.parse(all).map(({ claim }) => claim);
      const [journals, mails, sms] = await Promise.all([
        Promise.all(numbers.map((no) => stack().calls('A-991', 'GET', `/claims/${no}/journal`))),
        fetch(`${stack().addresses.mail}/api/email`).then((answer) => answer.json()),
        fetch(stack().addresses.sms).then((answer) => answer.text()),
      ]);
      return {
        all,
        journals: journals.map(({ body }) => body),
        mails: z
          .array(z.looseObject({ subject: z.string() }))
          .parse(mails)
          .map(({ subject }) => subject)
          // Staff are mailed of their work meanwhile; those subjects name no claim.
          .filter((subject) => /[0-9A-Z]{5}-[0-9A-Z]{5}/.test(subject))
          .toSorted(),
        messages: sms.split('class="bubble"').length,
      };
    };
    const before = await seen();
    const { dataDir, portBase } = stack();
    const rotated = key.parse(await stack().asks('keys', 'rotate'));
    const stopped = await stack().stop();
    // As if the last start had been cut short: what was done to the samples is sent again, and counts once.
    rmSync(join(dataDir, 'samples-acted.json'));
    now(await startLocalStack({ dataDir, portBase }));
    await samplesStand(stack());
    const [open] = claims.parse(await stack().asks('claims', 'list'));

    expect(stopped).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^\{"ready":true,[^\n]+\}\n$/) });
    expect(stopped.tookMs).toBeLessThan(15_000);
    expect(await seen()).toEqual(before);
    // Under the new key, in a claim whose history is under the old one.
    expect(await stack().asks('add-note', open?.claim ?? '', 'written after the restart')).toMatchObject({
      kind: 'recorded',
    });
    expect(await stack().asks('keys', 'list')).toEqual([
      { id: expect.any(String), encrypts: false },
      { id: rotated.id, encrypts: true },
    ]);
    expect(await keysOf(stack(), open?.claim ?? '')).toEqual([
      expect.not.stringMatching(rotated.id),
      rotated.id,
    ]);
  }, 90_000);

  test('when the worker dies, the stack ends with a sentence about its log and leaves nothing running', async () => {
    const { dataDir, ended } = stack();
    process.kill(recordedProcess(join(dataDir, 'run', 'worker.json')) ?? 0, 'SIGKILL');
    expect(await ended).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining(`The worker ended (SIGKILL); see ${join(dataDir, 'logs', 'worker.log')}.`),
    });
    expect(await allFree(stack())).toBe(true);
  });
}
