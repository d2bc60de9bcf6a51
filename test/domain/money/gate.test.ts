import { generateKeyPairSync } from 'node:crypto';
import { filingFields, marksOfParty, opensOf } from '../../../domain/claim/filing.ts';
import type { JournalEntry, Opening } from '../../../domain/claim/journal.ts';
import { gate, type AtGate, type GateAnswer } from '../../../domain/money/gate.ts';
import { markingWith } from '../../../security/marks.ts';
import type { Person } from '../../../domain/people/people.ts';
import type { Proof, Statement } from '../../../domain/signed-payload.ts';
import { checkProof, signStatement } from '../../../security/signing.ts';
import {
  act,
  anInsuredVehicle,
  anOpening,
  aPerson,
  aPolicy,
  aPolicyholder,
  aThirdParty,
  daysAfter,
  finance,
  handler,
  manager,
  pack,
  rules,
  seniorReviewer,
  supervisor,
  verifier,
  yuan,
} from '../../support/builders.ts';
import { nextClaimStep, nextStep } from '../../../domain/road/road.ts';
import { aNotice } from '../../support/notices.ts';
import { aSigningKey, rootKey, SignedClaim } from '../../support/signed-claim.ts';

const people: Person[] = [handler, verifier, seniorReviewer, manager, finance, supervisor];

const at = (subject: SignedClaim, change: Partial<AtGate> = {}): GateAnswer =>
  gate({
    entries: JSON.parse(JSON.stringify(subject.entries)),
    payment: subject.payment,
    now: subject.now,
    rules,
    policy: () => aPolicy(),
    policyInForce: 1,
    personNow: (code) => people.find((each) => each.code === code),
    signedBy: (proof) => checkProof([rootKey.publicKey], proof),
    ...change,
  });

const small = () => new SignedClaim().instructed(yuan(4800));
const large = (approvers = [seniorReviewer, manager]) =>
  new SignedClaim(anOpening({ items: [anInsuredVehicle({ claimed: 380_000 })] })).instructed(
    yuan(380_000),
    approvers,
  );

/** The journal with one kind of entry changed. */
const changed = (
  { entries }: SignedClaim,
  kind: JournalEntry['kind'],
  change: (entry: JournalEntry) => JournalEntry | JournalEntry[],
): Partial<AtGate> => ({
  entries: entries
    .flatMap((entry) => (entry.kind === kind ? change(entry) : entry))
    .map((entry, index) => ({ ...entry, seq: index + 1 })),
});

const asRead = (entry: JournalEntry, change: object): JournalEntry =>
  JSON.parse(JSON.stringify({ ...entry, ...change }));

/** Nobody sent it. */
function unsigned(entry: JournalEntry, change: object): JournalEntry {
  const { received: _, message: _message, ...says } = entry;
  return asRead(says, change);
}

const forged = (
  entry: JournalEntry,
  change: (statement: Statement) => Statement,
  key = aSigningKey(),
): JournalEntry => {
  const statement: Statement = JSON.parse(entry.received?.proof?.signed ?? '{}');
  return asRead(entry, { received: { ...entry.received, proof: signStatement(key, change(statement)) } });
};

test('what people have approved may leave', () => {
  expect(at(large())).toMatchObject({
    kind: 'may',
    order: {
      payment: 'L0000-00000-item-1-payment-1',
      amountMinor: yuan(380_000),
      party: 'party-1',
      account: 'account-1',
      byRules: false,
    },
  });
});

test('what the rules release may leave', () => {
  expect(at(small())).toMatchObject({ kind: 'may', order: { byRules: true } });
});

test('nobody has proven who filed it: the rules release nothing', () => {
  const subject = new SignedClaim(anOpening(), { isSigned: false }).instructed(yuan(4800));
  expect(at(subject)).toMatchObject({ kind: 'held', why: 'journal' });
});

test.each<[string, Partial<Opening>]>([
  ['another account', { parties: [aPolicyholder({ account: 'account-9' }), aThirdParty()] }],
  ['another amount', { items: [anInsuredVehicle({ claimed: 4900 })] }],
  ['another policy', { policy: 'P-9' }],
  ['another day of loss', { lossAt: daysAfter(-3) }],
  ['no survey although the rules need one', { surveyWaived: true }],
])('it was opened with %s than was filed: the rules release nothing', (_, change) => {
  const subject = small();
  const [first, ...later] = subject.entries;
  const entries = first?.kind === 'claim-opened' ? [{ ...first, ...change }, ...later] : [];
  expect(at(subject, { entries })).toMatchObject({ kind: 'held', why: 'journal' });
});

const mark = markingWith(Buffer.alloc(32));

test('an opening has the same hash as its notice, however the amount is written', () => {
  const notice = aNotice({
    items: [{ object: 'insured-vehicle', party: 'wang', claimed: '4800.50' }],
  });
  const opening = anOpening({
    policy: notice.policy,
    lossAt: notice.lossAt,
    items: [anInsuredVehicle({ claimed: 4800.5 })],
    parties: notice.parties.map((party) => aPolicyholder(marksOfParty(party, mark))),
  });
  expect(filingFields({ notice, salt: 'salt' }, mark).opens).toBe(opensOf(opening));
});

const anotherRoot = generateKeyPairSync('ed25519');

test.each<[string, JournalEntry['kind'], (entry: JournalEntry) => JournalEntry | JournalEntry[]]>([
  [
    'an approval that another root key certified',
    'approved',
    (entry) => forged(entry, (s) => s, aSigningKey(anotherRoot)),
  ],
  [
    'an approval of another claim',
    'approved',
    (entry) => forged(entry, (s) => ({ ...s, claim: 'L1111-11111' })),
  ],
  [
    'an approval of other content',
    'approved',
    (entry) => forged(entry, (s) => ({ ...s, fields: { item: 'item-1', of: 'x' } })),
  ],
  [
    'an approval by somebody else',
    'approved',
    (entry) =>
      forged(entry, (s) => ({ ...s, by: { kind: 'staff', ...aPerson('X-1', { roles: ['reviewer'] }) } })),
  ],
  ['an approval long after it was signed', 'approved', (entry) => asRead(entry, { at: daysAfter(1) })],
  ['an approval without a proof', 'approved', (entry) => unsigned(entry, {})],
  ['an approval of the process', 'approved', (entry) => unsigned(entry, { by: 'lipei', needs: 0 })],
  ['an approval that is missing', 'approved', () => []],
  ['an approval twice', 'approved', (entry) => [entry, entry]],
  ['an assessment of another amount', 'assessed', (entry) => asRead(entry, { amountMinor: yuan(390_000) })],
  ['an assessment by nobody', 'assessed', (entry) => unsigned(entry, {})],
  ['a verification that the rules do not give', 'verified', (entry) => unsigned(entry, { by: 'lipei' })],
  ['another account', 'payee-set', (entry) => asRead(entry, { account: 'account-of-mine' })],
  ['a lower risk', 'risk-scored', (entry) => asRead(entry, { points: 0, factors: ['late-notice'] })],
  ['another amount to be paid', 'payment-approved', (entry) => asRead(entry, { amountMinor: yuan(390_000) })],
  ['another payee to be paid', 'payment-approved', (entry) => asRead(entry, { to: 'party-2' })],
  [
    'another cover',
    'cover-checked',
    (entry) =>
      asRead(entry, {
        cover: {
          kind: 'covered',
          objects: { 'insured-vehicle': { sumInsuredMinor: yuan(900_000), excessMinor: 0 } },
        },
      }),
  ],
  [
    'a larger claimed amount',
    'claim-opened',
    (entry) => asRead(entry, { items: [anInsuredVehicle({ claimed: 390_000 })] }),
  ],
  ['another line', 'claim-opened', (entry) => asRead(entry, { line: 'contents' })],
  ['another currency', 'claim-opened', (entry) => asRead(entry, { currency: 'USD' })],
  ['another party to be paid', 'claim-opened', (entry) => asRead(entry, { parties: [] })],
  ['a paper that nobody accepted', 'document-accepted', (entry) => unsigned(entry, {})],
  ['a survey that nobody reported', 'survey-reported', (entry) => unsigned(entry, {})],
  ['a receipt that was left out', 'receipt-issued', () => []],
])('a lying worker stores %s: nothing leaves', (_, kind, change) => {
  const subject = large();
  expect(at(subject)).toMatchObject({ kind: 'may' });
  const answer = at(subject, changed(subject, kind, change));
  expect(answer).toMatchObject({ kind: 'held' });
});

test('the whole journal of another claim under this number, or with a gap, proves nothing', () => {
  const subject = large();
  const [first, ...later] = subject.entries;
  const other: JournalEntry[] = JSON.parse(JSON.stringify([{ ...first, number: 'L1111-11111' }, ...later]));
  expect(at(subject, { entries: other })).toMatchObject({ kind: 'held', why: 'journal' });
  expect(at(subject, { entries: subject.entries.filter(({ seq }) => seq !== 9) })).toMatchObject({
    kind: 'held',
  });
  expect(at(subject, { entries: [] })).toMatchObject({ kind: 'held', why: 'journal' });
});

test('cover that does not follow from its version of the policy holds the payment', () => {
  const less = aPolicy({
    objects: { 'insured-vehicle': { sumInsuredMinor: yuan(100_000), excessMinor: 0 } },
  });
  expect(at(large(), { policy: () => less })).toMatchObject({ kind: 'held', why: 'journal' });
  expect(at(large(), { policy: () => undefined })).toMatchObject({ kind: 'held', why: 'journal' });
});

test.each([
  ['another version of the policy counts now', 2],
  ['no version of the policy counts any more', undefined],
])('%s: the approvals fall, and cover is checked anew', (_, policyInForce) => {
  const subject = large();
  expect(at(subject, { policyInForce })).toEqual({
    kind: 'approval-fell',
    by: ['R-502', 'M-601'],
    because: 'policy-changed',
  });
  subject.take({
    kind: 'void-approvals',
    item: 'item-1',
    payment: subject.payment,
    by: ['R-502', 'M-601'],
    because: 'policy-changed',
  });
  expect([nextClaimStep(subject.claim), subject.item.approvals]).toEqual(['cover', []]);
  subject.take({ kind: 'check-cover', policy: aPolicy({ version: 2 }) });
  expect(nextStep(subject.claim, subject.item, pack)).toBe('review');
});

test.each<[string, Person | undefined, string]>([
  ['dismissed', undefined, 'giver-dismissed'],
  ['without the role', { ...manager, roles: ['handler'] }, 'giver-without-role'],
  ['with a lower limit', { ...manager, limitMinor: yuan(379_999) }, 'giver-below-limit'],
  ['without a limit', aPerson('M-601', { roles: ['manager'] }), 'giver-below-limit'],
  ['related to the policy', { ...manager, conflicts: ['P-1'] }, 'giver-in-conflict'],
  ['of another branch', { ...manager, branch: 'penglai' }, 'giver-of-another-branch'],
])('the approval of somebody who is %s now falls (M8)', (_, person, because) => {
  const personNow: AtGate['personNow'] = (code) =>
    code === 'M-601' ? person : people.find((each) => each.code === code);
  expect(at(large(), { personNow })).toEqual({ kind: 'approval-fell', by: ['M-601'], because });
});

test.each(['C-301', 'V-401', 'S-201', 'H-101'])(
  'what rests on an act of %s, who is related to the claim by now, is decided again (S19)',
  (code) => {
    const related: Person = { ...aPerson(code), conflicts: ['P-1'] };
    const personNow: AtGate['personNow'] = (each) =>
      each === code ? related : people.find((one) => one.code === each);
    expect(at(large(), { personNow })).toEqual({
      kind: 'approval-fell',
      by: ['R-502', 'M-601'],
      because: 'hand-in-conflict',
    });
  },
);

const stranger = aPerson('R-503', { roles: ['reviewer'], branch: 'penglai', limitMinor: yuan(500_000) });

test('somebody of another branch approves by a signed appointment, and not by an invented one', () => {
  const subject = new SignedClaim(anOpening({ items: [anInsuredVehicle({ claimed: 90_000 })] }));
  subject.does(supervisor, act.appoints('R-503')).instructed(yuan(90_000), [stranger]);
  const known: Partial<AtGate> = { personNow: () => stranger };
  expect(at(subject, known)).toMatchObject({ kind: 'may' });
  const invented = changed(subject, 'appointed', (entry) => unsigned(entry, {}));
  expect(at(subject, { ...known, ...invented })).toMatchObject({ kind: 'held', why: 'journal' });
  const leftOut = changed(subject, 'appointed', () => []);
  expect(at(subject, { ...known, ...leftOut })).toMatchObject({ kind: 'held', why: 'journal' });
});

test('one member of staff alone behind a payment: the gate lets less pass than of two (M9)', () => {
  const minor = pack.automatic.oneHandUpToMinor;
  const subject = new SignedClaim(
    anOpening({ surveyor: 'C-301', items: [anInsuredVehicle({ claimed: minor / 100 })] }),
    {
      filer: handler,
    },
  );
  subject.instructed(minor, [], { ...handler, roles: ['handler', 'surveyor'] });
  expect(at(subject)).toMatchObject({ kind: 'may', order: { amountMinor: minor, byRules: true } });
});

test('an approval that has expired falls', () => {
  expect(at(large(), { now: daysAfter(31) })).toMatchObject({
    kind: 'approval-fell',
    because: 'expired',
    by: ['R-502', 'M-601'],
  });
});

test('only the last payment that is instructed and not answered leaves', () => {
  const subject = large();
  expect(at(subject, { payment: 'L0000-00000-item-1-payment-9' })).toMatchObject({ why: 'not-instructed' });
  const [payment, bank] = [subject.payment, { kind: 'provider', name: 'bank' } as const];
  subject.reports('bank-confirmed', bank, { payment, reference: 'B-1' });
  expect(at(subject)).toEqual({ kind: 'settled' });
  subject.reports('bank-returned', bank, { payment, reason: 'AC04' });
  expect(at(subject)).toEqual({ kind: 'settled' });
});

test('a returned payment is paid again once finance has cleared it, all of it proven', () => {
  const subject = large();
  subject.reports(
    'bank-returned',
    { kind: 'provider', name: 'bank' },
    { payment: subject.payment, reason: 'AC04' },
  );
  subject.does(finance, act.clears('account-wrong')).does(handler, act.setsPayee(mark('account', 'another')));
  subject.take({ kind: 'score', item: 'item-1' });
  for (const person of [seniorReviewer, manager]) subject.does(person, act.approves(subject.hash));
  subject.take({ kind: 'payment-instructed', item: 'item-1', payment: subject.payment });
  expect(at(subject)).toMatchObject({ kind: 'may', order: { payment: 'L0000-00000-item-1-payment-2' } });
  // Without the finding of finance.
  const unclear = changed(subject, 'payment-cleared', (entry) => unsigned(entry, {}));
  expect(at(subject, unclear)).toMatchObject({ kind: 'held', why: 'journal' });
});

test('a return that nobody signed is no proof, unless the process found it out at the bank', () => {
  const subject = large();
  subject.take({ kind: 'bank-returned', payment: subject.payment, reason: 'AC04' });
  expect(subject.entries.findLast(({ kind }) => kind === 'payment-returned')).toMatchObject({ by: 'lipei' });
  subject.does(finance, act.clears('account-wrong')).does(handler, act.setsPayee(mark('account', 'another')));
  subject.take({ kind: 'score', item: 'item-1' });
  for (const person of [seniorReviewer, manager]) subject.does(person, act.approves(subject.hash));
  subject.take({ kind: 'payment-instructed', item: 'item-1', payment: subject.payment });
  expect(at(subject)).toMatchObject({ kind: 'may' });
  const asTheBank = changed(subject, 'payment-returned', (entry) => asRead(entry, { by: 'bank' }));
  expect(at(subject, asTheBank)).toMatchObject({ kind: 'held', why: 'journal' });
});

test('a withdrawal that is requested after the instruction holds the payment', () => {
  expect(at(large().take({ kind: 'request-withdrawal' }))).toMatchObject({ kind: 'held', why: 'withdrawal' });
});

const proofsOf = ({ entries }: SignedClaim): Proof[] =>
  entries.flatMap(({ received }) => received?.proof ?? []);

test('every message of people is proven in the journal itself', () => {
  const proofs = proofsOf(large());
  expect(proofs.length).toBeGreaterThan(8);
  expect(proofs.every((proof) => checkProof([rootKey.publicKey], proof).kind === 'genuine')).toBe(true);
});

/** Cut to 6000, paid, closed; on appeal assessed by others at 7500 and approved by another reviewer. */
function onAppeal(): SignedClaim {
  const subject = new SignedClaim(anOpening({ items: [anInsuredVehicle({ claimed: 8000 })] }));
  subject.instructed(yuan(6000), [seniorReviewer]);
  subject.take({ kind: 'bank-confirmed', payment: subject.payment, reference: 'B-1' });
  subject.take({ kind: 'conclude', item: 'item-1' });
  for (const { id } of subject.claim.outbox)
    subject.take({ kind: 'notification-ended', notification: id, outcome: { kind: 'accepted' } });
  subject.take({ kind: 'close' }).does(supervisor, act.reopens('appeal'));
  subject.does(
    aPerson('C-309', { roles: ['handler'] }),
    act.assesses(yuan(7500), 'item-1', [{ reason: 'depreciation', minor: yuan(500) }]),
  );
  subject.does(verifier, act.verifies(2)).take({ kind: 'score', item: 'item-1' });
  subject.does(manager, act.approves(subject.hash));
  return subject.take({ kind: 'payment-instructed', item: 'item-1', payment: subject.payment });
}

test('after a reopening the difference may leave, and nothing that the journal does not prove', () => {
  const subject = onAppeal();
  expect(at(subject)).toMatchObject({ kind: 'may', order: { amountMinor: yuan(1500), excessMinor: 0 } });
  const doubtful = { kind: 'held', why: 'journal' };
  expect(
    at(
      subject,
      changed(subject, 'item-reopened', (entry) => unsigned(entry, {})),
    ),
  ).toMatchObject(doubtful);
  expect(
    at(
      subject,
      changed(subject, 'item-reopened', (entry) => asRead(entry, { deciders: [] })),
    ),
  ).toMatchObject(doubtful);
  expect(
    at(
      subject,
      changed(subject, 'claim-reopened', () => []),
    ),
  ).toMatchObject(doubtful);
  expect(
    at(
      subject,
      changed(subject, 'payment-confirmed', () => []),
    ),
  ).toMatchObject(doubtful);
});
