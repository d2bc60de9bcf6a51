import proto from '@temporalio/proto';
import type { Database } from '../../records/database.ts';
import { canary } from './notices.ts';
import type { ClaimOnStage } from './stage.ts';

const { History } = proto.temporal.api.history.v1;

/**
 * Where any of these words stands in a claim's raw histories, as bytes: events, payloads, failures, search
 * attributes, memos.
 */
export async function placesOf(words: string[], claim: ClaimOnStage): Promise<string[]> {
  const runs = (await claim.histories()).map((history) => Buffer.from(History.encode(history).finish()));
  return words.flatMap((word) =>
    runs.flatMap((bytes, run) =>
      bytes.includes(word) || bytes.includes(Buffer.from(word).toString('base64').slice(0, -2))
        ? [`${word} in run ${run + 1}`]
        : [],
    ),
  );
}

/** Everything personal in the notices of `notices.ts`, and what else tests say about people. */
export const personalValues = [
  canary,
  '王伟',
  'Li Na',
  '13800138000',
  '13900139000',
  'example.com',
  '622202000000',
  'Heping Road',
  'Rear-end',
];

/** Where any of these words stands in the journal, the claims' states or their expectations. */
export async function placesInRecords(words: string[], database: Database): Promise<string[]> {
  const rows = {
    journal: (await database.journalEntry.findMany()).map(({ claim, seq, ...row }) => ({
      place: `${claim} ${seq}`,
      row,
    })),
    claim: (await database.claim.findMany()).map(({ number, claimedMinor, ...row }) => ({
      place: number,
      row: { ...row, claimedMinor: String(claimedMinor) },
    })),
    expectation: (await database.expectation.findMany()).map((row) => ({ place: row.claim, row })),
    notification: (await database.notification.findMany()).map((row) => ({ place: row.reference, row })),
  };
  return Object.entries(rows).flatMap(([table, all]) =>
    all.flatMap(({ place, row }) =>
      words
        .filter((word) => JSON.stringify(row).includes(word))
        .map((word) => `${word} in ${table} ${place}`),
    ),
  );
}
