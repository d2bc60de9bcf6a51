import { readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { RulePack } from '../../domain/rules/pack.ts';
import { projectRoot } from '../env.ts';
import { fileSays } from './compose.ts';
import { readPart } from './shelf.ts';
import { RulePackUnreadable } from './unreadable-rules.ts';

/**
 * What customers have agreed to, clause by clause. A policy names its wording, and a refusal quotes from it.
 * It is a contract, so a new edition gets a new name, and a file in use is never edited.
 */
const wordingSchema = z.strictObject({
  wording: z.string(),
  /** BCP 47. A refusal quotes it as it is, in whatever language the rest of the message is. */
  language: z.string().min(2),
  clauses: z
    .array(
      z.strictObject({
        number: z.string().min(1),
        words: z.string().min(1),
        /** The clauses and reasons of refusals that quote it; a reason comes before its clause. */
        for: z.array(z.string()).min(1),
      }),
    )
    .min(1),
});
export type Wording = z.infer<typeof wordingSchema>;

/** What a refusal quotes: the number of the clause, and its words. */
export interface Quote {
  number: string;
  words: string;
}

export interface Wordings {
  names(): string[];
  /** Undefined where there is no wording of this name. Throws a `RulePackUnreadable` where it is wrong. */
  wording(name: string): Wording | undefined;
}

export function openWordings(folder: string): Wordings {
  const known = new Map<string, Wording>();
  const names = (): string[] =>
    existsSync(join(folder, 'wordings'))
      ? readdirSync(join(folder, 'wordings'))
          .flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? [])
          .toSorted()
      : [];
  return {
    names,
    wording(name) {
      const before = known.get(name);
      if (before || !names().includes(name)) return before;
      const read = readPart(folder, `wordings/${name}`, wordingSchema);
      if (read.wording !== name) throw mistaken(name, `wording is "${read.wording}", not "${name}"`);
      known.set(name, read);
      return read;
    },
  };
}

export const houseWordings = openWordings(join(projectRoot, 'rules'));

/**
 * Throws a `RulePackUnreadable` where a wording has a clause for what no rules refuse, or none for what they
 * refuse.
 */
export function checkWordings(wordings: Wordings, packs: readonly RulePack[]): void {
  const clauses = new Set(packs.flatMap(({ refusalReasons }) => Object.keys(refusalReasons)));
  const reasons = packs.flatMap(({ refusalReasons }) => Object.values(refusalReasons).flat());
  for (const name of wordings.names()) {
    const codes = wordings.wording(name)?.clauses.flatMap((each) => each.for) ?? [];
    const strange = codes.find((code) => !clauses.has(code) && !reasons.includes(code));
    if (strange !== undefined)
      throw mistaken(name, `for names "${strange}", which is no clause or reason of a refusal`);
    // Without a policy there is no wording.
    const missing = [...clauses].find((clause) => clause !== 'no-policy' && !codes.includes(clause));
    if (missing !== undefined) throw mistaken(name, `no clause is for "${missing}", and refusals cite it`);
  }
}

/** What a refusal quotes from the wording: the clauses for its reasons, or else those for its clause. */
export function quotesFrom(
  wording: Wording | undefined,
  { clause, reasons }: { clause: string; reasons: readonly string[] },
): Quote[] {
  const all = wording?.clauses ?? [];
  const exact = all.filter((each) => each.for.some((code) => reasons.some((reason) => isOf(reason, code))));
  const found = exact.length > 0 ? exact : all.filter((each) => each.for.includes(clause));
  return found.map(({ number, words }) => ({ number, words }));
}

/** `not-insured-against-*` stands for every code with that beginning. */
const isOf = (reason: string, code: string): boolean =>
  code.endsWith('*') ? reason.startsWith(code.slice(0, -1)) : reason === code;

const mistaken = (name: string, says: string): RulePackUnreadable =>
  new RulePackUnreadable(`wordings/${name}`, fileSays(`wordings/${name}`, says));
