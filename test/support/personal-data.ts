import proto from '@temporalio/proto';
import type { ClaimOnStage } from './stage.ts';

const { History } = proto.temporal.api.history.v1;

/** Where any of these words stands in a claim's raw histories, as bytes: events, payloads, failures, search attributes, memos. */
export async function placesOf(words: string[], claim: ClaimOnStage): Promise<string[]> {
  const runs = (await claim.histories()).map((history) => Buffer.from(History.encode(history).finish()));
  return words.flatMap((word) => runs.flatMap((bytes, run) => (bytes.includes(word) || bytes.includes(Buffer.from(word).toString('base64').slice(0, -2)) ? [`${word} in run ${run + 1}`] : [])));
}
