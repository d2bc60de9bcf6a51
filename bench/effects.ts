import { activityInfo } from '@temporalio/activity';
import { join } from 'node:path';
import type { Activities } from '../activities/activities.ts';
import { calendarFor } from '../config/calendars.ts';
import { projectRoot } from '../config/env.ts';
import { houseRules } from '../config/rules/load.ts';
import type { PolicyFacts } from '../domain/claim/commands.ts';
import { claimOfWorkflow } from '../domain/ids.ts';
import { staffRoles, type Person } from '../domain/people/people.ts';
import { readRecords } from '../local/records.ts';
import { present } from '../domain/present.ts';

export interface BareActivities {
  /** Gives a text of `result` bytes as JSON. */
  step(of: { pad: string; result: number }): Promise<string>;
}

export const bareActivities: BareActivities = {
  step: async ({ result }) => 'x'.repeat(Math.max(0, result - 2)),
};

const longAgo = '2020-01-01T00:00:00.000Z';
const longAhead = '2100-01-01T00:00:00.000Z';

/**
 * A claim's activities as they answer when all goes well, without records and without anybody outside: what
 * remains is the workflow.
 */
export function withoutEffects(): Activities {
  const pack = houseRules.newest({ line: 'motor', jurisdiction: 'CN', pace: 'any-hour' });
  const people = new Map(
    readRecords(join(projectRoot, 'samples')).people.map((person) => [person.code, person]),
  );
  const facts: PolicyFacts = {
    number: 'LK25-000103',
    line: 'motor',
    from: longAgo,
    to: longAhead,
    objects: { 'insured-vehicle': { sumInsuredMinor: 50_000_000, excessMinor: 0 } },
  };
  return {
    async takeNotice({ now }) {
      const number = claimOfWorkflow(activityInfo().workflowExecution?.workflowId ?? '') ?? '';
      const opening = {
        source: 'bench',
        reference: 'bench',
        number,
        line: 'motor',
        jurisdiction: 'CN',
        branch: 'longkou',
        currency: 'CNY',
        rules: pack.versions,
        policy: facts.number,
        lossAt: now,
        noticedAt: now,
        urgency: 'priority' as const,
        handler: 'C-301',
        surveyor: 'S-201',
        parties: [
          {
            id: 'party-1',
            role: 'policyholder' as const,
            reach: { sms: true, email: true },
            account: 'account',
          },
          { id: 'party-2', role: 'driver' as const, reach: { sms: true, email: false } },
        ],
        items: [{ id: 'item-1', object: 'insured-vehicle', party: 'party-1', claimedMinor: 38_000_000 }],
      };
      return {
        kind: 'opened',
        opening,
        policy: facts,
        rules: { pack, calendar: calendarFor(pack, now, now) },
        runEvents: 99_999,
      };
    },
    async readRules({ lossAt, now }) {
      return { rules: { pack, calendar: calendarFor(pack, lossAt, now) }, runEvents: 99_999 };
    },
    readPolicy: async () => facts,
    appendJournal: async () => undefined,
    sendNotification: async () => ({ kind: 'accepted' }),
    sendTogether: async ({ notifications }) => notifications.map(() => ({ kind: 'accepted' })),
    clearUp: async () => ({ kind: 'accepted' }),
    async verifyAct({ proof, now }) {
      const by = typeof proof === 'object' && proof !== null && 'by' in proof ? String(proof.by) : '';
      return { kind: 'verified', issuedAt: now, person: personOf(by, people.get(by)) };
    },
    instructPayment: async () => ({ kind: 'accepted' }),
    inquirePayment: async () => ({ kind: 'pending' }),
  };
}

type Kept = ReturnType<typeof readRecords>['people'][number];

function personOf(code: string, kept: Kept | undefined): Person {
  const limit: unknown = kept?.limits && Reflect.get(Object(kept.limits), 'motor');
  return {
    code,
    roles: staffRoles.filter((role) => kept?.roles.includes(role)),
    branch: kept?.branch ?? '',
    conflicts: [],
    ...present({ limitMinor: typeof limit === 'number' ? limit : undefined }),
  };
}
