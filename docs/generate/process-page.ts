import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { houseRules } from '../../config/rules/load.ts';
import { claimSteps, itemSteps } from '../../domain/road/road.ts';

const begin = '<!-- made from domain/road/road.ts and the rule pack by `npm run docs` -->';
const end = '<!-- end -->';

/** `docs/process.md` with its diagram made anew from the road and the motor pack's reasons for rework. */
export function processPage(page: string): string {
  const [before = '', rest = ''] = page.split(begin);
  return `${before}${begin}\n${diagram()}\n${end}${rest.split(end)[1] ?? ''}`;
}

/** What the journal undoes is done again: these are the ways back that are no reasons of the pack. */
const waysBack = [
  ['review', 'verify', 'another amount'],
  ['review', 'score', 'another payee or document'],
  ['confirm', 'payee', 'returned by the bank'],
  ['review', 'conclude', 'refused by two people'],
] as const;

function diagram(): string {
  const { returns } = houseRules.newest({ line: 'motor', jurisdiction: 'CN', pace: 'ordinary' });
  const steps = [...claimSteps, ...itemSteps];
  const forward = steps.slice(1).map((step, index) => `  ${steps[index]} --> ${step}`);
  const reasons = Map.groupBy(
    Object.entries(returns).flatMap(([reason, to]) => to.map((step) => ({ reason, step }))),
    ({ step }) => step,
  );
  const rework = [...reasons].map(
    ([step, list]) => `  review -. "${list.map(({ reason }) => reason).join('<br>')}" .-> ${step}`,
  );
  return [
    '```mermaid',
    'flowchart LR',
    '  notice([notice of loss]) --> acknowledge',
    ...forward,
    '  conclude --> closed([closed])',
    ...waysBack.map(([from, to, why]) => `  ${from} -. "${why}" .-> ${to}`),
    ...rework,
    '```',
  ].join('\n');
}

if (process.argv[1] === import.meta.filename) {
  const file = join(import.meta.dirname, '..', 'process.md');
  writeFileSync(file, processPage(readFileSync(file, 'utf8')));
}
