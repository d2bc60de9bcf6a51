import { houseRules } from '../../config/rules/load.ts';
import { claimSteps, itemSteps } from '../../domain/road/steps.ts';

/** What the journal undoes is done again: these are the ways back that are no reasons of the pack. */
const waysBack = [
  ['review', 'verify', 'another amount'],
  ['review', 'score', 'another payee or document'],
  ['confirm', 'payee', 'returned by the bank'],
  ['review', 'conclude', 'refused by two people'],
] as const;

/** The diagram of docs/process.md, from the road and the motor line's reasons for rework. */
export function roadDiagram(): string {
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
