import fc from 'fast-check';
import type { Claim, Item } from '../../../domain/claim/claim.ts';
import { openClaim } from '../../../domain/claim/decide.ts';
import { evolve, fold } from '../../../domain/claim/evolve/evolve.ts';
import type { JournalEntry } from '../../../domain/claim/journal.ts';
import { missingDocuments } from '../../../domain/documents/requirements.ts';
import { isSettled, nextClaimStep, nextStep } from '../../../domain/road/road.ts';
import type { ItemStep } from '../../../domain/road/steps.ts';
import type { Rules } from '../../../domain/rules/pack.ts';
import type { Expectation } from '../../../domain/waiting/expectation.ts';
import { expectationChanges } from '../../../domain/waiting/expectations.ts';
import { noticedAt } from '../../support/builders.ts';
import { afterTheEnd, claimsOf, groundsAt, play, scriptsOn, toTheEnd, type Ground } from '../stories.ts';

/** Who is waited for at a step; the other steps the process takes by itself. */
const takers: Partial<Record<ItemStep, string[]>> = {
  assess: ['handler'],
  verify: ['verifier'],
  payee: ['customer', 'third-party'],
  review: ['reviewer'],
  clear: ['finance'],
  confirm: ['bank'],
};

/**
 * What of an open claim nobody sees to (design §1): each open item, unreached party, letter, problem, text
 * and escalation for itself, for one that is looked after hides another that is not.
 */
function forgotten(claim: Claim, rules: Rules): string[] {
  if (claim.outcome) return [];
  const open = new Set(claim.expectations.filter(isLive(rules)).map(({ id }) => id));
  const beside = [
    ...claim.letters.map((letter) => `post:${letter}`),
    ...claim.problems.map(({ id }) => `problem:${id}`),
  ];
  if (!claim.acknowledged) return beside.filter((id) => !open.has(id));
  const needed = [
    ...beside,
    ...claim.unreached.map(({ party }) => `reach:${party}`),
    ...claim.unanswered.map(({ party }) => `answer:${party}`),
    ...(claim.withdrawalRequested ? ['withdrawal'] : []),
    ...(nextClaimStep(claim) === 'survey' ? ['survey'] : []),
    ...claim.expectations.flatMap(({ id, ask, callDue, escalatedTo }) => [
      ...escalatedTo.map((to) => `escalation:${to}:${id}`),
      ...(callDue && ask ? [`call:${ask}`] : []),
    ]),
    ...claim.items.flatMap(({ id, clock }) =>
      clock?.state === 'running' && clock.reached ? [`clock:decision:${id}:${clock.reached}`] : [],
    ),
    ...claim.items.flatMap((item) => papersOf(claim, item, rules)),
  ];
  return [
    ...needed.filter((id) => !open.has(id)),
    ...claim.items.filter((item) => isForgotten(claim, item, rules)).map(({ id }) => `item:${id}`),
  ];
}

/** It has a next action at a time, on a rung that its ladder has. */
const isLive =
  ({ pack }: Rules) =>
  ({ next, ladder, rung }: Expectation): boolean =>
    !Number.isNaN(Date.parse(next.at)) && pack.ladders[ladder]?.[rung]?.do === next.do;

/** Each paper that somebody owes, or that lies on the handler's table. */
function papersOf(claim: Claim, item: Item, { pack }: Rules): string[] {
  const isPaying = item.outcome ?? item.payments.some(({ kind }) => /instructed|confirmed/.test(kind));
  return missingDocuments(claim, item, pack).flatMap(({ rule, item: of, state }) => {
    const place = `${of ?? 'claim'}:${rule.kind}`;
    if (isPaying || item.refusal) return state === 'received' && isPaying ? [`check:${place}`] : [];
    return [state === 'received' ? `check:${place}` : `document:${place}`];
  });
}

/** An item at a step of people or of the bank for which nobody is waited for about this item. */
function isForgotten(claim: Claim, item: Item, { pack }: Rules): boolean {
  const step = nextClaimStep(claim) ? undefined : nextStep(claim, item, pack);
  if (!step) return false;
  const from = takers[step];
  return (
    from !== undefined &&
    !claim.expectations.some((open) => open.item === item.id && from.includes(open.from) && isOf(open, step))
  );
}

const isOf = ({ id }: Expectation, step: ItemStep): boolean => id.startsWith(`${step}:`);

const isOwn = (step: string | undefined): boolean =>
  step !== undefined && !(step in takers) && step !== 'documents' && step !== 'survey';

/** Nobody and nothing moves the claim: no step of its own, no effect in flight, nothing waited for. */
function isStuck(claim: Claim, { pack }: Rules): boolean {
  if (claim.outcome || claim.outbox.length > 0 || claim.expectations.length > 0) return false;
  const claimStep = nextClaimStep(claim);
  return !(
    isSettled(claim) ||
    isOwn(claimStep) ||
    claim.items.some((item) => isOwn(nextStep(claim, item, pack)))
  );
}

/** What the claim would wait for if everything were asked anew; calls and escalations come of rungs alone. */
function askedAnew(claim: Claim, rules: Rules, now: string): string[] {
  return expectationChanges({ ...claim, expectations: [] }, rules, now)
    .flatMap((change) => (change.kind === 'expectation-opened' ? [change.expectation.id] : []))
    .toSorted();
}

const isOfRungs = ({ id }: Expectation): boolean => /^(call|escalation):/.test(id);

/** All that a journal may hold, but for denials, and for what only the gate finds out. */
const everything = [
  'acknowledged',
  'approval-voided',
  'approved',
  'assessed',
  'bank-asked',
  'call-recorded',
  'channel-lost',
  'channel-restored',
  'claim-closed',
  'claim-opened',
  'claim-reopened',
  'clock-changed',
  'contact-corrected',
  'cover-checked',
  'policy-awaited',
  'policy-changed',
  'document-accepted',
  'document-received',
  'document-rejected',
  'document-waived',
  'expectation-ended',
  'expectation-opened',
  'handed-over',
  'item-concluded',
  'withdrawal-cancelled',
  'letter-posted',
  'claim-corrected',
  'note-added',
  'notification-ended',
  'notification-extended',
  'notification-planned',
  'party-unreached',
  'payee-set',
  'payment-approved',
  'payment-cleared',
  'payment-confirmed',
  'payment-held',
  'payment-instructed',
  'payment-returned',
  'problem-raised',
  'problem-solved',
  'promised',
  'delivery-reported',
  'receipt-issued',
  'refusal-confirmed',
  'refusal-proposed',
  'returned-for-rework',
  'risk-scored',
  'rung-taken',
  'survey-reported',
  'text-received',
  'verified',
  'withdrawal-requested',
];

const paces = (['ordinary', 'demo', 'any-hour'] as const).flatMap(groundsAt);

describe.each(paces)('%s', (_, ground) => {
  const { rules } = ground;

  test('nothing of an open claim is forgotten: each item, paper, party, letter, problem and text has somebody', () => {
    fc.assert(
      fc.property(scriptsOn(ground), (script) => {
        const claims = claimsOf(play(script, ground));
        expect(claims.flatMap((claim) => forgotten(claim, rules))).toEqual([]);
        expect(claims.filter((claim) => isStuck(claim, rules))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});

describe.each(groundsAt('ordinary'))('%s', (_, ground: Ground) => {
  const { rules } = ground;
  const scripts = scriptsOn(ground);

  test('what is waited for follows from the state: asked anew it is the same, each thing once, and asking twice changes nothing', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        for (const { after: claim, decision, now } of play(script, ground).turns) {
          if (decision.kind === 'denied' || decision.entries.length === 0) continue;
          expect(expectationChanges(claim, rules, now)).toEqual([]);
          expect(new Set(claim.expectations.map(({ id }) => id)).size).toBe(claim.expectations.length);
          expect(
            claim.expectations
              .filter((open) => !isOfRungs(open))
              .map(({ id }) => id)
              .toSorted(),
          ).toEqual(askedAnew(claim, rules, now));
        }
      }),
      { numRuns: 40 },
    );
  });

  test('a closed claim waits for nothing but operations to mend what holds up its last words', () => {
    let closed = 0;
    fc.assert(
      fc.property(scripts, (script) => {
        for (const { outcome, expectations, problems } of claimsOf(play([...script, ...toTheEnd], ground))) {
          if (!outcome) continue;
          closed += 1;
          expect(expectations.map(({ id }) => id)).toEqual(problems.map(({ id }) => `problem:${id}`));
        }
      }),
      { numRuns: 40 },
    );
    expect(closed).toBeGreaterThan(0);
  });

  test('a claim is closed with nothing in hand: every item has ended, everything is sent, posted and repaired', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        for (const { before, command, decision } of play([...script, ...toTheEnd], ground).turns) {
          if (command.kind !== 'close' || decision.kind === 'denied' || decision.entries.length === 0)
            continue;
          expect(before.items.filter(({ outcome }) => !outcome)).toEqual([]);
          expect([before.outbox, before.unreached, before.letters, before.problems]).toEqual([
            [],
            [],
            [],
            [],
          ]);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('the fold of the journal is the state, through JSON and over runs', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const { last, journal } = play(script, ground);
        const copied: JournalEntry[] = JSON.parse(JSON.stringify(journal));
        expect(JSON.parse(JSON.stringify(fold(copied, rules.pack)))).toEqual(
          JSON.parse(JSON.stringify(last)),
        );
      }),
      { numRuns: 40 },
    );
  });

  test('no two messages are planned under one id: the ledger would send the first of them alone', () => {
    let fallBacks = 0;
    fc.assert(
      fc.property(scripts, (script) => {
        const planned = play(script, ground).journal.flatMap((entry) =>
          entry.kind === 'notification-planned' ? [entry.notification] : [],
        );
        fallBacks += planned.filter(({ insteadOf }) => insteadOf).length;
        const ids = planned.map(({ id }) => id);
        expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
      }),
      { numRuns: 100 },
    );
    expect(fallBacks).toBeGreaterThan(20);
  });

  test('the stories contain everything that can happen', () => {
    const happened = new Set<string>(
      fc
        .sample(scripts, { numRuns: 200, seed: 3 })
        .flatMap((script) =>
          play([...script, ...toTheEnd, afterTheEnd], ground).journal.map(({ kind }) => kind),
        ),
    );
    // Where the law sets no time there is no clock.
    const never = rules.pack.clocks.decision ? [] : ['clock-changed'];
    expect(everything.filter((kind) => !happened.has(kind))).toEqual(never);
  });

  test('a gap in the journal is no journal', () => {
    const { entries, claim } = openClaim(ground.opening, { now: noticedAt, rules });
    expect(() =>
      evolve(claim, { kind: 'acknowledged', seq: 3, at: noticedAt, by: 'lipei' }, rules.pack),
    ).toThrow('cannot follow');
    expect(entries).toHaveLength(1);
  });
});
