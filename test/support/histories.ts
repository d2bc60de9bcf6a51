import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyFromJSON, historyToJSON, type History } from '@temporalio/common/lib/proto-utils.js';
import { projectRoot } from '../../config/env.ts';
import type { ClaimOnStage } from './stage.ts';

const folder = join(projectRoot, 'test', 'histories');

export interface RecordedHistory {
  name: string;
  workflowId: string;
  history: History;
}

/** Every history of a released path: `<story>.<run>.json`, with its workflow's id, to which its payloads are bound. */
export const recordedHistories = (): RecordedHistory[] =>
  readdirSync(folder).filter((file) => file.endsWith('.json')).map((file) => {
    const { workflowId, history }: { workflowId: string; history: object } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    return { name: file.slice(0, -'.json'.length), workflowId, history: historyFromJSON(history) };
  });

/** `npm run histories` records what the flow tests walk; an ordinary run records nothing. */
export async function recordHistories(claims: { story: string | undefined; claim: ClaimOnStage }[]): Promise<void> {
  if (Reflect.get(globalThis, 'recordHistories') !== true) return;
  mkdirSync(folder, { recursive: true });
  for (const { story, claim } of claims) {
    if (!story) continue;
    for (const [index, history] of (await claim.histories()).entries()) {
      writeFileSync(join(folder, `${story}.${index + 1}.json`), `${JSON.stringify({ workflowId: claim.handle.workflowId, history: JSON.parse(historyToJSON(history)) })}\n`);
    }
  }
}
