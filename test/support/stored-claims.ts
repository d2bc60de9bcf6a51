import { generateKeyPairSync } from 'node:crypto';
import { claimNumber } from '../../domain/ids.ts';
import { rebuildClaim, textOf } from '../../records/claims/projection.ts';
import type { Database } from '../../records/database.ts';
import { marking } from '../../records/keys/contact-key.ts';
import { newPartyKey, seal } from '../../security/sealing.ts';
import { certify, type SigningKey } from '../../security/signing.ts';
import { act, anOpening, handler, yuan } from './builders.ts';
import { rootKey, SignedClaim } from './signed-claim.ts';
import { testKeyring } from './test-keyring.ts';

/** Signs at any time of this century. */
export function aLongSigningKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const of = { from: new Date('2000-01-01T00:00:00Z'), until: new Date('2099-01-01T00:00:00Z') };
  return { privateKey, certificate: certify(rootKey.privateKey, publicKey, of) };
}

interface ToStore {
  reference: string;
  key: SigningKey;
  /** Filed and closed on this day. */
  day: string;
  policy?: string;
  isPaid?: boolean;
  isOpen?: boolean;
}

const dayMs = 86_400_000;
const daysFrom = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * dayMs).toISOString();

/**
 * Puts a claim into the records as its run would have left it: journal, read model, notice and the sealed
 * contact of its parties. Gives its number. `database` has the rights of the owner.
 */
export async function storeClaim(
  database: Database,
  { reference, key, day, policy = 'P-1', isPaid = false, isOpen = false }: ToStore,
): Promise<string> {
  const number = claimNumber('hotline', reference);
  const [lossAt, noticedAt] = [daysFrom(day, -1), daysFrom(day, 0)];
  const opening = { ...anOpening({ number, policy, lossAt, noticedAt }), reference };
  const period = { from: daysFrom(day, -30), to: daysFrom(day, 30) };
  const claim = new SignedClaim(opening, { key, now: daysFrom(day, 0), period });
  if (isPaid) {
    claim.instructed(yuan(4800));
    const payment = claim.payment;
    claim.reports('bank-confirmed', { kind: 'provider', name: 'bank' }, { payment, reference: 'B-1' });
    claim.take({ kind: 'conclude', item: 'item-1' });
  } else if (!isOpen) claim.does(handler, act.withdraws());
  if (!isOpen) claim.take({ kind: 'close' });
  for (const entry of claim.entries)
    await database.journalEntry.create({
      data: {
        claim: number,
        seq: entry.seq,
        at: entry.at,
        by: entry.by,
        kind: entry.kind,
        entry: textOf(entry),
        previousHash: '',
        hash: '',
      },
    });
  await rebuildClaim(database, number);
  await keepPeople(database, number, reference, daysFrom(day, 0));
  return number;
}

/** The words that tests look for. */
export const personalWords = { name: '王伟', description: 'Rear-end collision at the lights' };

async function keepPeople(database: Database, claim: string, reference: string, at: string): Promise<void> {
  const keyring = testKeyring();
  const mark = await marking(database, keyring);
  for (const id of ['party-1', 'party-2']) {
    const key = newPartyKey(keyring);
    const sealed = seal(key, keyring, { name: personalWords.name, plates: {} }, `${claim}/${id}`);
    const role = id === 'party-1' ? 'policyholder' : 'third-party';
    await database.party.create({
      data: { claim, id, role, locale: 'zh-CN', timeZone: 'Asia/Shanghai', key, sealed },
    });
    if (id !== 'party-1') continue;
    const { description } = personalWords;
    const words = seal(key, keyring, { reference, place: 'Heping Road', description }, `${claim}/notice`);
    await database.notice.create({
      data: {
        claim,
        source: 'hotline',
        reference: mark('reference', reference),
        party: id,
        sealed: words,
        at,
      },
    });
  }
}
