import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../../config/env.ts';

const list = z.record(z.string(), z.string());
const words = z.object({ clauses: list, waiveReasons: list });

/** The codes of a list that the templates have words for; a line of business may use fewer. */
export function codesOf(name: keyof z.infer<typeof words>): string[] {
  const file = join(projectRoot, 'templates', 'en', 'words.json');
  return Object.keys(words.parse(JSON.parse(readFileSync(file, 'utf8')))[name]);
}
