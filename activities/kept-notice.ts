import { usualIn } from '../config/calendars.ts';
import { houseRules } from '../config/rules/load.ts';
import { noticeIn } from '../domain/claim/filing.ts';
import {
  indexOfParty,
  itemId,
  partyId,
  type NoticeOfLoss,
  type NoticeParty,
} from '../domain/claim/notice.ts';
import type { ClaimNumber } from '../domain/ids.ts';
import type { Marking } from '../domain/people/marks.ts';
import { picked, sealedFields, type ColumnField } from '../domain/people/party-fields.ts';
import type { PartyId } from '../domain/people/people.ts';
import { present } from '../domain/present.ts';
import type { Instant } from '../domain/time/time.ts';
import { numbersOnRecord } from '../records/claims/claim-numbers.ts';
import { intake, type Taken } from '../records/claims/intake.ts';
import type { Database } from '../records/database.ts';
import { marking } from '../records/keys/contact-key.ts';
import { policyOf } from '../records/policies/policies.ts';
import type { Keyring } from '../security/keyring.ts';
import { newPartyKey, seal } from '../security/sealing.ts';
import type { OpeningSettings } from './opening-settings.ts';

/** Keeps the notice of loss and its parties again, for a claim whose records were lost. */
export const keepNoticeAgain =
  ({ database, keyring, settings }: { database: Database; keyring: Keyring; settings: OpeningSettings }) =>
  async ({ claim, start, now }: { claim: ClaimNumber; start: unknown; now: Instant }): Promise<void> => {
    const { pace, rules: book = houseRules } = settings;
    const taken = await intake(
      noticeIn(start),
      { now, packs: book.inForce(pace), purpose: 'opening' },
      {
        policyOf: (number, lossAt) => policyOf(database, number, lossAt),
        numbersOf: (notice) => numbersOnRecord(database, keyring, notice),
      },
    );
    if (taken.kind !== 'taken')
      throw new Error(`The notice of ${claim} cannot be read again (${taken.kind}).`);
    const mark = await marking(database, keyring);
    await keepTaken(database, { keyring, mark }, claim, taken, now);
  };

/** A party whose language and clock are known. */
type Reader = Omit<NoticeParty, ColumnField> & Record<ColumnField, string>;
type Kept = Pick<NoticeOfLoss, 'source' | 'reference' | 'place' | 'description' | 'items'> & {
  parties: Reader[];
};

/** The notice and its parties, whose language and clock are the usual ones where the notice names none. */
export function keepTaken(
  database: Database,
  by: { keyring: Keyring; mark: Marking },
  claim: ClaimNumber,
  { notice, pack }: Taken,
  now: Instant,
): Promise<void> {
  const usual = usualIn(pack.jurisdiction);
  const parties = notice.parties.map((party) => ({ ...usual, ...party }));
  return keep(database, by, claim, { ...notice, parties }, now);
}

/**
 * Each party is sealed under its own key, with the plates of its items, and the notice's free text under the
 * first party's. If another
 * notice has just taken the number, or the same notice another number, the database rejects the row, and the
 * next attempt reads the owner.
 */
async function keep(
  database: Database,
  { keyring, mark }: { keyring: Keyring; mark: Marking },
  claim: string,
  { source, reference, place, description, items, parties }: Kept,
  now: Instant,
): Promise<void> {
  const keys = parties.map(() => newPartyKey(keyring));
  const rows = parties.map((party, index) => {
    const plates = platesOf(items, (name) => indexOfParty({ parties }, name) === index);
    return partyRow({ claim, id: partyId(index), key: keys[index] ?? '' }, { party, plates }, keyring);
  });
  await database.prepared('keep-notice', keeping, [
    claim,
    source,
    mark('reference', reference),
    partyId(0),
    seal(keys[0] ?? '', keyring, { reference, place, description }, `${claim}/notice`),
    now,
    JSON.stringify(rows),
  ]);
}

/** Number plates by item, of the items of one party; undefined where there are none. */
const platesOf = (
  items: NoticeOfLoss['items'],
  isTheirs: (party: string) => boolean,
): Record<string, string> | undefined => {
  const plates = items.flatMap(({ plate, party }, index) =>
    plate === undefined || !isTheirs(party) ? [] : [[itemId(index), plate] as const],
  );
  return plates.length > 0 ? Object.fromEntries(plates) : undefined;
};

/** One statement, so that there is no notice without its parties. */
const keeping = `
  WITH kept AS (
    INSERT INTO notice (claim, source, reference, party, sealed, at)
    SELECT $1, $2, $3, $4, $5, $6::timestamptz
    WHERE NOT EXISTS (SELECT FROM notice WHERE claim = $1 AND source = $2 AND reference = $3)
    RETURNING claim)
  INSERT INTO party (claim, id, role, locale, time_zone, key, sealed)
  SELECT kept.claim, row.id, row.role, row.locale, row.time_zone, row.key, row.sealed
  FROM kept, jsonb_to_recordset($7::jsonb)
    AS row(id text, role text, locale text, time_zone text, key text, sealed text)`;

function partyRow(
  { claim, id, key }: { claim: string; id: PartyId; key: string },
  { party, plates }: { party: Reader; plates: Record<string, string> | undefined },
  keyring: Keyring,
) {
  return {
    id,
    role: party.role,
    locale: party.locale,
    time_zone: party.timeZone,
    key,
    sealed: seal(key, keyring, { ...picked(party, sealedFields), ...present({ plates }) }, `${claim}/${id}`),
  };
}
