import type { z } from 'zod';

/** A schema for each of these names, for `z.object`. */
export function shapeOf<Name extends string, Schema extends z.ZodType>(
  names: readonly Name[],
  schemaOf: (name: Name) => Schema,
): Record<Name, Schema>;
export function shapeOf(names: readonly string[], schemaOf: (name: string) => z.ZodType): object {
  return Object.fromEntries(names.map((name) => [name, schemaOf(name)]));
}

/** The schemas of these names, each optional. */
export function optionalShape<Shape extends Record<string, z.ZodType>, Name extends keyof Shape & string>(
  shape: Shape,
  names: readonly Name[],
): { [Each in Name]: z.ZodOptional<Shape[Each]> };
export function optionalShape(shape: Record<string, z.ZodType>, names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, shape[name]?.optional()]));
}

/** The schemas of these names, each optional, or `null` to remove the value. */
export function removableShape<Shape extends Record<string, z.ZodType>, Name extends keyof Shape & string>(
  shape: Shape,
  names: readonly Name[],
): { [Each in Name]: z.ZodOptional<z.ZodNullable<Shape[Each]>> };
export function removableShape(shape: Record<string, z.ZodType>, names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, shape[name]?.nullable().optional()]));
}
