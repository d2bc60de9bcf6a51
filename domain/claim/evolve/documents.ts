import { assertNever } from '../../assert-never.ts';
import type { ItemId } from '../../ids.ts';
import type { Claim, Document, Item } from '../claim.ts';
import { onItem, type Of } from './change.ts';

export const documentKinds = [
  'document-received',
  'document-accepted',
  'document-rejected',
  'document-waived',
  'receipt-issued',
] as const;

/** The claim after an entry about its papers. */
export function afterDocument(claim: Claim, entry: Of<(typeof documentKinds)[number]>): Claim {
  switch (entry.kind) {
    case 'document-received':
      return cameLate(
        onDocument(claim, entry, (before) => ({
          state: 'received',
          attachments: [...attachmentsOf(before), entry.attachment],
          at: entry.at,
        })),
        entry,
      );
    case 'document-accepted':
      return onDocument(claim, entry, (before) => ({
        state: 'accepted',
        attachments: attachmentsOf(before),
        by: entry.by,
      }));
    case 'document-rejected':
      return onDocument(claim, entry, () => ({ state: 'rejected', reason: entry.reason, at: entry.at }));
    case 'document-waived':
      return onDocument(claim, entry, () => ({ state: 'waived', by: entry.by }));
    case 'receipt-issued':
      return onItem(claim, entry.item, () => ({ receipt: { number: entry.number, at: entry.at } }));
    default:
      return assertNever(entry);
  }
}

/** A paper of an item that has ended with something unpaid may change that (S36). */
const cameLate = (claim: Claim, { item: id, document }: Of<'document-received'>): Claim =>
  id === undefined
    ? claim
    : onItem(claim, id, (item) => (leavesUnpaid(item) ? { lateDocument: document } : {}));

const leavesUnpaid = ({ outcome, assessment, claimedMinor }: Item): boolean =>
  outcome?.kind === 'refused' ||
  outcome?.kind === 'nothing-payable' ||
  (outcome?.kind === 'paid' && (assessment?.amountMinor ?? 0) < claimedMinor);

/** A document belongs to an item, or to the claim as a whole. */
function onDocument(
  claim: Claim,
  { item, document }: { item?: ItemId; document: string },
  change: (before: Document | undefined) => Document,
): Claim {
  if (item)
    return onItem(claim, item, ({ documents }) => ({
      documents: { ...documents, [document]: change(documents[document]) },
    }));
  return { ...claim, documents: { ...claim.documents, [document]: change(claim.documents[document]) } };
}

const attachmentsOf = (document: Document | undefined): string[] =>
  document && 'attachments' in document ? document.attachments : [];
