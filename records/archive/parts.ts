import type { KeyObject } from 'node:crypto';
import type { ArchivePart } from '../../client/own-api/schemas/archive.ts';
import type { StoredEntry } from '../../client/own-api/schemas/journal.ts';
import { ruleTextsOf } from '../../config/rules/texts.ts';
import type { Claim } from '../../domain/claim/claim.ts';
import type { ClaimNumber } from '../../domain/ids.ts';
import { present } from '../../domain/present.ts';
import type { AttachmentStore } from '../../providers/attachments/folder.ts';
import { rootIdOf } from '../../security/root-keys.ts';
import { journalOf } from '../journal/read-journal.ts';
import { signedLines } from '../journal/signed-lines.ts';
import type { Database } from '../database.ts';
import { storedClaim } from '../claims/stored-claim.ts';

/** What an archive is made from. */
export interface ArchiveSource {
  database: Database;
  roots: readonly KeyObject[];
  attachments: AttachmentStore;
}

/** `<number>:<hash>` of the last entry of a journal, the oldest first. */
export const headOf = (entries: readonly Pick<StoredEntry, 'seq' | 'hash'>[]): string => {
  const last = entries.at(-1);
  return `${last?.seq ?? 0}:${last?.hash ?? ''}`;
};

/**
 * The parts of a claim's archive, in their order, without contents and proof; none where the records have no
 * journal or no read model of it. What is personal stays sealed, and no key comes along.
 */
export async function* partsOf(source: ArchiveSource, number: ClaimNumber): AsyncGenerator<ArchivePart> {
  const { database, roots } = source;
  const [journal, claim] = await Promise.all([journalOf(database, number), storedClaim(database, number)]);
  if (!claim || journal.length === 0) return;
  yield {
    part: 'claim',
    value: {
      format: 1,
      claim: number,
      head: headOf(journal),
      roots: roots.map(rootIdOf).toSorted(),
      ...present({ outcome: claim.outcome }),
    },
  };
  yield { part: 'journal', value: journal };
  yield { part: 'rules', value: { versions: claim.rules, files: ruleTextsOf(claim.rules) } };
  yield { part: 'clocks', value: clocksOf(claim) };
  yield* personalParts(database, number);
  yield* otherParts(database, number);
  const attachments = await database.attachment.findMany({
    where: { claim: number },
    orderBy: [{ at: 'asc' }, { sha256: 'asc' }, { document: 'asc' }],
  });
  yield {
    part: 'attachments',
    value: attachments.map(({ sha256, type, size, document, item, by, at, party, file, key }) => ({
      sha256,
      type,
      size,
      document,
      by,
      at: at.toISOString(),
      party,
      file,
      key,
      ...present({ item: item ?? undefined }),
    })),
  };
  for (const file of new Set(attachments.map((each) => each.file))) {
    const stream = await source.attachments.sealed(file);
    if (!stream) continue;
    const sealed = Buffer.concat(await stream.toArray()).toString('base64');
    yield { part: 'attachment', value: { file, sealed } };
  }
}

/** By item, as the journal adds up to them. */
export const clocksOf = ({ items }: Claim): Record<string, unknown> =>
  Object.fromEntries(items.flatMap(({ id, clock }) => (clock ? [[id, clock]] : [])));

async function* personalParts(database: Database, claim: ClaimNumber): AsyncGenerator<ArchivePart> {
  const notice = await database.notice.findUnique({ where: { claim } });
  yield {
    part: 'notice',
    value: notice && {
      source: notice.source,
      reference: notice.reference,
      party: notice.party,
      sealed: notice.sealed,
      at: notice.at.toISOString(),
    },
  };
  const parties = await database.party.findMany({ where: { claim }, orderBy: { id: 'asc' } });
  yield {
    part: 'parties',
    value: parties.map(({ id, role, locale, timeZone, revision, sealed }) => ({
      id,
      role,
      locale,
      timeZone,
      revision,
      sealed,
    })),
  };
  const notes = await database.note.findMany({ where: { claim }, orderBy: [{ at: 'asc' }, { id: 'asc' }] });
  yield {
    part: 'notes',
    value: notes.map(({ id, by, party, sealed, at }) => ({ id, by, party, sealed, at: at.toISOString() })),
  };
  const messages = await database.notification.findMany({
    where: { claim },
    orderBy: [{ plannedAt: 'asc' }, { reference: 'asc' }],
  });
  yield { part: 'messages', value: messages.map(messageOf) };
}

type NotificationRow = Awaited<ReturnType<Database['notification']['findMany']>>[number];

const messageOf = (row: NotificationRow) => ({
  id: `${row.kind}-${row.seq}-${row.channel}`,
  channel: row.channel,
  recipient: row.recipient,
  template: row.template,
  locale: row.locale,
  purpose: row.purpose,
  facts: row.facts,
  sealed: row.sealed,
  bodySha256: row.bodySha256,
  state: row.state,
  attempt: row.attempt,
  plannedAt: row.plannedAt.toISOString(),
  at: row.at.toISOString(),
  ...present({
    takenAt: row.takenAt?.toISOString(),
    providerId: row.providerId ?? undefined,
    errorCode: row.errorCode ?? undefined,
    segments: row.segments ?? undefined,
  }),
});

async function* otherParts(database: Database, claim: ClaimNumber): AsyncGenerator<ArchivePart> {
  const payments = await database.payment.findMany({
    where: { claim },
    orderBy: [{ placedAt: 'asc' }, { id: 'asc' }],
  });
  yield {
    part: 'payments',
    value: payments.map(({ id, item, amountMinor, excessMinor, currency, placedAt, answer }) => ({
      id,
      item,
      amountMinor: Number(amountMinor),
      excessMinor: Number(excessMinor),
      currency,
      placedAt: placedAt.toISOString(),
      ...present({ answer: answer ?? undefined }),
    })),
  };
  const followUps = await database.followUp.findMany({
    where: { claim },
    orderBy: [{ since: 'asc' }, { id: 'asc' }],
  });
  yield {
    part: 'follow-ups',
    value: followUps.map(({ id, what, since, doneAt, doneBy, how }) => ({
      id,
      what,
      since: since.toISOString(),
      ...present({
        doneAt: doneAt?.toISOString(),
        doneBy: doneBy ?? undefined,
        how: how ?? undefined,
      }),
    })),
  };
  const looks = await database.personalLook.findMany({
    where: { claims: { has: claim } },
    orderBy: { id: 'asc' },
  });
  yield {
    part: 'looks',
    value: looks.map(({ at, by, roles, what, party, purpose, because }) => ({
      at: at.toISOString(),
      by,
      roles,
      what,
      because,
      ...present({ party: party ?? undefined, purpose: purpose ?? undefined }),
    })),
  };
  const lines = await signedLines(database, { claim });
  yield { part: 'signed-lines', value: lines.map(({ at, by, act, proof }) => ({ at, by, act, proof })) };
}
