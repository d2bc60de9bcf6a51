import { isUnreadable } from '../unreadable-payload.ts';
import { hashIfAny, hashOf } from '../hash.ts';
import { majorUnits } from '../money/money.ts';
import type { Mark, Marking } from '../people/marks.ts';
import type { Author, Party } from '../people/people.ts';
import { present } from '../present.ts';
import { isSigned, isUnproven, type Signed } from '../signed-payload.ts';
import { instantOf, msOf } from '../time/time.ts';
import type { FullOpening, Message } from './journal.ts';
import { indexOfParty, partyId, type NoticeOfLoss, type NoticeParty } from './notice.ts';
import { contentOf } from './message.ts';
import { senderOf } from './sender.ts';

/** Who filed a notice of loss, with the signed message where somebody signed it. */
export interface Filer {
  by: Author;
  message?: Message;
}

/**
 * Who filed the notice that starts the workflow of `claim`. A start by hand has an unknown filer: the rules
 * never release its payments. The notice itself is read from the history (`noticeIn`).
 */
export function filerOf(claim: string, start: unknown): Filer {
  if (!isSigned(start) || !isWhole(claim, start)) return { by: 'anybody' };
  const { id, by, fields } = start.statement;
  return {
    by: by.kind === 'staff' ? by.code : 'customer',
    message: { id, from: senderOf(by), content: contentOf('file', fields), proof: start.proof },
  };
}

/** The signer filed this very notice as this claim. */
function isWhole(claim: string, { statement, beside }: Signed): boolean {
  const { fields } = statement;
  return (
    statement.act === 'file' &&
    statement.claim === claim &&
    'notice' in fields &&
    fields.notice === hashIfAny(beside)
  );
}

/**
 * What travels beside the statement that files a notice. Without the salt, which stays in the encrypted start
 * of the workflow, the statement's hash lets nobody guess what the notice says.
 */
export interface Beside {
  notice: NoticeOfLoss;
  salt: string;
}

/** The notice of loss in what starts a workflow, signed or not. */
export function noticeIn(start: unknown): unknown {
  if (!isSigned(start)) return start;
  const { beside } = start;
  return typeof beside === 'object' && beside !== null && 'notice' in beside ? beside.notice : beside;
}

/** Why what starts a workflow can be no notice of loss; undefined where it can. */
export function noNoticeIn(start: unknown): string | undefined {
  if (isUnreadable(start))
    return (
      `The notice of loss could not be decrypted (${start.why}); ` +
      'file it through the API, or through the Temporal UI with its codec server.'
    );
  if (isUnproven(start))
    return `The proof of the notice of loss is not genuine (${start.why}); file it through the API.`;
  const notice = noticeIn(start);
  return typeof notice === 'object' && notice !== null && !Array.isArray(notice)
    ? undefined
    : 'A claim starts with one JSON object, the notice of loss.';
}

/** What the signer of a notice says about it (`act: 'file'`). */
export interface FilingFields {
  /** The hash of the notice with its salt. */
  notice: string;
  /** The hash of what money will rest on, so that the opening can be compared with it without the notice. */
  opens: string;
}

export const filingFields = (beside: Beside, mark: Marking): FilingFields => ({
  notice: hashOf(beside),
  opens: opensAs(beside.notice, mark),
});

const opensAs = (notice: NoticeOfLoss, mark: Marking): string =>
  hashOf({
    policy: notice.policy,
    lossAt: instantOf(msOf(notice.lossAt)),
    ...present({ cause: notice.cause }),
    items: notice.items.map(({ object, party, claimed, plate }) => ({
      object,
      party: partyId(indexOfParty(notice, party)),
      claimed: shortest(String(claimed)),
      vehicle: plate === undefined ? null : mark('vehicle', plate),
    })),
    parties: notice.parties.map((party) => plainOf(marksOfParty(party, mark))),
  });

/** The marks of a party in a notice: what it can be known by in other claims. */
export function marksOfParty(
  { account, phone, email }: Pick<NoticeParty, 'account' | 'phone' | 'email'>,
  mark: Marking,
): Pick<Party, 'account' | 'marks'> {
  const own = account === undefined ? undefined : mark('account', account);
  return {
    ...present({ account: own }),
    marks: [
      ...(own ? [own] : []),
      ...(phone === undefined ? [] : [mark('telephone', phone)]),
      ...(email === undefined ? [] : [mark('email', email)]),
    ],
  };
}

const plainOf = ({ account = null, marks }: { account?: Mark | null; marks: Mark[] }): object => ({
  account,
  marks,
});

/** Whether the claim was opened as its signer filed it: policy, loss, items, amounts, accounts. */
export const isAsFiled = (opening: FullOpening, fields: object): boolean =>
  'opens' in fields && fields.opens === opensOf(opening);

/** The same hash as the signer's, from an opening. */
export const opensOf = ({ policy, lossAt, cause, items, parties, currency }: FullOpening): string =>
  hashOf({
    policy,
    lossAt,
    ...present({ cause }),
    items: items.map(({ object, party, claimedMinor, vehicle = null }) => ({
      object,
      party,
      claimed: shortest(majorUnits(claimedMinor, currency)),
      vehicle,
    })),
    parties: parties.map(plainOf),
  });

/** The shortest notation of a decimal: `4800` for `4800.00`. */
const shortest = (decimal: string): string =>
  decimal.includes('.') ? decimal.replace(/0+$/, '').replace(/\.$/, '') : decimal;
