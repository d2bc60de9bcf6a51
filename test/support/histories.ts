import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { historyFromJSON, historyToJSON, type History } from '@temporalio/common/lib/proto-utils.js';
import { projectRoot } from '../../config/env.ts';
import type { ClaimOnStage } from './stage.ts';

const folder = join(projectRoot, 'test', 'histories');

/** What `package.json` calls this release: its histories are recorded once, and stay. */
const { version: release }: { version: string } = JSON.parse(
  readFileSync(join(projectRoot, 'package.json'), 'utf8'),
);

export interface RecordedHistory {
  /**
   * `0.2.0/a-payment-that-the-bank-returns.2`: the release, the test that walked it, and which of the claims'
   * runs it is.
   */
  name: string;
  workflowId: string;
  history: History;
}

/**
 * Every path that the flow tests of any release have walked, with its workflow's id, to which its payloads
 * are bound.
 */
export const recordedHistories = (): RecordedHistory[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json.gz'))
    .toSorted()
    .map((file) => {
      const { workflowId, history }: { workflowId: string; history: object } = JSON.parse(
        gunzipSync(readFileSync(join(folder, file))).toString(),
      );
      return { name: file.slice(0, -'.json.gz'.length), workflowId, history: historyFromJSON(history) };
    });

/** Of this test file, whose tests may have several stages. */
const [paths, runs] = [new Set<string>(), new Map<string, number>()];

/**
 * `npm run histories` records what the flow tests walk, each path of a test file once; an ordinary run
 * records nothing.
 */
export async function recordHistories(claims: { test: string; claim: ClaimOnStage }[]): Promise<void> {
  if (Reflect.get(globalThis, 'recordHistories') !== true) return;
  mkdirSync(join(folder, release), { recursive: true });
  for (const { test, claim } of claims) {
    for (const history of await claim.histories()) {
      const path = pathOf(history);
      if (paths.has(path)) continue;
      paths.add(path);
      const run = (runs.get(test) ?? 0) + 1;
      runs.set(test, run);
      keep(join(folder, release, `${slugOf(test)}.${run}.json.gz`), {
        workflowId: claim.handle.workflowId,
        history: JSON.parse(historyToJSON(history)),
      });
    }
  }
}

function keep(file: string, content: object): void {
  if (existsSync(file))
    throw new Error(
      `${file} is there already. Before 1.0 delete the recorded histories first; from 1.0 on raise the version in package.json: those of a released version are never replaced.`,
    );
  writeFileSync(file, gzipSync(JSON.stringify(content), { level: 9 }));
}

/** What happened, in order; two histories of one path tell replay nothing that one does not. */
const pathOf = ({ events }: History): string =>
  (events ?? [])
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
    .slice(0, 80);
