import type { Claim } from '../claim/claim.ts';
import type { RulePack } from '../rules/pack.ts';
import type { LocalDate } from '../time/time.ts';
import { circlesOf } from './circles.ts';
import { deputyOf, isAway, type Attendance } from './deputies.ts';
import type { StaffCode } from './people.ts';
import { mayBe, type Member } from './takers.ts';
import type { Unit } from './units.ts';

/**
 * Who takes over many claims: one person, the deputy, or those with the fewest of each claim's branch; where
 * it has nobody, of the nearest unit above with somebody in its parts.
 */
export type Taking = { to: StaffCode } | 'deputy' | 'spread';

export interface HandingOver {
  from: Attendance;
  role: 'handler' | 'surveyor';
  taking: Taking;
  staff: readonly Member[];
  units: readonly Unit[];
  /** Open claims of each person in this role; what is planned is added. */
  loads: Map<StaffCode, number>;
}

/** Who takes over this claim; undefined where there is nobody. Counts it for the person. */
export function takerOf(
  claim: Claim,
  { from, role, taking, staff, units, loads }: HandingOver,
  { today, pack }: { today: LocalDate; pack: RulePack },
): StaffCode | undefined {
  if (typeof taking === 'object') return taking.to;
  if (taking === 'deputy') return deputyOf(asIfAway(from, today), staff, today)?.code;
  const able = staff.filter(
    (each) => each.code !== from.code && !isAway(each, today) && mayBe(role, each, claim, pack),
  );
  const loadOf = ({ code }: Member): number => loads.get(code) ?? 0;
  const circles = circlesOf(role, claim.branch, units);
  const near = circles.map((circle) => able.filter(({ branch }) => circle.has(branch)));
  const nearest = near.find(({ length }) => length > 0) ?? [];
  const to = nearest.toSorted((one, other) => loadOf(one) - loadOf(other))[0];
  if (to) loads.set(to.code, loadOf(to) + 1);
  return to?.code;
}

/** Work may be handed over before somebody goes: then to the deputy of their next absence. */
function asIfAway(from: Attendance, today: LocalDate): Attendance {
  if (isAway(from, today)) return from;
  const [next] = from.absences
    .filter((each) => each.from > today)
    .toSorted((a, b) => (a.from < b.from ? -1 : 1));
  const first = next?.deputy === undefined ? [] : [next.deputy];
  return { ...from, active: false, deputies: [...first, ...from.deputies] };
}
