import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dayOf } from '../client/check/anchor-files.ts';
import { anchorRound, checkRound, type Place, type Round } from '../client/check/rounds.ts';
import { apiAt } from '../client/own-api/api.ts';
import { recordsCheckSettings } from '../config/records-check.ts';
import { anchorKeyIn, makeAnchorKey } from '../security/anchor-keys.ts';
import type { Setting } from './setting.ts';
import { readTokens } from './tokens-file.ts';

/** Who checks: an auditor of the samples. */
const auditorOf = (dataDir: string): string => {
  const { people, tokens } = readTokens(dataDir);
  const auditor = people.find(({ roles }) => roles.includes('auditor'));
  return tokens[auditor?.code ?? ''] ?? '';
};

const lookAgainMs = 10 * 60_000;

/**
 * Signs the heads of the day and checks the records, at the start and then each day, in this process: neither
 * API nor worker has the anchor key. `say` gets a sentence about each finding.
 */
export function startRecordsCheck(
  { env, dataDir }: Setting,
  api: string,
  say: (sentence: string) => void,
): { stop(): Promise<void> } {
  const keyFile = join(dataDir, 'anchor-key', 'anchor.private.pem');
  if (!existsSync(keyFile)) makeAnchorKey(env.keys.directory, keyFile);
  const key = anchorKeyIn(keyFile);
  let done = '';
  const round = async (): Promise<void> => {
    const now = new Date();
    const day = dayOf(now.getTime());
    if (day === done) return;
    done = day;
    const place: Place = {
      api: apiAt(() => ({ url: api, token: auditorOf(dataDir) })),
      folder: env.anchors,
      keys: env.keys.directory,
      settings: recordsCheckSettings,
      now,
    };
    await anchorRound(place, key);
    const { findings }: Round = await checkRound(place, 'nightly');
    for (const { kind, claim = '', what } of findings) say(`Records: ${kind} ${claim} ${what}`);
  };
  let running = Promise.resolve();
  const begin = (): void => {
    running = round().catch((fault: unknown) =>
      say(`The records were not checked: ${fault instanceof Error ? fault.message : String(fault)}`),
    );
  };
  begin();
  const timer = setInterval(begin, lookAgainMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
