import { houseRules } from '../../config/rules/load.ts';
import { road, roadOfClaim, type Taker } from '../../domain/road/road.ts';
import { claimSteps, itemSteps } from '../../domain/road/steps.ts';

/** What the journal undoes is done again: these are the ways back that are no reasons of the pack. */
const waysBack = [
  ['review', 'verify', 'another amount'],
  ['review', 'score', 'another payee or document'],
  ['confirm', 'payee', 'returned by the bank'],
  ['review', 'conclude', 'refused by two people'],
] as const;

/** The road in docs/process.md: its diagram, with the motor line's reasons for rework, and its table. */
export const roadPart = (): string => `${diagram()}\n\n${table()}`;

function table(): string {
  const ofClaim = claimSteps.map((step) => row(step, whoTakes(roadOfClaim[step].by), roadOfClaim[step].ends));
  const ofItems = itemSteps.map((step) => {
    const { by, command, ends } = road[step];
    const isAskedAfterRules = command !== undefined && by !== 'process';
    return row(step, `${isAskedAfterRules ? 'the rules, else ' : ''}${whoTakes(by)}`, ends);
  });
  return ['| step | who takes it | what ends it |', '|---|---|---|', ...ofClaim, ...ofItems].join('\n');
}

const row = (step: string, who: string, ends: string): string => `| ${step} | ${who} | ${ends} |`;

function whoTakes(by: Taker): string {
  if (by === 'process') return 'Lipei';
  if (by === 'papers') return 'customer, police, third party';
  return by.who === 'owner' ? 'the party that the item belongs to' : by.who;
}

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
