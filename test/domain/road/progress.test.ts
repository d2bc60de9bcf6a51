import type { HumanAct } from '../../../domain/claim/acts.ts';
import type { Person } from '../../../domain/people/people.ts';
import type { Rules } from '../../../domain/rules/pack.ts';
import {
  act,
  allPapers,
  anInsuredVehicle,
  aPerson,
  aPolicy,
  aThirdPartyVehicle,
  ClaimUnderTest,
  handler,
  lossAt,
  manager,
  pack,
  papers,
  rules,
  seniorReviewer,
  supervisor,
  surveyor,
  verifier,
  yuan,
  aNote,
} from '../../support/builders.ts';

const related = (person: Person): Person => ({ ...person, conflicts: ['P-1'] });
const surveyed = (): ClaimUnderTest => ClaimUnderTest.covered().does(surveyor, act.surveys());
const assessable = (claimed = 4800): ClaimUnderTest =>
  ClaimUnderTest.covered({ items: [anInsuredVehicle({ claimed })] }).prepared(
    'item-1',
    claimed > 5000 ? allPapers : papers,
  );
const verifiable = (claimed = 8000): ClaimUnderTest => assessable(claimed).assessed(yuan(claimed));

test.each<[string, () => ClaimUnderTest, Person, HumanAct, string | undefined]>([
  ['a surveyor reports', () => ClaimUnderTest.covered(), surveyor, act.surveys(), undefined],
  ['a handler reports no survey', () => ClaimUnderTest.covered(), handler, act.surveys(), 'role'],
  [
    'a relative reports none',
    () => ClaimUnderTest.covered(),
    related(surveyor),
    act.surveys(),
    'conflict-of-interest',
  ],
  [
    'another surveyor reports none (S11)',
    () => ClaimUnderTest.covered(),
    aPerson('S-202', { roles: ['surveyor'], branch: 'penglai' }),
    act.surveys(),
    'not-appointed',
  ],
  [
    'another surveyor of the branch neither',
    () => ClaimUnderTest.covered(),
    aPerson('S-209', { roles: ['surveyor'] }),
    act.surveys(),
    'not-appointed',
  ],
  [
    'one of another branch reports, named by a superior',
    () =>
      ClaimUnderTest.covered().does(supervisor, act.handsOver('S-202', 'surveyor', { branch: 'penglai' })),
    aPerson('S-202', { roles: ['surveyor'], branch: 'penglai' }),
    act.surveys(),
    undefined,
  ],
  ['it is reported once', surveyed, surveyor, act.surveys(), 'not-now'],
  ['not before cover is checked', () => new ClaimUnderTest(), surveyor, act.surveys(), 'not-now'],
  [
    'nor where none is wanted',
    () => ClaimUnderTest.covered({ surveyWaived: true }),
    surveyor,
    act.surveys(),
    'not-now',
  ],
  ['a handler assesses', assessable, handler, act.assesses(yuan(4800)), undefined],
  ['a surveyor assesses', assessable, surveyor, act.assesses(yuan(4800)), undefined],
  ['a verifier does not assess', assessable, verifier, act.assesses(yuan(4800)), 'role'],
  ['a relative does not', assessable, related(handler), act.assesses(yuan(4800)), 'conflict-of-interest'],
  ['not before the papers are there', surveyed, handler, act.assesses(yuan(4800)), 'not-now'],
  ['not an item that is not there', assessable, handler, act.assesses(1, 'item-9'), 'unknown-item'],
  ['a verifier verifies', verifiable, verifier, act.verifies(1), undefined],
  ['a handler does not', verifiable, handler, act.verifies(1), 'role'],
  ['a relative does not verify', verifiable, related(verifier), act.verifies(1), 'conflict-of-interest'],
  ['another version is not verified', verifiable, verifier, act.verifies(2), 'content-changed'],
  ['nothing is verified before it is assessed', assessable, verifier, act.verifies(1), 'not-now'],
  ['the hotline withdraws', surveyed, aPerson('H-101', { roles: ['hotline'] }), act.withdraws(), undefined],
  ['a supervisor withdraws', surveyed, supervisor, act.withdraws('item-1'), undefined],
  ['a reviewer does not', surveyed, seniorReviewer, act.withdraws(), 'role'],
  ['no item that is not there is withdrawn', surveyed, handler, act.withdraws('item-9'), 'unknown-item'],
])('%s', (_, subject, person, done, reason) => {
  const answer = subject().asks(person, done);
  expect(answer.kind === 'denied' ? answer.reason : undefined).toBe(reason);
});

test('the denial says who is appointed to the survey', () => {
  const stranger = aPerson('S-202', { roles: ['surveyor'], branch: 'penglai' });
  expect(ClaimUnderTest.covered().asks(stranger, act.surveys())).toMatchObject({
    sentence: 'S-201 is appointed to survey L0000-00000; a supervisor may hand the survey over to S-202.',
  });
});

test('the deputy of a surveyor who is absent reports the survey, of another branch too (S28)', () => {
  const deputy = aPerson('S-202', { roles: ['surveyor'], branch: 'penglai', standsInFor: ['S-201'] });
  expect(ClaimUnderTest.covered().asks(deputy, act.surveys())).toMatchObject({
    kind: 'decided',
    entries: expect.arrayContaining([expect.objectContaining({ kind: 'survey-reported', by: 'S-202' })]),
  });
});

test('a survey for another branch stays in the journal, to be counted (S10)', () => {
  const answer = ClaimUnderTest.covered().asks(
    supervisor,
    act.handsOver('S-202', 'surveyor', { branch: 'penglai' }),
  );
  expect(answer.kind === 'decided' && answer.entries[0]).toMatchObject({
    kind: 'handed-over',
    to: 'S-202',
    role: 'surveyor',
    branch: 'penglai',
  });
});

const hours = (count: number): string => new Date(Date.parse(lossAt) + count * 3_600_000).toISOString();
const { verifyNoticeWithinHours: within } = pack.automatic;

const verifiedByRules = (subject: ClaimUnderTest): boolean => {
  subject.assessed(yuan(4800)).take({ kind: 'verify-by-rules', item: 'item-1' });
  return subject.item().signedOff.verify !== undefined;
};

test.each<[string, () => ClaimUnderTest, boolean]>([
  ['on the scene, in time', () => assessable(), true],
  [
    'not on the scene (M16)',
    () => ClaimUnderTest.covered().does(surveyor, act.surveys(false)).prepared(),
    false,
  ],
  ['noticed at the limit', () => ClaimUnderTest.covered({ noticedAt: hours(within) }).prepared(), true],
  ['noticed later', () => ClaimUnderTest.covered({ noticedAt: hours(within + 1) }).prepared(), false],
  [
    'a waived survey without a photograph',
    () => ClaimUnderTest.covered({ surveyWaived: true }, aPolicy(), seeing([])).prepared(),
    false,
  ],
  [
    'a waived survey with one',
    () => ClaimUnderTest.covered({ surveyWaived: true }, aPolicy(), seeing(['driving-licence'])).prepared(),
    true,
  ],
])('the rules verify, or a person must (S12): %s', (_, subject, isByRules) => {
  expect(verifiedByRules(subject())).toBe(isByRules);
});

/** Rules under which these documents show the scene. */
function seeing(scenePhotographs: string[]): Rules {
  return { ...rules, pack: { ...pack, scenePhotographs } };
}

test('the journal has the note of what was found, and the claim whether the surveyor was on the scene', () => {
  const subject = ClaimUnderTest.covered();
  const answer = subject.asks(surveyor, { kind: 'report-survey', onScene: false, findings: aNote() });
  expect(answer).toMatchObject({
    entries: expect.arrayContaining([
      expect.objectContaining({ kind: 'survey-reported', findings: aNote(), by: 'S-201' }),
    ]),
  });
  expect(subject.claim.survey).toEqual({ by: 'S-201', at: subject.now, onScene: false });
});

test('a receipt has the claim’s number, the item and how often it was sent back', () => {
  const subject = assessable(8000);
  expect(subject.item().receipt?.number).toBe('L0000-00000-item-1-receipt-1');
  subject.reviewable(yuan(8000)).does(manager, act.returns('documents', 'page-missing', ['repair-invoice']));
  expect(subject.item().receipt).toBeUndefined();
  subject.prepared('item-1', ['repair-invoice']);
  expect(subject.item().receipt?.number).toBe('L0000-00000-item-1-receipt-2');
});

test('no receipt before the papers are complete, and none twice', () => {
  const subject = surveyed();
  expect(subject.take({ kind: 'issue-receipt', item: 'item-1' })).toMatchObject({ reason: 'not-now' });
  subject.prepared();
  expect(subject.take({ kind: 'issue-receipt', item: 'item-1' })).toMatchObject({ reason: 'not-now' });
});

test('each assessment has the next version, up to the payment', () => {
  const subject = ClaimUnderTest.covered().prepared().approved(yuan(4800));
  subject.does(handler, act.assesses(yuan(4900)));
  expect(subject.item().assessment).toMatchObject({ version: 2, amountMinor: yuan(4900), by: 'C-301' });
  subject.instructed(yuan(4950));
  expect(subject.asks(handler, act.assesses(yuan(5000)))).toMatchObject({ reason: 'not-now' });
});

test('what is proposed for refusal is not assessed', () => {
  const subject = ClaimUnderTest.covered().prepared().reviewable(yuan(4800));
  subject.does(seniorReviewer, act.refuses());
  expect(subject.asks(handler, act.assesses(yuan(4800)))).toMatchObject({
    reason: 'not-now',
    sentence: expect.stringContaining('rework'),
  });
});

test.each([
  ['as much as was claimed, at the limit of the rules', 5000, 5000, true],
  ['a fen above the limit', 5000.01, 5000.01, false],
  ['a fen above what was claimed', 4800, 4800.01, false],
  ['less than was claimed', 4800, 3000, true],
  ['nothing', 4800, 0, true],
])('the rules verify, or a person does: %s (S34)', (_, claimed, amount, byRules) => {
  const subject = assessable(claimed).assessed(yuan(amount));
  subject.take({ kind: 'verify-by-rules', item: 'item-1' });
  expect(subject.item().signedOff.verify).toEqual(byRules ? { version: 1, by: 'lipei' } : undefined);
  expect(subject.expecting('verify:item-1') === undefined).toBe(byRules);
});

test('what was sent back is verified by a person, however small', () => {
  const subject = ClaimUnderTest.covered().prepared().reviewable(yuan(4800));
  subject.does(manager, act.returns('assess', 'price-too-high')).assessed(yuan(4000));
  subject.take({ kind: 'verify-by-rules', item: 'item-1' });
  expect(subject.item().signedOff.verify).toBeUndefined();
});

test.each<[string, (subject: ClaimUnderTest) => string, boolean]>([
  ['of the payment that is approved', (subject) => subject.payment(), true],
  ['of another payment', () => 'L0000-00000-item-1-payment-9', false],
])('the bank’s answer %s', (_, id, counts) => {
  const subject = ClaimUnderTest.covered().prepared().approved();
  subject.take({ kind: 'payment-instructed', item: 'item-1', payment: id(subject) });
  expect(subject.item().payments.at(-1)?.kind).toBe(counts ? 'instructed' : 'approved');
});

test('an instruction whose approval was voided meanwhile changes nothing', () => {
  const subject = ClaimUnderTest.covered().prepared().approved();
  const payment = subject.payment();
  subject.does(handler, act.setsPayee('account-9'));
  subject.take({ kind: 'payment-instructed', item: 'item-1', payment });
  expect(subject.item().payments).toEqual([]);
});

test.each<[string, () => ClaimUnderTest, object]>([
  [
    'a paid item says how much and the bank’s reference',
    () => ClaimUnderTest.covered().prepared().paid(),
    { kind: 'paid', amountMinor: yuan(4800), reference: 'B-1' },
  ],
  [
    'a refused one its clause and reasons',
    () =>
      ClaimUnderTest.covered()
        .prepared()
        .reviewable(yuan(4800))
        .does(seniorReviewer, act.refuses('fraud'))
        .does(manager, act.refuses('fraud')),
    { kind: 'refused', clause: 'fraud', reasons: ['loss-staged'] },
  ],
  [
    'one below the excess that nothing is payable',
    () => {
      const objects = { 'insured-vehicle': { sumInsuredMinor: yuan(9000), excessMinor: yuan(4800) } };
      return ClaimUnderTest.covered({}, aPolicy({ objects })).prepared().reviewable(yuan(4800));
    },
    { kind: 'nothing-payable' },
  ],
])('%s', (_, subject, outcome) => {
  const done = subject();
  expect(done.take({ kind: 'conclude', item: 'item-1' }).kind).toBe('decided');
  expect(done.item().outcome).toEqual(outcome);
});

test('no item is concluded before its road ends', () =>
  expect(assessable().take({ kind: 'conclude', item: 'item-1' })).toMatchObject({ reason: 'not-now' }));

test('withdrawn are all open items, or the one that is named', () => {
  const two = { items: [anInsuredVehicle(), aThirdPartyVehicle()] };
  const all = ClaimUnderTest.covered(two).does(handler, act.withdraws());
  expect(all.claim.items.map(({ outcome }) => outcome)).toEqual([
    { kind: 'withdrawn', by: 'C-301' },
    { kind: 'withdrawn', by: 'C-301' },
  ]);
  const one = ClaimUnderTest.covered(two).does(handler, act.withdraws('item-2'));
  expect(one.claim.items.map(({ outcome }) => outcome?.kind)).toEqual([undefined, 'withdrawn']);
  expect(one.asks(handler, act.withdraws('item-2'))).toMatchObject({ reason: 'not-now' });
});

test('what is with the bank is not withdrawn, and the others only by name', () => {
  const subject = ClaimUnderTest.covered({ items: [anInsuredVehicle(), aThirdPartyVehicle()] })
    .prepared()
    .instructed();
  expect(subject.asks(handler, act.withdraws())).toMatchObject({ reason: 'not-now' });
  expect(subject.asks(handler, act.withdraws('item-1'))).toMatchObject({ reason: 'not-now' });
  expect(subject.asks(handler, act.withdraws('item-2')).kind).toBe('decided');
});
