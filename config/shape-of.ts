import type { z } from 'zod';

/** A schema for each of these names, for `z.object`. */
export function shapeOf<Name extends string, Schema extends z.ZodType>(
  names: readonly Name[],
  schemaOf: (name: Name) => Schema,
): Record<Name, Schema>;
export function shapeOf(names: readonly string[], schemaOf: (name: string) => z.ZodType): object {
  return Object.fromEntries(names.map((name) => [name, schemaOf(name)]));
}

/** The same schemas for those of these names, each of which may be missing. */
export function optionalShape<Shape extends Record<string, z.ZodType>, Name extends keyof Shape & string>(
  shape: Shape,
  names: readonly Name[],
): { [Each in Name]: z.ZodOptional<Shape[Each]> };
export function optionalShape(shape: Record<string, z.ZodType>, names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, shape[name]?.optional()]));
}

/** The same, and each may be `null`, which takes it away. */
export function removableShape<Shape extends Record<string, z.ZodType>, Name extends keyof Shape & string>(
  shape: Shape,
  names: readonly Name[],
): { [Each in Name]: z.ZodOptional<z.ZodNullable<Shape[Each]>> };
export function removableShape(shape: Record<string, z.ZodType>, names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, shape[name]?.nullable().optional()]));
}
