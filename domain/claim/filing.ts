import { isUnreadable } from '../unreadable-payload.ts';
import { hashIfAny } from '../hash.ts';
import type { Author } from '../people/people.ts';
import { isSigned, isUnproven, type Signed } from '../signed-payload.ts';
import type { Message } from './journal.ts';
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
