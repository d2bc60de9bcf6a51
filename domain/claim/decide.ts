import { denied, type Denied } from '../denial.ts';
import { voidApprovals, voidOutdated } from '../money/review.ts';
import { present } from '../present.ts';
import type { Rules } from '../rules/pack.ts';
import type { Instant } from '../time/time.ts';
import { clockChanges } from '../waiting/clocks.ts';
import { expectationChanges } from '../waiting/expectations.ts';
import { carryOut } from './carry-out.ts';
import type { Claim } from './claim.ts';
import type { Command, HumanCommand } from './commands.ts';
import { coverStep } from '../money/cover.ts';
import type { PolicyAnswer } from '../money/policy.ts';
import { add, receivedWith, type Draft } from './draft.ts';
import { evolve } from './evolve/evolve.ts';
import type { Filer } from './filing.ts';
import { deniedId, handledKey, isFresh } from './sender.ts';
import type { Event, JournalEntry, Message, FullOpening } from './journal.ts';

/** What a decision depends on, beside the claim and the command. */
export interface World {
  now: Instant;
  rules: Rules;
}

/** The numbered entries to record, with the claim after them; or a denial, and nothing has changed. */
export type Decision = { kind: 'decided'; entries: JournalEntry[]; claim: Claim } | Denied;

/** The entries of a new claim, and the claim after them. */
export interface Opened {
  entries: JournalEntry[];
  claim: Claim;
}

/** The first entry of a claim. */
export function openClaim(
  opening: FullOpening,
  world: World,
  { by, message }: Filer = { by: 'lipei' },
): Opened {
  const entry: JournalEntry = {
    kind: 'claim-opened',
    ...opening,
    seq: 1,
    at: world.now,
    by,
    ...receivedWith(message),
  };
  return { entries: [entry], claim: evolve(undefined, entry, world.rules.pack) };
}

/**
 * All that happens at once when a claim is opened: the first entry, the acknowledgement, the check of cover.
 * `policy` is what the records answer about the policy.
 */
export function openWhole(opening: FullOpening, policy: PolicyAnswer, world: World, filer: Filer): Opened {
  const steps: Command[] = [{ kind: 'acknowledge' }, coverStep(policy)];
  return steps.reduce<Opened>(
    (before, step) => {
      const decision = decide(before.claim, step, world);
      return decision.kind === 'decided'
        ? { entries: [...before.entries, ...decision.entries], claim: decision.claim }
        : before;
    },
    openClaim(opening, world, filer),
  );
}

/**
 * Decides a command on the state of this moment. Pure. After the command's own events it voids approvals that
 * no longer fit, and opens and ends expectations. A message that was handled before decides nothing; the same
 * id with other content is denied.
 */
export function decide(claim: Claim, command: Command, { now, rules }: World): Decision {
  const { message } = command;
  const repeated = message && handledBefore(claim, message);
  if (repeated) return repeated;
  if (claim.outcome && !isLastWord(claim, command))
    return denied(
      'claim-closed',
      `Claim ${claim.number} is closed (${claim.outcome}); a supervisor or manager may reopen it.`,
    );
  const stale = 'issuedAt' in command && staleness(command, now, rules);
  if (stale) return stale;
  const by = 'person' in command ? command.person.code : author(command);
  const draft: Draft = { claim, entries: [], now, rules, by, ...present({ message }) };
  voidOutdated(draft);
  const answer = carryOut(draft, command);
  if (answer) return answer;
  voidApprovals(draft, command.kind);
  reconcile(draft);
  return { kind: 'decided', entries: draft.entries, claim: draft.claim };
}

function handledBefore(claim: Claim, message: Message): Decision | undefined {
  const before = claim.handled[handledKey(message)];
  if (!before) return undefined;
  return before.content === message.content
    ? { kind: 'decided', entries: [], claim }
    : denied(
        'id-used',
        'A message with this id was handled already, and it said something else; give each its own id.',
      );
}

const staleness = (
  { issuedAt }: Pick<HumanCommand, 'issuedAt'>,
  now: Instant,
  { pack }: Rules,
): Denied | undefined =>
  isFresh(issuedAt, now, pack.proofValidFor)
    ? undefined
    : denied(
        'stale-proof',
        `The decision was signed at ${issuedAt}, which is too old or too new at ${now}; decide again.`,
      );

/**
 * After the closure the last messages are sent and the last entries are stored. They too may be blocked, and
 * resume after a repair. The bank may still return or confirm a payment, which reopens the claim; a
 * supervisor may reopen it too.
 */
const isLastWord = ({ problems }: Claim, { kind }: Command): boolean =>
  lastWords.includes(kind) || kind === 'reopen' || (kind === 'retry' && problems.length > 0);

const lastWords: readonly string[] = [
  'notification-ended',
  'raise-problem',
  'solve-problem',
  'bank-confirmed',
  'bank-returned',
];

/**
 * Entries for a denied message: the denial and its reason, without any typed text. So its signed words are
 * not kept either, only their hash: what was denied may be a name or a number. Nothing else changes.
 */
export function recordDenial(
  claim: Claim,
  { reason, sentence }: Denied,
  { name, by, message }: { name: string; by: string; message?: Message },
  { now, rules }: World,
): { entries: JournalEntry[]; claim: Claim } {
  const event: Event = {
    kind: 'message-denied',
    denial: { reason, sentence: withoutTyped(sentence), message: name },
  };
  const entry: JournalEntry = {
    ...event,
    seq: claim.seq + 1,
    at: now,
    by,
    ...receivedWith(message && withoutProof(message)),
  };
  return { entries: [entry], claim: evolve(claim, entry, rules.pack) };
}

const withoutProof = ({ id, from, content }: Message): Message => ({ id: deniedId(id), from, content });

/**
 * Answers quote the typed text. The journal keeps only codes of ours: any other text may be a name or a
 * number.
 */
function withoutTyped(sentence: string): string {
  const quoted = [...sentence.matchAll(/"([^"]*)"/g)].map(([, typed = '']) => typed);
  const isPaired = sentence.split('"').length % 2 === 1;
  return isPaired && quoted.every((typed) => /^[a-z][a-z0-9-]*$/i.test(typed))
    ? sentence
    : sentence.replace(/".*"/s, '"…"');
}

/**
 * An expectation that ends may end others (its calls and escalations), so this repeats until nothing changes.
 */
function reconcile(draft: Draft): void {
  const changes = (): Event[] => [
    ...clockChanges(draft.claim, draft.rules, draft.now),
    ...expectationChanges(draft.claim, draft.rules, draft.now),
  ];
  for (let events = changes(); events.length > 0; events = changes()) add(draft, ...events);
}

function author({ kind, message }: Command): string {
  if (message?.from === 'anybody') return 'anybody';
  if (kind === 'document-arrived' || kind === 'text-arrived') return 'customer';
  // Without a message it is the answer to our own inquiry, which nobody signed.
  return message && (kind === 'bank-confirmed' || kind === 'bank-returned') ? 'bank' : 'lipei';
}
