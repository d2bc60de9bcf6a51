import { z } from 'zod';
import type { NoticeOfLoss, NoticeParty } from '../../domain/claim/notice.ts';
import type { Currency } from '../../domain/money/money.ts';
import { instantOf, msOf, type Instant } from '../../domain/time/time.ts';
import { allSentences } from '../field-sentences.ts';
import { bareAmount } from './claimed-amount.ts';
import { itemMistakes } from './items.ts';
import { lossMistake, lossText } from './loss-date.ts';
import { malformedBy } from './malformed-notice.ts';
import { notUnderstood, type MalformedNotice, type Mistake } from './mistake.ts';
import { idMistake, partyNamed, phoneMistake, withIds, withPhone } from './parties.ts';
import { accountMistake } from './party-fields.ts';
import { itemSchema, noticeSchema, partySchema } from './schema.ts';

/**
 * Every party has an id, and items name their party by it. Language and time zone are added as soon as the
 * policy is known.
 */
export interface CompleteNotice extends NoticeOfLoss {
  parties: (NoticeParty & Required<Pick<NoticeParty, 'id'>>)[];
}

/** What a notice is read with of its policy, where that is known. */
export interface OfPolicy {
  currency?: Currency;
  /** Its jurisdiction: telephone numbers are read as they are dialled there, accounts as they are there. */
  country?: string;
}

interface ReadingTerms extends OfPolicy {
  /** The date of loss is compared with it. */
  now: Instant;
}

export type NoticeReading = { kind: 'read'; notice: CompleteNotice } | MalformedNotice;

/**
 * The second half of reading a notice. Checks the shape and the fields against each other, and completes the
 * notice: times in UTC, telephone numbers in E.164. Reading a complete notice again changes nothing. Gives
 * all mistakes at once, as far as each part is readable.
 */
export function readNotice(value: unknown, { now, ...policy }: ReadingTerms): NoticeReading {
  const { data, error } = noticeSchema.safeParse(value);
  const mistakes = [
    ...(error ? allSentences(error, 'The notice of loss').map(notUnderstood) : []),
    ...mistakesInParts(value, now, policy),
  ];
  if (!data || mistakes.length > 0) return malformedBy(mistakes);
  const { lossAt, parties: given, items: claimed, ...rest } = data;
  const parties = withIds(given);
  const items = claimed.map((each) => ({
    ...each,
    party: partyNamed(each.party, parties)?.id ?? each.party,
    claimed: bareAmount(each.claimed),
  }));
  return {
    kind: 'read',
    notice: {
      ...rest,
      lossAt: instantOf(msOf(lossAt)),
      parties: parties.map((each) => withPhone(each, policy.country)),
      items,
    },
  };
}

const loose = z.looseObject({
  lossAt: lossText.optional().catch(undefined),
  parties: z.array(partySchema.optional().catch(undefined)).catch([]),
  items: z.array(itemSchema.optional().catch(undefined)).catch([]),
});

/** Mistakes in the values of fields with the right shape. The schema reports the others. */
function mistakesInParts(value: unknown, now: Instant, { currency, country }: OfPolicy): Mistake[] {
  const read = loose.safeParse(value);
  if (!read.success) return [];
  const { lossAt, parties: given, items } = read.data;
  const known = given.filter((each) => each !== undefined);
  const all = known.length === given.length ? withIds(known) : undefined;
  const found = [
    lossAt === undefined ? undefined : lossMistake(instantOf(msOf(lossAt)), now),
    ...given.flatMap((each, index) => each && phoneMistake(each, index, country)),
    ...given.map((each, index) => accountMistake(each?.account, `parties[${index}].account`, country)),
    ...(all ?? []).map((each, index) => idMistake(each, index, all ?? [])),
    ...items.flatMap((each, index) => each && itemMistakes(each, index, all, currency)),
  ];
  return found.filter((each) => each !== undefined);
}
