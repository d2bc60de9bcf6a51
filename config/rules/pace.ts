import { isOffset, type Offset } from '../../domain/time/calendar.ts';
import type { DocumentRule, RulePack } from '../../domain/rules/pack.ts';
import type { Pace } from './schema.ts';

/** A value that the pace has changed: its path in the pack, and its former value. */
export interface Paced {
  path: string;
  was: string;
}

/** The pack at this pace, and the changed values. */
export function paced(pack: RulePack, pace: Pace): { pack: RulePack; changed: Paced[] } {
  const changed: Paced[] = [];
  const scale: Scale = (group, path, offset) => {
    const day = pace.scales.find(({ of }) => of.includes(group))?.aDayIs;
    if (day === undefined) return offset;
    changed.push({ path, was: offset });
    return scaled(offset, day);
  };
  const lift = <T extends object>(path: string, ordinary: T, own: T | undefined): T => {
    if (own === undefined) return ordinary;
    changed.push(
      ...Object.entries(ordinary).map(([key, was]) => ({ path: `${path}.${key}`, was: `${was}` })),
    );
    return own;
  };
  const isAtOnce = pace.collapse === null;
  if (isAtOnce) changed.push({ path: 'collapse', was: pack.collapse ?? 'none' });
  return {
    pack: {
      ...pack,
      ladders: laddersAt(pack.ladders, scale),
      documents: documentsAt(pack.documents, scale),
      clocks: clocksAt(pack.clocks, scale),
      heartbeat: scale('heartbeat', 'heartbeat', pack.heartbeat),
      contactHours: lift('contactHours', pack.contactHours, pace.contactHours),
      caps: lift('caps', pack.caps, pace.caps),
      collapse: isAtOnce ? null : pack.collapse,
    },
    changed,
  };
}

/** `group` is the name in a scale of the pace, `path` the place in the pack. */
type Scale = (group: string, path: string, offset: Offset) => Offset;

const laddersAt = (ladders: RulePack['ladders'], scale: Scale): RulePack['ladders'] =>
  Object.fromEntries(
    Object.entries(ladders).map(([name, rungs]) => {
      const path = `ladders.${name}`;
      return [
        name,
        rungs.map((rung, index) => ({ ...rung, after: scale(path, `${path}.${index}.after`, rung.after) })),
      ];
    }),
  );

const documentsAt = (documents: DocumentRule[], scale: Scale): DocumentRule[] =>
  documents.map((rule, index) => {
    if (rule.notBefore === undefined) return rule;
    const path = `documents.${index}.notBefore`;
    return { ...rule, notBefore: scale('documents.notBefore', path, rule.notBefore) };
  });

function clocksAt({ decision }: RulePack['clocks'], scale: Scale): RulePack['clocks'] {
  if (!decision) return {};
  const within = scale('clocks', 'clocks.decision.within', decision.within);
  const warnAfter = scale('clocks', 'clocks.decision.warnAfter', decision.warnAfter);
  return { decision: { ...decision, within, warnAfter } };
}

/**
 * Scales an offset so that a day, working or not, takes `aDayIs` (`PT10S`). Gives whole seconds, rounded up,
 * so that only a zero offset stays zero.
 */
export function scaled(offset: Offset, aDayIs: Offset): Offset {
  if (!isOffset(offset)) throw new RangeError(`"${offset}" is no offset`);
  return `PT${Math.ceil((secondsOf(offset) * secondsOf(aDayIs)) / secondsOf('P1D'))}S`;
}

const secondsOf = (offset: Offset): number =>
  [...offset.replace('wd', 'D').matchAll(/(\d+)([WDHMS])/g)].reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (secondsIn[unit] ?? 0),
    0,
  );

const secondsIn: Record<string, number> = { W: 604_800, D: 86_400, H: 3_600, M: 60, S: 1 };
