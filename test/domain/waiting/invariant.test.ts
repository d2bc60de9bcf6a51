import fc from 'fast-check';
import type { Command, HumanAct, PolicyFacts } from '../../../domain/claim/commands.ts';
import type { Claim } from '../../../domain/claim/claim.ts';
import { calendarFor } from '../../../config/calendars.ts';
import { houseRules } from '../../../config/rules/load.ts';
import type { RulePack, Rules } from '../../../domain/rules/pack.ts';
import { evolve, fold } from '../../../domain/claim/evolve.ts';
import { openClaim } from '../../../domain/claim/decide.ts';
import type { Expectation } from '../../../domain/waiting/expectation.ts';
import type { JournalEntry } from '../../../domain/claim/journal.ts';
import { payableHash } from '../../../domain/money/payable.ts';
import type {
  LedgerOutcome,
  Notification,
  NotificationOutcome,
} from '../../../domain/messages/notifications.ts';
import { isOvertaken } from '../../../domain/messages/overtaken.ts';
import type { Person } from '../../../domain/people/people.ts';
import { isOwnStep, isSettled, nextClaimStep, nextStep } from '../../../domain/road/road.ts';
import { itemSteps } from '../../../domain/road/steps.ts';
import { decide } from '../../../domain/claim/decide.ts';
import {
  anOpening,
  aPolicy,
  handler,
  juniorReviewer,
  lossAt,
  manager,
  noticedAt,
  operator,
  seniorReviewer,
  supervisor,
  surveyor,
  verifier,
  yuan,
} from '../../support/builders.ts';

/** What claims of one line in one jurisdiction are filed under today, and such a claim of two parties. */
interface Ground {
  rules: Rules;
  opening: ReturnType<typeof anOpening>;
  policy: PolicyFacts;
  /** Everything that somebody may bring, and something that nobody asked for. */
  documents: string[];
}

const grounds = houseRules
  .inForce('ordinary')
  .map((pack): [string, Ground] => [`${pack.line}-${pack.jurisdiction}`, groundUnder(pack)]);

function groundUnder(pack: RulePack): Ground {
  const { versions, line, jurisdiction, currency } = pack;
  const objects = Object.keys(pack.objects);
  const [first = '', last = first] = [objects[0], objects.at(-1)];
  return {
    rules: { pack, calendar: calendarFor(pack, lossAt, noticedAt) },
    opening: anOpening({
      line,
      jurisdiction,
      currency,
      rules: versions,
      items: [
        { id: 'item-1', object: first, party: 'party-1', claimedMinor: yuan(6000) },
        { id: 'item-2', object: last, party: 'party-2', claimedMinor: yuan(3500) },
      ],
    }),
    policy: aPolicy({
      line,
      objects: Object.fromEntries(
        objects.map((object) => [object, { sumInsuredMinor: yuan(500_000), excessMinor: 0 }]),
      ),
    }),
    documents: [...pack.documents.flatMap(({ kind, substitutes }) => [kind, ...substitutes]), 'horoscope'],
  };
}

/**
 * An open claim has an open expectation with a next action and a next date, or an effect in flight (design
 * §1).
 */
function isStuck(claim: Claim, { pack }: Rules): boolean {
  if (claim.outcome) return false;
  const steps = [nextClaimStep(claim), ...claim.items.map((item) => nextStep(claim, item, pack))];
  const inFlight =
    claim.outbox.length > 0 || isSettled(claim) || steps.some((step) => step && isOwnStep(step));
  return (
    !inFlight &&
    !claim.expectations.some(({ next }) => next.at !== undefined && !Number.isNaN(Date.parse(next.at)))
  );
}

const people = fc.constantFrom<Person>(
  surveyor,
  handler,
  verifier,
  juniorReviewer,
  seniorReviewer,
  manager,
  supervisor,
  operator,
  { ...handler, code: 'C-302', roles: ['handler', 'reviewer'], limitMinor: yuan(900_000) },
);
const item = fc.constantFrom('item-1', 'item-2', 'item-9');
const party = fc.constantFrom('party-1', 'party-2', 'party-9');

const actsOn = (kinds: string[], document = fc.constantFrom(...kinds)): fc.Arbitrary<HumanAct> =>
  fc.oneof(
    fc.record({
      kind: fc.constant('add-document' as const),
      item,
      document,
      attachment: fc.constantFrom('a', 'b'),
    }),
    fc.record({ kind: fc.constant('accept-document' as const), item, document }),
    fc.record({ kind: fc.constant('accept-document' as const), item, document }),
    fc.record({
      kind: fc.constant('reject-document' as const),
      item,
      document,
      reason: fc.constant('unreadable'),
    }),
    fc.record({ kind: fc.constant('waive-document' as const), item, document }),
    fc.record({ kind: fc.constant('report-survey' as const), onScene: fc.boolean() }),
    fc.record({
      kind: fc.constant('assess' as const),
      item,
      amountMinor: fc.constantFrom(0, 1, yuan(3000), yuan(4800), yuan(400_000)),
    }),
    fc.record({ kind: fc.constant('verify' as const), item, version: fc.integer({ min: 1, max: 3 }) }),
    fc.record({
      kind: fc.constant('return-for-rework' as const),
      item,
      to: fc.constantFrom(...itemSteps),
      reason: fc.constantFrom('page-missing', 'price-too-high', 'nonsense'),
      documents: fc.constant<string[]>(kinds.slice(0, 2)),
    }),
    fc.record({
      kind: fc.constant('refuse' as const),
      item,
      clause: fc.constantFrom('fraud', 'nonsense'),
      reasons: fc.constant<string[]>(['r']),
    }),
    fc.record({
      kind: fc.constant('set-payee' as const),
      item,
      party,
      account: fc.constantFrom('x', 'y'),
    }),
    fc.record({
      kind: fc.constant('record-call' as const),
      party,
      outcome: fc.constantFrom('reached' as const, 'no-answer' as const, 'busy-will-go-later' as const),
      promised: fc.constantFrom('2026-12-04', '2027-02-01'),
    }),
    fc.record({ kind: fc.constant('withdraw' as const), item }),
    fc.record({ kind: fc.constant('correct-claim' as const), policy: fc.constantFrom('P-1', 'P-2') }),
    fc.record({ kind: fc.constant('cancel-withdrawal' as const) }),
    fc.record({ kind: fc.constant('retry' as const) }),
  );

/** What the ledger can say of any message; one to staff may be given up besides. Most are taken. */
const ledgerOutcomes: LedgerOutcome[] = [
  { kind: 'accepted' },
  { kind: 'accepted' },
  { kind: 'accepted' },
  { kind: 'suppressed', reason: 'chased-just-now' },
  { kind: 'undeliverable', code: 'c', why: 'contact' },
  { kind: 'undeliverable', code: 'c', why: 'content' },
  { kind: 'lost', code: 'c' },
];

type Move =
  | { kind: 'act'; act: HumanAct; person: Person }
  | { kind: 'approve'; item: string; person: Person }
  | { kind: 'process' }
  | { kind: 'people' }
  | { kind: 'cover'; covered: boolean }
  | { kind: 'bank'; returned: boolean }
  | { kind: 'wait'; days: number }
  | { kind: 'deliver'; outcome: LedgerOutcome; staff: NotificationOutcome }
  | { kind: 'post' }
  /** A provider says, long after it took them, that the texts did not arrive. */
  | { kind: 'report-late' }
  | { kind: 'problem' }
  | { kind: 'cancel' };

const movesOn = ({ documents }: Ground): fc.Arbitrary<Move> =>
  fc.oneof(
    {
      arbitrary: fc.record({ kind: fc.constant('act' as const), act: actsOn(documents), person: people }),
      weight: 8,
    },
    { arbitrary: fc.record({ kind: fc.constant('approve' as const), item, person: people }), weight: 2 },
    { arbitrary: fc.constant<Move>({ kind: 'process' }), weight: 5 },
    { arbitrary: fc.constant<Move>({ kind: 'people' }), weight: 4 },
    { arbitrary: fc.record({ kind: fc.constant('cover' as const), covered: fc.boolean() }), weight: 1 },
    { arbitrary: fc.record({ kind: fc.constant('bank' as const), returned: fc.boolean() }), weight: 2 },
    {
      arbitrary: fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 0, max: 40 }) }),
      weight: 3,
    },
    {
      arbitrary: fc.record({
        kind: fc.constant('deliver' as const),
        outcome: fc.constantFrom<LedgerOutcome>(...ledgerOutcomes),
        staff: fc.constantFrom<NotificationOutcome>(...ledgerOutcomes, { kind: 'failed', code: 'c' }),
      }),
      weight: 4,
    },
    { arbitrary: fc.constant<Move>({ kind: 'post' }), weight: 1 },
    { arbitrary: fc.constant<Move>({ kind: 'report-late' }), weight: 1 },
    { arbitrary: fc.constant<Move>({ kind: 'problem' }), weight: 1 },
    { arbitrary: fc.constant<Move>({ kind: 'cancel' }), weight: 1 },
  );

/** What one move asks of the claim as it stands. */
function commandsOf(move: Move, claim: Claim, now: string, { rules, policy }: Ground): Command[] {
  switch (move.kind) {
    case 'act':
      return [{ ...explained(move.act, claim), person: move.person, issuedAt: now }];
    case 'approve': {
      const found = claim.items.find(({ id }) => id === move.item);
      return [
        {
          kind: 'approve',
          item: move.item,
          of: (found && payableHash(claim, found)) ?? 'nothing',
          person: move.person,
          issuedAt: now,
        },
      ];
    }
    case 'process':
      return ownSteps(claim, rules);
    case 'people':
      return claim.expectations.slice(0, 3).flatMap((open) => answersTo(open, claim, now));
    case 'cover':
      return nextClaimStep(claim) === 'cover'
        ? [{ kind: 'check-cover', policy: move.covered ? policy : undefined }]
        : [];
    case 'bank':
      return claim.items
        .flatMap(({ payments }) => payments)
        .filter(({ kind }) => kind === 'instructed')
        .map(({ id }): Command =>
          move.returned
            ? { kind: 'bank-returned', payment: id, reason: 'AC04' }
            : { kind: 'bank-confirmed', payment: id, reference: 'B' },
        );
    case 'wait':
      return [{ kind: 'take-rungs' }];
    case 'deliver':
      return claim.outbox.map((notification): Command => ({
        kind: 'notification-ended',
        notification: notification.id,
        outcome: outcomeOf(notification, claim, move),
      }));
    case 'report-late':
      return Object.entries(claim.said).flatMap(([saying, { by }]) =>
        by.sms === 'sent'
          ? [
              {
                kind: 'delivery-reported',
                notification: `${saying}-sms`,
                outcome: 'undelivered',
                arrived: now,
                code: '30003',
              },
            ]
          : [],
      );
    case 'post':
      return claim.letters.map((notification): Command => ({
        kind: 'post-letter',
        notification,
        person: operator,
        issuedAt: now,
      }));
    case 'problem':
      return [{ kind: 'raise-problem', problem: 'pay:item-1', what: 'the bank does not take payments' }];
    case 'cancel':
      return [{ kind: 'request-withdrawal' }];
  }
}

/** As the teller has it: what has been overtaken is not attempted. */
function outcomeOf(
  notification: Notification,
  claim: Claim,
  { outcome, staff }: Extract<Move, { kind: 'deliver' }>,
): NotificationOutcome {
  if (isOvertaken(notification, claim)) return { kind: 'suppressed', reason: 'overtaken' };
  return 'party' in notification.to ? outcome : staff;
}

/** What the right people do about what is waited for: else few scripts come to a payment. */
function answersTo({ id, what, item: of }: Expectation, claim: Claim, now: string): Command[] {
  const by = (person: Person, act: HumanAct): Command => ({ ...act, person, issuedAt: now });
  const found = claim.items.find((each) => each.id === of);
  const paper = { document: id.split(':')[2] ?? '', ...(of && { item: of }) };
  if (id === 'survey') return [by(surveyor, { kind: 'report-survey', onScene: true })];
  if (id.startsWith('document:'))
    return [
      by(handler, { kind: 'add-document', ...paper, attachment: 'a' }),
      by(handler, { kind: 'accept-document', ...paper }),
    ];
  if (id.startsWith('check:')) return [by(handler, { kind: 'accept-document', ...paper })];
  if (!found) return [];
  if (what === 'assess')
    return [by(handler, { kind: 'assess', item: found.id, amountMinor: found.claimedMinor })];
  if (what === 'verify')
    return [by(verifier, { kind: 'verify', item: found.id, version: found.assessments })];
  return what === 'review'
    ? [by(manager, { kind: 'approve', item: found.id, of: payableHash(claim, found) ?? '' })]
    : [];
}

/** An assessment below what is claimed needs a reason for the difference. */
function explained(act: HumanAct, claim: Claim): HumanAct {
  if (act.kind !== 'assess') return act;
  const minor = (claim.items.find(({ id }) => id === act.item)?.claimedMinor ?? 0) - act.amountMinor;
  return minor > 0 ? { ...act, cuts: [{ reason: 'depreciation', minor }] } : act;
}

function ownSteps(claim: Claim, { pack }: Rules): Command[] {
  if (nextClaimStep(claim) === 'acknowledge') return [{ kind: 'acknowledge' }];
  if (isSettled(claim)) return [{ kind: 'close' }];
  return claim.items.flatMap((each): Command[] => {
    const step = nextStep(claim, each, pack);
    const payment = each.payments.at(-1);
    if (step === 'receipt') return [{ kind: 'issue-receipt', item: each.id }];
    if (step === 'verify') return [{ kind: 'verify-by-rules', item: each.id }];
    if (step === 'payee') return [{ kind: 'take-payee', item: each.id }];
    if (step === 'score') return [{ kind: 'score', item: each.id }];
    if (step === 'review') return [{ kind: 'review-by-rules', item: each.id }];
    if (step === 'pay' && payment)
      return [{ kind: 'payment-instructed', item: each.id, payment: payment.id }];
    return step === 'conclude' ? [{ kind: 'conclude', item: each.id }] : [];
  });
}

function play(script: Move[], ground: Ground): { claims: Claim[]; journal: JournalEntry[] } {
  let now = noticedAt;
  const { opening, rules } = ground;
  const first = openClaim(opening, { now, rules });
  const [claims, journal] = [[first.claim], [...first.entries]];
  for (const move of script) {
    if (move.kind === 'wait') now = new Date(Date.parse(now) + move.days * 86_400_000).toISOString();
    for (const command of commandsOf(move, claims.at(-1) ?? first.claim, now, ground)) {
      const decision = decide(claims.at(-1) ?? first.claim, command, { now, rules });
      if (decision.kind === 'refused') continue;
      claims.push(decision.claim);
      journal.push(...decision.entries);
    }
  }
  return { claims, journal };
}

/** Nothing is left in flight that would hide a claim which waits for nobody. */
const allTaken: Move = { kind: 'deliver', outcome: { kind: 'accepted' }, staff: { kind: 'accepted' } };

const allLost: Move = {
  kind: 'deliver',
  outcome: { kind: 'lost', code: 'timeout' },
  staff: { kind: 'failed', code: 'c' },
};

describe.each(grounds)('a claim under %s', (_, ground) => {
  const { rules } = ground;
  const scripts = fc.array(movesOn(ground), { minLength: 5, maxLength: 60 });

  test('an open claim always has an open expectation with a next action and date, or an effect in flight', () => {
    fc.assert(
      fc.property(scripts, (script) =>
        play([...script, allTaken, allTaken], ground).claims.every((claim) => !isStuck(claim, rules)),
      ),
      { numRuns: 300 },
    );
  });

  test('a closed claim waits for nothing: lists take what waits for something for open', () => {
    let closed = 0;
    fc.assert(
      fc.property(scripts, (script) => {
        for (const claim of play(
          [
            ...script,
            { kind: 'act', act: { kind: 'withdraw' }, person: handler },
            { kind: 'deliver', outcome: { kind: 'accepted' }, staff: { kind: 'accepted' } },
            { kind: 'post' },
            { kind: 'act', act: { kind: 'retry' }, person: operator },
            { kind: 'process' },
            { kind: 'wait', days: 40 },
          ],
          ground,
        ).claims) {
          if (!claim.outcome) continue;
          closed += 1;
          expect(claim.expectations).toEqual([]);
        }
      }),
      { numRuns: 200 },
    );
    expect(closed).toBeGreaterThan(20);
  });

  test('the fold of the journal is the state, entry by entry and through JSON', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const { claims, journal } = play(script, ground);
        const copied: JournalEntry[] = JSON.parse(JSON.stringify(journal));
        expect(JSON.parse(JSON.stringify(fold(copied, rules.pack)))).toEqual(
          JSON.parse(JSON.stringify(claims.at(-1))),
        );
      }),
      { numRuns: 100 },
    );
  });

  test('nothing is paid without documents, verification, score and approval, and never twice (S38)', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        for (const claim of play(script, ground).claims) {
          for (const { payments } of claim.items)
            expect(
              payments.filter(({ kind }) => kind === 'instructed' || kind === 'confirmed').length,
            ).toBeLessThanOrEqual(1);
          for (const each of claim.items)
            if (each.payments.some(({ kind }) => kind === 'instructed') && !each.outcome)
              expect(each).toMatchObject({
                receipt: expect.anything(),
                signedOff: { verify: expect.anything() },
                score: expect.anything(),
                payee: expect.anything(),
              });
        }
      }),
      { numRuns: 200 },
    );
  });

  test('what is with the bank is not changed under it: its amount and its payee stand until the bank has answered', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const { claims } = play(script, ground);
        for (const [index, after] of claims.slice(1).entries()) {
          for (const [at, before] of (claims[index]?.items ?? []).entries()) {
            const payment = before.payments.at(-1);
            const since = after.items[at];
            if (payment?.kind !== 'instructed' || !since) continue;
            expect(since.payments.at(-1)).toMatchObject({
              id: payment.id,
              amountMinor: payment.amountMinor,
              of: payment.of,
            });
            if (since.payments.at(-1)?.kind !== 'returned')
              expect([since.payee, since.outcome?.kind ?? 'paid']).toEqual([before.payee, 'paid']);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('no two messages are planned under one id: the ledger would send the first of them alone', () => {
    let fallBacks = 0;
    fc.assert(
      fc.property(scripts, (script) => {
        const planned = play(
          [...script, { kind: 'report-late' }, ...script, allLost, allTaken],
          ground,
        ).journal.flatMap((entry) => (entry.kind === 'notification-planned' ? [entry.notification] : []));
        fallBacks += planned.filter(({ insteadOf }) => insteadOf).length;
        const ids = planned.map(({ id }) => id);
        expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
      }),
      { numRuns: 200 },
    );
    expect(fallBacks).toBeGreaterThan(20);
  });

  test('a gap in the journal is no journal', () => {
    const { entries, claim } = openClaim(ground.opening, { now: noticedAt, rules });
    expect(() =>
      evolve(claim, { kind: 'acknowledged', seq: 3, at: noticedAt, by: 'lipei' }, rules.pack),
    ).toThrow('cannot follow');
    expect(entries).toHaveLength(1);
  });
});
