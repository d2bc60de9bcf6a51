import { present } from '../../../domain/present.ts';
import type { FoundPolicy, ShownPolicy } from '../../own-api/schemas/policies.ts';
import { placeOf } from '../../../config/places.ts';
import { localTime, zoneLine } from '../input/times.ts';
import { withName, type Named } from '../staff-names.ts';
import { table } from '../table.ts';

/** What was found, those in force first; a line for each insured object. */
export function foundPage(policies: FoundPolicy[]): string {
  if (policies.length === 0) return 'No policy.';
  const inOrder = policies.toSorted((a, b) => Number(b.isInForce) - Number(a.isInForce));
  return [
    table(
      ['policy', 'line', 'in force', '', 'branch', 'policyholder', 'object'],
      inOrder.map((each) => [
        each.policy,
        each.line,
        periodOf(each, each.jurisdiction),
        each.isInForce ? '' : 'not then',
        withName(each.branch, each.branchName),
        each.holders.join('\n'),
        each.objects.map((object) => valuesOf(object).join(' ')).join('\n'),
      ]),
    ),
    '',
    policies.length === 1 ? '1 policy.' : `${policies.length} policies.`,
  ].join('\n');
}

/** A policy at a moment: who, what, for how much, under which terms; then its claims and its versions. */
export function policyPage(policy: ShownPolicy, named: Named): string {
  const { line, jurisdiction, wording, version, endorsement, isInForce } = policy;
  const parts = [
    [
      `Policy ${policy.policy}: ${line}, ${jurisdiction}, ${withName(policy.branch, policy.branchName)}`,
      `In force ${periodOf(policy, jurisdiction)}${isInForce ? '' : ', not at the moment asked for'} ` +
        `(${endorsement === policy.from ? '' : `endorsement ${endorsement}, `}version ${version})`,
      ...(wording === undefined ? [] : [`Wording: ${wording}`]),
    ],
    people(policy),
    objects(policy),
    special(policy),
    claims(policy, named),
    versions(policy),
    [zoneLine()],
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

interface Period {
  from: string;
  to: string;
}

/**
 * `2025-01-01 to 2028-12-31`, both days included, where the policy is of; with the times where they are not
 * midnight there.
 */
function periodOf({ from, to }: Period, jurisdiction: string): string {
  const { zone } = placeOf(jurisdiction);
  const [begins = '', ends = ''] = [from, to].map((at) => timeIn(zone, Date.parse(at)));
  if (!begins.endsWith(midnight) || !ends.endsWith(midnight)) return `${begins} to ${ends} (${zone})`;
  return `${begins.slice(0, 10)} to ${timeIn(zone, Date.parse(to) - 1).slice(0, 10)}`;
}

const midnight = '00:00';

/** `2025-01-01 00:00`. */
const timeIn = (timeZone: string, ms: number): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(ms);

const valuesOf = (object: FoundPolicy['objects'][number]): string[] => Object.values(present(object));

function people({ people: all }: ShownPolicy): string[] {
  if (all.length === 0) return ['The policy book has no people of this policy.'];
  return [
    table(
      ['person', 'name', 'telephone', 'mailbox', 'identity', 'address'],
      all.map(({ role, name = '', phone = '', email = '', identity, address = '' }) => [
        role,
        name,
        phone,
        email,
        identity === undefined ? '' : `…${identity}`,
        address,
      ]),
    ),
  ];
}

function objects({ objects: all, currency }: ShownPolicy): string[] {
  const hasShares = all.some(({ sharePercent }) => sharePercent !== undefined);
  return [
    table(
      [
        'object',
        'which',
        `sum insured ${currency}`,
        'excess',
        ...(hasShares ? ['our share'] : []),
        'paid',
        'causes',
      ],
      all.map(({ object, plate, vin, model, address, description, sharePercent, left, ...each }) => [
        object,
        [plate, vin, model, address, description].filter(Boolean).join('\n'),
        each.sumInsured,
        each.excess,
        ...(hasShares ? [`${sharePercent ?? 100}%`] : []),
        left === undefined ? each.paid : `${each.paid}\n${left} left`,
        each.causes?.join('\n') ?? 'all of the line',
      ]),
    ),
  ];
}

const special = ({ special: terms }: ShownPolicy): string[] =>
  terms.flatMap(({ number, words, excludes }) => [
    `Special term ${number}: ${words ?? ''}`.trimEnd(),
    ...(excludes ? [`  excludes ${excludedIn(excludes)}`] : []),
  ]);

const excludedIn = ({
  object,
  causes,
}: {
  object?: string | undefined;
  causes?: string[] | undefined;
}): string =>
  [causes?.join(', ') ?? 'everything', object === undefined ? '' : `for ${object}`].filter(Boolean).join(' ');

function claims({ claims: all, moreClaims, currency }: ShownPolicy, named: Named): string[] {
  if (all.length === 0) return ['No claims under this policy.'];
  return [
    table(
      ['claim', 'loss', 'stage', 'handler', `paid ${currency}`],
      all.map(({ claim, lossAt, stage, outcome, handler, paid }) => [
        claim,
        localTime(lossAt),
        outcome === null ? stage : `${stage}: ${outcome}`,
        named(handler),
        Object.entries(paid)
          .map(([object, amount]) => `${amount} for ${object}`)
          .join('\n'),
      ]),
    ),
    ...(moreClaims ? ['There are older claims.'] : []),
  ];
}

/** One version says nothing that is not above. */
function versions({ versions: all, jurisdiction }: ShownPolicy): string[] {
  if (all.length < 2) return [];
  return [
    table(
      ['version', 'endorsement', 'in force', 'recorded', ''],
      all.map(({ version, endorsement, recordedAt, replacedAt, ...period }) => [
        String(version),
        endorsement === period.from ? '' : endorsement,
        periodOf(period, jurisdiction),
        localTime(recordedAt),
        replacedAt === undefined ? '' : `replaced ${localTime(replacedAt)}`,
      ]),
    ),
  ];
}
