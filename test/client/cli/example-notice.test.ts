import { exampleNotice } from '../../../client/cli/example-notice.ts';
import { readNotice } from '../../../config/notice/read.ts';
import { partyFieldNames } from '../../../domain/people/party-fields.ts';
import { lipei } from '../../support/lipei.ts';

it.each(['2026-11-27T13:55:00.000Z', '2026-01-01T00:30:00.000Z', '2028-02-29T23:59:00.000Z'])(
  'the example of %s is a notice of loss that nothing is wrong with',
  (now) => {
    const example = exampleNotice(new Date(now));
    expect(readNotice(example, { now })).toMatchObject({ kind: 'read' });
    expect(Object.keys(example.parties[0] ?? {})).toEqual(expect.arrayContaining(partyFieldNames));
    expect(Date.parse(now) - Date.parse(example.lossAt)).toBe(3 * 3_600_000);
  },
);

it('it is printed as JSON and nothing else, without a stack', async () => {
  const { out, exitCode } = await lipei(['claims', 'file', '--example', '--data', '/nowhere']);
  expect([exitCode, JSON.parse(out).source]).toEqual([0, 'hotline']);
});

it('the help of filing names it, and every field', async () => {
  const { out } = await lipei(['claims', 'file', '--help']);
  for (const word of ['--example', 'lossAt', 'description', 'parties', 'items', ...partyFieldNames])
    expect(out).toContain(word);
});
