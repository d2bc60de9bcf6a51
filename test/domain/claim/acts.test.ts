import { actNames, actReader, acts, isActEvent, sentenceOfAct } from '../../../domain/claim/acts.ts';
import type { Event } from '../../../domain/claim/journal.ts';
import { reportNames, reportReader, reports } from '../../../domain/claim/reports.ts';
import { aNote } from '../../support/builders.ts';

const words = {
  money: (minor: number): string => (minor / 100).toFixed(2),
  party: (id: string): string => (id === 'party-1' ? 'policyholder' : id),
  time: (instant: string): string => instant.slice(0, 10),
};

const sentence = (event: Event): string =>
  isActEvent(event) ? sentenceOfAct(event.kind, event, words) : 'no act';

test.each<[string, Event]>([
  [
    'driving-licence (item-1) received',
    { kind: 'document-received', item: 'item-1', document: 'driving-licence', attachment: 'a' },
  ],
  [
    'driving-licence rejected: expired',
    { kind: 'document-rejected', document: 'driving-licence', reason: 'expired' },
  ],
  [
    'driving-licence rejected: other, with a note',
    { kind: 'document-rejected', document: 'driving-licence', reason: 'other', note: aNote() },
  ],
  [
    'survey reported, on the scene, with a note',
    { kind: 'survey-reported', onScene: true, findings: aNote() },
  ],
  [
    'survey reported, not on the scene, with a note',
    { kind: 'survey-reported', onScene: false, findings: aNote() },
  ],
  [
    'refusal of item-1 proposed (fraud): staged; late, with a note',
    { kind: 'refusal-proposed', item: 'item-1', clause: 'fraud', reasons: ['staged', 'late'], note: aNote() },
  ],
  ['note note-1', { kind: 'note-added', note: aNote() }],
  [
    'item-1 assessed at 12.00 (version 2): salvage -3.00',
    {
      kind: 'assessed',
      item: 'item-1',
      amountMinor: 1200,
      version: 2,
      cuts: [{ reason: 'salvage', minor: 300 }],
    },
  ],
  ['item-1: assessment 2 verified', { kind: 'verified', item: 'item-1', version: 2 }],
  [
    'item-1 approved, the total being 12.00 (needs 2 people)',
    { kind: 'approved', item: 'item-1', of: 'h', totalMinor: 1200, needs: 2 },
  ],
  [
    'item-1 is to be paid to policyholder, another account than before',
    { kind: 'payee-set', item: 'item-1', party: 'party-1', account: 'a', changed: true },
  ],
  [
    'policyholder called: reached, promised 2026-11-27',
    { kind: 'call-recorded', party: 'party-1', outcome: 'reached', promised: '2026-11-27T08:00:00.000Z' },
  ],
  ['stays open', { kind: 'withdrawal-cancelled' }],
  [
    'notice corrected: policy P-2, item-1 claimed 5.00',
    { kind: 'claim-corrected', policy: 'P-2', item: { id: 'item-1', claimedMinor: 500 } },
  ],
  ['no act', { kind: 'acknowledged' }],
])('the journal says "%s"', (expected, event) => {
  expect(sentence(event)).toBe(expected);
});

test.each([
  ...actNames.map((name) => [name, actReader(name)] as const),
  ...reportNames.map((name) => [name, reportReader(name)] as const),
])('%s takes no field that it does not know', (name, read) => {
  expect(read({ somethingElse: 1 }, name)).toEqual({
    kind: 'malformed',
    sentence: expect.stringMatching(/^"somethingElse" is not a field here; the fields are /),
  });
});

test.each([
  [
    'a text that is too long',
    { document: 'x'.repeat(101) },
    'document: must be a code of 1 to 100 letters, digits and . _ : / -.',
  ],
  [
    'a sentence',
    { document: 'the licence of Li Na' },
    'document: must be a code of 1 to 100 letters, digits and . _ : / -.',
  ],
  ['a name', { document: '王伟' }, 'document: must be a code of 1 to 100 letters, digits and . _ : / -.'],
  ['no text', { document: '' }, 'document: must be a code of 1 to 100 letters, digits and . _ : / -.'],
  [
    'half a character',
    { document: '\ud800' },
    'document: must be a code of 1 to 100 letters, digits and . _ : / -.',
  ],
  ['a field that is missing', {}, 'document: must be a code of 1 to 100 letters, digits and . _ : / -.'],
])('%s is malformed', (_, fields, right) => {
  expect(actReader('accept-document')(fields, 'accept-document')).toEqual({
    kind: 'malformed',
    sentence: right,
  });
});

test.each(
  [
    ...actNames.map((name) => ({ name, of: acts[name].fields, read: actReader(name) })),
    ...reportNames.map((name) => ({ name, of: reports[name].fields, read: reportReader(name) })),
  ].flatMap(({ name, of, read }) => Object.keys(of).map((field) => [name, field, read] as const)),
)('%s takes no words as its %s, so that no signed message has any', (name, field, read) => {
  for (const given of [
    'Li Na of Heping Road',
    '王伟',
    ['Li Na of Heping Road'],
    { note: 'Li Na of Heping Road', sha256: 'c'.repeat(64) },
  ])
    expect(read({ [field]: given }, name)).toMatchObject({
      kind: 'malformed',
      sentence: expect.not.stringContaining('Li Na'),
    });
});

test('what is read is an act of its name, with what was given and nothing else', () => {
  expect(actReader('withdraw')({}, 'withdraw')).toEqual({ kind: 'read', value: { kind: 'withdraw' } });
  expect(actReader('verify')({ item: 'item-1', version: 2 }, 'verify')).toEqual({
    kind: 'read',
    value: { kind: 'verify', item: 'item-1', version: 2 },
  });
});
