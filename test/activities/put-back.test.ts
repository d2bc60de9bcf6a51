import { keepNoticeAgain } from '../../activities/kept-notice.ts';
import { claimRestorer, type RestoreClaim } from '../../activities/put-back/put-back.ts';
import { claimRuns } from '../../client/engine/runs.ts';
import { projectRoot } from '../../config/env.ts';
import { contact } from '../../records/parties/parties.ts';
import { unseal } from '../../security/sealing.ts';
import { join } from 'node:path';
import { createRenderer } from '../../wording/renderer/renderer.ts';
import { assesses, atTheBank, bankPays, files, isComplete } from '../support/steps.ts';
import { openStage, type ClaimOnStage, type Stage } from '../support/stage.ts';
import { testKeyring, testRoots } from '../support/test-keyring.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const restorer = (): RestoreClaim => {
  const { database, client, bank } = stage;
  const keyring = testKeyring();
  return claimRestorer({
    database,
    keyring,
    roots: testRoots,
    bank,
    runs: claimRuns(client),
    renderer: createRenderer(join(projectRoot, 'templates')),
    keepNotice: keepNoticeAgain({ database, keyring, settings: { pace: 'any-hour', runEvents: 30 } }),
  });
};

/** As a backup of the records holds it that was made after entry `seq`, and before its messages went out. */
async function restores(claim: string, seq: number): Promise<void> {
  const { database } = stage;
  const planned = (await stage.claimOf(claim).journal()).flatMap((entry) =>
    entry.kind === 'notification-planned' && entry.seq >= seq ? [`${claim}/${entry.notification.id}`] : [],
  );
  await database.$executeRaw`ALTER TABLE journal_entry DISABLE TRIGGER USER`;
  await database.journalEntry.deleteMany({ where: { claim, seq: { gt: seq } } });
  await database.$executeRaw`ALTER TABLE journal_entry ENABLE TRIGGER USER`;
  await database.payment.deleteMany({ where: { claim } });
  await database.notification.deleteMany({ where: { reference: { in: planned } } });
  if (seq > 0) return;
  await database.notice.deleteMany({ where: { claim } });
  await database.party.deleteMany({ where: { claim } });
  await database.claim.deleteMany({ where: { number: claim } });
}

/** Everything that must be there again, without what is sealed anew. */
async function records(claim: string): Promise<object> {
  const { database } = stage;
  const journal = await database.journalEntry.findMany({ where: { claim }, orderBy: { seq: 'asc' } });
  const payments = await database.payment.findMany({ where: { claim }, omit: { placedAt: true } });
  const parties = await database.party.findMany({ where: { claim }, orderBy: { id: 'asc' } });
  const lines = await database.notification.findMany({
    where: { claim },
    orderBy: { reference: 'asc' },
    select: { reference: true, state: true, contact: true, bodySha256: true, facts: true, purpose: true },
  });
  const { state } = await database.claim.findUniqueOrThrow({ where: { number: claim } });
  return {
    journal: journal.map(({ entry, hash }) => [entry, hash]),
    payments,
    parties: parties.map(({ id, key, sealed }) =>
      contact.parse(unseal(key, testKeyring(), sealed, `${claim}/${id}`)),
    ),
    lines,
    state,
  };
}

async function paid(): Promise<ClaimOnStage> {
  const claim = await files(stage);
  await isComplete(claim);
  await assesses(claim, 'item-1', 200_000);
  await atTheBank(claim, 0);
  return claim;
}

test('what a backup of the records lacks of a claim is put back from the histories, whatever entry it ends with', async () => {
  const claim = await paid();
  const before = await records(claim.number);
  const last = (await claim.journal()).length;
  expect(await restorer()(claim.number)).toMatchObject({ kind: 'whole' });
  for (const seq of [0, 1, 3, Math.floor(last / 2), last - 1, last]) {
    await restores(claim.number, seq);
    const [one, other] = await Promise.all([restorer()(claim.number), restorer()(claim.number)]);
    expect([one, other]).toContainEqual(
      expect.objectContaining(seq < last ? { kind: 'put-back', entries: last - seq } : { kind: 'whole' }),
    );
    expect(await records(claim.number)).toEqual(before);
    expect(await restorer()(claim.number)).toMatchObject({ kind: 'whole' });
  }
  // The bank's word about the payment is believed, and the claim closes.
  await bankPays(claim, 0);
  expect(stage.bank.orders).toHaveLength(1);
}, 60_000);

test('records that hold something else win, and a broken chain gets nothing', async () => {
  const claim = await files(stage);
  const { number } = claim;
  const entries = await claim.journal();
  await stage.database.$executeRaw`ALTER TABLE journal_entry DISABLE TRIGGER USER`;
  await stage.database
    .$executeRaw`UPDATE journal_entry SET entry = entry || ' ' WHERE claim = ${number} AND seq = 2`;
  expect(await restorer()(number)).toMatchObject({ kind: 'broken', at: 2 });
  await stage.database.journalEntry.deleteMany({ where: { claim: number, seq: { gt: entries.length - 1 } } });
  await stage.database
    .$executeRaw`UPDATE journal_entry SET entry = rtrim(entry) WHERE claim = ${number} AND seq = 2`;
  await stage.database.$executeRaw`ALTER TABLE journal_entry ENABLE TRIGGER USER`;
  const strange = { claim: number, seq: entries.length, at: new Date(), by: 'nobody', kind: 'acknowledged' };
  const entry = JSON.stringify({ ...strange, at: strange.at.toISOString() });
  await stage.database.journalEntry.create({ data: { ...strange, entry, previousHash: '', hash: '' } });
  expect(await restorer()(number)).toMatchObject({ kind: 'other', at: entries.length });
});
