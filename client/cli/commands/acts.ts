import type { Command } from 'commander';
import {
  actNames,
  acts,
  recordActNames,
  recordActs,
  type ActName,
  type RecordActName,
} from '../../../domain/claim/acts.ts';
import { doesInWords } from '../../../domain/people/permissions.ts';
import type { Extra, Sent } from '../acts/extra.ts';
import { extraOf } from '../acts/extras.ts';
import { addParams, inKebab, paramsOf, typedIn, type Param } from '../acts/params.ts';
import { commandAction, type CommandResult, type Cli } from '../command-action.ts';
import { partyId } from '../input/party-id.ts';
import { misuse } from '../stop.ts';
import { retryCommand } from './problems.ts';
import { recordedAnswer } from './recorded-answer.ts';

/** A command for each act, with the act's name. */
export function actCommands(lipei: Command): void {
  lipei.commandsGroup('Acts on a claim:');
  for (const name of actNames)
    if (name === 'retry') described(retryCommand(lipei), name);
    else actCommand(lipei, name, paramsOf(acts[name].fields), sentBy(name));
  for (const name of recordActNames) actCommand(lipei, name, paramsOf(recordActs[name].fields));
  lipei.commandsGroup('Commands:');
}

type Send = NonNullable<Extra['send']>;

const sentBy = (name: ActName): Send | undefined =>
  name === 'add-document' || name === 'record-appeal'
    ? undefined
    : async ({ api }, claim, given) => ({ value: await api.act(claim, name, given) });

const described = (command: Command, name: ActName | RecordActName): Command =>
  command.description(doesInWords(name));

function actCommand(lipei: Command, name: ActName | RecordActName, byFields: Param[], usually?: Send): void {
  const extra = extraOf(name);
  const params = extra.params?.() ?? byFields;
  const send = extra.send?.bind(extra) ?? usually;
  if (!send) throw new Error(`Nothing sends ${name}`);
  const command = described(lipei.command(name), name).argument('<claim>', 'number of the claim');
  const positions = addParams(command, params);
  command.action(
    commandAction(async (cli: Cli, claim: string, ...typed: unknown[]) => {
      const given = read(params, positions, typed);
      extra.check?.(given);
      const sent = await send(cli, claim, await withParty(cli, claim, given));
      return answerOf(name, claim, given, sent);
    }),
  );
}

/** Commander gives the arguments in order, and then the options. */
function read(params: readonly Param[], positions: string[], typed: unknown[]): Record<string, unknown> {
  const options: unknown = typed[positions.length];
  const { given, missing } = typedIn(
    params,
    Object.fromEntries(positions.map((name, index) => [name, typed[index]])),
    typeof options === 'object' && options !== null ? { ...options } : {},
  );
  if (missing !== undefined) throw misuse(`Give --${inKebab(missing)} or --not-${inKebab(missing)}.`);
  return given;
}

/** A party may be named by its role, if only one party has the role. */
async function withParty(
  { api }: Cli,
  claim: string,
  given: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { party } = given;
  return typeof party === 'string' ? { ...given, party: await partyId(api, claim, party) } : given;
}

function answerOf(
  name: ActName | RecordActName,
  claim: string,
  given: Record<string, unknown>,
  { value, words = {}, text }: Sent,
): CommandResult {
  const row = { ...acts, ...recordActs }[name];
  const stated =
    text ??
    ('recorded' in row
      ? recordedAnswer(value, filled(row.recorded, { claim, ...given, ...words })).text
      : '');
  return { value, text: stated };
}

/**
 * Fills `{item|Everything} is withdrawn` with the typed values; the text after the bar stands for a missing
 * value.
 */
const filled = (sentence: string, words: Record<string, unknown>): string =>
  sentence.replace(/\{(\w+)(?:\|([^}]*))?\}/g, (_, name: string, otherwise = '') =>
    String(words[name] ?? otherwise),
  );
