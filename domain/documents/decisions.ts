import { mayNot } from '../people/permissions.ts';
import { itemOf, type Document } from '../claim/claim.ts';
import type { HumanCommand } from '../claim/commands.ts';
import type { ReportCommand } from '../claim/reports.ts';
import { documentKinds, documentsOf, ruleFor } from './requirements.ts';
import { add, type Draft } from '../claim/draft.ts';
import type { ItemId } from '../ids.ts';
import { denied, type Denied } from '../denial.ts';
import type { DocumentRule } from '../rules/pack.ts';
import { isDenied, openItem } from '../claim/open-item.ts';
import { present } from '../present.ts';

type Named = { item?: ItemId; document: string };
type Act<K extends HumanCommand['kind']> = Extract<HumanCommand, { kind: K }>;

/**
 * A document has arrived, from any sender. It counts once a person has accepted it (S4). Bytes that are there
 * already, received or accepted, change nothing.
 */
export function receiveDocument(
  draft: Draft,
  command: Extract<ReportCommand, { kind: 'document-arrived' }> | Act<'add-document'>,
): Denied | undefined {
  const denial = 'person' in command ? mayNot(command.person, command.kind, draft.claim) : undefined;
  if (denial) return denial;
  const place = documentAt(draft, command, 'late');
  if (isDenied(place)) return place;
  if (has(place.document, command.attachment)) return undefined;
  add(draft, { kind: 'document-received', ...place.at, attachment: command.attachment });
  return undefined;
}

const has = (document: Document | undefined, attachment: string): boolean =>
  document !== undefined && 'attachments' in document && document.attachments.includes(attachment);

/** Also for an item that has ended meanwhile: a late document is kept with its papers. */
export function acceptDocument(draft: Draft, command: Act<'accept-document'>): Denied | undefined {
  const place = checkable(draft, command, 'late');
  if (isDenied(place)) return place;
  add(draft, { kind: 'document-accepted', ...place.at });
  return undefined;
}

/** The document is requested again, with the reason. */
export function rejectDocument(draft: Draft, command: Act<'reject-document'>): Denied | undefined {
  const { reason, note } = command;
  const place = checkable(draft, command);
  if (isDenied(place)) return place;
  add(draft, { kind: 'document-rejected', ...place.at, reason, ...present({ note }) });
  return undefined;
}

/** With a reason of the rules, so that it can be looked at later why. */
export function waiveDocument(draft: Draft, command: Act<'waive-document'>): Denied | undefined {
  const denial = mayNot(command.person, command.kind, draft.claim);
  if (denial) return denial;
  const place = documentAt(draft, command);
  if (isDenied(place)) return place;
  const { waiveReasons } = draft.rules.pack;
  const { reason } = command;
  if (!waiveReasons.includes(reason))
    return denied(
      'unknown-code',
      `"${reason}" is not a reason to do without a document; use one of ${waiveReasons.join(', ')}.`,
    );
  add(draft, { kind: 'document-waived', ...place.at, reason });
  return undefined;
}

function checkable(
  draft: Draft,
  command: Act<'accept-document' | 'reject-document'>,
  late?: 'late',
): Place | Denied {
  const denial = mayNot(command.person, command.kind, draft.claim);
  if (denial) return denial;
  const place = documentAt(draft, command, late);
  if (isDenied(place)) return place;
  return place.document?.state === 'received'
    ? place
    : denied(
        'not-now',
        `There is no ${command.document} to check${place.document ? `: it is ${place.document.state}` : ''}.`,
      );
}

interface Place {
  at: Named;
  document: Document | undefined;
}

/**
 * The place of a document, by its rule: the claim or an item. An item that is named without need is ignored.
 */
function documentAt(draft: Draft, { item: id, document }: Named, late?: 'late'): Place | Denied {
  const rule = ruleFor(document, draft.rules.pack);
  if (!rule)
    return denied(
      'unknown-document',
      `"${document}" is not a document of ${draft.claim.line} claims; ` +
        `these are ${documentKinds(draft.rules.pack).join(', ')}.`,
    );
  if (rule.scope === 'claim') return { at: { document }, document: draft.claim.documents[document] };
  const named = id ?? onlyItemFor(draft, rule);
  if (!named)
    return denied(
      'unknown-item',
      `"${document}" belongs to one item; ` +
        `name the item: ${draft.claim.items.map((item) => item.id).join(', ')}.`,
    );
  const item = late ? itemOf(draft.claim, named) : openItem(draft.claim, named);
  if (!item)
    return denied(
      'unknown-item',
      `Claim ${draft.claim.number} has no item "${named}"; ` +
        `it has ${draft.claim.items.map((each) => each.id).join(', ')}.`,
    );
  if (isDenied(item)) return item;
  return { at: { item: named, document }, document: documentsOf(draft.claim, item, rule)[document] };
}

function onlyItemFor({ claim }: Draft, rule: DocumentRule): ItemId | undefined {
  const candidates = claim.items.filter(({ object }) => !rule.objects || rule.objects.includes(object));
  return candidates.length === 1 ? candidates[0]?.id : undefined;
}
