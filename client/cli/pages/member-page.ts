import type { ShownStaff } from '../../own-api/schemas/staff.ts';
import { localTime, since, zoneLine } from '../input/times.ts';
import { withName } from '../staff-names.ts';
import { counted, table } from '../table.ts';
import { presence } from './staff-page.ts';

/** One person: what they may do, when they are there, who stands in, and what waits. */
export function memberPage(member: ShownStaff): string {
  const { code, name, roles, branch, branchName, email, phone, names } = member;
  const withNames = (codes: readonly string[]): string =>
    codes.map((each) => withName(each, names[each])).join(', ');
  const lines: [string, string][] = [
    ['roles', roles.join(', ')],
    ['unit', withName(branch, branchName)],
    ['now', presence(member) || 'here'],
    ['mailbox', email],
    ['direct line', phone ?? ''],
    ['languages', [member.locale, ...member.languages.filter((each) => each !== member.locale)].join(', ')],
    ['time zone', member.timeZone],
    ['limits', limits(member)],
    ['absences', member.absences.map(inWords).join('; ')],
    ['deputies', withNames(member.deputies)],
    ['work goes to', withNames(member.deputy === undefined ? [] : [member.deputy])],
    ['stands in for', withNames(member.standsInFor)],
    ['tasks', tasks(member)],
  ];
  return [
    `${code} ${name}`,
    table(
      ['', ''],
      lines.filter(([, value]) => value !== ''),
    )
      .split('\n')
      .slice(1)
      .join('\n'),
    ...caseload(member),
    '',
    zoneLine(),
  ].join('\n');
}

const limits = ({ limits: all }: ShownStaff): string =>
  Object.entries(all)
    .flatMap(([line, byCurrency]) =>
      Object.entries(byCurrency).map(([currency, amount]) => `${line} ${currency} ${amount}`),
    )
    .join(', ');

const inWords = ({ from, until, deputy }: ShownStaff['absences'][number]): string =>
  `${from} to ${until ?? 'nobody knows'}${deputy === undefined ? '' : ` (${deputy} stands in)`}`;

const tasks = ({ tasks: count, oldestSince }: ShownStaff): string =>
  oldestSince === undefined
    ? String(count)
    : `${count}, the oldest waits for ${since(oldestSince)} (${localTime(oldestSince)})`;

function caseload({ caseload: all }: ShownStaff): string[] {
  if (all.length === 0) return [];
  return [
    '',
    table(
      ['open claims', 'stage', '', ''],
      all.map(({ role, stage, open, unseen }) => [
        `as ${role}`,
        stage,
        String(open),
        unseen > 0 ? `${counted(unseen, 'claim')} unseen for too long` : '',
      ]),
    ),
  ];
}
