import { writeFileSync } from 'node:fs';
import { cliDocs, docsFile } from './cli-reference.ts';

writeFileSync(docsFile, cliDocs());
