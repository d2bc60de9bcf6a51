import { evolve, fold } from '../../../domain/claim/evolve/evolve.ts';
import type { Claim, Item } from '../../../domain/claim/claim.ts';
import type { Event, JournalEntry } from '../../../domain/claim/journal.ts';
import {
  act,
  anInsuredVehicle,
  aThirdPartyVehicle,
  daysAfter,
  ClaimUnderTest,
  handler,
  manager,
  noticedAt,
  pack,
  seniorReviewer,
  yuan,
  aNote,
} from '../../support/builders.ts';

const later = daysAfter(1);
const two = { items: [anInsuredVehicle(), aThirdPartyVehicle()] };

const next = (claim: Claim, event: Event, more: Partial<JournalEntry> = {}): Claim =>
  evolve(claim, Object.assign({ ...event, seq: claim.seq + 1, at: later, by: 'X-1' }, more), pack);

/** Which fields an entry changes, and to what; the number of the last entry always changes. */
function changes<T extends object>(before: T, after: T): Record<string, unknown> {
  const old = new Map(Object.entries(before));
  return Object.fromEntries(
    Object.entries(after).filter(
      ([name, value]) =>
        !['seq', 'stage', 'stageSince', 'handled'].includes(name) &&
        JSON.stringify(old.get(name)) !== JSON.stringify(value),
    ),
  );
}

const covered = (): Claim => ClaimUnderTest.covered(two).claim;
const open = (): Claim['expectations'][number] => {
  const [first] = ClaimUnderTest.covered().claim.expectations;
  if (!first) throw new Error('Nothing is waited for');
  return first;
};

test.each<[string, Event, object]>([
  ['acknowledged', { kind: 'acknowledged' }, {}],
  [
    'cover is known',
    { kind: 'cover-checked', cover: { kind: 'not-covered', clause: 'c', reasons: [] } },
    { cover: { kind: 'not-covered', clause: 'c', reasons: [] } },
  ],
  [
    'surveyed',
    { kind: 'survey-reported', onScene: false, findings: aNote() },
    { survey: { by: 'X-1', at: later, onScene: false } },
  ],
  [
    'a paper of the claim came',
    { kind: 'document-received', document: 'driving-licence', attachment: 'a' },
    { documents: { 'driving-licence': { state: 'received', attachments: ['a'], at: later } } },
  ],
  [
    'a paper is waived',
    { kind: 'document-waived', document: 'driving-licence', reason: 'already-on-file' },
    {
      documents: { 'driving-licence': { state: 'waived', by: 'X-1' } },
      hands: [{ did: 'waived', by: 'X-1', of: 'driving-licence' }],
    },
  ],
  ['a wish to withdraw', { kind: 'withdrawal-requested' }, { withdrawalRequested: true }],
  ['kept open', { kind: 'withdrawal-cancelled' }, {}],
  ['closed', { kind: 'claim-closed', outcome: 'withdrawn' }, { outcome: 'withdrawn' }],
  ['another handler', { kind: 'handed-over', to: 'C-309', role: 'handler' }, { handler: 'C-309' }],
  ['another surveyor', { kind: 'handed-over', to: 'S-209', role: 'surveyor' }, { surveyor: 'S-209' }],
  ['a note', { kind: 'note-added', note: aNote() }, {}],
  [
    'a denial',
    { kind: 'message-denied', denial: { reason: 'role', sentence: 'No.', message: 'assess' } },
    {},
  ],
  [
    'a text',
    { kind: 'text-received', party: 'party-1', note: aNote() },
    { unanswered: [{ party: 'party-1', note: 'note-1' }] },
  ],
  [
    'nobody reached',
    { kind: 'party-unreached', party: 'party-1', notification: 'paid-1-sms' },
    { unreached: [{ party: 'party-1', notification: 'paid-1-sms' }] },
  ],
  [
    'a problem',
    { kind: 'problem-raised', problem: 'bank:item-1', what: 'w' },
    { problems: [{ id: 'bank:item-1', what: 'w', since: later }] },
  ],
  ['a problem that nobody had', { kind: 'problem-solved', problem: 'bank:item-1' }, {}],
])('%s', (_, event, changed) => {
  const before = covered();
  expect(changes(before, next(before, event))).toEqual(changed);
});

test.each<[string, Event, Partial<Item>]>([
  [
    'a receipt',
    { kind: 'receipt-issued', item: 'item-2', number: 'r' },
    { receipt: { number: 'r', at: later } },
  ],
  [
    'an assessment',
    { kind: 'assessed', item: 'item-2', amountMinor: 5, version: 3, cuts: [{ reason: 'salvage', minor: 1 }] },
    {
      assessments: 3,
      assessment: { version: 3, amountMinor: 5, by: 'X-1', cuts: [{ reason: 'salvage', minor: 1 }] },
    },
  ],
  [
    'a signature',
    { kind: 'verified', item: 'item-2', version: 3 },
    { signedOff: { verify: { version: 3, by: 'X-1' } } },
  ],
  [
    'a payee',
    { kind: 'payee-set', item: 'item-2', party: 'party-2', account: 'x', changed: true },
    { payee: { party: 'party-2', account: 'x', changed: true } },
  ],
  [
    'a score',
    { kind: 'risk-scored', item: 'item-2', of: 'h', points: 5, factors: ['no-scene'] },
    { score: { of: 'h', points: 5, factors: ['no-scene'] } },
  ],
  [
    'an approval',
    { kind: 'approved', item: 'item-2', of: 'h', totalMinor: 5, needs: 2 },
    { approvals: [{ of: 'h', by: 'X-1', at: later }] },
  ],
  [
    'a payment that is approved',
    {
      kind: 'payment-approved',
      item: 'item-2',
      payment: 'p',
      of: 'h',
      amountMinor: 5,
      excessMinor: 2,
      to: 'party-2',
    },
    {
      payments: [
        { kind: 'approved', id: 'p', of: 'h', amountMinor: 5, excessMinor: 2, at: later, to: 'party-2' },
      ],
    },
  ],
  [
    'a proposal to refuse',
    { kind: 'refusal-proposed', item: 'item-2', clause: 'fraud', reasons: ['r'] },
    { refusal: { clause: 'fraud', reasons: ['r'], by: 'X-1' } },
  ],
  ['a confirmation of no proposal', { kind: 'refusal-confirmed', item: 'item-2' }, {}],
  [
    'a paper of the item',
    { kind: 'document-received', item: 'item-2', document: 'repair-invoice', attachment: 'a' },
    { documents: { 'repair-invoice': { state: 'received', attachments: ['a'], at: later } } },
  ],
  [
    'an outcome',
    { kind: 'item-concluded', item: 'item-2', outcome: { kind: 'nothing-payable' } },
    { outcome: { kind: 'nothing-payable' }, endedAt: later },
  ],
  [
    'another claimed amount',
    { kind: 'claim-corrected', item: { id: 'item-2', claimedMinor: 7 } },
    { claimedMinor: 7 },
  ],
])('%s changes its item and no other', (_, event, changed) => {
  const before = covered();
  const [first, second] = before.items;
  const after = next(before, event);
  expect(after.items[0]).toEqual(first);
  expect(changes(second ?? {}, after.items[1] ?? {})).toEqual(changed);
});

test('papers of one kind pile up while they are looked at, and begin anew after they were rejected', () => {
  const steps: Event[] = [
    { kind: 'document-received', document: 'driving-licence', attachment: 'a' },
    { kind: 'document-received', document: 'driving-licence', attachment: 'b' },
    { kind: 'document-accepted', document: 'driving-licence' },
    { kind: 'document-received', document: 'driving-licence', attachment: 'c' },
    { kind: 'document-rejected', document: 'driving-licence', reason: 'document-unreadable' },
    { kind: 'document-received', document: 'driving-licence', attachment: 'd' },
  ];
  let claim = covered();
  const seen = steps.map((event) => {
    claim = next(claim, event);
    const document = claim.documents['driving-licence'];
    return [document?.state, document && 'attachments' in document ? document.attachments.join('') : ''];
  });
  expect(seen).toEqual([
    ['received', 'a'],
    ['received', 'ab'],
    ['accepted', 'ab'],
    ['received', 'abc'],
    ['rejected', ''],
    ['received', 'd'],
  ]);
});

const approved = (of: string): Event => ({ kind: 'approved', item: 'item-1', of, totalMinor: 5, needs: 2 });

test('a voided approval falls with the payment that it released, others stand', () => {
  const payment: Event = {
    kind: 'payment-approved',
    item: 'item-1',
    payment: 'p',
    of: 'h',
    amountMinor: 5,
    excessMinor: 0,
    to: 'party-1',
  };
  const before = [approved('h'), approved('g'), payment].reduce(
    (claim, event) => next(claim, event),
    covered(),
  );
  const after = next(before, { kind: 'approval-voided', item: 'item-1', of: 'h', because: 'assess' });
  expect([after.items[0]?.approvals.map(({ of }) => of), after.items[0]?.payments]).toEqual([['g'], []]);
});

test('a payment goes from approved to the bank and back, and its account is asked for again', () => {
  const subject = ClaimUnderTest.covered().prepared().approved();
  const payment = subject.payment();
  const kinds = [subject.item().payments[0]?.kind];
  subject.take({ kind: 'payment-instructed', item: 'item-1', payment });
  kinds.push(subject.item().payments[0]?.kind);
  subject.take({ kind: 'bank-returned', payment, reason: 'AC04' });
  expect([...kinds, subject.item().payments[0]?.kind]).toEqual(['approved', 'instructed', 'returned']);
  expect(subject.item().payments[0]).toMatchObject({
    reason: 'AC04',
    amountMinor: yuan(4800),
    to: 'party-1',
  });
  expect(subject.item().payee).toBeUndefined();
});

test('another policy checks cover again and drops what refused on the old one, but not of what has ended', () => {
  const subject = new ClaimUnderTest();
  subject.take({ kind: 'acknowledge' });
  subject.take({ kind: 'check-cover', policy: undefined });
  expect(subject.item().refusal?.clause).toBe('no-policy');
  subject.does(handler, act.corrects({ policy: 'P-2' }));
  expect([subject.claim.policy, subject.claim.cover, subject.item().refusal]).toEqual([
    'P-2',
    undefined,
    undefined,
  ]);
});

test('another claimed amount leaves cover and refusal as they are', () => {
  const subject = ClaimUnderTest.covered();
  subject.does(handler, act.corrects({ item: { id: 'item-1', claimedMinor: yuan(4000) } }));
  expect([subject.claim.cover?.kind, subject.item().claimedMinor]).toEqual(['covered', yuan(4000)]);
});

test('a refusal that cover proposed and a reviewer sends back has cover checked again; a person’s has not', () => {
  const uncovered = new ClaimUnderTest();
  uncovered.take({ kind: 'acknowledge' });
  uncovered.take({ kind: 'check-cover', policy: undefined });
  uncovered.does(manager, act.returns('assess', 'cover-to-be-checked-again'));
  expect([uncovered.claim.cover, uncovered.item().refusal, uncovered.item().returned]).toEqual([
    undefined,
    undefined,
    1,
  ]);
  const doubted = ClaimUnderTest.covered()
    .prepared()
    .reviewable(yuan(4800))
    .does(seniorReviewer, act.refuses());
  doubted.does(manager, act.returns('assess', 'price-too-high'));
  expect([doubted.claim.cover?.kind, doubted.item().refusal]).toEqual(['covered', undefined]);
});

test('papers that are sent back are rejected where they are kept', () => {
  const subject = ClaimUnderTest.covered({ items: [anInsuredVehicle({ claimed: 8000 })] })
    .prepared('item-1', ['driving-licence', 'police-determination', 'repair-invoice'])
    .reviewable(yuan(8000));
  subject.does(manager, act.returns('documents', 'page-missing', ['driving-licence', 'repair-invoice']));
  expect(subject.claim.documents['driving-licence']).toMatchObject({
    state: 'rejected',
    reason: 'page-missing',
  });
  expect(subject.claim.documents['repair-invoice']).toBeUndefined();
  expect(subject.item().documents['repair-invoice']?.state).toBe('rejected');
  expect(subject.item().documents['driving-licence']).toBeUndefined();
  expect(subject.claim.documents['police-determination']?.state).toBe('accepted');
});

test('a rung records its place, the next action, the notified superior and a due call; a promise ends with it', () => {
  const expectation = { ...open(), promised: noticedAt };
  const before: Claim = { ...covered(), expectations: [expectation] };
  const rung = (did: 'call' | 'escalate' | 'chase', to?: 'supervisor'): Event => ({
    kind: 'rung-taken',
    expectation: expectation.id,
    did,
    rung: 2,
    next: { do: 'call', at: later },
    ...(to && { to }),
  });
  const [chased] = next(before, rung('chase')).expectations;
  expect(chased).toMatchObject({ rung: 2, next: { do: 'call', at: later }, escalatedTo: [] });
  expect([chased?.promised, chased?.callDue]).toEqual([undefined, undefined]);
  const called = next(before, rung('call'));
  expect(called.expectations[0]?.callDue).toBe(true);
  const notified = next(next(called, rung('escalate', 'supervisor')), rung('escalate', 'supervisor'));
  expect(notified.expectations[0]).toMatchObject({ escalatedTo: ['supervisor'], callDue: true });
});

test.each([
  ['reached', true],
  ['busy-will-go-later', true],
  ['no-answer', false],
  ['wrong-number', false],
] as const)('a call with the outcome %s has reached them, or has not', (outcome, reached) => {
  const before: Claim = {
    ...covered(),
    unreached: ['party-1', 'party-2'].map((party) => ({ party, notification: 'paid-1-sms' })),
    unanswered: ['party-1', 'party-2'].map((party) => ({ party, note: 'n' })),
  };
  const after = next(before, { kind: 'call-recorded', party: 'party-1', outcome });
  expect(after.unreached.map(({ party }) => party)).toEqual(reached ? ['party-2'] : ['party-1', 'party-2']);
  expect(after.unanswered.map(({ party }) => party)).toEqual(reached ? ['party-2'] : ['party-1', 'party-2']);
  expect(after.lastContact['party-1']?.taken).toBe(reached ? later : undefined);
});

test('a channel is lost with the code that said so, and open again when it turns up', () => {
  const lost = next(covered(), { kind: 'channel-lost', party: 'party-1', channel: 'sms', code: '21610' });
  expect(lost.parties[0]).toMatchObject({ reach: { sms: false, email: true }, lost: { sms: '21610' } });
  expect(lost.parties[1]?.reach).toEqual({ sms: true, email: true });
  const back = next(lost, { kind: 'channel-restored', party: 'party-1', channel: 'sms' });
  expect(back.parties[0]).toMatchObject({ reach: { sms: true, email: true } });
  expect(back.parties[0]?.lost?.sms).toBeUndefined();
});

test('a corrected contact clears its lost channels and its unreached notifications', () => {
  const lost = next(covered(), { kind: 'channel-lost', party: 'party-1', channel: 'sms', code: '21610' });
  const unreached = next(lost, { kind: 'party-unreached', party: 'party-1', notification: 'paid-1-sms' });
  const right = next(unreached, {
    kind: 'contact-corrected',
    party: 'party-1',
    marks: [],
    revision: 2,
    reach: { sms: true, email: false },
    prefers: 'sms',
  });
  expect(right.unreached).toEqual([]);
  expect(right.parties[0]).toMatchObject({ reach: { sms: true, email: false }, prefers: 'sms' });
  expect(right.parties[0]?.lost).toBeUndefined();
});

test('a letter that is posted ends what it stood for, whatever the channel, and no other', () => {
  const before: Claim = {
    ...covered(),
    letters: ['refused-1-letter', 'formal-notice-1-letter'],
    unreached: ['refused-1-sms', 'refused-1-email', 'refused-11-sms', 'paid-1-sms'].map((notification) => ({
      party: 'party-1',
      notification,
    })),
  };
  const after = next(before, { kind: 'letter-posted', notification: 'refused-1-letter' });
  expect(after.letters).toEqual(['formal-notice-1-letter']);
  expect(after.unreached.map(({ notification }) => notification)).toEqual(['refused-11-sms', 'paid-1-sms']);
});

const received = (id: string, from: string, at: string) => ({
  message: id,
  received: { from, content: 'c' },
  at,
});

test('acts are remembered for a day, reports for ever, however many messages come', () => {
  let claim = covered();
  const start = claim.stageSince;
  claim = next(claim, { kind: 'note-added', note: aNote() }, received('m-0', 'staff C-301', start));
  for (let index = 1; index <= 500; index += 1)
    claim = next(claim, { kind: 'note-added', note: aNote() }, received(`m-${index}`, 'provider sms', start));
  expect(claim.handled['staff C-301: m-0']).toEqual({ content: 'c', until: daysAfter(1, start) });
  claim = next(
    claim,
    { kind: 'note-added', note: aNote() },
    received('m-0', 'staff C-302', daysAfter(1, start)),
  );
  expect(claim.handled['staff C-301: m-0']).toBeUndefined();
  expect(Object.keys(claim.handled)).toHaveLength(501);
});

test('a denied message is not remembered: it may be sent again', () => {
  const denial = { reason: 'not-now' as const, sentence: 'Not now.', message: 'assess' };
  const once = received('m-1', 'staff C-301', covered().stageSince);
  expect(next(covered(), { kind: 'message-denied', denial }, once).handled).toEqual({});
});

test('when its stage changes, since when is kept; else not', () => {
  const before = covered();
  expect(next(before, { kind: 'note-added', note: aNote() }).stageSince).toBe(before.stageSince);
  expect(next(before, { kind: 'survey-reported', onScene: true, findings: aNote() })).toMatchObject({
    stage: 'documents',
    stageSince: later,
  });
});

test('a journal begins with its opening, once, and has no gaps', () => {
  const { claim } = new ClaimUnderTest();
  const entry: JournalEntry = { kind: 'acknowledged', seq: 1, at: later, by: 'lipei' };
  expect(() => evolve(undefined, entry, pack)).toThrow('begins with claim-opened');
  expect(() => evolve(claim, { ...entry, seq: 1 }, pack)).toThrow('cannot follow 1');
  expect(() => evolve(claim, { ...entry, seq: 3 }, pack)).toThrow('cannot follow 1');
  expect(fold([], pack)).toBeUndefined();
});

test.each<[string, Event]>([
  ['an item', { kind: 'receipt-issued', item: 'item-9', number: 'r' }],
  ['a payment', { kind: 'payment-confirmed', item: 'item-1', payment: 'p-9', reference: 'B' }],
  ['something waited for', { kind: 'expectation-ended', expectation: 'survey:9', how: 'met' }],
  ['a message', { kind: 'notification-ended', notification: 'paid-9-sms', outcome: { kind: 'accepted' } }],
  [
    'a report about a notification that was never sent',
    { kind: 'delivery-reported', notification: 'paid-9-sms', outcome: 'delivered', arrived: later },
  ],
  ['no id at all', { kind: 'delivery-reported', notification: 'x', outcome: 'delivered', arrived: later }],
])('an entry about %s that is not there changes nothing', (_, event) => {
  const before = covered();
  expect(changes(before, next(before, event))).toEqual({});
});
