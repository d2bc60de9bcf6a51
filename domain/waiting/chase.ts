import type { Claim } from '../claim/claim.ts';
import { add, tell, type Draft } from '../claim/draft.ts';
import { writeWhatWasMissed } from '../messages/deliveries.ts';
import { onHold, unreachedParty } from './expectations.ts';
import type { Expectation, Rise } from './expectation.ts';
import { currentRung, rungAfter } from './ladder.ts';
import { partsOf, sayingOf, type NotificationFacts, type Recipient } from '../messages/notifications.ts';
import type { PartyId } from '../people/people.ts';
import { present } from '../present.ts';
import type { Rung } from '../rules/pack.ts';
import type { Instant } from '../time/time.ts';

/** When the chaser must next wake: the earliest next action. Undefined when nothing is waited for. */
export const nextActionAt = (claim: Claim): Instant | undefined =>
  claim.expectations.map(({ next }) => next.at).toSorted()[0];

interface Due {
  expectation: Expectation;
  rung: Rung;
}

/**
 * Takes every rung that is due, and puts what one party owes into one notification, on the channel of the
 * highest rung. A rung is taken at its time; its message waits for the reader's contact hours.
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
  for (const each of due) tellStaff(draft, each);
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
    // The first rung after the police clock: by now they have made it, and the customer has it to bring.
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
    tell(draft, {
      kind: 'documents-reminder',
      to: { party: ask },
      facts: { documents: owedBy(draft.claim, ask, draft.now) },
      occasion: { kind: 'rung', wishes },
    });
  }
}

/** A chase repeats the list of what is owed and not on hold; it never adds anything (S5). */
const owedBy = (claim: Claim, ask: PartyId, now: Instant): NonNullable<NotificationFacts['documents']> =>
  claim.expectations
    .filter((open) => open.ask === ask && !onHold(open, now))
    .map(({ what, item }) => present({ kind: what, item }));

function tellStaff(draft: Draft, { expectation, rung }: Due): void {
  const stalled = { what: expectation.what, from: expectation.from, since: expectation.since };
  // Whoever was told already has it on their list, with reminders of its own: told in turn, each once.
  if (rung.do === 'escalate' && rung.to && !expectation.escalatedTo.includes(rung.to))
    tell(draft, { kind: 'escalation', to: staff(draft.claim, rung.to), facts: { stalled } });
  if (rung.do === 'remind')
    tell(draft, { kind: 'work-waiting', to: staff(draft.claim, expectation.from), facts: { stalled } });
}

/** The named handler or surveyor; otherwise whoever has the role in the claim's branch. */
function staff(claim: Claim, kind: string): Recipient {
  if (kind === 'handler') return { staff: claim.handler };
  return kind === 'surveyor' ? { staff: claim.surveyor } : { role: kind };
}

function writeAll(draft: Draft, due: Expectation[]): void {
  for (const party of new Set(due.map(unreachedParty))) if (party) writeWhatWasMissed(draft, party);
  for (const ask of new Set(due.map((expectation) => expectation.ask)))
    if (ask && !isWrittenTo(draft.claim, ask))
      tell(draft, {
        kind: 'formal-notice',
        to: { party: ask },
        facts: { documents: owedBy(draft.claim, ask, draft.now) },
        occasion: { kind: 'paper' },
      });
}

/** While their letter waits to be written or posted another one would only lie beside it. */
const isWrittenTo = ({ outbox, letters, said }: Claim, party: PartyId): boolean =>
  outbox.some(({ kind, to }) => kind === 'formal-notice' && 'party' in to && to.party === party) ||
  letters
    .map(partsOf)
    .some((parts) => parts?.kind === 'formal-notice' && said[sayingOf(parts)]?.party === party);
