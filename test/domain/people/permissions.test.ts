import { actNames, acts, type ActName, type HumanAct } from '../../../domain/claim/acts.ts';
import { payableHash } from '../../../domain/money/payable.ts';
import { hands, handsBefore, type Hand } from '../../../domain/people/hands.ts';
import {
  lacksRole,
  mayNot,
  onlyLooks,
  permissions,
  permittedActs,
  rolesFor,
  rolesInWords,
} from '../../../domain/people/permissions.ts';
import { partyKinds, staffRoles, type Person } from '../../../domain/people/people.ts';
import {
  act as brings,
  anInsuredVehicle,
  pack,
  surveyor,
  aPerson,
  ClaimUnderTest,
  handler,
  manager,
  seniorReviewer,
  supervisor,
  verifier,
  yuan,
  aNote,
} from '../../support/builders.ts';

const item = 'item-1';
const papers = ['driving-licence', 'police-determination', 'repair-invoice'];
const claimed = yuan(380_000);

const opened = (): ClaimUnderTest =>
  ClaimUnderTest.covered({ items: [anInsuredVehicle({ claimed: 380_000 })] });
const assessable = (): ClaimUnderTest => opened().prepared(item, papers);
const reviewable = (): ClaimUnderTest => assessable().reviewable(claimed);

function handedIn(): ClaimUnderTest {
  return opened().does(handler, { kind: 'add-document', document: 'driving-licence', attachment: 'sha' });
}

function toBeWithdrawn(): ClaimUnderTest {
  const subject = opened();
  subject.take({ kind: 'request-withdrawal' });
  return subject;
}

function held(approvers = [seniorReviewer, manager]): ClaimUnderTest {
  const subject = assessable().approved(claimed, item, approvers);
  subject.take({ kind: 'payment-instructed', item, payment: subject.payment() });
  subject.take({ kind: 'bank-returned', payment: subject.payment(), reason: 'AC04' });
  return subject;
}

/** Refused, and a paper of the item came then. */
function provenLate(): ClaimUnderTest {
  const subject = reviewable().refused();
  subject.take({ kind: 'conclude', item });
  return subject.does(handler, brings.adds('repair-invoice', item, 'late'));
}

const withdrawn = (): ClaimUnderTest => opened().does(handler, brings.withdraws());

function broken(): ClaimUnderTest {
  const subject = opened();
  subject.take({ kind: 'raise-problem', problem: 'sms', what: 'the provider takes no messages' });
  return subject;
}

/** A formal letter is written and waits to be posted. */
function withLetter(): ClaimUnderTest {
  const subject = opened();
  for (let turns = 0; subject.claim.letters.length === 0 && turns < 200; turns += 1) {
    subject.chase();
    for (const { id, channel } of subject.claim.outbox.filter((planned) => planned.channel === 'letter'))
      if (channel === 'letter')
        subject.take({
          kind: 'notification-ended',
          notification: id,
          outcome: { kind: 'accepted' },
        });
  }
  return subject;
}

const hashOf = (subject: ClaimUnderTest): string => payableHash(subject.claim, subject.item()) ?? '';

/** For each act a claim at the right step, and the act as it is taken there. */
const ready: { [N in ActName]: () => { subject: ClaimUnderTest; act: Extract<HumanAct, { kind: N }> } } = {
  'add-document': () => ({
    subject: opened(),
    act: { kind: 'add-document', document: 'driving-licence', attachment: 'sha' },
  }),
  'accept-document': () => ({
    subject: handedIn(),
    act: { kind: 'accept-document', document: 'driving-licence' },
  }),
  'reject-document': () => ({
    subject: handedIn(),
    act: { kind: 'reject-document', document: 'driving-licence', reason: 'unreadable' },
  }),
  'waive-document': () => ({
    subject: opened(),
    act: { kind: 'waive-document', document: 'driving-licence', reason: 'already-on-file' },
  }),
  'report-survey': () => ({
    subject: opened(),
    act: { kind: 'report-survey', onScene: true, findings: aNote() },
  }),
  assess: () => ({ subject: assessable(), act: { kind: 'assess', item, amountMinor: claimed } }),
  verify: () => ({ subject: assessable().assessed(claimed), act: { kind: 'verify', item, version: 1 } }),
  approve: () => {
    const subject = reviewable();
    return { subject, act: { kind: 'approve', item, of: hashOf(subject) } };
  },
  'return-for-rework': () => ({
    subject: reviewable(),
    act: { kind: 'return-for-rework', item, to: 'assess', reason: 'price-too-high' },
  }),
  refuse: () => ({
    subject: reviewable(),
    act: { kind: 'refuse', item, clause: 'not-in-force', reasons: ['loss-after-expiry'] },
  }),
  'set-payee': () => ({
    subject: opened(),
    act: { kind: 'set-payee', item, party: 'party-1', account: 'another' },
  }),
  'join-claims': () => ({
    subject: opened(),
    act: { kind: 'join-claims', other: 'L1111-11111', finding: 'same-loss' },
  }),
  'clear-payment': () => ({
    subject: held(),
    act: { kind: 'clear-payment', item, finding: 'not-paid' },
  }),
  'ask-bank': () => ({ subject: held(), act: { kind: 'ask-bank' } }),
  'record-call': () => ({
    subject: opened(),
    act: { kind: 'record-call', party: 'party-1', outcome: 'reached' },
  }),
  'hand-over': () => ({
    subject: opened(),
    act: {
      kind: 'hand-over',
      to: 'C-399',
      role: 'handler',
      as: { branch: 'longkou', roles: ['handler'], conflicts: [] },
    },
  }),
  appoint: () => ({
    subject: opened(),
    act: {
      kind: 'appoint',
      to: 'R-503',
      role: 'reviewer',
      reason: 'absence',
      as: { branch: 'penglai', roles: ['reviewer'], conflicts: [] },
    },
  }),
  withdraw: () => ({ subject: opened(), act: { kind: 'withdraw' } }),
  reopen: () => ({ subject: withdrawn(), act: { kind: 'reopen', reason: 'withdrawn-by-mistake' } }),
  'keep-decision': () => ({ subject: provenLate(), act: { kind: 'keep-decision', item, note: aNote() } }),
  'record-appeal': () => ({ subject: withdrawn(), act: { kind: 'record-appeal', item, note: aNote() } }),
  'request-withdrawal': () => ({ subject: opened(), act: { kind: 'request-withdrawal' } }),
  'cancel-withdrawal': () => ({ subject: toBeWithdrawn(), act: { kind: 'cancel-withdrawal' } }),
  'correct-claim': () => ({ subject: opened(), act: { kind: 'correct-claim', policy: 'P-2' } }),
  'correct-contact': () => ({
    subject: opened(),
    act: {
      kind: 'correct-contact',
      party: 'party-1',
      revision: 2,
      reach: { sms: true, email: false },
      marks: [],
    },
  }),
  'add-note': () => ({ subject: opened(), act: { kind: 'add-note', note: aNote() } }),
  'post-letter': () => {
    const subject = withLetter();
    return { subject, act: { kind: 'post-letter', notification: subject.claim.letters[0] ?? '' } };
  },
  'resend-notification': () => ({
    subject: opened(),
    act: { kind: 'resend-notification', notification: 'acknowledgement-1-sms', party: 'party-1' },
  }),
  retry: () => ({ subject: broken(), act: { kind: 'retry' } }),
};

const anybody = (roles: Person['roles'], change: Partial<Person> = {}): Person =>
  aPerson('X-777', { roles, limitMinor: yuan(1_000_000), ...change });

/** The only surveyor who may report is the one whom the claim names. */
const named = (name: ActName): string => (name === 'report-survey' ? 'S-201' : 'X-777');

function answerTo(name: ActName, of: Person): string {
  const { subject, act } = ready[name]();
  const person = { ...of, code: named(name) };
  const answer = subject.asks(person, act);
  return answer.kind === 'denied' ? answer.reason : answer.kind;
}

const permittedRole = (name: ActName): Person['roles'] => permissions[name].roles.slice(0, 1);

describe.each(actNames)('%s', (name) => {
  test.each(staffRoles)('the table decides whether a %s may', (role) => {
    const may = permissions[name].roles.includes(role);
    expect(answerTo(name, anybody([role]))).toBe(may ? 'decided' : 'role');
  });

  test.each([
    ['the policy', 'P-1'],
    ['the claim', 'L0000-00000'],
  ])('the table decides whether somebody who is related to %s may', (_, code) => {
    const kept = permissions[name].conflict === 'kept away';
    expect(answerTo(name, anybody(permittedRole(name), { conflicts: [code] }))).toBe(
      kept ? 'conflict-of-interest' : 'decided',
    );
  });

  test('the table decides whether a limit is asked for', () => {
    const { subject, act } = ready[name]();
    const answer = subject.asks(aPerson(named(name), { roles: permittedRole(name) }), act);
    const reason = answer.kind === 'denied' ? answer.reason : answer.kind;
    expect(reason).toBe(permissions[name].limit ? 'limit' : 'decided');
  });
});

test.each(actNames)('the table decides whether somebody of another branch may %s', (name) => {
  const own = permissions[name].branch === 'own' && name !== 'report-survey';
  const stranger = { ...anybody(permittedRole(name)), branch: 'penglai' };
  expect(answerTo(name, stranger)).toBe(own ? 'branch' : 'decided');
});

test.each([
  ['an executive', ready.approve, { roles: ['executive'] }],
  ['whom a superior has appointed', () => appointedTo(ready.approve()), { code: 'X-777' }],
] as const)('%s decides in every branch', (_, at, change) => {
  const { subject, act } = at();
  const person = {
    ...anybody(['reviewer']),
    branch: 'penglai',
    ...change,
    roles: [...('roles' in change ? change.roles : ['reviewer' as const])],
  };
  expect(subject.asks(person, act).kind).toBe('decided');
});

function appointedTo<R extends { subject: ClaimUnderTest }>(at: R): R {
  at.subject.does(supervisor, brings.appoints('X-777'));
  return at;
}

/** Somebody of every role: what they did before is all that can keep them away. */
const everything = aPerson('X-777', { roles: [...staffRoles], limitMinor: yuan(1_000_000) });

/** The claim at review after this person has had this hand in it; everything else is done by others. */
const after: Record<Hand, (person: Person) => ClaimUnderTest> = {
  filed: ({ code }) => atReview(filedBy(code), {}),
  corrected: (person) =>
    atReview(opened().does(person, brings.corrects({ item: { id: item, claimedMinor: claimed } }))),
  waived: (person) => atReview(opened().does(person, brings.waives('repair-invoice', item))),
  accepted: (person) => atReview(opened(), { accepts: person }),
  surveyed: (person) =>
    atReview(opened().does(manager, brings.handsOver(person.code, 'surveyor')), { surveys: person }),
  assessed: (person) => atReview(opened(), { assesses: person }),
  verified: (person) => atReview(opened(), { verifies: person }),
  'set the payee': (person) => atReview(opened().does(person, brings.setsPayee('account-1'))),
  approved: (person) => {
    const subject = atReview(opened());
    return subject.does(person, brings.approves(subject.hash()));
  },
  'approved the held payment': (person) => held([seniorReviewer, person]),
  'proposed the refusal': (person) => atReview(opened()).does(person, refusal),
  'decided it': (person) => paidFor(person),
  'decided it before': (person) => {
    const subject = paidFor(person).does(supervisor, brings.reopens('appeal'));
    subject.does(aPerson('C-309', { roles: ['handler'] }), brings.assesses(claimed + 1));
    subject.does(verifier, brings.verifies(2)).take({ kind: 'score', item });
    return subject;
  },
};

/** Approved by this person too, paid and ended. */
function paidFor(person: Person): ClaimUnderTest {
  const subject = assessable().approved(claimed, item, [seniorReviewer, person]);
  subject.take({ kind: 'payment-instructed', item, payment: subject.payment() });
  subject.take({ kind: 'bank-confirmed', payment: subject.payment(), reference: 'B-1' });
  return subject.closed();
}

const refusal: HumanAct = { kind: 'refuse', item, clause: 'not-in-force', reasons: ['loss-after-expiry'] };

/** Filed by this member of staff. */
function filedBy(code: string): ClaimUnderTest {
  const subject = opened();
  subject.claim = { ...subject.claim, filedBy: code };
  return subject;
}

/** On to review, by usual people where no other is named. */
function atReview(
  subject: ClaimUnderTest,
  by: { surveys?: Person; accepts?: Person; assesses?: Person; verifies?: Person } = {},
): ClaimUnderTest {
  const accepting = by.accepts ?? handler;
  subject.does(by.surveys ?? surveyor, brings.surveys());
  for (const document of papers)
    if (subject.item().documents[document] === undefined)
      subject.does(accepting, brings.adds(document, item)).does(accepting, brings.accepts(document, item));
  subject.take({ kind: 'issue-receipt', item });
  if (by.verifies === everything || by.assesses === undefined) subject.assessed(claimed, item, handler);
  else subject.assessed(claimed, item, by.assesses);
  subject.does(by.verifies ?? verifier, brings.verifies());
  subject.take({ kind: 'take-payee', item });
  subject.take({ kind: 'score', item });
  return subject;
}

const isPossible = (name: Deciding, hand: Hand): boolean =>
  hand !== 'decided it' && (name === 'clear-payment') === (hand === 'approved the held payment');

type Deciding = 'approve' | 'refuse' | 'clear-payment';

const decisions: Record<Deciding, (subject: ClaimUnderTest) => HumanAct> = {
  approve: (subject) => brings.approves(subject.hash()),
  refuse: () => refusal,
  'clear-payment': () => brings.clears('not-paid'),
};

describe.each(['approve', 'refuse', 'clear-payment'] as const)('%s', (name) => {
  test.each(hands.filter((hand) => isPossible(name, hand)))('the table keeps apart who %s', (hand) => {
    const subject = after[hand](everything);
    const answer = subject.asks(everything, decisions[name](subject));
    const reason = answer.kind === 'denied' ? answer.reason : 'may';
    const isApart = permissions[name].apart?.[hand] !== undefined;
    if (hand === 'proposed the refusal' && name === 'approve') expect(reason).toBe('not-now');
    else if (hand === 'approved' && name === 'approve') expect(reason).toBe('approved-before');
    else expect(reason).toBe(isApart ? 'segregation' : 'may');
    // Somebody without a hand in it may.
    if (name !== 'clear-payment' && hand !== 'proposed the refusal')
      expect(
        subject.asks(aPerson('X-778', { ...everything, code: 'X-778' }), decisions[name](subject)).kind,
      ).toBe('decided');
  });
});

/** Up to the assessment, with this hand of the person in it. */
const beforeVerify: Partial<Record<Hand, (person: Person, minor: number) => ClaimUnderTest>> = {
  filed: ({ code }, minor) => upToAssessment(minor, { filer: code }),
  corrected: (person, minor) => upToAssessment(minor, { corrects: person }),
  waived: (person, minor) => upToAssessment(minor, { waives: person }),
  accepted: (person, minor) => upToAssessment(minor, { accepts: person }),
  surveyed: (person, minor) => upToAssessment(minor, { surveys: person }),
  assessed: (person, minor) => upToAssessment(minor, { assesses: person }),
  'set the payee': (person, minor) => upToAssessment(minor, { sets: person }),
};

function upToAssessment(
  minor: number,
  by: {
    filer?: string;
    corrects?: Person;
    waives?: Person;
    accepts?: Person;
    surveys?: Person;
    assesses?: Person;
    sets?: Person;
  },
): ClaimUnderTest {
  const subject = ClaimUnderTest.covered({ items: [{ ...anInsuredVehicle(), claimedMinor: minor }] });
  if (by.filer) subject.claim = { ...subject.claim, filedBy: by.filer };
  if (by.corrects) subject.does(by.corrects, brings.corrects({ item: { id: item, claimedMinor: minor } }));
  if (by.surveys) subject.does(manager, brings.handsOver(by.surveys.code, 'surveyor'));
  if (by.sets) subject.does(by.sets, brings.setsPayee('account-1'));
  subject.does(by.surveys ?? surveyor, brings.surveys());
  for (const document of papers)
    if (by.waives) subject.does(by.waives, brings.waives(document, item));
    else
      subject
        .does(by.accepts ?? handler, brings.adds(document, item))
        .does(by.accepts ?? handler, brings.accepts(document, item));
  subject.take({ kind: 'issue-receipt', item });
  return subject.does(by.assesses ?? handler, brings.assesses(minor));
}

const bound = pack.separateAboveMinor;

describe.each(handsBefore.filter((hand) => beforeVerify[hand]))('who %s', (hand) => {
  test.each([
    ['up to the bound', bound],
    ['above it', bound + 1],
  ])('verifies %s as the table says', (_, minor) => {
    const subject = beforeVerify[hand]?.(everything, minor);
    const answer = subject?.asks(everything, brings.verifies());
    const apart = permissions.verify.apart?.[hand];
    const isBarred = apart === 'always' || (apart === 'above' && minor > bound);
    expect(answer?.kind === 'denied' ? answer.reason : answer?.kind).toBe(
      isBarred ? 'segregation' : 'decided',
    );
  });
});

test.each([
  ['the role that they were appointed in', 'reviewer', 'decided'],
  ['no other role', 'verifier', 'branch'],
] as const)('an appointment is for %s', (_, role, reason) => {
  const { subject, act: approval } = ready.approve();
  const stranger = { ...anybody(['reviewer', 'verifier']), branch: 'penglai' };
  subject.does(supervisor, brings.appoints(stranger.code, role));
  const answer = subject.asks(stranger, approval);
  expect(answer.kind === 'denied' ? answer.reason : answer.kind).toBe(reason);
});

test.each(['filed', 'corrected'] as const)('who %s a claim assesses only a small one', (hand) => {
  for (const [minor, reason] of [
    [bound, 'decided'],
    [bound + 1, 'segregation'],
  ] as const) {
    const subject = ClaimUnderTest.covered({ items: [{ ...anInsuredVehicle(), claimedMinor: bound }] });
    if (hand === 'filed') subject.claim = { ...subject.claim, filedBy: everything.code };
    else subject.does(everything, brings.corrects({ item: { id: item, claimedMinor: bound } }));
    subject.prepared(item, papers);
    const answer = subject.asks(everything, brings.assesses(minor));
    expect(answer.kind === 'denied' ? answer.reason : answer.kind).toBe(reason);
  }
});

test('a denial says which earlier act keeps somebody away', () => {
  const subject = after.accepted(everything);
  expect(subject.asks(everything, brings.approves(subject.hash()))).toMatchObject({
    sentence: 'X-777 accepted a document, and item-1 rests on it; somebody else must approve.',
  });
});

test('hands in what counts no more keep nobody away', () => {
  const subject = opened()
    .does(everything, brings.waives('driving-licence'))
    .does(everything, brings.setsPayee('other'));
  subject
    .does(handler, brings.adds('driving-licence', undefined, 'now'))
    .does(handler, brings.setsPayee('account-1'));
  subject.does(handler, brings.accepts('driving-licence'));
  atReview(subject);
  expect(subject.asks(everything, brings.approves(subject.hash())).kind).toBe('decided');
});

test('whoever set the payee of now stays apart, although somebody else has set the same again', () => {
  const subject = opened().does(everything, brings.setsPayee('a')).does(handler, brings.setsPayee('a'));
  atReview(subject);
  expect(subject.asks(everything, brings.approves(subject.hash()))).toMatchObject({ reason: 'segregation' });
});

test('an approval needs a limit that is not below the total of the claim', () => {
  const exactly = { ...seniorReviewer, limitMinor: claimed };
  for (const [person, kind] of [
    [exactly, 'decided'],
    [{ ...exactly, limitMinor: claimed - 1 }, 'denied'],
  ] as const) {
    const { subject, act } = ready.approve();
    expect(subject.asks(person, act).kind).toBe(kind);
  }
});

test('every row names roles that there are, and no other act is permitted than there is', () => {
  expect(permittedActs.filter((name) => permissions[name].roles.length === 0)).toEqual([]);
  expect(actNames.filter((name) => !permittedActs.includes(name))).toEqual([]);
});

test('no act is open to auditors, who only look, whatever other roles they have (S13)', () => {
  expect(permittedActs.filter((name) => rolesFor(name).includes('auditor'))).toEqual([]);
  expect(onlyLooks({ roles: ['auditor', 'manager'] })).toBe(true);
});

test('a denial names who may, and gives roles in words', () => {
  expect(lacksRole(supervisor, 'revoke-tokens')?.sentence).toBe(
    'This needs the role manager; U-901 has supervisor.',
  );
  expect(mayNot(manager, 'waive-document', opened().claim)).toBeUndefined();
  expect(rolesInWords('add-note')).toBe('everybody but auditor');
  expect(rolesInWords('look-at-claims')).toBe('everybody');
  expect(rolesInWords('verify')).toBe('verifier');
});

test('a role that a claim can wait for is named once', () => {
  const outside = ['customer', 'police', 'third-party', 'hospital', 'garage', 'bank'];
  expect(partyKinds.filter((kind) => !staffRoles.some((role) => role === kind))).toEqual(outside);
});

test('each event belongs to one act, so that its words are its own', () => {
  const events = actNames.flatMap((name) => Object.keys(acts[name].events));
  expect(events.toSorted()).toEqual([...new Set(events)].toSorted());
});
