import { fileTypeFromBlob } from 'file-type';
import { paper } from '../../demo/paper.ts';
import { verdictTable, type Verdict } from '../../demo/verdicts.ts';
import { eventually, expect as expected } from '../../demo/waiting.ts';

const verdict = (change: Partial<Verdict>): Verdict => ({
  story: 'busy customer',
  claim: 'L0000-00000',
  ended: 'paid',
  expected: 'paid',
  notifications: 12,
  entries: 80,
  seconds: 61.2,
  ...change,
});

describe('how a story ended', () => {
  it('is told with what was wrong', () => {
    const rows = verdictTable([
      verdict({}),
      verdict({
        story: 'large loss',
        ended: 'open at review',
        wrong: 'Expected within 15 s: the item stands at pay.',
      }),
    ]).split('\n');
    expect(rows[1]).toMatch(/busy customer .*paid .*as expected$/);
    expect(rows[2]).toMatch(/large loss .*open at review .*Expected within 15 s: the item stands at pay\.$/);
  });

  it('is wrong when something does not come about in time', async () => {
    await expect(eventually('the survey', 0.3, async () => undefined)).rejects.toThrow(
      'Expected within 0.3 s: the survey.',
    );
    await expect(eventually('the survey', 0.3, async () => 'reported')).resolves.toBe('reported');
  });

  it('is wrong when something is not as it should be', () => {
    expect(() => expected('one acknowledgement', false)).toThrow('Expected: one acknowledgement.');
    expect(() => expected('one acknowledgement', true)).not.toThrow();
  });
});

it('a paper of the demo is a PDF by content, another one for each document', async () => {
  const [licence, invoice] = [
    paper('driving-licence', 'L0000-00000'),
    paper('repair-invoice', 'L0000-00000'),
  ];
  expect((await fileTypeFromBlob(licence.content))?.mime).toBe('application/pdf');
  expect(await licence.content.text()).not.toBe(await invoice.content.text());
});
