import fc from 'fast-check';
import { calendarFor } from '../../config/calendars.ts';
import { houseRules } from '../../config/rules/load.ts';
import { findings, heldBy, type Claim, type Finding } from '../../domain/claim/claim.ts';
import type { Command } from '../../domain/claim/commands.ts';
import type { PolicyFacts } from '../../domain/money/policy.ts';
import type { HumanAct } from '../../domain/claim/acts.ts';
import type { Filer } from '../../domain/claim/filing.ts';
import { decide, openClaim, type Decision } from '../../domain/claim/decide.ts';
import { callOutcomes, deliveryOutcomes, type JournalEntry } from '../../domain/claim/journal.ts';
import type { Notification, LedgerOutcome } from '../../domain/messages/notifications.ts';
import { isOvertaken } from '../../domain/messages/overtaken.ts';
import { payableHash } from '../../domain/money/payable.ts';
import type { Person } from '../../domain/people/people.ts';
import { isSettled, nextClaimStep, nextStep } from '../../domain/road/road.ts';
import type { ItemStep } from '../../domain/road/steps.ts';
import { present } from '../../domain/present.ts';
import type { RulePack, Rules } from '../../domain/rules/pack.ts';
import type { Expectation } from '../../domain/waiting/expectation.ts';
import { nextWakingAt } from '../../domain/waiting/heartbeat.ts';
import {
  act,
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
  aMessage,
  aNote,
  finance,
} from '../support/builders.ts';

/** What claims of one line in one jurisdiction are filed under today, and such a claim of two parties. */
export interface Ground {
  rules: Rules;
  opening: ReturnType<typeof anOpening>;
  policy: PolicyFacts;
  /** Everything that somebody may bring, and something that nobody asked for. */
  documents: string[];
  /** Who filed the notice; the process where absent. */
  filer?: Filer;
}

/** Each composition of the rules that are in force, at this pace. */
export const groundsAt = (pace: string): [string, Ground][] =>
  houseRules
    .inForce(pace)
    .map((pack) => [`${pack.line} in ${pack.jurisdiction} at the pace ${pace}`, groundUnder(pack)]);

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
      jurisdiction,
      currency,
      objects: Object.fromEntries(
        objects.map((object) => [object, { sumInsuredMinor: yuan(9000), excessMinor: yuan(200) }]),
      ),
    }),
    documents: [...pack.documents.flatMap(({ kind, substitutes }) => [kind, ...substitutes]), 'horoscope'],
  };
}

const twoHats: Person = {
  ...handler,
  code: 'C-302',
  roles: ['handler', 'reviewer'],
  limitMinor: yuan(900_000),
};
export const everybody = [
  surveyor,
  handler,
  verifier,
  juniorReviewer,
  seniorReviewer,
  manager,
  supervisor,
  operator,
  finance,
  twoHats,
];

/** Mostly somebody who may: else few acts would be taken. */
const peopleFor = ({ kind }: HumanAct): fc.Arbitrary<Person> => {
  const right: Partial<Record<HumanAct['kind'], Person[]>> = {
    'report-survey': [surveyor],
    'waive-document': [supervisor],
    appoint: [supervisor],
    reopen: [supervisor],
    verify: [verifier, verifier, twoHats],
    approve: [juniorReviewer, seniorReviewer, manager, twoHats],
    refuse: [juniorReviewer, seniorReviewer, manager],
    'return-for-rework': [manager, verifier],
    'post-letter': [operator],
    'clear-payment': [finance],
    retry: [operator],
  };
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...(right[kind] ?? [handler, handler, twoHats])) },
    { weight: 1, arbitrary: fc.constantFrom(...everybody) },
  );
};

const item = fc.constantFrom('item-1', 'item-1', 'item-1', 'item-2', 'item-2', 'item-9');
const party = fc.constantFrom('party-1', 'party-1', 'party-1', 'party-2', 'party-2', 'party-9');
const channel = fc.constantFrom<'sms' | 'email'>('sms', 'email');
const reach = fc.record({ sms: fc.boolean(), email: fc.boolean() });

const rework = fc.constantFrom<[ItemStep, string]>(
  ['documents', 'page-missing'],
  ['assess', 'price-too-high'],
  ['verify', 'not-verified-properly'],
  ['pay', 'price-too-high'],
  ['assess', 'nonsense'],
);

const paperActs = (kinds: string[]): fc.Arbitrary<HumanAct>[] => {
  const kind = fc.constantFrom(...kinds);
  return [
    fc
      .tuple(kind, item, fc.constantFrom('a', 'b'))
      .map(([document, of, attachment]) => act.adds(document, of, attachment)),
    fc.tuple(kind, item).map(([document, of]) => act.accepts(document, of)),
    fc.tuple(kind, item).map(([document, of]) => act.rejects(document, of)),
    fc.tuple(kind, item).map(([document, of]) => act.waives(document, of)),
    fc.tuple(rework, item).map(([[to, reason], of]) => act.returns(to, reason, kinds.slice(0, 2), of)),
  ];
};

const otherActs: fc.Arbitrary<HumanAct>[] = [
  fc.boolean().map(act.surveys),
  fc
    .tuple(fc.constantFrom(0, 1, yuan(3000), yuan(4800), yuan(400_000)), item)
    .map(([minor, of]) => act.assesses(minor, of)),
  fc.tuple(fc.integer({ min: 1, max: 3 }), item).map(([version, of]) => act.verifies(version, of)),
  fc.tuple(fc.constantFrom('fraud', 'nonsense'), item).map(([clause, of]) => act.refuses(clause, of)),
  fc.tuple(fc.constantFrom('x', 'y'), party, item).map(([account, to, of]) => act.setsPayee(account, to, of)),
  fc
    .tuple(fc.constantFrom(...callOutcomes), fc.constantFrom(undefined, '2026-12-04'), party)
    .map(([outcome, promised, who]) => act.calls(outcome, promised, undefined, who)),
  fc
    .tuple(fc.constantFrom('C-301', 'C-309'), fc.constantFrom<'handler' | 'surveyor'>('handler', 'surveyor'))
    .map(([to, role]) => act.handsOver(to, role)),
  fc.constantFrom('R-503', 'V-402').map((to) => act.appoints(to)),
  fc.option(item, { nil: undefined }).map(act.withdraws),
  fc
    .tuple(
      fc.constantFrom('withdrawn-by-mistake', 'rejected-by-mistake', 'late-document', 'appeal', 'nonsense'),
      fc.option(item, { nil: undefined }),
    )
    .map(([reason, of]) => (of === undefined ? act.reopens(reason) : act.reopens(reason, of))),
  item.map((of) => act.appeals(of)),
  fc.constant(act.keepsOpen()),
  fc.tuple(fc.constantFrom(...findings), item).map(([finding, of]) => act.clears(finding, of)),
  fc.constant(act.asksBank()),
  fc.constantFrom<HumanAct>(
    act.corrects({ policy: 'P-2' }),
    act.corrects({ lossAt: '2026-11-20T10:00:00.000Z' }),
    act.corrects({ item: { id: 'item-1', claimedMinor: yuan(4000) } }),
  ),
  fc
    .tuple(reach, party, fc.option(channel, { nil: undefined }))
    .map(([ways, who, prefers]) => act.correctsContact(ways, who, prefers)),
  fc.constant(act.notes()),
  fc.constantFrom(undefined, 'bank', 'returned').map(act.retries),
];

/** What the ledger can say of any message; most are taken. */
const ledgerOutcomes: LedgerOutcome[] = [
  { kind: 'accepted' },
  { kind: 'accepted' },
  { kind: 'accepted' },
  { kind: 'suppressed', reason: 'chased-just-now' },
  { kind: 'undeliverable', code: 'c', why: 'contact' },
  { kind: 'undeliverable', code: 'c', why: 'content' },
  { kind: 'lost', code: 'c' },
];

/** One thing that happens. `of` picks among what the claim has: the newest is 0. */
export type Move =
  | { kind: 'act'; act: HumanAct; person: Person }
  | { kind: 'approve'; item: string; person: Person }
  /** Rounds of what the process and the right people do next. */
  | { kind: 'on'; rounds: number; answered: number; covered: boolean }
  | { kind: 'refused'; item: string }
  | { kind: 'process' }
  /** The first few that are waited for do their part. */
  | { kind: 'people'; answered: number }
  | { kind: 'cover'; covered: boolean }
  /** The policy has changed, or its source was asked; or it is not in the book yet. */
  | { kind: 'policy'; news: 'changed' | 'no' | 'away' }
  /** The bank's word, in any order and number; `reason` where it returns the payment. */
  | { kind: 'bank'; of: number; word: 'confirmed' | 'confirmed otherwise' | 'AC04' | 'AM05' }
  | { kind: 'wait'; days: number }
  | { kind: 'next' }
  | { kind: 'deliver'; outcome: LedgerOutcome }
  | {
      kind: 'report';
      of: number;
      outcome: (typeof deliveryOutcomes)[number];
      why: 'contact' | 'content' | undefined;
      again: string | undefined;
      daysAgo: number;
    }
  | { kind: 'promise'; party: string; days: number }
  | { kind: 'contact'; party: string; channel: 'sms' | 'email'; standing: 'lost' | 'restored' }
  | { kind: 'text'; party: string }
  | { kind: 'related'; claims: number; amount: number }
  | { kind: 'paper'; document: string; item: string }
  | { kind: 'send-again'; of: number; party: string }
  | { kind: 'post' }
  | { kind: 'breaks'; part: 'bank' | 'sms' }
  | { kind: 'mended'; part: 'bank' | 'sms' }
  /** A supervisor takes up what customers disagree with. */
  | { kind: 'appeals' }
  | { kind: 'cancel' }
  | { kind: 'twice' }
  | { kind: 'new-run' };

const bankWords = ['confirmed', 'confirmed', 'confirmed otherwise', 'AC04', 'AM05'] as const;

const small = fc.integer({ min: 0, max: 12 });

const acted = (acts: fc.Arbitrary<HumanAct>): fc.Arbitrary<Move> =>
  acts.chain((done) => peopleFor(done).map((person): Move => ({ kind: 'act', act: done, person })));

const movesOn = ({ documents }: Ground): fc.Arbitrary<Move> => {
  const moves: { weight: number; arbitrary: fc.Arbitrary<Move> }[] = [
    { weight: 4, arbitrary: acted(fc.oneof(...paperActs(documents))) },
    { weight: 9, arbitrary: acted(fc.oneof(...otherActs)) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('approve' as const),
        item,
        person: fc.constantFrom(...everybody, manager, seniorReviewer),
      }),
    },
    {
      weight: 7,
      arbitrary: fc.record({
        kind: fc.constant('on' as const),
        rounds: fc.integer({ min: 1, max: 4 }),
        answered: fc.integer({ min: 0, max: 8 }),
        covered: fc.constantFrom(true, true, true, true, false),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('refused' as const), item }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('bank' as const),
        of: small,
        word: fc.constantFrom(...bankWords),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 0, max: 40 }) }),
    },
    { weight: 2, arbitrary: fc.constant<Move>({ kind: 'next' }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('deliver' as const),
        outcome: fc.constantFrom(...ledgerOutcomes),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('report' as const),
        of: small,
        outcome: fc.constantFrom(...deliveryOutcomes),
        why: fc.constantFrom('contact' as const, 'content' as const, undefined),
        again: fc.constantFrom('PT1H', undefined),
        daysAgo: fc.integer({ min: -1, max: 30 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('contact' as const),
        party,
        channel,
        standing: fc.constantFrom('lost' as const, 'restored' as const),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('text' as const), party }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('related' as const),
        claims: fc.nat({ max: 1 }),
        amount: small,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('policy' as const),
        news: fc.constantFrom('changed' as const, 'changed' as const, 'no' as const, 'away' as const),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('promise' as const),
        party,
        days: fc.integer({ min: 0, max: 30 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('paper' as const),
        document: fc.constantFrom(...documents),
        item,
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('send-again' as const), of: small, party }) },
    { weight: 2, arbitrary: fc.constant<Move>({ kind: 'post' }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constantFrom('breaks' as const, 'mended' as const),
        part: fc.constantFrom('bank' as const, 'sms' as const),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Move>({ kind: 'cancel' }, { kind: 'twice' }, { kind: 'new-run' }),
    },
  ];
  return fc.oneof(...moves);
};

/** Scripts of what may happen to a claim, mostly sensible. */
export const scriptsOn = (ground: Ground, maxLength = 50): fc.Arbitrary<Move[]> =>
  fc.array(movesOn(ground), { minLength: 5, maxLength, size: 'max' });

/** One decision, with what it was made on. */
export interface Turn {
  before: Claim;
  command: Command;
  decision: Decision;
  /** The claim as it is then: the same where the command was refused. */
  after: Claim;
  now: string;
}

export interface Story {
  opened: Claim;
  turns: Turn[];
  journal: JournalEntry[];
  last: Claim;
  now: string;
}

/** Every state that the claim was in. */
export const claimsOf = ({ opened, turns }: Story): Claim[] => [opened, ...turns.map(({ after }) => after)];

/** Plays a script from the notice of loss on; every command has a message of its own. */
export function play(script: Move[], ground: Ground): Story {
  const { opening, rules } = ground;
  const { claim, entries } = openClaim(opening, { now: noticedAt, rules }, ground.filer);
  const story: Story = { opened: claim, turns: [], journal: [...entries], last: claim, now: noticedAt };
  for (const move of script.flatMap(roundsOf)) {
    if (move.kind === 'wait')
      story.now = new Date(Date.parse(story.now) + move.days * 86_400_000).toISOString();
    if (move.kind === 'next') story.now = laterOf(story.now, nextWakingAt(story.last, rules));
    // A new run takes up the claim as its input, which has gone through JSON.
    if (move.kind === 'new-run') story.last = JSON.parse(JSON.stringify(story.last));
    for (const command of commandsOf(move, story, ground)) take(story, command, rules);
  }
  return story;
}

const roundsOf = (move: Move): Move[] =>
  move.kind === 'on'
    ? Array.from({ length: move.rounds }, (): Move[] => [
        { kind: 'process' },
        { kind: 'cover', covered: move.covered },
        { kind: 'people', answered: move.answered },
      ]).flat()
    : [move];

function take(story: Story, command: Command, rules: Rules): void {
  const [before, now] = [story.last, story.now];
  const decision = decide(before, command, { now, rules });
  const after = decision.kind === 'decided' ? decision.claim : before;
  story.turns.push({ before, command, decision, after, now });
  if (decision.kind === 'decided') story.journal.push(...decision.entries);
  story.last = after;
}

const laterOf = (now: string, next: string | undefined): string =>
  next !== undefined && next > now ? next : now;

/** What one move asks of the claim as it stands; the message's number is that of the command. */
function commandsOf(move: Move, story: Story, ground: Ground): Command[] {
  if (move.kind === 'twice') return story.turns.slice(-1).map(({ command }) => command);
  return movesTo(move, story, ground).map((command, index) => ({
    ...command,
    message: aMessage(`m-${story.turns.length + index}`),
  }));
}

/** Another claim with the same objects, or none. */
const othersOf = (claim: Claim, { claims, amount }: Extract<Move, { kind: 'related' }>): Claim['related'] =>
  Array.from({ length: claims }, () => ({
    claim: 'L1111-11111',
    why: ['policy'],
    objects: Object.fromEntries(
      claim.items.map(({ object }) => [
        object,
        { stakeMinor: yuan(1 + amount), paidMinor: yuan(amount), excessMinor: 0 },
      ]),
    ),
  }));

function movesTo(move: Exclude<Move, { kind: 'twice' }>, story: Story, ground: Ground): Command[] {
  const { last: claim, now } = story;
  const { rules, policy } = ground;
  const by = (person: Person, done: HumanAct): Command => ({ ...done, person, issuedAt: now });
  switch (move.kind) {
    case 'act':
      return [by(move.person, explained(move.act, claim))];
    case 'approve': {
      const found = claim.items.find(({ id }) => id === move.item);
      return [by(move.person, act.approves((found && payableHash(claim, found)) ?? 'nothing', move.item))];
    }
    case 'refused':
      return [seniorReviewer, manager].map((person) => by(person, act.refuses('fraud', move.item)));
    case 'process':
      return ownSteps(claim, rules);
    case 'people':
      return claim.expectations.slice(0, move.answered).flatMap((open) => answersTo(open, claim, now));
    case 'cover':
      return nextClaimStep(claim) === 'cover'
        ? [{ kind: 'check-cover', policy: move.covered ? versionOf(policy, claim) : undefined }]
        : [];
    case 'policy':
      if (move.news === 'away')
        return [
          by(handler, act.corrects({ lossAt: '2026-11-21T10:00:00.000Z' })),
          { kind: 'wait-for-policy' },
        ];
      return [
        {
          kind: 'policy-changed',
          policy: claim.policy,
          ...present({ found: move.news === 'no' ? 'no' : undefined }),
        },
      ];
    case 'bank':
      return picked(
        claim.items.flatMap(({ payments }) => payments),
        move.of % 3,
      ).map(({ id }): Command =>
        move.word.startsWith('confirmed')
          ? { kind: 'bank-confirmed', payment: id, reference: move.word }
          : { kind: 'bank-returned', payment: id, reason: move.word },
      );
    case 'wait':
    case 'next':
      return [{ kind: 'take-rungs' }];
    case 'deliver':
      return claim.outbox.map((notification): Command => ({
        kind: 'notification-ended',
        notification: notification.id,
        outcome: outcomeOf(notification, claim, move),
      }));
    case 'report':
      return reports(move, story);
    case 'contact':
      return [{ ...move, kind: 'contact-turned-out', code: 'c' }];
    case 'promise': {
      const promised = new Date(Date.parse(now) + move.days * 86_400_000).toISOString();
      return [by(handler, act.calls('busy-will-go-later', promised, undefined, move.party))];
    }
    case 'related':
      return [{ kind: 'relate', elsewhere: { related: othersOf(claim, move), policyPaid: {} } }];
    case 'text':
      return [{ kind: 'text-arrived', party: move.party, note: aNote() }];
    case 'paper':
      return [{ ...move, kind: 'document-arrived', attachment: 'sha' }];
    case 'send-again':
      return picked(notified(story), move.of).map((id) => by(operator, act.sendsAgain(id, move.party)));
    case 'post':
      return claim.letters.map((letter) => by(operator, act.posts(letter)));
    case 'breaks':
      return [{ kind: 'raise-problem', problem: `${move.part}:item-1`, what: `the ${move.part} is broken` }];
    case 'mended':
      return [{ kind: 'solve-problem', problem: move.part }];
    case 'appeals':
      return claim.items
        .filter(({ appeal, lateDocument }) => appeal !== undefined || lateDocument !== undefined)
        .flatMap(({ id }) =>
          ['appeal', 'withdrawn-by-mistake', 'late-document'].flatMap((reason) =>
            [supervisor, manager, twoHats].map((person) => by(person, act.reopens(reason, id))),
          ),
        );
    case 'cancel':
      return [{ kind: 'request-withdrawal' }];
    case 'on':
    case 'new-run':
      return [];
  }
}

/** Each version has another excess. */
const versionOf = (policy: PolicyFacts, { cover }: Claim): PolicyFacts => {
  const version = (cover?.version ?? 0) + 1;
  const objects = Object.entries(policy.objects).map(([key, insured]) => [
    key,
    { ...insured, excessMinor: insured.excessMinor + (version - 1) * 10_000 },
  ]);
  return { ...policy, version, objects: Object.fromEntries(objects) };
};

const picked = <T>(all: T[], of: number): T[] => all.slice(-1 - of, all.length - of);

/** Every message that was ever planned, so that a report may be of one of long ago. */
const notified = ({ journal }: Story): string[] =>
  journal.flatMap((entry) => (entry.kind === 'notification-planned' ? [entry.notification.id] : []));

/** A provider's report: in any order, twice, late, and saying the opposite of the one before. */
const reports = (
  { of, outcome, why, again, daysAgo }: Extract<Move, { kind: 'report' }>,
  story: Story,
): Command[] =>
  picked(notified(story), of).map((notification) => ({
    kind: 'delivery-reported',
    notification,
    outcome,
    arrived: new Date(Date.parse(story.now) - daysAgo * 86_400_000).toISOString(),
    code: 'c',
    ...(why && { why }),
    ...(again && { again }),
  }));

/** As the workflow has it: what has been overtaken is not attempted. */
function outcomeOf(
  notification: Notification,
  claim: Claim,
  { outcome }: Extract<Move, { kind: 'deliver' }>,
): LedgerOutcome {
  if (isOvertaken(notification, claim)) return { kind: 'suppressed', reason: 'overtaken' };
  return outcome;
}

/** What the right people do about what is waited for: else few scripts come to a payment. */
function answersTo({ id, what, item: of }: Expectation, claim: Claim, now: string): Command[] {
  const by = (person: Person, done: HumanAct): Command => ({ ...done, person, issuedAt: now });
  const found = claim.items.find((each) => each.id === of);
  const document = id.split(':')[2] ?? '';
  if (id === 'survey') return [by(surveyor, act.surveys())];
  if (id.startsWith('document:'))
    return [by(handler, act.adds(document, of)), by(handler, act.accepts(document, of))];
  if (id.startsWith('check:')) return [by(handler, act.accepts(document, of))];
  if (!found) return [];
  if (what === 'assess')
    return found.secondLook
      ? [by(twoHats, act.assesses(found.claimedMinor + yuan(500), found.id))]
      : [by(handler, act.assesses(found.claimedMinor, found.id))];
  if (what === 'clear') return clearings(found).map((finding) => by(finance, act.clears(finding, found.id)));
  if (what === 'verify') return [by(verifier, act.verifies(found.assessments, found.id))];
  if (what === 'payee-account') return [by(handler, act.setsPayee('z', found.party, found.id))];
  return what === 'review'
    ? [manager, seniorReviewer].map((person) =>
        by(person, act.approves(payableHash(claim, found) ?? '', found.id)),
      )
    : [];
}

/** Finance tries what fits: the first that does is taken. */
const clearings = (each: Claim['items'][number]): Finding[] =>
  heldBy(each)?.why === 'returned' ? ['account-wrong'] : ['paid-once', 'paid-twice', 'not-paid'];

/** An assessment below the claimed amount needs a reason for the difference. */
function explained(done: HumanAct, claim: Claim): HumanAct {
  if (done.kind !== 'assess') return done;
  const minor = (claim.items.find(({ id }) => id === done.item)?.claimedMinor ?? 0) - done.amountMinor;
  return minor > 0 ? { ...done, cuts: [{ reason: 'depreciation', minor }] } : done;
}

/** What the process does next by itself. */
export function ownSteps(claim: Claim, { pack }: Rules): Command[] {
  if (nextClaimStep(claim) === 'acknowledge') return [{ kind: 'acknowledge' }];
  if (isSettled(claim)) return [{ kind: 'close' }];
  if (nextClaimStep(claim)) return [];
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

/** The story of a claim that is taken to its end: what is open is withdrawn, sent, written and repaired. */
export const toTheEnd: Move[] = [
  { kind: 'appeals' },
  { kind: 'act', act: act.withdraws('item-1'), person: handler },
  { kind: 'act', act: act.withdraws('item-2'), person: handler },
  { kind: 'bank', of: 0, word: 'confirmed' },
  { kind: 'process' },
  { kind: 'deliver', outcome: { kind: 'accepted' } },
  { kind: 'act', act: act.calls('reached'), person: handler },
  { kind: 'act', act: act.calls('reached', undefined, undefined, 'party-2'), person: handler },
  { kind: 'post' },
  { kind: 'act', act: act.retries(), person: operator },
  { kind: 'process' },
  { kind: 'wait', days: 40 },
];

const onAndPaid: Move[] = [
  { kind: 'on', rounds: 6, answered: 8, covered: true },
  { kind: 'bank', of: 0, word: 'confirmed' },
  { kind: 'bank', of: 1, word: 'confirmed' },
  { kind: 'process' },
];

/** On to the payments, and once more after a second look that came to more. */
export const lookedAtAgain: Move[] = [
  ...onAndPaid,
  { kind: 'act', act: act.reopens('appeal', 'item-1'), person: supervisor },
  { kind: 'act', act: act.reopens('late-document'), person: supervisor },
  ...onAndPaid,
];

/** The bank returns the payment of an item that has ended. */
export const afterTheEnd: Move = { kind: 'bank', of: 0, word: 'AC04' };
