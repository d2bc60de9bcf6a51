import type { HumanAct } from '../../../domain/claim/acts.ts';
import { staffRoles, type Person } from '../../../domain/people/people.ts';
import {
  act,
  anInsuredVehicle,
  aPerson,
  aThirdPartyVehicle,
  ClaimUnderTest,
  handler,
  manager,
  papers,
  supervisor,
  surveyor,
  verifier,
  yuan,
} from '../../support/builders.ts';

const licence = 'driving-licence';
const received = (): ClaimUnderTest => ClaimUnderTest.covered().does(handler, act.adds(licence));
const auditor = aPerson('A-999', { roles: ['auditor'] });
const related: Person = { ...handler, conflicts: ['P-1'] };
const two = { items: [anInsuredVehicle({ claimed: 6000 }), aThirdPartyVehicle()] };

test.each<[string, () => ClaimUnderTest, Person, HumanAct, string | undefined]>([
  ['a handler accepts what came', received, handler, act.accepts(licence), undefined],
  ['a supervisor does', received, supervisor, act.accepts(licence), undefined],
  ['a surveyor does not', received, surveyor, act.accepts(licence), 'role'],
  ['a relative does not', received, related, act.accepts(licence), 'conflict-of-interest'],
  [
    'nothing is accepted that has not come',
    () => ClaimUnderTest.covered(),
    handler,
    act.accepts(licence),
    'not-now',
  ],
  [
    'nothing is accepted twice',
    () => received().does(handler, act.accepts(licence)),
    handler,
    act.accepts(licence),
    'not-now',
  ],
  ['a handler rejects what came', received, handler, act.rejects(licence), undefined],
  ['a verifier does not', received, verifier, act.rejects(licence), 'role'],
  [
    'nothing is rejected that has not come',
    () => ClaimUnderTest.covered(),
    handler,
    act.rejects(licence),
    'not-now',
  ],
  ['a supervisor waives', () => ClaimUnderTest.covered(), supervisor, act.waives(licence), undefined],
  ['a manager waives', () => ClaimUnderTest.covered(), manager, act.waives(licence), undefined],
  ['a handler does not', () => ClaimUnderTest.covered(), handler, act.waives(licence), 'role'],
  [
    'a related supervisor does not',
    () => ClaimUnderTest.covered(),
    { ...supervisor, conflicts: ['P-1'] },
    act.waives(licence),
    'conflict-of-interest',
  ],
  ['an auditor adds nothing', () => ClaimUnderTest.covered(), auditor, act.adds(licence), 'role'],
  [
    'an unknown paper is not waived',
    () => ClaimUnderTest.covered(),
    supervisor,
    act.waives('horoscope'),
    'unknown-document',
  ],
  [
    'an unknown item has none',
    () => ClaimUnderTest.covered(two),
    handler,
    act.adds('repair-invoice', 'item-9'),
    'unknown-item',
  ],
])('%s', (_, subject, person, done, reason) => {
  const answer = subject().asks(person, done);
  expect(answer.kind === 'denied' ? answer.reason : undefined).toBe(reason);
});

test.each(staffRoles.filter((role) => role !== 'auditor'))(
  'a person with the role %s may bring a paper',
  (role) =>
    expect(ClaimUnderTest.covered().asks(aPerson('X-1', { roles: [role] }), act.adds(licence)).kind).toBe(
      'decided',
    ),
);

test('a paper of the claim goes to the claim, though an item is named', () => {
  const subject = ClaimUnderTest.covered(two).does(handler, act.adds(licence, 'item-2'));
  expect(subject.claim.documents).toHaveProperty([licence, 'state'], 'received');
  expect(subject.item('item-2').documents).toEqual({});
});

test('a paper of one item needs no name where only one item could have it', () => {
  const subject = ClaimUnderTest.covered().does(handler, act.adds('repair-invoice'));
  expect(subject.item().documents).toHaveProperty(['repair-invoice', 'state'], 'received');
});

test('a substitute is kept as what it is and settles what it stands for', () => {
  const subject = ClaimUnderTest.covered()
    .does(handler, act.adds('accident-certificate'))
    .does(handler, act.accepts('accident-certificate'));
  expect(Object.keys(subject.claim.documents)).toEqual(['accident-certificate']);
  expect(subject.waitsFor()).not.toContain('document:claim:police-determination');
});

test('what comes late goes to the papers of an item that has ended, and can be accepted, not rejected', () => {
  const subject = ClaimUnderTest.covered(two).does(handler, act.withdraws('item-2'));
  subject.does(handler, act.adds('repair-invoice', 'item-2'));
  expect(subject.waitsFor()).toContain('check:item-2:repair-invoice');
  expect(subject.asks(handler, act.rejects('repair-invoice', 'item-2'))).toMatchObject({ reason: 'not-now' });
  subject.does(handler, act.accepts('repair-invoice', 'item-2'));
  expect(subject.waitsFor()).not.toContain('check:item-2:repair-invoice');
});

test('what comes once the bank has the payment is looked at, and asked for no more', () => {
  const subject = ClaimUnderTest.covered().prepared().instructed();
  subject.does(handler, act.adds(licence, undefined, 'another'));
  expect(subject.waitsFor()).toContain(`check:claim:${licence}`);
  subject.does(handler, act.rejects(licence));
  expect(subject.waitsFor()).not.toContain(`document:claim:${licence}`);
});

test('a paper by itself from the customer is received like one that staff bring', () => {
  const subject = ClaimUnderTest.covered();
  expect(subject.take({ kind: 'document-arrived', document: licence, attachment: 'sha' }).kind).toBe(
    'decided',
  );
  expect(subject.take({ kind: 'document-arrived', document: 'horoscope', attachment: 'sha' })).toMatchObject({
    reason: 'unknown-document',
  });
  expect(subject.waitsFor()).toContain(`check:claim:${licence}`);
});

test('a waived paper is asked for no more, and looked at if it comes', () => {
  const subject = ClaimUnderTest.covered();
  for (const paper of papers) subject.does(supervisor, act.waives(paper));
  expect(subject.waitsFor()).toEqual(['survey']);
  subject.does(handler, act.adds(licence));
  expect(subject.waitsFor()).toEqual([`check:claim:${licence}`, 'survey']);
});

test('the bytes of an accepted document again change nothing, from anybody (M14)', () => {
  const subject = ClaimUnderTest.covered().prepared().approved(yuan(4800));
  const before = subject.claim;
  const attachment = `sha-${licence}`;
  for (const answer of [
    subject.asks(handler, act.adds(licence)),
    subject.take({ kind: 'document-arrived', document: licence, attachment }),
  ])
    expect(answer).toMatchObject({ kind: 'decided', entries: [] });
  expect(subject.claim).toEqual(before);
});

test('a document is waived with a reason of the rules, which the journal keeps', () => {
  const subject = ClaimUnderTest.covered();
  expect(subject.asks(supervisor, act.waives(licence, undefined, 'because'))).toMatchObject({
    reason: 'unknown-code',
    sentence: expect.stringContaining('already-on-file'),
  });
  const answer = subject.asks(supervisor, act.waives(licence, undefined, 'already-on-file'));
  expect(answer.kind === 'decided' && answer.entries[0]).toMatchObject({
    kind: 'document-waived',
    reason: 'already-on-file',
  });
});
