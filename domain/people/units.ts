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
