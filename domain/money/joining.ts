import type { HumanCommand, ProcessCommand } from '../claim/commands.ts';
import { add, type Draft } from '../claim/draft.ts';
import { isDenied, openItem } from '../claim/open-item.ts';
import type { ReportCommand } from '../claim/reports.ts';
import { denied, type Denied } from '../denial.ts';
import { mayNot } from '../people/permissions.ts';
import { present } from '../present.ts';
import { elsewhereOnly, isNews } from './elsewhere.ts';

/** The records know other claims of the same loss, account or vehicle, or other amounts of them. */
export function relate(
  draft: Draft,
  { elsewhere }: Extract<ProcessCommand, { kind: 'relate' }>,
): Denied | undefined {
  if (!isNews(draft.claim, elsewhere)) return denied('not-now', 'The claim knows it already.');
  add(draft, { kind: 'claims-related', ...elsewhereOnly(elsewhere) });
  return undefined;
}

/**
 * With what the records know of other claims, the payment cannot leave as it was approved: it is dropped, and
 * the item takes its steps again.
 */
export function countTogether(
  draft: Draft,
  { item: id, payment, elsewhere }: Extract<ProcessCommand, { kind: 'count-together' }>,
): Denied | undefined {
  const item = openItem(draft.claim, id);
  if (isDenied(item)) return item;
  const isMeant = item.payments.some((each) => each.id === payment && each.kind === 'instructed');
  if (!isMeant) return denied('not-now', `${payment} is not to be sent any more.`);
  add(draft, { kind: 'counted-together', item: id, payment });
  if (isNews(draft.claim, elsewhere)) add(draft, { kind: 'claims-related', ...elsewhereOnly(elsewhere) });
  return undefined;
}

/** Another claim has found this one. What they have in common comes with the next moment. */
export function namedByRelated(
  draft: Draft,
  { other }: Extract<ReportCommand, { kind: 'related-claim' }>,
): Denied | undefined {
  if (other === draft.claim.number) return denied('malformed', 'A claim is not related to itself.');
  add(draft, { kind: 'related-claim-named', other });
  return undefined;
}

/**
 * A person has compared two claims. `same-loss`: they count together for ever. `another-loss`: each has its
 * own excess and papers; authority still counts what the windows of the rules say. Never by the person who
 * filed this claim.
 */
export function joinClaims(
  draft: Draft,
  { person, other, finding, note }: Extract<HumanCommand, { kind: 'join-claims' }>,
): Denied | undefined {
  const { claim } = draft;
  const denial = mayNot(person, 'join-claims', claim);
  if (denial) return denial;
  if (claim.filedBy === person.code)
    return denied('segregation', `${person.code} filed ${claim.number}; somebody else must compare it.`);
  if (finding === 'another-loss' && !claim.related.some((each) => each.claim === other))
    return denied('not-now', `${other} is not counted together with ${claim.number}.`);
  if (other === claim.number) return denied('malformed', 'A claim cannot be joined with itself.');
  if (claim.joined[other] === finding) return denied('not-now', `That is recorded of ${other} already.`);
  add(draft, { kind: 'claims-joined', other, finding, ...present({ note }) });
  return undefined;
}
