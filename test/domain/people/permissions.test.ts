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
  Desk,
  handler,
  manager,
  seniorReviewer,
  supervisor,
  verifier,
  yuan,
} from '../../support/builders.ts';

const item = 'item-1';
const papers = ['driving-licence', 'police-determination', 'repair-invoice'];
const claimed = yuan(380_000);

const opened = (): Desk => Desk.covered({ items: [anInsuredVehicle({ claimed: 380_000 })] });
const assessable = (): Desk => opened().prepared(item, papers);
const reviewable = (): Desk => assessable().reviewable(claimed);

function handedIn(): Desk {
  return opened().does(handler, { kind: 'add-document', document: 'driving-licence', attachment: 'sha' });
}

function toBeWithdrawn(): Desk {
  const desk = opened();
  desk.take({ kind: 'request-withdrawal' });
  return desk;
}

function broken(): Desk {
  const desk = opened();
  desk.take({ kind: 'raise-problem', problem: 'sms', what: 'the provider takes no messages' });
  return desk;
}

/** A formal letter is written and waits to be posted. */
function withLetter(): Desk {
  const desk = opened();
  for (let turns = 0; desk.claim.letters.length === 0 && turns < 200; turns += 1) {
    desk.chase();
    for (const { id, channel } of desk.claim.outbox.filter((planned) => planned.channel === 'letter'))
      if (channel === 'letter')
        desk.take({
          kind: 'notification-ended',
          notification: id,
          outcome: { kind: 'accepted' },
        });
  }
  return desk;
}

const hashOf = (desk: Desk): string => payableHash(desk.claim, desk.item()) ?? '';

/** For each act a claim at the right step, and the act as it is taken there. */
const ready: { [N in ActName]: () => { desk: Desk; act: Extract<HumanAct, { kind: N }> } } = {
  'add-document': () => ({
    desk: opened(),
    act: { kind: 'add-document', document: 'driving-licence', attachment: 'sha' },
  }),
  'accept-document': () => ({
    desk: handedIn(),
    act: { kind: 'accept-document', document: 'driving-licence' },
  }),
  'reject-document': () => ({
    desk: handedIn(),
    act: { kind: 'reject-document', document: 'driving-licence', reason: 'unreadable' },
  }),
  'waive-document': () => ({ desk: opened(), act: { kind: 'waive-document', document: 'driving-licence' } }),
  'report-survey': () => ({ desk: opened(), act: { kind: 'report-survey', onScene: true } }),
  assess: () => ({ desk: assessable(), act: { kind: 'assess', item, amountMinor: claimed } }),
  verify: () => ({ desk: assessable().assessed(claimed), act: { kind: 'verify', item, version: 1 } }),
  approve: () => {
    const desk = reviewable();
    return { desk, act: { kind: 'approve', item, of: hashOf(desk) } };
  },
  'return-for-rework': () => ({
    desk: reviewable(),
    act: { kind: 'return-for-rework', item, to: 'assess', reason: 'price-too-high' },
  }),
  refuse: () => ({
    desk: reviewable(),
    act: { kind: 'refuse', item, clause: 'not-in-force', reasons: ['the policy had ended'] },
  }),
  'set-payee': () => ({
    desk: opened(),
    act: { kind: 'set-payee', item, party: 'party-1', account: 'another' },
  }),
  'record-call': () => ({
    desk: opened(),
    act: { kind: 'record-call', party: 'party-1', outcome: 'reached' },
  }),
  'hand-over': () => ({ desk: opened(), act: { kind: 'hand-over', to: 'C-399', role: 'handler' } }),
  withdraw: () => ({ desk: opened(), act: { kind: 'withdraw' } }),
  'cancel-withdrawal': () => ({ desk: toBeWithdrawn(), act: { kind: 'cancel-withdrawal' } }),
  'correct-claim': () => ({ desk: opened(), act: { kind: 'correct-claim', policy: 'P-2' } }),
  'correct-contact': () => ({
    desk: opened(),
    act: { kind: 'correct-contact', party: 'party-1', revision: 2, reach: { sms: true, email: false } },
  }),
  'add-note': () => ({ desk: opened(), act: { kind: 'add-note', note: 'note-1' } }),
  'post-letter': () => {
    const desk = withLetter();
    return { desk, act: { kind: 'post-letter', notification: desk.claim.letters[0] ?? '' } };
  },
  'resend-notification': () => ({
    desk: opened(),
    act: { kind: 'resend-notification', notification: 'acknowledgement-1-sms', party: 'party-1' },
  }),
  retry: () => ({ desk: broken(), act: { kind: 'retry' } }),
};

const anybody = (roles: Person['roles'], change: Partial<Person> = {}): Person =>
  aPerson('X-777', { roles, limitMinor: yuan(1_000_000), ...change });

function answerTo(name: ActName, person: Person): string {
  const { desk, act } = ready[name]();
  const answer = desk.asks(person, act);
  return answer.kind === 'refused' ? answer.reason : answer.kind;
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
    const { desk, act } = ready[name]();
    const answer = desk.asks(aPerson('X-777', { roles: permittedRole(name) }), act);
    const reason = answer.kind === 'refused' ? answer.reason : answer.kind;
    expect(reason).toBe(permissions[name].limit ? 'limit' : 'decided');
  });
});

/** Somebody of every role: what they did before is all that can keep them away. */
const everything = aPerson('X-777', { roles: [...staffRoles], limitMinor: yuan(1_000_000) });

const after: Record<Segregation, () => Desk> = {
  assessed: () => assessable().assessed(claimed, item, everything),
  verified: () => assessable().assessed(claimed).does(everything, { kind: 'verify', item, version: 1 }),
  approved: () => {
    const desk = reviewable();
    return desk.does(everything, { kind: 'approve', item, of: hashOf(desk) });
  },
  'proposed the refusal': () =>
    reviewable().does(everything, { kind: 'refuse', item, clause: 'not-in-force', reasons: ['late'] }),
};

/** On to review, with a verification by somebody else where it lacks one. */
function atReview(desk: Desk): Desk {
  if (desk.item().signedOff.verify === undefined) desk.does(verifier, { kind: 'verify', item, version: 1 });
  desk.take({ kind: 'take-payee', item });
  desk.take({ kind: 'score', item });
  return desk;
}

const decisions: { [N in 'approve' | 'refuse' | 'return-for-rework']: (desk: Desk) => HumanAct } = {
  approve: (desk) => ({ kind: 'approve', item, of: hashOf(desk) }),
  refuse: () => ({ kind: 'refuse', item, clause: 'not-in-force', reasons: ['late'] }),
  'return-for-rework': () => ({ kind: 'return-for-rework', item, to: 'assess', reason: 'price-too-high' }),
};

describe.each(['approve', 'refuse', 'return-for-rework'] as const)('%s', (name) => {
  test.each(['assessed', 'verified', 'approved', 'proposed the refusal'] as const)(
    'the table decides whether somebody may who has %s before',
    (what) => {
      const desk = atReview(after[what]());
      const answer = desk.asks(everything, decisions[name](desk));
      const isBarred = permissions[name].segregation?.includes(what) ?? false;
      const reason = answer.kind === 'refused' ? answer.reason : 'may';
      if (what === 'proposed the refusal' && name === 'approve') expect(reason).toBe('not-now');
      else if (isBarred) expect(reason).toBe(what === 'approved' ? 'approved-before' : 'segregation');
      else expect(reason).toBe('may');
    },
  );
});

test('whoever assessed an item does not verify it', () => {
  const desk = after.assessed();
  expect(desk.asks(everything, { kind: 'verify', item, version: 1 })).toMatchObject({
    reason: 'segregation',
    sentence: 'X-777 assessed item-1 and cannot also verify it; somebody else must.',
  });
});

test('an approval needs a limit that is not below the total of the claim', () => {
  const exactly = { ...seniorReviewer, limitMinor: claimed };
  for (const [person, kind] of [
    [exactly, 'decided'],
    [{ ...exactly, limitMinor: claimed - 1 }, 'refused'],
  ] as const) {
    const { desk, act } = ready.approve();
    expect(desk.asks(person, act).kind).toBe(kind);
  }
});

test('every row names roles that there are, and no other act is permitted than there is', () => {
  expect(permittedActs.filter((name) => permissions[name].roles.length === 0)).toEqual([]);
  expect(actNames.filter((name) => !permittedActs.includes(name))).toEqual([]);
});

test('a refusal names who may, and roles are said in words', () => {
  expect(lacksRole(supervisor, 'revoke-tokens')?.sentence).toBe(
    'This needs the role manager; U-901 has supervisor.',
  );
  expect(mayNot(manager, 'waive-document', { policy: 'P-1', number: 'L0000-00000' })).toBeUndefined();
  expect(rolesInWords('add-note')).toBe('everybody but auditor');
  expect(rolesInWords('look-at-claims')).toBe('everybody');
  expect(rolesInWords('verify')).toBe('verifier');
});

test('a role that a claim can wait for is named once', () => {
  const outside = ['customer', 'police', 'third-party', 'hospital', 'garage', 'bank'];
  expect(partyKinds.filter((kind) => !staffRoles.some((role) => role === kind))).toEqual(outside);
});

test('each event is told by one act, so that its words are its own', () => {
  const events = actNames.flatMap((name) => Object.keys(acts[name].events));
  expect(events.toSorted()).toEqual([...new Set(events)].toSorted());
});
