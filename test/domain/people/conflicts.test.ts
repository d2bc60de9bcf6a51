import fc from 'fast-check';
import { marksOf } from '../../../domain/claim/claim.ts';
import type { Person } from '../../../domain/people/people.ts';
import { inConflict, permissions, permittedActs } from '../../../domain/people/permissions.ts';
import {
  act,
  anInsuredVehicle,
  aPolicy,
  aPolicyholder,
  aThirdParty,
  ClaimUnderTest,
  handler,
  seniorReviewer,
  supervisor,
  yuan,
} from '../../support/builders.ts';

const relatedTo = (person: Person, ...conflicts: string[]): Person => ({ ...person, conflicts });

const opened = (): ClaimUnderTest =>
  ClaimUnderTest.covered({
    parties: [
      aPolicyholder({ account: 'account:own', marks: ['account:own', 'telephone:own', 'email:own'] }),
      aThirdParty({ account: 'account:garage', marks: ['account:garage', 'telephone:garage'] }),
    ],
    items: [{ ...anInsuredVehicle(), vehicle: 'vehicle:own' }],
  });

test.each([
  ['the claim', 'L0000-00000'],
  ['the policy', 'P-1'],
  ['the account of a party', 'account:own'],
  ['the account of a garage', 'account:garage'],
  ['a telephone', 'telephone:own'],
  ['a mailbox', 'email:own'],
  ['a vehicle', 'vehicle:own'],
])('who is related to %s decides nothing (S19)', (_, code) => {
  const { claim } = opened();
  expect(inConflict(relatedTo(handler, code), claim)?.reason).toBe('conflict-of-interest');
  const answer = opened()
    .prepared()
    .asks(relatedTo(handler, code), act.assesses(yuan(4800)));
  expect(answer).toMatchObject({ kind: 'denied', reason: 'conflict-of-interest' });
});

test('the denial does not say what somebody is related to', () => {
  const denial = inConflict(relatedTo(handler, 'telephone:own'), opened().claim);
  expect(denial?.sentence).toBe('C-301 is related to claim L0000-00000; somebody else must act.');
});

test.each([
  ['another telephone', (subject: ClaimUnderTest) => subject.does(handler, corrects(['telephone:new']))],
  [
    'another account',
    (subject: ClaimUnderTest) => subject.does(handler, act.setsPayee('account:new', 'party-1')),
  ],
])('%s later keeps its relatives away too, and what was before still does', (_, change) => {
  const before = marksOf(opened().claim);
  const { claim } = change(opened());
  const after = marksOf(claim);
  expect(after).toEqual(expect.arrayContaining(before));
  for (const mark of after) expect(inConflict(relatedTo(handler, mark), claim)).toBeDefined();
  expect(after.length).toBe(before.length + 1);
});

const corrects = (marks: string[]) => ({ ...act.correctsContact({ sms: true, email: true }), marks });

// M6: a handler with a conflict corrects the policy away, assesses, and corrects it back.
test('a policy that is corrected away keeps its relatives away, and they cannot correct it', () => {
  const related = relatedTo(handler, 'P-1');
  expect(opened().asks(related, act.corrects({ policy: 'P-2' }))).toMatchObject({
    reason: 'conflict-of-interest',
  });
  const elsewhere = opened()
    .prepared()
    .does(supervisor, act.corrects({ policy: 'P-2' }));
  elsewhere.take({ kind: 'check-cover', policy: aPolicy({ number: 'P-2' }) });
  expect(elsewhere.claim.formerPolicies).toEqual(['P-1']);
  expect(elsewhere.asks(related, act.assesses(yuan(4800)))).toMatchObject({ reason: 'conflict-of-interest' });
});

test('under another policy everything is decided again: others are related to it', () => {
  const subject = opened().prepared().approved();
  subject.does(supervisor, act.corrects({ policy: 'P-2' }));
  expect(subject.item()).toMatchObject({ assessment: undefined, signedOff: {}, approvals: [], payments: [] });
  subject.take({ kind: 'check-cover', policy: aPolicy({ number: 'P-2' }) });
  expect(subject.asks(relatedTo(handler, 'P-2'), act.assesses(yuan(4800)))).toMatchObject({
    reason: 'conflict-of-interest',
  });
  subject.reviewable(yuan(4800));
  expect(subject.asks(relatedTo(seniorReviewer, 'P-2'), act.approves(subject.hash()))).toMatchObject({
    reason: 'conflict-of-interest',
  });
});

test('the same policy again changes nothing of what was decided', () => {
  const subject = opened().prepared().reviewable(yuan(4800));
  subject.does(supervisor, act.corrects({ policy: 'P-1' }));
  expect(subject.claim.formerPolicies).toEqual([]);
  expect(subject.item().assessment).toBeDefined();
});

test('whatever a claim has been corrected to, nobody related to any of it may decide', () => {
  const policy = fc.constantFrom('P-1', 'P-2', 'P-3');
  const account = fc.constantFrom('account:1', 'account:2');
  fc.assert(
    fc.property(fc.array(fc.record({ policy, account }), { maxLength: 6 }), (corrections) => {
      const subject = opened();
      const had = new Set(['P-1', ...marksOf(subject.claim)]);
      for (const each of corrections) {
        subject.asks(supervisor, act.corrects({ policy: each.policy }));
        subject.asks(handler, act.setsPayee(each.account));
        had.add(each.policy).add(each.account);
      }
      for (const code of had) expect(inConflict(relatedTo(handler, code), subject.claim)).toBeDefined();
    }),
    { numRuns: 50 },
  );
});

test('every act that money rests on keeps relatives away; what may come from anybody does not', () => {
  const open = permittedActs.filter((name) => permissions[name].conflict === 'may act');
  expect(open.toSorted()).toEqual(
    [
      'add-document',
      'add-note',
      'ask-bank',
      'close-out',
      'opt-in',
      'opt-out',
      'post-letter',
      'record-appeal',
      'record-call',
      'request-withdrawal',
      'resend-notification',
      'retry',
    ].toSorted(),
  );
});
