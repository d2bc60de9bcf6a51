import fc from 'fast-check';
import type { Claim, ClaimOutcome, Item, ItemOutcome, Payment } from '../../../domain/claim/claim.ts';
import type { Command } from '../../../domain/claim/commands.ts';
import { decide, openClaim, recordDenial } from '../../../domain/claim/decide.ts';
import { denied } from '../../../domain/denial.ts';
import {
  act,
  anOpening,
  ClaimUnderTest,
  handler,
  manager,
  noticedAt,
  operator,
  rules,
  surveyor,
  yuan,
  aMessage,
  aNote,
} from '../../support/builders.ts';
import { claimsOf, groundsAt, play, scriptsOn, type Ground } from '../stories.ts';

const world = { now: noticedAt, rules };
const by = (person: typeof handler, done: ReturnType<typeof act.notes>): Command => ({
  ...done,
  person,
  issuedAt: noticedAt,
});

test('a claim begins with its opening, and waits for its acknowledgement', () => {
  const { claim, entries } = openClaim(anOpening(), world);
  expect(entries).toMatchObject([{ kind: 'claim-opened', seq: 1, at: noticedAt, by: 'lipei' }]);
  expect([claim.stage, claim.seq, claim.expectations]).toEqual(['acknowledge', 1, []]);
});

test.each<[string, Command, string]>([
  ['a person', by(handler, act.notes()), 'C-301'],
  [
    'the customer, of a paper',
    { kind: 'document-arrived', document: 'driving-licence', attachment: 'a' },
    'customer',
  ],
  ['the customer, of a text', { kind: 'text-arrived', party: 'party-1', note: aNote() }, 'customer'],
  ['the process', { kind: 'raise-problem', problem: 'bank:item-1', what: 'w' }, 'lipei'],
  [
    'the process, of a provider’s report',
    { kind: 'contact-turned-out', party: 'party-1', channel: 'sms', standing: 'lost', code: 'c' },
    'lipei',
  ],
])('entries name their author: %s', (_, command, author) => {
  const decision = decide(ClaimUnderTest.covered().claim, command, world);
  expect(decision.kind === 'decided' && decision.entries[0]?.by).toBe(author);
});

test('what the bank says is the bank’s', () => {
  const subject = ClaimUnderTest.covered().prepared().instructed();
  const word: Command = { kind: 'bank-confirmed', payment: subject.payment(), reference: 'B-1' };
  for (const [command, author] of [
    [{ ...word, message: aMessage('b-1', 'provider bank') }, 'bank'],
    // The answer to our own inquiry: nobody signed it.
    [word, 'lipei'],
  ] as const) {
    const decision = decide(subject.claim, command, { now: noticedAt, rules });
    expect(decision.kind === 'decided' && decision.entries[0]).toMatchObject({ by: author });
  }
});

test('all entries of one decision carry its time and message, and are numbered on from the claim', () => {
  const subject = ClaimUnderTest.covered();
  const from = subject.claim.seq;
  const decision = subject.asks(handler, act.adds('driving-licence'));
  const entries = decision.kind === 'decided' ? decision.entries : [];
  expect(entries.length).toBeGreaterThan(2);
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => from + 1 + index));
  expect(new Set(entries.map(({ at, message }) => `${at} ${message}`))).toEqual(
    new Set([`${noticedAt} m-1`]),
  );
});

/** Items that ended so. */
function ended(...kinds: ItemOutcome['kind'][]): Claim {
  const { claim } = ClaimUnderTest.covered({ surveyWaived: true });
  const outcomes: Record<ItemOutcome['kind'], ItemOutcome> = {
    paid: { kind: 'paid', amountMinor: 1, reference: 'B-1' },
    'nothing-payable': { kind: 'nothing-payable' },
    refused: { kind: 'refused', clause: 'fraud', reasons: [] },
    withdrawn: { kind: 'withdrawn', by: 'C-301' },
  };
  const items = claim.items.flatMap((item) =>
    kinds.map((kind, index): Item => ({ ...item, id: `item-${index + 1}`, outcome: outcomes[kind] })),
  );
  return { ...claim, items, expectations: [], outbox: [] };
}

test.each<[ItemOutcome['kind'][], ClaimOutcome]>([
  [['paid'], 'paid'],
  [['paid', 'paid'], 'paid'],
  [['paid', 'nothing-payable'], 'paid'],
  [['paid', 'refused'], 'partly-paid'],
  [['withdrawn', 'paid'], 'partly-paid'],
  [['refused'], 'refused'],
  [['refused', 'nothing-payable'], 'refused'],
  [['withdrawn', 'refused'], 'refused'],
  [['nothing-payable'], 'nothing-payable'],
  [['withdrawn', 'nothing-payable'], 'nothing-payable'],
  [['withdrawn', 'withdrawn'], 'withdrawn'],
])('items that ended as %j close the claim as %s', (kinds, outcome) => {
  const decision = decide(ended(...kinds), { kind: 'close' }, world);
  expect(decision.kind === 'decided' && decision.claim.outcome).toBe(outcome);
});

const closed = (): ClaimUnderTest => {
  const subject = ClaimUnderTest.covered().does(handler, act.withdraws());
  subject.messages().take({ kind: 'close' });
  return subject;
};

test.each<[string, Command]>([
  ['a paper', { kind: 'document-arrived', document: 'driving-licence', attachment: 'a' }],
  ['a text', { kind: 'text-arrived', party: 'party-1', note: aNote() }],
  ['a survey', by(surveyor, act.surveys())],
  ['a note', by(handler, act.notes())],
  ['a call', by(handler, act.calls('reached'))],
  ['a hand-over', by(handler, act.handsOver('C-309'))],
  ['a withdrawal', by(handler, act.withdraws())],
  ['a wish to withdraw', { kind: 'request-withdrawal' }],
  ['a retry where nothing is broken', by(operator, act.retries())],
  ['a second closing', { kind: 'close' }],
  ['a chase', { kind: 'take-rungs' }],
])('a closed claim takes no more: %s', (_, command) => {
  const { claim } = closed();
  expect(decide(claim, command, world)).toMatchObject({ kind: 'denied', reason: 'claim-closed' });
});

test.each<[string, Command]>([
  [
    'its last message was sent',
    { kind: 'notification-ended', notification: 'claim-closed-1-sms', outcome: { kind: 'accepted' } },
  ],
  ['something broke', { kind: 'raise-problem', problem: 'records:entries', what: 'w' }],
  ['a part was repaired', { kind: 'solve-problem', problem: 'records' }],
])('a closed claim still records that %s', (_, command) =>
  expect(decide(closed().claim, command, world).kind).toBe('decided'),
);

test.each([
  ['a code of ours stays', '"driving-licence" is not held.', '"driving-licence" is not held.'],
  ['several stay', 'Not "assess", but "verify".', 'Not "assess", but "verify".'],
  ['a name goes', '"王伟" is not known.', '"…" is not known.'],
  ['a number goes', '"6222020050001111" is not known.', '"…" is not known.'],
  ['words go', 'There is no "red car".', 'There is no "…".'],
  ['one that is none takes the others with it', '"assess" is not "Wang Wei".', '"…".'],
  ['an odd quotation mark hides all of it', 'a "b" c" d', 'a "…" d'],
  ['without quotations nothing changes', 'Nothing is broken.', 'Nothing is broken.'],
])('the journal keeps a denial without what was typed: %s', (_, sentence, kept) => {
  const { entries } = recordDenial(
    ClaimUnderTest.covered().claim,
    denied('unknown-code', sentence),
    { name: 'assess', by: 'C-301', message: aMessage('m-1') },
    world,
  );
  expect(entries).toMatchObject([{ by: 'C-301', denial: { sentence: kept, message: 'assess' } }]);
});

test('a denial leaves the claim as it was, but for the number of its last entry', () => {
  const { claim } = ClaimUnderTest.covered();
  const recorded = recordDenial(claim, denied('role', 'No.'), { name: 'assess', by: 'C-301' }, world);
  expect(recorded.claim).toEqual({ ...claim, seq: claim.seq + 1 });
});

/** Paid, or to be paid. What the bank says otherwise about is held, and finance clears it. */
const isLive = ({ kind }: Payment): boolean => ['approved', 'instructed', 'confirmed'].includes(kind);

describe.each(groundsAt('ordinary'))('in %s', (_, ground: Ground) => {
  const scripts = scriptsOn(ground);

  test('what is denied changes nothing', () => {
    let denials = 0;
    fc.assert(
      fc.property(scripts, (script) => {
        const { turns } = play(script, ground);
        for (const { before, decision, after, command, now } of turns) {
          if (decision.kind !== 'denied') continue;
          denials += 1;
          expect(after).toBe(before);
          const name = command.kind;
          const { claim } = recordDenial(
            before,
            decision,
            { name, by: 'C-301' },
            { now, rules: ground.rules },
          );
          expect(claim).toEqual({ ...before, seq: before.seq + 1 });
        }
      }),
      { numRuns: 30 },
    );
    expect(denials).toBeGreaterThan(0);
  });

  test('a message that was taken is not taken twice', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const { turns } = play(script, ground);
        for (const { command, decision, now } of turns) {
          if (decision.kind === 'denied' || decision.entries.length === 0) continue;
          const again = decide(decision.claim, command, { now, rules: ground.rules });
          expect(again).toEqual({ kind: 'decided', entries: [], claim: decision.claim });
        }
      }),
      { numRuns: 30 },
    );
  });

  test('the same command on the same claim at the same time is the same decision, and nothing is changed in place', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const { turns } = play(script, ground);
        for (const { before, command, decision, now } of turns.slice(-10)) {
          const copy = structuredClone(before);
          expect(decide(copy, command, { now, rules: ground.rules })).toEqual(decision);
          expect(copy).toEqual(before);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('never more is paid than the sum insured, and never are two payments of one item at the bank (S38)', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        for (const { items, cover } of claimsOf(play(script, ground))) {
          const live = items.flatMap(({ object, payments }) =>
            payments.filter(isLive).map(({ amountMinor }) => ({ object, amountMinor })),
          );
          for (const { payments } of items) expect(payments.filter(isLive).length).toBeLessThanOrEqual(1);
          if (cover?.kind !== 'covered') continue;
          for (const [object, { sumInsuredMinor }] of Object.entries(cover.objects))
            expect(
              live.filter((each) => each.object === object).reduce((sum, each) => sum + each.amountMinor, 0),
            ).toBeLessThanOrEqual(sumInsuredMinor);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('what goes to the bank has its receipt, a second person’s signature, a score, a payee and approval', () => {
    let paid = 0;
    fc.assert(
      fc.property(scripts, (script) => {
        const { turns } = play(script, ground);
        for (const { before, after } of turns)
          for (const [index, item] of after.items.entries()) {
            const earlier = before.items[index];
            const payment = item.payments.at(-1);
            if (payment?.kind !== 'instructed' || earlier?.payments.at(-1)?.kind !== 'approved') continue;
            paid += 1;
            expect(item).toMatchObject({ receipt: expect.anything(), payee: expect.anything() });
            expect(item.signedOff.verify?.version).toBe(item.assessment?.version);
            expect(item.signedOff.verify?.by).not.toBe(item.assessment?.by);
            expect(item.score?.of).toBe(payment.of);
            const approvers = item.approvals.filter(({ of }) => of === payment.of).map((each) => each.by);
            expect(approvers.length).toBeGreaterThan(0);
            expect(approvers).not.toContain(item.assessment?.by);
          }
      }),
      { numRuns: 40 },
    );
    expect(paid).toBeGreaterThan(0);
  });

  test('what is with the bank is not changed under it: amount and payee stand until the bank has answered', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const { turns } = play(script, ground);
        for (const { before, after } of turns)
          for (const [at, item] of before.items.entries()) {
            const payment = item.payments.at(-1);
            const since = after.items[at];
            if (payment?.kind !== 'instructed' || !since) continue;
            const { id, amountMinor, of } = payment;
            expect(since.payments.at(-1)).toMatchObject({ id, amountMinor, of });
            if (since.payments.at(-1)?.kind !== 'returned') expect(since.payee).toEqual(item.payee);
            expect(since.outcome?.kind ?? 'paid').toBe('paid');
          }
      }),
      { numRuns: 40 },
    );
  });

  test('an approval stands only for what was approved: whatever changes amount, payee or papers voids it', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const { turns } = play(script, ground);
        for (const { after, decision } of turns)
          for (const item of decision.kind === 'decided' ? after.items : []) {
            const payment = item.payments.at(-1);
            if (item.outcome || payment?.kind !== 'approved') continue;
            expect(payment.of).toBe(item.score?.of);
            expect(item.approvals.some(({ of }) => of === payment.of)).toBe(true);
          }
      }),
      { numRuns: 40 },
    );
  });

  test('neither claim nor journal holds what names or reaches somebody', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const { last, journal } = play(script, ground);
        for (const text of texts([last, journal])) expect(text).not.toMatch(personal);
      }),
      { numRuns: 20 },
    );
  });
});

/** Names in Chinese, addresses, telephones and accounts; hashes and times are none. */
const personal = /\p{Script=Han}|\S+@[a-z]|\+\d{6,}|\b\d{9,}\b/u;

const texts = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null
    ? [...Object.keys(value), ...Object.values(value).flatMap((each) => texts(each))]
    : [];
};

test('a sum too large for one person takes two, each once', () => {
  const subject = ClaimUnderTest.covered()
    .prepared('item-1', ['driving-licence', 'police-determination', 'repair-invoice'])
    .reviewable(yuan(300_000));
  subject.asks(manager, act.approves(subject.hash()));
  expect(subject.item().payments).toEqual([]);
});
