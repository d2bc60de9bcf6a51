import type { NumbersOnRecord } from './claim-numbers.ts';
import type { PolicyOnRecord } from '../parties/policies.ts';
import {
  completeNotice,
  parseNotice,
  type CompleteNotice,
  type Malformed,
} from '../../config/notice-schema.ts';
import { claimedTotal } from '../../domain/claim/claim.ts';
import type { ClaimNumber } from '../../domain/ids.ts';
import { minorUnits } from '../../domain/money/money.ts';
import type { RulePack } from '../../domain/rules/pack.ts';
import type { Instant } from '../../domain/time/time.ts';

/** What of the records is asked; `down` where they do not answer and the answer can be done without. */
export interface IntakeRecords {
  policyOf(number: string): Promise<PolicyOnRecord | undefined | 'down'>;
  numbersOf(notice: Pick<CompleteNotice, 'source' | 'reference'>): Promise<NumbersOnRecord | 'down'>;
}

export interface IntakeTerms {
  now: Instant;
  /** The rules that are in force, of each line and jurisdiction. */
  packs: readonly RulePack[];
  /**
   * `filing`: somebody asks, and can put it right. An unknown policy is a mistake, and so is one that there
   * are no rules for; what the records hold already is filed.
   * `opening`: the claim's workflow has begun, and is opened if it can be. An unknown policy is for the cover
   * check; filed already is only what another workflow has opened.
   */
  purpose: 'filing' | 'opening';
}

/** A notice that can be a claim: everything that is asked of it, each once. */
export interface Taken {
  kind: 'taken';
  notice: CompleteNotice;
  policy: PolicyOnRecord | undefined | 'down';
  numbers: NumbersOnRecord | 'down';
  /** The policy's rules; where it is not known, those of the first line that knows what was damaged. */
  pack: RulePack;
  currency: string;
  items: { object: string; party: string; claimedMinor: number }[];
  totalMinor: number;
  urgency: 'priority' | 'normal';
}

export type Intake =
  | Taken
  | Malformed
  | { kind: 'already-filed'; claim: ClaimNumber }
  | { kind: 'unknown-policy' }
  | { kind: 'no-rules'; line: string; jurisdiction: string };

/**
 * What becomes of a notice of loss: the one place that reads it, finds its policy, its rules and its number,
 * and judges its objects and amounts. The API asks it so that people hear at once what is wrong; the claim's
 * first activity asks it again, for a claim may be started without the API, and the records may have been
 * away.
 */
export async function intake(value: unknown, terms: IntakeTerms, records: IntakeRecords): Promise<Intake> {
  const parsed = parseNotice(value);
  if (parsed.kind === 'malformed') return parsed;
  const policy = await records.policyOf(parsed.shape.policy);
  const known = policy === 'down' ? undefined : policy;
  const own = known && terms.packs.filter((pack) => isFor(pack, known));
  const candidates = own?.length ? own : terms.packs;
  const pack = packKnowing(parsed.shape.items, candidates);
  const currency = known?.currency ?? pack.currency;

  const reading = completeNotice(parsed.shape, { now: terms.now, currency });
  if (reading.kind === 'malformed') return reading;
  const { notice } = reading;
  const numbers = await records.numbersOf(notice);
  if (numbers !== 'down' && numbers.own && (terms.purpose === 'filing' || numbers.isOpened))
    return { kind: 'already-filed', claim: numbers.own };
  if (terms.purpose === 'filing' && policy === undefined) return { kind: 'unknown-policy' };
  if (terms.purpose === 'filing' && known && own?.length === 0)
    return { kind: 'no-rules', line: known.line, jurisdiction: known.jurisdiction };
  const mistake = unknownObject(notice, pack, candidates);
  if (mistake) return mistake;

  const items = notice.items.map(({ object, party, claimed }) => ({
    object,
    party,
    claimedMinor: minorUnits(claimed, currency) ?? 0,
  }));
  const totalMinor = claimedTotal(items);
  const urgency = totalMinor >= pack.majorFromMinor ? 'priority' : 'normal';
  return { kind: 'taken', notice, policy, numbers, pack, currency, items, totalMinor, urgency };
}

const isFor = ({ line, jurisdiction }: RulePack, policy: PolicyOnRecord): boolean =>
  line === policy.line && jurisdiction === policy.jurisdiction;

type Objects = { object: string }[];

const knows = ({ objects }: RulePack, items: Objects): boolean =>
  items.every(({ object }) => objects[object] !== undefined);

/** The first that knows everything that was damaged, else the first that knows the first of it. */
function packKnowing(items: Objects, candidates: readonly RulePack[]): RulePack {
  const found =
    candidates.find((pack) => knows(pack, items)) ??
    candidates.find((pack) => knows(pack, items.slice(0, 1))) ??
    candidates[0];
  if (!found) throw new Error('There are no rules for claims.');
  return found;
}

/** Of what no line knows all lines are named; of what is another line's, the line of the first item. */
function unknownObject(
  { items }: CompleteNotice,
  pack: RulePack,
  candidates: readonly RulePack[],
): Malformed | undefined {
  const everywhere = [...new Set(candidates.flatMap(({ objects }) => Object.keys(objects)))];
  const here = Object.keys(pack.objects);
  for (const known of [everywhere, here]) {
    const index = items.findIndex(({ object }) => !known.includes(object));
    const field = `items[${index}].object`;
    if (index >= 0)
      return {
        kind: 'malformed',
        understood: true,
        field,
        sentence: `${field} must be one of ${known.join(', ')}; "${items[index]?.object}" is not.`,
      };
  }
  return undefined;
}
