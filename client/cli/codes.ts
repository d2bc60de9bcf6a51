import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../../config/env.ts';

const words = z.object({ clauses: z.record(z.string(), z.string()) });

/** The clauses that the templates have words for; a line of business may use fewer. */
export function clauseCodes(): string[] {
  const file = join(projectRoot, 'templates', 'en', 'words.json');
  return Object.keys(words.parse(JSON.parse(readFileSync(file, 'utf8'))).clauses);
}
