import { isUnreadable } from '../unreadable-payload.ts';
import { hashIfAny, hashOf } from '../hash.ts';
import type { ClaimNumber } from '../ids.ts';
import { majorUnits } from '../money/money.ts';
import { fingerprintOf } from '../people/account.ts';
import type { Author } from '../people/people.ts';
import { isSigned, isUnproven, type Signed } from '../signed-payload.ts';
import { instantOf, msOf } from '../time/time.ts';
import type { FullOpening, Message } from './journal.ts';
import { indexOfParty, partyId, type NoticeOfLoss } from './notice.ts';
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

/** The notice of loss in what starts a workflow, signed or not. */
export const noticeIn = (start: unknown): unknown => (isSigned(start) ? start.beside : start);

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
  /** The hash of the notice. */
  notice: string;
  /** The hash of what money will rest on, so that the opening can be compared with it without the notice. */
  opens: string;
}

export const filingFields = (claim: ClaimNumber, notice: NoticeOfLoss): FilingFields => ({
  notice: hashOf(notice),
  opens: hashOf({
    policy: notice.policy,
    lossAt: instantOf(msOf(notice.lossAt)),
    items: notice.items.map(({ object, party, claimed }) => ({
      object,
      party: partyId(indexOfParty(notice, party)),
      claimed: shortest(String(claimed)),
    })),
    accounts: notice.parties.map(({ account }, index) =>
      account === undefined ? null : fingerprintOf(claim, partyId(index), account),
    ),
  }),
});

/** Whether the claim was opened as its signer filed it: policy, loss, items, amounts, accounts. */
export const isAsFiled = (opening: FullOpening, fields: object): boolean =>
  'opens' in fields && fields.opens === opensOf(opening);

/** The same hash as the signer's, from an opening. */
export const opensOf = ({ policy, lossAt, items, parties, currency }: FullOpening): string =>
  hashOf({
    policy,
    lossAt,
    items: items.map(({ object, party, claimedMinor }) => ({
      object,
      party,
      claimed: shortest(majorUnits(claimedMinor, currency)),
    })),
    accounts: parties.map(({ account }) => account ?? null),
  });

/** The shortest notation of a decimal: `4800` for `4800.00`. */
const shortest = (decimal: string): string =>
  decimal.includes('.') ? decimal.replace(/0+$/, '').replace(/\.$/, '') : decimal;
