import { actNames, acts, type ActName, type HumanAct } from '../../../domain/claim/acts.ts';
import { payableHash } from '../../../domain/money/payable.ts';
import {
  lacksRole,
  mayNot,
  permissions,
  permittedActs,
  rolesInWords,
  type Segregation,
} from '../../../domain/people/permissions.ts';
import { partyKinds, staffRoles, type Person } from '../../../domain/people/people.ts';
import {
  anInsuredVehicle,
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
    act: { kind: 'waive-document', document: 'driving-licence' },
  }),
  'report-survey': () => ({ subject: opened(), act: { kind: 'report-survey', onScene: true } }),
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
    act: { kind: 'refuse', item, clause: 'not-in-force', reasons: ['the policy had ended'] },
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
  'hand-over': () => ({ subject: opened(), act: { kind: 'hand-over', to: 'C-399', role: 'handler' } }),
  withdraw: () => ({ subject: opened(), act: { kind: 'withdraw' } }),
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

function answerTo(name: ActName, person: Person): string {
  const { subject, act } = ready[name]();
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
    const answer = subject.asks(aPerson('X-777', { roles: permittedRole(name) }), act);
    const reason = answer.kind === 'denied' ? answer.reason : answer.kind;
    expect(reason).toBe(permissions[name].limit ? 'limit' : 'decided');
  });
});

/** Somebody of every role: what they did before is all that can keep them away. */
const everything = aPerson('X-777', { roles: [...staffRoles], limitMinor: yuan(1_000_000) });

const after: Record<Segregation, () => ClaimUnderTest> = {
  assessed: () => assessable().assessed(claimed, item, everything),
  verified: () => assessable().assessed(claimed).does(everything, { kind: 'verify', item, version: 1 }),
  approved: () => {
    const subject = reviewable();
    return subject.does(everything, { kind: 'approve', item, of: hashOf(subject) });
  },
  'approved the held payment': () => held([seniorReviewer, everything]),
  'proposed the refusal': () =>
    reviewable().does(everything, { kind: 'refuse', item, clause: 'not-in-force', reasons: ['late'] }),
};

/** On to review, with a verification by somebody else where it lacks one. */
function atReview(subject: ClaimUnderTest): ClaimUnderTest {
  if (subject.item().signedOff.verify === undefined)
    subject.does(verifier, { kind: 'verify', item, version: 1 });
  subject.take({ kind: 'take-payee', item });
  subject.take({ kind: 'score', item });
  return subject;
}

const decisions: {
  [N in 'approve' | 'refuse' | 'return-for-rework']: (subject: ClaimUnderTest) => HumanAct;
} = {
  approve: (subject) => ({ kind: 'approve', item, of: hashOf(subject) }),
  refuse: () => ({ kind: 'refuse', item, clause: 'not-in-force', reasons: ['late'] }),
  'return-for-rework': () => ({ kind: 'return-for-rework', item, to: 'assess', reason: 'price-too-high' }),
};

describe.each(['approve', 'refuse', 'return-for-rework'] as const)('%s', (name) => {
  test.each(['assessed', 'verified', 'approved', 'proposed the refusal'] as const)(
    'the table decides whether somebody may who has %s before',
    (what) => {
      const subject = atReview(after[what]());
      const answer = subject.asks(everything, decisions[name](subject));
      const isBarred = permissions[name].segregation?.includes(what) ?? false;
      const reason = answer.kind === 'denied' ? answer.reason : 'may';
      if (what === 'proposed the refusal' && name === 'approve') expect(reason).toBe('not-now');
      else if (isBarred) expect(reason).toBe(what === 'approved' ? 'approved-before' : 'segregation');
      else expect(reason).toBe('may');
    },
  );
});

test('the person who assessed an item does not verify it', () => {
  const subject = after.assessed();
  expect(subject.asks(everything, { kind: 'verify', item, version: 1 })).toMatchObject({
    reason: 'segregation',
    sentence: 'X-777 assessed item-1 and cannot also verify it; somebody else must.',
  });
});

test.each([
  ['assessed', () => assessable().assessed(claimed, item, everything)],
  ['approved', after['approved the held payment']],
] as const)('somebody who %s it does not clear a held payment', (what, at) => {
  const subject = at();
  if (what === 'assessed') {
    subject.does(verifier, { kind: 'verify', item, version: 1 });
    subject.take({ kind: 'take-payee', item });
    subject.take({ kind: 'score', item });
    for (const person of [seniorReviewer, manager])
      subject.does(person, { kind: 'approve', item, of: hashOf(subject) });
    subject.take({ kind: 'payment-instructed', item, payment: subject.payment() });
    subject.take({ kind: 'bank-returned', payment: subject.payment(), reason: 'AC04' });
  }
  expect(subject.asks(everything, { kind: 'clear-payment', item, finding: 'not-paid' })).toMatchObject({
    reason: 'segregation',
  });
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
