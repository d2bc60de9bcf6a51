import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './env.ts';

/** The sample company in the formats of imports, and the policies that its policy source alone has. */
export type SampleFile = 'staff' | 'policies' | 'policy-source';

/** The rows of a file of `samples`, in their order. Throws when a line is no JSON. */
export const sampleRows = (file: SampleFile): unknown[] =>
  readFileSync(sampleFile(file), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line));

export const sampleFile = (file: SampleFile): string => join(projectRoot, 'samples', `${file}.jsonl`);
