import type { KeyObject } from 'node:crypto';
import type { Database } from '../../records/database.ts';
import { lacksRole } from '../../domain/people/permissions.ts';
import { readToken } from '../../security/tokens.ts';
import { readStaff, type Staff } from '../../records/staff/staff.ts';
import type { Admission } from './server.ts';

/** In milliseconds. A revoked token, or one of a colleague who has left, works at most this long. */
const knownForMs = 10_000;

/**
 * Admits staff who hold a token for the codec server and still work here. While the records do not answer,
 * nobody is admitted: looking at payloads can wait.
 */
export function admitStaff(database: Database, publicKey: KeyObject): (token: string) => Promise<Admission> {
  let known: { staff: Staff; at: number } | undefined;

  const current = async (): Promise<Staff> => {
    if (!known || Date.now() - known.at > knownForMs)
      known = { staff: await readStaff(database), at: Date.now() };
    return known.staff;
  };

  return async (token) => {
    const unchecked = await readToken(publicKey, token, {
      revoked: new Set(),
      now: new Date(),
      audience: 'lipei-codec',
    });
    if (unchecked.kind === 'denied') return { kind: 'denied' };
    const staff = await current().catch(() => undefined);
    if (!staff) return { kind: 'unavailable' };
    const colleague = staff.people.find(
      (person) => person.active && person.code === unchecked.staff && !lacksRole(person, 'decrypt-payloads'),
    );
    return colleague && !staff.revoked.includes(unchecked.jti)
      ? { kind: 'admitted', colleague }
      : { kind: 'denied' };
  };
}
