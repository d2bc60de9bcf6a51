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
