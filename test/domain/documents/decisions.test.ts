import type { HumanAct } from '../../../domain/claim/commands.ts';
import { staffRoles, type Person } from '../../../domain/people/people.ts';
import {
  act,
  anInsuredVehicle,
  aPerson,
  aThirdPartyVehicle,
  Desk,
  handler,
  manager,
  papers,
  supervisor,
  surveyor,
  verifier,
} from '../../support/builders.ts';

const licence = 'driving-licence';
const received = (): Desk => Desk.covered().does(handler, act.adds(licence));
const auditor = aPerson('A-999', { roles: ['auditor'] });
const related: Person = { ...handler, conflicts: ['P-1'] };
const two = { items: [anInsuredVehicle({ claimed: 6000 }), aThirdPartyVehicle()] };

test.each<[string, () => Desk, Person, HumanAct, string | undefined]>([
  ['a handler accepts what came', received, handler, act.accepts(licence), undefined],
  ['a supervisor does', received, supervisor, act.accepts(licence), undefined],
  ['a surveyor does not', received, surveyor, act.accepts(licence), 'role'],
  ['a relative does not', received, related, act.accepts(licence), 'conflict-of-interest'],
  ['nothing is accepted that has not come', () => Desk.covered(), handler, act.accepts(licence), 'not-now'],
  [
    'nothing is accepted twice',
    () => received().does(handler, act.accepts(licence)),
    handler,
    act.accepts(licence),
    'not-now',
  ],
  ['a handler rejects what came', received, handler, act.rejects(licence), undefined],
  ['a verifier does not', received, verifier, act.rejects(licence), 'role'],
  ['nothing is rejected that has not come', () => Desk.covered(), handler, act.rejects(licence), 'not-now'],
  ['a supervisor waives', () => Desk.covered(), supervisor, act.waives(licence), undefined],
  ['a manager waives', () => Desk.covered(), manager, act.waives(licence), undefined],
  ['a handler does not', () => Desk.covered(), handler, act.waives(licence), 'role'],
  [
    'a related supervisor does not',
    () => Desk.covered(),
    { ...supervisor, conflicts: ['P-1'] },
    act.waives(licence),
    'conflict-of-interest',
  ],
  ['an auditor adds nothing', () => Desk.covered(), auditor, act.adds(licence), 'role'],
  [
    'an unknown paper is not waived',
    () => Desk.covered(),
    supervisor,
    act.waives('horoscope'),
    'unknown-document',
  ],
  [
    'an unknown item has none',
    () => Desk.covered(two),
    handler,
    act.adds('repair-invoice', 'item-9'),
    'unknown-item',
  ],
])('%s', (_, desk, person, done, reason) => {
  const answer = desk().asks(person, done);
  expect(answer.kind === 'refused' ? answer.reason : undefined).toBe(reason);
});

test.each(staffRoles.filter((role) => role !== 'auditor'))(
  'a person with the role %s may bring a paper',
  (role) =>
    expect(Desk.covered().asks(aPerson('X-1', { roles: [role] }), act.adds(licence)).kind).toBe('decided'),
);

test('a paper of the claim goes to the claim, though an item is named', () => {
  const desk = Desk.covered(two).does(handler, act.adds(licence, 'item-2'));
  expect(desk.claim.documents).toHaveProperty([licence, 'state'], 'received');
  expect(desk.item('item-2').documents).toEqual({});
});

test('a paper of one item needs no name where only one item could have it', () => {
  const desk = Desk.covered().does(handler, act.adds('repair-invoice'));
  expect(desk.item().documents).toHaveProperty(['repair-invoice', 'state'], 'received');
});

test('a substitute is kept as what it is and settles what it stands for', () => {
  const desk = Desk.covered()
    .does(handler, act.adds('accident-certificate'))
    .does(handler, act.accepts('accident-certificate'));
  expect(Object.keys(desk.claim.documents)).toEqual(['accident-certificate']);
  expect(desk.waitsFor()).not.toContain('document:claim:police-determination');
});

test('what comes late goes to the papers of an item that has ended, and can be accepted, not rejected', () => {
  const desk = Desk.covered(two).does(handler, act.withdraws('item-2'));
  desk.does(handler, act.adds('repair-invoice', 'item-2'));
  expect(desk.waitsFor()).toContain('check:item-2:repair-invoice');
  expect(desk.asks(handler, act.rejects('repair-invoice', 'item-2'))).toMatchObject({ reason: 'not-now' });
  desk.does(handler, act.accepts('repair-invoice', 'item-2'));
  expect(desk.waitsFor()).not.toContain('check:item-2:repair-invoice');
});

test('what comes once the bank has the payment is looked at, and asked for no more', () => {
  const desk = Desk.covered().prepared().instructed().does(handler, act.adds(licence));
  expect(desk.waitsFor()).toContain(`check:claim:${licence}`);
  desk.does(handler, act.rejects(licence));
  expect(desk.waitsFor()).not.toContain(`document:claim:${licence}`);
});

test('a paper by itself from the customer is received like one that staff bring', () => {
  const desk = Desk.covered();
  expect(desk.take({ kind: 'document-arrived', document: licence, attachment: 'sha' }).kind).toBe('decided');
  expect(desk.take({ kind: 'document-arrived', document: 'horoscope', attachment: 'sha' })).toMatchObject({
    reason: 'unknown-document',
  });
  expect(desk.waitsFor()).toContain(`check:claim:${licence}`);
});

test('a waived paper is asked for no more, and looked at if it comes', () => {
  const desk = Desk.covered();
  for (const paper of papers) desk.does(supervisor, act.waives(paper));
  expect(desk.waitsFor()).toEqual(['survey']);
  desk.does(handler, act.adds(licence));
  expect(desk.waitsFor()).toEqual([`check:claim:${licence}`, 'survey']);
});
