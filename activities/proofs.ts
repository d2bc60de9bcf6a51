import type { KeyObject } from 'node:crypto';
import { after, type Offset } from '../domain/time/calendar.ts';
import type { Person, StaffRole } from '../domain/people/people.ts';
import { staffRoles } from '../domain/people/people.ts';
import { denied, type Denied } from '../domain/denial.ts';
import { isBefore, isInstant, plusMinutes, type Instant } from '../domain/time/time.ts';
import { checkProof, type ProofFault } from '../security/proof.ts';
import type { Person as PersonRow } from '../prisma/generated/client.ts';
import type { Database } from '../records/database.ts';

export interface ActToVerify {
  claim: string;
  line: string;
  /** The update's name. */
  action: string;
  /** The message's id: the proof must be for this very message. */
  id: string;
  proof: unknown;
  content: object;
  now: Instant;
  validFor: Offset;
}

export interface ProofActivities {
  verifyAct(act: ActToVerify): Promise<{ kind: 'verified'; person: Person; issuedAt: Instant } | Denied>;
}

/** Checks the sender of an act and reads today's authority. Reads only, so it may run any number of times. */
export function proofActivities(database: Database, publicKey: KeyObject): ProofActivities {
  return {
    async verifyAct({ claim, line, action, id, proof, content, now, validFor }) {
      const checked = checkProof(publicKey, proof, { claim, action, content });
      if (checked.kind === 'denied')
        return denied(checked.why === 'missing' ? 'no-proof' : 'forged-proof', sentences[checked.why]);
      const { by, issuedAt, id: signedId } = checked.proof;
      if (signedId !== id) return denied('forged-proof', sentences['other-content']);
      if (!isFresh(issuedAt, now, validFor))
        return denied(
          'stale-proof',
          `The decision was signed at ${issuedAt}, which is too old or too new at ${now}; decide again.`,
        );
      const [person] = await database.prepared<StaffRow>(
        'staff',
        'SELECT code, roles, branch, conflicts, limits, active FROM person WHERE code = $1',
        [by],
      );
      if (!person?.active) return denied('unknown-person', `${by} is not a member of staff who may act.`);
      return {
        kind: 'verified',
        issuedAt,
        person: {
          code: person.code,
          roles: person.roles.filter(isRole),
          branch: person.branch,
          conflicts: person.conflicts,
          ...limitOf(person.limits, line),
        },
      };
    },
  };
}

type StaffRow = Pick<PersonRow, 'code' | 'roles' | 'branch' | 'conflicts' | 'limits' | 'active'>;

const sentences: Record<ProofFault, string> = {
  missing:
    'The message has no proof of its sender; use the API or bin/lipei, which sign it. ' +
    'A message typed into the Temporal UI decides nothing.',
  malformed: 'The proof is malformed; send the message through the API.',
  signature: "The signature of the proof is not the API's; send the message through the API.",
  'other-claim': 'The proof is for another claim.',
  'other-action': 'The proof is for another action.',
  'other-content': 'The message was changed after it was signed.',
};

/** Clocks of two machines may differ a little. */
const skewMinutes = 2;

/** The validity of proofs has no days in it, so the calendar does not matter. */
const plain = {
  zone: 'UTC',
  offsets: [],
  holidays: [],
  workedWeekends: [],
  coverageEnd: '9999-12-31',
  contactHours: { from: 0, to: 1440 },
};

const isFresh = (issuedAt: string, now: Instant, validFor: Offset): boolean =>
  isInstant(issuedAt) &&
  !isBefore(after(issuedAt, validFor, plain), now) &&
  !isBefore(plusMinutes(now, skewMinutes), issuedAt);

const isRole = (role: string): role is StaffRole => staffRoles.some((each) => each === role);

function limitOf(limits: unknown, line: string): { limitMinor?: number } {
  const limit: unknown =
    typeof limits === 'object' && limits !== null
      ? Object.entries(limits).find(([key]) => key === line)?.[1]
      : undefined;
  return typeof limit === 'number' ? { limitMinor: limit } : {};
}
