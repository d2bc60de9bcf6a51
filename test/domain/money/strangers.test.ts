import type { Party } from '../../../domain/people/people.ts';
import { strangersIn } from '../../../domain/money/strangers.ts';
import { riskOf } from '../../../domain/money/risk.ts';
import {
  act,
  anInsuredVehicle,
  aPolicy,
  aPolicyholder,
  aThirdParty,
  aThirdPartyVehicle,
  ClaimUnderTest,
  handler,
  pack,
  yuan,
} from '../../support/builders.ts';

const mark = (kind: string, name: string): string => `${kind}:${name.padEnd(43, '-')}`;
const holder = {
  role: 'policyholder' as const,
  marks: [mark('telephone', '138'), mark('email', 'wang'), mark('account', '6222'), mark('name', 'wang')],
};

/** The factors of the first item of these parties, under a policy that knows the holder. */
const factorsOf = (parties: Party[], { people = [holder], item = anInsuredVehicle() } = {}): string[] =>
  riskOfFirst(ClaimUnderTest.covered({ parties, items: [item] }, aPolicy({ people })));

const riskOfFirst = (subject: ClaimUnderTest): string[] =>
  riskOf(subject.claim, subject.item(), pack).factors;

test.each<[string, Party, string[]]>([
  ['the holder’s telephone', aPolicyholder({ marks: [mark('telephone', '138')] }), []],
  ['the holder’s mailbox', aPolicyholder({ marks: [mark('telephone', '139'), mark('email', 'wang')] }), []],
  ['the holder’s account', aPolicyholder({ marks: [mark('account', '6222')] }), []],
  [
    'the holder’s name alone, which many people have',
    aPolicyholder({ marks: [mark('name', 'wang')] }),
    ['stranger'],
  ],
  [
    'nothing of the holder, and calls itself so',
    aPolicyholder({ marks: [mark('telephone', '139')] }),
    ['stranger'],
  ],
  ['no contact at all', aPolicyholder(), ['stranger']],
])('a claimant with %s', (_, claimant, factors) => {
  expect(factorsOf([claimant, aThirdParty()])).toEqual(factors);
});

test('where the book knows nobody of the policy, nobody is a stranger', () =>
  expect(factorsOf([aPolicyholder(), aThirdParty()], { people: [] })).toEqual([]));

test('a third party claims its own damage, and is a stranger to the insured vehicle', () => {
  const known = aPolicyholder({ marks: [mark('telephone', '138')] });
  const own = aThirdPartyVehicle({ id: 'item-1' });
  expect(factorsOf([known, aThirdParty()], { item: own })).toEqual([]);
  const insured = anInsuredVehicle({ party: 'party-2' });
  expect(factorsOf([known, aThirdParty()], { item: insured })).toEqual(['stranger']);
});

test('a third party is shown as a stranger only where it claims or is paid what is not its own', () => {
  const known = aPolicyholder({ marks: [mark('telephone', '138')] });
  const own = aThirdPartyVehicle({ id: 'item-1' });
  const shown = (item: typeof own) =>
    strangersIn(
      ClaimUnderTest.covered(
        { parties: [known, aThirdParty()], items: [item] },
        aPolicy({ people: [holder] }),
      ).claim,
      pack,
    );
  expect([shown(own), shown(anInsuredVehicle({ party: 'party-2' }))]).toEqual([[], ['party-2']]);
});

test('whoever else is paid is looked at too', () => {
  const known = aPolicyholder({ marks: [mark('telephone', '138')] });
  const subject = ClaimUnderTest.covered({ parties: [known, aThirdParty()] }, aPolicy({ people: [holder] }));
  expect(riskOfFirst(subject)).toEqual([]);
  subject.does(handler, act.setsPayee(mark('account', '9999'), 'party-2'));
  expect(riskOfFirst(subject)).toEqual(['payee-changed', 'stranger']);
});

test('the rules release nothing to a stranger, and a person may', () => {
  const subject = ClaimUnderTest.covered({}, aPolicy({ people: [holder] }))
    .prepared()
    .reviewable(yuan(300));
  subject.take({ kind: 'review-by-rules', item: 'item-1' });
  expect([subject.item().score, subject.item().payments]).toMatchObject([
    { points: 30, factors: ['stranger'] },
    [],
  ]);
});
