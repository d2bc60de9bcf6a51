import { readReadingRules } from '../../config/reading.ts';
import {
  followUpNeeds,
  needs,
  personalData,
  type Need,
  type PersonalDatum,
} from '../../domain/people/needs.ts';

/** What each task needs, and what people without a task may say they look for; for docs/security.md. */
export const needTable = (): string =>
  [
    table(
      ['task', ...data.map((datum) => personalData[datum])],
      [...Object.entries(needs), ...Object.entries(followUpNeeds)].map(([task, need]) => row(task, need)),
    ),
    table(
      ['purpose', 'it says that', 'for'],
      Object.entries(readReadingRules().purposes).map(([code, { says, roles }]) => [
        `\`${code}\``,
        says,
        roles.join(', '),
      ]),
    ),
  ].join('\n\n');

const isDatum = (name: string): name is PersonalDatum => name in personalData;
const data = Object.keys(personalData).filter(isDatum);

const row = (task: string, need: Need): string[] => [
  `\`${task}\``,
  ...data.map((datum) => need[datum] ?? ''),
];

const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
