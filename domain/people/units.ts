import type { FieldMistake } from '../shape.ts';

/** The parts of a company, the smallest first. */
export const unitKinds = ['branch', 'regional-office', 'head-office'] as const;
export type UnitKind = (typeof unitKinds)[number];

/** A part of the company. Claims belong to branches; people work in any unit. */
export interface Unit {
  code: string;
  name: string;
  kind: UnitKind;
  /** The unit above it; absent for the head office. */
  above?: string;
}

/**
 * The unit and those above it, the nearest first. A unit that is not on record stands alone; a circle ends
 * where it would begin again.
 */
export function pathUp(units: readonly Unit[], code: string): string[] {
  const path = [code];
  for (let above = aboveOf(units, code); above !== undefined && !path.includes(above);) {
    path.push(above);
    above = aboveOf(units, above);
  }
  return path;
}

const aboveOf = (units: readonly Unit[], code: string): string | undefined =>
  units.find((unit) => unit.code === code)?.above;

/** The units beneath a unit, near and far, without itself. */
export const beneath = (units: readonly Unit[], code: string): string[] =>
  units
    .filter((unit) => unit.code !== code && pathUp(units, unit.code).includes(code))
    .map((unit) => unit.code);

/** What is wrong with a unit among all units of the company; undefined when nothing is. */
export function unitMistake(unit: Unit, units: readonly Unit[]): FieldMistake | undefined {
  const { code, kind, above } = unit;
  if (kind === 'head-office') {
    const other = units.find((each) => each.kind === 'head-office' && each.code !== code);
    if (above !== undefined)
      return { field: 'above', reason: 'must be left out: nothing is above the head office' };
    return other && { field: 'kind', reason: `must not be head-office: ${other.code} is that already` };
  }
  if (above === undefined)
    return { field: 'above', reason: 'is missing: it must be the unit above it, up to the head office' };
  const upper = units.find((each) => each.code === above);
  if (!upper)
    return { field: 'above', reason: `must be a unit on record or of this import: there is no ${above}` };
  if (unitKinds.indexOf(upper.kind) < unitKinds.indexOf(kind))
    return { field: 'above', reason: `must not be ${above}: a ${kind} is above a ${upper.kind}` };
  return wayUp(units, code);
}

/** A circle, and a way that ends beneath the head office. */
function wayUp(units: readonly Unit[], code: string): FieldMistake | undefined {
  const path = pathUp(units, code);
  const last = units.find((each) => each.code === path.at(-1));
  if (last?.kind === 'head-office') return undefined;
  const again = last?.above;
  return again !== undefined && path.includes(again)
    ? {
        field: 'above',
        reason: `must lead to the head office: ${[...path, again].join(' is beneath ')}, in a circle`,
      }
    : { field: 'above', reason: `must lead to the head office: the way up ends at ${path.at(-1) ?? code}` };
}
