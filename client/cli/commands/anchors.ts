import { resolve } from 'node:path';
import type { Command } from 'commander';
import { doesInWords } from '../../../domain/people/permissions.ts';
import { commandAction, type Cli } from '../command-action.ts';
import { checkPage, anchoredPage } from '../pages/check-page.ts';
import { counted } from '../table.ts';
import { misuse, notDone } from '../stop.ts';

export const checkCommand = (records: Command): Command =>
  records
    .command('check')
    .description(
      `${doesInWords('check-records')}; what was stored since the last signed file of heads, ` +
        'and each night a share of the older journals',
    )
    .argument('[claim]', 'number of one claim (default: all claims)')
    .option('--all', 'read every journal from its first entry')
    .action(
      commandAction(async (cli, no: string | undefined, { all }: { all?: true }) => {
        const { checkOne, checkRound } = await import('../../check/rounds.ts');
        const place = await placeOf(cli);
        const round =
          no === undefined
            ? await checkRound(place, all ? 'all' : 'nightly')
            : await checkOne(place, await numberOf(cli, no));
        if (no !== undefined && round.claims === 0 && round.findings.length === 0)
          throw notDone(`Neither the records nor a signed file nor Temporal know a claim ${no}.`);
        const { heads: _, gone: _gone, anchors: _anchors, ...value } = round;
        return { value, text: checkPage(round), bad: badOf(round.findings.length) };
      }),
    );

/** The signed files of heads, outside the database. */
export function anchorCommands(lipei: Command): void {
  const anchors = lipei
    .command('anchors')
    .description('sign the ends of all journals, once a day, outside the database');

  anchors
    .command('write')
    .description(
      'check what was stored since the last signed file, and write the file of today; ' +
        'in the directory LIPEI_ANCHORS, with a token of an auditor',
    )
    .requiredOption('--key <file>', 'the private anchor key (keys anchor)')
    .option('--accept <claim>', 'a claim whose journal stays as it is, such as after a restore')
    .option('--reason <text>', 'why; the file has it')
    .action(
      commandAction(async (cli, flags: { key: string; accept?: string; reason?: string }) => {
        const { anchorRound } = await import('../../check/rounds.ts');
        const { anchorKeyIn } = await import('../../../security/anchor-keys.ts');
        const { accept, reason } = flags;
        if ((accept === undefined) !== (reason === undefined))
          throw misuse('Give --accept and --reason together.');
        const key = keyIn(() => anchorKeyIn(resolve(flags.key)));
        const place = await placeOf(cli);
        const accepted =
          accept === undefined || reason === undefined
            ? []
            : [{ claim: await numberOf(cli, accept), reason }];
        const round = await anchorRound(place, key, accepted);
        const { heads, gone, anchors: _, written, ...rest } = round;
        return {
          value: { ...rest, file: written?.file ?? null, heads: heads.length, gone: gone.length },
          text: anchoredPage(round),
          bad: badOf(round.findings.length),
        };
      }),
    );
}

const badOf = (findings: number): string | undefined =>
  findings === 0
    ? undefined
    : `${counted(findings, 'finding')}: see the runbook, "The check finds something".`;

const numberOf = async ({ api }: Cli, no: string): Promise<string> =>
  (await api.knownClaim(no))[0]?.claim ?? no;

function keyIn<T>(read: () => T): T {
  try {
    return read();
  } catch (fault) {
    throw notDone(fault instanceof Error ? fault.message : String(fault));
  }
}

async function placeOf({ api, dataDir, say, isQuiet }: Cli) {
  const { environmentWith, readEnv } = await import('../../../config/env.ts');
  const { recordsCheckSettings } = await import('../../../config/records-check.ts');
  const env = readEnv(environmentWith(dataDir ? { LIPEI_DATA: resolve(dataDir) } : {}));
  let shown = 0;
  return {
    api,
    folder: env.anchors,
    keys: env.keys.directory,
    settings: recordsCheckSettings,
    now: new Date(),
    progress: ({ claims, entries }: { claims: number; entries: number }): void => {
      if (isQuiet || claims < shown + 10_000) return;
      shown = claims;
      say(`${counted(claims, 'claim')}, ${entries} entries read`);
    },
  };
}
