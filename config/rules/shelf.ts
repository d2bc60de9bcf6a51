import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { fileSays } from './compose.ts';
import { compositionsSchema, type Composition } from './schema.ts';
import { RulePackUnreadable } from './unreadable-rules.ts';

/** The parts of one kind: a file `<name>@<version>.json` for each version. */
export interface Shelf<T> {
  /** The part of this name and version: `motor@1`. */
  part(version: string): T;
  /** The newest version of this name: `motor@2`. */
  newest(name: string): string;
  names(): string[];
}

export function shelfOf<T>(folder: string, kind: string, schema: z.ZodType<T>): Shelf<T> {
  const known = new Map<string, T>();
  return {
    part(version) {
      const part = `${kind}/${version}`;
      const kept = existsSync(fileOf(folder, part)) ? known.get(version) : undefined;
      const value = kept ?? readPart(folder, part, schema);
      known.set(version, value);
      return value;
    },
    newest(name) {
      const versions = versionsIn(folder, kind).filter((version) => version.name === name);
      return `${name}@${Math.max(1, ...versions.map(({ number }) => number))}`;
    },
    names: () => [...new Set(versionsIn(folder, kind).map(({ name }) => name))].toSorted(),
  };
}

/** Read each time: the file is small, and a line may be added while the stack runs. */
export const compositionsIn = (folder: string): Composition[] =>
  readPart(folder, 'compositions', compositionsSchema);

/** One file of the rules. Throws a `RulePackUnreadable` with each mistake and its path. */
export function readPart<T>(folder: string, part: string, schema: z.ZodType<T>): T {
  const result = schema.safeParse(readJson(folder, part));
  if (result.success) return result.data;
  const mistakes = result.error.issues.map((issue) =>
    fileSays(part, `${issue.path.join('.') || 'the file'} ${issue.message}`),
  );
  throw new RulePackUnreadable(part, mistakes.join('\n'));
}

function readJson(folder: string, part: string): unknown {
  try {
    return JSON.parse(readFileSync(fileOf(folder, part), 'utf8'));
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault);
    throw new RulePackUnreadable(part, fileSays(part, `it cannot be read: ${why}`), { cause: fault });
  }
}

function versionsIn(folder: string, kind: string): { name: string; number: number }[] {
  if (!existsSync(join(folder, kind))) return [];
  return readdirSync(join(folder, kind)).flatMap((file) => {
    const [, name, number] = /^(.+)@(\d+)\.json$/.exec(file) ?? [];
    return name === undefined ? [] : [{ name, number: Number(number) }];
  });
}

const fileOf = (folder: string, part: string): string => join(folder, `${part}.json`);
