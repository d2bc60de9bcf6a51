import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { historyFromJSON, historyToJSON, type History } from '@temporalio/common/lib/proto-utils.js';
import { projectRoot } from '../../config/env.ts';
import { hashOf } from '../../domain/hash.ts';
import type { ClaimOnStage } from './stage.ts';

export const historiesFolder = join(projectRoot, 'test', 'histories');

export interface RecordedHistory {
  /**
   * `a-payment-that-the-bank-returns.2-1f0c3a9b`: the test that walked it, which of its runs, the path's
   * hash.
   */
  name: string;
  workflowId: string;
  history: History;
}

/** Every path that the flow tests walk, with its workflow's id, to which its payloads are bound. */
export const recordedHistories = (): RecordedHistory[] =>
  readdirSync(historiesFolder)
    .filter((file) => file.endsWith('.json.gz'))
    .toSorted()
    .map((file) => {
      const { workflowId, history }: { workflowId: string; history: object } = JSON.parse(
        gunzipSync(readFileSync(join(historiesFolder, file))).toString(),
      );
      return { name: file.slice(0, -'.json.gz'.length), workflowId, history: historyFromJSON(history) };
    });

/** How many runs of each test were kept. */
const runs = new Map<string, number>();

/**
 * `npm run histories` records what the flow tests walk anew, each path once; an ordinary run records nothing.
 */
export async function recordHistories(claims: { test: string; claim: ClaimOnStage }[]): Promise<void> {
  if (Reflect.get(globalThis, 'recordHistories') !== true) return;
  mkdirSync(historiesFolder, { recursive: true });
  for (const { test, claim } of claims) {
    for (const history of await claim.histories()) {
      const ending = `-${hashOf(pathOf(history)).slice(0, 8)}.json.gz`;
      if (readdirSync(historiesFolder).some((file) => file.endsWith(ending))) continue;
      const run = (runs.get(test) ?? 0) + 1;
      runs.set(test, run);
      const content = { workflowId: claim.handle.workflowId, history: JSON.parse(historyToJSON(history)) };
      writeFileSync(
        join(historiesFolder, `${slugOf(test)}.${run}${ending}`),
        gzipSync(JSON.stringify(content), { level: 9 }),
      );
    }
  }
}

/**
 * What happened, in order: commands, messages and answers. Where one workflow task ends and the next begins
 * depends on how busy the machine was, so that is left out. Two histories of one path tell replay nothing
 * that one does not.
 */
const pathOf = ({ events }: History): string =>
  (events ?? [])
    .filter(
      ({
        workflowTaskScheduledEventAttributes: scheduled,
        workflowTaskStartedEventAttributes: started,
        workflowTaskCompletedEventAttributes: completed,
      }) => !scheduled && !started && !completed,
    )
    .map(
      ({
        eventType,
        activityTaskScheduledEventAttributes: activity,
        workflowExecutionSignaledEventAttributes: signal,
        workflowExecutionUpdateAcceptedEventAttributes: update,
      }) =>
        [
          eventType,
          activity?.activityType?.name,
          signal?.signalName,
          update?.acceptedRequest?.input?.name,
        ].join(),
    )
    .join(' ');

const slugOf = (test: string): string =>
  test
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
