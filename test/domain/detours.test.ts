import { nextStep } from '../../domain/road.ts';
import { recordRefusal } from '../../domain/decide.ts';
import { refused } from '../../domain/refusals.ts';
import { anInsuredVehicle, aPerson, aPolicy, aPolicyholder, aThirdParty, aThirdPartyVehicle, Desk, handler, manager, noticedAt, operator, pack, rules, seniorReviewer, supervisor, verifier, yuan } from '../support/builders.ts';

const step = (desk: Desk, item = 'item-1') => nextStep(desk.claim, desk.item(item), pack);
const expectations = (desk: Desk): string[] => desk.claim.expectations.map(({ id }) => id).toSorted();
const endings = (desk: Desk, act: () => unknown): string[] => {
  const before = desk.claim.expectations.map(({ id }) => id);
  act();
  return before.filter((id) => !desk.expecting(id));
};

/** A small claim whose payment the rules have released and the bank was told of. */
function atTheBank(): Desk {
  const desk = Desk.covered({ items: [anInsuredVehicle({ claimed: 6000 }), aThirdPartyVehicle()] }).prepared('item-1', ['driving-licence', 'police-determination', 'repair-invoice']).reviewable(yuan(4800));
  desk.take({ kind: 'review-by-rules', item: 'item-1' });
  desk.take({ kind: 'payment-instructed', item: 'item-1', payment: desk.item().payments[0]?.id ?? '' });
  return desk;
}

test.each([
  ['the account of the notice', 'party-1', 'account-1', false],
  ['another account of the same party', 'party-1', 'account-9', true],
  ['another party', 'party-2', 'account-2', true],
])('%s that somebody sets before the payee is asked for: a changed one no rule releases (S19)', (_, party, account, changed) => {
  const desk = Desk.covered({ items: [anInsuredVehicle({ claimed: 4800 })] });
  desk.does(aPerson('H-101', { roles: ['hotline'] }), { kind: 'change-payee', item: 'item-1', party, account });
  expect(desk.item().payee?.changed).toBe(changed);
  desk.prepared().reviewable(yuan(4800));
  desk.take({ kind: 'review-by-rules', item: 'item-1' });
  expect(step(desk)).toBe(changed ? 'review' : 'pay');
});

test('the first account of a party who had given none is no change', () => {
  const desk = Desk.covered({ parties: [aPolicyholder({ account: undefined }), aThirdParty()] });
  desk.does(handler, { kind: 'change-payee', item: 'item-1', party: 'party-1', account: 'account-1' });
  expect(desk.item().payee?.changed).toBe(false);
});

test('a party without an account is asked for it when it is waited for, not before, and not again by looking again', () => {
  const desk = Desk.covered({ parties: [aPolicyholder({ account: undefined }), aThirdParty()] }).prepared();
  const asked = (): number => desk.claim.told['payee-account-needed'] ?? 0;
  expect(asked()).toBe(0);
  desk.reviewable(yuan(4800));
  expect([step(desk), asked()]).toEqual(['payee', 1]);
  desk.take({ kind: 'take-payee', item: 'item-1' });
  desk.take({ kind: 'take-payee', item: 'item-1' });
  expect(asked()).toBe(1);
});

test('money at the bank is not moved by what comes meanwhile: papers, corrections, second thoughts', () => {
  const desk = atTheBank();
  desk.take({ kind: 'document-arrived', item: 'item-1', document: 'repair-invoice', attachment: 'b' });
  expect(step(desk)).toBe('confirm');
  expect(desk.expecting('check:item-1:repair-invoice')).toMatchObject({ from: 'handler' });
  desk.does(handler, { kind: 'reject-document', item: 'item-1', document: 'repair-invoice', reason: 'unreadable' });
  expect(step(desk)).toBe('confirm');
  expect(expectations(desk)).not.toContain('document:item-1:repair-invoice');
  for (const act of [{ kind: 'withdraw', item: 'item-1' }, { kind: 'change-payee', item: 'item-1', party: 'party-2', account: 'x' }, { kind: 'correct-notice', policy: 'P-2' }, { kind: 'assess', item: 'item-1', amountMinor: 1 }] as const) expect(desk.asks(handler, act)).toMatchObject({ kind: 'refused', reason: 'not-now' });
  expect(desk.asks(manager, { kind: 'return-for-rework', item: 'item-1', to: 'assess', reason: 'price-too-high' })).toMatchObject({ reason: 'not-now' });
  desk.take({ kind: 'bank-returned', payment: desk.item().payments[0]?.id ?? '', reason: 'AC04' });
  expect(step(desk)).toBe('documents');
  expect(expectations(desk)).toContain('document:item-1:repair-invoice');
});

test('the claimed amount of an item can be put right while another\'s payment is with the bank', () => {
  expect(atTheBank().asks(handler, { kind: 'correct-notice', item: { id: 'item-2', claimedMinor: 5 } })).toMatchObject({ kind: 'decided' });
});

test('what comes for an item that has been paid goes to its papers and moves nothing', () => {
  const desk = atTheBank();
  desk.take({ kind: 'bank-confirmed', payment: desk.item().payments[0]?.id ?? '', reference: 'B' });
  desk.take({ kind: 'conclude', item: 'item-1' });
  desk.take({ kind: 'document-arrived', item: 'item-1', document: 'repair-invoice', attachment: 'late' });
  expect(desk.expecting('check:item-1:repair-invoice')).toMatchObject({ from: 'handler' });
  expect(desk.asks(handler, { kind: 'reject-document', item: 'item-1', document: 'repair-invoice', reason: 'unreadable' })).toMatchObject({ reason: 'not-now' });
  desk.does(handler, { kind: 'accept-document', item: 'item-1', document: 'repair-invoice' });
  expect(desk.item()).toMatchObject({ outcome: { kind: 'paid' }, documents: { 'repair-invoice': { state: 'accepted' } } });
  expect(expectations(desk).filter((id) => id.includes('item-1'))).toEqual([]);
});

test('what the bank says of a payment that nobody ordered is refused; a return after its confirmation is for operations', () => {
  const desk = atTheBank();
  const payment = desk.item().payments[0]?.id ?? '';
  expect(desk.take({ kind: 'bank-confirmed', payment: 'L0000-00000-item-2-payment-1', reference: 'B' })).toMatchObject({ kind: 'refused', reason: 'unknown-code' });
  desk.take({ kind: 'bank-confirmed', payment, reference: 'B' });
  expect(desk.take({ kind: 'bank-confirmed', payment, reference: 'B' })).toMatchObject({ kind: 'decided', entries: [] });
  desk.take({ kind: 'bank-returned', payment, reason: 'AC04' });
  desk.take({ kind: 'bank-returned', payment, reason: 'AC04' });
  expect(desk.claim.problems).toHaveLength(1);
  expect(desk.expecting(`problem:returned:${payment}`)).toMatchObject({ from: 'operations' });
});

test('the bank cannot confirm what it has returned', () => {
  const desk = atTheBank();
  const payment = desk.item().payments[0]?.id ?? '';
  desk.take({ kind: 'bank-returned', payment, reason: 'AC04' });
  expect(desk.take({ kind: 'bank-confirmed', payment, reference: 'B' })).toMatchObject({ kind: 'refused', reason: 'not-now' });
  expect(desk.take({ kind: 'bank-returned', payment, reason: 'AC04' })).toMatchObject({ kind: 'decided', entries: [] });
});

test('documents end as met when they come, or one that does as well; as withdrawn when nobody needs them any more', () => {
  const how = (desk: Desk, act: () => unknown): Record<string, string> => {
    const journal: Record<string, string> = {};
    const take = desk.take.bind(desk);
    desk.take = (command) => {
      const decision = take(command);
      if (decision.kind === 'decided') for (const entry of decision.entries) if (entry.kind === 'expectation-ended') journal[entry.expectation] = entry.how;
      return decision;
    };
    act();
    return journal;
  };
  const came = Desk.covered();
  expect(how(came, () => came.take({ kind: 'document-arrived', document: 'accident-certificate', attachment: 'a' }))).toMatchObject({ 'document:claim:police-determination': 'met' });
  const waived = Desk.covered();
  expect(how(waived, () => waived.does(supervisor, { kind: 'waive-document', document: 'driving-licence' }))).toMatchObject({ 'document:claim:driving-licence': 'met' });
  const withdrawn = Desk.covered();
  expect(new Set(Object.values(how(withdrawn, () => withdrawn.does(handler, { kind: 'withdraw' }))))).toEqual(new Set(['withdrawn']));
  const uncovered = new Desk();
  uncovered.take({ kind: 'acknowledge' });
  expect(how(uncovered, () => uncovered.take({ kind: 'check-cover', policy: undefined }))).toEqual({ 'document:claim:driving-licence': 'withdrawn', 'document:claim:police-determination': 'withdrawn' });
});

test('a date of loss that is put right moves what cannot exist before (S2)', () => {
  const desk = Desk.covered({ lossAt: '2026-11-02T10:00:00.000Z' });
  expect(desk.expecting('document:claim:police-determination')?.notBefore).toBe('2026-11-19T10:00:00.000Z');
  desk.does(handler, { kind: 'correct-notice', lossAt: '2026-11-22T10:00:00.000Z' });
  expect(desk.expecting('document:claim:police-determination')).toMatchObject({ notBefore: '2026-12-09T10:00:00.000Z', rung: 0 });
  expect(desk.claim.expectations.filter(({ what }) => what === 'police-determination')).toHaveLength(1);
});

test('a refusal that the cover check proposed, sent back: cover is checked again, and nothing ends as not payable meanwhile', () => {
  const desk = Desk.covered({ items: [anInsuredVehicle(), aThirdPartyVehicle()] }, aPolicy({ objects: { 'insured-vehicle': { sumInsuredMinor: yuan(1), excessMinor: 0 } } }));
  desk.prepared();
  expect(desk.item('item-2').refusal).toMatchObject({ clause: 'object-not-insured' });
  desk.does(manager, { kind: 'return-for-rework', item: 'item-2', to: 'assess', reason: 'cover-to-be-checked-again' });
  expect(desk.claim.cover).toBeUndefined();
  desk.take({ kind: 'check-cover', policy: aPolicy() });
  expect(desk.item('item-2').refusal).toBeUndefined();
  expect(step(desk, 'item-2')).toBe('documents');
});

test('only what is held can be sent back to the documents', () => {
  const desk = Desk.covered({ items: [anInsuredVehicle({ claimed: 8000 })] }).prepared('item-1', ['driving-licence', 'accident-certificate', 'repair-invoice']).reviewable(yuan(8000));
  const back = { kind: 'return-for-rework', item: 'item-1', to: 'documents', reason: 'page-missing' } as const;
  expect(desk.asks(seniorReviewer, { ...back, documents: ['repair-invoice', 'police-determination'] })).toMatchObject({ reason: 'unknown-document', sentence: expect.stringContaining('there is driving-licence, accident-certificate, repair-invoice') });
  desk.does(seniorReviewer, { ...back, documents: ['accident-certificate'] });
  expect(expectations(desk)).toEqual(['document:claim:police-determination']);
});

test('whoever assessed an item neither proposes nor confirms its refusal (S18, S22)', () => {
  const assessor = aPerson('C-302', { roles: ['handler', 'reviewer'], limitMinor: yuan(900_000) });
  const desk = Desk.covered({ items: [anInsuredVehicle({ claimed: 8000 })] }).prepared('item-1', ['driving-licence', 'police-determination', 'repair-invoice']).reviewable(yuan(8000), 'item-1', assessor);
  const refusal = { kind: 'refuse', item: 'item-1', clause: 'fraud', reasons: ['r'] } as const;
  expect(desk.asks(assessor, refusal)).toMatchObject({ reason: 'segregation' });
  desk.does(seniorReviewer, refusal);
  expect(desk.asks(assessor, refusal)).toMatchObject({ reason: 'segregation' });
});

test('an auditor adds nothing to a claim (S13)', () => {
  expect(Desk.covered().asks(aPerson('A-991', { roles: ['auditor'] }), { kind: 'add-document', document: 'driving-licence', attachment: 'a' })).toMatchObject({ kind: 'refused', reason: 'role' });
  expect(Desk.covered().asks(aPerson('A-991', { roles: ['auditor'] }), { kind: 'note', note: 'n-1' })).toMatchObject({ kind: 'refused', reason: 'role' });
});

test('what staff were not told opens nothing: a month of failing mail leaves the claim waiting for what it waited for', () => {
  const desk = Desk.covered();
  const fail = (): void => {
    for (const { id } of [...desk.claim.outbox]) desk.take({ kind: 'notification-ended', notification: id, outcome: { kind: 'failed', code: 'down' } });
  };
  fail();
  const owed = desk.claim.undelivered.length;
  while (desk.now < '2026-12-24') {
    desk.chase();
    fail();
  }
  expect(desk.claim.undelivered.every(({ notification }) => 'party' in notification.to)).toBe(true);
  expect(desk.claim.undelivered.length).toBeLessThan(owed + 5);
  expect(desk.claim.seq).toBeLessThan(600);
});

test.each([
  ['a code of ours', refused('unknown-document', '"horoscope" is not a document.'), '"horoscope" is not a document.'],
  ['a name', refused('unknown-code', '"王伟 is wrong" is not a clause; use one of fraud.'), '"…" is not a clause; use one of fraud.'],
  ['a number', refused('unknown-item', 'Claim L has no item "13800138000"; it has item-1.'), 'Claim L has no item "…"; it has item-1.'],
  ['a quotation mark', refused('unknown-item', 'There is no "a" of "b""; there is c.'), 'There is no "…"; there is c.'],
])('what was typed is not kept in the journal unless it is a code: %s', (_, refusal, kept) => {
  const { claim } = Desk.covered();
  expect(recordRefusal(claim, refusal, { name: 'withdraw', by: 'C-301' }, { now: noticedAt, rules }).entries).toMatchObject([{ kind: 'message-refused', by: 'C-301', refusal: { sentence: kept } }]);
});

test('what ends with an item ends with it: calls, checks and its own escalations', () => {
  const desk = Desk.covered({ items: [anInsuredVehicle({ claimed: 8000 }), aThirdPartyVehicle()] }).prepared('item-1', ['driving-licence', 'police-determination']);
  while (!desk.expecting('call:party-2')) desk.chase();
  const gone = endings(desk, () => desk.does(handler, { kind: 'withdraw', item: 'item-2' }));
  expect(gone).toEqual(expect.arrayContaining(['document:item-2:repair-invoice', 'call:party-2']));
  expect(expectations(desk).filter((id) => /item-2|party-2/.test(id))).toEqual([]);
});

test('operations mend one problem and the other stays', () => {
  const desk = Desk.covered();
  desk.take({ kind: 'raise-problem', problem: 'a', what: 'a is broken' });
  desk.take({ kind: 'raise-problem', problem: 'b', what: 'b is broken' });
  expect(desk.asks(operator, { kind: 'retry', problem: 'c' })).toMatchObject({ reason: 'not-now' });
  expect(desk.asks(verifier, { kind: 'retry', problem: 'a' })).toMatchObject({ reason: 'role' });
  desk.does(operator, { kind: 'retry', problem: 'a' });
  expect(expectations(desk).filter((id) => id.startsWith('problem'))).toEqual(['problem:b']);
});
