import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RuleVersions } from '../../domain/rules/pack.ts';
import { projectRoot } from '../env.ts';

/** The names of the files that a claim recorded: `lines/motor@1`. */
export const ruleFilesOf = ({ line, jurisdiction, ladders, channels, pace }: RuleVersions): string[] => [
  `lines/${line}`,
  `jurisdictions/${jurisdiction}`,
  ...ladders.map((name) => `ladders/${name}`),
  `channels/${channels}`,
  `pace/${pace}`,
];

/** The text of each of them, by name. Throws when one is missing. */
export const ruleTextsOf = (
  versions: RuleVersions,
  folder = join(projectRoot, 'rules'),
): Record<string, string> =>
  Object.fromEntries(
    ruleFilesOf(versions).map((name) => [name, readFileSync(join(folder, `${name}.json`), 'utf8')]),
  );
