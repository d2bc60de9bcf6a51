import { z } from 'zod';
import { startLocalStack, type LocalStack } from '../support/local-stack.ts';

const claims = z.array(z.looseObject({ claim: z.string() }));

export function restart(stack: () => LocalStack, now: (again: LocalStack) => void): void {
  test('it stops within seconds on SIGTERM with exit code 0, and the next start finds all claims, journals, messages and mails', async () => {
    const seen = async () => {
      const all = await stack().asks('claims', 'list', '--all');
      const numbers = claims.parse(all).map(({ claim }) => claim);
      const [journals, mails, sms] = await Promise.all([Promise.all(numbers.map((no) => stack().calls('A-991', 'GET', `/claims/${no}/journal`))), fetch(`${stack().addresses.mail}/api/email`).then((answer) => answer.json()), fetch(stack().addresses.sms).then((answer) => answer.text())]);
      return { all, journals: journals.map(({ body }) => body), mails: z.array(z.looseObject({ subject: z.string() })).parse(mails).map(({ subject }) => subject).toSorted(), messages: sms.split('class="bubble"').length };
    };
    const before = await seen();
    const { dataDir, portBase } = stack();
    const stopped = await stack().stop();
    now(await startLocalStack({ dataDir, portBase }));
    const [open] = claims.parse(await stack().asks('claims', 'list'));

    expect(stopped).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^\{"ready":true,[^\n]+\}\n$/) });
    expect(stopped.tookMs).toBeLessThan(15_000);
    expect(await seen()).toEqual(before);
    expect(await stack().asks('note', open?.claim ?? '', 'written after the restart')).toMatchObject({ kind: 'recorded' });
  }, 90_000);
}
