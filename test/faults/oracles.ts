import { isMandatory, type NotificationKind } from '../../domain/messages/notifications.ts';
import { canary } from '../support/notices.ts';
import { mailTokens } from '../../records/keys/contact-key.ts';
import { testKeyring } from '../support/test-keyring.ts';
import type { Correspondence, World } from './correspondence.ts';

/** Every way in which what was said breaks its word (effects.md §4), in sentences; none when all is well. */
export async function breaches(world: World, claims: Correspondence[]): Promise<string[]> {
  const parts = await Promise.all([
    sentOnce(world),
    undelivered(world, claims),
    ended(world),
    secret(world),
    silentAfterStop(world),
  ]);
  return parts.flat();
}

const referenceOf = (callback: string | null): string =>
  callback ? (new URL(callback).searchParams.get('s') ?? '') : '';

/** O1: at most one message at a provider for each row of the ledger. */
async function sentOnce({ database, mail, texts }: World): Promise<string[]> {
  const rows = await database.notification.findMany();
  const sids = new Map(rows.map(({ providerId, reference }) => [providerId, reference]));
  const outbound = (await texts()).filter(({ direction }) => direction !== 'inbound');
  const counts = Map.groupBy(
    [
      ...outbound.map(({ id, callback }) => referenceOf(callback) || (sids.get(id) ?? id)),
      ...mail.taken.map(({ text }) => /^Message-ID: <([0-9a-f]{32})@/im.exec(text)?.[1] ?? text),
    ],
    (key) => key,
  );
  const tokens = await Promise.all(
    rows.map(({ reference }) => mailTokens(database, testKeyring())(reference)),
  );
  const known = new Set([...rows.map(({ reference }) => reference), ...tokens]);
  return [...counts].flatMap(([key, all]) => [
    ...(all.length > 1 ? [`${key} was sent ${all.length} times`] : []),
    ...(known.has(key) ? [] : [`${key} was sent and is in no ledger`]),
  ]);
}

/** That a text was taken says little: receipts tell, or their absence. Mail and post have none. */
const arrived = ({ channel, state }: { channel: string; state: string }): boolean =>
  state === 'delivered' || (channel !== 'sms' && state === 'accepted');

/**
 * O2: a mandatory message arrived by some channel, was repeated, or somebody has to call or write; after
 * closing too.
 */
async function undelivered({ database }: World, claims: Correspondence[]): Promise<string[]> {
  const [rows, followUps] = [await database.notification.findMany(), await database.followUp.findMany()];
  return claims.flatMap(({ number, subject: { claim } }) => {
    const deliveries = Map.groupBy(
      rows.filter((row) => row.claim === number && isMandatory(row.kind as NotificationKind)),
      ({ kind, seq }) => `${kind}-${seq}`,
    ); // oxlint-disable-line no-unsafe-type-assertion -- only kinds are written
    return [...deliveries].flatMap(([key, all]) => {
      const hasArrived = all.some(arrived);
      const isRepeated = all.some(({ kind, seq }) =>
        rows.some(
          (other) =>
            other.claim === number &&
            other.kind === kind &&
            other.seq > seq &&
            Object(other.facts).isRepeat === true,
        ),
      );
      const isForPeople =
        (claim.unreached ?? []).some(({ notification }) => notification.startsWith(`${key}-`)) ||
        followUps.some((each) => each.claim === number && each.id === key);
      return hasArrived || isRepeated || isForPeople
        ? []
        : [`${number}/${key} ended nowhere (${all.map(({ state }) => state).join(', ')})`];
    });
  });
}

/** O4: everything that was planned has ended, in the ledger as in the claim. */
async function ended({ database }: World): Promise<string[]> {
  const rows = await database.notification.findMany({
    where: { state: { in: ['planned', 'sending', 'retryable'] } },
  });
  return rows.map(({ reference, state }) => `${reference} is ${state}`);
}

/** O5: no name, number, address or word of a message where it may not be. */
async function secret({ database, output }: World): Promise<string[]> {
  const rows = await database.notification.findMany({ omit: { sealed: true } });
  const inbox = await database.inbox.findMany();
  const text = JSON.stringify([rows, inbox, await database.contactEvent.findMany()], (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  return [text, ...output].flatMap((each) =>
    new RegExp(`${canary}|\\+?86135\\d{8}`, 'i').test(each)
      ? [`Something personal was written: ${each.slice(0, 200)}`]
      : [],
  );
}

/** O6: nothing goes to a telephone after its STOP was kept. */
async function silentAfterStop({ database, texts }: World): Promise<string[]> {
  const all = await texts();
  const stops = await database.contactEvent.findMany({ where: { kind: 'opted-out', channel: 'sms' } });
  const stopped = all.filter(({ direction, body }) => direction === 'inbound' && /^stop$/i.test(body));
  return stopped.flatMap(({ from, createdAt }) => {
    const kept = stops.find(({ at }) => at.toISOString() >= createdAt);
    const later = all.filter(
      ({ to, direction, createdAt: sent }) =>
        direction !== 'inbound' && to === from && kept && sent > kept.at.toISOString(),
    );
    return later.map(({ id }) => `${id} was sent after STOP`);
  });
}
