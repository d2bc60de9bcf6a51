import { aPolicy } from '../../support/builders.ts';
import type { NumbersOnRecord } from '../../../records/claims/claim-numbers.ts';
import type { PolicyOnRecord } from '../../../records/policies/policies.ts';
import { houseRules } from '../../../config/rules/load.ts';
import { numbersOf } from '../../../domain/ids.ts';
import { intake, type IntakeTerms } from '../../../records/claims/intake.ts';
import { aNotice } from '../../support/notices.ts';

const now = '2026-11-24T02:00:00.000Z';
const policy: PolicyOnRecord = {
  number: 'P-1',
  line: 'motor',
  jurisdiction: 'CN',
  branch: 'shanghai',
  currency: 'CNY',
  validFrom: new Date('2026-01-01'),
  validTo: new Date('2027-01-01'),
  objects: {},
  version: 1,
  endorsement: '0',
  people: [],
  wording: null,
  special: [],
  facts: aPolicy({ objects: {} }),
};
const notice = aNotice({}, new Date(now));
const free: NumbersOnRecord = {
  own: undefined,
  free: numbersOf(notice.source, notice.reference),
};
const own = { ...free, own: numbersOf(notice.source, notice.reference)[0] };

const take = (
  purpose: IntakeTerms['purpose'],
  change: object = {},
  has: { policy?: PolicyOnRecord | 'down' | undefined; numbers?: NumbersOnRecord | 'down' } = {},
) =>
  intake(
    { ...notice, ...change },
    { now, packs: houseRules.inForce('any-hour'), purpose },
    {
      policyOf: async () => ('policy' in has ? has.policy : policy),
      numbersOf: async () => has.numbers ?? free,
    },
  );
const item = { object: 'insured-vehicle', party: 'wang', claimed: '2000.00' };
const down = { policy: 'down', numbers: 'down' } as const;

test('filing and opening give the same answer on the same notice', async () => {
  const [filed, opened] = [await take('filing'), await take('opening')];
  expect(opened).toEqual(filed);
  expect(filed).toMatchObject({
    kind: 'taken',
    pack: { line: 'motor', jurisdiction: 'CN' },
    currency: 'CNY',
    items: [{ object: 'insured-vehicle', party: 'wang', claimedMinor: 200_000 }],
    totalMinor: 200_000,
    urgency: 'normal',
  });
});

test.each([
  ['a shape that is wrong', { place: '' }, 'place', false],
  [
    'an amount that the currency has not',
    { items: [{ ...item, claimed: '1.005' }] },
    'items[0].claimed',
    true,
  ],
  ['what no line insures', { items: [item, { ...item, object: 'spaceship' }] }, 'items[1].object', true],
  ['what another line insures', { items: [item, { ...item, object: 'contents' }] }, 'items[1].object', true],
])(
  '%s is a mistake for both purposes, and also while the records are down',
  async (_, change, field, understood) => {
    for (const answer of [
      await take('filing', change),
      await take('opening', change),
      await take('filing', change, down),
    ])
      expect(answer).toMatchObject({ kind: 'malformed', field, understood });
  },
);

test('a large claim has priority from the amount on that its rules say', async () => {
  const usual = await take('filing');
  const from = usual.kind === 'taken' ? usual.pack.majorFromMinor : 0;
  const at = async (minor: number) =>
    take('filing', { items: [{ ...item, claimed: (minor / 100).toFixed(2) }] });
  expect(await at(from)).toMatchObject({ urgency: 'priority' });
  expect(await at(from - 1)).toMatchObject({ urgency: 'normal' });
});

test('an unknown policy is a mistake of who files; a workflow that has begun is opened', async () => {
  expect(await take('filing', {}, { policy: undefined })).toMatchObject({
    kind: 'malformed',
    understood: true,
    field: 'policy',
  });
  expect(await take('opening', {}, { policy: undefined })).toMatchObject({
    kind: 'taken',
    policy: undefined,
    pack: { line: 'motor' },
  });
});

test('so is a policy that there are no rules for', async () => {
  const strange = { policy: { ...policy, line: 'marine' } };
  expect(await take('filing', {}, strange)).toMatchObject({
    kind: 'malformed',
    understood: true,
    sentence: 'policy is for marine in CN, and there are no rules for such claims here.',
  });
  expect(await take('opening', {}, strange)).toMatchObject({ kind: 'taken', pack: { line: 'motor' } });
});

test('while the records are down the first line with the damaged objects takes the notice', async () => {
  expect(await take('filing', {}, down)).toMatchObject({
    kind: 'taken',
    policy: 'down',
    numbers: 'down',
    pack: { line: 'motor' },
  });
});

test('what the records hold is filed already; a workflow looks for itself whether it was opened', async () => {
  expect(await take('filing', {}, { numbers: own })).toMatchObject({ kind: 'already-filed', claim: own.own });
  const retired = { ...own, isRetired: true as const };
  expect(await take('opening', {}, { numbers: retired })).toMatchObject({ kind: 'already-filed' });
  expect(await take('opening', {}, { numbers: own })).toMatchObject({ kind: 'taken' });
});

test('all mistakes come together, in the order of the fields, each field once', async () => {
  const wrong = {
    place: '',
    items: [
      { ...item, claimed: '1.005' },
      { ...item, object: 'spaceship' },
      { ...item, object: 'contents' },
    ],
  };
  expect(await take('filing', wrong)).toMatchObject({
    kind: 'malformed',
    understood: false,
    mistakes: ['place', 'items[0].claimed', 'items[1].object', 'items[2].object'].map((field) => ({ field })),
  });
  expect(await take('filing', { place: '', policy: 'P-2' }, { policy: undefined })).toMatchObject({
    mistakes: [{ field: 'policy' }, { field: 'place' }],
  });
});

test('a notice with an unreadable policy reads none from the records, and its items are checked', async () => {
  const answer = await take('filing', { policy: 7, items: [{ ...item, object: 'spaceship' }] });
  expect(answer).toMatchObject({ mistakes: [{ field: 'policy' }, { field: 'items[0].object' }] });
});
