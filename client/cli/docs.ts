import { writeFileSync } from 'node:fs';
import { cliDocs, docsFile } from './reference.ts';

writeFileSync(docsFile, cliDocs());
