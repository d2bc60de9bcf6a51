import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { projectRoot } from '../../config/env.ts';

export interface Import {
  /** Path of the importing file from the root, with slashes. */
  file: string;
  /** Path from the root for our own files, a package's name otherwise. */
  from: string;
  typeOnly: boolean;
}

/** Source files of the given folders, without what is generated. */
export function sourcesIn(...folders: string[]): { file: string; text: string }[] {
  return folders.flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|mjs|cjs)$/.test(name) && !name.includes('generated'))
      .map((name) => ({
        file: relative(projectRoot, join(projectRoot, folder, name))
          .split(sep)
          .join('/'),
        text: readFileSync(join(projectRoot, folder, name), 'utf8'),
      })),
  );
}

const statement =
  /^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/gm;

export const importsOf = ({ file, text }: { file: string; text: string }): Import[] =>
  [...text.matchAll(statement)].map(([, type, named, lazy]) => {
    const from = named ?? lazy ?? '';
    return {
      file,
      from: from.startsWith('.') ? posix.normalize(posix.join(dirname(file), from)) : from,
      typeOnly: type !== undefined,
    };
  });

/**
 * Files that import one another in a circle, types included: each circle as its files in order of the
 * alphabet.
 */
export function circlesIn(imports: Import[]): string[][] {
  const seen = Map.groupBy(imports, ({ file }) => file);
  const reached = (from: string): Set<string> => {
    const found = new Set<string>();
    for (const open = [from]; open.length > 0;) {
      const next = (seen.get(open.pop() ?? '') ?? []).map((each) => each.from).filter((to) => !found.has(to));
      for (const to of next) found.add(to);
      open.push(...next);
    }
    return found;
  };
  const reaches = new Map([...seen.keys()].map((file) => [file, reached(file)]));
  const circles = [...seen.keys()]
    .filter((file) => reaches.get(file)?.has(file))
    .map((file) => [...seen.keys()].filter((other) => isBetween(reaches, file, other)).toSorted());
  return [...new Map(circles.map((circle) => [circle.join(), circle])).values()];
}

const isBetween = (reaches: Map<string, Set<string>>, file: string, other: string): boolean =>
  reaches.get(file)?.has(other) === true && reaches.get(other)?.has(file) === true;
