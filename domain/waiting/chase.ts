import type { Claim } from '../claim/claim.ts';
import { add, notify, type Draft } from '../claim/draft.ts';
import { writeMissedLetters } from '../messages/deliveries.ts';
import { isPaused, unreachedParty } from './expectations.ts';
import type { Expectation, Rise } from './expectation.ts';
import { currentRung, rungAfter } from './ladder.ts';
import { partsOf, deliveryKey, type NotificationFacts } from '../messages/notifications.ts';
import type { PartyId } from '../people/people.ts';
import { present } from '../present.ts';
import type { Rung } from '../rules/pack.ts';
import type { Instant } from '../time/time.ts';

/** When the chaser must next wake: the earliest next action. Undefined when there is no expectation. */
export const nextActionAt = (claim: Claim): Instant | undefined =>
  claim.expectations.map(({ next }) => next.at).toSorted()[0];

interface Due {
  expectation: Expectation;
  rung: Rung;
}

/**
 * Takes every due rung. Everything that one party owes goes into one notification, on the channel of the
 * highest rung. A rung is taken at its time; its message waits for the reader's contact hours. Staff see on
 * their lists what a rung did, and `notify-staff` mails them about it.
 */
export function takeRungs(draft: Draft): void {
  const { now, rules } = draft;
  const due = draft.claim.expectations
    .filter(({ next }) => next.at <= now)
    .map((expectation) => ({ expectation, rung: currentRung(expectation, rules) }));
  for (const { expectation, rung } of due)
    add(draft, { kind: 'rung-taken', ...rise(expectation, rung, draft) });
  chaseParties(
    draft,
    due.filter(({ rung }) => rung.do === 'chase'),
  );
  writeAll(
    draft,
    due.filter(({ rung }) => rung.do === 'write').map(({ expectation }) => expectation),
  );
}

const rise = (expectation: Expectation, rung: Rung, { rules, now }: Draft): Rise => ({
  expectation: expectation.id,
  did: rung.do,
  ...rungAfter(expectation, rules, now),
  ...present({
    to: rung.to,
    // The police have made the document by the first rung, so from now on the customer must bring it.
    from: expectation.from === 'police' ? 'customer' : undefined,
  }),
});

function chaseParties(draft: Draft, due: Due[]): void {
  const parties = new Set(due.map(({ expectation }) => expectation.ask));
  for (const ask of parties) {
    if (!ask) continue;
    const wishes = due
      .filter(({ expectation }) => expectation.ask === ask)
      .flatMap(({ rung }) => rung.by ?? []);
    notify(draft, {
      kind: 'documents-reminder',
      to: { party: ask },
      facts: { documents: owedBy(draft.claim, ask, draft.now) },
      occasion: { kind: 'rung', wishes },
    });
  }
}

/**
 * A chase lists everything that the party owes now, without the paused papers (S5). A paper that became
 * necessary after the first list appears here first.
 */
const owedBy = (claim: Claim, ask: PartyId, now: Instant): NonNullable<NotificationFacts['documents']> =>
  claim.expectations
    .filter((open) => open.ask === ask && !isPaused(open, now))
    .map(({ what, item }) => present({ kind: what, item }));

function writeAll(draft: Draft, due: Expectation[]): void {
  for (const party of new Set(due.map(unreachedParty))) if (party) writeMissedLetters(draft, party);
  for (const ask of new Set(due.map((expectation) => expectation.ask)))
    if (ask && !isWrittenTo(draft.claim, ask))
      notify(draft, {
        kind: 'formal-notice',
        to: { party: ask },
        facts: { documents: owedBy(draft.claim, ask, draft.now) },
        occasion: { kind: 'paper' },
      });
}

/** While a letter waits to be written or posted, another one would only repeat it. */
const isWrittenTo = ({ outbox, letters, deliveries }: Claim, party: PartyId): boolean =>
  outbox.some(({ kind, to }) => kind === 'formal-notice' && to.party === party) ||
  letters
    .map(partsOf)
    .some((parts) => parts?.kind === 'formal-notice' && deliveries[deliveryKey(parts)]?.party === party);
