import { activityInfo } from '@temporalio/activity';
import type { Activities } from '../activities/activities.ts';
import { calendarFor } from '../config/calendars.ts';
import { houseRules } from '../config/rules/load.ts';
import type { PolicyFacts } from '../domain/money/policy.ts';
import { openWhole } from '../domain/claim/decide.ts';
import type { FullOpening } from '../domain/claim/journal.ts';
import { claimOfWorkflow } from '../domain/ids.ts';
import { isGathering, nextToSend } from '../domain/messages/outbox.ts';
import type { Instant } from '../domain/time/time.ts';
import { present } from '../domain/present.ts';

export interface BareActivities {
  /** A text that takes `result` bytes as JSON. */
  step(of: { pad: string; result: number }): Promise<string>;
}

export const bareActivities: BareActivities = {
  step: async ({ result }) => 'x'.repeat(Math.max(0, result - 2)),
};

const policy: PolicyFacts = {
  number: 'LK25-000103',
  line: 'motor',
  jurisdiction: 'CN',
  currency: 'CNY',
  from: '2020-01-01T00:00:00.000Z',
  to: '2100-01-01T00:00:00.000Z',
  objects: { 'insured-vehicle': { sumInsuredMinor: 50_000_000, excessMinor: 0 } },
  version: 1,
  people: [],
  special: [],
};

const onRecord = { kind: 'found', policy } as const;

const pack = houseRules.newest({ line: 'motor', jurisdiction: 'CN', pace: 'any-hour' });
/** A claim ends in its first run. */
const runEvents = 99_999;

/**
 * The answers of a claim's activities when all goes well, without records and providers: only the workflow is
 * left.
 */
export function withoutEffects(): Activities {
  return {
    async openFrom({ now, filer }) {
      const rules = { pack, calendar: calendarFor(pack, now, now) };
      const opening = openingAt(now);
      const { claim } = openWhole(opening, onRecord, { now, rules }, filer);
      const sent = nextToSend(claim).filter((each) => !isGathering(each, now));
      return {
        kind: 'opened',
        opening,
        policy: onRecord,
        rules,
        runEvents,
        carried: { outcomes: sent.map(accepted) },
      };
    },
    takeOver: async ({ lossAt, now }) => ({
      kind: 'taken',
      rules: { pack, calendar: calendarFor(pack, lossAt, now) },
      runEvents,
    }),
    takeUp: async () => ({ kind: 'not-resumed', sentence: 'The bench keeps no records.' }),
    readPolicy: async () => onRecord,
    carryOut: async ({ sending, payment }) => ({
      outcomes: (sending?.notifications ?? []).map(accepted),
      ...present({ bank: payment && accepted() }),
    }),
    sendNotification: async () => ({ kind: 'accepted' }),
    clearUp: async () => ({ kind: 'accepted' }),
    instructPayment: async () => ({ kind: 'accepted' }),
    inquirePayment: async () => ({ kind: 'pending' }),
  };
}

const accepted = () => ({ kind: 'accepted' }) as const;

/** The sample notice `large-loss` as the claim of this activity's workflow takes it. */
const openingAt = (now: Instant): FullOpening => ({
  source: 'bench',
  reference: 'bench',
  number: claimOfWorkflow(activityInfo().workflowExecution?.workflowId ?? '') ?? '',
  line: 'motor',
  jurisdiction: 'CN',
  branch: 'longkou',
  currency: 'CNY',
  rules: pack.versions,
  policy: policy.number,
  lossAt: now,
  noticedAt: now,
  handler: 'C-301',
  surveyor: 'S-201',
  parties: [
    { id: 'party-1', role: 'policyholder', reach: { sms: true, email: true }, account: 'account', marks: [] },
    { id: 'party-2', role: 'driver', reach: { sms: true, email: false }, marks: [] },
  ],
  items: [{ id: 'item-1', object: 'insured-vehicle', party: 'party-1', claimedMinor: 38_000_000 }],
});
