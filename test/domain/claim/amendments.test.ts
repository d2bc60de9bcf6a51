import type { HumanAct } from '../../../domain/claim/acts.ts';
import type { Person } from '../../../domain/people/people.ts';
import {
  act,
  anInsuredVehicle,
  aPerson,
  aPolicyholder,
  aThirdPartyVehicle,
  ClaimUnderTest,
  handler,
  manager,
  noticedAt,
  operator,
  supervisor,
  surveyor,
  verifier,
  yuan,
} from '../../support/builders.ts';

const hotline = aPerson('H-101', { roles: ['hotline'] });
const auditor = aPerson('A-999', { roles: ['auditor'] });
const filedByColleague = (): ClaimUnderTest => {
  const subject = ClaimUnderTest.covered();
  subject.claim = { ...subject.claim, filedBy: 'C-309' };
  return subject;
};
const covered = (): ClaimUnderTest => ClaimUnderTest.covered();
const broken = (): ClaimUnderTest => {
  const subject = covered();
  subject.take({ kind: 'raise-problem', problem: 'bank:item-1', what: 'w' });
  return subject;
};
const inADay = new Date(Date.parse(noticedAt) + 86_400_000).toISOString();

test.each<[string, () => ClaimUnderTest, Person, HumanAct, string | undefined]>([
  ['the hotline calls', covered, hotline, act.calls('reached'), undefined],
  ['a supervisor calls', covered, supervisor, act.calls('no-answer'), undefined],
  ['a verifier does not call', covered, verifier, act.calls('reached'), 'role'],
  [
    'nobody calls a stranger',
    covered,
    handler,
    act.calls('reached', undefined, undefined, 'party-9'),
    'unknown-party',
  ],
  ['busy needs a date', covered, handler, act.calls('busy-will-go-later'), 'malformed'],
  ['a promise for now is none', covered, handler, act.calls('reached', noticedAt), 'malformed'],
  [
    'a promise for today holds until midnight',
    covered,
    handler,
    act.calls('reached', '2026-11-23'),
    undefined,
  ],
  ['a promise for yesterday is none', covered, handler, act.calls('reached', '2026-11-22'), 'malformed'],
  [
    'a promise reaches as far as the rules say',
    covered,
    handler,
    act.calls('reached', '2026-12-23'),
    undefined,
  ],
  ['and no day further', covered, handler, act.calls('reached', '2026-12-24'), 'malformed'],
  ['nor an hour', covered, handler, act.calls('reached', '2026-12-23T16:00:00.001Z'), 'malformed'],
  [
    'a day of another century is none',
    covered,
    handler,
    act.calls('busy-will-go-later', '2099-12-31'),
    'malformed',
  ],
  [
    'nobody promises by a wrong number',
    covered,
    handler,
    act.calls('wrong-number', '2026-12-11'),
    'malformed',
  ],
  ['nor without an answer', covered, handler, act.calls('no-answer', '2026-12-11'), 'malformed'],
  ['a handler hands over', covered, handler, act.handsOver('C-309'), undefined],
  ['a manager hands over', covered, manager, act.handsOver('S-209', 'surveyor'), undefined],
  ['a surveyor does not', covered, surveyor, act.handsOver('S-209', 'surveyor'), 'role'],
  ['nobody hands over to who has it', covered, handler, act.handsOver('C-301'), 'not-now'],
  ['a superior names another surveyor', covered, supervisor, act.handsOver('S-209', 'surveyor'), undefined],
  ['a handler names none', covered, handler, act.handsOver('S-209', 'surveyor'), 'role'],
  [
    'who lacks the role',
    covered,
    handler,
    act.handsOver('C-309', 'handler', { roles: ['verifier'] }),
    'role',
  ],
  [
    'who is in conflict',
    covered,
    supervisor,
    act.handsOver('C-309', 'handler', { conflicts: ['P-1'] }),
    'conflict-of-interest',
  ],
  ['who filed the claim', filedByColleague, handler, act.handsOver('C-309'), 'segregation'],
  [
    'somebody of another branch by a handler',
    covered,
    handler,
    act.handsOver('C-303', 'handler', { branch: 'penglai' }),
    'branch',
  ],
  [
    'somebody of another branch by a superior',
    covered,
    supervisor,
    act.handsOver('C-303', 'handler', { branch: 'penglai' }),
    undefined,
  ],
  ['a superior appoints a reviewer', covered, supervisor, act.appoints('R-503'), undefined],
  ['a handler appoints nobody', covered, handler, act.appoints('R-503'), 'role'],
  [
    'nor does a superior of another branch',
    covered,
    { ...supervisor, branch: 'penglai' },
    act.appoints('R-503'),
    'branch',
  ],
  [
    'the appointed is not in conflict',
    covered,
    supervisor,
    act.appoints('R-503', 'reviewer', { conflicts: ['P-1'] }),
    'conflict-of-interest',
  ],
  ['the appointed has the role', covered, manager, act.appoints('R-503', 'verifier', { roles: [] }), 'role'],
  [
    'people of the branch need none',
    covered,
    manager,
    act.appoints('R-502', 'reviewer', { branch: 'longkou' }),
    'not-now',
  ],
  ['the hotline corrects', covered, hotline, act.corrects({ policy: 'P-2' }), undefined],
  ['a surveyor does not correct', covered, surveyor, act.corrects({ policy: 'P-2' }), 'role'],
  ['a loss may be now', covered, handler, act.corrects({ lossAt: noticedAt }), undefined],
  ['a loss is never to come', covered, handler, act.corrects({ lossAt: inADay }), 'malformed'],
  [
    'an unknown item is not corrected',
    covered,
    handler,
    act.corrects({ item: { id: 'item-9', claimedMinor: 1 } }),
    'unknown-item',
  ],
  [
    'the hotline corrects a contact',
    covered,
    hotline,
    act.correctsContact({ sms: true, email: false }),
    undefined,
  ],
  ['an operator does not', covered, operator, act.correctsContact({ sms: true, email: false }), 'role'],
  [
    'nobody corrects a stranger’s',
    covered,
    handler,
    act.correctsContact({ sms: true, email: false }, 'party-9'),
    'unknown-party',
  ],
  ['anybody notes', covered, verifier, act.notes(), undefined],
  ['an auditor notes nothing', covered, auditor, act.notes(), 'role'],
  [
    'no letter is posted that is not written',
    covered,
    operator,
    act.posts('formal-notice-1-letter'),
    'not-now',
  ],
  ['a verifier posts none', covered, verifier, act.posts('formal-notice-1-letter'), 'role'],
  ['nothing is kept open that nobody ends', covered, handler, act.keepsOpen(), 'not-now'],
  ['operations retry', broken, operator, act.retries(), undefined],
  ['a supervisor retries by the part', broken, supervisor, act.retries('bank'), undefined],
  ['and anybody else who acts', broken, handler, act.retries(), undefined],
  ['nothing else is retried', broken, operator, act.retries('sms'), 'not-now'],
  ['nothing is retried where nothing is broken', covered, operator, act.retries(), 'not-now'],
])('%s', (_, subject, person, done, reason) => {
  const answer = subject().asks(person, done);
  expect(answer.kind === 'denied' ? answer.reason : undefined).toBe(reason);
});

test('a promise holds what the party itself owes, or the papers that it names, and nobody else’s', () => {
  const subject = ClaimUnderTest.covered({ items: [anInsuredVehicle(), aThirdPartyVehicle()] });
  const promised = (): string[] =>
    subject.claim.expectations.filter((open) => open.promised).map(({ what }) => what);
  subject.does(handler, act.calls('reached', '2026-12-11', ['driving-licence']));
  expect(promised()).toEqual(['driving-licence']);
  subject.does(handler, act.calls('reached', '2026-12-12'));
  expect(promised()).toEqual(['driving-licence']);
  subject.does(handler, act.calls('reached', '2026-12-13', ['police-determination']));
  expect(promised()).toEqual(['driving-licence', 'police-determination']);
  expect(subject.expecting('document:item-2:repair-invoice')?.promised).toBeUndefined();
});

test('a promise never holds what is asked for later', () => {
  const subject = ClaimUnderTest.covered();
  subject.does(handler, act.calls('reached', '2026-12-11'));
  expect(subject.expecting('document:item-1:repair-invoice')).toBeUndefined();
  subject.does(handler, act.corrects({ item: { id: 'item-1', claimedMinor: yuan(90_000) } }));
  expect(subject.expecting('document:item-1:repair-invoice')).toMatchObject({ what: 'repair-invoice' });
  expect(subject.expecting('document:item-1:repair-invoice')?.promised).toBeUndefined();
});

test('the denial of a promise that is too far off says the last possible day', () => {
  expect(covered().asks(handler, act.calls('reached', '2099-12-31'))).toMatchObject({
    sentence: 'promised: 2099-12-31 is too far off; the last possible day is 2026-12-23.',
  });
});

test('a wrong number gets no more texts at once; the right one does again', () => {
  const subject = covered();
  const lost = { kind: 'channel-lost', party: 'party-1', channel: 'sms', code: 'wrong-number', by: 'C-301' };
  expect(subject.asks(handler, act.calls('wrong-number'))).toMatchObject({
    entries: [{ kind: 'call-recorded', outcome: 'wrong-number' }, lost],
  });
  expect(subject.claim.parties[0]).toMatchObject({
    reach: { sms: false, email: true },
    lost: { sms: 'wrong-number' },
  });
  expect(subject.asks(handler, act.calls('wrong-number'))).toMatchObject({
    entries: [{ kind: 'call-recorded' }],
  });
  subject.does(handler, act.correctsContact({ sms: true, email: true }));
  expect(subject.claim.parties[0]?.reach.sms).toBe(true);
});

test.each([
  ['a day is promised until its end', '2026-12-11', '2026-12-11T16:00:00.000Z'],
  ['an hour until then', '2026-12-11T09:00:00.000Z', '2026-12-11T09:00:00.000Z'],
])('%s', (_, promised, until) => {
  const subject = ClaimUnderTest.covered().does(handler, act.calls('busy-will-go-later', promised));
  expect(subject.expecting('document:claim:driving-licence')?.promised).toBe(until);
});

test('a policy is not corrected under a payment at the bank, a claimed amount of another item is', () => {
  const subject = ClaimUnderTest.covered({ items: [anInsuredVehicle(), aThirdPartyVehicle()] })
    .prepared()
    .instructed();
  expect(subject.asks(handler, act.corrects({ policy: 'P-2' }))).toMatchObject({ reason: 'not-now' });
  expect(subject.asks(handler, act.corrects({ lossAt: '2026-11-20T00:00:00.000Z' }))).toMatchObject({
    reason: 'not-now',
  });
  subject.does(handler, act.corrects({ item: { id: 'item-2', claimedMinor: yuan(100) } }));
  expect(subject.item('item-2').claimedMinor).toBe(yuan(100));
});

test('another date of loss moves what cannot exist before, and its ladder starts anew', () => {
  const subject = ClaimUnderTest.covered();
  const before = subject.expecting('document:claim:police-determination');
  subject.on(5).does(handler, act.corrects({ lossAt: '2026-11-17T10:00:00.000Z' }));
  const after = subject.expecting('document:claim:police-determination');
  expect([before?.notBefore, after?.notBefore]).toEqual([
    '2026-12-09T10:00:00.000Z',
    '2026-12-04T10:00:00.000Z',
  ]);
  expect([after?.rung, after?.since]).toEqual([0, subject.now]);
});

test('a wish to withdraw is asked about; kept open, nobody asks any more, and withdrawn, it ends', () => {
  const subject = ClaimUnderTest.covered();
  subject.take({ kind: 'request-withdrawal' });
  expect(subject.expecting('withdrawal')).toMatchObject({ from: 'handler', ladder: 'handler' });
  subject.does(handler, act.keepsOpen());
  expect(subject.expecting('withdrawal')).toBeUndefined();
  subject.take({ kind: 'request-withdrawal' });
  subject.does(handler, act.withdraws()).messages().take({ kind: 'close' });
  expect([subject.claim.outcome, subject.waitsFor()]).toEqual(['withdrawn', []]);
});

test('a corrected contact gets the missed notifications again', () => {
  const subject = ClaimUnderTest.covered({
    parties: [aPolicyholder({ reach: { sms: true, email: false } })],
  });
  subject.messages({ kind: 'undeliverable', code: '21211', why: 'contact' });
  expect(subject.waitsFor()).toContain('reach:party-1');
  subject.does(handler, act.correctsContact({ sms: false, email: true }));
  expect(subject.waitsFor()).not.toContain('reach:party-1');
  expect(subject.claim.outbox.map(({ id, facts }) => [id, facts.isRepeat])).toContainEqual([
    'acknowledgement-2-email',
    true,
  ]);
});

test('a problem that is retried is waited for no more', () => {
  const subject = broken();
  expect(subject.expecting('problem:bank:item-1')).toMatchObject({ from: 'operations', what: 'w' });
  subject.does(operator, act.retries('bank:item-1'));
  expect(subject.waitsFor()).not.toContain('problem:bank:item-1');
});
