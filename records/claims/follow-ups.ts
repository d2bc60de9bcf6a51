import type { Database } from '../database.ts';
import {
  appealTask,
  followUpRoles,
  glassId,
  lateDocumentTask,
  proposalEndings,
  type FollowUpOutcome,
  type FollowUpRole,
} from '../../domain/claim/follow-ups.ts';
import { isMandatory, notificationKinds } from '../../domain/messages/notifications.ts';
import { hashOf } from '../../domain/hash.ts';
import type { StaffCode } from '../../domain/people/people.ts';
import type { Keyring } from '../../security/keyring.ts';
import { keepLetterOf } from './notes.ts';
import type { FollowUp } from '../../client/own-api/schemas/work.ts';

/** Who reopens claims. */
const proposesTo: FollowUpRole = 'supervisor';

const mandatory = notificationKinds.filter(isMandatory);

/**
 * A claim closes without waiting for delivery reports, so some reports reach a claim that has ended. Those
 * become follow-ups for people: a mandatory message that no channel delivered, and a text from a customer.
 * Looks one day back and may find the same again: each follow-up is kept once. A message that arrived later
 * settles its follow-up.
 */
export async function followUpAfterClosing(database: Database): Promise<void> {
  await database.$executeRaw`
    INSERT INTO follow_up (claim, id, branch, what)
    SELECT n.claim, n.kind || '-' || n.seq, c.branch,
      'tell ' || COALESCE(p.role, n.recipient) || ': ' || n.kind || '-' || n.seq || ' did not arrive'
    FROM inbox i
    JOIN notification n ON n.reference = i.claim || '/' || (i.message->>'notification')
    JOIN claim c ON c.number = n.claim AND c.outcome IS NOT NULL
    LEFT JOIN party p ON p.claim = n.claim AND p.id = n.recipient
    WHERE i.kind = 'delivery-report' AND (i.message->>'outcome') IS DISTINCT FROM 'delivered'
      AND i.forwarded_at > now() - INTERVAL '1 day'
      AND n.kind = ANY(${mandatory}) AND n.state <> 'delivered'
      AND c.state->'deliveries'->(n.kind || '-' || n.seq)->'by'->>n.channel IS DISTINCT FROM 'failed'
      AND NOT EXISTS (
        SELECT 1 FROM notification o
        WHERE o.claim = n.claim AND o.kind = n.kind AND o.seq = n.seq AND o.channel <> n.channel
          AND (o.state = 'delivered' OR (
            o.state = 'accepted'
            AND NOT EXISTS (SELECT 1 FROM inbox missed WHERE missed.id = 'no-report:' || o.reference))))
    ON CONFLICT DO NOTHING`;
  await database.$executeRaw`
    INSERT INTO follow_up (claim, id, branch, what)
    SELECT i.claim, i.id, c.branch, 'answer ' || COALESCE(p.role, i.message->>'party') || ', who has written'
    FROM inbox i
    JOIN claim c ON c.number = i.claim AND c.outcome IS NOT NULL
    LEFT JOIN party p ON p.claim = i.claim AND p.id = i.message->>'party'
    WHERE i.kind = 'text' AND (i.message->>'outcome') IS DISTINCT FROM 'delivered'
      AND i.forwarded_at > now() - INTERVAL '1 day'
      AND (c.state->'unanswered' @> jsonb_build_array(jsonb_build_object('note', i.message->'note'->'note'))
        OR NOT EXISTS (
          SELECT 1 FROM journal_entry j
          WHERE j.claim = i.claim AND j.kind = 'text-received'
            AND j.entry::jsonb->'note' = i.message->'note'))
    ON CONFLICT DO NOTHING`;
  await database.$executeRaw`
    UPDATE follow_up f SET done_at = now(), done_by = 'lipei', how = 'arrived'
    FROM notification n
    WHERE f.done_at IS NULL AND n.claim = f.claim AND n.kind || '-' || n.seq = f.id
      AND n.state = 'delivered'`;
}

/** Keeps a follow-up for a document that came after its claim had closed. */
export async function followUpOnDocument(
  database: Database,
  { claim, document, sha256 }: { claim: string; document: string; sha256: string },
): Promise<string> {
  const { branch } = await database.claim.findUniqueOrThrow({
    where: { number: claim },
    select: { branch: true },
  });
  const id = `${document}-${sha256.slice(0, 8)}`;
  await database.followUp.createMany({
    data: [{ claim, id, branch, role: proposesTo, what: lateDocumentTask(document) }],
    skipDuplicates: true,
  });
  return id;
}

/** Keeps a follow-up for an appeal about what a closed claim decided; once for each message. */
export async function followUpOnAppeal(
  database: Database,
  { claim, item, id: message }: { claim: string; item: string; id: string },
): Promise<string> {
  const { branch } = await database.claim.findUniqueOrThrow({
    where: { number: claim },
    select: { branch: true },
  });
  const id = `appeal-${item}-${hashOf(message).slice(0, 8)}`;
  await database.followUp.createMany({
    data: [{ claim, id, branch, role: proposesTo, what: appealTask(item) }],
    skipDuplicates: true,
  });
  return id;
}

/** The claim is open again, so what proposed that is done. */
export async function settleProposals(
  database: Database,
  { claim, by }: { claim: string; by: string },
): Promise<void> {
  await database.followUp.updateMany({
    where: { claim, doneAt: null, OR: proposalEndings.map((ending) => ({ what: { endsWith: ending } })) },
    data: { doneAt: new Date(), doneBy: by, how: 'reopened' },
  });
}

/**
 * Keeps a follow-up for mail at the return address of a message, which nobody understands; one for each
 * message. Its words are a note under the key of the party that the message went to.
 */
export async function followUpOnMail(
  database: Database,
  keyring: Keyring,
  { reference, id, words }: { reference: string; id: string; words: string },
): Promise<void> {
  const { claim, kind, seq, recipient } = await database.notification.findUniqueOrThrow({
    where: { reference },
    select: { claim: true, kind: true, seq: true, recipient: true },
  });
  const [row, party] = await Promise.all([
    database.claim.findUnique({ where: { number: claim }, select: { branch: true } }),
    database.party.findUnique({
      where: { claim_id: { claim, id: recipient } },
      select: { role: true },
    }),
  ]);
  if (party) await keepLetterOf(database, keyring, { claim, party: recipient, by: 'mail', id, text: words });
  const what = `look at mail that came back about ${kind}-${seq} to ${party?.role ?? recipient}`;
  await database.followUp.createMany({
    data: [{ claim, id: `mail-${kind}-${seq}`, branch: row?.branch ?? '', what }],
    skipDuplicates: true,
  });
}

/** Has a supervisor of the claim's branch look at a broken glass: one task for each person and claim. */
export async function followUpOnGlass(
  database: Database,
  { claim, branch, by }: { claim: string; branch: string; by: StaffCode },
): Promise<void> {
  const what = `look at why ${by} broke the glass`;
  await database.$executeRaw`
    INSERT INTO follow_up AS f (claim, id, branch, role, what)
    VALUES (${claim}, ${glassId(by)}, ${branch}, 'supervisor', ${what})
    ON CONFLICT (claim, id) DO UPDATE SET done_at = NULL, done_by = NULL, how = NULL, since = now()
      WHERE f.done_at IS NOT NULL`;
}

/** The open follow-ups of a claim, with the role and the branch that handle each. */
export async function openFollowUps(
  database: Database,
  claim: string,
): Promise<{ id: string; what: string; role: FollowUpRole; branch: string }[]> {
  const rows = await database.followUp.findMany({
    where: { claim, doneAt: null },
    select: { id: true, what: true, role: true, branch: true },
  });
  return rows.map(({ role, ...row }) => ({ ...row, role: followUpRole(role) }));
}

/** The open follow-ups about an unknown telephone. */
export async function followUpsOnTelephone(
  database: Database,
  telephone: string,
): Promise<{ role: FollowUpRole; branch: string }[]> {
  const rows = await database.followUp.findMany({
    where: { doneAt: null, what: { startsWith: `answer ${telephone}: ` } },
    select: { role: true, branch: true },
  });
  return rows.map(({ role, branch }) => ({ branch, role: followUpRole(role) }));
}

const followUpRole = (name: string): FollowUpRole =>
  followUpRoles.find((each) => each === name) ?? 'operations';

export async function followUpsOf(database: Database, claim: string): Promise<FollowUp[]> {
  const rows = await database.followUp.findMany({
    where: { claim, doneAt: null },
    orderBy: [{ since: 'asc' }, { id: 'asc' }],
  });
  return rows.map(({ id, what, since }) => ({ id, what, since: since.toISOString() }));
}

/** False when no open follow-up has that name. */
export async function settleFollowUp(
  database: Database,
  { claim, id, by, how }: { claim: string; id: string; by: string; how: FollowUpOutcome },
): Promise<boolean> {
  const { count } = await database.followUp.updateMany({
    where: { claim, id, doneAt: null },
    data: { doneAt: new Date(), doneBy: by, how },
  });
  return count === 1;
}
